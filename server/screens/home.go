package screens

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"estateledger/access"
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

// home are the first page, which differs by role, and the pages of long work.
func (d *desk) home() map[string]web.Handler {
	return map[string]web.Handler{"home": d.showHome, "jobs": d.showJobs, "job": d.showJob}
}

// showHome shows the first page of the user's role: who holds several sees that
// of the first in this list, which asks most of him.
func (d *desk) showHome(q *web.Request) error {
	homes := []struct {
		role access.Role
		show func(*web.Request, access.Membership) error
	}{
		{access.CompanyManager, d.showToday}, {access.CompanyAccountant, d.showToday}, {access.CompanyCashier, d.showToday},
		{access.SubDistrictRole, d.showStreet}, {access.Committee, d.showCommittee}, {access.Auditor, d.showAuditor},
		{access.Administrator, d.showAdmin},
	}
	held := q.Session.In(q.District)
	for _, h := range homes {
		for _, m := range held {
			if m.Role == h.role {
				return h.show(q, m)
			}
		}
	}
	return d.showToday(q, access.Membership{})
}

// registered are all estates of the user's scope as they stand today, the chosen
// one alone when he has chosen.
func (d *desk) registered(q *web.Request) ([]estate.Estate, error) {
	here, _, err := d.estates(q)
	if err != nil {
		return nil, err
	}
	all, err := d.estatesLike(q, estate.EstateFilter{})
	if here == nil || err != nil {
		return all, err
	}
	return slices.DeleteFunc(all, func(e estate.Estate) bool { return e.EstateID != here.ID }), nil
}

// estatesLike are all estates of the user's scope that a filter leaves.
func (d *desk) estatesLike(q *web.Request, f estate.EstateFilter) ([]estate.Estate, error) {
	var all []estate.Estate
	for f.Limit = 200; ; {
		page, err := d.register.EstateList(q.UserContext(), q.Actor(), q.District, f)
		if err != nil {
			return nil, err
		}
		all = append(all, page...)
		if len(page) < f.Limit {
			return all, nil
		}
		last := page[len(page)-1]
		f.After = estate.Cursor{Name: last.Name, EstateID: last.EstateID}
	}
}

// collectedAt are the collections of a span of months by the estates' nodes.
func collectedAt(ctx context.Context, r postgres.Reader, s access.Scope, first, last civil.Month) (map[int64]receivable.Collection, error) {
	lines, err := receivable.CollectionsOver(ctx, r, s, first, last, 0)
	byNode := make(map[int64]receivable.Collection, len(lines))
	for _, c := range lines {
		sum := byNode[c.NodeID] // an estate that changed its company has a book of each
		byNode[c.NodeID] = addCollection(sum, c)
	}
	return byNode, err
}

func addCollection(a, b receivable.Collection) receivable.Collection {
	return receivable.Collection{
		NodeID: b.NodeID, BookID: b.BookID, Billed: a.Billed.Add(b.Billed), Collected: a.Collected.Add(b.Collected), Households: a.Households + b.Households,
		Recovered: a.Recovered.Add(b.Recovered), Open: a.Open.Add(b.Open), Debtors: a.Debtors + b.Debtors, Overdue: a.Overdue.Add(b.Overdue),
		OverdueDebtors: a.OverdueDebtors + b.OverdueDebtors, TakenToday: a.TakenToday.Add(b.TakenToday), PaymentsToday: a.PaymentsToday + b.PaymentsToday,
		Prepaid: a.Prepaid.Add(b.Prepaid), Prepayers: a.Prepayers + b.Prepayers, ClosedThrough: b.ClosedThrough,
	}
}

// ratio is a part of a whole, nothing when there is no whole.
func ratio(part, whole money.Yuan) decimal.NullDecimal {
	if !whole.IsPositive() {
		return decimal.NullDecimal{}
	}
	return decimal.NewNullDecimal(part.Decimal.DivRound(whole.Decimal, 4))
}

// known is a decimal that somebody wrote down, or none.
func known(v *decimal.Decimal) decimal.NullDecimal {
	if v == nil {
		return decimal.NullDecimal{}
	}
	return decimal.NewNullDecimal(*v)
}

// stateOf says in a word how an estate stands in the register.
func stateOf(e estate.Estate) pages.Tag {
	switch {
	case e.CompanyID == 0:
		return pages.Tag{Tone: pages.Open, Word: "待接管"}
	case len(e.Missing()) > 0:
		return pages.Tag{Tone: pages.Warn, Word: "资料不全"}
	}
	return pages.Tag{Tone: pages.Good, Word: "已接管"}
}

// byArrears puts who owes most first; equals stay by name.
func byArrears[T any](list []T, arrears func(T) money.Yuan) {
	slices.SortStableFunc(list, func(a, b T) int { return arrears(b).Cmp(arrears(a)) })
}

func (d *desk) showStreet(q *web.Request, m access.Membership) error {
	estates, err := d.registered(q)
	if err != nil {
		return err
	}
	view := pages.StreetView{Name: m.NodeName, Today: d.gate.Clock.Today(), Total: len(estates), Pager: pages.Pager{Total: len(estates), Shown: len(estates)}}
	view.Month = view.Today.Month()
	var sum receivable.Collection
	var takenArea, area decimal.Decimal
	err = d.read(q, func(ctx context.Context, r postgres.Reader, s access.Scope) error {
		collected, err := collectedAt(ctx, r, s, view.Month, view.Month)
		for _, e := range estates {
			c := collected[e.NodeID]
			sum = addCollection(sum, c)
			area, view.Sum.Units = area.Add(e.UnitArea), view.Sum.Units+int(e.UnitCount)
			if e.CompanyID != 0 {
				view.TakenOver++
				view.Units += int(e.UnitCount)
				takenArea = takenArea.Add(e.UnitArea)
			}
			view.Estates = append(view.Estates, pages.StreetEstate{ID: e.EstateID, Name: e.Name, Community: e.CommunityName, Company: e.CompanyName,
				EntryDate: e.EntryDate, Units: int(e.UnitCount), Area: areaOf(e), Rate: ratio(c.Collected, c.Billed), Arrears: c.Overdue, State: stateOf(e)})
		}
		return err
	})
	if err != nil {
		return err
	}
	view.Area, view.Sum.Area = decimal.NewNullDecimal(takenArea), decimal.NewNullDecimal(area)
	view.Sum.Rate, view.Sum.Arrears = ratio(sum.Collected, sum.Billed), sum.Overdue
	byArrears(view.Estates, func(e pages.StreetEstate) money.Yuan { return e.Arrears })
	view.Tiles = []pages.Tile{
		pages.CountTile("已接管户数", view.Units, "户", countText(int64(view.TakenOver))+" 个小区，"+pages.FormatArea(view.Area)+" ㎡", ""),
		pages.PercentTile(monthWord(view.Month)+"收缴率", view.Sum.Rate, "应收 "+money.Format(sum.Billed)+"，已收 "+money.Format(sum.Collected), ""),
		pages.YuanTile("已到期的欠费", sum.Overdue, countText(int64(sum.OverdueDebtors))+" 户，不显示姓名", ""),
	}
	return d.show(q, view)
}

// areaOf is the area of the registered units; an estate of which no unit has one
// has none.
func areaOf(e estate.Estate) decimal.NullDecimal {
	if e.UnitCount == e.UnitsWithoutArea {
		return decimal.NullDecimal{}
	}
	return decimal.NewNullDecimal(e.UnitArea)
}

func monthWord(m civil.Month) string { return countText(int64(m.MonthOfYear())) + " 月" }

func (d *desk) showCommittee(q *web.Request, _ access.Membership) error {
	here, err := d.oneEstate(q)
	if err != nil {
		return err
	}
	file, err := d.register.EstateFile(q.UserContext(), q.Actor(), q.District, here.ID, civil.Date{})
	if err != nil {
		return err
	}
	today := d.gate.Clock.Today()
	view := pages.CommitteeView{Estate: here.Name, EstateID: here.ID, Today: today, Month: today.Month(), Units: int(file.UnitCount)}
	err = d.read(q, func(ctx context.Context, r postgres.Reader, s access.Scope) error {
		collected, err := receivable.Collections(ctx, r, s, view.Month, here.Node)
		if err != nil {
			return err
		}
		var now receivable.Collection
		for _, c := range collected {
			now = addCollection(now, c)
		}
		view.Billed, view.Received, view.Rate = now.Billed, now.Collected, ratio(now.Collected, now.Billed)
		view.Owing, view.Arrears, view.Closed = now.OverdueDebtors, now.Overdue, now.ClosedThrough
		total, err := receivable.ArrearsTotalOf(ctx, r, s, here.Node)
		if err != nil {
			return err
		}
		view.Ages = ageBuckets(total.Ageing)
		from := view.Month.Add(-3)
		if january := civil.MonthOf(today.Year(), time.January); january.Before(from) {
			from = january
		}
		months, err := receivable.CollectedByMonth(ctx, r, s, here.Node, from, view.Month)
		view.Recent, view.Income = recentMonths(months, view.Month), yearLines(months, today.Year())
		return err
	})
	if err != nil {
		return err
	}
	view.Facts = committeeFacts(file)
	return d.show(q, view)
}

// ageBuckets are the parts of what is due, by how long.
func ageBuckets(a receivable.Ageing) []pages.AgeBucket {
	return []pages.AgeBucket{
		{Name: "逾期 3 个月以内", Amount: a.To3, Tone: pages.Plain}, {Name: "3 个月到 1 年", Amount: a.To12, Tone: pages.Warn},
		{Name: "1 到 3 年", Amount: a.To24.Add(a.To36), Tone: pages.Warn}, {Name: "3 年以上", Amount: a.Over36, Tone: pages.Bad},
	}
}

// recentMonths are the three months with bills before one.
func recentMonths(months []receivable.MonthCollected, before civil.Month) []pages.FeeMonth {
	var recent []pages.FeeMonth
	for _, m := range months {
		if m.Month.Before(before) && m.Billed.IsPositive() && len(recent) < 3 {
			recent = append(recent, pages.FeeMonth{Month: m.Month, Charged: m.Billed, Received: m.Collected, Rate: ratio(m.Collected, m.Billed)})
		}
	}
	return recent
}

// yearLines add up a year's months.
func yearLines(months []receivable.MonthCollected, year int) []pages.Line {
	var billed, collected, recovered money.Yuan
	for _, m := range months {
		if m.Month.Year() == year {
			billed, collected, recovered = billed.Add(m.Billed), collected.Add(m.Collected), recovered.Add(m.Recovered)
		}
	}
	if billed.IsZero() && recovered.IsZero() {
		return nil
	}
	return []pages.Line{
		{What: "物业费应收", Detail: "今年各月的账单", Amount: billed},
		{What: "其中已收", Detail: "只算今年的账单", Amount: collected},
		{What: "追回旧欠", Detail: "补缴更早的账单", Amount: recovered},
		{What: "今年的账单还没收到", Amount: billed.Sub(collected), Sum: true},
	}
}

func committeeFacts(f estate.EstateFile) []pages.Pair {
	facts := []pages.Pair{{Name: "户数", Value: countText(f.UnitCount) + " 户"}, {Name: "面积", Value: pages.FormatArea(areaOf(f.Estate)) + " ㎡"}}
	if f.CompanyID != 0 {
		facts = append(facts, pages.Pair{Name: "物业公司", Value: f.CompanyName}, pages.Pair{Name: "进驻日", Value: f.EntryDate.String()})
	}
	return facts
}

func (d *desk) showAuditor(q *web.Request, _ access.Membership) error {
	estates, err := d.registered(q)
	if err != nil {
		return err
	}
	view := pages.AuditorView{Today: d.gate.Clock.Today()}
	err = d.read(q, func(ctx context.Context, r postgres.Reader, s access.Scope) error {
		collected, err := collectedAt(ctx, r, s, civil.MonthOf(s.Today.Year(), time.January), s.Today.Month())
		if err != nil {
			return err
		}
		for _, e := range estates {
			c := collected[e.NodeID]
			row := pages.AuditorEstate{ID: e.EstateID, Name: e.Name, Units: int(e.UnitCount), Owing: c.OverdueDebtors, Billed: c.Billed,
				Received: c.Collected, Rate: ratio(c.Collected, c.Billed), Arrears: c.Overdue}
			view.Estates = append(view.Estates, row)
			view.Sum.Units, view.Sum.Owing = view.Sum.Units+row.Units, view.Sum.Owing+row.Owing
			view.Sum.Billed, view.Sum.Received = view.Sum.Billed.Add(row.Billed), view.Sum.Received.Add(row.Received)
			view.Sum.Arrears = view.Sum.Arrears.Add(row.Arrears)
		}
		view.Sum.Rate = ratio(view.Sum.Received, view.Sum.Billed)
		view.Books, err = auditedBooks(ctx, r, s)
		return err
	})
	if err != nil {
		return err
	}
	byArrears(view.Estates, func(e pages.AuditorEstate) money.Yuan { return e.Arrears })
	return d.show(q, view)
}

// auditedBooks are the books the auditor may read, with what he checks first.
func auditedBooks(ctx context.Context, r postgres.Reader, s access.Scope) ([]pages.AuditorBook, error) {
	books, err := ledger.Books(ctx, r, s)
	if err != nil {
		return nil, err
	}
	checks, err := ledger.BookChecks(ctx, r, s)
	byBook := make(map[int64]ledger.BookCheck, len(checks))
	for _, c := range checks {
		byBook[c.BookID] = c
	}
	rows := make([]pages.AuditorBook, len(books))
	for i, b := range books {
		c := byBook[b.BookID]
		rows[i] = pages.AuditorBook{ID: b.BookID, Name: b.Name, Owner: b.OwnerName, ClosedTo: b.ClosedThrough, Entries: int(c.Entries), Difference: c.Difference}
	}
	return rows, err
}

func (d *desk) showAdmin(q *web.Request, _ access.Membership) error {
	estates, err := d.registered(q)
	if err != nil {
		return err
	}
	view := pages.AdminView{Today: d.gate.Clock.Today(), Work: d.incomplete(q, estates)}
	var users []access.ManagedUser
	var work []jobs.Progress
	err = d.read(q, func(ctx context.Context, r postgres.Reader, s access.Scope) (err error) {
		if users, err = access.Users(ctx, r, s); err != nil {
			return err
		}
		work, err = jobs.ProgressOf(ctx, r, s, recentJobs)
		return err
	})
	if err != nil {
		return err
	}
	disabled, seen := 0, 0
	today := civil.DateOf(time.Now()) // sessions run by the clock on the wall, not by a demo's
	for _, u := range users {
		if u.Disabled {
			disabled++
		}
		if u.LastSeen != nil && civil.DateOf(*u.LastSeen) == today {
			seen++
		}
	}
	gaps := len(slices.DeleteFunc(slices.Clone(estates), func(e estate.Estate) bool { return len(e.Missing()) == 0 }))
	failed := len(slices.DeleteFunc(slices.Clone(work), func(p jobs.Progress) bool { return p.State != "failed" }))
	view.Tiles = []pages.Tile{
		pages.CountTile("用户", len(users), "人", "停用 "+countText(int64(disabled))+" 人", "/users"),
		pages.CountTile("今天用过", seen, "人", "按最近一次打开页面", ""),
		pages.CountTile("小区", len(estates), "个", countText(int64(gaps))+" 个资料不全", "/estates"),
		pages.CountTile("没做成的任务", failed, "个", "最近 "+countText(recentJobs)+" 个里", "/jobs"),
	}
	view.Running, view.Jobs = progressRows(q, work)
	return d.show(q, view)
}

// incomplete are the estates whose register lacks something, the longest lists
// first.
func (d *desk) incomplete(q *web.Request, estates []estate.Estate) []pages.WorkRow {
	var rows []pages.WorkRow
	lacking := slices.Clone(estates)
	slices.SortStableFunc(lacking, func(a, b estate.Estate) int { return cmp.Compare(len(b.Missing()), len(a.Missing())) })
	for _, e := range lacking {
		missing := e.Missing()
		if len(missing) == 0 {
			break
		}
		row := pages.WorkRow{Tone: pages.Warn, What: e.Name + "的档案不全。", Detail: strings.Join(missing, "、"), Who: e.CompanyName}
		row.Button.Label, row.Button.URL = "看档案", address("estate", e.EstateID)
		if e.UnitsWithoutArea > 0 && q.Can("estate_units") {
			row.Tone, row.What = pages.Bad, e.Name+" "+countText(e.UnitsWithoutArea)+" 户缺面积。"
			row.Detail = "缺面积的户出不了账"
			row.Button.Label, row.Button.URL = "补面积", address("estate_units", e.EstateID, "gap", "area")
		}
		rows = append(rows, row)
	}
	return rows
}

// address is the address of a route that exists; a name that does not is a
// mistake of the program, which the tests of the pages find.
func address(route string, parameters ...any) string {
	a, err := pages.URL(route, parameters...)
	if err != nil {
		return "/"
	}
	return a
}
