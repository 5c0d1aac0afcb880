package sheet

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"estateledger/civil"
)

// value is a cell read as its column wants it.
type value struct {
	shown   string // as the file has it
	given   bool   // not blank and not bad
	text    string // Text; the code of a Choice
	whole   int64
	decimal decimal.Decimal
	date    civil.Date
	month   civil.Month
}

// read fills the value from a cell; the answer is the reason why it cannot, in the user's words.
func (v *value) read(c cell, column *Column) (reason string) {
	*v = value{shown: trim(c.text)}
	if v.shown == "" || column.Kind != Text && column.Kind != Choice && onlyDashes(v.shown) {
		if column.Required {
			return "不能为空"
		}
		return ""
	}
	if c.kind == failedCell {
		return "公式没有算出结果，请改填数值"
	}
	if strings.ContainsRune(v.shown, utf8.RuneError) {
		return "有认不出的字，请重新填写"
	}
	switch column.Kind {
	case Text:
		reason = v.readText(c)
	case Int:
		reason = v.readInt(c)
	case Decimal:
		reason = v.readDecimal(c, column)
	case Date:
		reason = v.readDate(c)
	case Month:
		reason = v.readMonth(c)
	case Choice:
		reason = v.readChoice(column)
	}
	v.given = reason == ""
	return reason
}

// onlyDashes stand for "nothing" in bank statements.
func onlyDashes(s string) bool { return strings.Trim(s, "-—–/") == "" }

// scientific is how a spreadsheet program shows and saves a long number that it was not told to keep as text.
var scientific = regexp.MustCompile(`^[+-]?\d(\.\d+)?[Ee]\+?\d{1,3}$`)

func (v *value) readText(c cell) string {
	switch {
	case utf8.RuneCountInString(v.shown) > maxCellText:
		return "文字太长"
	case c.kind == dateCell && !strings.Contains(v.shown, ":"):
		return "被 Excel 当成了日期，请把这一列设为文本格式后重新填写"
	case c.kind == numberCell:
		n, err := parseStored(v.shown)
		if err != nil {
			return "不是能认出的数字"
		}
		if n.Abs().GreaterThanOrEqual(longestKept) {
			return "号码超过 15 位，被 Excel 存成了数字，末尾几位已丢失，请把这一列设为文本格式后重新填写"
		}
		v.text = n.String()
		v.shown = v.text
		return ""
	case strings.Contains(v.shown, "+") && scientific.MatchString(v.shown):
		return "号码被 Excel 存成了科学计数法，请把这一列设为文本格式后重新填写"
	}
	v.text = v.shown
	return ""
}

// longestKept is the first number with digits that a spreadsheet program does not keep.
var longestKept = decimal.New(1, 15)

func (v *value) readInt(c cell) string {
	n, reason := parseNumber(c, v.shown)
	if reason != "" {
		return reason
	}
	if !n.IsInteger() {
		return "应为整数"
	}
	if n.Abs().GreaterThan(decimal.New(1, 18)) {
		return "数字太大"
	}
	v.whole = n.IntPart()
	return ""
}

func (v *value) readDecimal(c cell, column *Column) string {
	shown, percent := strings.CutSuffix(plain(v.shown), "%")
	if !percent {
		shown = v.shown
	}
	n, reason := parseNumber(c, shown)
	if reason != "" {
		return reason
	}
	if percent && parseTitle(column.Header).unit != "%" {
		n = n.Shift(-2)
	}
	v.decimal = n
	if c.kind == numberCell {
		v.shown = n.String()
	}
	return ""
}

var (
	plainNumber   = regexp.MustCompile(`^[+-]?(\d{1,20}(\.\d{0,20})?|\.\d{1,20})$`)
	groupedNumber = regexp.MustCompile(`^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$`)
)

// parseNumber takes a number from its digits. Thousands separators are accepted where they separate thousands.
func parseNumber(c cell, shown string) (decimal.Decimal, string) {
	if c.kind == numberCell {
		n, err := parseStored(shown)
		if err != nil {
			return n, "不是能认出的数字"
		}
		return n, ""
	}
	digits := strings.TrimSuffix(plain(shown), "元")
	sign := ""
	if rest, signed := strings.CutPrefix(digits, "-"); signed {
		sign, digits = "-", rest
	}
	digits = sign + strings.TrimLeft(digits, "¥￥")
	if groupedNumber.MatchString(digits) {
		digits = strings.ReplaceAll(digits, ",", "")
	}
	switch {
	case scientific.MatchString(digits):
		return decimal.Decimal{}, "是科学计数法，位数可能已丢失，请填完整的数字"
	case !plainNumber.MatchString(digits):
		return decimal.Decimal{}, "应为数字"
	}
	n, err := decimal.NewFromString(digits)
	if err != nil {
		return n, "应为数字"
	}
	return n, ""
}

var storedNumber = regexp.MustCompile(`^-?\d{1,330}(\.\d{1,330})?([Ee][+-]?\d{1,3})?$`)

var errNoNumber = errors.New("not a stored number")

// parseStored takes a number as an xlsx stores it and undoes what binary floating point has done to it (see the
// package's documentation).
func parseStored(raw string) (decimal.Decimal, error) {
	raw = strings.TrimSpace(raw)
	if !storedNumber.MatchString(raw) {
		return decimal.Decimal{}, errNoNumber
	}
	n, err := decimal.NewFromString(raw)
	if err != nil {
		return decimal.Decimal{}, err
	}
	switch {
	case n.Exponent() > 25:
		return decimal.Decimal{}, errNoNumber
	case n.Exponent() < -30:
		return n.Round(10), nil
	}
	digits := n.NumDigits()
	if digits <= 12 {
		return n, nil
	}
	// The number is coefficient × 10^exponent; 15 of its digits end at this decimal.
	places := 15 - int32(digits) - n.Exponent()
	return n.Round(min(places, 10)), nil
}

var (
	dateParts  = regexp.MustCompile(`^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$`)
	dateDigits = regexp.MustCompile(`^(\d{4})(\d{2})(\d{2})$`)
	timeBehind = regexp.MustCompile(`^(.*?[\d日])(?:[ T]+)\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?$`)
	monthParts = regexp.MustCompile(`^(\d{4})(?:[-/.年](\d{1,2})月?|(\d{2}))$`)
)

const wantDate = "应为日期，写成 2026-11-24 的样子"

func (v *value) readDate(c cell) string {
	shown := halfWidth(v.shown)
	if c.kind == numberCell {
		// 2026 is a year that somebody typed, 46350 a day whose date format was lost: only the days of 1950 to
		// 2100 are believed.
		if day, ok := serialDate(shown, false); ok && day > "1950" && day < "2101" {
			shown = day
		}
	}
	if m := timeBehind.FindStringSubmatch(shown); m != nil {
		shown = m[1]
	}
	m := dateParts.FindStringSubmatch(strings.ReplaceAll(shown, " ", ""))
	if m == nil {
		m = dateDigits.FindStringSubmatch(shown)
	}
	if m == nil {
		return wantDate
	}
	date, err := civil.ParseDate(fmt.Sprintf("%s-%02s-%02s", m[1], m[2], m[3]))
	if err != nil {
		return "没有这一天（或不在 1900 至 2100 年之间）"
	}
	v.date = date
	return ""
}

func halfWidth(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '！' && r <= '～' {
			return r - '！' + '!'
		}
		return r
	}, s)
}

func (v *value) readMonth(c cell) string {
	shown := strings.ReplaceAll(halfWidth(v.shown), " ", "")
	if c.kind == dateCell {
		first, isFirst := strings.CutSuffix(shown, "-01")
		if !isFirst {
			return "应为月份，写成 2026-07 的样子"
		}
		shown = first
	}
	m := monthParts.FindStringSubmatch(shown)
	if m == nil {
		return "应为月份，写成 2026-07 的样子"
	}
	month, err := civil.ParseMonth(fmt.Sprintf("%s-%02s", m[1], m[2]+m[3]))
	if err != nil {
		return "没有这个月份（或不在 1900 至 2100 年之间）"
	}
	v.month = month
	return ""
}

func (v *value) readChoice(column *Column) string {
	wanted := plain(v.shown)
	for _, option := range column.Choices {
		if plain(option.Word) == wanted {
			v.text = option.Code
			return ""
		}
	}
	return "只能填：" + strings.Join(column.words(), "、")
}

// dayNumber writes the day that a spreadsheet counts as number, from its 30 December 1899.
func dayNumber(number int) string {
	return civil.On(1899, time.December, 30).AddDays(number).String()
}

func clock(seconds int64) string {
	return fmt.Sprintf("%02d:%02d:%02d", seconds/3600, seconds/60%60, seconds%60)
}
