package ledger

import (
	"context"
	"embed"
	"time"

	"estateledger/access"
	"estateledger/civil"
	"estateledger/fault"
	"estateledger/ledger/money"
	"estateledger/postgres"
)

//go:embed *.sql
var sqlFiles embed.FS

var queries = postgres.MustLoad(sqlFiles)

// Queries are the named queries of the room, for the laws' tests.
func Queries() []postgres.Query { return queries.All() }

// Movement is one entry to post: amount moves from the credit to the debit
// side. Dimension 0 means none. Posting must come from PostingDate in the same
// transaction, which holds the month open until the commit.
type Movement struct {
	Book            int64
	Debit           int64
	DebitDimension  int64
	Credit          int64
	CreditDimension int64
	Amount          money.Yuan
	Business        civil.Date
	Posting         civil.Date
	Kind            SourceKind
	Source          int64
}

// PostingDate is the day a business date is posted on: the date itself while
// its month is open, else the later of today and the first day of the first
// open month. The month stays open until the transaction ends: a close waits.
func PostingDate(ctx context.Context, tx postgres.Tx, act *access.Record, book int64, business civil.Date) (civil.Date, error) {
	var posting civil.Date
	err := tx.Get(ctx, &posting, queries.Get("posting_date"), map[string]any{
		"district": act.District, "book": book, "business": business, "today": act.Today,
	})
	return posting, err
}

// HoldOpen keeps the month of a date open until the transaction ends, and
// refuses when it is closed (ledger.month_closed).
func HoldOpen(ctx context.Context, tx postgres.Tx, district, book int64, date civil.Date) error {
	var open bool
	err := tx.Get(ctx, &open, queries.Get("hold_period"), map[string]any{"district": district, "book": book, "date": date})
	if err != nil {
		return err
	}
	if !open {
		return MonthClosed(date.Month())
	}
	return nil
}

// MonthClosed is the refusal of a posting date in a closed month.
func MonthClosed(month civil.Month) error {
	return fault.Conflict("ledger.month_closed", month.String()+" 已结账,不能再记这个月的账。请把记账日期改到未结账的月份,或先反结账。").At("posting_date")
}

// Post posts one movement and answers the entry's id. Holdings it touches move
// with it; one that would fall below zero is an error.
func Post(ctx context.Context, tx postgres.Tx, act *access.Record, m Movement) (int64, error) {
	var entry int64
	err := tx.Get(ctx, &entry, queries.Get("post"), map[string]any{
		"district": act.District, "book": m.Book, "debit": m.Debit, "debit_dimension": m.DebitDimension,
		"credit": m.Credit, "credit_dimension": m.CreditDimension, "amount": m.Amount, "business": m.Business,
		"posting": m.Posting, "source_kind": int16(m.Kind), "source": m.Source, "act": act.ActID, "recorded_at": act.RecordedAt,
	})
	return entry, err
}

// PostSet posts what a caller's query says, one statement for the whole set.
// The query has the columns book_id, debit_account_id, credit_account_id,
// debit_dimension, credit_dimension, source_id, business_date, posting_date and
// amount; arg gives its parameters, to which PostSet adds :district, :act,
// :recorded_at and :source_kind. The caller holds the months open and, where
// the set touches holdings, calls MoveHoldings. It answers the number of entries.
func PostSet(ctx context.Context, tx postgres.Tx, act *access.Record, kind SourceKind, source postgres.Query, arg map[string]any) (int64, error) {
	all := map[string]any{"district": act.District, "act": act.ActID, "recorded_at": act.RecordedAt, "source_kind": int16(kind)}
	for k, v := range arg {
		all[k] = v
	}
	return tx.Exec(ctx, queries.Get("post_set").Around(source), all)
}

// MoveHoldings moves the holdings for the entries of one kind that this act has
// posted as a set into a book between two posting dates. Post and Reverse move
// them by themselves.
func MoveHoldings(ctx context.Context, tx postgres.Tx, act *access.Record, book int64, kind SourceKind, p civil.Period) error {
	return discard(ctx, tx, queries.Get("hold_act"), map[string]any{
		"district": act.District, "book": book, "from": p.From, "to": p.To, "act": act.ActID, "source_kind": int16(kind),
	})
}

// Reverse reverses entries one to one: same sides, negative amount, in an open
// month and not before the entries' own posting date. An entry that is itself a
// reversal or is reversed already is an error.
func Reverse(ctx context.Context, tx postgres.Tx, act *access.Record, book int64, entries []int64, business civil.Date, kind SourceKind, source int64) error {
	return discard(ctx, tx, queries.Get("reverse"), map[string]any{
		"district": act.District, "book": book, "entries": entries, "business": business, "today": act.Today,
		"source_kind": int16(kind), "source": source, "act": act.ActID, "recorded_at": act.RecordedAt,
	})
}

// EntriesOf finds the entries of documents that are not reversed, posted on or
// after a day.
func EntriesOf(ctx context.Context, tx postgres.Tx, district, book int64, kind SourceKind, sources []int64, from civil.Date) ([]int64, error) {
	var entries []int64
	err := tx.Select(ctx, &entries, queries.Get("entries_of_source"), map[string]any{
		"district": district, "book": book, "source_kind": int16(kind), "sources": sources, "from": from,
	})
	return entries, err
}

// Accounts gives the account ids of a book by slug.
func Accounts(ctx context.Context, r postgres.Reader, district, book int64) (map[string]int64, error) {
	var rows []struct {
		Slug      string `db:"slug"`
		AccountID int64  `db:"account_id"`
	}
	err := r.Select(ctx, &rows, queries.Get("account_ids"), map[string]any{"district": district, "book": book})
	ids := make(map[string]int64, len(rows))
	for _, a := range rows {
		ids[a.Slug] = a.AccountID
	}
	return ids, err
}

// discard runs a query that answers a function's void or count.
func discard(ctx context.Context, tx postgres.Tx, q postgres.Query, arg map[string]any) error {
	_, err := tx.Exec(ctx, q, arg)
	return err
}

// RollUp numbers and adds up what was committed since the last time, for every
// district, and answers the number of entries. It is housekeeping: nothing of
// the books depends on when it runs.
func RollUp(ctx context.Context, db *postgres.DB) (int64, error) {
	var districts []int64
	err := db.Read(ctx, func(r postgres.Reader) error {
		return r.Select(ctx, &districts, queries.Get("districts_with_books"), nil)
	})
	var total int64
	for _, d := range districts {
		if err != nil {
			return total, err
		}
		err = db.Housekeep(ctx, "ledger_tail", func(tx postgres.Tx) error {
			ctx, cancel := context.WithTimeout(ctx, 10*time.Minute)
			defer cancel()
			var n int64
			if err := tx.Get(ctx, &n, queries.Get("roll"), map[string]any{"district": d}); err != nil {
				return err
			}
			total += n
			return nil
		})
	}
	return total, err
}
