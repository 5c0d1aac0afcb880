package billing

import (
	"estateledger/civil"
	"estateledger/ledger/money"
)

// Cause says what changed for a unit between last month's bill and this one's.
type Cause string

// The causes, in the order they are shown. Days are what is left when area and
// rate are the same: a part of a month, or another rounding.
const (
	LeftOut     Cause = "LEFT_OUT"
	Added       Cause = "ADDED"
	Area        Cause = "AREA"
	RateChange  Cause = "RATE"
	AreaAndRate Cause = "AREA_AND_RATE"
	Days        Cause = "DAYS"
)

// CauseNames gives each cause as users read it.
var CauseNames = map[Cause]string{
	LeftOut: "上月有、本月没有账单", Added: "上月没有、本月有账单", Area: "面积更正", RateChange: "单价变动", AreaAndRate: "面积和单价都变了",
	Days: "计费天数不同",
}

var causeOrder = []Cause{LeftOut, Added, Area, RateChange, AreaAndRate, Days}

// Comparison leads from last month's bills to this month's: Last plus every
// step is This. This is what was billed before this run (Before) and what the
// run adds.
type Comparison struct {
	LastMonth civil.Month  `json:"last_month"`
	LastUnits int          `json:"last_units"`
	Last      money.Yuan   `json:"last"`
	Steps     []BridgeStep `json:"steps"`
	Before    money.Yuan   `json:"before"`
	ThisUnits int          `json:"this_units"`
	This      money.Yuan   `json:"this"`
}

// Difference is this month minus last month.
func (c Comparison) Difference() money.Yuan { return c.This.Sub(c.Last) }

// BridgeStep is what one cause adds or takes away.
type BridgeStep struct {
	Cause  Cause      `json:"cause"`
	Units  int        `json:"units"`
	Amount money.Yuan `json:"amount"`
}

// Name is the cause as users read it.
func (b BridgeStep) Name() string { return CauseNames[b.Cause] }

// bridgeRow is one cause of the bridge query; the cause SAME has no step.
type bridgeRow struct {
	Cause     Cause      `db:"cause"`
	Units     int        `db:"units"`
	LastUnits int        `db:"last_units"`
	ThisUnits int        `db:"this_units"`
	LastTotal money.Yuan `db:"last_total"`
	ThisTotal money.Yuan `db:"this_total"`
	Before    money.Yuan `db:"before"`
	Jumped    int        `db:"jumped"`
}

func compare(month civil.Month, rows []bridgeRow) Comparison {
	c := Comparison{LastMonth: month.Add(-1)}
	steps := map[Cause]BridgeStep{}
	for _, r := range rows {
		c.LastUnits += r.LastUnits
		c.ThisUnits += r.ThisUnits
		c.Last, c.This, c.Before = c.Last.Add(r.LastTotal), c.This.Add(r.ThisTotal), c.Before.Add(r.Before)
		steps[r.Cause] = BridgeStep{Cause: r.Cause, Units: r.Units, Amount: r.ThisTotal.Sub(r.LastTotal)}
	}
	for _, cause := range causeOrder {
		if step, ok := steps[cause]; ok {
			c.Steps = append(c.Steps, step)
		}
	}
	return c
}
