package money_test

import (
	"encoding/json"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"estateledger/fault"
	"estateledger/ledger/money"
)

func TestParseYuanRefusesAndSaysWhy(t *testing.T) {
	for _, c := range []struct{ in, code, says string }{
		{"", "money.amount_invalid", "没有填"}, {"   ", "money.amount_invalid", "没有填"},
		{"1,234.50", "money.amount_invalid", "逗号"}, {"1，234.50", "money.amount_invalid", "逗号"}, {"12,34,567", "money.amount_invalid", "逗号"},
		{"１２", "money.amount_invalid", "全角"}, {"12．50", "money.amount_invalid", "全角"}, {"－5", "money.amount_invalid", "全角"},
		{"¥5", "money.amount_invalid", "货币符号"}, {"￥5.00", "money.amount_invalid", "货币符号"}, {"5元", "money.amount_invalid", "货币符号"},
		{"NaN", "money.amount_invalid", "不是数字"}, {"Infinity", "money.amount_invalid", "不是数字"}, {"1e5", "money.amount_invalid", "不是数字"},
		{"1E-2", "money.amount_invalid", "不是数字"}, {"0x10", "money.amount_invalid", "不是数字"}, {"--5", "money.amount_invalid", "不是数字"},
		{"+5", "money.amount_invalid", "不是数字"}, {"5.", "money.amount_invalid", "不是数字"}, {".5", "money.amount_invalid", "不是数字"},
		{"5-", "money.amount_invalid", "不是数字"}, {"1 234", "money.amount_invalid", "不是数字"}, {"1_000", "money.amount_invalid", "不是数字"},
		{"五元整", "money.amount_invalid", "货币符号"}, {"1.2.3", "money.amount_invalid", "不是数字"}, {"99999999999999999", "money.amount_invalid", "不是数字"},
		{"12.345", "money.too_many_decimals", "超过 2 位"}, {"12.340", "money.too_many_decimals", "超过 2 位"},
		{"10000000000", "money.amount_too_large", "9,999,999,999.99"}, {"-10000000000.00", "money.amount_too_large", "9,999,999,999.99"},
	} {
		y, err := money.ParseYuan(c.in)
		f, ok := fault.As(err)
		if !ok || f.Kind != fault.KindInvalid || f.Code != c.code || !strings.Contains(f.Message, c.says) || !y.Equal(money.Zero) {
			t.Errorf("%q: %s, %v", c.in, y, err)
		}
	}
	if _, err := money.ParseYuan(strings.Repeat("九", 100_000)); len(err.Error()) > 400 {
		t.Error("a long input comes back whole in the message")
	}
}

func TestParseYuanTakesPlainNumbers(t *testing.T) {
	for in, want := range map[string]string{
		"0": "0.00", "-0": "0.00", "-0.00": "0.00", "5": "5.00", "-5": "-5.00", "0.5": "0.50", " 44.09 ": "44.09", "\t7\n": "7.00", "007": "7.00",
		"9999999999.99": "9999999999.99", "-9999999999.99": "-9999999999.99",
	} {
		if y, err := money.ParseYuan(in); err != nil || y.String() != want {
			t.Errorf("%q: %s, %v", in, y, err)
		}
	}
}

func TestParseDecimalKeepsToItsScale(t *testing.T) {
	for _, c := range []struct {
		in    string
		scale int32
		code  string
	}{
		{"67.83", 2, ""}, {"67.8312", 4, ""}, {"67.83125", 4, "money.too_many_decimals"}, {"0.65000", 4, "money.too_many_decimals"},
		{"12", 0, ""}, {"12.0", 0, "money.too_many_decimals"}, {"0.000001", 6, ""}, {"6%", 4, "money.amount_invalid"}, {"1,000", 2, "money.amount_invalid"},
		{"99999999999", 2, ""},
	} {
		d, err := money.ParseDecimal(c.in, c.scale)
		if fault.Code(err) != c.code || (err == nil && !d.Equal(dec(c.in))) {
			t.Errorf("%q to %d places: %s, %v", c.in, c.scale, d, err)
		}
	}
}

func TestSumsAndReversals(t *testing.T) {
	wrong := yuan("44.09")
	if got := money.Sum(wrong, wrong.Neg(), wrong); !got.Equal(wrong) {
		t.Errorf("receipt, reversal and new receipt leave %s", got)
	}
	if got := yuan("0.10").Add(yuan("0.20")); got.Cmp(yuan("0.30")) != 0 {
		t.Errorf("0.10 + 0.20 = %s", got)
	}
	if got := yuan("42").Sub(yuan("44.09")); got.String() != "-2.09" || got.Cmp(money.Zero) != -1 || money.Zero.Cmp(got) != 1 {
		t.Errorf("42 − 44.09 = %s", got)
	}
	if got := money.Sum(); !got.Equal(money.Zero) || got.String() != "0.00" {
		t.Errorf("the sum of nothing is %s", got)
	}
}

func TestFromDecimalRefusesHalfAFen(t *testing.T) {
	if got := money.FromDecimal(dec("44.0900")); !got.Equal(yuan("44.09")) {
		t.Errorf("44.0900 became %s", got)
	}
	defer func() {
		if recover() == nil {
			t.Error("44.0895 was cut silently")
		}
	}()
	money.FromDecimal(dec("44.0895"))
}

func TestYuanInJSONIsAString(t *testing.T) {
	type bill struct {
		Amount money.Yuan `json:"amount"`
	}
	var b bill
	if err := json.Unmarshal([]byte(`{"amount":"1234.5"}`), &b); err != nil || !b.Amount.Equal(yuan("1234.50")) {
		t.Errorf("read %s, %v", b.Amount, err)
	}
	if out, _ := json.Marshal(b); string(out) != `{"amount":"1234.50"}` {
		t.Errorf("written as %s", out)
	}
	for in, code := range map[string]string{
		`{"amount":1234.5}`: "money.amount_not_string", `{"amount":0}`: "money.amount_not_string", `{"amount":null}`: "money.amount_not_string",
		`{"amount":"1234.567"}`: "money.too_many_decimals", `{"amount":"1,234.50"}`: "money.amount_invalid", `{"amount":""}`: "money.amount_invalid",
	} {
		b = bill{yuan("7")}
		if err := json.Unmarshal([]byte(in), &b); fault.Code(err) != code || !b.Amount.Equal(yuan("7")) {
			t.Errorf("%s: %s, %v", in, b.Amount, err)
		}
	}
}

func TestYuanAndTheDriver(t *testing.T) {
	if v, err := yuan("1234.5").Value(); err != nil || v != "1234.50" {
		t.Errorf("value %v, %v", v, err)
	}
	var y money.Yuan
	for _, src := range []any{"44.09", []byte("44.09"), []byte("44.0900000000000000")} {
		if err := y.Scan(src); err != nil || !y.Equal(yuan("44.09")) {
			t.Errorf("%s: %s, %v", src, y, err)
		}
	}
	for _, bad := range []any{nil, "44.0895", []byte("0.001"), "NaN", "Infinity"} {
		if err := y.Scan(bad); err == nil || !y.Equal(yuan("44.09")) {
			t.Errorf("%v was read as %s, %v", bad, y, err)
		}
	}
}

func TestFormatForPeople(t *testing.T) {
	for in, want := range map[string]string{
		"0": "0.00", "-0.00": "0.00", "0.05": "0.05", "999.99": "999.99", "1000": "1,000.00", "1234.5": "1,234.50", "123456": "123,456.00",
		"-1234567.5": "−1,234,567.50", "-0.01": "−0.01", "-100": "−100.00", "9999999999.99": "9,999,999,999.99",
	} {
		if got := money.Format(yuan(in)); got != want {
			t.Errorf("%s: got %s, want %s", in, got, want)
		}
	}
}

func TestWhatIsWrittenIsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		y := money.Fen(rapid.Int64Range(-999999999999, 999999999999).Draw(t, "fen"))
		if back, err := money.ParseYuan(y.String()); err != nil || !back.Equal(y) {
			t.Fatalf("%s came back as %s, %v", y, back, err)
		}
		plain := strings.NewReplacer(",", "", "−", "-").Replace(money.Format(y))
		if plain != y.String() {
			t.Fatalf("%s is shown as %s", y, money.Format(y))
		}
	})
}
