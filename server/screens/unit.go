package screens

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"estateledger/access"
	"estateledger/civil"
	"estateledger/estate"
	"estateledger/fault"
	"estateledger/ledger/money"
	"estateledger/postgres"
	"estateledger/receivable"
	"estateledger/server/pages"
	"estateledger/server/web"
)

// households are the pages of one household.
func (d *desk) households() map[string]web.Handler {
	return map[string]web.Handler{
		"unit":           d.showUnit,
		"unit_statement": d.showStatement,
		"area_save":      d.saveArea,
		"owner_save":     d.saveOwner,
		"occupant_save":  d.saveOccupant,
	}
}

func (d *desk) showUnit(q *web.Request) error {
	view, err := d.unitView(q, nil)
	if err != nil {
		return err
	}
	today := d.gate.Clock.Today().String()
	if drawer := q.Query("drawer"); slices.Contains([]string{"area", "owner", "occupant"}, drawer) && q.Can(drawer+"_save") {
		view.Drawer = drawer
		view.Area = pages.AreaForm{Source: string(estate.Registry), From: today}
		view.Owner = pages.OwnerForm{From: today, BillFrom: today}
		view.Occupant = pages.OccupantForm{From: today}
	}
	return d.show(q, view)
}

func (d *desk) unitView(q *web.Request, problems pages.Problems) (pages.UnitView, error) {
	file, err := d.register.UnitFile(q.UserContext(), q.Actor(), q.District, q.ID, civil.Date{})
	if err != nil {
		return pages.UnitView{}, err
	}
	view := pages.UnitView{ID: file.UnitID, EstateID: file.EstateID, Estate: file.EstateName, Name: file.Name(), Code: file.Code,
		Facts: unitFacts(file.Unit), Areas: areaRows(file.Areas, d.gate.Clock.Today()), Titles: titleRows(file.Titles, d.gate.Clock.Today()), Problems: problems}
	for _, o := range file.Occupants {
		view.Occupants = append(view.Occupants, pages.OccupantRow{Name: o.Name, Phone: o.Phone, From: o.ValidFrom, Until: o.ValidTo})
	}
	err = d.read(q, func(ctx context.Context, r postgres.Reader, s access.Scope) error {
		open, err := receivable.OpenCharges(ctx, r, s, q.ID)
		if err != nil {
			return err
		}
		for _, c := range open {
			row := openCharge(c, s.Today)
			view.Open, view.Owed = append(view.Open, row), view.Owed.Add(row.Owed)
			if row.Overdue {
				view.Overdue = view.Overdue.Add(row.Owed)
			}
		}
		if view.Prepaid, err = receivable.PrepaymentOf(ctx, r, s, q.ID); err != nil {
			return err
		}
		ever := civil.Period{From: estate.UnknownStart, To: s.Today.AddDays(400)} // a bill is posted on its first day, which may be ahead
		statement, err := receivable.StatementOf(ctx, r, s, q.ID, ever)
		view.Events = unitEvents(statement, file)
		return err
	})
	from := min(int(id(q.Query("from"))), len(view.Events))
	view.Pager.Total = len(view.Events)
	view.Pager.Prev, view.Pager.Next = around(address("unit", q.ID), map[string][]string{}, from, len(view.Events))
	view.Events = atMost(view.Events[from:], pageSize)
	view.Pager.Shown = len(view.Events)
	return view, err
}

func unitFacts(u estate.Unit) []pages.Pair {
	facts := []pages.Pair{{Name: "用途", Value: estate.UseNames[u.Use]}, {Name: "产权", Value: estate.TenureNames[u.Tenure]}}
	if u.Floor != nil {
		facts = append(facts, pages.Pair{Name: "楼层", Value: strconv.Itoa(*u.Floor) + " 层"})
	}
	if u.HasLift != nil {
		lift := "无电梯"
		if *u.HasLift {
			lift = "有电梯"
		}
		facts = append(facts, pages.Pair{Name: "电梯", Value: lift})
	}
	return facts
}

// areaRows are a unit's areas, the latest first; a corrected one of the same day
// is left out, the correction says why.
func areaRows(history []estate.AreaRecord, today civil.Date) []pages.AreaRow {
	now, has := estate.AreaOn(history, today)
	var rows []pages.AreaRow
	for i, a := range history {
		if i > 0 && history[i-1].ValidFrom == a.ValidFrom {
			continue
		}
		rows = append(rows, pages.AreaRow{From: since(a.ValidFrom), Area: known(&a.Area), Source: estate.AreaSourceNames[a.Source], Reason: a.Reason,
			Now: has && a.ValidFrom == now.ValidFrom})
	}
	return rows
}

// since is a first day; the one that nobody knows is none.
func since(d civil.Date) civil.Date {
	if d == estate.UnknownStart {
		return civil.Date{}
	}
	return d
}

func titleRows(titles []estate.Title, today civil.Date) []pages.TitleRow {
	now, has := estate.TitleOn(titles, today)
	var rows []pages.TitleRow
	for _, t := range titles {
		if t.Superseded {
			continue
		}
		rows = append(rows, pages.TitleRow{From: since(t.ValidFrom), Until: t.ValidTo, BillFrom: since(t.BillFrom), Owners: shares(t.Owners),
			Phone: phones(t.Owners), Basis: t.Basis, Now: has && t.OwnershipID == now.OwnershipID})
	}
	return rows
}

// shares names owners, with their parts when there are several.
func shares(owners []estate.Owner) string {
	if len(owners) < 2 {
		return estate.OwnerNames(owners)
	}
	words := make([]string, len(owners))
	for i, o := range owners {
		words[i] = o.Name + " " + o.Share.String()
	}
	return strings.Join(words, "、")
}

func phones(owners []estate.Owner) string {
	var list []string
	for _, o := range owners {
		if o.Phone != "" {
			list = append(list, o.Phone)
		}
	}
	return strings.Join(list, "、")
}

// openCharge is an open charge as the household's page and the counter show it.
func openCharge(c receivable.Charge, today civil.Date) pages.OpenCharge {
	return pages.OpenCharge{ID: c.ChargeID, Period: spanText(c.SegmentStart, c.SegmentEnd), Item: c.ItemName, Book: "企业账", Due: c.DueDate,
		Overdue: c.DueDate.Before(today), Owed: c.Open()}
}

// unitEvents are what happened to a household, the latest first: money and
// changes of the register on one line of time.
func unitEvents(st receivable.Statement, file estate.UnitFile) []pages.UnitEvent {
	var events []pages.UnitEvent
	for _, l := range st.Lines {
		events = append(events, moneyEvent(l))
	}
	register := func(on civil.Date, what, detail string, act int64) {
		events = append(events, pages.UnitEvent{On: since(on), Tone: pages.Plain, What: what, Detail: detail, URL: address("act", act)})
	}
	for _, a := range file.Areas {
		register(a.ValidFrom, "面积 "+a.Area.StringFixed(2)+" ㎡", joinWords(estate.AreaSourceNames[a.Source], a.Reason), a.ActID)
	}
	for _, t := range file.Titles {
		owners := shares(t.Owners)
		if owners == "" {
			owners = "未登记"
		}
		register(t.ValidFrom, "业主 "+owners, t.Basis, t.ActID)
	}
	for _, o := range file.Occupants {
		events = append(events, pages.UnitEvent{On: o.ValidFrom, Tone: pages.Plain, What: "使用人 " + o.Name})
	}
	slices.SortStableFunc(events, func(a, b pages.UnitEvent) int { return a.On.Compare(b.On) })
	slices.Reverse(events)
	return events
}

func joinWords(words ...string) string {
	return strings.Join(slices.DeleteFunc(words, func(w string) bool { return w == "" }), "，")
}

var moneyTones = map[receivable.LineKind]pages.Tone{
	receivable.LineBill: pages.Info, receivable.LinePayment: pages.Good, receivable.LineWithdrawn: pages.Bad, receivable.LineReversed: pages.Bad,
	receivable.LinePaymentReversed: pages.Bad,
}

func moneyEvent(l receivable.HouseholdLine) pages.UnitEvent {
	e := pages.UnitEvent{On: l.At, Tone: moneyTones[l.Kind], What: receivable.LineNames[l.Kind] + " " + l.Text, Amount: l.Amount, Signed: true}
	switch {
	case l.Balance.IsNegative():
		e.Detail = "之后预存 " + money.Format(l.Balance.Neg()) + " 元"
	case l.Balance.IsZero():
		e.Detail = "之后不欠"
	default:
		e.Detail = "之后欠 " + money.Format(l.Balance) + " 元"
	}
	if l.Kind == receivable.LinePayment || l.Kind == receivable.LinePaymentReversed {
		e.URL = address("payment", l.ID)
	}
	return e
}

func (d *desk) showStatement(q *web.Request) error {
	file, err := d.register.UnitFile(q.UserContext(), q.Actor(), q.District, q.ID, civil.Date{})
	if err != nil {
		return err
	}
	today := d.gate.Clock.Today()
	p := period(q, civil.Period{From: civil.MonthOf(today.Year(), time.January).First(), To: today})
	view := pages.StatementView{UnitID: q.ID, Estate: file.EstateName, Unit: file.Name(), Owner: estate.OwnerNames(file.Owners), From: p.From, To: p.To}
	takeover, err := d.register.TakeoverAsOf(q.UserContext(), q.Actor(), q.District, file.EstateID, civil.Date{})
	if err != nil && fault.Code(err) != fault.Code(estate.NotTakenOver()) {
		return err
	}
	view.Company = takeover.CompanyName
	err = d.read(q, func(ctx context.Context, r postgres.Reader, s access.Scope) error {
		st, err := receivable.StatementOf(ctx, r, s, q.ID, p)
		view.Opening, view.Closing = st.Opening, st.Closing
		if st.Closing.IsNegative() {
			view.Prepaid = st.Closing.Neg()
		}
		for _, l := range st.Lines {
			line := statementLine(l)
			view.Lines = append(view.Lines, line)
			view.Charged, view.Paid = view.Charged.Add(line.Charged), view.Paid.Add(line.Paid)
		}
		return err
	})
	if err != nil {
		return err
	}
	return d.show(q, view)
}

func statementLine(l receivable.HouseholdLine) pages.StatementLine {
	line := pages.StatementLine{On: l.At, What: receivable.LineNames[l.Kind], Owed: l.Balance}
	switch l.Kind {
	case receivable.LinePayment, receivable.LinePaymentReversed:
		line.Document, line.Paid = l.Text, l.Amount.Neg()
	default:
		line.What, line.Charged = line.What+" "+l.Text, l.Amount
	}
	return line
}

func (d *desk) saveArea(q *web.Request) error {
	var form pages.AreaForm
	if err := q.BodyParser(&form); err != nil {
		return badForm(err)
	}
	var f web.Fields
	f.Need("valid_from", form.From, "从哪天起")
	req := estate.RecordArea{District: q.District, UnitID: q.ID, ValidFrom: f.Date("valid_from", form.From),
		Area: decimalField(&f, "area", form.Area, "建筑面积"), Source: estate.AreaSource(form.Source), Reason: form.Reason}
	err := f.Err()
	if err == nil {
		_, err = d.register.RecordArea(q.UserContext(), q.Actor(), q.Key(), req)
	}
	if err == nil {
		n := pages.Notice{Tone: pages.Good, Strong: "面积改为 " + req.Area.StringFixed(2) + " ㎡，" + req.ValidFrom.String() + " 起。", Text: "已发布的账单不变。"}
		return d.done(q, n, "unit", q.ID)
	}
	return d.unitAgain(q, err, nil, func(v *pages.UnitView) { v.Drawer, v.Area = "area", form })
}

// unitAgain shows the household's page again with the form that was refused.
func (d *desk) unitAgain(q *web.Request, err error, names map[string]string, drawer func(*pages.UnitView)) error {
	return d.again(q, renamed(err, names), func(p pages.Problems) (pages.View, error) {
		view, err := d.unitView(q, p)
		drawer(&view)
		return view, err
	})
}

func (d *desk) saveOwner(q *web.Request) error {
	var form pages.OwnerForm
	if err := q.BodyParser(&form); err != nil {
		return badForm(err)
	}
	var f web.Fields
	f.Need("name", form.Name, "新业主的姓名")
	f.Need("valid_from", form.From, "产权从哪天起")
	f.Need("basis", form.Basis, "依据")
	req := estate.RecordOwnership{District: q.District, UnitID: q.ID, ValidFrom: f.Date("valid_from", form.From),
		BillFrom: f.Date("bill_from", form.BillFrom), Basis: form.Basis}
	err := f.Err()
	if err == nil {
		req.Owners, err = newOwners(form)
	}
	if err == nil {
		_, err = d.register.RecordOwnership(q.UserContext(), q.Actor(), q.Key(), req)
	}
	if err == nil {
		n := pages.Notice{Tone: pages.Good, Strong: "已过户给 " + form.Name + "。", Text: "原业主的欠费还是原业主欠的。"}
		return d.done(q, n, "unit", q.ID)
	}
	return d.unitAgain(q, err, map[string]string{"owners": "name", "numerator": "name", "person_id": "name"},
		func(v *pages.UnitView) { v.Drawer, v.Owner = "owner", form })
}

// sharePattern is a name with the person's part behind it: 顾秀英 1/2.
var sharePattern = regexp.MustCompile(`^(.+?)\s*(\d{1,6})/(\d{1,6})$`)

// newOwners reads the owners of a title as people write them: one name, or
// several with their shares. Telephone and document number belong to the first;
// a number among several owners could make the wrong two people one.
func newOwners(form pages.OwnerForm) ([]estate.OwnerShare, error) {
	var owners []estate.OwnerShare
	for _, part := range strings.FieldsFunc(form.Name, func(r rune) bool { return strings.ContainsRune("、，,;；", r) }) {
		name, share := strings.TrimSpace(part), estate.Share{}
		if m := sharePattern.FindStringSubmatch(name); m != nil {
			name = m[1]
			share.Numerator, _ = strconv.Atoi(m[2]) // six digits at most
			share.Denominator, _ = strconv.Atoi(m[3])
		}
		owners = append(owners, estate.OwnerShare{Person: &estate.NewPerson{Name: name}, Share: share})
	}
	if len(owners) == 0 {
		return nil, fault.Invalid("server.owner_missing", "请填新业主的姓名。").At("name")
	}
	if len(owners) > 1 && form.Document != "" {
		return nil, fault.Invalid("server.document_whose", "有几个业主时不知道证件号是谁的，请先不填。").At("document")
	}
	owners[0].Person.Phone, owners[0].Person.Document = form.Phone, form.Document
	return owners, nil
}

func (d *desk) saveOccupant(q *web.Request) error {
	var form pages.OccupantForm
	if err := q.BodyParser(&form); err != nil {
		return badForm(err)
	}
	var f web.Fields
	f.Need("name", form.Name, "姓名")
	f.Need("valid_from", form.From, "从哪天起")
	req := estate.RecordOccupant{District: q.District, UnitID: q.ID, Person: &estate.NewPerson{Name: form.Name, Phone: form.Phone},
		ValidFrom: f.Date("valid_from", form.From), ValidTo: f.Date("valid_to", form.Until)}
	err := f.Err()
	if err == nil {
		_, err = d.register.RecordOccupant(q.UserContext(), q.Actor(), q.Key(), req)
	}
	if err == nil {
		return d.done(q, pages.Notice{Tone: pages.Good, Strong: "已登记使用人 " + form.Name + "。"}, "unit", q.ID)
	}
	return d.unitAgain(q, err, map[string]string{"person_id": "name"}, func(v *pages.UnitView) { v.Drawer, v.Occupant = "occupant", form })
}
