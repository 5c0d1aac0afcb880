package receivable_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"estateledger/access"
	"estateledger/billing"
	"estateledger/estate/estatetest"
	"estateledger/ledger/money"
	"estateledger/postgres"
	"estateledger/receivable"
)

func (d *desk) chargesOf(unit int64) (charges []receivable.Charge) {
	d.t.Helper()
	d.view(d.cashier, func(ctx context.Context, r postgres.Reader, s access.Scope) (err error) {
		charges, err = receivable.ChargesOf(ctx, r, s, unit, 100)
		return err
	})
	return charges
}

// statement is a household's statement: opening, lines as "date kind amount
// balance", closing.
func (d *desk) statement(unit int64, from, to string) string {
	d.t.Helper()
	var st receivable.Statement
	d.view(d.cashier, func(ctx context.Context, r postgres.Reader, s access.Scope) (err error) {
		p := month("2026-01").Period()
		p.From, p.To = day(from), day(to)
		st, err = receivable.StatementOf(ctx, r, s, unit, p)
		return err
	})
	parts, sum := []string{st.Opening.String()}, st.Opening
	for _, l := range st.Lines {
		parts = append(parts, fmt.Sprintf("%s %s %s %s", l.At, l.Kind, l.Amount, l.Balance))
		sum = sum.Add(l.Amount)
	}
	if !sum.Equal(st.Closing) {
		d.t.Errorf("the statement does not balance: %s and its lines are %s, closing %s", st.Opening, sum, st.Closing)
	}
	return strings.Join(append(parts, st.Closing.String()), "; ")
}

func TestAHouseholdsStatement(t *testing.T) {
	d := newDesk(t)
	unit := d.units[0]
	d.Clock.SetDay(day("2026-04-01"))
	d.bill("2026-04")
	d.Clock.SetDay(day("2026-05-01"))
	d.bill("2026-05")
	d.Clock.SetDay(day("2026-05-10"))
	paid := d.pay(unit, "100.00").Result
	d.Clock.SetDay(day("2026-06-02"))
	d.bill("2026-06")
	d.Clock.SetDay(day("2026-06-05"))
	d.reverse(paid.PaymentID)

	same(t, "May", d.statement(unit, "2026-05-01", "2026-05-31"),
		"44.09; 2026-05-01 bill 44.09 88.18; 2026-05-10 payment -100.00 -11.82; -11.82")
	same(t, "June", d.statement(unit, "2026-06-01", "2026-06-30"),
		"-11.82; 2026-06-02 bill 44.09 32.27; 2026-06-05 payment_reversed 100.00 132.27; 132.27")
	same(t, "July, when nothing happened", d.statement(unit, "2026-07-01", "2026-07-31"), "132.27; 132.27")
	same(t, "March, before everything", d.statement(unit, "2026-03-01", "2026-03-31"), "0.00; 0.00")
	same(t, "closing is what is owed", d.owed(unit), "132.27")
}

// owed is Σ open bills less the prepayment.
func (d *desk) owed(unit int64) string {
	sum := money.Zero
	for _, c := range d.openCharges(unit) {
		sum = sum.Add(c.Open())
	}
	return sum.Sub(money.MustYuan(d.prepaid(unit))).String()
}

// A run of July withdrawn in June: the statement of June must not give money
// back for a bill that it does not show.
func TestABillWithdrawnBeforeItsDayIsInOneMonthWithIt(t *testing.T) {
	d := newDesk(t)
	run := d.bill("2026-07")
	_, err := billing.Withdraw(context.Background(), d.Gate, d.manager, d.District, estatetest.Key(), billing.WithdrawRequest{Run: run.RunID, Reason: "单价录错"})
	d.must(err)
	same(t, "June", d.statement(d.units[0], "2026-06-01", "2026-06-30"), "0.00; 0.00")
	same(t, "July", d.statement(d.units[0], "2026-07-01", "2026-07-31"),
		"0.00; 2026-07-01 bill 44.09 44.09; 2026-07-01 withdrawn -44.09 0.00; 0.00")
}

func TestABillReversedLaterStandsUntilThen(t *testing.T) {
	d := newDesk(t)
	d.Clock.SetDay(day("2026-05-01"))
	d.bill("2026-05")
	d.Clock.SetDay(day("2026-06-20"))
	d.must(d.reverseCharge(d.manager, d.openCharges(d.units[0])[0].ChargeID, "空置"))
	same(t, "May", d.statement(d.units[0], "2026-05-01", "2026-05-31"), "0.00; 2026-05-01 bill 44.09 44.09; 44.09")
	same(t, "June", d.statement(d.units[0], "2026-06-01", "2026-06-30"), "44.09; 2026-06-20 reversed -44.09 0.00; 0.00")
}

func TestChargesKeepWhatWasWithdrawn(t *testing.T) {
	d := newDesk(t)
	run := d.bill("2026-06")
	_, err := billing.Withdraw(context.Background(), d.Gate, d.manager, d.District, estatetest.Key(), billing.WithdrawRequest{Run: run.RunID, Reason: "单价录错"})
	d.must(err)
	d.bill("2026-06")
	charges := d.chargesOf(d.units[0])
	same(t, "bills on record", len(charges), 2)
	same(t, "newest first, live", charges[0].Live() && !charges[1].Live(), true)
	same(t, "tax inside", charges[0].TaxAmount.String(), "2.50")
	d.view(d.cashier, func(ctx context.Context, r postgres.Reader, s access.Scope) error {
		c, err := receivable.ChargeOf(ctx, r, s, charges[1].ChargeID)
		same(t, "the withdrawn one", c.RunID, run.RunID)
		return err
	})
}
