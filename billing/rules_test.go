package billing_test

import (
	"context"
	"testing"

	"estateledger/access"
	"estateledger/civil"
	"estateledger/estate"
	"estateledger/ledger/money"
	"estateledger/postgres"
	"estateledger/receivable"
)

// entriesOf adds up the entries of a unit's charges by credit account.
func (d *desk) entriesOf(unit int64) map[string]string {
	d.t.Helper()
	var rows []struct {
		Slug    string     `db:"slug"`
		Amount  money.Yuan `db:"amount"`
		Entries int        `db:"entries"`
	}
	d.sql(func(ctx context.Context, r postgres.Reader) error {
		return r.Select(ctx, &rows, testQueries.Get("entries_of_charges"), map[string]any{"district": d.District, "unit": unit})
	})
	sums := map[string]string{}
	for _, row := range rows {
		sums[row.Slug] = row.Amount.String()
	}
	return sums
}

// statement is a household's account as it is printed.
func (d *desk) statement(unit int64, p civil.Period) receivable.Statement {
	d.t.Helper()
	var st receivable.Statement
	d.view(func(ctx context.Context, r postgres.Reader, s access.Scope) (err error) {
		st, err = receivable.StatementOf(ctx, r, s, unit, p)
		return err
	})
	return st
}

func TestRule38FirstMonthAfterTakeoverDailyOrNextMonth(t *testing.T) {
	d := newDesk(t)
	entry := day("2023-09-15")
	daily := d.found("甲村", entry, estate.Daily, "67.83")
	next := d.found("乙村", entry, estate.NextMonth, "67.83")
	for _, h := range []home{daily, next} {
		d.rate(h, estate.Residential, entry, "0.65", "0")
	}

	run := d.bill(daily, month("2023-09"))
	same(t, "run total", run.Total.String(), "23.51")
	c := d.charges(daily.units[0])
	if len(c) != 1 {
		t.Fatalf("%d charges, want 1", len(c))
	}
	same(t, "amount", c[0].Amount.String(), "23.51")
	same(t, "first day", c[0].Start, entry)
	same(t, "last day", c[0].End, day("2023-09-30"))
	same(t, "days", c[0].Days, 16)
	same(t, "days of the month", c[0].MonthDays, 30)
	same(t, "due", c[0].Due, day("2023-09-30"))
	same(t, "income", d.entriesOf(daily.units[0])["service_income"], "23.51")
	same(t, "receivable of the book", d.balance(daily, "receivable"), "23.51")
	st := d.statement(daily.units[0], civil.Period{From: day("2023-01-01"), To: day("2026-12-31")})
	same(t, "statement", st.Closing.String(), "23.51")

	if got := d.draft(next, month("2023-09")); !got.NothingToBill || got.RunID != 0 {
		t.Errorf("NEXT_MONTH: a draft of September %+v, want nothing to bill", got)
	}
	same(t, "NEXT_MONTH reason", reasonOf(d.preview(next, month("2023-09")), next.units[0]), "BEFORE_FEE_START")
	same(t, "October", d.bill(next, month("2023-10")).Total.String(), "44.09")
	same(t, "first day", d.charges(next.units[0])[0].Start, day("2023-10-01"))
}

func TestRule03EachBillIsRoundedHalfUp(t *testing.T) {
	d := newDesk(t)
	h := d.found("丙村", day("2024-01-01"), estate.Daily, "67.83", "50.50")
	d.rate(h, estate.Residential, day("2024-01-01"), "0.65", "0")
	for m := month("2025-01"); !m.After(month("2025-12")); m = m.Add(1) {
		d.bill(h, m)
	}
	sums := make([]money.Yuan, 2)
	for i, want := range []string{"44.09", "32.83"} {
		for _, c := range d.charges(h.units[i]) {
			same(t, "bill of "+c.Start.String(), c.Amount.String(), want)
			sums[i] = sums[i].Add(c.Amount)
		}
	}
	same(t, "12 bills", sums[0].String(), "529.08")
	same(t, "12 bills in the ledger", d.entriesOf(h.units[0])["service_income"], "529.08")
	same(t, "12 bills on the statement", d.statement(h.units[0], civil.Period{From: day("2025-01-01"), To: day("2026-12-31")}).Closing.String(), "529.08")
	same(t, "both in the ledger", d.balance(h, "receivable"), sums[0].Add(sums[1]).String())
}

func TestRule36VATIsInsideThePrice(t *testing.T) {
	d := newDesk(t)
	for _, c := range []struct{ name, vat, net, tax string }{
		{"一般计税", "0.06", "41.59", "2.50"},
		{"小规模", "0.01", "43.65", "0.44"},
		{"免税", "0", "44.09", ""},
	} {
		h := d.found(c.name, day("2026-01-01"), estate.Daily, "67.83")
		d.rate(h, estate.Residential, day("2026-01-01"), "0.65", c.vat)
		d.bill(h, month("2026-03"))
		charge := d.charges(h.units[0])[0]
		same(t, c.name+" gross", charge.Amount.String(), "44.09")
		same(t, c.name+" net", charge.Amount.Sub(charge.Tax).String(), c.net)
		if !charge.TaxRate.Equal(dec(c.vat)) {
			t.Errorf("%s: tax rate %s", c.name, charge.TaxRate)
		}
		entries := d.entriesOf(h.units[0])
		same(t, c.name+" income", entries["service_income"], c.net)
		same(t, c.name+" output tax", entries["output_tax"], c.tax)
		same(t, c.name+" statement", d.statement(h.units[0], civil.Period{From: day("2026-01-01"), To: day("2026-12-31")}).Closing.String(), "44.09")
	}
}

// The bills of a whole contract: prorated by day in the first month and in the
// last, the window as civil counts it, the total the sum of the rounded months.
func TestRule01ProrationOverTheServiceWindow(t *testing.T) {
	for _, c := range []struct {
		name, entry, end, first, last string
		months                        int
		total                         string
	}{
		// 67.83 × 0.65 × 16/30 = 23.5144, × 14/30 = 20.5751; 35 full months.
		{"九月", "2023-09-15", "2026-09-14", "23.51", "20.58", 37, "1587.24"},
		// 1/29 of a month first, then 36 full ones: February 2027 ends the window.
		{"闰日", "2024-02-29", "2027-02-28", "1.52", "44.09", 37, "1588.76"},
		// 15/29 first, 14/28 last.
		{"二月", "2024-02-15", "2027-02-14", "22.80", "22.04", 37, "1587.99"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := newDesk(t)
			h := d.found(c.name, day(c.entry), estate.Daily, "67.83")
			d.rate(h, estate.Residential, day(c.entry), "0.65", "0")
			window := civil.ServiceWindow(day(c.entry), 36)
			same(t, "window's end", window.To, day(c.end))
			for m := window.From.Month(); !m.After(window.To.Month()); m = m.Add(1) {
				if _, err := d.billNow(h, m); err != nil {
					t.Fatal(err)
				}
			}
			bills := d.charges(h.units[0])
			same(t, "bills", len(bills), c.months)
			same(t, "first bill", bills[0].Amount.String(), c.first)
			same(t, "last bill", bills[len(bills)-1].Amount.String(), c.last)
			same(t, "last day", bills[len(bills)-1].End, day(c.end))
			days := 0
			for _, b := range bills {
				days += b.Days
			}
			same(t, "days", days, window.Days())
			same(t, "total", d.balance(h, "receivable"), c.total)
			if after, err := d.billNow(h, window.To.Month().Add(1)); err != nil || !after.NothingToBill {
				t.Errorf("after the window: %+v, %v", after, err)
			}
		})
	}
}
