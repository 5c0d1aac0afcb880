package screens

import (
	"context"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"estateledger/access"
	"estateledger/billing"
	"estateledger/civil"
	"estateledger/fault"
	"estateledger/ledger/money"
	"estateledger/postgres"
	"estateledger/receivable"
	"estateledger/server/pages"
	"estateledger/server/web"
)

// runsPages are the pages of a month's bills from preview to publication.
func (d *desk) runsPages() map[string]web.Handler {
	return map[string]web.Handler{
		"runs":         d.runs,
		"run_preview":  d.runPreview,
		"run_draft":    d.runDraft,
		"run":          d.run,
		"run_exclude":  d.runExclude,
		"run_publish":  d.runPublish,
		"run_discard":  d.runDiscard,
		"run_withdraw": d.runWithdraw,
	}
}

// monthsBack is how many past months are offered for billing.
const monthsBack = 36

func (d *desk) runs(q *web.Request) error {
	view, err := d.runsView(q, pages.RunChoice{}, nil)
	if err != nil {
		return err
	}
	return d.show(q, view)
}

func (d *desk) runsView(q *web.Request, choice pages.RunChoice, problems pages.Problems) (pages.RunsView, error) {
	view := pages.RunsView{New: choice, Problems: problems, Filter: pages.RunsFilter{Estate: "0", Month: q.Query("month")}}
	here, all, err := d.estates(q)
	if err != nil {
		return view, err
	}
	view.Estates = estateOptions(all)
	f := billing.RunFilter{After: id(q.Query("after")), Limit: pageSize}
	f.Month, _ = civil.ParseMonth(view.Filter.Month)
	if here != nil {
		view.Filter.Estate, f.Estate = idText(here.ID), here.ID
	}
	today := d.gate.Clock.Today().Month()
	view.Places, view.Billable = view.Estates[1:], pages.MonthOptions(today.Add(-monthsBack), today.Add(12))
	view.Months = append([]pages.Option{{Value: "", Label: "全部"}}, view.Billable...)
	var runs []billing.RunSummary
	err = d.read(q, func(ctx context.Context, r postgres.Reader, s access.Scope) (err error) {
		runs, err = billing.Runs(ctx, r, s, f)
		return err
	})
	for _, run := range runs {
		view.Runs = append(view.Runs, runRow(run))
	}
	if view.New == (pages.RunChoice{}) {
		view.New = nextRun(here, all, runs, today)
	}
	view.Pager = pages.Pager{Shown: len(runs)}
	if n := len(runs); n == pageSize {
		view.Pager.Next, err = pages.URL("runs", "estate", view.Filter.Estate, "month", view.Filter.Month, "after", runs[n-1].RunID)
	}
	return view, err
}

// nextRun proposes the month after the last published one of the chosen estate,
// or of the first.
func nextRun(here *place, all []place, runs []billing.RunSummary, today civil.Month) pages.RunChoice {
	choice := pages.RunChoice{Month: today.String()}
	switch {
	case here != nil:
		choice.Estate = idText(here.ID)
	case len(all) > 0:
		choice.Estate = idText(all[0].ID)
	}
	last := civil.Month{}
	for _, run := range runs {
		if idText(run.EstateID) == choice.Estate && run.State == billing.Published && run.Month.After(last) {
			last = run.Month
		}
	}
	if !last.IsZero() && last.Before(today.Add(12)) {
		choice.Month = last.Add(1).String()
	}
	return choice
}

var runTones = map[billing.RunState]pages.Tone{billing.Draft: pages.Info, billing.Published: pages.Good, billing.Withdrawn: pages.Bad, billing.Discarded: pages.Plain}

func runRow(run billing.RunSummary) pages.RunRow {
	address, _ := pages.URL("run", run.RunID)
	row := pages.RunRow{RunID: run.RunID, EstateID: run.EstateID, Estate: run.EstateName, Month: run.Month, Count: run.Count, Skipped: max(0, run.Units-run.Count),
		Total: run.Total, Due: run.DueDate, State: pages.Tag{Tone: runTones[run.State], Word: run.StateName()}, Do: pages.Link{Label: "看账单", URL: address}}
	row.When = shortMoment(run.DraftedAt) + " " + run.DraftedBy
	switch {
	case run.State == billing.Draft:
		row.Do.Label = "核对"
	case run.WithdrawnAt != nil:
		row.When = shortMoment(*run.WithdrawnAt) + " " + run.WithdrawnBy
	case run.PublishedAt != nil:
		row.When = shortMoment(*run.PublishedAt) + " " + run.PublishedBy
	}
	return row
}

func shortMoment(t time.Time) string { return t.In(civil.Shanghai).Format("2006-01-02 15:04") }

func (d *desk) runPreview(q *web.Request) error {
	choice := pages.RunChoice{Estate: q.Query("estate"), Month: q.Query("month")}
	view, err := d.preview(q, choice)
	if err != nil {
		return d.again(q, err, func(p pages.Problems) (pages.View, error) { return d.runsView(q, choice, p) })
	}
	return d.show(q, view)
}

// preview computes the month that was chosen.
func (d *desk) preview(q *web.Request, choice pages.RunChoice) (pages.RunView, error) {
	req, err := draftRequest(choice)
	if err != nil {
		return pages.RunView{}, err
	}
	var rep billing.Report
	err = d.read(q, func(ctx context.Context, r postgres.Reader, s access.Scope) (err error) {
		rep, err = billing.Preview(ctx, r, s, req.Estate, req.Month)
		return err
	})
	view := reportView(rep)
	view.State = "preview"
	view.Steps = runSteps(0, rep.DueDate, "现在", "", "")
	return view, err
}

func draftRequest(choice pages.RunChoice) (billing.DraftRequest, error) {
	var f web.Fields
	req := billing.DraftRequest{Estate: f.ID("estate", f.Need("estate", strings.TrimPrefix(choice.Estate, "0"), "要出账的小区")),
		Month: f.Month("month", f.Need("month", choice.Month, "要出账的月份"))}
	return req, f.Err()
}

// runSteps are the five steps of a month with when each was or is to be.
func runSteps(current int, due civil.Date, previewed, checked, published string) []pages.Step {
	after := ""
	if !due.IsZero() {
		after = due.String()[5:] + " 以后"
	}
	if published == "" {
		published = "业主才看得到"
	}
	return pages.Steps(current, pages.Step{Name: "试算", Detail: previewed}, pages.Step{Name: "核对", Detail: checked},
		pages.Step{Name: "发布", Detail: published}, pages.Step{Name: "催缴", Detail: after}, pages.Step{Name: "结账"})
}

func (d *desk) runDraft(q *web.Request) error {
	var form struct {
		Estate string `form:"estate"`
		Month  string `form:"month"`
	}
	if err := q.BodyParser(&form); err != nil {
		return badForm(err)
	}
	choice := pages.RunChoice{Estate: form.Estate, Month: form.Month}
	req, err := draftRequest(choice)
	if err == nil {
		var out access.Outcome[billing.Drafted]
		out, err = billing.CreateDraft(q.UserContext(), d.gate, q.Actor(), q.District, q.Key(), req)
		if err == nil && out.Result.NothingToBill {
			n := pages.Notice{Tone: pages.Warn, Strong: req.Month.String() + " 没有要出的账单。", Text: "每一户不是已经出过，就是有原因不出，原因逐户列在试算里。"}
			return d.done(q, n, "run_preview", "estate", form.Estate, "month", form.Month)
		}
		if err == nil {
			n := pages.Notice{Tone: pages.Good, Strong: "草稿存好了。", Text: countText(int64(out.Result.Count)) + " 张、" + money.Format(out.Result.Total) + " 元，业主还看不到。"}
			return d.done(q, n, "run", out.Result.RunID)
		}
	}
	return d.again(q, err, func(p pages.Problems) (pages.View, error) { return d.runsView(q, choice, p) })
}

func (d *desk) run(q *web.Request) error {
	view, err := d.runView(q, nil)
	if err != nil {
		return err
	}
	return d.show(q, view)
}

// runView is a run as it stands: a draft as publishing would compute it now, a
// published run with who is still without a bill.
func (d *desk) runView(q *web.Request, problems pages.Problems) (pages.RunView, error) {
	var file billing.RunFile
	var rep billing.Report
	err := d.read(q, func(ctx context.Context, r postgres.Reader, s access.Scope) (err error) {
		if file, err = billing.RunByID(ctx, r, s, q.ID); err != nil {
			return err
		}
		if file.State == billing.Draft || file.State == billing.Published {
			rep, err = billing.Preview(ctx, r, s, file.EstateID, file.Month)
		}
		return err
	})
	if err != nil {
		return pages.RunView{}, err
	}
	view := reportView(rep)
	view.RunID, view.EstateID, view.Estate, view.Month = file.RunID, file.EstateID, file.EstateName, file.Month
	view.State, view.Due, view.Units, view.Problems = string(file.State), file.DueDate, file.Units, problems
	showRun(&view, file, rep)
	return view, nil
}

// showRun says what each state means for the figures.
func showRun(view *pages.RunView, file billing.RunFile, rep billing.Report) {
	drafted := shortMoment(file.DraftedAt)
	switch file.State {
	case billing.Draft:
		view.Steps = runSteps(1, file.DueDate, drafted, "现在", "")
		view.Who = "草稿：" + drafted + " " + file.DraftedBy
		if rep.Stale {
			view.Blocked = "试算以后有变动，草稿是 " + countText(int64(file.Count)) + " 张、" + money.Format(file.Total) + " 元，现在算出来不同。请重新试算再存草稿。"
		}
		return
	case billing.Published:
		showPublished(view, file, rep)
	}
	view.Billed, view.Total = file.Charges.Units, file.Total
	if file.State != billing.Published {
		view.Billed = file.Count
	}
	view.Items = []pages.RunItem{{Name: "物业费", Book: "企业账", Count: file.Count, Amount: file.Total}}
	view.ItemSum = view.Items[0]
	if file.PublishedAt != nil {
		published := shortMoment(*file.PublishedAt)
		view.Steps = runSteps(3, file.DueDate, drafted, "", published)
		view.Who = "发布：" + published + " " + file.PublishedBy
	}
	if file.WithdrawnAt != nil {
		view.Who += "；撤回：" + shortMoment(*file.WithdrawnAt) + " " + file.WithdrawnBy + "，" + file.WithdrawnBecause
		view.Steps = nil
	}
}

// showPublished says who is still without a bill, and compares with last month
// once nobody is left whom another run would bill.
func showPublished(view *pages.RunView, file billing.RunFile, rep billing.Report) {
	view.Skipped, view.SkipArea, view.SkipLast = withoutBill(rep.Skipped, rep.Month)
	excluded := pages.SkipGroup{Reason: billing.SkipReasonNames[billing.Excluded]}
	for _, x := range file.Exclusions {
		excluded.Units = append(excluded.Units, pages.SkippedUnit{ID: x.UnitID, Code: x.Code, Why: "这次不出账：" + x.Reason})
	}
	if len(excluded.Units) > 0 {
		view.Skipped = append(view.Skipped, excluded)
	}
	if rep.Count > 0 {
		view.Bridge = nil
	}
	view.Checks = nil
	view.Settled = file.Charges.Settled
	view.Before = rep.Comparison.Before.Sub(file.Total)
}

// reportView is the part of a run's page that a preview computes.
func reportView(rep billing.Report) pages.RunView {
	c := rep.Comparison
	view := pages.RunView{EstateID: rep.Estate, Estate: rep.EstateName, Month: rep.Month, Units: rep.Units, Billed: rep.Billed, Total: rep.Total, Due: rep.DueDate,
		Before: c.Before, Bridge: bridge(c)}
	if c.LastUnits > 0 {
		view.Last, view.LastTotal = c.LastMonth, c.Last
	}
	view.Skipped, view.SkipArea, view.SkipLast = skipGroups(rep.Skipped, rep.Month, rep.Estate)
	for _, u := range rep.Uses {
		view.Items = append(view.Items, pages.RunItem{Name: "物业费 " + u.Name(), Book: "企业账", Count: u.Count, Amount: u.Total})
	}
	view.ItemSum = pages.RunItem{Count: rep.Count, Amount: rep.Total}
	for _, check := range rep.Checks {
		tone := pages.Good
		if !check.OK {
			tone = pages.Bad
		}
		view.Checks = append(view.Checks, pages.Check{Tone: tone, What: check.Text, Aside: check.Figure})
	}
	return view
}

// bridge leads from last month's bills to this month's. Without a last month
// there is nothing to compare.
func bridge(c billing.Comparison) []pages.Line {
	if c.LastUnits == 0 {
		return nil
	}
	lines := []pages.Line{{What: c.LastMonth.String() + " 的账单", Detail: countText(int64(c.LastUnits)) + " 户", Amount: c.Last}}
	for _, step := range c.Steps {
		lines = append(lines, pages.Line{What: step.Name(), Detail: countText(int64(step.Units)) + " 户", Amount: step.Amount, Signed: true})
	}
	return append(lines, pages.Line{What: c.LastMonth.Add(1).String() + " 的账单", Detail: countText(int64(c.ThisUnits)) + " 户", Amount: c.This, Sum: true})
}

// mostSkipped bounds the units shown for one reason.
const mostSkipped = 100

// skipGroups are the units without a bill by reason, each with the way to mend it.
func skipGroups(groups []billing.SkipGroup, month civil.Month, estateID int64) ([]pages.SkipGroup, decimal.NullDecimal, money.Yuan) {
	var shown []pages.SkipGroup
	area, last := decimal.Zero, money.Zero
	for _, g := range groups {
		group := pages.SkipGroup{Reason: g.Name(), Area: decimal.NewNullDecimal(g.Area), Last: g.LastMonth, More: max(0, len(g.Units)-mostSkipped)}
		for _, u := range g.Units[:min(len(g.Units), mostSkipped)] {
			group.Units = append(group.Units, pages.SkippedUnit{ID: u.UnitID, Code: u.Code, Why: u.Why(month), Area: u.Area, Last: u.LastMonth, Do: mend(u, estateID)})
		}
		area, last = area.Add(g.Area), last.Add(g.LastMonth)
		shown = append(shown, group)
	}
	return shown, decimal.NewNullDecimal(area), last
}

// mend leads to where the reason can be mended.
func mend(u billing.Skip, estateID int64) pages.Link {
	link := func(label, route string, parameters ...any) pages.Link {
		address, _ := pages.URL(route, parameters...)
		return pages.Link{Label: label, URL: address}
	}
	switch u.Reason {
	case billing.AreaMissing:
		return link("补面积", "unit", u.UnitID, "drawer", "area")
	case billing.OwnerMissing:
		return link("补业主", "unit", u.UnitID, "drawer", "owner")
	case billing.RateMissing:
		return link("补单价", "estate_fees", estateID, "drawer", "rate")
	case billing.ContractMissing, billing.BeforeFeeStart:
		return link("看接管", "takeover", estateID)
	case billing.AlreadyBilled, billing.Overlap:
		return link("看账单", "unit", u.UnitID)
	}
	return pages.Link{}
}

// withoutBill leaves out, for a published run, those it has billed itself.
func withoutBill(groups []billing.SkipGroup, month civil.Month) ([]pages.SkipGroup, decimal.NullDecimal, money.Yuan) {
	var rest []billing.SkipGroup
	for _, g := range groups {
		if g.Reason != billing.AlreadyBilled {
			rest = append(rest, g)
		}
	}
	return skipGroups(rest, month, 0)
}

func (d *desk) runExclude(q *web.Request) error {
	var form pages.ExcludeForm
	if err := q.BodyParser(&form); err != nil {
		return badForm(err)
	}
	var f web.Fields
	f.Need("unit", form.Unit, "房号")
	f.Need("reason", form.Reason, "为什么这次不出账")
	err := f.Err()
	if err == nil {
		req := billing.ExcludeRequest{Run: q.ID, Reason: form.Reason}
		err = d.read(q, func(ctx context.Context, r postgres.Reader, s access.Scope) (err error) {
			req.Unit, err = receivable.UnitNamed(ctx, r, s, q.Node, roomCode(form.Unit))
			return err
		})
		if err == nil {
			var out access.Outcome[billing.Drafted]
			out, err = billing.Exclude(q.UserContext(), d.gate, q.Actor(), q.District, q.Key(), req)
			if err == nil {
				n := pages.Notice{Tone: pages.Good, Strong: form.Unit + " 这次不出账。", Text: "草稿现在是 " + countText(int64(out.Result.Count)) + " 张、" + money.Format(out.Result.Total) + " 元。"}
				return d.done(q, n, "run", q.ID)
			}
		}
	}
	return d.runAgain(q, err, func(view *pages.RunView) { view.Exclude = form })
}

// runAgain shows the run again with a refused form. A refusal that carries
// figures says its sentence first.
func (d *desk) runAgain(q *web.Request, err error, fill func(*pages.RunView)) error {
	return d.again(q, err, func(p pages.Problems) (pages.View, error) {
		if e, ok := fault.As(err); ok && e.Field == "" && len(e.Details) > 0 {
			p = pages.Problems{{Message: e.Message + " " + e.Details[0].Message + "；" + e.Details[len(e.Details)-1].Message + "。"}}
		}
		view, err := d.runView(q, p)
		fill(&view)
		return view, err
	})
}

func (d *desk) runPublish(q *web.Request) error {
	out, err := billing.Publish(q.UserContext(), d.gate, q.Actor(), q.District, q.Key(), billing.RunRequest{Run: q.ID})
	if err != nil {
		return d.runAgain(q, err, func(*pages.RunView) {})
	}
	r := out.Result
	n := pages.Notice{Tone: pages.Good, Strong: "已发布 " + countText(int64(r.Count)) + " 张账单，" + money.Format(r.Total) + " 元。", Text: "业主现在看得到。"}
	switch {
	case r.NothingToBill:
		n = pages.Notice{Tone: pages.Warn, Strong: "没有要发布的账单。", Text: "草稿里一户也没有。"}
	case r.Already:
		n.Text = "刚才已经有人发布过，没有重复出账。"
	case r.Applied > 0:
		n.Text += countText(int64(r.Applied)) + " 笔由预存当场缴了，共 " + money.Format(r.AppliedTotal) + " 元。"
	}
	return d.done(q, n, "run", q.ID)
}

func (d *desk) runDiscard(q *web.Request) error {
	_, err := billing.DiscardDraft(q.UserContext(), d.gate, q.Actor(), q.District, q.Key(), billing.RunRequest{Run: q.ID})
	if err != nil {
		return d.runAgain(q, err, func(*pages.RunView) {})
	}
	return d.done(q, pages.Notice{Tone: pages.Good, Strong: "草稿作废了。", Text: "没有出过账，随时可以重新试算。"}, "runs")
}

func (d *desk) runWithdraw(q *web.Request) error {
	var form pages.ReasonForm
	if err := q.BodyParser(&form); err != nil {
		return badForm(err)
	}
	req := billing.WithdrawRequest{Run: q.ID, Reason: form.Reason}
	out, err := billing.Withdraw(q.UserContext(), d.gate, q.Actor(), q.District, q.Key(), req)
	if err != nil {
		return d.runAgain(q, err, func(view *pages.RunView) { view.Withdraw = form })
	}
	n := pages.Notice{Tone: pages.Good, Strong: "撤回了 " + countText(int64(out.Result.Count)) + " 张账单，" + money.Format(out.Result.Total) + " 元。", Text: "这一期可以重新试算。"}
	return d.done(q, n, "run", q.ID)
}
