package civil

import (
	"database/sql/driver"
	"fmt"
	"time"

	"estateledger/fault"
)

// Date is a day of the calendar. The zero Date means "no date" and is NULL in
// the database. Dates are comparable with ==.
type Date struct {
	year  int16
	month int8
	day   int8
}

// On makes a date; a day that does not exist is moved on as time.Date does.
func On(year int, month time.Month, day int) Date {
	return fromTime(time.Date(year, month, day, 0, 0, 0, 0, time.UTC))
}

func fromTime(t time.Time) Date {
	return Date{int16(t.Year()), int8(t.Month()), int8(t.Day())}
}

// ParseDate reads 2026-11-25 and nothing else; 31 June is refused with code
// civil.date_invalid, and so are years outside 1900–2100.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil || t.Year() < 1900 || t.Year() > 2100 {
		return Date{}, fault.Invalid("civil.date_invalid", fmt.Sprintf("“%.40s”不是有效日期，请按 2026-11-25 的样子填写。", s))
	}
	return fromTime(t), nil
}

// MustDate is ParseDate for constants of the program and tests.
func MustDate(s string) Date {
	d, err := ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

func (d Date) time() time.Time {
	return time.Date(int(d.year), time.Month(d.month), int(d.day), 0, 0, 0, 0, time.UTC)
}

// Year is the calendar year.
func (d Date) Year() int { return int(d.year) }

// Day is the day of the month.
func (d Date) Day() int { return int(d.day) }

// Month is the month the date lies in.
func (d Date) Month() Month { return Month{d.year, d.month} }

// Weekday is the day of the week.
func (d Date) Weekday() time.Weekday { return d.time().Weekday() }

// IsZero says that there is no date.
func (d Date) IsZero() bool { return d == Date{} }

// String is 2026-11-25, empty for no date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return d.time().Format(time.DateOnly)
}

// Compare is -1, 0 or 1 as d is before, on or after e; no date is before every
// date.
func (d Date) Compare(e Date) int { return d.time().Compare(e.time()) }

// Before says that d is earlier than e.
func (d Date) Before(e Date) bool { return d.Compare(e) < 0 }

// After says that d is later than e.
func (d Date) After(e Date) bool { return d.Compare(e) > 0 }

// AddDays moves by n days; no date stays no date.
func (d Date) AddDays(n int) Date {
	if d.IsZero() {
		return d
	}
	return fromTime(d.time().AddDate(0, 0, n))
}

// DaysUntil counts the days from d to e: 1 from a day to the next, negative
// when e is earlier. Both must be dates.
func (d Date) DaysUntil(e Date) int { return int(e.time().Sub(d.time()) / (24 * time.Hour)) }

// Min is the earlier of two dates.
func Min(a, b Date) Date {
	if b.Before(a) {
		return b
	}
	return a
}

// Max is the later of two dates.
func Max(a, b Date) Date {
	if b.After(a) {
		return b
	}
	return a
}

// MarshalText is the ISO form, so that JSON carries "2026-11-25".
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads the ISO form; empty text is no date.
func (d *Date) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*d = Date{}
		return nil
	}
	parsed, err := ParseDate(string(b))
	if err != nil {
		return err
	}
	*d = parsed
	return nil
}

// Value hands the ISO form to the driver, so that no time zone touches it.
func (d Date) Value() (driver.Value, error) {
	if d.IsZero() {
		return nil, nil
	}
	return d.String(), nil
}

// Scan reads a date column. lib/pq gives midnight in some zone: the calendar
// fields count, not the instant.
func (d *Date) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*d = Date{}
	case time.Time:
		*d = fromTime(v)
	case string:
		return d.UnmarshalText([]byte(v))
	case []byte:
		return d.UnmarshalText(v)
	default:
		return fmt.Errorf("civil.Date: cannot read %T", src)
	}
	return nil
}
