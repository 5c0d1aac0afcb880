package screens

import (
	"context"
	"net/url"
	"strconv"
	"time"

	"estateledger/access"
	"estateledger/billing"
	"estateledger/civil"
	"estateledger/estate"
	"estateledger/ledger/money"
	"estateledger/postgres"
	"estateledger/receivable"
	"estateledger/server/pages"
	"estateledger/server/web"
)

func (d *desk) showEstateUnits(q *web.Request) error {
	file, err := d.fileOf(q, civil.Date{})
	if err != nil {
		return err
	}
	grid, err := d.register.RoomGrid(q.UserContext(), q.Actor(), q.District, q.ID, civil.Date{})
	if err != nil {
		return err
	}
	view := pages.EstateUnitsView{EstateHead: head(file),
		Filter: pages.UnitsFilter{Building: q.Query("building"), Query: q.Query("q"), Gap: q.Query("gap")}}
	lines, err := d.unitPage(q, &view)
	if err != nil {
		return err
	}
	shown := gridOf(&view, grid)
	var units []int64
	for _, u := range lines {
		units = append(units, u.UnitID)
	}
	for _, st := range shown.Stairs {
		for _, u := range st.Units {
			units = append(units, u.UnitID)
		}
	}
	var owed map[int64]receivable.Owed
	err = d.read(q, func(ctx context.Context, r postgres.Reader, s access.Scope) (err error) {
		owed, err = receivable.OwedBy(ctx, r, s, units)
		return err
	})
	if err != nil {
		return err
	}
	for _, u := range lines {
		view.Units = append(view.Units, unitRow(u, owed[u.UnitID]))
	}
	view.Grid = pages.NewRoomGrid(rooms(shown, owed))
	return d.show(q, view)
}

// unitPage reads the page of units that the filter means. A text is searched in
// the whole estate, at most fifty hits.
func (d *desk) unitPage(q *web.Request, view *pages.EstateUnitsView) ([]estate.UnitLine, error) {
	if view.Filter.Query != "" {
		found, err := d.register.FindUnits(q.UserContext(), q.Actor(), q.District, q.ID, view.Filter.Query)
		view.Pager = pages.Pager{Total: len(found), Shown: len(found)}
		return found, err
	}
	f := estate.UnitFilter{Building: view.Filter.Building, Gap: estate.Gap(view.Filter.Gap), After: q.Query("after"), Limit: pageSize}
	lines, total, err := d.register.UnitsLike(q.UserContext(), q.Actor(), q.District, q.ID, f)
	view.Pager = pages.Pager{Total: total, Shown: len(lines)}
	query := url.Values{"building": {view.Filter.Building}, "gap": {view.Filter.Gap}}
	if f.After != "" {
		view.Pager.Prev = address("estate_units", q.ID) + "?" + query.Encode()
	}
	if n := len(lines); n == pageSize && n < total {
		query.Set("after", lines[n-1].SortKey)
		view.Pager.Next = address("estate_units", q.ID) + "?" + query.Encode()
	}
	return lines, err
}

// gridOf chooses the building whose rooms are drawn: that of the filter, or the
// first.
func gridOf(view *pages.EstateUnitsView, grid []estate.GridBuilding) estate.GridBuilding {
	view.Buildings = []pages.Option{{Value: "", Label: "全部"}}
	var shown estate.GridBuilding
	for i, b := range grid {
		view.Buildings = append(view.Buildings, pages.Option{Value: b.Name, Label: b.Name + "幢"})
		if i == 0 || b.Name == view.Filter.Building {
			shown = b
		}
	}
	view.Building = shown.Name
	return shown
}

func rooms(b estate.GridBuilding, owed map[int64]receivable.Owed) []pages.Room {
	var rooms []pages.Room
	for _, st := range b.Stairs {
		for _, u := range st.Units {
			o := owed[u.UnitID]
			rooms = append(rooms, pages.Room{UnitID: u.UnitID, Stair: st.Name + "单元", Floor: floorOf(u.Unit), Name: u.Room,
				State: roomState(u.Area != nil && u.OwnerKnown, o), Owed: o.Open})
		}
	}
	return rooms
}

// floorOf is the floor on which a room is drawn: the registered one, else what
// its number begins with (502 is drawn on the fifth). Only the drawing uses it.
func floorOf(u estate.Unit) int {
	if u.Floor != nil {
		return *u.Floor
	}
	number, err := strconv.Atoi(u.Room)
	if err != nil || number < 101 || number > 9999 {
		return 0
	}
	return number / 100
}

func roomState(complete bool, o receivable.Owed) pages.RoomState {
	switch {
	case o.Overdue.IsPositive():
		return pages.RoomOverdue
	case o.Open.IsPositive():
		return pages.RoomDue
	case !complete:
		return pages.RoomNone
	}
	return pages.RoomClear
}

func unitRow(u estate.UnitLine, o receivable.Owed) pages.UnitRow {
	return pages.UnitRow{ID: u.UnitID, Code: u.Code, Use: estate.UseNames[u.Use], Tenure: estate.TenureNames[u.Tenure], Area: known(u.Area),
		AreaSource: estate.AreaSourceNames[u.AreaSource], Owner: estate.OwnerNames(u.Owners), Phone: firstPhone(u.Owners), Owed: o.Open,
		State: roomState(u.Area != nil && len(u.Owners) > 0, o)}
}

func (d *desk) showEstateFees(q *web.Request) error {
	file, err := d.fileOf(q, civil.Date{})
	if err != nil {
		return err
	}
	today := d.gate.Clock.Today()
	view := pages.EstateFeesView{EstateHead: head(file), Year: today.Year()}
	if asked := int(id(q.Query("year"))); asked >= 1990 && asked <= today.Year()+1 {
		view.Year = asked
	}
	first, last := civil.MonthOf(view.Year, time.January), civil.MonthOf(view.Year, time.December)
	var months []receivable.MonthCollected
	var runs []billing.RunSummary
	var closed civil.Month
	err = d.read(q, func(ctx context.Context, r postgres.Reader, s access.Scope) error {
		total, err := receivable.ArrearsTotalOf(ctx, r, s, file.NodeID)
		if err != nil {
			return err
		}
		view.Ages = agesBar(total.Ageing)
		if months, err = receivable.CollectedByMonth(ctx, r, s, file.NodeID, first, last); err != nil {
			return err
		}
		collected, err := receivable.Collections(ctx, r, s, today.Month(), file.NodeID)
		for _, c := range collected {
			closed = maxMonth(closed, c.ClosedThrough)
		}
		if err != nil {
			return err
		}
		runs, err = billing.Runs(ctx, r, s, billing.RunFilter{Estate: q.ID})
		return err
	})
	if err != nil {
		return err
	}
	view.Months = feeMonths(months, runs, file, view.Year, closed)
	for _, m := range view.Months {
		view.Sum.Charged, view.Sum.Received = view.Sum.Charged.Add(m.Charged), view.Sum.Received.Add(m.Received)
		view.Sum.Open, view.Sum.Recovered = view.Sum.Open.Add(m.Open), view.Sum.Recovered.Add(m.Recovered)
	}
	view.Sum.Rate = ratio(view.Sum.Received, view.Sum.Charged)
	year := countText(int64(view.Year)) + " 年"
	view.Tiles = []pages.Tile{
		pages.YuanTile(year+"应收", view.Sum.Charged, "已发布的账单", ""),
		pages.PercentTile(year+"收缴率", view.Sum.Rate, "已收 "+money.Format(view.Sum.Received), ""),
		pages.YuanTile("追回旧欠", view.Sum.Recovered, "补缴更早的账单，不算进收缴率", ""),
	}
	for y := today.Year(); y >= max(file.EntryDate.Year(), today.Year()-5) && !file.EntryDate.IsZero(); y-- {
		if y != view.Year {
			view.Years = append(view.Years, pages.Link{Label: countText(int64(y)) + " 年", URL: address("estate_fees", q.ID, "year", y)})
		}
	}
	return d.show(q, view)
}

// agesBar shows what is owed by how long it is due.
func agesBar(a receivable.Ageing) pages.MoneyBar {
	var parts []pages.MoneySegment
	for _, p := range []pages.MoneySegment{
		{Name: "未到期", Amount: a.NotDue, Colour: "plain"}, {Name: "3 个月内", Amount: a.To3, Colour: "age1"}, {Name: "3–12 个月", Amount: a.To12, Colour: "age2"},
		{Name: "1–2 年", Amount: a.To24, Colour: "age3"}, {Name: "2–3 年", Amount: a.To36, Colour: "age4"}, {Name: "3 年以上", Amount: a.Over36, Colour: "age5"},
	} {
		if p.Amount.IsPositive() {
			parts = append(parts, p)
		}
	}
	return pages.NewMoneyBar("欠费账龄", parts...)
}

// feeMonths are the months of a year that have bills, a run, or recovered
// arrears, the latest first.
func feeMonths(months []receivable.MonthCollected, runs []billing.RunSummary, f estate.EstateFile, year int, closed civil.Month) []pages.FeeMonth {
	collected := map[civil.Month]receivable.MonthCollected{}
	for _, m := range months {
		collected[m.Month] = m
	}
	run := map[civil.Month]billing.RunSummary{}
	for _, r := range runs { // the latest first; a published one hides a later draft
		if known, has := run[r.Month]; r.State != billing.Withdrawn && (!has || known.State != billing.Published) {
			run[r.Month] = r
		}
	}
	var rows []pages.FeeMonth
	for i := 12; i >= 1; i-- {
		m := civil.MonthOf(year, time.Month(i))
		c, hasBills := collected[m]
		r, hasRun := run[m]
		if !hasBills && !hasRun {
			continue
		}
		row := pages.FeeMonth{Month: m, RunID: r.RunID, Billed: c.Households, Charged: c.Billed, Received: c.Collected, Open: c.Billed.Sub(c.Collected),
			Recovered: c.Recovered, Rate: ratio(c.Collected, c.Billed), State: feeState(r.State, c, !closed.IsZero() && !m.After(closed))}
		if hasBills {
			row.Skipped = max(0, int(f.UnitCount)-c.Households)
		}
		rows = append(rows, row)
	}
	return rows
}

func feeState(state billing.RunState, c receivable.MonthCollected, closed bool) pages.Tag {
	switch {
	case c.Billed.IsZero():
		return runTag(state)
	case c.Collected.Cmp(c.Billed) == 0:
		return pages.Tag{Tone: pages.Good, Word: "收齐"}
	case closed:
		return pages.Tag{Tone: pages.Plain, Word: "已结账"}
	}
	return pages.Tag{Tone: pages.Info, Word: "收缴中"}
}

func (d *desk) showEstateActs(q *web.Request) error {
	file, err := d.fileOf(q, civil.Date{})
	if err != nil {
		return err
	}
	view := pages.EstateActsView{EstateHead: head(file)}
	err = d.read(q, func(ctx context.Context, r postgres.Reader, s access.Scope) error {
		total, err := access.ActsCount(ctx, r, s, file.NodeID)
		if err != nil {
			return err
		}
		acts, err := access.Acts(ctx, r, s, access.ActsPage{Node: file.NodeID, BeforeAct: id(q.Query("before")), Limit: pageSize})
		for _, a := range acts {
			view.Acts = append(view.Acts, actRow(a))
		}
		view.Pager = pages.Pager{Total: total, Shown: len(acts)}
		if n := len(acts); n == pageSize {
			view.Pager.Next = address("estate_acts", q.ID, "before", acts[n-1].ActID)
		}
		if q.Query("before") != "" {
			view.Pager.Prev = address("estate_acts", q.ID)
		}
		return err
	})
	if err != nil {
		return err
	}
	return d.show(q, view)
}
