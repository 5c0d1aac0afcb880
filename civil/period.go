package civil

import "time"

// Period is a span of days, both ends included.
type Period struct {
	From Date `json:"from"`
	To   Date `json:"to"`
}

// Days is the number of days, both ends counted; 0 for an empty period.
func (p Period) Days() int {
	if p.From.IsZero() || p.To.Before(p.From) {
		return 0
	}
	return p.From.DaysUntil(p.To) + 1
}

// Contains says that the day lies in the period.
func (p Period) Contains(d Date) bool { return !d.Before(p.From) && !d.After(p.To) }

// Overlaps says that the periods share a day.
func (p Period) Overlaps(q Period) bool { return !p.To.Before(q.From) && !q.To.Before(p.From) }

// Intersect is the span both have; ok is false when they share no day.
func (p Period) Intersect(q Period) (both Period, ok bool) {
	if !p.Overlaps(q) {
		return Period{}, false
	}
	return Period{Max(p.From, q.From), Min(p.To, q.To)}, true
}

// SplitAt cuts the period before each of the given days that lies inside it.
// The days need not be sorted or distinct.
func (p Period) SplitAt(starts ...Date) []Period {
	var parts []Period
	rest := p
	for {
		var cut Date
		for _, s := range starts {
			if s.After(rest.From) && !s.After(rest.To) && (cut.IsZero() || s.Before(cut)) {
				cut = s
			}
		}
		if cut.IsZero() {
			return append(parts, rest)
		}
		parts = append(parts, Period{rest.From, cut.AddDays(-1)})
		rest.From = cut
	}
}

// ServiceWindow is the window of so many service months from the day of entry,
// which counts as a service day: 2023-09-15 and 36 months end on 2026-09-14. It
// ends the day before the corresponding day; where the month has no such day,
// the corresponding day is the first of the next month, so that 2024-02-29 and
// 36 months end on 2027-02-28.
func ServiceWindow(entry Date, months int) Period {
	end := time.Date(entry.Year(), time.Month(int(entry.month)+months), entry.Day(), 0, 0, 0, 0, time.UTC)
	target := entry.Month().Add(months)
	if entry.Day() > target.Days() {
		return Period{entry, target.Last()}
	}
	return Period{entry, fromTime(end).AddDays(-1)}
}
