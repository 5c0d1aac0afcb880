package receivable_test

import (
	"context"
	"strings"
	"testing"

	"estateledger/access"
	"estateledger/billing"
	"estateledger/civil"
	"estateledger/estate/estatetest"
	"estateledger/ledger"
	"estateledger/ledger/money"
	"estateledger/postgres"
	"estateledger/receivable"
)

// parts are the allocations of a payment, amounts only.
func parts(p receivable.Paid) string {
	var amounts []string
	for _, a := range p.Allocations {
		amounts = append(amounts, a.Amount.String())
	}
	return strings.Join(amounts, " ")
}

func TestMoneySettlesTheOldestDebtAndTheRestIsPrepaid(t *testing.T) {
	d := newDesk(t)
	unit := d.units[0]
	d.bill("2026-03", "2026-04", "2026-05")
	same(t, "owed", d.open(unit), "2026-03 44.09, 2026-04 44.09, 2026-05 44.09")

	full := d.pay(unit, "44.09").Result
	same(t, "a month in full", parts(full)+"|"+full.Settled.String()+"|"+full.Prepaid.String(), "44.09|44.09|0.00")
	part := d.pay(unit, "20.00").Result
	same(t, "a part", parts(part), "20.00")
	same(t, "left of April", d.open(unit), "2026-04 24.09, 2026-05 44.09")
	over := d.pay(unit, "130.00").Result
	same(t, "two months and more", parts(over)+"|"+over.Settled.String()+"|"+over.Prepaid.String(), "24.09 44.09|68.18|61.82")
	same(t, "nothing owed", d.open(unit), "")
	same(t, "prepaid", d.prepaid(unit), "61.82")

	run := d.bill("2026-06")
	same(t, "used by the next run", run.AppliedTotal.String(), "44.09")
	same(t, "rest of it", d.prepaid(unit), "17.73")
	d.bill("2026-07")
	same(t, "used up", d.prepaid(unit)+"|"+d.open(unit), "0.00|2026-07 26.36")
	same(t, "the neighbour's debt is his own", d.open(d.units[1]), "2026-03 32.83, 2026-04 32.83, 2026-05 32.83, 2026-06 32.83, 2026-07 32.83")
	same(t, "cash", d.balance(ledger.Cash, "2026-07-31"), "194.09")
	same(t, "receivable", d.balance(ledger.Receivable, "2026-07-31"), "476.91") // 5 × 134.20 − 194.09
}

// Rule 19: penalty 3.00 and January to March, 100.00 paid.
func TestRule19PaymentOrder(t *testing.T) {
	d := newDesk(t)
	d.bill("2026-01", "2026-02", "2026-03")
	for _, unit := range d.units[:2] {
		d.charge(unit, 3, "2026-01-31", "2026-01-31", "2026-06-20", "3.00")
	}
	paid := d.pay(d.units[0], "100.00").Result
	same(t, "undirected", parts(paid), "3.00 44.09 44.09 8.82")
	same(t, "left", d.open(d.units[0]), "2026-03 35.27")

	open := d.openCharges(d.units[1])
	req := d.request(d.units[1], "50.00")
	req.First = []receivable.ChargeID{receivable.ChargeID(open[3].ChargeID)}
	out, err := d.take(req)
	d.must(err)
	same(t, "March first", parts(out.Result), "32.83 3.00 14.17")
	same(t, "left", d.open(d.units[1]), "2026-01 18.66, 2026-02 32.83")
}

func TestThePayersOrderHolds(t *testing.T) {
	d := newDesk(t)
	unit := d.units[0]
	d.bill("2026-03", "2026-04", "2026-05")
	open := d.openCharges(unit)
	req := d.request(unit, "100.00")
	req.First = []receivable.ChargeID{receivable.ChargeID(open[2].ChargeID), receivable.ChargeID(open[1].ChargeID)}
	out, err := d.take(req)
	d.must(err)
	same(t, "first of all", out.Result.Allocations[0].ChargeID, open[2].ChargeID)
	same(t, "then", out.Result.Allocations[1].ChargeID, open[1].ChargeID)
	same(t, "left", d.open(unit), "2026-03 32.27")
	// Naming what is settled by now is no obstacle: the rest takes the money.
	req.Amount = money.MustYuan("32.27")
	_, err = d.take(req)
	d.must(err)
	same(t, "left", d.open(unit), "")
}

func TestPaymentRefusals(t *testing.T) {
	d := newDesk(t)
	run := d.bill("2026-04", "2026-05")
	withdrawn := d.openCharges(d.units[0])[1].ChargeID
	_, err := billing.Withdraw(context.Background(), d.Gate, d.manager, d.District, estatetest.Key(), billing.WithdrawRequest{Run: run.RunID, Reason: "错"})
	d.must(err)
	neighbours := d.openCharges(d.units[1])[0].ChargeID
	elsewhere := d.found(d.CompanyID)
	closed, err := receivable.OpenCounter(context.Background(), d.Gate, d.manager, d.District, estatetest.Key(),
		receivable.OpenCounterRequest{EstateNode: d.node, Code: "ZU-1", Name: "关闭的柜台"})
	d.must(err)
	d.must(d.asOwner("close_counter", map[string]any{"district": d.District, "counter": closed.Result.CounterID, "on": d.Clock.Today()}))

	for _, c := range []struct {
		what, code, field string
		change            func(r *receivable.PayRequest)
	}{
		{"nothing", "receivable.amount_not_positive", "amount", func(r *receivable.PayRequest) { r.Amount = money.Zero }},
		{"a negative amount", "receivable.amount_not_positive", "amount", func(r *receivable.PayRequest) { r.Amount = money.MustYuan("-1") }},
		{"a digit too many", "receivable.amount_too_large", "amount", func(r *receivable.PayRequest) { r.Amount = money.MustYuan("1000000.01") }},
		{"an unknown channel", "receivable.channel_unknown", "channel", func(r *receivable.PayRequest) { r.Channel = "bitcoin" }},
		{"tomorrow", "receivable.date_in_future", "business_date", func(r *receivable.PayRequest) { r.BusinessDate = day("2026-06-21") }},
		{"another century", "receivable.date_too_early", "business_date", func(r *receivable.PayRequest) { r.BusinessDate = day("1999-12-31") }},
		{"a novel", "receivable.text_too_long", "note", func(r *receivable.PayRequest) { r.Note = strings.Repeat("长", 201) }},
		{"no such counter", "receivable.counter_not_found", "counter_id", func(r *receivable.PayRequest) { r.CounterID = 999999 }},
		{"a closed counter", "receivable.counter_not_here", "counter_id", func(r *receivable.PayRequest) { r.CounterID = closed.Result.CounterID }},
		{"another estate's counter", "receivable.counter_not_here", "counter_id", func(r *receivable.PayRequest) { r.CounterID = elsewhere.counter }},
		{"a unit of another estate", "receivable.counter_not_here", "counter_id", func(r *receivable.PayRequest) { r.UnitID = elsewhere.units[0] }},
		{"a unit of another company", "receivable.counter_not_here", "counter_id", func(r *receivable.PayRequest) { r.UnitID = d.Foreign.Units[0].ID }},
		{"the neighbour's bill", "receivable.charge_not_open", "first", func(r *receivable.PayRequest) { r.First = []receivable.ChargeID{receivable.ChargeID(neighbours)} }},
		{"a withdrawn bill", "receivable.charge_not_open", "first", func(r *receivable.PayRequest) { r.First = []receivable.ChargeID{receivable.ChargeID(withdrawn)} }},
		{"no such bill", "receivable.charge_not_open", "first", func(r *receivable.PayRequest) { r.First = []receivable.ChargeID{999999} }},
	} {
		t.Run(c.what, func(t *testing.T) {
			req := d.request(d.units[0], "10.00")
			c.change(&req)
			_, err := d.take(req)
			refused(t, err, c.code, c.field)
		})
	}
	for what, actor := range map[string]access.Actor{"a foreign cashier": d.Foreign.Actors[access.CompanyCashier], "the accountant": d.accountant,
		"the manager": d.manager, "the administrator": d.Actors[access.Administrator], "nobody": {}} {
		t.Run(what, func(t *testing.T) {
			_, err := d.counterDesk.Pay(context.Background(), actor, d.District, estatetest.Key(), d.request(d.units[0], "10.00"))
			refused(t, err, "access.forbidden", "")
		})
	}
	var left int
	d.sql(func(ctx context.Context, r postgres.Reader) error {
		return r.Get(ctx, &left, testQueries.Get("payments_of_book"), map[string]any{"district": d.District, "book": d.book})
	})
	same(t, "payments after refusals only", left, 0)
	same(t, "the first receipt", d.pay(d.units[0], "1.00").Result.Number, 1)
}

func TestAKeyAnswersWhatItAnsweredFirst(t *testing.T) {
	d := newDesk(t)
	ctx := context.Background()
	d.bill("2026-05")
	key, req := estatetest.Key(), d.request(d.units[0], "44.09")
	first, err := d.counterDesk.Pay(ctx, d.cashier, d.District, key, req)
	d.must(err)
	d.pay(d.units[0], "5.00")
	d.Clock.SetDay(day("2026-06-21"))
	again, err := d.counterDesk.Pay(ctx, d.cashier, d.District, key, req)
	d.must(err)
	same(t, "replayed", again.Replayed && !first.Replayed, true)
	same(t, "receipt", again.Result.ReceiptNo, first.Result.ReceiptNo)
	same(t, "act", again.ActID, first.ActID)
	same(t, "allocations", parts(again.Result), "44.09")

	other := req
	other.Amount = money.MustYuan("44.08")
	_, err = d.counterDesk.Pay(ctx, d.cashier, d.District, key, other)
	refused(t, err, "access.key_reused", "")
	_, err = d.counterDesk.Pay(ctx, d.System, d.District, key, req)
	refused(t, err, "access.key_reused", "")

	key, other.BusinessDate = estatetest.Key(), day("2026-12-31")
	_, err = d.counterDesk.Pay(ctx, d.cashier, d.District, key, other)
	refused(t, err, "receivable.date_in_future", "business_date")
	other.BusinessDate = d.Clock.Today()
	mended, err := d.counterDesk.Pay(ctx, d.cashier, d.District, key, other)
	d.must(err)
	same(t, "a refused key is free", mended.Replayed, false)
}

// The clerk's browser repeats a request without a date after midnight.
func TestAKeyIsTheSameRequestOnTheNextDay(t *testing.T) {
	d := newDesk(t)
	ctx, key, req := context.Background(), estatetest.Key(), d.request(d.units[0], "10.00")
	req.BusinessDate = civil.Date{}
	first, err := d.counterDesk.Pay(ctx, d.cashier, d.District, key, req)
	d.must(err)
	d.Clock.SetDay(day("2026-06-21"))
	again, err := d.counterDesk.Pay(ctx, d.cashier, d.District, key, req)
	d.must(err)
	same(t, "receipt", again.Result.ReceiptNo, first.Result.ReceiptNo)
	same(t, "posted", first.Result.PostingDate, day("2026-06-20"))
}

func TestOneKeyAtOnceIsOnePayment(t *testing.T) {
	d := newDesk(t)
	d.bill("2026-05")
	key, req := estatetest.Key(), d.request(d.units[0], "44.09")
	receipts := make([]string, 8)
	for _, err := range inParallel(len(receipts), func(i int) error {
		out, err := d.counterDesk.Pay(context.Background(), d.cashier, d.District, key, req)
		receipts[i] = out.Result.ReceiptNo
		return err
	}) {
		d.must(err)
	}
	for _, no := range receipts {
		same(t, "receipt", no, receipts[0])
	}
	same(t, "prepaid", d.prepaid(d.units[0]), "0.00")
	same(t, "cash", d.balance(ledger.Cash, "2026-06-30"), "44.09")
}
