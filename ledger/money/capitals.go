package money

import "strings"

var (
	capitalDigits = []rune("零壹贰叁肆伍陆柒捌玖")
	placeNames    = []string{"", "拾", "佰", "仟"}
	groupNames    = []string{"", "万", "亿"}
)

// Capitals writes an amount in Chinese capitals as receipts and bills carry it
// (支付结算办法, annex 1 on filling in bills, part 2): 10.05 is 壹拾元零伍分,
// whole yuan and jiao end in 整, a negative amount begins with 负. Where the
// annex leaves a 零 to the writer (¥107,000.53) it stands inside the yuan and
// not before the jiao. It holds for what [ParseYuan] takes.
func Capitals(y Yuan) string {
	digits := y.Abs().StringFixed(2)
	whole, jiao, fen := digits[:len(digits)-3], digits[len(digits)-2]-'0', digits[len(digits)-1]-'0'
	var b strings.Builder
	if y.Sign() < 0 {
		b.WriteString("负")
	}
	hasYuan := strings.Trim(whole, "0") != ""
	if hasYuan {
		b.WriteString(capitalWhole(whole) + "元")
	}
	switch {
	case jiao == 0 && fen == 0:
		if !hasYuan {
			b.WriteString("零元")
		}
		b.WriteString("整")
	case fen == 0:
		b.WriteString(string(capitalDigits[jiao]) + "角整")
	case jiao == 0:
		if hasYuan {
			b.WriteString("零")
		}
		b.WriteString(string(capitalDigits[fen]) + "分")
	default:
		b.WriteString(string(capitalDigits[jiao]) + "角" + string(capitalDigits[fen]) + "分")
	}
	return b.String()
}

// capitalWhole writes the whole yuan, which begin with no zero, four digits a
// group; one 零 stands for any run of zeros inside.
func capitalWhole(whole string) string {
	var b strings.Builder
	zero := false
	for i, r := range whole {
		place := len(whole) - 1 - i
		digit := r - '0'
		if digit == 0 {
			zero = true
		} else {
			if zero {
				b.WriteString("零")
			}
			zero = false
			b.WriteString(string(capitalDigits[digit]) + placeNames[place%4])
		}
		if place%4 == 0 && place > 0 && groupHasDigit(whole, i) {
			b.WriteString(groupNames[place/4])
		}
	}
	return b.String()
}

// groupHasDigit says that the group of four ending at position i is not 0000.
func groupHasDigit(whole string, i int) bool {
	from := max(0, i-3)
	return strings.Trim(whole[from:i+1], "0") != ""
}
