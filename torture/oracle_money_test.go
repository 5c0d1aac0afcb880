package torture

import (
	"slices"

	"github.com/shopspring/decimal"

	"estateledger/civil"
	"estateledger/ledger/money"
)

// oSegment is a run of days of a month on which price, area and title stay the
// same.
type oSegment struct {
	start, end civil.Date
	rate       *oRate
	area       *oArea
	title      *oTitle
}

// segments walks through a month day by day.
func (e *oEstate) segments(u *oUnit, m civil.Month) []oSegment {
	var out []oSegment
	for day := m.First(); !day.After(m.Last()); day = day.AddDays(1) {
		if day.Before(e.feeFrom) || day.After(e.feeTo) {
			continue
		}
		s := oSegment{day, day, e.rateOn(u.use, day), u.areaOn(day), u.billedTitle(day)}
		if s.rate == nil || s.area == nil || s.title == nil {
			continue
		}
		n := len(out)
		if n > 0 && out[n-1].end.AddDays(1) == day && out[n-1].rate == s.rate && out[n-1].area == s.area && out[n-1].title == s.title {
			out[n-1].end = day
			continue
		}
		out = append(out, s)
	}
	return out
}

// amount is area × price × days ÷ days of the month, rounded once.
func (s oSegment) amount() money.Yuan {
	days := s.start.DaysUntil(s.end) + 1
	product := s.area.area.Mul(s.rate.rate).Mul(decimal.NewFromInt(int64(days)))
	return money.Divide(product, decimal.NewFromInt(int64(s.start.Month().Days())), s.rate.rule)
}

// dueOn is the day a month's bill is due: the contract's day, not before the
// first billed day.
func (e *oEstate) dueOn(m civil.Month) civil.Date {
	due := m.Last()
	if e.dueDay != 0 {
		due = m.First().AddDays(e.dueDay - 1)
	}
	return civil.Max(due, civil.Max(e.feeFrom, m.First()))
}

// toBill are the charges a month's run would publish today: what has an owner
// and overlaps nothing that is billed.
func (o *oracle) toBill(e *oEstate, m civil.Month, except map[int64]bool) []*oCharge {
	var out []*oCharge
	for _, u := range e.units {
		if except[u.id] {
			continue
		}
		for _, s := range e.segments(u, m) {
			if !s.title.owned || u.billedIn(s.start, s.end) {
				continue
			}
			c := &oCharge{unit: u, title: s.title.id, rank: 20, start: s.start, end: s.end, due: e.dueOn(m),
				posting: civil.Max(o.today, s.start), amount: s.amount(), state: oLive}
			_, c.tax = money.TaxInside(c.amount, s.rate.vat)
			out = append(out, c)
		}
	}
	return out
}

func (u *oUnit) billedIn(from, to civil.Date) bool {
	return slices.ContainsFunc(u.charges, func(c *oCharge) bool {
		return c.state == oLive && c.rank == 20 && !c.start.After(to) && !c.end.Before(from)
	})
}

// publish writes a run's charges into the books; prepayments settle at once.
func (o *oracle) publish(r *oRun, charges []*oCharge) {
	act := o.act()
	e := r.estate
	for _, c := range charges {
		c.run = r
		c.unit.charges = append(c.unit.charges, c)
		for _, part := range []struct {
			slug   string
			amount money.Yuan
		}{{"service_income", c.amount.Sub(c.tax)}, {"output_tax", c.tax}} {
			if part.amount.Sign() != 0 {
				c.postings = append(c.postings, e.post("receivable", c.unit.id, part.slug, 0, part.amount, c.posting))
			}
		}
		r.count++
		r.total = r.total.Add(c.amount)
	}
	r.state = "published"
	for _, u := range e.units {
		o.applyPrepayment(u, act)
	}
}

// openCharges are what a unit owes, in the order in which money settles it:
// what the payer named, then due first, then by rank, then oldest.
func (u *oUnit) openCharges(first []*oCharge) []*oCharge {
	var open []*oCharge
	for _, c := range u.charges {
		if c.state == oLive && c.open().Sign() > 0 {
			open = append(open, c)
		}
	}
	place := func(c *oCharge) int {
		if i := slices.Index(first, c); i >= 0 {
			return i
		}
		return len(first)
	}
	slices.SortStableFunc(open, func(a, b *oCharge) int {
		if d := place(a) - place(b); d != 0 {
			return d
		}
		return dueOrder(a, b)
	})
	return open
}

func dueOrder(a, b *oCharge) int {
	if d := a.due.Compare(b.due); d != 0 {
		return d
	}
	if d := a.rank - b.rank; d != 0 {
		return d
	}
	return a.start.Compare(b.start)
}

// settle gives an amount to charges in order and answers the parts.
func settle(open []*oCharge, amount money.Yuan) (parts []oPart, left money.Yuan) {
	left = amount
	for _, c := range open {
		if left.Sign() <= 0 {
			break
		}
		part := c.open()
		if part.Cmp(left) > 0 {
			part = left
		}
		c.settled = c.settled.Add(part)
		parts = append(parts, oPart{c, part})
		left = left.Sub(part)
	}
	return parts, left
}

// applyPrepayment lets what a unit has prepaid settle what it owes.
func (o *oracle) applyPrepayment(u *oUnit, act int) {
	if u.prepaid.Sign() <= 0 {
		return
	}
	e := u.estate
	posting := e.postingDate(o.today, o.today)
	var parts []oPart
	parts, u.prepaid = settle(u.openCharges(nil), u.prepaid)
	for _, p := range parts {
		at := e.post("prepayment", u.id, "receivable", u.id, p.amount, civil.Max(p.charge.posting, posting))
		u.uses = append(u.uses, &oUse{p.charge, p.amount, act, at})
	}
}

// takeBackUses undoes uses of a unit's prepayment: the money is prepaid again.
func (o *oracle) takeBackUses(u *oUnit, gone []*oUse) {
	for _, x := range gone {
		x.charge.settled = x.charge.settled.Sub(x.amount)
		u.prepaid = u.prepaid.Add(x.amount)
		u.estate.reverse([]int{x.entry}, u.estate.postingDate(o.today, o.today))
	}
	u.uses = slices.DeleteFunc(u.uses, func(x *oUse) bool { return slices.Contains(gone, x) })
}

// pay takes money: into an account of the book, for charges in order, the rest
// a prepayment. Money for a charge that is posted later is prepaid until then.
func (o *oracle) pay(u *oUnit, account string, amount money.Yuan, business civil.Date, first []*oCharge) (*oPayment, string) {
	if business.After(o.today) {
		return nil, "receivable.date_in_future"
	}
	for _, c := range first {
		if c.unit != u || c.state != oLive {
			return nil, "receivable.charge_not_open"
		}
	}
	o.act()
	e := u.estate
	posting := e.postingDate(business, o.today)
	p := &oPayment{unit: u, amount: amount}
	p.parts, p.prepaid = settle(u.openCharges(first), amount)
	now, later := money.Zero, map[civil.Date]money.Yuan{}
	ahead := p.prepaid
	for _, part := range p.parts {
		part.charge.paidBy = part.charge.paidBy.Add(part.amount)
		if !part.charge.posting.After(posting) {
			now = now.Add(part.amount)
			continue
		}
		later[part.charge.posting] = later[part.charge.posting].Add(part.amount)
		ahead = ahead.Add(part.amount)
	}
	if now.Sign() > 0 {
		p.postings = append(p.postings, e.post(account, 0, "receivable", u.id, now, posting))
	}
	if ahead.Sign() > 0 {
		p.postings = append(p.postings, e.post(account, 0, "prepayment", u.id, ahead, posting))
	}
	for day, sum := range later {
		p.postings = append(p.postings, e.post("prepayment", u.id, "receivable", u.id, sum, e.postingDate(day, o.today)))
	}
	u.prepaid = u.prepaid.Add(p.prepaid)
	u.payments = append(u.payments, p)
	return p, ""
}

// reversePayment undoes a payment. What it had prepaid must be there to be
// undone: the newest uses of the unit's prepayment are taken back for it, and
// what is then over settles the oldest debt again.
func (o *oracle) reversePayment(p *oPayment) string {
	if p.reversed {
		return "receivable.already_reversed"
	}
	act, u, e := o.act(), p.unit, p.unit.estate
	posting := e.postingDate(o.today, o.today)
	if missing := p.prepaid.Sub(u.prepaid); p.prepaid.Sign() > 0 && missing.Sign() > 0 {
		var gone []*oUse
		for _, x := range newestFirst(u.uses) {
			if missing.Sign() <= 0 {
				break
			}
			gone, missing = append(gone, x), missing.Sub(x.amount)
		}
		o.takeBackUses(u, gone)
	}
	for _, part := range p.parts {
		part.charge.settled = part.charge.settled.Sub(part.amount)
		part.charge.paidBy = part.charge.paidBy.Sub(part.amount)
	}
	e.reverse(p.postings, posting)
	u.prepaid = u.prepaid.Sub(p.prepaid)
	p.reversed = true
	o.applyPrepayment(u, act)
	return ""
}

// newestFirst orders uses by the act that made them, within one the debt that
// was settled last first.
func newestFirst(uses []*oUse) []*oUse {
	out := slices.Clone(uses)
	slices.SortStableFunc(out, func(a, b *oUse) int {
		if d := b.act - a.act; d != 0 {
			return d
		}
		return dueOrder(b.charge, a.charge)
	})
	return out
}

// withdraw takes back what is live of a run that no payment has settled.
func (o *oracle) withdraw(r *oRun) string {
	var live []*oCharge
	for _, u := range r.estate.units {
		for _, c := range u.charges {
			if c.run == r && c.state == oLive {
				live = append(live, c)
			}
		}
	}
	return o.cancel(r.estate, live, oWithdrawn)
}

// reverseCharge takes back one charge.
func (o *oracle) reverseCharge(c *oCharge) string {
	if c.state != oLive {
		return "receivable.charge_not_live"
	}
	return o.cancel(c.unit.estate, []*oCharge{c}, oReversed)
}

func (o *oracle) cancel(e *oEstate, charges []*oCharge, state int) string {
	for _, c := range charges {
		if c.paidBy.Sign() != 0 {
			return "receivable.run_paid"
		}
	}
	act := o.act()
	posting := e.postingDate(o.today, o.today)
	for _, u := range e.units {
		var gone []*oUse
		for _, x := range u.uses {
			if slices.Contains(charges, x.charge) {
				gone = append(gone, x)
			}
		}
		o.takeBackUses(u, gone)
	}
	for _, c := range charges {
		e.reverse(c.postings, posting)
		c.state = state
	}
	for _, u := range e.units {
		o.applyPrepayment(u, act)
	}
	return ""
}
