package civil_test

import (
	"encoding/json"
	"testing"
	"time"

	"pgregory.net/rapid"

	"estateledger/civil"
	"estateledger/fault"
)

var month = civil.MustMonth

func TestParseMonthRefusesWhatIsNoMonth(t *testing.T) {
	for _, bad := range []string{"", "2026-13", "2026-00", "2026-7", "2026-07-01", "202607", "1899-12", "2101-01", "七月"} {
		m, err := civil.ParseMonth(bad)
		if fault.Code(err) != "civil.month_invalid" || !m.IsZero() {
			t.Errorf("%q: %v, %v", bad, m, err)
		}
	}
}

func TestMonthEnds(t *testing.T) {
	for _, c := range []struct {
		month, first, last string
		days               int
	}{
		{"2023-02", "2023-02-01", "2023-02-28", 28}, {"2024-02", "2024-02-01", "2024-02-29", 29},
		{"2026-09", "2026-09-01", "2026-09-30", 30}, {"2026-12", "2026-12-01", "2026-12-31", 31},
		{"2000-02", "2000-02-01", "2000-02-29", 29}, {"2100-02", "2100-02-01", "2100-02-28", 28},
	} {
		m := month(c.month)
		if m.First() != day(c.first) || m.Last() != day(c.last) || m.Days() != c.days || m.Period().Days() != c.days {
			t.Errorf("%s: %s to %s, %d days", m, m.First(), m.Last(), m.Days())
		}
	}
	var none civil.Month
	if !none.First().IsZero() || !none.Last().IsZero() || !none.Add(1).IsZero() || none.Days() != 0 || none.String() != "" {
		t.Errorf("no month has %s to %s, %d days", none.First(), none.Last(), none.Days())
	}
}

func TestMonthArithmetic(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := drawDate(t, "day").Month()
		n := rapid.IntRange(-400, 400).Draw(t, "n")
		k := m.Add(n)
		if m.Until(k) != n || k.Add(-n) != m {
			t.Fatalf("%s %+d = %s does not come back", m, n, k)
		}
		if m.Before(k) != (n > 0) || m.After(k) != (n < 0) {
			t.Fatalf("%s and %s are in the wrong order", m, k)
		}
		if m.Last().AddDays(1) != m.Add(1).First() {
			t.Fatalf("%s ends on %s but %s begins on %s", m, m.Last(), m.Add(1), m.Add(1).First())
		}
	})
	if got := month("2026-11").Add(3); got != month("2027-02") || got != civil.MonthOf(2027, time.February) {
		t.Errorf("three months after 2026-11: %s", got)
	}
	if m := month("2026-11"); m.Year() != 2026 || m.MonthOfYear() != time.November {
		t.Errorf("%d, %s", m.Year(), m.MonthOfYear())
	}
}

func TestMonthIsTheFirstOfTheMonthInTheDatabase(t *testing.T) {
	if v, err := month("2026-07").Value(); err != nil || v != "2026-07-01" {
		t.Errorf("value %v, %v", v, err)
	}
	if v, err := (civil.Month{}).Value(); err != nil || v != nil {
		t.Errorf("no month is %v, %v for the driver, want NULL", v, err)
	}
	var m civil.Month
	for _, src := range []any{"2026-07-01", []byte("2026-07-01"), time.Date(2026, 7, 1, 0, 0, 0, 0, civil.Shanghai)} {
		if err := m.Scan(src); err != nil || m != month("2026-07") {
			t.Errorf("%v: %v, %v", src, m, err)
		}
	}
	if err := m.Scan("2026-07-02"); err == nil {
		t.Error("the second of July was read as a month")
	}
	if err := m.Scan(nil); err != nil || !m.IsZero() {
		t.Errorf("NULL: %v, %v", m, err)
	}
}

func TestMonthInJSON(t *testing.T) {
	var m civil.Month
	if err := json.Unmarshal([]byte(`"2026-07"`), &m); err != nil || m != month("2026-07") {
		t.Errorf("read %v, %v", m, err)
	}
	if b, _ := json.Marshal(m); string(b) != `"2026-07"` {
		t.Errorf("written as %s", b)
	}
	if err := json.Unmarshal([]byte(`"2026-07-01"`), &m); fault.Code(err) != "civil.month_invalid" {
		t.Errorf("a day in place of a month: %v", err)
	}
	if err := json.Unmarshal([]byte(`""`), &m); err != nil || !m.IsZero() {
		t.Errorf("empty text gave %v, %v", m, err)
	}
}
