package billing

import (
	"github.com/shopspring/decimal"

	"estateledger/civil"
	"estateledger/estate"
	"estateledger/ledger/money"
)

// SkipReason says why days of a unit's month stay unbilled.
type SkipReason string

// The reasons. A unit has the first that applies, in this order.
const (
	ContractMissing SkipReason = "CONTRACT_MISSING" // no service contract covers the month
	BeforeFeeStart  SkipReason = "BEFORE_FEE_START" // fee start or cut-over lies after the month
	Excluded        SkipReason = "EXCLUDED"         // left out of this run by a clerk
	AreaMissing     SkipReason = "AREA_MISSING"     // no area on the first billable day
	RateMissing     SkipReason = "RATE_MISSING"     // no rate for its use on the first billable day
	OwnerMissing    SkipReason = "OWNER_MISSING"    // no title with owners that bills go to
	Overlap         SkipReason = "OVERLAP"          // billed before, under other segments
	AlreadyBilled   SkipReason = "ALREADY_BILLED"   // billed before
)

// SkipReasonNames gives each reason as a heading.
var SkipReasonNames = map[SkipReason]string{
	ContractMissing: "没有服务合同", BeforeFeeStart: "还没到收费起始日", Excluded: "本次不出账", AreaMissing: "面积待核",
	RateMissing: "单价未定", OwnerMissing: "业主未定", Overlap: "账期和已出账单重叠", AlreadyBilled: "已有本期账单",
}

// Skip is a unit of which days of the month stay unbilled.
type Skip struct {
	UnitID int64      `db:"unit_id" json:"unit_id,string"`
	Code   string     `db:"code" json:"code"`
	Use    estate.Use `db:"use" json:"use"`
	Reason SkipReason `db:"reason" json:"reason"`
	// BilledNow says that the run bills the other days of its month.
	BilledNow bool `db:"billed_now" json:"billed_now"`
	// Note is the clerk's reason of an excluded unit.
	Note string `db:"note" json:"note"`
	// Area is the last one known in the month, invalid when none is.
	Area      decimal.NullDecimal `db:"area" json:"area"`
	LastMonth money.Yuan          `db:"last_month" json:"last_month"`
}

// UseName is the unit's use as users read it.
func (s Skip) UseName() string { return estate.UseNames[s.Use] }

// Why says the reason in a sentence about the unit and the month.
func (s Skip) Why(month civil.Month) string {
	switch s.Reason {
	case ContractMissing:
		return month.String() + " 没有在期的物业服务合同"
	case BeforeFeeStart:
		return month.String() + " 早于收费起始日或接管切换日"
	case Excluded:
		return "本次不出账：" + s.Note
	case AreaMissing:
		if s.Area.Valid {
			return "面积从月中才有记录，之前的日子没出账"
		}
		return "没有登记面积"
	case RateMissing:
		return s.UseName() + "单价没有 " + month.First().String() + " 前生效的版本"
	case OwnerMissing:
		if s.BilledNow {
			return "有几天的账单归谁未定，那几天没出账"
		}
		return "没有登记业主，或账单从哪天起归买方未定"
	case Overlap:
		return "已出的账单和现在的账期划分不同（业主、面积或单价是出账后改的）；要改，先撤回那批账单再出"
	case AlreadyBilled:
		return "已有 " + month.String() + " 物业费账单"
	}
	return SkipReasonNames[s.Reason]
}

// SkipGroup are the units skipped for one reason.
type SkipGroup struct {
	Reason SkipReason `json:"reason"`
	Units  []Skip     `json:"units"`
	// Area adds up the areas that are known.
	Area      decimal.Decimal `json:"area"`
	LastMonth money.Yuan      `json:"last_month"`
}

// Name is the reason as a heading.
func (g SkipGroup) Name() string { return SkipReasonNames[g.Reason] }

// groupSkips groups skips that come ordered by reason.
func groupSkips(skips []Skip) []SkipGroup {
	var groups []SkipGroup
	for _, s := range skips {
		if len(groups) == 0 || groups[len(groups)-1].Reason != s.Reason {
			groups = append(groups, SkipGroup{Reason: s.Reason})
		}
		g := &groups[len(groups)-1]
		g.Units = append(g.Units, s)
		g.LastMonth = g.LastMonth.Add(s.LastMonth)
		if s.Area.Valid {
			g.Area = g.Area.Add(s.Area.Decimal)
		}
	}
	return groups
}
