package money

import (
	"fmt"

	"github.com/shopspring/decimal"
)

// Rule names a rounding; its code is stored with the document. Real documents
// differ: a company's paper ledger may be in whole yuan.
type Rule string

// The rounding rules. HalfUp rounds half away from zero; Up and Down round away
// from and towards zero.
const (
	FenHalfUp  Rule = "FEN_HALF_UP"
	FenUp      Rule = "FEN_UP"
	FenDown    Rule = "FEN_DOWN"
	JiaoHalfUp Rule = "JIAO_HALF_UP"
	JiaoUp     Rule = "JIAO_UP"
	JiaoDown   Rule = "JIAO_DOWN"
	YuanHalfUp Rule = "YUAN_HALF_UP"
	YuanUp     Rule = "YUAN_UP"
	YuanDown   Rule = "YUAN_DOWN"
)

// RuleNames gives each rule as users read it.
var RuleNames = map[Rule]string{
	FenHalfUp: "四舍五入到分", FenUp: "进位到分", FenDown: "舍去到分",
	JiaoHalfUp: "四舍五入到角", JiaoUp: "进位到角", JiaoDown: "舍去到角",
	YuanHalfUp: "四舍五入到元", YuanUp: "进位到元", YuanDown: "舍去到元",
}

// Valid says that the rule exists.
func (r Rule) Valid() bool { _, ok := RuleNames[r]; return ok }

// Round rounds by a rule; an unknown rule panics, since documents store only
// valid ones. SQL's money_round is its twin.
func Round(d decimal.Decimal, rule Rule) Yuan {
	switch rule {
	case FenHalfUp:
		return Yuan{d.Round(2)}
	case FenUp:
		return Yuan{d.RoundUp(2)}
	case FenDown:
		return Yuan{d.RoundDown(2)}
	case JiaoHalfUp:
		return Yuan{d.Round(1)}
	case JiaoUp:
		return Yuan{d.RoundUp(1)}
	case JiaoDown:
		return Yuan{d.RoundDown(1)}
	case YuanHalfUp:
		return Yuan{d.Round(0)}
	case YuanUp:
		return Yuan{d.RoundUp(0)}
	case YuanDown:
		return Yuan{d.RoundDown(0)}
	}
	panic(fmt.Sprintf("money.Round: unknown rule %q", rule))
}

// Prorate is quantity × rate × days ÷ days of the month, multiplied first and
// divided last, rounded once by the rule. monthDays must not be 0.
func Prorate(quantity, rate decimal.Decimal, days, monthDays int, rule Rule) Yuan {
	product := quantity.Mul(rate).Mul(decimal.NewFromInt(int64(days)))
	return Divide(product, decimal.NewFromInt(int64(monthDays)), rule)
}

// Divide is the quotient, rounded once by the rule. It panics on a divisor of
// zero.
func Divide(n, by decimal.Decimal, rule Rule) Yuan {
	// Three decimals decide every rule but for what lies exactly on a half or a
	// fen; a fourth says that something followed, so that a quotient without end
	// is never rounded twice.
	q, rest := n.QuoRem(by, 3)
	if rest.Sign() != 0 {
		q = q.Add(decimal.New(int64(n.Sign()*by.Sign()), -4))
	}
	return Round(q, rule)
}

// TaxInside splits a price that contains VAT: net = gross ÷ (1 + rate) rounded
// half up to the fen, tax = the rest, so that both add up to the price. The rate
// is a share (0.06) and not negative.
func TaxInside(gross Yuan, rate decimal.Decimal) (net, tax Yuan) {
	net = Divide(gross.Decimal, decimal.NewFromInt(1).Add(rate), FenHalfUp)
	return net, gross.Sub(net)
}
