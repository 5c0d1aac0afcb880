package money

import (
	"slices"

	"github.com/shopspring/decimal"

	"estateledger/fault"
)

// Split shares a total by weights so that the parts add up to it exactly: each
// part is its exact share cut to the fen, the fen left over go one each to the
// largest remainders, ties in the order given. A negative total is split like its
// absolute value. Weights must not be negative (money.negative_weight) and must
// not all be zero (money.no_weight). SQL's money_split is its twin.
func Split(total Yuan, weights []decimal.Decimal) ([]Yuan, error) {
	sum := decimal.Zero
	for _, w := range weights {
		if w.Sign() < 0 {
			return nil, fault.Invalid("money.negative_weight", "分摊的依据不能是负数。")
		}
		sum = sum.Add(w)
	}
	if sum.Sign() == 0 {
		return nil, fault.Invalid("money.no_weight", "没有可以分摊的依据：参与分摊的面积或金额合计为零。")
	}
	fen := total.Abs().Shift(2)
	parts := make([]decimal.Decimal, len(weights))
	remainders := make([]decimal.Decimal, len(weights))
	left := fen
	for i, w := range weights {
		parts[i], remainders[i] = fen.Mul(w).QuoRem(sum, 0)
		left = left.Sub(parts[i])
	}
	order := make([]int, len(weights))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return remainders[b].Cmp(remainders[a]) })
	for i := int64(0); i < left.IntPart(); i++ {
		parts[order[i]] = parts[order[i]].Add(decimal.NewFromInt(1))
	}
	out := make([]Yuan, len(weights))
	for i, p := range parts {
		out[i] = Yuan{p.Shift(-2)}
		if total.Sign() < 0 {
			out[i] = out[i].Neg()
		}
	}
	return out, nil
}
