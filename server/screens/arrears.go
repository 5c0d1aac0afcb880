package screens

import (
	"context"
	"net/url"
	"strconv"

	"estateledger/access"
	"estateledger/civil"
	"estateledger/estate"
	"estateledger/ledger/money"
	"estateledger/postgres"
	"estateledger/receivable"
	"estateledger/server/pages"
	"estateledger/server/web"
	"estateledger/sheet"
)

// arrearsPages are the pages of who has not paid in time.
func (d *desk) arrearsPages() map[string]web.Handler {
	return map[string]web.Handler{
		"arrears":        d.arrears,
		"arrears_export": d.arrearsExport,
	}
}

// ages are the age of the oldest overdue bill as users read it, by
// OverdueLine.Age.
var ages = []pages.Tag{1: {Tone: pages.Open, Word: "3 个月以内"}, 2: {Tone: pages.Warn, Word: "3 个月到 1 年"}, 3: {Tone: pages.Warn, Word: "1 到 2 年"},
	4: {Tone: pages.Bad, Word: "2 到 3 年"}, 5: {Tone: pages.Bad, Word: "3 年以上"}}

// overdueFilter reads the filter row. What is no room number is looked up among
// names and telephones, where the user may see them.
func (d *desk) overdueFilter(q *web.Request, limit int) (receivable.OverdueFilter, *place, []place, error) {
	f := receivable.OverdueFilter{Building: q.Query("building"), Text: q.Query("q"), AfterEstate: id(q.Query("after_estate")),
		AfterKey: q.Query("after"), Limit: limit}
	if age := id(q.Query("age")); age > 0 && age < int64(len(ages)) {
		f.Age = int(age)
	}
	here, all, err := d.estates(q)
	if err != nil {
		return f, here, all, err
	}
	var estateID int64
	if here != nil {
		f.EstateNode, estateID = here.Node, here.ID
	} else {
		f.Building = "" // a building is one of an estate's
	}
	if f.Text != "" && q.Holds[access.RegisterRead] {
		found, err := d.register.FindUnits(q.UserContext(), q.Actor(), q.District, estateID, f.Text)
		if err != nil {
			return f, here, all, err
		}
		for _, u := range found {
			f.Units = append(f.Units, u.UnitID)
		}
	}
	return f, here, all, nil
}

// overdueList is a page of arrears before it becomes rows or a file.
type overdueList struct {
	filter    receivable.OverdueFilter
	lines     []receivable.OverdueLine
	groups    []receivable.OverdueGroup
	buildings []receivable.Building
	owners    map[int64][]estate.Owner
}

func (d *desk) readOverdue(q *web.Request, f receivable.OverdueFilter) (overdueList, error) {
	list := overdueList{filter: f}
	err := d.read(q, func(ctx context.Context, r postgres.Reader, s access.Scope) (err error) {
		if list.lines, err = receivable.Overdue(ctx, r, s, f); err != nil {
			return err
		}
		if list.groups, err = receivable.OverdueGroups(ctx, r, s, f); err != nil {
			return err
		}
		if f.EstateNode != 0 {
			list.buildings, err = receivable.BuildingsOf(ctx, r, s, f.EstateNode)
		}
		return err
	})
	if err != nil || !q.Holds[access.RegisterRead] {
		return list, err
	}
	units := make([]int64, len(list.lines))
	for i, line := range list.lines {
		units[i] = line.UnitID
	}
	list.owners, err = d.register.OwnersOf(q.UserContext(), q.Actor(), q.District, units, civil.Date{})
	return list, err
}

func (d *desk) arrears(q *web.Request) error {
	f, here, all, err := d.overdueFilter(q, pageSize)
	if err != nil {
		return err
	}
	list, err := d.readOverdue(q, f)
	if err != nil {
		return err
	}
	view := pages.ArrearsView{AsOf: d.gate.Clock.Today(), WithNames: q.Holds[access.RegisterRead], Estates: estateOptions(all),
		AgeRanges: ageOptions(), Filter: pages.ArrearsFilter{Estate: "0", Building: f.Building, Age: q.Query("age"), Query: f.Text}}
	if here != nil {
		view.Filter.Estate = idText(here.ID)
		view.Buildings = buildingOptions(list.buildings)
	}
	fillArrears(&view, list)
	query := url.Values{"estate": {view.Filter.Estate}, "building": {f.Building}, "age": {view.Filter.Age}, "q": {f.Text}}
	if len(list.lines) > 0 {
		view.ExportURL = "/arrears.xlsx?" + query.Encode()
	}
	if n := len(list.lines); n == pageSize {
		query.Set("after_estate", idText(list.lines[n-1].EstateID))
		query.Set("after", list.lines[n-1].SortKey)
		view.Pager.Next = "/arrears?" + query.Encode()
	}
	return d.show(q, view)
}

// estateOptions are the estates of a filter; 0 is all of them, which the scope
// switch remembers like a choice.
func estateOptions(all []place) []pages.Option {
	options := []pages.Option{{Value: "0", Label: "全部"}}
	for _, p := range all {
		options = append(options, pages.Option{Value: idText(p.ID), Label: p.Name})
	}
	return options
}

func ageOptions() []pages.Option {
	options := []pages.Option{{Value: "", Label: "全部"}}
	for age, tag := range ages {
		if age > 0 {
			options = append(options, pages.Option{Value: strconv.Itoa(age), Label: tag.Word})
		}
	}
	return options
}

func buildingOptions(buildings []receivable.Building) []pages.Option {
	options := []pages.Option{{Value: "", Label: "全部"}}
	for _, b := range buildings {
		options = append(options, pages.Option{Value: b.Name, Label: buildingName(b.Name, b.Placeholder)})
	}
	return options
}

func buildingName(name string, unknown bool) string {
	if unknown {
		return "楼栋未定"
	}
	return name + "栋"
}

// fillArrears puts the lines into groups, a subtotal under the last line of each,
// and the totals over all that match.
func fillArrears(view *pages.ArrearsView, list overdueList) {
	ofGroup := func(g receivable.OverdueGroup, estateID int64, building string) bool {
		return g.EstateID == estateID && (g.Building == building || list.filter.EstateNode == 0)
	}
	for i, line := range list.lines {
		name := line.EstateName
		if list.filter.EstateNode != 0 {
			name = buildingName(line.Building, line.NoBuilding)
		}
		if n := len(view.Groups); n == 0 || view.Groups[n-1].Name != name {
			view.Groups = append(view.Groups, pages.ArrearsGroup{Name: name})
		}
		g := &view.Groups[len(view.Groups)-1]
		row := arrearsRow(line, list.owners[line.UnitID])
		if list.filter.EstateNode != 0 {
			row.Estate = "" // the same on every row
		}
		g.Rows = append(g.Rows, row)
		last := i == len(list.lines)-1 && len(list.lines) < pageSize
		if i+1 < len(list.lines) {
			next := list.lines[i+1]
			last = next.EstateID != line.EstateID || list.filter.EstateNode != 0 && next.Building != line.Building
		}
		for _, sum := range list.groups {
			if last && ofGroup(sum, line.EstateID, line.Building) {
				g.Sum = pages.ArrearsRow{Code: name, Units: sum.Households, Months: sum.Months, Owed: sum.Open}
			}
		}
	}
	var age receivable.OverdueByAge
	for _, g := range list.groups {
		view.Sum.Units, view.Sum.Months, view.Sum.Owed = view.Sum.Units+g.Households, view.Sum.Months+g.Months, view.Sum.Owed.Add(g.Open)
		age = age.Add(g.OverdueByAge)
	}
	if len(list.groups) < 2 && len(view.Groups) == 1 {
		view.Groups[0].Sum = pages.ArrearsRow{} // the total says the same
	}
	view.Pager = pages.Pager{Total: view.Sum.Units, Shown: len(list.lines)}
	view.Ages = ageBar(age)
	view.Tiles = arrearsTiles(view.Sum, age)
}

func arrearsRow(line receivable.OverdueLine, owners []estate.Owner) pages.ArrearsRow {
	return pages.ArrearsRow{UnitID: line.UnitID, Code: line.Code, Estate: line.EstateName, Owner: estate.OwnerNames(owners), Phone: firstPhone(owners),
		Periods: spanText(line.First, line.Last), Months: line.Months, Owed: line.Open, Age: ages[line.Age], OldestDue: line.EarliestDue}
}

func ageBar(a receivable.OverdueByAge) pages.MoneyBar {
	var parts []pages.MoneySegment
	for i, amount := range []money.Yuan{a.To3, a.To12, a.To24, a.To36, a.Over36} {
		if amount.Sign() > 0 {
			parts = append(parts, pages.MoneySegment{Name: ages[i+1].Word, Amount: amount, Colour: "age" + strconv.Itoa(i+1)})
		}
	}
	return pages.NewMoneyBar("欠费账龄", parts...)
}

func arrearsTiles(sum pages.ArrearsRow, a receivable.OverdueByAge) []pages.Tile {
	owed := pages.YuanTile("逾期欠费", sum.Owed, countText(int64(sum.Months))+" 笔账单", "")
	old := pages.YuanTile("三年以上", a.Over36, "可能过诉讼时效，逐户催缴才能续", "")
	if a.Over36.Sign() > 0 {
		old.Tone = pages.Bad
	} else {
		old.About = "没有超过三年的"
	}
	return []pages.Tile{pages.CountTile("欠费户", sum.Units, "户", "过了缴款期限的", ""), owed, old}
}

func (d *desk) arrearsExport(q *web.Request) error {
	f, here, _, err := d.overdueFilter(q, mostExported)
	if err != nil {
		return err
	}
	list, err := d.readOverdue(q, f)
	if err != nil {
		return err
	}
	today, where := d.gate.Clock.Today().String(), "全部小区"
	if here != nil {
		where = here.Name
	}
	amount := func(header string) sheet.Field {
		return sheet.Field{Header: header, Kind: sheet.Decimal, Places: 2, Total: true}
	}
	table := sheet.Table{Sheet: "欠费", Lines: []string{where + " 欠费", "截至 " + today + "，过了缴款期限还没缴的"}, Fields: []sheet.Field{
		{Header: "小区", Width: 16}, {Header: "房号"}, {Header: "业主"}, {Header: "电话"}, {Header: "欠费账期", Width: 22}, {Header: "期数", Kind: sheet.Int, Total: true},
		{Header: "最早缴款期限"}, amount("欠费(元)"), amount("3 个月以内"), amount("3 个月到 1 年"), amount("1 到 2 年"), amount("2 到 3 年"), amount("3 年以上"),
	}}
	return export(q, where+" 欠费 "+today+".xlsx", table, func(add func(cells ...string) error) error {
		for _, line := range list.lines {
			row := arrearsRow(line, list.owners[line.UnitID])
			err := add(row.Estate, row.Code, row.Owner, row.Phone, row.Periods, strconv.Itoa(row.Months), row.OldestDue.String(), row.Owed.StringFixed(2),
				line.To3.StringFixed(2), line.To12.StringFixed(2), line.To24.StringFixed(2), line.To36.StringFixed(2), line.Over36.StringFixed(2))
			if err != nil {
				return err
			}
		}
		return nil
	})
}
