package money

import (
	"database/sql/driver"
	"fmt"
	"io"
	"strings"

	"github.com/shopspring/decimal"

	"estateledger/fault"
)

// Yuan is an amount of money in yuan with at most two decimals. Compare with
// Equal or Cmp, not with ==.
type Yuan struct{ decimal.Decimal }

// Zero is 0.00.
var Zero = Yuan{}

// largest is the biggest amount the books take.
var largest = decimal.RequireFromString("9999999999.99")

// FromDecimal takes a decimal that has at most two decimals; it panics on
// others, since cutting a fen silently is a defect: round first.
func FromDecimal(d decimal.Decimal) Yuan {
	if !d.Equal(d.Truncate(2)) {
		panic("money.FromDecimal: " + d.String() + " is not rounded to fen")
	}
	return Yuan{d}
}

// Fen makes an amount from a whole number of fen.
func Fen(fen int64) Yuan { return Yuan{decimal.New(fen, -2)} }

// ParseYuan reads "1234.50": at most two decimals, no thousands separators, no
// exponent, at most 9,999,999,999.99 either way. Spaces around it are ignored.
// Codes money.amount_invalid, money.too_many_decimals, money.amount_too_large.
func ParseYuan(s string) (Yuan, error) {
	d, err := ParseDecimal(s, 2)
	if err != nil {
		return Zero, err
	}
	if d.Abs().GreaterThan(largest) {
		return Zero, fault.Invalid("money.amount_too_large", "金额超过 9,999,999,999.99 元，请检查是否多写了几位。")
	}
	return Yuan{d}, nil
}

// MustYuan is ParseYuan for constants of the program and tests.
func MustYuan(s string) Yuan {
	y, err := ParseYuan(s)
	if err != nil {
		panic(err)
	}
	return y
}

// Add is y + x.
func (y Yuan) Add(x Yuan) Yuan { return Yuan{y.Decimal.Add(x.Decimal)} }

// Sub is y − x.
func (y Yuan) Sub(x Yuan) Yuan { return Yuan{y.Decimal.Sub(x.Decimal)} }

// Neg is −y.
func (y Yuan) Neg() Yuan { return Yuan{y.Decimal.Neg()} }

// Cmp is -1, 0 or 1 as y is less than, equal to or more than x.
func (y Yuan) Cmp(x Yuan) int { return y.Decimal.Cmp(x.Decimal) }

// Equal says that the amounts are the same.
func (y Yuan) Equal(x Yuan) bool { return y.Cmp(x) == 0 }

// Sum adds amounts.
func Sum(amounts ...Yuan) Yuan {
	total := Zero
	for _, a := range amounts {
		total = total.Add(a)
	}
	return total
}

// String is "1234.50", for machines.
func (y Yuan) String() string { return y.StringFixed(2) }

// Format prints String for every verb; without it the embedded decimal would
// print itself, dropping trailing zeros.
func (y Yuan) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, y.String()) }

// MarshalJSON is the string "1234.50".
func (y Yuan) MarshalJSON() ([]byte, error) { return []byte(`"` + y.String() + `"`), nil }

// UnmarshalJSON reads the string "1234.50"; a bare number is refused, because
// its sender may have gone through floating point.
func (y *Yuan) UnmarshalJSON(b []byte) error {
	text := string(b)
	if len(text) < 2 || text[0] != '"' || text[len(text)-1] != '"' {
		return fault.Invalid("money.amount_not_string", "金额要写成字符串，例如 \"1234.50\"。")
	}
	return y.UnmarshalText([]byte(text[1 : len(text)-1]))
}

// MarshalText is "1234.50".
func (y Yuan) MarshalText() ([]byte, error) { return []byte(y.String()), nil }

// UnmarshalText is ParseYuan.
func (y *Yuan) UnmarshalText(b []byte) error {
	parsed, err := ParseYuan(string(b))
	if err != nil {
		return err
	}
	*y = parsed
	return nil
}

// Value hands the driver "1234.50".
func (y Yuan) Value() (driver.Value, error) { return y.String(), nil }

// Scan reads a numeric column. NULL is refused, and so is an amount with more
// than two decimals: a query that did not round is a defect, and cutting here
// would hide it.
func (y *Yuan) Scan(src any) error {
	var d decimal.Decimal
	if err := d.Scan(src); err != nil {
		return fmt.Errorf("money.Yuan: cannot read %v: %w", src, err)
	}
	if !d.Equal(d.Truncate(2)) {
		return fmt.Errorf("money.Yuan: %s is not rounded to fen", d)
	}
	*y = Yuan{d}
	return nil
}

// Format is the amount for people: 1,234.50, with U+2212 as minus.
func Format(y Yuan) string {
	digits := y.Abs().StringFixed(2)
	whole, cents := digits[:len(digits)-3], digits[len(digits)-3:]
	var b strings.Builder
	if y.Sign() < 0 {
		b.WriteString("−")
	}
	for i, r := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(r)
	}
	return b.String() + cents
}
