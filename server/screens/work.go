package screens

import (
	"context"
	"strings"

	"estateledger/access"
	"estateledger/billing"
	"estateledger/civil"
	"estateledger/estate"
	"estateledger/jobs"
	"estateledger/ledger"
	"estateledger/ledger/money"
	"estateledger/postgres"
	"estateledger/receivable"
	"estateledger/server/pages"
	"estateledger/server/web"
)

const (
	// mostWork bounds the list of what waits: a longer one is not read.
	mostWork = 10
	// aheadFrom is the day of a month from which the next month's bills are the
	// work in hand, once this month's are all out.
	aheadFrom = 20
)

// companyDay is what a company's first page is made of.
type companyDay struct {
	today     civil.Date
	estates   []estate.Estate
	collected map[int64]receivable.Collection // of this month, by node
	runs      map[civil.Month]map[int64]billing.RunSummary
	papers    []estate.MissingPaper
	books     []ledger.BookState
	work      []jobs.Progress
}

func (d *desk) companyDay(q *web.Request) (companyDay, error) {
	day := companyDay{today: d.gate.Clock.Today(), runs: map[civil.Month]map[int64]billing.RunSummary{}}
	all, err := d.registered(q)
	if err != nil {
		return day, err
	}
	for _, e := range all {
		if e.CompanyID != 0 {
			day.estates = append(day.estates, e)
		}
	}
	if day.papers, err = d.register.MissingPapers(q.UserContext(), q.Actor(), q.District); err != nil {
		return day, err
	}
	month := day.today.Month()
	err = d.read(q, func(ctx context.Context, r postgres.Reader, s access.Scope) (err error) {
		if day.collected, err = collectedAt(ctx, r, s, month, month); err != nil {
			return err
		}
		for _, m := range []civil.Month{month, month.Add(1)} {
			if day.runs[m], err = runsOf(ctx, r, s, m); err != nil {
				return err
			}
		}
		if day.books, err = ledger.BookStates(ctx, r, s); err != nil {
			return err
		}
		day.work, err = jobs.ProgressOf(ctx, r, s, recentJobs)
		return err
	})
	return day, err
}

// runsOf are a month's runs by estate: the published one, else the draft.
func runsOf(ctx context.Context, r postgres.Reader, s access.Scope, m civil.Month) (map[int64]billing.RunSummary, error) {
	runs, err := billing.Runs(ctx, r, s, billing.RunFilter{Month: m})
	byEstate := map[int64]billing.RunSummary{}
	for _, run := range runs {
		if run.State == billing.Withdrawn || byEstate[run.EstateID].State == billing.Published {
			continue
		}
		byEstate[run.EstateID] = run
	}
	return byEstate, err
}

// bills says how far the bills of a month are: the names of the estates that
// wait for a draft, and for a check; how many are out.
type bills struct {
	month     civil.Month
	none      []string
	drafts    []billing.RunSummary
	published int
}

func (day companyDay) bills(m civil.Month) bills {
	b := bills{month: m}
	for _, e := range day.estates {
		switch run := day.runs[m][e.EstateID]; run.State {
		case billing.Published:
			b.published++
		case billing.Draft:
			b.drafts = append(b.drafts, run)
		default:
			b.none = append(b.none, e.Name)
		}
	}
	return b
}

// inHand are the bills that are worked at: this month's, and from the twentieth
// on, when those are all out, the next month's.
func (day companyDay) inHand() bills {
	b := day.bills(day.today.Month())
	if len(b.none)+len(b.drafts) == 0 && day.today.Day() >= aheadFrom {
		return day.bills(b.month.Add(1))
	}
	return b
}

func (d *desk) showToday(q *web.Request, _ access.Membership) error {
	day, err := d.companyDay(q)
	if err != nil {
		return err
	}
	b := day.inHand()
	view := pages.TodayView{Today: day.today, Month: b.month, Work: d.waiting(q, day)}
	view.Steps = b.steps()
	view.NextWhat, view.NextWhy, view.NextDo = day.next(q, b)
	view.Past = day.past()
	var sum receivable.Collection
	for _, e := range day.estates {
		c := day.collected[e.NodeID]
		sum = addCollection(sum, c)
		view.Estates = append(view.Estates, pages.TodayEstate{ID: e.EstateID, Name: e.Name, SubDistrict: e.SubDistrictName, Units: int(e.UnitCount),
			State: runTag(day.runs[day.today.Month()][e.EstateID].State), Billed: c.Billed, Received: c.Collected,
			Rate: ratio(c.Collected, c.Billed), Arrears: c.Overdue})
		view.Total.Units += int(e.UnitCount)
	}
	byArrears(view.Estates, func(e pages.TodayEstate) money.Yuan { return e.Arrears })
	view.Total.Billed, view.Total.Received, view.Total.Arrears = sum.Billed, sum.Collected, sum.Overdue
	view.Total.Rate = ratio(sum.Collected, sum.Billed)
	view.Tiles = todayTiles(q, day.today.Month(), sum)
	view.Running, _ = progressRows(q, day.work)
	return d.show(q, view)
}

// runTag is the state of a month's bills in a word.
func runTag(state billing.RunState) pages.Tag {
	switch state {
	case billing.Published:
		return pages.Tag{Tone: pages.Good, Word: "已发布"}
	case billing.Draft:
		return pages.Tag{Tone: pages.Info, Word: "待核对"}
	}
	return pages.Tag{Tone: pages.Open, Word: "没出账"}
}

func todayTiles(q *web.Request, m civil.Month, sum receivable.Collection) []pages.Tile {
	link := func(route string) string {
		if q.Can(route) {
			return address(route)
		}
		return ""
	}
	return []pages.Tile{
		pages.PercentTile(monthWord(m)+"收缴率", ratio(sum.Collected, sum.Billed), "应收 "+money.Format(sum.Billed)+"，已收 "+money.Format(sum.Collected), ""),
		pages.YuanTile("已到期的欠费", sum.Overdue, countText(int64(sum.OverdueDebtors))+" 户", link("arrears")),
		pages.YuanTile("今天收款", sum.TakenToday, countText(int64(sum.PaymentsToday))+" 笔，冲回的不算", link("receipts")),
		pages.YuanTile("预存", sum.Prepaid, countText(int64(sum.Prepayers))+" 户，下期账单自动用", ""),
	}
}

// steps are the month's way: drafted, checked, published, collected, closed.
func (b bills) steps() []pages.Step {
	waiting := len(b.none) + len(b.drafts)
	at := 3
	switch {
	case len(b.drafts) > 0:
		at = 1
	case waiting > 0:
		at = 0
	}
	detail := func(n int, what string) string {
		if n == 0 {
			return ""
		}
		return countText(int64(n)) + what
	}
	return pages.Steps(at, pages.Step{Name: "试算", Detail: detail(len(b.none), " 个小区没试算")},
		pages.Step{Name: "核对", Detail: detail(len(b.drafts), " 个等核对")},
		pages.Step{Name: "发布", Detail: detail(b.published, " 个已发布")},
		pages.Step{Name: "催缴"}, pages.Step{Name: "结账"})
}

// next is the one thing to do now, why, and the button for who may.
func (day companyDay) next(q *web.Request, b bills) (what, why string, button pages.Link) {
	to := func(route, label string, parameters ...any) pages.Link {
		if !q.Can(route) {
			return pages.Link{}
		}
		return pages.Link{Label: label, URL: address(route, parameters...)}
	}
	switch {
	case len(day.estates) == 0:
		return "还没有接管的小区。", "登记接管以后，才能定单价、出账、收款。", to("estates", "看小区档案")
	case len(b.drafts) > 0:
		names := make([]string, len(b.drafts))
		for i, run := range b.drafts {
			names[i] = run.EstateName
		}
		first := b.drafts[0]
		return "等核对：" + someNames(names) + "。", "发布前业主看不到；已发布的 " + countText(int64(b.published)) + " 个小区不受影响。",
			to("run", "核对 "+first.EstateName, first.RunID)
	case len(b.none) > 0:
		return "还没试算：" + someNames(b.none) + "。", "试算只是算，不发布，谁也不会收到账单。", to("runs", "去试算", "month", b.month)
	}
	return monthWord(b.month) + "账单都已发布。", "到缴款期限还没缴的，在欠费里。", to("arrears", "看欠费")
}

// someNames lists the first names and says how many more there are.
func someNames(names []string) string {
	if len(names) <= 5 {
		return strings.Join(names, "、")
	}
	return strings.Join(names[:5], "、") + " 等 " + countText(int64(len(names))) + " 个小区"
}

// past says how far the books are closed.
func (day companyDay) past() string {
	if len(day.books) == 0 {
		return ""
	}
	last := day.today.Month().Add(-1)
	open, closed := 0, true
	for _, b := range day.books {
		closed = closed && !b.ClosedThrough.Before(last)
		if !b.FirstOpen.IsZero() && !b.FirstOpen.After(last) {
			open++
		}
	}
	switch {
	case closed:
		return last.String() + " 和以前的月份都已结账。"
	case open == 0:
		return "没有过完还没结账的月份。"
	}
	return countText(int64(open)) + " 本账在 " + last.String() + " 或更早还没有结账。"
}

// waiting are the things that wait for this user, the most pressing first.
func (d *desk) waiting(q *web.Request, day companyDay) []pages.WorkRow {
	rows := day.drafts(q)
	if q.Can("area_save") || q.Can("import") {
		rows = append(rows, d.incomplete(q, day.estates)...)
	}
	if q.Can("checklist_save") {
		rows = append(rows, day.missingPapers()...)
	}
	if q.Can("period_close") {
		rows = append(rows, day.openMonths()...)
	}
	return atMost(rows, mostWork)
}

func (day companyDay) drafts(q *web.Request) []pages.WorkRow {
	var rows []pages.WorkRow
	for _, m := range []civil.Month{day.today.Month(), day.today.Month().Add(1)} {
		for _, run := range day.bills(m).drafts {
			if q.Can("run_publish") {
				rows = append(rows, pages.WorkRow{Tone: pages.Info, What: run.EstateName + " " + m.String() + " 账单等核对。",
					Detail: countText(int64(run.Count)) + " 张，" + money.Format(run.Total) + " 元", Who: run.DraftedBy,
					Since: civil.DateOf(run.DraftedAt), Button: pages.Link{Label: "核对", URL: address("run", run.RunID)}})
			}
		}
	}
	return rows
}

// missingPapers are the papers that takeovers still lack, one row an estate.
func (day companyDay) missingPapers() []pages.WorkRow {
	company := map[int64]string{}
	for _, e := range day.estates {
		company[e.EstateID] = e.CompanyName
	}
	var rows []pages.WorkRow
	var names []string
	for i, p := range day.papers {
		if _, here := company[p.EstateID]; !here {
			continue
		}
		names = append(names, p.Name())
		if i+1 < len(day.papers) && day.papers[i+1].EstateID == p.EstateID {
			continue
		}
		rows = append(rows, pages.WorkRow{Tone: pages.Warn, What: p.EstateName + "缺 " + countText(int64(len(names))) + " 项接管资料。",
			Detail: strings.Join(atMost(names, 3), "、"), Who: company[p.EstateID], Since: p.Since,
			Button: pages.Link{Label: "补资料", URL: address("estate", p.EstateID, "drawer", "checklist")}})
		names = nil
	}
	return rows
}

// openMonths are months that are over and not closed.
func (day companyDay) openMonths() []pages.WorkRow {
	var rows []pages.WorkRow
	for _, b := range day.books {
		if b.FirstOpen.IsZero() || !b.FirstOpen.Before(day.today.Month()) {
			continue
		}
		rows = append(rows, pages.WorkRow{Tone: pages.Info, What: b.FirstOpen.String() + " 还没有结账。", Detail: b.Name,
			Since: b.FirstOpen.Last().AddDays(1), Button: pages.Link{Label: "去结账", URL: address("periods", "book", b.BookID)}})
	}
	return rows
}
