package money

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/shopspring/decimal"

	"estateledger/fault"
)

var (
	plain     = regexp.MustCompile(`^-?[0-9]{1,16}(\.[0-9]+)?$`)
	separated = regexp.MustCompile(`^-?[0-9]+([,，][0-9]+)+(\.[0-9]+)?$`)
)

// ParseDecimal reads a plain decimal number with at most scale decimals, for
// areas (m²), rates and shares. Spaces around it are ignored. Nothing is guessed
// or mended: thousands separators, full-width digits, signs of currency and
// exponents are refused, and so are zeros beyond the scale, whose writer meant
// more than would be kept. Codes money.amount_invalid, money.too_many_decimals.
func ParseDecimal(s string, scale int32) (decimal.Decimal, error) {
	text := strings.TrimSpace(s)
	if !plain.MatchString(text) {
		return decimal.Zero, fault.Invalid("money.amount_invalid", whyNoNumber(text))
	}
	d, err := decimal.NewFromString(text)
	if err != nil {
		return decimal.Zero, fault.Invalid("money.amount_invalid", whyNoNumber(text)).Because(err)
	}
	if -d.Exponent() <= scale {
		return d, nil
	}
	if scale == 0 {
		return decimal.Zero, fault.Invalid("money.too_many_decimals", fmt.Sprintf("“%.40s”有小数，这里只能填整数。", text))
	}
	return decimal.Zero, fault.Invalid("money.too_many_decimals", fmt.Sprintf("“%.40s”的小数超过 %d 位。", text, scale))
}

// whyNoNumber says what is wrong in the words of whoever typed it.
func whyNoNumber(text string) string {
	switch {
	case text == "":
		return "没有填数字。"
	case separated.MatchString(text):
		return fmt.Sprintf("“%.40s”里有千位分隔的逗号，请去掉逗号，例如 1234.50。", text)
	case strings.ContainsAny(text, "０１２３４５６７８９．－"):
		return fmt.Sprintf("“%.40s”里有全角字符，请改用半角数字和小数点，例如 1234.50。", text)
	case strings.ContainsAny(text, "¥￥元"):
		return fmt.Sprintf("“%.40s”里有货币符号，请只写数字和小数点，例如 1234.50。", text)
	}
	return fmt.Sprintf("“%.40s”不是数字，请只写数字和小数点，例如 1234.50。", text)
}
