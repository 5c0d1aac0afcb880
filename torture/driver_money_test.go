package torture

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"pgregory.net/rapid"

	"estateledger/billing"
	"estateledger/civil"
	"estateledger/ledger/money"
	"estateledger/receivable"
)

// figures is what a preview shows, as the oracle sees it: who, which days, how
// much.
func figures(charges []*oCharge) string {
	var lines []string
	for _, c := range charges {
		lines = append(lines, fmt.Sprintf("%d %s..%s %s", c.unit.id, c.start, c.end, c.amount))
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// billMonth is a month near today, now and then the first of all, which is prorated.
func (d *driver) billMonth() civil.Month {
	if rapid.IntRange(0, 9).Draw(d.T, "first month") == 0 {
		return civil.MonthOf(2023, 9)
	}
	return d.monthNear(4, 2)
}

// draft looks at what a month would be, now and then with a unit left out.
func (d *driver) draft(*rapid.T) {
	e, p := d.estate()
	m := d.billMonth()
	earlier, except := d.draftOf(e, m), map[int64]bool{}
	if earlier != nil {
		except = earlier.except
	}
	charges := d.o.toBill(e, m, except)
	var made billing.Drafted
	if !d.command("draft "+m.String(), d.monthRefusal(m), func(ctx context.Context, key string) (any, bool, error) {
		out, err := billing.CreateDraft(ctx, d.town.Gate, p.accountant, d.town.District, key, billing.DraftRequest{Estate: p.EstateID, Month: m})
		made = out.Result
		return outcome(out, err)
	}) {
		return
	}
	d.same("draft", made.Count, made.Total, charges)
	d.forget(earlier)
	if len(charges) == 0 {
		return
	}
	next := &oDraft{e, m, made.RunID, except, figures(charges), len(charges)}
	d.drafts = append(d.drafts, next)
	if rapid.IntRange(0, 2).Draw(d.T, "leave out") > 0 {
		return
	}
	unit := pick(d, charges, "left out").unit.id
	next.except[unit] = true
	left := d.o.toBill(e, m, next.except)
	next.seen, next.count = figures(left), len(left)
	d.command("exclude", "", func(ctx context.Context, key string) (any, bool, error) {
		out, err := billing.Exclude(ctx, d.town.Gate, p.accountant, d.town.District, key, billing.ExcludeRequest{Run: next.run, Unit: unit, Reason: "有争议"})
		made = out.Result
		return outcome(out, err)
	})
	d.same("exclude", made.Count, made.Total, left)
}

func (d *driver) draftOf(e *oEstate, m civil.Month) *oDraft {
	for _, x := range d.drafts {
		if x.estate == e && x.month == m {
			return x
		}
	}
	return nil
}

func (d *driver) forget(gone *oDraft) {
	d.drafts = slices.DeleteFunc(d.drafts, func(x *oDraft) bool { return x == gone })
}

// same says that count and total of a run are the oracle's.
func (d *driver) same(what string, count int, total money.Yuan, want []*oCharge) {
	sum := money.Zero
	for _, c := range want {
		sum = sum.Add(c.amount)
	}
	if count != len(want) || !total.Equal(sum) {
		d.Fatalf("%s: %d charges, %s; the oracle %d, %s:\n%s", what, count, total, len(want), sum, figures(want))
	}
}

func (d *driver) monthRefusal(m civil.Month) string {
	if m.After(d.o.today.Month().Add(12)) {
		return "billing.month_ahead"
	}
	return ""
}

// publishDraft makes a draft owed, unless what was seen is no longer so.
func (d *driver) publishDraft(*rapid.T) {
	draft := pick(d, d.drafts, "draft")
	e, p, m := draft.estate, d.places[draft.estate], draft.month
	charges := d.o.toBill(e, m, draft.except)
	want := ""
	if draft.count > 0 && figures(charges) != draft.seen {
		want = "billing.preview_changed"
	}
	var result billing.RunResult
	if !d.command("publish "+m.String(), want, func(ctx context.Context, key string) (any, bool, error) {
		out, err := billing.Publish(ctx, d.town.Gate, p.accountant, d.town.District, key, billing.RunRequest{Run: draft.run})
		result = out.Result
		return outcome(out, err)
	}) || draft.count == 0 {
		return
	}
	d.forget(draft)
	d.published(e, m, result, charges)
}

// publishNow bills a month at once.
func (d *driver) publishNow(*rapid.T) {
	e, p := d.estate()
	m := d.billMonth()
	charges := d.o.toBill(e, m, nil)
	var result billing.RunResult
	if d.command("bill "+m.String(), d.monthRefusal(m), func(ctx context.Context, key string) (any, bool, error) {
		out, err := billing.PublishNow(ctx, d.town.Gate, p.accountant, d.town.District, key, billing.DraftRequest{Estate: p.EstateID, Month: m})
		result = out.Result
		return outcome(out, err)
	}) {
		d.published(e, m, result, charges)
	}
}

func (d *driver) published(e *oEstate, m civil.Month, result billing.RunResult, charges []*oCharge) {
	d.same("published", result.Count, result.Total, charges)
	if result.NothingToBill != (len(charges) == 0) {
		d.Fatalf("published %s: nothing to bill = %v, the oracle has %d", m, result.NothingToBill, len(charges))
	}
	if len(charges) == 0 {
		return
	}
	r := &oRun{id: result.RunID, estate: e, month: m}
	e.runs = append(e.runs, r)
	d.o.publish(r, charges)
	d.learnCharges(r, charges)
}

// learnCharges finds the ids that the product gave to a run's charges.
func (d *driver) learnCharges(r *oRun, charges []*oCharge) {
	for _, row := range d.bookedCharges() {
		for _, c := range charges {
			if row.RunID == r.id && row.SubjectID == c.unit.id && row.SegmentStart == c.start {
				c.id = row.ChargeID
			}
		}
	}
}

// withdraw takes a run back.
func (d *driver) withdraw(*rapid.T) {
	r := pick(d, d.runs(), "run")
	p := d.places[r.estate]
	want := "billing.run_not_published"
	if r.state == "published" {
		want = d.o.withdraw(r)
	}
	if d.command("withdraw", want, func(ctx context.Context, key string) (any, bool, error) {
		return outcome(billing.Withdraw(ctx, d.town.Gate, p.accountant, d.town.District, key, billing.WithdrawRequest{Run: r.id, Reason: "单价有误"}))
	}) {
		r.state = "withdrawn"
	}
}

// reverseCharge takes one charge back.
func (d *driver) reverseCharge(*rapid.T) {
	c := pick(d, d.charges(), "charge")
	p := d.places[c.unit.estate]
	want := d.o.reverseCharge(c)
	d.command("reverse charge", want, func(ctx context.Context, key string) (any, bool, error) {
		return outcome(receivable.ReverseCharge(ctx, d.town.Gate, p.accountant, d.town.District, key,
			receivable.ReverseChargeRequest{ChargeID: c.id, Reason: "开错了"}))
	})
}

// pay takes money: a bill exactly, something, everything and more; mostly
// undirected, now and then for chosen charges.
func (d *driver) pay(*rapid.T) {
	u, p := d.unit()
	open := u.openCharges(nil)
	amount := money.Fen(int64(rapid.IntRange(1, 30000).Draw(d.T, "fen")))
	owed := money.Zero
	for _, c := range open {
		owed = owed.Add(c.open())
	}
	switch rapid.IntRange(0, 3).Draw(d.T, "how much") {
	case 0:
		if owed.Sign() > 0 {
			amount = owed
		}
	case 1:
		amount = amount.Add(owed)
	case 2:
		if len(open) > 0 {
			amount = open[0].open()
		}
	}
	var first []*oCharge
	if len(u.charges) > 0 && rapid.IntRange(0, 2).Draw(d.T, "directed") == 0 {
		first = append(first, pick(d, u.charges, "first charge"))
		if other := pick(d, u.charges, "second charge"); other != first[0] {
			first = append(first, other)
		}
	}
	channel := rapid.SampledFrom([]receivable.Channel{receivable.ByCash, receivable.ByTransfer, receivable.ByWechat, receivable.ByPOS}).Draw(d.T, "channel")
	business := d.o.today
	if rapid.IntRange(0, 2).Draw(d.T, "dated") == 0 {
		business = d.dayNear(70, 1, "business date")
	}
	d.payWith(u, p, channel, amount, business, first)
}

func (d *driver) payWith(u *oUnit, p *place, channel receivable.Channel, amount money.Yuan, business civil.Date, first []*oCharge) {
	var ids []receivable.ChargeID
	for _, c := range first {
		ids = append(ids, receivable.ChargeID(c.id))
	}
	booked, want := d.o.pay(u, channels[channel], amount, business, first)
	var paid receivable.Paid
	if !d.command("pay "+amount.String(), want, func(ctx context.Context, key string) (any, bool, error) {
		out, err := d.town.cashier.Pay(ctx, p.clerk, d.town.District, key, receivable.PayRequest{UnitID: u.id, CounterID: p.counter,
			Channel: channel, Amount: amount, BusinessDate: business, First: ids})
		paid = out.Result
		return outcome(out, err)
	}) {
		return
	}
	booked.id = paid.PaymentID
	var got, parts []string
	for _, a := range paid.Allocations {
		got = append(got, fmt.Sprint(a.ChargeID, " ", a.Amount))
	}
	for _, part := range booked.parts {
		parts = append(parts, fmt.Sprint(part.charge.id, " ", part.amount))
	}
	if !slices.Equal(got, parts) || !paid.Prepaid.Equal(booked.prepaid) {
		d.Fatalf("pay %s settled %v and prepaid %s; the oracle %v and %s", amount, got, paid.Prepaid, parts, booked.prepaid)
	}
}

// reversePayment undoes a payment, now and then one that is undone already.
func (d *driver) reversePayment(*rapid.T) {
	x := pick(d, d.payments(), "payment")
	p := d.places[x.unit.estate]
	want := d.o.reversePayment(x)
	d.command("reverse payment", want, func(ctx context.Context, key string) (any, bool, error) {
		return outcome(receivable.ReversePayment(ctx, d.town.Gate, p.accountant, d.town.District, key,
			receivable.ReversePaymentRequest{PaymentID: x.id, Reason: "收错了户"}))
	})
}
