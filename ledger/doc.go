// Package ledger keeps the books: legal owner → bank account → book, double
// entry as one row per movement (debit account, credit account, amount), so
// that a book balances by construction.
//
// Its words: a book belongs to one legal owner and one kind, and money of
// different owners never meets in one; an entry lives in one book; both sides
// may carry a dimension (a unit, a bank account), a bare subject id, 0 for
// none. A period is a month of a book. Turnovers are debits and credits per
// account, dimension and month, rolled up after the fact; a holding is a credit
// balance that is a condition (a prepayment), kept as a row that is locked.
//
// Its invariants: nothing posted is ever updated or deleted (the database
// refuses it to the service's own role); a correction is a reversal, linked one
// to one, itself never reversed; nothing is posted into a closed month.
package ledger
