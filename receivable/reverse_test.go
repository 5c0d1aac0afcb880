package receivable_test

import (
	"context"
	"testing"

	"estateledger/access"
	"estateledger/billing"
	"estateledger/estate/estatetest"
	"estateledger/fault"
	"estateledger/ledger"
	"estateledger/receivable"
)

// Rule 37: a receipt of 44.09 posted to the wrong room.
func TestRule37CorrectionsReverse(t *testing.T) {
	d := newDesk(t)
	d.charge(d.units[0], 1, "2026-04-01", "2026-04-30", "2026-04-01", "44.09")
	d.charge(d.units[1], 1, "2026-04-01", "2026-04-30", "2026-04-01", "44.09")
	req := d.request(d.units[0], "44.09")
	req.BusinessDate = day("2026-05-10")
	wrong, err := d.take(req)
	d.must(err)
	d.close("2026-04", "2026-05")
	before := d.balance(ledger.Cash, "2026-05-31")

	back := d.reverse(wrong.Result.PaymentID)
	right := d.pay(d.units[1], "44.09")
	same(t, "wrong", d.entries(wrong.ActID), "2026-05-10 cash(cash) receivable 44.09")
	same(t, "reversal", d.entries(back.ActID), "2026-06-20 cash(cash) receivable -44.09")
	same(t, "right", d.entries(right.ActID), "2026-06-20 cash(cash) receivable 44.09")
	same(t, "answer", back.Result.Amount.String()+" "+back.Result.PostingDate.String(), "44.09 2026-06-20")
	same(t, "reopened", back.Result.Reopened, 1)
	same(t, "May's cash as it was closed", d.balance(ledger.Cash, "2026-05-31"), before)
	same(t, "cash", d.balance(ledger.Cash, "2026-06-30"), "44.09")
	same(t, "open", d.open(d.units[0])+"|"+d.open(d.units[1]), "2026-04 44.09|")
	rows := d.receipts()
	same(t, "both receipts are kept", len(rows) == 2 && rows[0].Number == 1 && rows[1].Number == 2, true)

	arg := map[string]any{"district": d.District, "payment": wrong.Result.PaymentID}
	for _, change := range []string{"change_payment", "delete_receipt", "change_allocation"} {
		if err := d.asOwner(change, arg); err == nil {
			t.Errorf("%s: a document was changed", change)
		}
	}
}

// What the payment had prepaid is gone into later bills by then: the newest uses
// are taken back first, what is left over settles the oldest debt again.
func TestReversingAPaymentWhosePrepaymentIsUsed(t *testing.T) {
	d := newDesk(t)
	unit := d.units[0]
	first := d.pay(unit, "60.00").Result
	same(t, "prepaid", first.Prepaid.String(), "60.00")
	d.bill("2026-05", "2026-06") // 44.09 and 15.91 of it
	same(t, "open", d.open(unit), "2026-06 28.18")
	d.pay(unit, "40.00") // 28.18, and 11.82 ahead
	same(t, "prepaid", d.prepaid(unit), "11.82")
	d.reverse(first.PaymentID)
	same(t, "open", d.open(unit), "2026-05 32.27, 2026-06 15.91")
	same(t, "prepaid", d.prepaid(unit), "0.00")
	same(t, "cash", d.balance(ledger.Cash, "2026-06-30"), "40.00")
	same(t, "receivable", d.balance(ledger.Receivable, "2026-06-30"), "228.40") // 2 × 134.20 − 40.00
}

func TestReversingLeavesAPrepaymentThatIsStillThere(t *testing.T) {
	d := newDesk(t)
	d.pay(d.units[0], "60.00")
	second := d.pay(d.units[0], "30.00").Result
	d.bill("2026-06")
	d.reverse(second.PaymentID)
	same(t, "open and prepaid", d.open(d.units[0])+"|"+d.prepaid(d.units[0]), "|15.91")
}

func TestReversalRefusals(t *testing.T) {
	d := newDesk(t)
	paid := d.pay(d.units[0], "10.00").Result
	reverse := func(actor access.Actor, payment int64, reason string) error {
		_, err := receivable.ReversePayment(context.Background(), d.Gate, actor, d.District, estatetest.Key(),
			receivable.ReversePaymentRequest{PaymentID: payment, Reason: reason})
		return err
	}
	refused(t, reverse(d.accountant, paid.PaymentID, " \t"), "receivable.reason_missing", "reason")
	refused(t, reverse(d.accountant, 999999, "没有"), "receivable.payment_not_found", "")
	refused(t, reverse(d.cashier, paid.PaymentID, "自己收错"), "access.forbidden", "")
	refused(t, reverse(d.Foreign.Actors[access.CompanyAccountant], paid.PaymentID, "别家"), "access.forbidden", "")
	same(t, "nothing happened", d.prepaid(d.units[0]), "10.00")
	d.must(reverse(d.manager, paid.PaymentID, "收错了"))
	refused(t, reverse(d.manager, paid.PaymentID, "再冲一次"), "receivable.already_reversed", "")
	same(t, "prepaid", d.prepaid(d.units[0]), "0.00")
}

func TestTwoClerksReverseOnePaymentAtOnce(t *testing.T) {
	d := newDesk(t)
	d.bill("2026-06")
	paid := d.pay(d.units[0], "50.00").Result
	done := 0
	for _, err := range inParallel(6, func(int) error {
		_, err := receivable.ReversePayment(context.Background(), d.Gate, d.accountant, d.District, estatetest.Key(),
			receivable.ReversePaymentRequest{PaymentID: paid.PaymentID, Reason: "收错了"})
		return err
	}) {
		if err == nil {
			done++
			continue
		}
		refused(t, err, "receivable.already_reversed", "")
	}
	same(t, "reversed", done, 1)
	same(t, "cash", d.balance(ledger.Cash, "2026-06-30"), "0.00")
	same(t, "open", d.open(d.units[0]), "2026-06 44.09")
}

func (d *desk) reverseCharge(actor access.Actor, charge int64, reason string) error {
	_, err := receivable.ReverseCharge(context.Background(), d.Gate, actor, d.District, estatetest.Key(),
		receivable.ReverseChargeRequest{ChargeID: charge, Reason: reason})
	return err
}

func TestReverseCharge(t *testing.T) {
	d := newDesk(t)
	d.bill("2026-05", "2026-06")
	open := d.openCharges(d.units[0])
	d.must(d.reverseCharge(d.manager, open[0].ChargeID, "面积录错"))
	same(t, "open", d.open(d.units[0]), "2026-06 44.09")
	same(t, "receivable", d.balance(ledger.Receivable, "2026-06-30"), "224.31") // 2 × 134.20 − 44.09
	same(t, "income and tax", d.balance(ledger.ServiceIncome, "2026-06-30")+" "+d.balance(ledger.OutputTax, "2026-06-30"), "-211.61 -12.70")
	refused(t, d.reverseCharge(d.manager, open[0].ChargeID, "再来"), "receivable.charge_not_live", "")

	same(t, "billed again", d.bill("2026-05").Count, 1)
	d.pay(d.units[0], "1.00")
	refused(t, d.reverseCharge(d.manager, d.openCharges(d.units[0])[0].ChargeID, "交过一元"), "receivable.run_paid", "")
	refused(t, d.reverseCharge(d.manager, open[1].ChargeID, " "), "receivable.reason_missing", "reason")
	refused(t, d.reverseCharge(d.manager, 999999, "没有"), "receivable.charge_not_found", "")
	refused(t, d.reverseCharge(d.cashier, open[1].ChargeID, "收费员"), "access.forbidden", "")
	refused(t, d.reverseCharge(d.Foreign.Actors[access.CompanyManager], open[1].ChargeID, "别家"), "access.forbidden", "")
}

func TestReversingAChargeGivesThePrepaymentBack(t *testing.T) {
	d := newDesk(t)
	d.pay(d.units[0], "50.00")
	d.bill("2026-05", "2026-06") // 44.09 and 5.91 of it
	same(t, "open", d.open(d.units[0]), "2026-06 38.18")
	charges := d.chargesOf(d.units[0])
	d.must(d.reverseCharge(d.manager, charges[1].ChargeID, "空置"))
	same(t, "it settles the other month", d.open(d.units[0])+"|"+d.prepaid(d.units[0]), "|5.91")
}

func TestARunIsWithdrawnOnlyWhileNobodyHasPaid(t *testing.T) {
	d := newDesk(t)
	d.pay(d.units[1], "40.00")
	run := d.bill("2026-06") // the prepayment settles 32.83: no payment, no obstacle
	paid := d.pay(d.units[0], "0.01").Result
	withdraw := func() error {
		_, err := billing.Withdraw(context.Background(), d.Gate, d.manager, d.District, estatetest.Key(), billing.WithdrawRequest{Run: run.RunID, Reason: "单价录错"})
		return err
	}
	refused(t, withdraw(), "receivable.run_paid", "")
	same(t, "still owed", d.open(d.units[0]), "2026-06 44.08")
	d.reverse(paid.PaymentID)
	d.must(withdraw())
	same(t, "owed", d.open(d.units[0])+d.open(d.units[1])+d.open(d.units[2]), "")
	same(t, "the prepayment is back", d.prepaid(d.units[1]), "40.00")
	same(t, "receivable", d.balance(ledger.Receivable, "2026-06-30"), "0.00")
	same(t, "income", d.balance(ledger.ServiceIncome, "2026-06-30"), "0.00")
	same(t, "the month can be billed again", d.bill("2026-06").Count, 3)
	same(t, "and the prepayment settles it", d.prepaid(d.units[1]), "7.17")
}

// A payment and a withdrawal at the same moment: one of them comes first, and
// the other is judged by what it finds.
func TestAPaymentMeetsAWithdrawal(t *testing.T) {
	d := newDesk(t)
	for range 5 {
		run := d.bill("2026-06")
		var withdrawn error
		for _, err := range inParallel(2, func(i int) error {
			if i == 0 {
				_, withdrawn = billing.Withdraw(context.Background(), d.Gate, d.manager, d.District, estatetest.Key(),
					billing.WithdrawRequest{Run: run.RunID, Reason: "错"})
				return nil
			}
			out, err := d.take(d.request(d.units[0], "44.09"))
			if err == nil {
				defer d.reverse(out.Result.PaymentID)
			}
			return err
		}) {
			d.must(err)
		}
		if withdrawn != nil {
			same(t, "refused because paid", fault.Code(withdrawn), "receivable.run_paid")
			_, err := billing.Withdraw(context.Background(), d.Gate, d.manager, d.District, estatetest.Key(), billing.WithdrawRequest{Run: run.RunID, Reason: "错"})
			d.must(err)
		}
		same(t, "owed and prepaid", d.open(d.units[0])+"|"+d.prepaid(d.units[0]), "|0.00")
	}
}
