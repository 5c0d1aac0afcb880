package money_test

import (
	"slices"
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"estateledger/fault"
	"estateledger/ledger/money"
)

func decimals(texts ...string) []decimal.Decimal {
	out := make([]decimal.Decimal, len(texts))
	for i, s := range texts {
		out[i] = dec(s)
	}
	return out
}

func TestSplitByLargestRemainder(t *testing.T) {
	areas := decimals("52.36", "52.36", "67.83", "67.83", "88.12", "88.12", "120.05")
	for _, c := range []struct {
		name, total string
		weights     []decimal.Decimal
		want        []string
	}{
		{"a repair over seven units", "26800", areas, []string{"2614.73", "2614.73", "3387.27", "3387.26", "4400.50", "4400.50", "5995.01"}},
		{"its reversal", "-26800", areas, []string{"-2614.73", "-2614.73", "-3387.27", "-3387.26", "-4400.50", "-4400.50", "-5995.01"}},
		{"two funders one to three", "92742.18", decimals("1", "3"), []string{"23185.55", "69556.63"}},
		{"yield by money held", "1000", decimals("3391.50", "2618", "0"), []string{"564.36", "435.64", "0.00"}},
		{"unsold area", "36000", decimals("90", "90", "120", "300"), []string{"5400.00", "5400.00", "7200.00", "18000.00"}},
		{"ties in order", "0.02", decimals("1", "1", "1"), []string{"0.01", "0.01", "0.00"}},
		{"nothing", "0", decimals("1", "2"), []string{"0.00", "0.00"}},
		{"one", "0.01", decimals("0.0001"), []string{"0.01"}},
		{"nobody pays for nothing", "0.05", decimals("0", "3", "0", "4"), []string{"0.00", "0.02", "0.00", "0.03"}},
		{"the largest amount", "9999999999.99", decimals("1", "1"), []string{"5000000000.00", "4999999999.99"}},
	} {
		parts, err := money.Split(yuan(c.total), c.weights)
		got := make([]string, len(parts))
		for i, p := range parts {
			got[i] = p.String()
		}
		if err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%s: got %v, %v, want %v", c.name, got, err, c.want)
		}
	}
}

func TestSplitRefusesWhatIsNoShare(t *testing.T) {
	for code, weights := range map[string][][]decimal.Decimal{
		"money.no_weight":       {nil, {}, decimals("0"), decimals("0", "0.00")},
		"money.negative_weight": {decimals("-1"), decimals("3", "-1"), decimals("1", "-1")},
	} {
		for _, w := range weights {
			if parts, err := money.Split(yuan("10"), w); fault.Code(err) != code || parts != nil {
				t.Errorf("%v: %v, %v, want %s", w, parts, err, code)
			}
		}
	}
}

func TestSplitAddsUpAndStaysWithinAFen(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		total := money.Fen(rapid.Int64Range(-1e12, 1e12).Draw(t, "total"))
		units := rapid.SliceOfN(rapid.OneOf(rapid.Int64Range(0, 4), rapid.Int64Range(0, 1e7)), 1, 40).
			Filter(func(units []int64) bool { return slices.Max(units) > 0 }).Draw(t, "weights")
		weights, sum := make([]decimal.Decimal, len(units)), int64(0)
		for i, u := range units {
			weights[i], sum = decimal.New(u, -2), sum+u
		}
		parts, err := money.Split(total, weights)
		if err != nil {
			t.Fatal(err)
		}
		if len(parts) != len(weights) || !money.Sum(parts...).Equal(total) {
			t.Fatalf("%d parts add up to %s, not %s", len(parts), money.Sum(parts...), total)
		}
		for i, p := range parts {
			// |part × sum − total × weight| < one fen × sum, without dividing
			off := p.Mul(decimal.NewFromInt(sum)).Sub(total.Mul(decimal.NewFromInt(units[i]))).Abs()
			if off.GreaterThanOrEqual(decimal.New(sum, -2)) {
				t.Fatalf("part %d is %s, a fen or more from the exact share", i, p)
			}
			if !p.Equal(p.Neg()) && (p.Sign() != total.Sign() || units[i] == 0) {
				t.Fatalf("part %d of %s by weight %d is %s", i, total, units[i], p)
			}
			for j := range i {
				if units[j] == units[i] && parts[j].Abs().LessThan(p.Abs()) {
					t.Fatalf("equal weights %d and %d: the later one got more, %s and %s", j, i, parts[j], p)
				}
			}
		}
	})
}
