package ledger

import (
	"context"
	"errors"
	"time"

	"estateledger/access"
	"estateledger/civil"
	"estateledger/fault"
	"estateledger/ledger/money"
	"estateledger/postgres"
)

// Book is a book as a list shows it. ClosedThrough is the last closed month,
// zero when none is.
type Book struct {
	BookID        int64       `db:"book_id" json:"book_id,string"`
	NodeID        int64       `db:"node_id" json:"-"`
	PlaceNodeID   int64       `db:"place_node_id" json:"-"`
	LegalOwnerID  int64       `db:"legal_owner_id" json:"-"`
	Name          string      `db:"name" json:"name"`
	Kind          BookKind    `db:"kind" json:"kind"`
	OpenedOn      civil.Date  `db:"opened_on" json:"opened_on"`
	OwnerName     string      `db:"owner_name" json:"owner_name"`
	PlaceName     string      `db:"place_name" json:"place_name"`
	ClosedThrough civil.Month `db:"closed_through" json:"closed_through"`
}

// Account is an account of a book.
type Account struct {
	AccountID    int64       `db:"account_id" json:"account_id,string"`
	Slug         string      `db:"slug" json:"slug"`
	Name         string      `db:"name" json:"name"`
	Kind         AccountKind `db:"kind" json:"kind"`
	OfficialCode string      `db:"official_code" json:"official_code"`
}

// DebitSide says that the account's balance stands on the debit side.
func (a Account) DebitSide() bool { return a.Kind == Asset || a.Kind == Expense }

// Books lists the books the viewer may read.
func Books(ctx context.Context, r postgres.Reader, s access.Scope) ([]Book, error) {
	var books []Book
	err := r.Select(ctx, &books, queries.Get("books"), s)
	return books, err
}

// BookOf is one book; ledger.book_not_found when it is not there or not the
// viewer's.
func BookOf(ctx context.Context, r postgres.Reader, s access.Scope, book int64) (Book, error) {
	var b Book
	err := r.Get(ctx, &b, queries.Get("book"), struct {
		access.Scope
		Book int64 `db:"book"`
	}{s, book})
	return b, notFound(err)
}

// BookNode is the scope node of a book, for the permission of an act on it.
func BookNode(ctx context.Context, r postgres.Reader, district, book int64) (int64, error) {
	var node int64
	err := r.Get(ctx, &node, queries.Get("book_node"), map[string]any{"district": district, "book": book})
	return node, notFound(err)
}

func notFound(err error) error {
	if errors.Is(err, postgres.ErrNoRow) {
		return fault.NotFound("ledger.book_not_found", "没有这本账,或您不能查看它。")
	}
	return err
}

// AccountsOf lists the accounts of a book the viewer may read.
func AccountsOf(ctx context.Context, r postgres.Reader, s access.Scope, book int64) ([]Account, error) {
	var accounts []Account
	err := r.Select(ctx, &accounts, queries.Get("accounts"), struct {
		access.Scope
		Book int64 `db:"book"`
	}{s, book})
	return accounts, err
}

// TrialLine is one account of a trial balance: the opening before the period,
// the movements in it, both as debits and credits.
type TrialLine struct {
	Account
	OpeningDebit  money.Yuan `db:"opening_debit" json:"opening_debit"`
	OpeningCredit money.Yuan `db:"opening_credit" json:"opening_credit"`
	Debit         money.Yuan `db:"debit" json:"debit"`
	Credit        money.Yuan `db:"credit" json:"credit"`
}

// Opening is the balance before the period, debit positive.
func (l TrialLine) Opening() money.Yuan { return l.OpeningDebit.Sub(l.OpeningCredit) }

// Closing is the balance at its end, debit positive.
func (l TrialLine) Closing() money.Yuan { return l.Opening().Add(l.Debit).Sub(l.Credit) }

// TrialBalance gives every account of a book for a period of posting dates.
// The closings add up to zero.
func TrialBalance(ctx context.Context, r postgres.Reader, s access.Scope, book int64, p civil.Period) ([]TrialLine, error) {
	var lines []TrialLine
	err := r.Select(ctx, &lines, queries.Get("trial_balance"), struct {
		access.Scope
		Book int64      `db:"book"`
		From civil.Date `db:"from"`
		To   civil.Date `db:"to"`
	}{s, book, p.From, p.To})
	return lines, err
}

// JournalFilter chooses entries of a book. Zero values do not restrict. After
// is the last entry of the page before.
type JournalFilter struct {
	Book       int64
	Period     civil.Period
	Account    int64
	Dimension  int64
	SourceKind SourceKind
	Source     int64
	Act        int64
	AfterDate  civil.Date
	AfterEntry int64
	Limit      int
}

// JournalLine is an entry with the names of its accounts.
type JournalLine struct {
	EntryID         int64      `db:"entry_id" json:"entry_id,string"`
	PostingDate     civil.Date `db:"posting_date" json:"posting_date"`
	BusinessDate    civil.Date `db:"business_date" json:"business_date"`
	RecordedAt      time.Time  `db:"recorded_at" json:"recorded_at"`
	Amount          money.Yuan `db:"amount" json:"amount"`
	SourceKind      SourceKind `db:"source_kind" json:"source_kind"`
	SourceID        int64      `db:"source_id" json:"source_id,string"`
	ActID           int64      `db:"act_id" json:"act_id,string"`
	DebitAccountID  int64      `db:"debit_account_id" json:"debit_account_id,string"`
	DebitName       string     `db:"debit_name" json:"debit_name"`
	DebitCode       string     `db:"debit_code" json:"debit_code"`
	DebitDimension  int64      `db:"debit_dimension" json:"debit_dimension,string"`
	CreditAccountID int64      `db:"credit_account_id" json:"credit_account_id,string"`
	CreditName      string     `db:"credit_name" json:"credit_name"`
	CreditCode      string     `db:"credit_code" json:"credit_code"`
	CreditDimension int64      `db:"credit_dimension" json:"credit_dimension,string"`
	ReversedEntry   int64      `db:"reversed_entry_id" json:"reversed_entry_id,string"`
	ReversalEntry   int64      `db:"reversal_entry_id" json:"reversal_entry_id,string"`
}

// journalArg is a filter as the queries take it.
type journalArg struct {
	access.Scope
	Book       int64      `db:"book"`
	From       civil.Date `db:"from"`
	To         civil.Date `db:"to"`
	Account    int64      `db:"account"`
	Dimension  int64      `db:"dimension"`
	SourceKind int16      `db:"source_kind"`
	Source     int64      `db:"source"`
	Act        int64      `db:"act"`
	AfterDate  civil.Date `db:"after_date"`
	AfterEntry int64      `db:"after_entry"`
	Limit      int        `db:"limit"`
}

func (f JournalFilter) arg(s access.Scope) journalArg {
	if f.Limit <= 0 || f.Limit > 500 {
		f.Limit = 100
	}
	if f.AfterDate.IsZero() {
		f.AfterDate = civil.On(1900, 1, 1)
	}
	return journalArg{s, f.Book, f.Period.From, f.Period.To, f.Account, f.Dimension, int16(f.SourceKind), f.Source, f.Act,
		f.AfterDate, f.AfterEntry, f.Limit}
}

// Journal lists entries in the order of posting date and id.
func Journal(ctx context.Context, r postgres.Reader, s access.Scope, f JournalFilter) ([]JournalLine, error) {
	var lines []JournalLine
	err := r.Select(ctx, &lines, queries.Get("journal"), f.arg(s))
	return lines, err
}

// JournalTotal counts and adds up the entries a filter chooses.
type JournalTotal struct {
	Entries int64      `db:"entries" json:"entries"`
	Total   money.Yuan `db:"total" json:"total"`
}

// TotalOf is the total of a journal without its pages.
func TotalOf(ctx context.Context, r postgres.Reader, s access.Scope, f JournalFilter) (JournalTotal, error) {
	var t JournalTotal
	err := r.Get(ctx, &t, queries.Get("journal_total"), f.arg(s))
	return t, err
}

// Balance is the balance of an account, or of one dimension of it, through a
// posting date, debit positive.
func Balance(ctx context.Context, r postgres.Reader, s access.Scope, book, account, dimension int64, through civil.Date) (money.Yuan, error) {
	var sides struct {
		Debit  money.Yuan `db:"debit"`
		Credit money.Yuan `db:"credit"`
	}
	err := r.Get(ctx, &sides, queries.Get("balance_of"), struct {
		access.Scope
		Book      int64      `db:"book"`
		Account   int64      `db:"account"`
		Dimension int64      `db:"dimension"`
		To        civil.Date `db:"to"`
	}{s, book, account, dimension, through})
	return sides.Debit.Sub(sides.Credit), err
}

// AccountOf is one account and its book; ledger.account_not_found when it is
// not there or not the viewer's.
func AccountOf(ctx context.Context, r postgres.Reader, s access.Scope, account int64) (Account, int64, error) {
	var row struct {
		Account
		Book int64 `db:"book_id"`
	}
	err := r.Get(ctx, &row, queries.Get("account_by_id"), struct {
		access.Scope
		Account int64 `db:"account"`
	}{s, account})
	if errors.Is(err, postgres.ErrNoRow) {
		err = fault.NotFound("ledger.account_not_found", "没有这个科目,或您不能查看它。")
	}
	return row.Account, row.Book, err
}

// EntryPlace says in which book and by which act an entry was posted.
type EntryPlace struct {
	Book    int64      `db:"book_id"`
	Posting civil.Date `db:"posting_date"`
	Act     int64      `db:"act_id"`
}

// EntryPlaceOf finds an entry; ledger.entry_not_found when it is not there or
// not the viewer's.
func EntryPlaceOf(ctx context.Context, r postgres.Reader, s access.Scope, entry int64) (EntryPlace, error) {
	var p EntryPlace
	err := r.Get(ctx, &p, queries.Get("entry_place"), struct {
		access.Scope
		Entry int64 `db:"entry"`
	}{s, entry})
	if errors.Is(err, postgres.ErrNoRow) {
		err = fault.NotFound("ledger.entry_not_found", "没有这笔分录,或您不能查看它。")
	}
	return p, err
}

// EntriesOfAct lists what an act posted (at most 200), in one book or, with
// book 0, in all the viewer may read.
func EntriesOfAct(ctx context.Context, r postgres.Reader, s access.Scope, book, act int64) ([]JournalLine, error) {
	var lines []JournalLine
	err := r.Select(ctx, &lines, queries.Get("entries_of_act"), struct {
		access.Scope
		Book int64 `db:"book"`
		Act  int64 `db:"act"`
	}{s, book, act})
	return lines, err
}

// MonthTotal is what a month of a book holds.
type MonthTotal struct {
	Month   civil.Month `db:"month" json:"month"`
	Entries int64       `db:"entries" json:"entries"`
	Total   money.Yuan  `db:"total" json:"total"`
}

// MonthsOf lists the months of a book that hold entries, newest first.
func MonthsOf(ctx context.Context, r postgres.Reader, s access.Scope, book int64) ([]MonthTotal, error) {
	var months []MonthTotal
	err := r.Select(ctx, &months, queries.Get("months_of"), struct {
		access.Scope
		Book int64 `db:"book"`
	}{s, book})
	return months, err
}

// BookState says how far a book is closed. FirstOpen is the first month that
// holds entries and is not closed, zero when there is none.
type BookState struct {
	BookID        int64       `db:"book_id"`
	PlaceNodeID   int64       `db:"place_node_id"`
	Name          string      `db:"name"`
	ClosedThrough civil.Month `db:"closed_through"`
	FirstOpen     civil.Month `db:"first_open"`
}

// BookStates says of every book the viewer may read how far it is closed.
func BookStates(ctx context.Context, r postgres.Reader, s access.Scope) ([]BookState, error) {
	var states []BookState
	err := r.Select(ctx, &states, queries.Get("book_states"), s)
	return states, err
}

// BookCheck counts the entries of a book; Difference is debit less credit of all
// its balances, zero unless something is wrong.
type BookCheck struct {
	BookID     int64      `db:"book_id"`
	Entries    int64      `db:"entries"`
	Difference money.Yuan `db:"difference"`
}

// BookChecks checks every book the viewer may read.
func BookChecks(ctx context.Context, r postgres.Reader, s access.Scope) ([]BookCheck, error) {
	var checks []BookCheck
	err := r.Select(ctx, &checks, queries.Get("book_checks"), s)
	return checks, err
}
