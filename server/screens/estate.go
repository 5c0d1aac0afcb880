package screens

import (
	"context"
	"slices"

	"github.com/shopspring/decimal"

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

func (d *desk) showEstate(q *web.Request) error {
	today := d.gate.Clock.Today()
	on := today
	if asked, err := civil.ParseDate(q.Query("as_of")); err == nil {
		on = civil.Min(asked, today)
	}
	view, err := d.estateView(q, on, nil)
	if err != nil {
		return err
	}
	switch drawer := q.Query("drawer"); {
	case drawer == "rate" && q.Can("rate_save"):
		view.Drawer = drawer
		view.Rate = pages.RateForm{Use: string(estate.Residential), VAT: "6", Rounding: string(money.FenHalfUp), From: today.Month().Add(1).First().String()}
	case drawer == "checklist" && q.Can("checklist_save") && len(view.Checklist) > 0:
		view.Drawer = drawer
		view.Check = pages.ChecklistForm{Item: firstMissing(view.Checklist), Status: string(estate.Present), On: today.String()}
	}
	return d.show(q, view)
}

// firstMissing is the item that is most likely to be brought now.
func firstMissing(items []pages.ChecklistItem) string {
	at := slices.IndexFunc(items, func(i pages.ChecklistItem) bool { return i.Status == string(estate.Missing) })
	return items[max(at, 0)].Code
}

// estateView is the first tab of an estate's file as of a day. What is owed is
// always today's, so a past day has no tiles.
func (d *desk) estateView(q *web.Request, on civil.Date, problems pages.Problems) (pages.EstateView, error) {
	file, err := d.fileOf(q, on)
	if err != nil {
		return pages.EstateView{}, err
	}
	today := d.gate.Clock.Today()
	view := pages.EstateView{EstateHead: head(file), AsOf: on, IsPast: on.Before(today), Facts: estateFacts(q, file), Problems: problems,
		Contract: contractView(file, on)}
	for _, t := range file.Takeovers {
		view.Takeovers = append(view.Takeovers, pages.TakeoverRow{Company: t.CompanyName, Entry: t.EntryDate, CutOver: t.CutOverDate,
			By: t.RecordedBy, RecordedAt: clockOf(t.RecordedAt), ActID: t.ActID})
	}
	if file.Takeover != nil {
		view.Checklist = checklistItems(file.Takeover.Items)
	}
	err = d.read(q, func(ctx context.Context, r postgres.Reader, s access.Scope) error {
		rates, err := billing.Rates(ctx, r, s, q.ID, on)
		if err != nil {
			return err
		}
		view.Rates = rateRows(rates, on)
		if view.IsPast {
			return nil
		}
		collected, err := receivable.Collections(ctx, r, s, today.Month(), file.NodeID)
		if len(collected) > 0 {
			view.Tiles = estateTiles(q, today.Month(), collected)
		}
		return err
	})
	return view, err
}

func estateTiles(q *web.Request, m civil.Month, collected []receivable.Collection) []pages.Tile {
	var c receivable.Collection
	for _, one := range collected {
		c = addCollection(c, one)
	}
	fees, arrears := address("estate_fees", q.ID), ""
	if q.Can("arrears") {
		arrears = address("arrears", "estate", q.ID)
	}
	return []pages.Tile{
		pages.YuanTile(monthWord(m)+"应收", c.Billed, countText(int64(c.Households))+" 户出了账", fees),
		pages.PercentTile(monthWord(m)+"收缴率", ratio(c.Collected, c.Billed), "已收 "+money.Format(c.Collected), fees),
		pages.YuanTile("已到期的欠费", c.Overdue, countText(int64(c.OverdueDebtors))+" 户", arrears),
		pages.YuanTile("预存", c.Prepaid, countText(int64(c.Prepayers))+" 户，下期账单自动用", ""),
	}
}

func estateFacts(q *web.Request, f estate.EstateFile) []pages.Pair {
	var facts []pages.Pair
	add := func(name, value string) {
		if value != "" {
			facts = append(facts, pages.Pair{Name: name, Value: value})
		}
	}
	add("地址", f.Address)
	add("建成", builtWords(f.Facts))
	renovation := estate.RenovationNames[f.RenovationClass]
	if f.RenovationCost != nil {
		renovation += "，" + f.RenovationCost.String() + " 元/㎡"
	}
	add("改造", renovation)
	add("改造完工", f.CompletionDate.String())
	units := pages.Pair{Name: "户数", Value: pages.FormatCount(int(f.UnitCount)) + " 户"}
	if f.Units != nil {
		units.Value += "（资料写 " + pages.FormatCount(*f.Units) + "）"
		if int64(*f.Units) != f.UnitCount {
			units.Tone = pages.Warn
		}
	}
	facts = append(facts, units)
	area := pages.Pair{Name: "面积", Value: pages.FormatArea(areaOf(f.Estate)) + " ㎡"}
	if f.Area != nil {
		area.Value += "（资料写 " + pages.FormatArea(known(f.Area)) + "）"
	}
	facts = append(facts, area)
	if f.UnitsWithoutArea > 0 {
		gap := pages.Pair{Name: "缺面积", Value: countText(f.UnitsWithoutArea) + " 户", Detail: "缺面积的户出不了账", Tone: pages.Bad}
		if q.Can("estate_units") {
			gap.URL = address("estate_units", q.ID, "gap", "area")
		}
		facts = append(facts, gap)
	}
	add("资料来源", f.Source)
	return facts
}

// contractView is the contract in force on a day, else the first to come.
func contractView(f estate.EstateFile, on civil.Date) pages.ContractView {
	var k *estate.ServiceContract
	for i := range f.Contracts { // the latest first, the highest version of a day first
		if c := &f.Contracts[i]; !c.ValidFrom.After(on) {
			k = c
			break
		}
	}
	if k == nil {
		return pages.ContractView{None: true}
	}
	v := pages.ContractView{Company: k.CompanyName, FeeStart: k.FeeStart, Rule: estate.FeeStartRuleNames[k.FeeStartRule], DueDay: "当月最后一天", Paper: k.Paper}
	if k.DueDay > 0 {
		v.DueDay = "当月 " + countText(int64(k.DueDay)) + " 日"
	}
	v.Window = pages.NewWindowBar("服务合同", civil.Period{From: k.ValidFrom, To: k.ValidTo}, on, contractWords(*k))
	return v
}

// contractWords says how many months a contract runs, when it is whole months.
func contractWords(k estate.ServiceContract) string {
	months := k.ValidFrom.Month().Until(k.ValidTo.AddDays(1).Month())
	if months > 0 && civil.ServiceWindow(k.ValidFrom, months).To == k.ValidTo {
		return countText(int64(months)) + " 个月"
	}
	return ""
}

func checklistItems(lines []estate.ChecklistLine) []pages.ChecklistItem {
	items := make([]pages.ChecklistItem, len(lines))
	for i, l := range lines {
		items[i] = pages.ChecklistItem{Code: l.Item, Name: l.Name, Status: string(l.Status), Note: l.Note, Since: l.NotedOn}
	}
	return items
}

// rateRows are an estate's rates; each ends the day before the next of its use
// begins. Rates come by use, the latest first.
func rateRows(rates []billing.Rate, on civil.Date) []pages.RateRow {
	var rows []pages.RateRow
	var until civil.Date
	for i, r := range rates {
		if i == 0 || rates[i-1].Use != r.Use {
			until = civil.Date{}
		}
		if r.Replaced {
			continue
		}
		row := pages.RateRow{Item: "物业费", Use: r.UseName(), Rate: r.Rate, VAT: r.VATRate, Rounding: money.RuleNames[r.Rounding], From: r.ValidFrom,
			Until: until, Basis: r.Basis, State: pages.Tag{Tone: pages.Open, Word: "已停用"}}
		switch {
		case r.InForce:
			row.State = pages.Tag{Tone: pages.Good, Word: "现行"}
		case r.ValidFrom.After(on):
			row.State = pages.Tag{Tone: pages.Info, Word: "将生效"}
		}
		until = r.ValidFrom.AddDays(-1)
		rows = append(rows, row)
	}
	return rows
}

func (d *desk) saveRate(q *web.Request) error {
	var form pages.RateForm
	if err := q.BodyParser(&form); err != nil {
		return badForm(err)
	}
	var f web.Fields
	req := billing.RateRequest{Estate: q.ID, Use: estate.Use(form.Use), ValidFrom: f.Date("valid_from", form.From), Basis: form.Basis,
		Rate: decimalField(&f, "rate", form.Rate, "单价"), VATRate: decimalField(&f, "vat", form.VAT, "税率").Shift(-2), Rounding: money.Rule(form.Rounding)}
	err := f.Err()
	if err == nil {
		_, err = billing.SetRate(q.UserContext(), d.gate, q.Actor(), q.District, q.Key(), req)
	}
	if err == nil {
		n := pages.Notice{Tone: pages.Good, Strong: estate.UseNames[req.Use] + "物业费 " + req.Rate.String() + " 元/㎡·月，" + req.ValidFrom.String() + " 起。",
			Text: "从那天起的账期用新单价，已发布的账单不变。"}
		return d.done(q, n, "estate", q.ID)
	}
	return d.again(q, renamed(err, map[string]string{"vat_rate": "vat"}), func(p pages.Problems) (pages.View, error) {
		view, err := d.estateView(q, d.gate.Clock.Today(), p)
		view.Drawer, view.Rate = "rate", form
		return view, err
	})
}

// decimalField reads a plain decimal number that a form may not leave empty.
func decimalField(f *web.Fields, field, text, what string) decimal.Decimal {
	return f.Decimal(field, f.Need(field, text, what))
}

func (d *desk) saveChecklist(q *web.Request) error {
	var form pages.ChecklistForm
	if err := q.BodyParser(&form); err != nil {
		return badForm(err)
	}
	var f web.Fields
	req := estate.NoteTakeoverItem{District: q.District, EstateID: q.ID, NotedOn: f.Date("noted_on", form.On),
		ItemNote: estate.ItemNote{Item: form.Item, Status: estate.ItemStatus(form.Status), Note: form.Note}}
	err := f.Err()
	if err == nil {
		var t estate.Takeover
		if t, err = d.register.TakeoverAsOf(q.UserContext(), q.Actor(), q.District, q.ID, civil.Date{}); err == nil {
			req.TakeoverID = t.TakeoverID
			_, err = d.register.NoteTakeoverItem(q.UserContext(), q.Actor(), q.Key(), req)
		}
	}
	if err == nil {
		name, _ := estate.ChecklistName(req.Item)
		n := pages.Notice{Tone: pages.Good, Strong: name + "：" + estate.ItemStatusNames[req.Status] + "。", Text: "以前哪天缺、哪天补的都留着。"}
		return d.done(q, n, "estate", q.ID)
	}
	return d.again(q, err, func(p pages.Problems) (pages.View, error) {
		view, err := d.estateView(q, d.gate.Clock.Today(), p)
		view.Drawer, view.Check = "checklist", form
		return view, err
	})
}
