package money

import (
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"
)

func TestCapitals(t *testing.T) {
	for in, want := range map[string]string{
		"0": "零元整", "0.05": "伍分", "0.50": "伍角整", "0.55": "伍角伍分", "10": "壹拾元整", "10.05": "壹拾元零伍分",
		"44.09": "肆拾肆元零玖分", "289.84": "贰佰捌拾玖元捌角肆分", "300": "叁佰元整", "10005.00": "壹万零伍元整",
		"100000000.00": "壹亿元整", "1000200.30": "壹佰万零贰佰元叁角整", "107000.53": "壹拾万零柒仟元伍角叁分",
		"1680.32": "壹仟陆佰捌拾元叁角贰分", "100010000": "壹亿零壹万元整", "100000001": "壹亿零壹元整",
		"9999999999.99": "玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分", "-44.09": "负肆拾肆元零玖分", "20100.01": "贰万零壹佰元零壹分",
	} {
		if got := Capitals(MustYuan(in)); got != want {
			t.Errorf("%s: got %s, want %s", in, got, want)
		}
	}
}

func TestRoundings(t *testing.T) {
	d := decimal.RequireFromString
	for _, c := range []struct {
		in   string
		rule Rule
		want string
	}{
		{"32.8250", FenHalfUp, "32.83"}, {"-32.825", FenHalfUp, "-32.83"}, {"44.0895", FenHalfUp, "44.09"}, {"44.0801", FenUp, "44.09"},
		{"44.0899", FenDown, "44.08"}, {"44.05", JiaoHalfUp, "44.10"}, {"44.01", JiaoUp, "44.10"}, {"44.09", JiaoDown, "44.00"},
		{"44.50", YuanHalfUp, "45.00"}, {"44.01", YuanUp, "45.00"}, {"-44.99", YuanDown, "-44.00"},
	} {
		if got := Round(d(c.in), c.rule).String(); got != c.want {
			t.Errorf("%s by %s: got %s, want %s", c.in, c.rule, got, c.want)
		}
	}
	if got := Prorate(d("67.83"), d("0.65"), 16, 30, FenHalfUp).String(); got != "23.51" {
		t.Errorf("prorated: %s", got)
	}
	net, tax := TaxInside(MustYuan("44.09"), d("0.06"))
	if net.String() != "41.59" || tax.String() != "2.50" {
		t.Errorf("6%% inside 44.09: %s + %s", net, tax)
	}
	if net, tax = TaxInside(MustYuan("86400"), d("0.03")); net.String() != "83883.50" || tax.String() != "2516.50" {
		t.Errorf("3%% inside 86400: %s + %s", net, tax)
	}
}

func TestSplitOfARepair(t *testing.T) {
	var weights []decimal.Decimal
	for _, a := range []string{"52.36", "52.36", "67.83", "67.83", "88.12", "88.12", "120.05"} {
		weights = append(weights, decimal.RequireFromString(a))
	}
	parts, err := Split(MustYuan("26800"), weights)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"2614.73", "2614.73", "3387.27", "3387.26", "4400.50", "4400.50", "5995.01"} {
		if parts[i].String() != want {
			t.Errorf("part %d: got %s, want %s", i, parts[i], want)
		}
	}
	if _, err := Split(MustYuan("1"), nil); err == nil {
		t.Error("splitting over nothing was not refused")
	}
	if _, err := Split(MustYuan("1"), []decimal.Decimal{decimal.NewFromInt(-1)}); err == nil {
		t.Error("a negative weight was not refused")
	}
}

func TestSplitAddsUpAndStaysWithinAFen(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		total := Fen(rapid.Int64Range(-1e10, 1e10).Draw(t, "total"))
		cents := rapid.SliceOfN(rapid.Int64Range(0, 1e6), 1, 40).Draw(t, "weights")
		sum := int64(0)
		weights := make([]decimal.Decimal, len(cents))
		for i, c := range cents {
			weights[i], sum = decimal.New(c, -2), sum+c
		}
		if sum == 0 {
			return
		}
		parts, err := Split(total, weights)
		if err != nil {
			t.Fatal(err)
		}
		if !Sum(parts...).Equal(total) {
			t.Fatalf("parts add up to %s, not %s", Sum(parts...), total)
		}
		for i, p := range parts {
			exact := total.Mul(weights[i]).DivRound(decimal.New(sum, -2), 20)
			if exact.Sub(p.Decimal).Abs().GreaterThanOrEqual(decimal.New(1, -2)) {
				t.Fatalf("part %d is %s, exact share %s", i, p, exact)
			}
		}
	})
}

func TestParseYuanRefuses(t *testing.T) {
	for _, bad := range []string{"", "1,234.50", "1e5", "NaN", "12.345", "１２", "¥5", "--5", "99999999999", "0x10", "5."} {
		if _, err := ParseYuan(bad); err == nil {
			t.Errorf("%q was accepted", bad)
		}
	}
	for in, want := range map[string]string{"-5": "-5.00", " 44.09 ": "44.09", "0.5": "0.50"} {
		if y, err := ParseYuan(in); err != nil || y.String() != want {
			t.Errorf("%q: %s, %v", in, y, err)
		}
	}
	if got := Format(MustYuan("-1234567.5")); got != "−1,234,567.50" {
		t.Errorf("format: %s", got)
	}
}
