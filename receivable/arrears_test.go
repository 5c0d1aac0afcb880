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

func (d *desk) arrears(f receivable.ArrearsFilter) (lines []receivable.ArrearsLine, total receivable.ArrearsTotal) {
	d.t.Helper()
	f.EstateNode = d.node
	d.view(d.cashier, func(ctx context.Context, r postgres.Reader, s access.Scope) (err error) {
		if lines, err = receivable.Arrears(ctx, r, s, f); err == nil {
			total, err = receivable.ArrearsTotalOf(ctx, r, s, d.node)
		}
		return err
	})
	return lines, total
}

func TestArrearsAreTheOpenBills(t *testing.T) {
	d := newDesk(t)
	d.bill("2026-04", "2026-05", "2026-06")
	d.pay(d.units[0], "50.00")
	d.pay(d.units[1], "98.49") // all he owes
	lines, total := d.arrears(receivable.ArrearsFilter{})
	same(t, "households", len(lines), 2)
	same(t, "worst", lines[0].UnitCode+" "+lines[0].Open.String()+" "+fmt.Sprint(lines[0].Months), "9-1-101 171.84 3")
	same(t, "other", lines[1].UnitCode+" "+lines[1].Open.String()+" "+lines[1].EarliestDue.String(), "7-1-101 82.27 2026-05-31")
	sum := money.Zero
	for _, unit := range d.units {
		for _, c := range d.openCharges(unit) {
			sum = sum.Add(c.Open())
		}
	}
	same(t, "Σ open bills", total.Open.String(), sum.String())
	same(t, "Σ lines", lines[0].Open.Add(lines[1].Open).String(), sum.String())
	same(t, "total", fmt.Sprint(total.Households, total.Months), "2 5")
	d.view(d.cashier, func(ctx context.Context, r postgres.Reader, s access.Scope) error {
		owed, err := receivable.OwedBy(ctx, r, s, d.units)
		same(t, "who owes", len(owed), 2)
		same(t, "owed and overdue", owed[d.units[0]].Open.String()+" "+owed[d.units[0]].Overdue.String(), "82.27 38.18")
		return err
	})
}

// bucket names where an ageing holds money.
func bucket(a receivable.Ageing) string {
	var names []string
	for _, b := range []struct {
		name   string
		amount money.Yuan
	}{{"not due", a.NotDue}, {"≤3", a.To3}, {"≤12", a.To12}, {"≤24", a.To24}, {"≤36", a.To36}, {">36", a.Over36}} {
		if b.amount.Sign() != 0 {
			names = append(names, b.name+" "+b.amount.String())
		}
	}
	return strings.Join(names, ", ")
}

func TestAgeingBoundaries(t *testing.T) {
	d := newDesk(t)
	d.charge(d.units[0], 1, "2026-06-01", "2026-06-30", "2026-06-20", "44.09")
	for _, c := range []struct{ today, bucket string }{
		{"2026-06-20", "not due"}, {"2026-06-30", "not due"}, // due today is not overdue
		{"2026-07-01", "≤3"}, {"2026-09-30", "≤3"}, {"2026-10-01", "≤12"},
		{"2027-06-30", "≤12"}, {"2027-07-01", "≤24"}, {"2028-06-30", "≤24"}, {"2028-07-01", "≤36"},
		{"2029-06-30", "≤36"}, {"2029-07-01", ">36"},
	} {
		d.Clock.SetDay(day(c.today))
		lines, total := d.arrears(receivable.ArrearsFilter{})
		same(t, c.today, bucket(lines[0].Ageing), c.bucket+" 44.09")
		same(t, c.today+" in all", bucket(total.Ageing), c.bucket+" 44.09")
		overdue, _ := d.arrears(receivable.ArrearsFilter{OverdueOnly: true})
		same(t, c.today+" overdue", len(overdue) == 1, c.bucket != "not due")
	}
}

func TestArrearsByPagesAndByRoomNumber(t *testing.T) {
	d := newDesk(t)
	for _, unit := range d.units { // two of them owe the same
		amount := "20.00"
		if unit == d.units[1] {
			amount = "90.00"
		}
		d.charge(unit, 1, "2026-05-01", "2026-05-31", "2026-06-20", amount)
	}
	var got []int64
	f := receivable.ArrearsFilter{Limit: 1}
	for range 4 {
		lines, _ := d.arrears(f)
		if len(lines) == 0 {
			break
		}
		got = append(got, lines[0].UnitID)
		f.AfterOpen, f.AfterUnit = lines[0].Open, lines[0].UnitID
	}
	same(t, "each once, worst first", fmt.Sprint(got), fmt.Sprint([]int64{d.units[1], d.units[2], d.units[0]}))
	lines, _ := d.arrears(receivable.ArrearsFilter{Code: "8-"})
	same(t, "building 8", len(lines) == 1 && lines[0].UnitID == d.units[1], true)
	lines, _ = d.arrears(receivable.ArrearsFilter{Code: "%"})
	same(t, "a character of patterns is none", len(lines), 0)
}

func (d *desk) collection(first, last string) receivable.Collection {
	d.t.Helper()
	var list []receivable.Collection
	d.view(d.accountant, func(ctx context.Context, r postgres.Reader, s access.Scope) (err error) {
		list, err = receivable.CollectionsOver(ctx, r, s, month(first), month(last), d.node)
		return err
	})
	if len(list) != 1 {
		d.t.Fatalf("%d lines of one estate", len(list))
	}
	return list[0]
}

// Rule 26: bills of May 19 321.29; received in May 6 800 for May and 3 000 for
// 2025. The rate is 35.2 %, not 50.7 %.
func TestRule26TheRateExcludesOldArrears(t *testing.T) {
	d := newDesk(t)
	d.charge(d.units[0], 1, "2025-12-01", "2025-12-31", "2026-05-02", "3000.00")
	d.charge(d.units[0], 1, "2026-05-01", "2026-05-31", "2026-05-02", "19321.29")
	d.Clock.SetDay(day("2026-05-20"))
	d.pay(d.units[0], "9800.00")
	c := d.collection("2026-05", "2026-05")
	same(t, "billed", c.Billed.String(), "19321.29")
	same(t, "collected", c.Collected.String(), "6800.00")
	same(t, "recovered apart", c.Recovered.String(), "3000.00")
	same(t, "rate", c.Rate(), "35.2")
	same(t, "open", c.Open.String()+" "+fmt.Sprint(c.Debtors), "12521.29 1")
	same(t, "overdue: due at the end of May", c.Overdue.String()+" "+fmt.Sprint(c.OverdueDebtors), "0.00 0")
	same(t, "taken today", c.TakenToday.String()+" "+fmt.Sprint(c.PaymentsToday), "9800.00 1")
	same(t, "2025", d.collection("2025-12", "2025-12").Rate(), "100.0")
	same(t, "a month without bills", d.collection("2026-01", "2026-01").Rate(), "")
	over := d.collection("2025-12", "2026-05")
	same(t, "over both", over.Billed.String()+" "+over.Collected.String()+" "+over.Recovered.String(), "22321.29 9800.00 0.00")

	var months []string
	d.view(d.accountant, func(ctx context.Context, r postgres.Reader, s access.Scope) error {
		list, err := receivable.CollectedByMonth(ctx, r, s, d.node, month("2025-11"), month("2026-06"))
		for _, m := range list {
			months = append(months, fmt.Sprintf("%s %s %s %d %s", m.Month, m.Billed, m.Collected, m.Households, m.Recovered))
		}
		return err
	})
	same(t, "by month", strings.Join(months, "; "), "2026-05 19321.29 6800.00 1 3000.00; 2025-12 3000.00 3000.00 1 0.00")
}

func TestCollectionOfWhatIsReversedPrepaidAndClosed(t *testing.T) {
	d := newDesk(t)
	d.bill("2026-05")
	wrong := d.pay(d.units[0], "44.09").Result
	d.pay(d.units[1], "40.00") // 32.83 and 7.17 ahead
	d.reverse(wrong.PaymentID)
	d.close("2026-05")
	c := d.collection("2026-05", "2026-05")
	same(t, "billed", c.Billed.String()+" "+fmt.Sprint(c.Households), "134.20 3")
	same(t, "collected", c.Collected.String()+" "+c.Rate(), "32.83 24.5")
	same(t, "prepaid", c.Prepaid.String()+" "+fmt.Sprint(c.Prepayers), "7.17 1")
	same(t, "taken, the reversed left out", c.TakenToday.String()+" "+fmt.Sprint(c.PaymentsToday), "40.00 1")
	same(t, "overdue", c.Overdue.String()+" "+fmt.Sprint(c.OverdueDebtors), "101.37 2")
	same(t, "closed", c.ClosedThrough, civil.MustMonth("2026-05"))
}
