package screens

import (
	"context"
	"net/url"
	"strings"

	"github.com/shopspring/decimal"

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

// atCounter are the pages where money is taken.
func (d *desk) atCounter() map[string]web.Handler {
	return map[string]web.Handler{
		"counter":         d.counter,
		"counter_preview": d.counterPreview,
		"counter_pay":     d.counterPay,
	}
}

// counter finds the household that comes to pay, and shows what it owes. A single
// hit is opened at once.
func (d *desk) counter(q *web.Request) error {
	form := pages.PayForm{Unit: id(q.Query("unit")), Amount: q.Query("amount"), Mode: q.Query("mode"), Channel: q.Query("channel"),
		Counter: q.Query("counter")}
	for _, charge := range q.Context().QueryArgs().PeekMulti("charge") {
		form.Charges = append(form.Charges, id(string(charge)))
	}
	view := pages.CounterView{Query: strings.TrimSpace(q.Query("q"))}
	if form.Unit == 0 && view.Query != "" {
		var err error
		if view.Hits, err = d.payers(q, view.Query); err != nil {
			return err
		}
		view.More = len(view.Hits) >= mostPayers
		if len(view.Hits) == 1 {
			form.Unit = view.Hits[0].UnitID
		}
	}
	if form.Unit == 0 {
		return d.show(q, view)
	}
	found, err := d.atDesk(q, form, nil)
	if err != nil {
		return err
	}
	found.Query = view.Query
	return d.show(q, found)
}

// mostPayers is how many households a search of the register answers at most.
const mostPayers = 50

// payers are the households that match and whose money the user may take, in the
// chosen estate if it has any.
func (d *desk) payers(q *web.Request, text string) ([]pages.HouseholdHit, error) {
	here, _, err := d.estates(q)
	if err != nil {
		return nil, err
	}
	if here != nil {
		hits, err := d.payersIn(q, here.ID, text)
		if err != nil || len(hits) > 0 {
			return hits, err
		}
	}
	return d.payersIn(q, 0, text)
}

func (d *desk) payersIn(q *web.Request, estateID int64, text string) ([]pages.HouseholdHit, error) {
	found, err := d.register.FindUnits(q.UserContext(), q.Actor(), q.District, estateID, text)
	if err != nil {
		return nil, err
	}
	units := make([]int64, len(found))
	for i, u := range found {
		units[i] = u.UnitID
	}
	var owed map[int64]money.Yuan
	err = d.read(q, func(ctx context.Context, r postgres.Reader, s access.Scope) (err error) {
		owed, err = receivable.PayersAmong(ctx, r, s, units)
		return err
	})
	var hits []pages.HouseholdHit
	for _, u := range found {
		if open, may := owed[u.UnitID]; may {
			hits = append(hits, pages.HouseholdHit{UnitID: u.UnitID, Estate: u.EstateName, Unit: u.Name(), Code: u.Code,
				Owner: estate.OwnerNames(u.Owners), Phone: firstPhone(u.Owners), Owed: open})
		}
	}
	return hits, err
}

// firstPhone is the first owner's telephone with its middle hidden: enough to ask
// "is this yours", too little to copy.
func firstPhone(owners []estate.Owner) string {
	for _, o := range owners {
		if o.Phone != "" {
			return estate.MaskPhone(o.Phone)
		}
	}
	return ""
}

// counterPreview shows what the sum would settle. Nothing is written.
func (d *desk) counterPreview(q *web.Request) error {
	var form pages.PayForm
	if err := q.BodyParser(&form); err != nil {
		return badForm(err)
	}
	var f web.Fields
	f.Yuan("amount", form.Amount)
	if err := f.Err(); err != nil {
		return d.again(q, err, func(p pages.Problems) (pages.View, error) { return d.atDesk(q, form, p) })
	}
	view, err := d.atDesk(q, form, nil)
	if err != nil {
		return err
	}
	return d.show(q, view)
}

// counterPay takes the money, as long as it settles what the cashier was shown.
func (d *desk) counterPay(q *web.Request) error {
	var form pages.PayForm
	if err := q.BodyParser(&form); err != nil {
		return badForm(err)
	}
	var f web.Fields
	req := receivable.PayRequest{UnitID: form.Unit, CounterID: f.ID("counter", f.Need("counter", form.Counter, "在哪个柜台收")),
		Channel: receivable.Channel(form.Channel), Amount: f.Yuan("amount", f.Need("amount", form.Amount, "金额")),
		First: firstOf(form), Shown: form.Shown, Note: strings.TrimSpace(form.Note)}
	if form.Shown == "" {
		req.Shown = "nothing shown" // what nobody has seen is not taken
	}
	err := f.Err()
	if err == nil {
		var out access.Outcome[receivable.Paid]
		out, err = d.cashier.Pay(q.UserContext(), q.Actor(), q.District, q.Key(), req)
		if err == nil {
			return d.done(q, paidNotice(out.Result), "payment", out.Result.PaymentID, url.Values{"paid": {"1"}})
		}
	}
	return d.again(q, atFormField(err), func(p pages.Problems) (pages.View, error) { return d.atDesk(q, form, p) })
}

func paidNotice(p receivable.Paid) pages.Notice {
	n := pages.Notice{Tone: pages.Good, Strong: "收了 " + money.Format(p.Amount) + " 元。", Text: "收据 " + p.ReceiptNo + " 已开。"}
	if p.Prepaid.Sign() > 0 {
		n.Text += "其中 " + money.Format(p.Prepaid) + " 元转预存，下期账单自动用。"
	}
	return n
}

// atFormField puts refusals of the payment at the fields of this form, which has
// no box for the charges: they are the table beside it.
func atFormField(err error) error {
	e, ok := fault.As(err)
	switch {
	case ok && e.Field == "counter_id":
		return e.At("counter")
	case ok && (e.Field == "first" || e.Field == "business_date"):
		return e.At("")
	}
	return err
}

// firstOf are the charges the payer has named; oldest first names none.
func firstOf(form pages.PayForm) []receivable.ChargeID {
	if form.Mode != "chosen" {
		return nil
	}
	var first []receivable.ChargeID
	for _, charge := range form.Charges {
		first = append(first, receivable.ChargeID(charge))
	}
	return first
}

// atDesk is the household at the counter with what the form's sum settles.
func (d *desk) atDesk(q *web.Request, form pages.PayForm, problems pages.Problems) (pages.CounterView, error) {
	view := pages.CounterView{Form: form, Problems: problems, Live: q.Get("HX-Request") != ""}
	if view.Form.Mode != "chosen" {
		view.Form.Mode = "oldest"
	}
	if pages.ChannelWord(form.Channel) == "未知" {
		view.Form.Channel = string(receivable.ByCash)
	}
	file, err := d.register.UnitFile(q.UserContext(), q.Actor(), q.District, form.Unit, civil.Date{})
	if err != nil {
		return view, err
	}
	view.Unit = counterUnit(file)
	at, err := d.placeOf(q, file.EstateID)
	if err != nil {
		return view, err
	}
	err = d.read(q, func(ctx context.Context, r postgres.Reader, s access.Scope) error {
		return d.settle(ctx, r, s, at.Node, &view)
	})
	if len(view.Counters) == 0 && err == nil && len(problems) == 0 {
		view.Problems = pages.Problems{{Message: view.Unit.Estate + "还没有能收款的柜台。小区接管后会自动开一个；请会计先办接管，或另开柜台。"}}
	}
	for i := range view.Previews {
		view.Previews[i].Cashier = q.Session.Name
	}
	return view, err
}

func counterUnit(file estate.UnitFile) *pages.CounterUnit {
	unit := &pages.CounterUnit{ID: file.UnitID, Estate: file.EstateName, Name: file.Name(), Code: file.Code,
		Owner: estate.OwnerNames(file.Owners), Phone: firstPhone(file.Owners)}
	if file.Area != nil {
		unit.Area = decimal.NewNullDecimal(*file.Area)
	}
	return unit
}

// placeOf is an estate the user may see.
func (d *desk) placeOf(q *web.Request, estateID int64) (place, error) {
	all, err := d.places(q)
	for _, p := range all {
		if p.ID == estateID {
			return p, err
		}
	}
	if err == nil {
		err = web.NotFound()
	}
	return place{}, err
}

// settle fills the view with what is owed and what the sum settles of it.
func (d *desk) settle(ctx context.Context, r postgres.Reader, s access.Scope, node int64, view *pages.CounterView) error {
	unit := view.Unit.ID
	payers, err := receivable.PayersAmong(ctx, r, s, []int64{unit})
	if err != nil {
		return err
	}
	if _, may := payers[unit]; !may {
		return web.NotFound()
	}
	counters, err := receivable.CountersAt(ctx, r, s, node)
	if err != nil || len(counters) == 0 {
		return err
	}
	at := counters[0]
	for _, c := range counters {
		view.Counters = append(view.Counters, pages.Option{Value: idText(c.CounterID), Label: c.Name})
		if idText(c.CounterID) == view.Form.Counter {
			at = c
		}
	}
	view.Form.Counter = idText(at.CounterID)
	settled, err := receivable.Settle(ctx, r, s, receivable.SettleRequest{Book: at.BookID, Unit: unit, Amount: view.Amount(), First: firstOf(view.Form)})
	if err != nil {
		return err
	}
	book, err := receivable.BookOf(ctx, r, s.District, node, s.Today)
	if err != nil {
		return err
	}
	if view.Unit.Prepaid, err = receivable.PrepaymentOf(ctx, r, s, unit); err != nil {
		return err
	}
	last, err := receivable.LastPaymentOf(ctx, r, s, unit)
	showSettlement(view, settled, book.Name, s.Today)
	view.Facts = householdFacts(*view, last)
	return err
}

// showSettlement turns a settlement into the rows, sums and receipt of the page.
func showSettlement(view *pages.CounterView, settled receivable.Settlement, book string, today civil.Date) {
	view.Form.Shown, view.Prepays = settled.Shown, settled.Prepays
	overdue, year := money.Zero, money.Zero
	var paid []paidSpan
	for _, line := range settled.Lines {
		c := pages.OpenCharge{ID: line.ChargeID, Period: spanText(line.SegmentStart, line.SegmentEnd), Item: line.ItemName, Book: book,
			Due: line.DueDate, Overdue: line.DueDate.Before(today), Owed: line.Open(), Pays: line.Pays, Left: line.Left(), Ticked: line.Pays.Sign() > 0}
		if view.ByChoice() {
			c.Ticked = chosenCharge(view.Form, line.ChargeID)
		}
		view.Charges = append(view.Charges, c)
		view.Sum.Owed, view.Sum.Pays, view.Sum.Left = view.Sum.Owed.Add(c.Owed), view.Sum.Pays.Add(c.Pays), view.Sum.Left.Add(c.Left)
		if c.Overdue {
			overdue = overdue.Add(c.Owed)
		}
		if line.Days == line.MonthDays {
			year = twelve(line.Amount)
		}
		if c.Pays.Sign() > 0 {
			paid = append(paid, paidSpan{line.ItemName, line.SegmentStart, line.SegmentEnd, line.UnitPrice, c.Pays, c.Left.Sign() > 0})
		}
	}
	view.Left = view.Sum.Left
	view.Settled = settledThrough(settled.Lines)
	view.Quick = quickAmounts(view.Sum.Owed, overdue, year)
	if view.Amount().Sign() > 0 {
		view.Previews = []pages.Receipt{{Issued: today, Estate: view.Unit.Estate, Unit: view.Unit.Name, Payer: view.Unit.Owner, Book: book,
			Area: view.Unit.Area, Lines: receiptLines(paid, view.Prepays), Total: view.Amount(), Channel: pages.ChannelWord(view.Form.Channel),
			Remark: receiptRemark(view.Left)}}
	}
}

func chosenCharge(form pages.PayForm, charge int64) bool {
	for _, c := range form.Charges {
		if c == charge {
			return true
		}
	}
	return false
}

// twelve months of a full month's bill.
func twelve(month money.Yuan) money.Yuan {
	return money.Yuan{Decimal: month.Mul(decimal.NewFromInt(12))}
}

func quickAmounts(all, overdue, year money.Yuan) []pages.QuickAmount {
	var quick []pages.QuickAmount
	if all.Sign() > 0 {
		quick = append(quick, pages.QuickAmount{Label: "全部", Amount: all})
	}
	if overdue.Sign() > 0 && !overdue.Equal(all) {
		quick = append(quick, pages.QuickAmount{Label: "只缴逾期", Amount: overdue})
	}
	if year.Sign() > 0 && !year.Equal(all) {
		quick = append(quick, pages.QuickAmount{Label: "一年", Amount: year})
	}
	return quick
}

// settledThrough is the last month through which everything would be paid; empty
// when the oldest charge stays open.
func settledThrough(lines []receivable.SettleLine) string {
	through := ""
	for _, line := range lines {
		if line.Left().Sign() > 0 {
			break
		}
		through = line.SegmentEnd.Month().String()
	}
	return through
}

func receiptRemark(left money.Yuan) string {
	if left.Sign() > 0 {
		return "还欠 " + money.Format(left) + " 元"
	}
	return "已缴清"
}

func householdFacts(view pages.CounterView, last receivable.LastPayment) []pages.Pair {
	facts := []pages.Pair{{Name: "预存", Value: money.Format(view.Unit.Prepaid) + " 元"}}
	if last.PaymentID != 0 {
		address, _ := pages.URL("payment", last.PaymentID)
		facts = append(facts, pages.Pair{Name: "上次缴费", Value: money.Format(last.Amount) + " 元",
			Detail: last.BusinessDate.String() + " " + receivable.ChannelNames[last.Channel], URL: address})
	} else {
		facts = append(facts, pages.Pair{Name: "上次缴费", Value: "没有缴过"})
	}
	if n := view.Overdue(); n > 0 {
		facts = append(facts, pages.Pair{Name: "逾期", Value: countText(int64(n)) + " 笔", Tone: pages.Bad})
	}
	return facts
}
