package pages

import (
	"github.com/shopspring/decimal"

	"estateledger/civil"
	"estateledger/ledger/money"
)

// RunsView lists bill runs and begins a new one.
type RunsView struct {
	Filter  RunsFilter
	Estates []Option
	Months  []Option
	// Places and Billable are the estates and months that can be billed.
	Places   []Option
	Billable []Option
	New      RunChoice
	Runs     []RunRow
	Pager    Pager
	Problems Problems
}

// RunsFilter is the filter row.
type RunsFilter struct {
	Estate string `query:"estate"`
	Month  string `query:"month"`
}

// RunChoice is GET run_preview: whose bills, for which month.
type RunChoice struct {
	Estate string `query:"estate"`
	Month  string `query:"month"`
}

// RunRow is one estate's month. RunID 0: not drafted yet.
type RunRow struct {
	RunID    int64
	EstateID int64
	Estate   string
	Month    civil.Month
	Count    int
	Skipped  int
	Total    money.Yuan
	Due      civil.Date
	State    Tag
	When     string
	Do       Link
}

// Page names the template.
func (RunsView) Page() string { return "runs" }

// RunView is one estate's month from preview to publication; the template follows State.
type RunView struct {
	RunID     int64 // 0 in a preview
	EstateID  int64
	Estate    string
	Month     civil.Month
	State     string // preview, draft, published, withdrawn, discarded
	Steps     []Step
	Units     int // of the estate
	Billed    int
	Total     money.Yuan
	Last      civil.Month
	LastTotal money.Yuan
	Before    money.Yuan // billed for this month by earlier runs
	Settled   money.Yuan // of a published run: paid so far
	Due       civil.Date
	Skipped   []SkipGroup
	SkipArea  decimal.NullDecimal
	SkipLast  money.Yuan
	Bridge    []Line // last month → this month, ends with a sum
	Items     []RunItem
	ItemSum   RunItem
	Checks    []Check
	Blocked   string // why it cannot be published; empty: it can
	Who       string // drafted or published by whom, when
	Withdraw  ReasonForm
	Exclude   ExcludeForm
	Problems  Problems
}

// SkippedUnits counts all skipped units.
func (v RunView) SkippedUnits() int {
	n := 0
	for _, g := range v.Skipped {
		n += len(g.Units) + g.More
	}
	return n
}

// Difference is this month's total, earlier runs included, minus the last one's.
func (v RunView) Difference() money.Yuan { return v.Total.Add(v.Before).Sub(v.LastTotal) }

// Unpaid is what is still owed of a published run.
func (v RunView) Unpaid() money.Yuan { return v.Total.Sub(v.Settled) }

// SkipGroup are the units skipped for one reason, with the button that mends it.
type SkipGroup struct {
	Reason string // 面积待核
	Units  []SkippedUnit
	More   int // beyond those shown
	Area   decimal.NullDecimal
	Last   money.Yuan
}

// Count is the number of units of the group.
func (g SkipGroup) Count() int { return len(g.Units) + g.More }

// SkippedUnit is one unit without a bill, and why.
type SkippedUnit struct {
	ID   int64
	Code string
	Why  string
	Area decimal.NullDecimal
	Last money.Yuan
	Do   Link
}

// RunItem is one fee item of the run.
type RunItem struct {
	Name, Book string
	Count      int
	Amount     money.Yuan
}

// ReasonForm asks why: POST run_withdraw, run_discard, payment_reverse, period_reopen.
type ReasonForm struct {
	Reason string `form:"reason"`
}

// ExcludeForm leaves one unit out of a draft: POST run_exclude.
type ExcludeForm struct {
	Unit   string `form:"unit"` // room number as written
	Reason string `form:"reason"`
}

// Page names the template.
func (RunView) Page() string { return "run" }
