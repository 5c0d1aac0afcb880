package receivable_test

import (
	"context"
	"testing"

	"estateledger/access"
	"estateledger/civil"
	"estateledger/ledger"
	"estateledger/postgres"
	"estateledger/receivable"
)

// Nobody of another company, and nobody without the permission, sees a figure or
// a name of the estate's debts.
func TestViewsOfOthersAreEmpty(t *testing.T) {
	d := newDesk(t)
	d.bill("2026-05")
	paid := d.pay(d.units[0], "60.00")
	charge := d.chargesOf(d.units[1])[0].ChargeID
	for what, actor := range map[string]access.Actor{
		"a foreign manager": d.Foreign.Actors[access.CompanyManager], "a foreign cashier": d.Foreign.Actors[access.CompanyCashier],
		"a foreign sub-district": d.Foreign.Actors[access.SubDistrictRole], "the administrator": d.Actors[access.Administrator], "nobody": {},
	} {
		t.Run(what, func(t *testing.T) {
			d.view(actor, func(ctx context.Context, r postgres.Reader, s access.Scope) error {
				seesNoHousehold(t, d, ctx, r, s)
				seesNoEstate(t, d, ctx, r, s)
				_, err := receivable.ReceiptOf(ctx, r, s, paid.Result.PaymentID)
				refused(t, err, "receivable.receipt_not_found", "")
				_, err = receivable.ChargeOf(ctx, r, s, charge)
				refused(t, err, "receivable.charge_not_found", "")
				_, err = receivable.UnitNamed(ctx, r, s, d.node, "7-1-101")
				refused(t, err, "receivable.unit_not_found", "unit")
				return nil
			})
		})
	}
}

// gives holds a list that others read to being empty.
func gives[T any](t *testing.T, what string, list []T, err error) {
	t.Helper()
	if err != nil || len(list) != 0 {
		t.Errorf("%s: got %d lines, %v", what, len(list), err)
	}
}

func seesNoHousehold(t *testing.T, d *desk, ctx context.Context, r postgres.Reader, s access.Scope) {
	t.Helper()
	open, err := receivable.OpenCharges(ctx, r, s, d.units[1])
	gives(t, "open charges", open, err)
	all, err := receivable.ChargesOf(ctx, r, s, d.units[1], 10)
	gives(t, "charges", all, err)
	ahead, err := receivable.PrepaymentOf(ctx, r, s, d.units[0])
	same(t, "prepayment", ahead.Sign() == 0 && err == nil, true)
	st, err := receivable.StatementOf(ctx, r, s, d.units[0], month("2026-06").Period())
	gives(t, "statement", st.Lines, err)
	same(t, "closing", st.Closing.String(), "0.00")
	owed, err := receivable.OwedBy(ctx, r, s, d.units)
	same(t, "owed", len(owed) == 0 && err == nil, true)
}

func seesNoEstate(t *testing.T, d *desk, ctx context.Context, r postgres.Reader, s access.Scope) {
	t.Helper()
	arrears, err := receivable.Arrears(ctx, r, s, receivable.ArrearsFilter{EstateNode: d.node})
	gives(t, "arrears", arrears, err)
	total, err := receivable.ArrearsTotalOf(ctx, r, s, d.node)
	same(t, "total", total.Households == 0 && total.Open.Sign() == 0 && err == nil, true)
	collections, err := receivable.Collections(ctx, r, s, month("2026-05"), d.node)
	gives(t, "collections", collections, err)
	months, err := receivable.CollectedByMonth(ctx, r, s, d.node, month("2026-05"), month("2026-06"))
	gives(t, "months", months, err)
	counters, err := receivable.CountersAt(ctx, r, s, d.node)
	gives(t, "counters", counters, err)
	receipts, err := receivable.Receipts(ctx, r, s, receivable.ReceiptFilter{EstateNode: d.node, Period: civil.Period{From: day("2026-01-01"), To: day("2026-12-31")}})
	gives(t, "receipts", receipts, err)
	takings, err := receivable.DayTakings(ctx, r, s, d.node, d.Clock.Today())
	gives(t, "takings", takings, err)
}

// The sub-district and the committee see totals and no names.
func TestTotalsWithoutNames(t *testing.T) {
	d := newDesk(t)
	d.bill("2026-05")
	committee := d.NewActor(t, access.Committee, d.node)
	for what, actor := range map[string]access.Actor{"sub-district": d.Actors[access.SubDistrictRole], "committee": committee} {
		t.Run(what, func(t *testing.T) {
			d.view(actor, func(ctx context.Context, r postgres.Reader, s access.Scope) error {
				total, err := receivable.ArrearsTotalOf(ctx, r, s, d.node)
				same(t, "total", total.Open.String(), "134.20")
				if err == nil {
					seesNoHousehold(t, d, ctx, r, s)
				}
				lines, err := receivable.Arrears(ctx, r, s, receivable.ArrearsFilter{EstateNode: d.node})
				gives(t, "arrears", lines, err)
				return err
			})
		})
	}
}

// The words behind entries are given to who may read the book, and to nobody else.
func TestWordsOfEntries(t *testing.T) {
	d := newDesk(t)
	d.pay(d.units[0], "50.00")
	d.bill("2026-06")
	wrong := d.pay(d.units[1], "32.83")
	d.reverse(wrong.Result.PaymentID)
	var lines []ledger.JournalLine
	words := func(actor access.Actor) (got map[string]bool) {
		d.view(actor, func(ctx context.Context, r postgres.Reader, s access.Scope) error {
			w, err := receivable.WordsOf(ctx, r, s, lines)
			got = map[string]bool{}
			for _, line := range lines {
				doc := w.Document(line)
				got[doc.What+" "+doc.Number] = true
				got[w.Dimension(line.CreditDimension)+w.Dimension(line.DebitDimension)] = true
			}
			return err
		})
		return got
	}
	d.view(d.accountant, func(ctx context.Context, r postgres.Reader, s access.Scope) (err error) {
		lines, err = ledger.Journal(ctx, r, s, ledger.JournalFilter{Book: d.book, Period: month("2026-06").Period()})
		return err
	})
	same(t, "entries", len(lines), 10) // 1 payment, 6 of bills, 1 of the prepayment, 1 payment, 1 reversal
	got := words(d.accountant)
	for _, want := range []string{"物业费 2026-06 ", "预存抵 物业费 2026-06 ", "收款 " + wrong.Result.ReceiptNo, "冲回收款 " + wrong.Result.ReceiptNo, "7-1-1017-1-101"} {
		if !got[want] {
			t.Errorf("no words %q in %v", want, got)
		}
	}
	for text := range words(d.Foreign.Actors[access.CompanyAccountant]) {
		if text != "" && text != "账单 " && text != "收款 " && text != "预存抵扣 " && text != "收款冲回 " {
			t.Errorf("a foreign accountant reads %q", text)
		}
	}
}
