package money_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"estateledger/ledger/money"
)

func TestCapitals(t *testing.T) {
	for in, want := range map[string]string{
		"0": "零元整", "0.01": "壹分", "0.05": "伍分", "0.50": "伍角整", "0.55": "伍角伍分", "-0.05": "负伍分",
		"1": "壹元整", "10": "壹拾元整", "10.05": "壹拾元零伍分", "10.50": "壹拾元伍角整", "15": "壹拾伍元整", "300": "叁佰元整",
		"44.09": "肆拾肆元零玖分", "-44.09": "负肆拾肆元零玖分", "289.84": "贰佰捌拾玖元捌角肆分", "325.04": "叁佰贰拾伍元零肆分",
		"1001": "壹仟零壹元整", "1010": "壹仟零壹拾元整", "1100": "壹仟壹佰元整", "1409.50": "壹仟肆佰零玖元伍角整",
		"1680.32": "壹仟陆佰捌拾元叁角贰分", "6007.14": "陆仟零柒元壹角肆分", "10000": "壹万元整", "10005.00": "壹万零伍元整",
		"16409.02": "壹万陆仟肆佰零玖元零贰分", "20100.01": "贰万零壹佰元零壹分", "100000": "壹拾万元整", "107000.53": "壹拾万零柒仟元伍角叁分",
		"1000200.30": "壹佰万零贰佰元叁角整", "10000001": "壹仟万零壹元整", "10100000": "壹仟零壹拾万元整", "100000000.00": "壹亿元整",
		"100000001": "壹亿零壹元整", "100010000": "壹亿零壹万元整", "1000000000": "壹拾亿元整", "1010000000": "壹拾亿零壹仟万元整",
		"9999999999.99": "玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分",
	} {
		if got := money.Capitals(yuan(in)); got != want {
			t.Errorf("%s: got %s, want %s", in, got, want)
		}
	}
}

// Whoever reads the capitals aloud must come to the same amount, whatever the
// zeros; and no zero may stand twice or before a unit.
func TestCapitalsAreReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		fen := int64(0)
		for range rapid.IntRange(0, 12).Draw(t, "length") { // digits one by one: zeros are common
			fen = fen*10 + rapid.OneOf(rapid.Just(int64(0)), rapid.Int64Range(0, 9)).Draw(t, "digit")
		}
		if rapid.Bool().Draw(t, "negative") {
			fen = -fen
		}
		words := money.Capitals(money.Fen(fen))
		if got := readCapitals(words); got != fen {
			t.Fatalf("%s: %s is read as %d fen", money.Fen(fen), words, got)
		}
		for _, wrong := range []string{"零零", "零万", "零亿", "零拾", "零佰", "零仟", "零角", "零整", "亿万"} {
			if strings.Contains(words, wrong) {
				t.Fatalf("%s: %s has %s", money.Fen(fen), words, wrong)
			}
		}
		if strings.HasSuffix(words, "分整") || !strings.HasSuffix(words, "分") && !strings.HasSuffix(words, "整") {
			t.Fatalf("%s: %s ends wrongly", money.Fen(fen), words)
		}
	})
}

func readCapitals(words string) int64 {
	digits := map[rune]int64{'零': 0, '壹': 1, '贰': 2, '叁': 3, '肆': 4, '伍': 5, '陆': 6, '柒': 7, '捌': 8, '玖': 9}
	places := map[rune]int64{'拾': 10, '佰': 100, '仟': 1000}
	var total, group, digit int64
	sign := int64(1)
	for _, r := range words {
		switch r {
		case '负':
			sign = -1
		case '亿':
			total, group, digit = total+(group+digit)*1e8, 0, 0
		case '万':
			total, group, digit = total+(group+digit)*1e4, 0, 0
		case '元':
			total, group, digit = (total+group+digit)*100, 0, 0
		case '角':
			total, digit = total+digit*10, 0
		case '分':
			total, digit = total+digit, 0
		case '整':
		default:
			if d, ok := digits[r]; ok {
				digit = d
			} else {
				group, digit = group+digit*places[r], 0
			}
		}
	}
	return sign * total
}
