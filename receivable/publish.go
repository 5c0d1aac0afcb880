package receivable

import (
	"context"
	"embed"

	"estateledger/access"
	"estateledger/civil"
	"estateledger/ledger"
	"estateledger/ledger/money"
	"estateledger/postgres"
)

//go:embed *.sql
var sqlFiles embed.FS

var queries = postgres.MustLoad(sqlFiles)

// Queries are the named queries of the room, for the laws' tests.
func Queries() []postgres.Query { return queries.All() }

// Publication is a set of charges to publish into a book. Source is the
// caller's query of what is owed, with the columns subject_id, debtor_id,
// item_id, segment_start, segment_end, due_date, posting_date, days,
// month_days, quantity, unit_price, tax_rate, rounding, amount and tax_amount;
// it leaves out what is billed already. Arg gives its parameters, to which
// :district, :book, :run and :act are added.
type Publication struct {
	Book   int64
	Run    int64
	Source postgres.Query
	Arg    map[string]any
}

// Published says what was published. Hash is over subject, item, segment and
// amount of each charge in order, so that a draft can be compared with it.
// Applied are the allocations that prepayments settled at once.
type Published struct {
	Count        int        `json:"count"`
	Total        money.Yuan `json:"total"`
	Hash         []byte     `json:"hash"`
	Applied      int        `json:"applied"`
	AppliedTotal money.Yuan `json:"applied_total"`
}

// publishedRow is the summary of the charges an act has written.
type publishedRow struct {
	Count int        `db:"count"`
	Total money.Yuan `db:"total"`
	First civil.Date `db:"first_posting"`
	Last  civil.Date `db:"last_posting"`
	Hash  []byte     `db:"hash"`
}

// Publish writes the charges of a set, posts their entries (receivable against
// income net of VAT and against output tax), and lets prepayments settle what
// they can, oldest debt first. A second live charge of the same subject, item
// and first day is refused by the database (constraint charge_once).
func Publish(ctx context.Context, tx postgres.Tx, act *access.Record, p Publication) (Published, error) {
	if _, err := HoldDebts(ctx, tx, act, p.Book, act.Today); err != nil {
		return Published{}, err
	}
	arg := map[string]any{}
	for k, v := range p.Arg {
		arg[k] = v
	}
	arg["district"], arg["book"], arg["run"], arg["act"] = act.District, p.Book, p.Run, act.ActID
	if _, err := tx.Exec(ctx, queries.Get("insert_charges").Around(p.Source), arg); err != nil {
		return Published{}, err
	}
	own := map[string]any{"district": act.District, "book": p.Book, "run": p.Run, "act": act.ActID}
	var row publishedRow
	if err := tx.Get(ctx, &row, queries.Get("published"), own); err != nil {
		return Published{}, err
	}
	out := Published{Count: row.Count, Total: row.Total, Hash: row.Hash}
	if row.Count == 0 {
		return out, nil
	}
	if err := ledger.HoldOpen(ctx, tx, act.District, p.Book, row.First); err != nil {
		return out, err
	}
	accounts, err := ledger.Accounts(ctx, tx, act.District, p.Book)
	if err != nil {
		return out, err
	}
	own["receivable"], own["income"], own["output_tax"] = accounts[ledger.Receivable], accounts[ledger.ServiceIncome], accounts[ledger.OutputTax]
	if _, err := ledger.PostSet(ctx, tx, act, ledger.FromCharge, queries.Get("charge_entries"), own); err != nil {
		return out, err
	}
	out.Applied, out.AppliedTotal, err = applyPrepayments(ctx, tx, act, p.Book, 0, accounts)
	return out, err
}

// HoldDebts keeps what the households of a book owe to this act alone, and then
// the book's months open, until it ends; in this order, or a close would wait
// for all who wait here. It answers where a business date is posted. Publish and
// all that takes back do it themselves; who needs the posting date before calls
// it instead of ledger.PostingDate.
func HoldDebts(ctx context.Context, tx postgres.Tx, act *access.Record, book int64, business civil.Date) (civil.Date, error) {
	if _, err := tx.Exec(ctx, queries.Get("lock_debts"), map[string]any{"district": act.District, "book": book}); err != nil {
		return civil.Date{}, err
	}
	return ledger.PostingDate(ctx, tx, act, book, business)
}

// applyPrepayments lets the prepayments of a book (or of one subject of it)
// settle open charges, oldest debt first: an allocation and an entry each, no
// receipt. It keeps the invariant that a household never has both.
func applyPrepayments(ctx context.Context, tx postgres.Tx, act *access.Record, book, subject int64, accounts map[string]int64) (int, money.Yuan, error) {
	arg := map[string]any{"district": act.District, "book": book, "subject": subject, "act": act.ActID,
		"prepayment": accounts[ledger.Prepayment], "receivable": accounts[ledger.Receivable], "business": act.Today}
	var subjects []int64
	if err := tx.Select(ctx, &subjects, queries.Get("subjects_with_prepayment"), arg); err != nil || len(subjects) == 0 {
		return 0, money.Zero, err
	}
	arg["subjects"] = subjects
	posting, err := ledger.PostingDate(ctx, tx, act, book, act.Today)
	if err != nil {
		return 0, money.Zero, err
	}
	arg["posting"] = posting
	var locked int
	if err := tx.Get(ctx, &locked, queries.Get("lock_open_charges"), arg); err != nil {
		return 0, money.Zero, err
	}
	for _, step := range []string{"apply_prepayments", "settle_applied"} {
		if _, err := tx.Exec(ctx, queries.Get(step), arg); err != nil {
			return 0, money.Zero, err
		}
	}
	if _, err := ledger.PostSet(ctx, tx, act, ledger.FromPrepayment, queries.Get("applied_entries"), arg); err != nil {
		return 0, money.Zero, err
	}
	var totals struct {
		Count int        `db:"count"`
		Total money.Yuan `db:"total"`
		Last  civil.Date `db:"last_posting"`
	}
	if err := tx.Get(ctx, &totals, queries.Get("applied_totals"), arg); err != nil {
		return 0, money.Zero, err
	}
	return totals.Count, totals.Total, ledger.MoveHoldings(ctx, tx, act, book, ledger.FromPrepayment, civil.Period{From: posting, To: totals.Last})
}
