package web

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"estateledger/civil"
	"estateledger/fault"
	"estateledger/ledger/money"
)

// Fields parses what was typed, field by field, and collects what is wrong, so
// that a form is answered with all its faults at once. An empty text is the
// zero value; Need says where it may not be.
type Fields struct {
	wrong []*fault.Error
}

// note keeps a refusal at its field.
func (f *Fields) note(field string, err error) {
	e, ok := fault.As(err)
	if !ok {
		e = fault.Invalid("server.field_invalid", "这一项填得不对。").Because(err)
	}
	f.wrong = append(f.wrong, e.At(field))
}

// Need refuses an empty text.
func (f *Fields) Need(field, text, what string) string {
	text = strings.TrimSpace(text)
	if text == "" {
		f.note(field, fault.Invalid("server.field_missing", "请填"+what+"。"))
	}
	return text
}

// Date reads a date, 2026-11-25.
func (f *Fields) Date(field, text string) civil.Date {
	return parse(f, field, text, civil.ParseDate)
}

// Month reads a month, 2026-07.
func (f *Fields) Month(field, text string) civil.Month {
	return parse(f, field, text, civil.ParseMonth)
}

// Yuan reads an amount, 1234.50.
func (f *Fields) Yuan(field, text string) money.Yuan {
	return parse(f, field, text, money.ParseYuan)
}

// Decimal reads a plain decimal number, 0.50: no sign, no exponent, at most six
// decimals.
func (f *Fields) Decimal(field, text string) decimal.Decimal {
	return parse(f, field, text, func(s string) (decimal.Decimal, error) {
		if !plainDecimal.MatchString(s) {
			return decimal.Zero, fault.Invalid("server.decimal_invalid", "请填数字，例如 0.50。")
		}
		return decimal.NewFromString(s)
	})
}

var plainDecimal = regexp.MustCompile(`^[0-9]{1,12}(\.[0-9]{1,6})?$`)

// ID reads an id as it goes out: a positive whole number in a string.
func (f *Fields) ID(field, text string) int64 {
	return parse(f, field, text, func(s string) (int64, error) {
		id, err := strconv.ParseInt(s, 10, 64)
		if err != nil || id <= 0 {
			return 0, fault.Invalid("server.id_invalid", "编号不对，请从列表里选。")
		}
		return id, nil
	})
}

// Count reads a whole number from least to most.
func (f *Fields) Count(field, text string, least, most int) int {
	return parse(f, field, text, func(s string) (int, error) {
		n, err := strconv.Atoi(s)
		if err != nil || n < least || n > most {
			return 0, fault.Invalid("server.count_invalid",
				"请填 "+strconv.Itoa(least)+" 到 "+strconv.Itoa(most)+" 之间的整数。")
		}
		return n, nil
	})
}

func parse[T any](f *Fields, field, text string, read func(string) (T, error)) T {
	var zero T
	text = strings.TrimSpace(text)
	if text == "" {
		return zero
	}
	v, err := read(text)
	if err != nil {
		f.note(field, err)
		return zero
	}
	return v
}

// Err is nil when everything was well, the one fault at its field, or the first
// with all of them as details.
func (f *Fields) Err() error {
	if len(f.wrong) == 0 {
		return nil
	}
	first := f.wrong[0]
	if len(f.wrong) == 1 {
		return first
	}
	details := make([]fault.Detail, len(f.wrong))
	for i, w := range f.wrong {
		details[i] = fault.Detail{Field: w.Field, Message: w.Message}
	}
	return first.With(details...)
}
