package torture

import (
	"slices"

	"github.com/shopspring/decimal"

	"estateledger/civil"
	"estateledger/ledger/money"
)

// oracle is what the books must say, computed from the commands alone: plain
// lists and loops over days, nothing of the product but its dates and its
// rounding. Every command answers the stable code of a refusal, "" for success.
type oracle struct {
	today   civil.Date
	estates []*oEstate
	acts    int
}

// oEstate is an estate with the one book it is billed in.
type oEstate struct {
	feeFrom civil.Date // first day that is billed
	feeTo   civil.Date // last day of the contract
	dueDay  int        // 0: last day of the month
	rates   []oRate
	units   []*oUnit
	runs    []*oRun
	months  []civil.Month // closed, in order
	entries []oEntry
}

// oRate is the price of a use of unit from a day on; later rows replace earlier
// ones of the same day.
type oRate struct {
	use  string
	from civil.Date
	rate decimal.Decimal
	vat  decimal.Decimal
	rule money.Rule
}

type oArea struct {
	from   civil.Date
	area   decimal.Decimal
	source string
}

// oTitle is who owns a unit from a day on, and from which day bills go there.
type oTitle struct {
	id       int64
	from     civil.Date
	billFrom civil.Date
	owned    bool
}

type oUnit struct {
	estate   *oEstate
	id       int64
	code     string
	use      string
	areas    []oArea
	titles   []oTitle
	charges  []*oCharge
	payments []*oPayment
	uses     []*oUse
	prepaid  money.Yuan // settles nothing yet
}

const (
	oLive      = 1
	oWithdrawn = 2
	oReversed  = 3
)

type oCharge struct {
	id       int64
	unit     *oUnit
	run      *oRun
	title    int64
	rank     int // of its item, in the order in which money settles
	start    civil.Date
	end      civil.Date
	due      civil.Date
	posting  civil.Date
	amount   money.Yuan
	tax      money.Yuan
	settled  money.Yuan
	state    int
	paidBy   money.Yuan // part settled by payments, the rest by prepayments
	postings []int      // entries of the charge itself
}

func (c *oCharge) open() money.Yuan { return c.amount.Sub(c.settled) }

// oPart is what a payment gave to a charge.
type oPart struct {
	charge *oCharge
	amount money.Yuan
}

// oUse is a use of a prepayment for a charge; it is gone once taken back.
type oUse struct {
	charge *oCharge
	amount money.Yuan
	act    int
	entry  int
}

type oPayment struct {
	id       int64
	unit     *oUnit
	amount   money.Yuan
	prepaid  money.Yuan
	parts    []oPart
	postings []int
	reversed bool
}

type oRun struct {
	id     int64
	estate *oEstate
	month  civil.Month
	state  string
	count  int
	total  money.Yuan
}

// oEntry is one movement; accounts by slug, dimension a unit's id or 0.
type oEntry struct {
	debit, credit       string
	debitDim, creditDim int64
	amount              money.Yuan
	posting             civil.Date
}

// act counts the commands that changed something: what was done later.
func (o *oracle) act() int {
	o.acts++
	return o.acts
}

// post appends an entry and answers its place.
func (e *oEstate) post(debit string, debitDim int64, credit string, creditDim int64, amount money.Yuan, posting civil.Date) int {
	e.entries = append(e.entries, oEntry{debit, credit, debitDim, creditDim, amount, posting})
	return len(e.entries) - 1
}

// reverse repeats entries with the opposite sign, in an open month and never
// before the entry itself.
func (e *oEstate) reverse(at []int, posting civil.Date) {
	for _, i := range at {
		old := e.entries[i]
		e.post(old.debit, old.debitDim, old.credit, old.creditDim, old.amount.Neg(), civil.Max(old.posting, posting))
	}
}

// postingDate is where a business date goes: there, if that month is open, else
// today, or the first day after the closed months should today lie in them.
func (e *oEstate) postingDate(business, today civil.Date) civil.Date {
	through := e.closedThrough()
	if through.IsZero() || business.Month().After(through) {
		return business
	}
	return civil.Max(today, through.Add(1).First())
}

// closedThrough is the last closed month, zero when none is.
func (e *oEstate) closedThrough() civil.Month {
	if len(e.months) == 0 {
		return civil.Month{}
	}
	return e.months[len(e.months)-1]
}

// addUnit registers a unit with its first area (none when zero) and title.
func (o *oracle) addUnit(e *oEstate, id int64, code, use string, area decimal.Decimal, source string, titles []oTitle) *oUnit {
	u := &oUnit{estate: e, id: id, code: code, use: use, titles: titles}
	if !area.IsZero() {
		u.areas = []oArea{{civil.On(1900, 1, 1), area, source}}
	}
	e.units = append(e.units, u)
	return u
}

func (o *oracle) setRate(e *oEstate, r oRate) { e.rates = append(e.rates, r) }

// recordArea corrects a unit's area from a day on.
func (o *oracle) recordArea(u *oUnit, from civil.Date, area decimal.Decimal, source string) string {
	if from.After(o.today) {
		return "estate.area_future"
	}
	if now := u.areaOn(from); now != nil && now.area.Equal(area) && now.source == source {
		return "estate.area_same"
	}
	u.areas = append(u.areas, oArea{from, area, source})
	return ""
}

// areaOn is the area of a day: the last one that was recorded of those with the
// latest beginning.
func (u *oUnit) areaOn(day civil.Date) *oArea {
	var found *oArea
	for i := range u.areas {
		a := &u.areas[i]
		if !a.from.After(day) && (found == nil || !a.from.Before(found.from)) {
			found = a
		}
	}
	return found
}

// titlesInForce are the titles without those that a correction replaced.
func (u *oUnit) titlesInForce() []*oTitle {
	var out []*oTitle
	for i := range u.titles {
		t := &u.titles[i]
		if n := len(out); n > 0 && out[n-1].from == t.from {
			out[n-1] = t
			continue
		}
		out = append(out, t)
	}
	return out
}

// recordTitle records a new title, which may not begin before the latest one,
// nor be billed from a day on which an earlier one is not billed yet.
func (o *oracle) recordTitle(u *oUnit, t oTitle) string {
	if t.from.After(o.today) {
		return "estate.title_future"
	}
	if t.billFrom.IsZero() {
		t.billFrom = t.from
	}
	now := u.titlesInForce()
	if len(now) > 0 && t.from.Before(now[len(now)-1].from) {
		return "estate.title_earlier"
	}
	for _, earlier := range slices.Backward(now) {
		if earlier.from.Before(t.from) {
			if !t.billFrom.After(earlier.billFrom) {
				return "estate.bill_from_order"
			}
			break
		}
	}
	u.titles = append(u.titles, t)
	return ""
}

// billedTitle is the latest title whose bills have begun by a day.
func (u *oUnit) billedTitle(day civil.Date) *oTitle {
	var found *oTitle
	for _, t := range u.titlesInForce() {
		if !t.billFrom.After(day) {
			found = t
		}
	}
	return found
}

// rateOn is the price of a use on a day.
func (e *oEstate) rateOn(use string, day civil.Date) *oRate {
	var found *oRate
	for i := range e.rates {
		r := &e.rates[i]
		if r.use == use && !r.from.After(day) && (found == nil || !r.from.Before(found.from)) {
			found = r
		}
	}
	return found
}

// closeMonth closes a month: over, not closed yet, and none before it open with
// entries.
func (o *oracle) closeMonth(e *oEstate, m civil.Month) string {
	if !m.Last().Before(o.today) {
		return "ledger.month_not_over"
	}
	through := e.closedThrough()
	if !through.IsZero() && !m.After(through) {
		return "ledger.already_closed"
	}
	for _, x := range e.entries {
		if x.posting.Before(m.First()) && (through.IsZero() || x.posting.Month().After(through)) {
			return "ledger.earlier_month_open"
		}
	}
	e.months = append(e.months, m)
	return ""
}

// reopenMonth opens the last closed month again.
func (o *oracle) reopenMonth(e *oEstate, m civil.Month) string {
	if e.closedThrough() != m {
		return "ledger.not_last_closed"
	}
	e.months = e.months[:len(e.months)-1]
	return ""
}
