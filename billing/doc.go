// Package billing decides what is owed for service: the rates of an estate and
// the bill runs that publish a month.
//
// Its words: a rate is what a kind of unit pays per m² and month, VAT inside,
// from a day on; a run is one estate's month, from a draft that is looked at to
// bills that are owed; a segment is the part of a month in which a unit's area,
// title and rate stay the same, and is what becomes a charge; a skip is a unit
// of which days of the month stay unbilled, with its reason.
//
// Its invariants: a draft is parameters and exceptions with the count, total
// and hash of what was seen, never rows; publishing computes it again by the
// very same query under the estate's run lock, and on a difference publishes
// nothing; running again, or from two clerks at once, bills nobody twice, which
// a key of the database holds and not a check here; a published run is undone
// by withdrawing it whole, as long as nobody has paid.
//
// A bill accrues on the later of its publication and its segment's first day,
// so billing a month that is over and closed posts in the open one.
package billing
