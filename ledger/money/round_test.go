package money_test

import (
	"math/big"
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"estateledger/ledger/money"
)

var (
	yuan = money.MustYuan
	dec  = decimal.RequireFromString
)

func TestRoundByEachRule(t *testing.T) {
	for _, c := range []struct {
		in   string
		rule money.Rule
		want string
	}{
		{"44.0895", money.FenHalfUp, "44.09"}, {"32.8250", money.FenHalfUp, "32.83"}, {"32.8249999999", money.FenHalfUp, "32.82"},
		{"-32.825", money.FenHalfUp, "-32.83"}, {"-32.8249", money.FenHalfUp, "-32.82"}, {"0.005", money.FenHalfUp, "0.01"},
		{"44.0801", money.FenUp, "44.09"}, {"44.0800", money.FenUp, "44.08"}, {"-44.0801", money.FenUp, "-44.09"}, {"0.000001", money.FenUp, "0.01"},
		{"44.0899", money.FenDown, "44.08"}, {"-44.0899", money.FenDown, "-44.08"},
		{"44.05", money.JiaoHalfUp, "44.10"}, {"44.0499", money.JiaoHalfUp, "44.00"}, {"-44.05", money.JiaoHalfUp, "-44.10"},
		{"44.01", money.JiaoUp, "44.10"}, {"-44.01", money.JiaoUp, "-44.10"}, {"44.09", money.JiaoDown, "44.00"}, {"-44.09", money.JiaoDown, "-44.00"},
		{"44.50", money.YuanHalfUp, "45.00"}, {"44.49", money.YuanHalfUp, "44.00"}, {"-44.50", money.YuanHalfUp, "-45.00"},
		{"44.01", money.YuanUp, "45.00"}, {"-44.01", money.YuanUp, "-45.00"}, {"44.99", money.YuanDown, "44.00"}, {"-44.99", money.YuanDown, "-44.00"},
	} {
		if got := money.Round(dec(c.in), c.rule).String(); got != c.want {
			t.Errorf("%s by %s: got %s, want %s", c.in, c.rule, got, c.want)
		}
	}
}

func TestEveryRuleHasANameAndRounds(t *testing.T) {
	if len(money.RuleNames) != 9 {
		t.Errorf("%d rules, the table above tries 9", len(money.RuleNames))
	}
	for rule, name := range money.RuleNames {
		if !rule.Valid() || name == "" || !money.Round(dec("3"), rule).Equal(yuan("3")) {
			t.Errorf("%s (%s) does not leave 3 yuan alone", rule, name)
		}
	}
	if money.Rule("FEN_HALF_EVEN").Valid() || money.Rule("").Valid() {
		t.Error("a rule that does not exist is valid")
	}
	defer func() {
		if recover() == nil {
			t.Error("an unknown rule rounded")
		}
	}()
	money.Round(dec("1"), "FEN_HALF_EVEN")
}

func TestBillsAreRoundedEachByItself(t *testing.T) {
	bill := money.Round(dec("67.83").Mul(dec("0.65")), money.FenHalfUp)
	year := money.Zero
	for range 12 {
		year = year.Add(bill)
	}
	if bill.String() != "44.09" || year.String() != "529.08" {
		t.Errorf("a bill of %s, %s a year", bill, year)
	}
	if got := money.Round(dec("50.50").Mul(dec("0.65")), money.FenHalfUp); got.String() != "32.83" {
		t.Errorf("half a fen: %s", got)
	}
	if got := money.Round(dec("88.12").Mul(dec("0.65")).Mul(dec("0.70")), money.FenHalfUp); got.String() != "40.09" {
		t.Errorf("discount of an empty home, rounded once: %s", got)
	}
}

func TestProrateMultipliesFirst(t *testing.T) {
	for _, c := range []struct {
		quantity, rate string
		days, of       int
		want           string
	}{
		{"38642.57", "0.80", 30, 30, "30914.06"}, {"38642.57", "0.80", 16, 30, "16487.50"}, {"38642.57", "0.80", 14, 30, "14426.56"},
		{"38642.57", "0.80", 15, 29, "15990.03"}, {"38642.57", "0.80", 14, 28, "15457.03"}, {"38642.57", "0.60", 16, 30, "12365.62"},
		{"67.83", "0.65", 16, 30, "23.51"}, {"67.83", "0.65", 0, 30, "0.00"},
	} {
		if got := money.Prorate(dec(c.quantity), dec(c.rate), c.days, c.of, money.FenHalfUp); got.String() != c.want {
			t.Errorf("%s × %s × %d/%d: got %s, want %s", c.quantity, c.rate, c.days, c.of, got, c.want)
		}
	}
}

func TestTaxInsideThePrice(t *testing.T) {
	for _, c := range []struct{ gross, rate, net, tax string }{
		{"44.09", "0.06", "41.59", "2.50"}, {"44.09", "0.01", "43.65", "0.44"}, {"3391.50", "0", "3391.50", "0.00"},
		{"86400", "0.09", "79266.06", "7133.94"}, {"86400", "0.03", "83883.50", "2516.50"}, {"-44.09", "0.06", "-41.59", "-2.50"},
		{"0", "0.06", "0.00", "0.00"},
	} {
		net, tax := money.TaxInside(yuan(c.gross), dec(c.rate))
		if net.String() != c.net || tax.String() != c.tax {
			t.Errorf("%s at %s: %s + %s, want %s + %s", c.gross, c.rate, net, tax, c.net, c.tax)
		}
	}
}

func TestDivideIsNotRoundedTwice(t *testing.T) {
	// the quotient is a hair below or above a limit, twenty places down
	hair := decimal.New(1, -22)
	for _, c := range []struct {
		quotient decimal.Decimal
		rule     money.Rule
		want     string
	}{
		{dec("0.005").Sub(hair), money.FenHalfUp, "0.00"}, {dec("0.005"), money.FenHalfUp, "0.01"}, {dec("-0.005").Add(hair), money.FenHalfUp, "0.00"},
		{dec("44.08").Add(hair), money.FenUp, "44.09"}, {dec("-44.08").Sub(hair), money.FenUp, "-44.09"}, {hair, money.YuanUp, "1.00"},
		{dec("44.09").Sub(hair), money.FenDown, "44.08"}, {dec("0.5").Sub(hair), money.YuanHalfUp, "0.00"},
	} {
		for _, by := range []decimal.Decimal{dec("30"), dec("-7")} {
			if got := money.Divide(c.quotient.Mul(by), by, c.rule); got.String() != c.want {
				t.Errorf("%s by %s: got %s, want %s", c.quotient, c.rule, got, c.want)
			}
		}
	}
}

// The oracle works in whole numbers: 2·n·100/d, half up, by big.Int.
func TestDivideAgreesWithWholeNumbers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64Range(-1e12, 1e12).Draw(t, "n")
		d := rapid.Int64Range(1, 1e6).Draw(t, "d")
		want := new(big.Int).Mul(big.NewInt(n), big.NewInt(200))
		want.Abs(want).Add(want, big.NewInt(d)).Div(want, big.NewInt(2*d))
		if n < 0 {
			want.Neg(want)
		}
		got := money.Divide(decimal.NewFromInt(n), decimal.NewFromInt(d), money.FenHalfUp)
		if !got.Equal(money.Fen(want.Int64())) {
			t.Fatalf("%d ÷ %d: got %s, want %s fen", n, d, got, want)
		}
	})
}
