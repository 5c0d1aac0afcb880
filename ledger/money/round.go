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

// Prorate is area × rate × days ÷ days of the month, multiplied first and
// divided last, rounded once by the rule.
func Prorate(quantity, rate decimal.Decimal, days, monthDays int, rule Rule) Yuan {
	product := quantity.Mul(rate)
	if days == monthDays {
		return Round(product, rule)
	}
	product = product.Mul(decimal.NewFromInt(int64(days)))
	return Round(product.DivRound(decimal.NewFromInt(int64(monthDays)), 16), rule)
}

// TaxInside splits a price that contains VAT: net = gross ÷ (1 + rate) rounded
// half up to the fen, tax = the rest, so that both add up to the price.
func TaxInside(gross Yuan, rate decimal.Decimal) (net, tax Yuan) {
	net = Yuan{gross.DivRound(decimal.NewFromInt(1).Add(rate), 16).Round(2)}
	return net, gross.Sub(net)
}
