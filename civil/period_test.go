package civil_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"estateledger/civil"
)

func span(from, to string) civil.Period { return civil.Period{From: day(from), To: day(to)} }

func TestServiceWindowCountsTheDayOfEntry(t *testing.T) {
	for _, c := range []struct {
		entry  string
		months int
		last   string
	}{
		{"2023-09-15", 36, "2026-09-14"},
		{"2024-02-29", 36, "2027-02-28"}, // no 29 February in 2027
		{"2024-02-29", 48, "2028-02-28"}, // there is one: the day before it
		{"2024-02-15", 36, "2027-02-14"},
		{"2024-01-01", 36, "2026-12-31"},
		{"2024-03-01", 36, "2027-02-28"},
		{"2024-01-31", 1, "2024-02-29"},
		{"2023-01-31", 1, "2023-02-28"},
		{"2023-01-29", 1, "2023-02-28"},
		{"2023-01-28", 1, "2023-02-27"},
		{"2023-08-31", 1, "2023-09-30"},
		{"2023-12-31", 12, "2024-12-30"},
	} {
		if got := civil.ServiceWindow(day(c.entry), c.months); got != span(c.entry, c.last) {
			t.Errorf("%s and %d months: until %s, want %s", c.entry, c.months, got.To, c.last)
		}
	}
	if got := civil.ServiceWindow(civil.Date{}, 36); got != (civil.Period{}) {
		t.Errorf("a window without an entry: %v", got)
	}
}

// Months of service follow each other without gap or overlap, from the days
// that every month has; the window is their whole.
func TestServiceWindowsOfFollowingMonthsMeet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		entry := drawDate(t, "entry")
		n := rapid.IntRange(1, 60).Draw(t, "months")
		window := civil.ServiceWindow(entry, n)
		next := civil.ServiceWindow(entry, n+1)
		if !window.To.Before(next.To) {
			t.Fatalf("%s: %d months end on %s, one more on %s", entry, n, window.To, next.To)
		}
		after := window.To.AddDays(1)
		if entry.Day() <= 28 && (after.Day() != entry.Day() || entry.Month().Until(after.Month()) != n) {
			t.Fatalf("%s and %d months: the day after is %s", entry, n, after)
		}
		if until := entry.Month().Until(window.To.Month()); until < n-1 || until > n {
			t.Fatalf("%s and %d months end on %s", entry, n, window.To)
		}
	})
}

func TestPeriodBasics(t *testing.T) {
	june := span("2026-06-01", "2026-06-30")
	for _, c := range []struct {
		name   string
		other  civil.Period
		shared int
	}{
		{"itself", june, 30},
		{"last day only", span("2026-06-30", "2026-08-01"), 1},
		{"first day only", span("2026-01-01", "2026-06-01"), 1},
		{"inside", span("2026-06-10", "2026-06-12"), 3},
		{"around", span("2026-01-01", "2026-12-31"), 30},
		{"the day before", span("2026-05-01", "2026-05-31"), 0},
		{"the day after", span("2026-07-01", "2026-07-31"), 0},
		{"ends before it begins", span("2026-06-20", "2026-06-10"), 0},
		{"without a beginning", civil.Period{To: day("2026-06-10")}, 0},
		{"without an end", civil.Period{From: day("2026-06-10")}, 0},
		{"none", civil.Period{}, 0},
	} {
		for _, pair := range [][2]civil.Period{{june, c.other}, {c.other, june}} {
			both, ok := pair[0].Intersect(pair[1])
			if both.Days() != c.shared || ok != (c.shared > 0) || pair[0].Overlaps(pair[1]) != ok {
				t.Errorf("%s: %v shares %d days (%v), want %d", c.name, both, both.Days(), ok, c.shared)
			}
		}
	}
	if span("2026-06-20", "2026-06-10").Contains(day("2026-06-15")) || (civil.Period{}).Contains(civil.Date{}) {
		t.Error("an empty period contains a day")
	}
	if !june.Contains(day("2026-06-01")) || !june.Contains(day("2026-06-30")) || june.Contains(day("2026-07-01")) {
		t.Error("June does not hold exactly its days")
	}
}

func TestSplitAtBeginsAPartAtEachDay(t *testing.T) {
	year := span("2026-01-01", "2026-12-31")
	got := year.SplitAt(day("2026-09-15"), day("2026-03-01"), day("2026-09-15"), day("2026-01-01"), day("2027-01-01"), day("2025-06-01"), civil.Date{})
	want := []civil.Period{span("2026-01-01", "2026-02-28"), span("2026-03-01", "2026-09-14"), span("2026-09-15", "2026-12-31")}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if got := year.SplitAt(); !slices.Equal(got, []civil.Period{year}) {
		t.Errorf("without days: %v", got)
	}
	if got := year.SplitAt(day("2026-12-31")); len(got) != 2 || got[1].Days() != 1 {
		t.Errorf("at the last day: %v", got)
	}
	if got := span("2026-06-20", "2026-06-10").SplitAt(day("2026-06-15")); got != nil {
		t.Errorf("an empty period has parts: %v", got)
	}
}

func TestPartsCoverThePeriodOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from := drawDate(t, "from")
		p := civil.Period{From: from, To: from.AddDays(rapid.IntRange(0, 400).Draw(t, "length"))}
		var starts []civil.Date
		for _, n := range rapid.SliceOfN(rapid.IntRange(-50, 450), 0, 8).Draw(t, "starts") {
			starts = append(starts, from.AddDays(n))
		}
		given := slices.Clone(starts)
		parts := p.SplitAt(starts...)
		if !slices.Equal(starts, given) {
			t.Fatal("the days of the caller were reordered")
		}
		next := p.From
		for _, part := range parts {
			if part.From != next || part.Days() < 1 {
				t.Fatalf("%v: part %v should begin on %s", p, part, next)
			}
			next = part.To.AddDays(1)
		}
		if next != p.To.AddDays(1) {
			t.Fatalf("%v: the parts end before %s", p, next)
		}
		for _, s := range starts {
			begins := slices.ContainsFunc(parts, func(part civil.Period) bool { return part.From == s })
			if begins != p.Contains(s) {
				t.Fatalf("%v: %s begins a part: %v", p, s, begins)
			}
		}
	})
}
