package civil_test

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"

	"estateledger/civil"
	"estateledger/fault"
)

var day = civil.MustDate

func TestParseDateRefusesWhatIsNoDay(t *testing.T) {
	for _, bad := range []string{
		"", "2026-06-31", "2026-02-29", "2026-13-01", "2026-00-10", "2026-1-5", "26-01-05", "2026/01/05",
		"20260105", " 2026-01-05", "2026-01-05T00:00:00Z", "1899-12-31", "2101-01-01", "2026年1月5日", "２０２６-01-05",
	} {
		d, err := civil.ParseDate(bad)
		if fault.Code(err) != "civil.date_invalid" || !d.IsZero() {
			t.Errorf("%q: %v, %v", bad, d, err)
		}
	}
	for _, good := range []string{"1900-01-01", "2024-02-29", "2026-11-25", "2100-12-31"} {
		if d, err := civil.ParseDate(good); err != nil || d.String() != good {
			t.Errorf("%q: %v, %v", good, d, err)
		}
	}
}

func TestDateArithmetic(t *testing.T) {
	for _, c := range []struct {
		from string
		days int
		to   string
	}{
		{"2026-12-31", 1, "2027-01-01"}, {"2024-02-28", 1, "2024-02-29"}, {"2023-02-28", 1, "2023-03-01"},
		{"2024-03-01", -1, "2024-02-29"}, {"2023-09-15", 1096, "2026-09-15"}, {"2026-09-14", -180, "2026-03-18"},
		// clocks in Shanghai went forward on these days until 1991: a day is still a day
		{"1986-05-03", 2, "1986-05-05"}, {"1991-09-14", 2, "1991-09-16"},
	} {
		if got := day(c.from).AddDays(c.days); got != day(c.to) {
			t.Errorf("%s %+d days: got %s, want %s", c.from, c.days, got, c.to)
		}
		if got := day(c.from).DaysUntil(day(c.to)); got != c.days {
			t.Errorf("%s until %s: got %d, want %d", c.from, c.to, got, c.days)
		}
	}
	var none civil.Date
	if got := none.AddDays(3); !got.IsZero() {
		t.Errorf("no date moved by three days became %s", got)
	}
	if !none.Before(day("1900-01-01")) || none.After(day("1900-01-01")) {
		t.Error("no date does not sort before every date")
	}
	if day("2026-11-25").Weekday() != time.Wednesday {
		t.Error("2026-11-25 is a Wednesday")
	}
}

func TestDatesKeepTheirOrderAndDistance(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := drawDate(t, "a")
		n := rapid.IntRange(-20000, 20000).Draw(t, "n")
		b := a.AddDays(n)
		if a.DaysUntil(b) != n || b.DaysUntil(a) != -n || b.AddDays(-n) != a {
			t.Fatalf("%s %+d = %s does not come back", a, n, b)
		}
		if a.Before(b) != (n > 0) || a.After(b) != (n < 0) || (a == b) != (n == 0) {
			t.Fatalf("%s and %s, %d days apart, are in the wrong order", a, b, n)
		}
		if civil.Min(a, b).After(civil.Max(a, b)) {
			t.Fatalf("the earlier of %s and %s is the later", a, b)
		}
		if (a.String() < b.String()) != a.Before(b) {
			t.Fatalf("%s and %s sort otherwise as text", a, b)
		}
	})
}

func TestDateComesBackFromJSONAndFromTheDriver(t *testing.T) {
	type paper struct {
		On civil.Date `json:"on"`
	}
	var p paper
	if err := json.Unmarshal([]byte(`{"on":"2024-02-29"}`), &p); err != nil || p.On != day("2024-02-29") {
		t.Errorf("read %v, %v", p.On, err)
	}
	if b, _ := json.Marshal(p); string(b) != `{"on":"2024-02-29"}` {
		t.Errorf("written as %s", b)
	}
	if err := json.Unmarshal([]byte(`{"on":""}`), &p); err != nil || !p.On.IsZero() {
		t.Errorf("empty text gave %v, %v", p.On, err)
	}
	for _, bad := range []string{`{"on":"2026-06-31"}`, `{"on":20260630}`} {
		if err := json.Unmarshal([]byte(bad), &p); err == nil {
			t.Errorf("%s was accepted", bad)
		}
	}
	if v, err := day("2024-02-29").Value(); err != nil || v != "2024-02-29" {
		t.Errorf("value %v, %v", v, err)
	}
	if v, err := (civil.Date{}).Value(); err != nil || v != nil {
		t.Errorf("no date is %v, %v for the driver, want NULL", v, err)
	}
}

func TestScanTakesTheCalendarDayOfAnyZone(t *testing.T) {
	for _, src := range []any{
		"2026-09-14", []byte("2026-09-14"),
		time.Date(2026, 9, 14, 0, 0, 0, 0, time.UTC),
		time.Date(2026, 9, 14, 0, 0, 0, 0, time.FixedZone("", 0)),
		time.Date(2026, 9, 14, 0, 0, 0, 0, civil.Shanghai),
		time.Date(2026, 9, 14, 0, 0, 0, 0, time.FixedZone("far west", -12*3600)),
		time.Date(2026, 9, 14, 0, 0, 0, 0, time.FixedZone("far east", 14*3600)),
	} {
		var d civil.Date
		if err := d.Scan(src); err != nil || d != day("2026-09-14") {
			t.Errorf("%T %v: %v, %v", src, src, d, err)
		}
	}
	d := day("2026-09-14")
	if err := d.Scan(nil); err != nil || !d.IsZero() {
		t.Errorf("NULL: %v, %v", d, err)
	}
	for _, bad := range []any{"infinity", []byte("0044-03-15 BC"), int64(20260914), 1.5} {
		if err := d.Scan(bad); err == nil {
			t.Errorf("%T %v was accepted as %s", bad, bad, d)
		}
	}
}

func TestMustDatePanicsOnAWrongConstant(t *testing.T) {
	defer func() {
		err, _ := recover().(error)
		if !errors.Is(err, fault.Invalid("civil.date_invalid", "")) {
			t.Errorf("panicked with %v", err)
		}
	}()
	civil.MustDate("2026-06-31")
}

func drawDate(t *rapid.T, label string) civil.Date {
	return day("1950-01-01").AddDays(rapid.IntRange(0, 50000).Draw(t, label))
}
