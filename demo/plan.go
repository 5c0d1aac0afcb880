package demo

import (
	"fmt"
	"math/rand/v2"

	"github.com/shopspring/decimal"

	"estateledger/civil"
)

// estatePlan is an estate of the demo: what is on its ground and how its
// households pay. Shares are of households, in percent; the rest never pays.
type estatePlan struct {
	name, subDistrict, community string
	builtYear                    int
	class                        string
	cost                         string // yuan per m², renovation
	completed, entry, cutOver    string // cutOver empty: eleven months before today's month
	fee, shopFee                 string
	subsidy                      string // yuan per m² and month, from the sub-district
	total                        string // m²; the last unit takes the rest
	stairs                       []int  // households per floor, one number per stair
	perBuilding                  int    // stairs in a building
	floors                       int
	areas                        []string // by place on the floor
	shops                        []string
	monthly, quarterly, yearly   int
	missing                      []string // papers that are missing at takeover
	lift                         bool
}

// plans are the estates of the demo. 安和一村 has the figures that the worked
// examples use: 486 units, 38,642.57 m², entry on 2023-09-15, fee 0.50.
var plans = []estatePlan{
	{
		name: "安和一村", subDistrict: "柳塘街道", community: "安和社区", builtYear: 1996, class: "improved", cost: "600",
		completed: "2023-08-31", entry: "2023-09-15", fee: "0.50", shopFee: "1.20", subsidy: "0.80", total: "38642.57",
		stairs: stairs(33, 2, 5, 3), perBuilding: 3, floors: 6, areas: []string{"90.12", "72.46", "52.36"},
		monthly: 21, quarterly: 6, yearly: 8, missing: []string{"fund_accounts", "network_drawings"},
	},
	{
		name: "东河新村", subDistrict: "柳塘街道", community: "东河社区", builtYear: 1992, class: "basic", cost: "400",
		completed: "2025-11-20", entry: "2026-03-16", cutOver: "2026-03-16", fee: "0.45", shopFee: "1.00", subsidy: "0.75", total: "18893.18",
		stairs: stairs(20, 2, 0, 3), perBuilding: 4, floors: 6, areas: []string{"83.55", "72.08"}, shops: []string{"96.40", "120.05"},
		monthly: 30, quarterly: 8, yearly: 13, missing: []string{"fire_papers", "completion_drawings", "fund_accounts"},
	},
	{
		name: "府前花园", subDistrict: "北塔街道", community: "府前社区", builtYear: 2003, class: "extended", cost: "800",
		completed: "2024-05-30", entry: "2024-07-01", fee: "0.85", shopFee: "1.80", subsidy: "0.50", total: "21339.13",
		stairs: stairs(10, 2, 0, 2), perBuilding: 2, floors: 11, areas: []string{"105.24", "88.12"}, shops: []string{"68.30"},
		monthly: 52, quarterly: 8, yearly: 12, lift: true,
	},
}

// stairs lists a stairs of m households a floor and b of n.
func stairs(a, m, b, n int) []int {
	list := make([]int, 0, a+b)
	for range a {
		list = append(list, m)
	}
	for range b {
		list = append(list, n)
	}
	return list
}

// payer says how a household pays.
type payer int

const (
	never payer = iota
	monthly
	quarterly
	yearly
)

// plannedUnit is a unit of the demo.
type plannedUnit struct {
	number string
	floor  int
	shop   bool
	area   decimal.Decimal
	payer  payer
}

// units lays out the estate's units; their areas add up to the estate's.
func (p estatePlan) units(r *rand.Rand) []plannedUnit {
	var list []plannedUnit
	for s, perFloor := range p.stairs {
		building, stair := s/p.perBuilding+1, s%p.perBuilding+1
		for floor := 1; floor <= p.floors; floor++ {
			for place := 1; place <= perFloor; place++ {
				list = append(list, plannedUnit{number: fmt.Sprintf("%d-%d-%d%02d", building, stair, floor, place), floor: floor,
					area: decimal.RequireFromString(p.areas[place-1])})
			}
		}
	}
	for i, area := range p.shops {
		list = append(list, plannedUnit{number: fmt.Sprintf("1幢底商-%d", i+1), floor: 1, shop: true, area: decimal.RequireFromString(area)})
	}
	rest := decimal.RequireFromString(p.total)
	for i := range list {
		list[i].payer = p.draw(r)
		rest = rest.Sub(list[i].area)
	}
	// The stated total is what the papers say; the difference of a few square
	// metres to the round areas above lies with the last flat.
	last := len(list) - 1 - len(p.shops)
	list[last].area = list[last].area.Add(rest)
	return list
}

func (p estatePlan) draw(r *rand.Rand) payer {
	n := r.IntN(100)
	switch {
	case n < p.monthly:
		return monthly
	case n < p.monthly+p.quarterly:
		return quarterly
	case n < p.monthly+p.quarterly+p.yearly:
		return yearly
	}
	return never
}

// start is the first month the register bills: the cut-over, or eleven months
// before the present one.
func (p estatePlan) start(today civil.Date) civil.Date {
	if p.cutOver != "" {
		return civil.MustDate(p.cutOver)
	}
	return today.Month().Add(-11).First()
}
