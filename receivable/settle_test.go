package receivable_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"estateledger/access"
	"estateledger/civil"
	"estateledger/ledger/money"
	"estateledger/postgres"
	"estateledger/receivable"
)

func (d *desk) settlement(actor access.Actor, unit int64, amount string, first ...receivable.ChargeID) (out receivable.Settlement) {
	d.t.Helper()
	d.view(actor, func(ctx context.Context, r postgres.Reader, s access.Scope) (err error) {
		out, err = receivable.Settle(ctx, r, s, receivable.SettleRequest{Book: d.book, Unit: unit, Amount: money.MustYuan(amount), First: first})
		return err
	})
	return out
}

// What the page shows before the money is taken is what is posted, for any sum
// and any choice.
func TestWhatIsShownIsWhatIsPosted(t *testing.T) {
	d := newDesk(t)
	d.bill("2026-03", "2026-04", "2026-05", "2026-07")
	for i, amount := range []string{"10.00", "50.00", "0.01", "44.09", "500.00", "3.00"} {
		var first []receivable.ChargeID
		if open := d.openCharges(d.units[0]); i%2 == 1 && len(open) > 0 {
			first = []receivable.ChargeID{receivable.ChargeID(open[len(open)-1].ChargeID)}
		}
		shown := d.settlement(d.cashier, d.units[0], amount, first...)
		pays := map[int64]string{}
		for _, l := range shown.Lines {
			if l.Pays.Sign() != 0 {
				pays[l.ChargeID] = l.Pays.String()
			}
		}
		req := d.request(d.units[0], amount)
		req.First, req.Shown = first, shown.Shown
		out, err := d.take(req)
		d.must(err)
		same(t, amount+" prepays", out.Result.Prepaid.String(), shown.Prepays.String())
		same(t, amount+" parts", len(out.Result.Allocations), len(pays))
		for _, a := range out.Result.Allocations {
			same(t, amount, a.Amount.String(), pays[a.ChargeID])
		}
	}
}

func TestMoneyThatWouldSettleOtherwiseIsNotTaken(t *testing.T) {
	d := newDesk(t)
	d.bill("2026-04", "2026-05")
	req := d.request(d.units[0], "50.00")
	req.Shown = d.settlement(d.cashier, d.units[0], "50.00").Shown
	d.pay(d.units[0], "1.00") // at another counter, meanwhile
	_, err := d.take(req)
	refused(t, err, "receivable.allocation_changed", "")
	same(t, "owed", d.open(d.units[0]), "2026-04 43.09, 2026-05 44.09")
	req.Shown = d.settlement(d.cashier, d.units[0], "50.00").Shown
	_, err = d.take(req)
	d.must(err)
}

func TestOnlyWhoTakesMoneySeesWhatASumSettles(t *testing.T) {
	d := newDesk(t)
	d.bill("2026-05")
	for what, actor := range map[string]access.Actor{"the accountant": d.accountant, "a foreign cashier": d.Foreign.Actors[access.CompanyCashier]} {
		out := d.settlement(actor, d.units[0], "10.00")
		same(t, what, len(out.Lines), 0)
		d.view(actor, func(ctx context.Context, r postgres.Reader, s access.Scope) error {
			payers, err := receivable.PayersAmong(ctx, r, s, d.units)
			same(t, what+": payers", len(payers), 0)
			return err
		})
	}
	d.pay(d.units[1], "32.83")
	d.view(d.cashier, func(ctx context.Context, r postgres.Reader, s access.Scope) error {
		payers, err := receivable.PayersAmong(ctx, r, s, append([]int64{d.Foreign.Units[0].ID}, d.units...))
		same(t, "payers", fmt.Sprint(len(payers), payers[d.units[0]], payers[d.units[1]]), "3 44.09 0.00")
		return err
	})
}

func TestTheLastPaymentThatStands(t *testing.T) {
	d := newDesk(t)
	last := func() (p receivable.LastPayment) {
		d.view(d.accountant, func(ctx context.Context, r postgres.Reader, s access.Scope) (err error) {
			p, err = receivable.LastPaymentOf(ctx, r, s, d.units[0])
			return err
		})
		return p
	}
	same(t, "none", last().PaymentID, 0)
	first := d.pay(d.units[0], "10.00").Result
	second := d.pay(d.units[0], "20.00").Result
	same(t, "the second", last().PaymentID, second.PaymentID)
	d.reverse(second.PaymentID)
	same(t, "the first again", last().PaymentID, first.PaymentID)
}

func TestOverdueHouseholds(t *testing.T) {
	d := newDesk(t)
	d.charge(d.units[0], 1, "2024-01-01", "2024-01-31", "2026-06-20", "30.00") // over 24 months
	d.bill("2026-05", "2026-06")                                               // June is not due yet
	d.pay(d.units[1], "32.83")
	list := func(f receivable.OverdueFilter) (out []string) {
		f.EstateNode = d.node
		if f.Limit == 0 {
			f.Limit = 50
		}
		d.view(d.cashier, func(ctx context.Context, r postgres.Reader, s access.Scope) error {
			lines, err := receivable.Overdue(ctx, r, s, f)
			for _, l := range lines {
				out = append(out, fmt.Sprintf("%s %s %d age %d", l.Code, l.Open, l.Months, l.Age))
			}
			return err
		})
		return out
	}
	same(t, "overdue", strings.Join(list(receivable.OverdueFilter{}), "; "), "7-1-101 74.09 2 age 4; 9-1-101 57.28 1 age 1")
	same(t, "of an age", strings.Join(list(receivable.OverdueFilter{Age: 4}), "; "), "7-1-101 74.09 2 age 4")
	same(t, "of a building", strings.Join(list(receivable.OverdueFilter{Building: "9"}), "; "), "9-1-101 57.28 1 age 1")
	same(t, "by room or by person", strings.Join(list(receivable.OverdueFilter{Text: "9-", Units: d.units[:1]}), "; "), "7-1-101 74.09 2 age 4; 9-1-101 57.28 1 age 1")
	same(t, "nobody", len(list(receivable.OverdueFilter{Text: "88-"})), 0)
	d.view(d.cashier, func(ctx context.Context, r postgres.Reader, s access.Scope) error {
		groups, err := receivable.OverdueGroups(ctx, r, s, receivable.OverdueFilter{EstateNode: d.node})
		same(t, "groups", len(groups), 2)
		same(t, "building 7", groups[0].Building+" "+groups[0].Open.String()+" "+groups[0].To36.String()+" "+groups[0].To3.String(), "7 74.09 30.00 44.09")
		return err
	})
	d.view(d.Foreign.Actors[access.CompanyManager], func(ctx context.Context, r postgres.Reader, s access.Scope) error {
		lines, err := receivable.Overdue(ctx, r, s, receivable.OverdueFilter{EstateNode: d.node, Limit: 50})
		gives(t, "overdue to others", lines, err)
		groups, err := receivable.OverdueGroups(ctx, r, s, receivable.OverdueFilter{EstateNode: d.node})
		gives(t, "groups to others", groups, err)
		return nil
	})
}

func TestReceiptsAreFoundByNumberRoomCounterAndChannel(t *testing.T) {
	d := newDesk(t)
	d.bill("2026-05")
	first := d.pay(d.units[0], "50.00").Result
	wechat := d.request(d.units[2], "5.00")
	wechat.Channel = receivable.ByWechat
	second, err := d.take(wechat)
	d.must(err)
	d.reverse(second.Result.PaymentID)
	year := civil.Period{From: day("2026-01-01"), To: day("2026-12-31")}
	find := func(actor access.Actor, f receivable.ReceiptSearch) (out []string) {
		f.EstateNode, f.Period, f.Limit = d.node, year, 50
		d.view(actor, func(ctx context.Context, r postgres.Reader, s access.Scope) error {
			rows, err := receivable.FindReceipts(ctx, r, s, f)
			for _, row := range rows {
				out = append(out, fmt.Sprintf("%d %s %s %s", row.PaymentID, row.UnitCode, row.PaidBy(), row.Items))
			}
			return err
		})
		return out
	}
	one, two := fmt.Sprintf("%d 7-1-101 王建国 物业费", first.PaymentID), fmt.Sprintf("%d 9-1-101 张䶮 物业费", second.Result.PaymentID)
	for what, f := range map[string]receivable.ReceiptSearch{"by room": {Text: "7-1-101"}, "by room as people write it": {Text: "7栋1单元101室"},
		"by number": {Text: strings.ToLower(first.ReceiptNo)}, "by channel": {Channel: receivable.ByCash}} {
		same(t, what, strings.Join(find(d.cashier, f), "; "), one)
	}
	same(t, "by counter, newest first", strings.Join(find(d.cashier, receivable.ReceiptSearch{Counter: d.counter}), "; "), two+"; "+one)
	same(t, "of another counter", len(find(d.cashier, receivable.ReceiptSearch{Counter: d.counter + 999999})), 0)
	same(t, "of others", len(find(d.Foreign.Actors[access.CompanyCashier], receivable.ReceiptSearch{})), 0)
	d.view(d.accountant, func(ctx context.Context, r postgres.Reader, s access.Scope) error {
		sums, err := receivable.ReceiptSums(ctx, r, s, receivable.ReceiptSearch{EstateNode: d.node, Period: year})
		var out []string
		for _, x := range sums {
			out = append(out, fmt.Sprintf("%s %d %s void %d %s", x.Channel, x.Count, x.Amount, x.VoidedCount, x.Voided))
		}
		same(t, "sums", strings.Join(out, "; "), "cash 1 50.00 void 0 0.00; wechat 0 0.00 void 1 5.00")
		seen, err2 := receivable.CountersSeen(ctx, r, s, d.node)
		same(t, "counters", len(seen) == 1 && err2 == nil, true)
		return err
	})
}
