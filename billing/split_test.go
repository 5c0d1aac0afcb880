package billing_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"estateledger/access"
	"estateledger/billing"
	"estateledger/civil"
	"estateledger/estate"
	"estateledger/estate/estatetest"
	"estateledger/fault"
	"estateledger/ledger/money"
	"estateledger/postgres"
)

// pieces are a unit's live charges as "first..last amount".
func (d *desk) pieces(unit int64) []string {
	d.t.Helper()
	var out []string
	for _, c := range d.charges(unit) {
		if c.State == 1 {
			out = append(out, fmt.Sprintf("%s..%s %s", c.Start, c.End, c.Amount))
		}
	}
	return out
}

func sameList(t testing.TB, what string, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

// 67.83 × 0.65 = 44.0895 a month.
func TestAnOwnerChangeSplitsTheMonthByDays(t *testing.T) {
	d := newDesk(t)
	h := d.village()
	d.title(h.units[0], day("2026-06-05"), day("2026-06-11"), "买方") // title on the 5th, bills agreed from the 11th
	d.bill(h, month("2026-06"))
	sameList(t, "pieces", d.pieces(h.units[0]), "2026-06-01..2026-06-10 14.70", "2026-06-11..2026-06-30 29.39")
	c := d.charges(h.units[0])
	if c[0].DebtorID == c[1].DebtorID {
		t.Error("seller and buyer owe under one title")
	}
	same(t, "seller's bill of May", d.bill(h, month("2026-05")).Count, 3)
	same(t, "seller owes May", d.charges(h.units[0])[0].DebtorID, c[0].DebtorID)
}

func TestAnAreaCorrectionSplitsTheMonth(t *testing.T) {
	d := newDesk(t)
	h := d.village()
	d.area(h.units[0], day("2026-06-16"), "70.00")
	d.area(h.units[1], day("2026-06-16"), "60.00")
	d.area(h.units[1], day("2026-06-16"), "51.00") // corrects the correction
	d.bill(h, month("2026-06"))
	sameList(t, "one correction", d.pieces(h.units[0]), "2026-06-01..2026-06-15 22.04", "2026-06-16..2026-06-30 22.75")
	sameList(t, "corrected twice", d.pieces(h.units[1]), "2026-06-01..2026-06-15 16.41", "2026-06-16..2026-06-30 16.58")
}

func TestASecondRateWithinTheMonth(t *testing.T) {
	d := newDesk(t)
	h := d.village()
	d.rate(h, estate.Residential, day("2026-07-21"), "0.80", "0.06")
	d.bill(h, july)
	// 44.0895 × 20/31, 54.264 × 11/31
	sameList(t, "pieces", d.pieces(h.units[0]), "2026-07-01..2026-07-20 28.44", "2026-07-21..2026-07-31 19.25")
	c := d.charges(h.units[0])
	if !c[0].UnitPrice.Equal(dec("0.65")) || !c[1].UnitPrice.Equal(dec("0.8")) {
		t.Errorf("prices %s and %s", c[0].UnitPrice, c[1].UnitPrice)
	}
}

// A correction of the title itself replaces it, its billing day too.
func TestACorrectedTitleIsBilledFromItsCorrectedDay(t *testing.T) {
	d := newDesk(t)
	h := d.village()
	d.title(h.units[0], day("2026-06-05"), day("2026-06-05"), "买方")
	d.title(h.units[0], day("2026-06-05"), day("2026-06-21"), "买方")
	d.bill(h, month("2026-06"))
	sameList(t, "pieces", d.pieces(h.units[0]), "2026-06-01..2026-06-20 29.39", "2026-06-21..2026-06-30 14.70")
}

func TestWhoIsNotBilledAndWhy(t *testing.T) {
	d := newDesk(t)
	h := d.village()
	noArea := d.addUnits(h, estate.Residential, "")[0]
	d.title(noArea, civil.Date{}, civil.Date{}, "甲")
	noOwner := d.addUnits(h, estate.Residential, "40.00")[0]
	unregistered := d.addUnits(h, estate.Residential, "41.00")[0]
	d.title(unregistered, civil.Date{}, civil.Date{}, "")
	shop := d.addUnits(h, estate.Shop, "120.05")[0]
	d.title(shop, civil.Date{}, civil.Date{}, "店主")
	same(t, "June", d.bill(h, month("2026-06")).Count, 3)

	rep := d.preview(h, july)
	for unit, want := range map[int64]string{noArea: "AREA_MISSING", noOwner: "OWNER_MISSING", unregistered: "OWNER_MISSING", shop: "RATE_MISSING", h.units[0]: ""} {
		same(t, fmt.Sprint("reason of ", unit), reasonOf(rep, unit), want)
	}
	same(t, "units", rep.Units, 7)
	same(t, "billed", rep.Billed, 3)
	for _, c := range rep.Checks {
		same(t, "check "+c.Code, c.OK, true)
	}
	for _, g := range rep.Skipped {
		for _, s := range g.Units {
			if s.Why(july) == "" || g.Name() == "" {
				t.Errorf("%s has no words", g.Reason)
			}
		}
	}
	same(t, "owner first, then rate", rep.Skipped[1].Reason, billing.OwnerMissing)
	same(t, "their area", rep.Skipped[1].Area.String(), "81")

	d.contract(h, civil.Date{}, day("2026-08-31"), estate.Daily, 0)
	same(t, "after the contract", reasonOf(d.preview(h, month("2026-09")), h.units[0]), "CONTRACT_MISSING")
	d.bill(h, july)
	again := d.preview(h, july)
	same(t, "billed already", reasonOf(again, h.units[0]), "ALREADY_BILLED")
	same(t, "nothing left", again.Count, 0)
	same(t, "last month of it", again.Skipped[len(again.Skipped)-1].Units[0].LastMonth.String(), "44.09")
}

// What was owed before the cut-over comes in as opening, from no run.
func TestNoRunBillsADayBeforeTheCutOver(t *testing.T) {
	d := newDesk(t)
	h := d.foundFrom("切换村", day("2026-01-15"), day("2026-03-11"), estate.Daily, "67.83")
	d.rate(h, estate.Residential, day("2026-01-15"), "0.65", "0.06")
	same(t, "before", reasonOf(d.preview(h, month("2026-02")), h.units[0]), "BEFORE_FEE_START")
	same(t, "February", d.draft(h, month("2026-02")).NothingToBill, true)
	d.bill(h, month("2026-03"))
	sameList(t, "March", d.pieces(h.units[0]), "2026-03-11..2026-03-31 29.87") // 44.0895 × 21/31
}

// A title recorded after the month was billed does not bill the buyer's days
// again; the preview says so.
func TestAnOwnerChangeAfterTheBillIsNamed(t *testing.T) {
	d := newDesk(t)
	h := d.village()
	d.bill(h, month("2026-06"))
	d.title(h.units[0], day("2026-06-05"), day("2026-06-11"), "买方")
	rep := d.preview(h, month("2026-06"))
	same(t, "reason", reasonOf(rep, h.units[0]), "OVERLAP")
	same(t, "nothing to bill", d.draft(h, month("2026-06")).NothingToBill, true)
	sameList(t, "pieces", d.pieces(h.units[0]), "2026-06-01..2026-06-30 44.09")
}

func TestThePreviewBridgesFromLastMonth(t *testing.T) {
	d := newDesk(t)
	h := d.village()
	leaving := d.addUnits(h, estate.Residential, "40.00")[0]
	d.title(leaving, civil.Date{}, civil.Date{}, "要走的")
	d.bill(h, month("2026-05"))
	d.area(h.units[0], day("2026-06-01"), "70.00")
	d.title(leaving, day("2026-06-01"), day("2026-06-01"), "") // sold, the buyer is not registered yet
	coming := d.addUnits(h, estate.Residential, "30.00")[0]
	d.title(coming, civil.Date{}, civil.Date{}, "新来的")

	rep := d.preview(h, month("2026-06"))
	c := rep.Comparison
	same(t, "last month", c.Last.String(), "160.20")
	same(t, "this month", c.This.String(), "155.11")
	same(t, "preview", rep.Total.String(), "155.11")
	want := map[billing.Cause]string{billing.LeftOut: "-26.00", billing.Added: "19.50", billing.Area: "1.41"}
	sum := c.Last
	for _, step := range c.Steps {
		same(t, string(step.Cause), step.Amount.String(), want[step.Cause])
		same(t, "units of "+step.Name(), step.Units, 1)
		sum = sum.Add(step.Amount)
	}
	same(t, "steps", len(c.Steps), len(want))
	same(t, "the bridge holds", sum.String(), c.This.String())

	d.view(func(ctx context.Context, r postgres.Reader, s access.Scope) error {
		lines, err := billing.PreviewLines(ctx, r, s, h.estate, month("2026-06"))
		same(t, "lines", len(lines), rep.Count)
		var total money.Yuan
		for _, l := range lines {
			total = total.Add(l.Amount)
		}
		same(t, "sum of the lines", total.String(), rep.Total.String())
		return err
	})
}

// history is what was recorded about one unit and its rates, as an oracle keeps it.
type history struct {
	areas  []estate.AreaRecord
	titles []titleRow
}

type titleRow struct {
	from, billFrom civil.Date
	owned          bool
}

// oracle computes a unit's bills of a month day by day from the history alone.
func (h history) oracle(m civil.Month, rates []rateRow, window civil.Period) []string {
	type state struct {
		area, title, rate int
	}
	at := func(on civil.Date) (s state, ok bool) {
		s = state{-1, -1, -1}
		for i, a := range h.areas { // later rows replace earlier ones of the same day
			if !a.ValidFrom.After(on) && (s.area < 0 || !a.ValidFrom.Before(h.areas[s.area].ValidFrom)) {
				s.area = i
			}
		}
		for i, title := range h.titles {
			replaced := slices.ContainsFunc(h.titles[i+1:], func(later titleRow) bool { return later.from == title.from })
			if !replaced && !title.billFrom.After(on) && (s.title < 0 || title.from.After(h.titles[s.title].from)) {
				s.title = i
			}
		}
		for i, r := range rates {
			if !r.from.After(on) && (s.rate < 0 || !r.from.Before(rates[s.rate].from)) {
				s.rate = i
			}
		}
		return s, window.Contains(on) && s.area >= 0 && s.title >= 0 && s.rate >= 0 && h.titles[s.title].owned
	}
	var out []string
	for from := m.First(); !from.After(m.Last()); {
		s, ok := at(from)
		to := from
		for next, _ := at(to.AddDays(1)); !to.AddDays(1).After(m.Last()) && next == s && window.Contains(to.AddDays(1)) == window.Contains(from); next, _ = at(to.AddDays(1)) {
			to = to.AddDays(1)
		}
		if ok {
			amount := money.Prorate(h.areas[s.area].Area, rates[s.rate].rate, from.DaysUntil(to)+1, m.Days(), money.FenHalfUp)
			out = append(out, fmt.Sprintf("%s..%s %s", from, to, amount))
		}
		from = to.AddDays(1)
	}
	return out
}

type rateRow struct {
	from civil.Date
	rate decimal.Decimal
}

// Whatever is recorded about areas, titles and rates in whatever order, a month
// bills what a day-by-day reckoning bills.
func TestPreviewEqualsADayByDayOracle(t *testing.T) {
	d := newDesk(t)
	h := d.found("随机村", day("2026-03-10"), estate.Daily)
	rates := []rateRow{{day("2026-03-20"), dec("0.65")}, {day("2026-05-11"), dec("0.7333")}}
	for _, r := range rates {
		d.rate(h, estate.Residential, r.from, r.rate.String(), "0.06")
	}
	window := civil.ServiceWindow(h.entry, 36)
	ctx := context.Background()
	someDay := rapid.Custom(func(t *rapid.T) civil.Date { return day("2026-02-25").AddDays(rapid.IntRange(0, 115).Draw(t, "day")) })
	check := func(rt *rapid.T) {
		var known history
		first := rapid.SampledFrom([]string{"", "67.83", "50.50"}).Draw(rt, "first area")
		unit := d.addUnits(h, estate.Residential, first)[0]
		if first != "" {
			known.areas = append(known.areas, estate.AreaRecord{ValidFrom: estate.UnknownStart, Area: dec(first)})
		}
		for range rapid.IntRange(1, 5).Draw(rt, "records") {
			on := someDay.Draw(rt, "from")
			if rapid.Bool().Draw(rt, "area") {
				area := dec(rapid.SampledFrom([]string{"67.83", "88.12", "50.50", "33.33"}).Draw(rt, "m²"))
				_, err := d.Service.RecordArea(ctx, d.System, estatetest.Key(), estate.RecordArea{District: d.District, UnitID: unit, ValidFrom: on,
					Area: area, Source: estate.Survey, Reason: "实测"})
				if accepted(rt, err) {
					known.areas = append(known.areas, estate.AreaRecord{ValidFrom: on, Area: area})
				}
				continue
			}
			row := titleRow{on, on.AddDays(rapid.IntRange(0, 20).Draw(rt, "bill later")), rapid.IntRange(0, 4).Draw(rt, "owned") > 0}
			req := estate.RecordOwnership{District: d.District, UnitID: unit, ValidFrom: on, BillFrom: row.billFrom}
			if row.owned {
				req.Owners = []estate.OwnerShare{{Person: &estate.NewPerson{Name: "某人"}}}
			}
			_, err := d.Service.RecordOwnership(ctx, d.System, estatetest.Key(), req)
			if accepted(rt, err) {
				known.titles = append(known.titles, row)
			}
		}
		for m := month("2026-03"); m.Before(month("2026-07")); m = m.Add(1) {
			var got []string
			d.view(func(ctx context.Context, r postgres.Reader, s access.Scope) error {
				lines, err := billing.PreviewLines(ctx, r, s, h.estate, m)
				for _, l := range lines {
					if l.UnitID == unit {
						got = append(got, fmt.Sprintf("%s..%s %s", l.SegmentStart, l.SegmentEnd, l.Amount))
					}
				}
				return err
			})
			if want := known.oracle(m, rates, window); !slices.Equal(got, want) {
				rt.Fatalf("%s: got %v, want %v", m, got, want)
			}
		}
	}
	rapid.Check(t, check)
	for m := month("2026-03"); m.Before(month("2026-07")); m = m.Add(1) {
		run := d.bill(h, m)
		count, _, once := d.estateTotals(h)
		if count != once || run.Count == 0 {
			t.Errorf("%s: %d bills in the run, %d in all of which %d differ", m, run.Count, count, once)
		}
	}
}

// accepted says that the register took the record; a refusal by its rules is
// no error here.
func accepted(t *rapid.T, err error) bool {
	if err == nil {
		return true
	}
	if _, ok := fault.As(err); !ok {
		t.Fatal(err)
	}
	return false
}
