package civil

import "slices"

// Period is a span of days, both ends included. One that lacks an end or ends
// before it begins is empty: it has no day, holds none and shares none.
type Period struct {
	From Date `json:"from"`
	To   Date `json:"to"`
}

// IsEmpty says that no day lies in the period.
func (p Period) IsEmpty() bool { return p.From.IsZero() || p.To.Before(p.From) }

// Days is the number of days, both ends counted; 0 for an empty period.
func (p Period) Days() int {
	if p.IsEmpty() {
		return 0
	}
	return p.From.DaysUntil(p.To) + 1
}

// Contains says that the day lies in the period.
func (p Period) Contains(d Date) bool {
	return !p.IsEmpty() && !d.Before(p.From) && !d.After(p.To)
}

// Overlaps says that the periods share a day.
func (p Period) Overlaps(q Period) bool {
	_, ok := p.Intersect(q)
	return ok
}

// Intersect is the span both have; ok is false when they share no day.
func (p Period) Intersect(q Period) (both Period, ok bool) {
	both = Period{Max(p.From, q.From), Min(p.To, q.To)}
	if p.IsEmpty() || q.IsEmpty() || both.IsEmpty() {
		return Period{}, false
	}
	return both, true
}

// SplitAt cuts the period before each of the given days that lies inside it, so
// that each of them begins a part. The days need not be sorted or distinct; an
// empty period has no parts.
func (p Period) SplitAt(starts ...Date) []Period {
	if p.IsEmpty() {
		return nil
	}
	var parts []Period
	rest := p
	for _, cut := range slices.SortedFunc(slices.Values(starts), Date.Compare) {
		if !cut.After(rest.From) || cut.After(rest.To) {
			continue
		}
		parts = append(parts, Period{rest.From, cut.AddDays(-1)})
		rest.From = cut
	}
	return append(parts, rest)
}

// ServiceWindow is the window of so many service months from the day of entry,
// which counts as a service day (so agreed; Civil Code Art. 201 would leave it
// out and Art. 204 allows the agreement): 2023-09-15 and 36 months end on
// 2026-09-14. It ends the day before the corresponding day; where the month has
// no such day it ends with the month (Art. 202), so that 2024-02-29 and 36
// months end on 2027-02-28. Without an entry there is no window.
func ServiceWindow(entry Date, months int) Period {
	if entry.IsZero() {
		return Period{}
	}
	target := entry.Month().Add(months)
	if entry.Day() > target.Days() {
		return Period{entry, target.Last()}
	}
	return Period{entry, target.First().AddDays(entry.Day() - 2)}
}
