package civil

import (
	"database/sql/driver"
	"fmt"
	"time"

	"estateledger/fault"
)

// Month is a month of the calendar. In the database it is the date of its first
// day; the zero Month means "no month" and is NULL there.
type Month struct {
	year  int16
	month int8
}

// MonthOf makes a month.
func MonthOf(year int, month time.Month) Month { return On(year, month, 1).Month() }

// ParseMonth reads 2026-07 and nothing else; code civil.month_invalid.
func ParseMonth(s string) (Month, error) {
	t, err := time.Parse("2006-01", s)
	if err != nil || t.Year() < 1900 || t.Year() > 2100 {
		return Month{}, fault.Invalid("civil.month_invalid", fmt.Sprintf("“%.40s”不是有效月份，请按 2026-07 的样子填写。", s))
	}
	return fromTime(t).Month(), nil
}

// MustMonth is ParseMonth for constants of the program and tests.
func MustMonth(s string) Month {
	m, err := ParseMonth(s)
	if err != nil {
		panic(err)
	}
	return m
}

// Year is the calendar year.
func (m Month) Year() int { return int(m.year) }

// MonthOfYear is the month of the year.
func (m Month) MonthOfYear() time.Month { return time.Month(m.month) }

// IsZero says that there is no month.
func (m Month) IsZero() bool { return m == Month{} }

// First is its first day.
func (m Month) First() Date {
	if m.IsZero() {
		return Date{}
	}
	return Date{m.year, m.month, 1}
}

// Last is its last day.
func (m Month) Last() Date { return m.Add(1).First().AddDays(-1) }

// Days is the number of its days, 28 to 31; 0 for no month.
func (m Month) Days() int { return m.Last().Day() }

// Add moves by n months; no month stays no month.
func (m Month) Add(n int) Month {
	if m.IsZero() {
		return m
	}
	return On(int(m.year), time.Month(int(m.month)+n), 1).Month()
}

// Until counts the months from m to n: 1 from a month to the next.
func (m Month) Until(n Month) int {
	return (int(n.year)-int(m.year))*12 + int(n.month) - int(m.month)
}

// Before says that m is earlier than n.
func (m Month) Before(n Month) bool { return m.Until(n) > 0 }

// After says that m is later than n.
func (m Month) After(n Month) bool { return m.Until(n) < 0 }

// Period is the month from its first to its last day.
func (m Month) Period() Period { return Period{m.First(), m.Last()} }

// String is 2026-07, empty for no month.
func (m Month) String() string {
	if m.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d", m.year, m.month)
}

// MarshalText is 2026-07.
func (m Month) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// UnmarshalText reads 2026-07; empty text is no month.
func (m *Month) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*m = Month{}
		return nil
	}
	parsed, err := ParseMonth(string(b))
	if err != nil {
		return err
	}
	*m = parsed
	return nil
}

// Value is the date of the first day.
func (m Month) Value() (driver.Value, error) { return m.First().Value() }

// Scan reads a date column that holds the first of a month.
func (m *Month) Scan(src any) error {
	var d Date
	if err := d.Scan(src); err != nil {
		return err
	}
	if d.IsZero() {
		*m = Month{}
		return nil
	}
	if d.Day() != 1 {
		return fmt.Errorf("civil.Month: %s is not the first of a month", d)
	}
	*m = d.Month()
	return nil
}
