package estate

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"estateledger/civil"
	"estateledger/fault"
)

// UnknownStart is the first day of a fact whose beginning nobody knows: it was
// so before the register began. Pages show it as 自始.
var UnknownStart = civil.On(1900, 1, 1)

// invalid makes the refusal of one field.
func invalid(reason, message, field string) error {
	return fault.Invalid("estate."+reason, message).At(field)
}

// tidy trims and closes up blanks, so that two spellings of a name are one.
func tidy(s string) string { return strings.Join(strings.Fields(s), " ") }

// checkName refuses an empty, overlong or unprintable name.
func checkName(what, name, field string) error {
	switch {
	case name == "":
		return invalid("name_missing", "请填写"+what+"。", field)
	case utf8.RuneCountInString(name) > 100:
		return invalid("name_too_long", what+"不能超过 100 个字。", field)
	case strings.ContainsFunc(name, unicode.IsControl):
		return invalid("name_unprintable", what+"里有看不见的字符，请重新输入。", field)
	}
	return nil
}

// checkText refuses an overlong free text.
func checkText(what, text, field string, most int) error {
	if utf8.RuneCountInString(text) > most {
		return invalid("text_too_long", fmt.Sprintf("%s不能超过 %d 个字。", what, most), field)
	}
	return nil
}

var maxUnitArea = decimal.RequireFromString("99999.99")

// CheckUnitArea refuses a floor area (m²) that is not positive, larger than
// 99,999.99 or has more than two decimals.
func CheckUnitArea(area decimal.Decimal, field string) error {
	switch {
	case area.Sign() <= 0:
		return invalid("area_not_positive", "建筑面积必须大于 0。", field)
	case area.GreaterThan(maxUnitArea):
		return invalid("area_too_large", "一套房屋的建筑面积不能超过 99,999.99 ㎡，请核对。", field)
	case !area.Equal(area.Truncate(2)):
		return invalid("area_decimals", "建筑面积最多两位小数。", field)
	}
	return nil
}

// checkCount refuses a number of buildings, stairs or units that cannot be.
func checkCount(what string, n *int, most int, field string) error {
	if n != nil && (*n < 0 || *n > most) {
		return invalid("count_absurd", fmt.Sprintf("%s应在 0 到 %d 之间，请核对。", what, most), field)
	}
	return nil
}

// first answers the first error.
func first(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
