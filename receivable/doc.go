// Package receivable answers who owes what, once for all subjects and books:
// charge, payment, allocation, receipt, prepayment, arrears.
//
// Its words: a charge is what a subject (a unit, a contract) owes for a segment
// of time, frozen when it is published; a payment settles charges by explicit
// allocations; what is left of it is a prepayment, which the next run uses; a
// receipt is a number without gaps in the series of its counter and year.
//
// Its invariants: no two live charges of one subject and item begin on the same
// day (a key of the database); settled = Σ allocations; a household never has a
// prepayment and an open charge in the same book at once; undoing money is
// always a reversal, which keeps both numbers.
package receivable
