package billing

import (
	"context"
	"embed"
	"errors"

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

// serviceFee is the item of charge_item that a run bills.
const serviceFee = 1

// place is an estate as a run needs it.
type place struct {
	EstateID int64  `db:"estate_id"`
	NodeID   int64  `db:"node_id"`
	Name     string `db:"name"`
}

func placeOf(ctx context.Context, r postgres.Reader, district, estate int64) (place, error) {
	var p place
	err := r.Get(ctx, &p, queries.Get("estate_place"), map[string]any{"district": district, "estate": estate})
	if errors.Is(err, postgres.ErrNoRow) {
		return p, fault.NotFound("billing.estate_not_found", "没有这个小区，或您不能查看它。")
	}
	return p, err
}

// locate finds an estate before an act on it, to know the act's node.
func locate(ctx context.Context, g *access.Gate, district, estate int64) (place, error) {
	var p place
	err := access.View(ctx, g, func(ctx context.Context, r postgres.Reader) error {
		var err error
		p, err = placeOf(ctx, r, district, estate)
		return err
	})
	return p, err
}

// lockEstate takes the estate's run lock until the transaction ends: runs and
// rates of one estate wait for each other, so that what a run reads stays.
func lockEstate(ctx context.Context, tx postgres.Tx, district, estate int64) error {
	_, err := tx.Exec(ctx, queries.Get("lock_estate"), map[string]any{"district": district, "estate": estate})
	return err
}

// figures are what a draft remembers of its preview and publishing compares.
type figures struct {
	Count int        `db:"count"`
	Total money.Yuan `db:"total"`
	Hash  []byte     `db:"hash"`
	Due   civil.Date `db:"due_date"`
}

// runArg are the parameters of run_segments: whose month, in which book, with
// whose exceptions, published on which day.
func runArg(district, estate, book, run int64, month civil.Month, published civil.Date) map[string]any {
	return map[string]any{
		"district": district, "estate": estate, "book": book, "run": run, "month": month, "item": serviceFee, "published_on": published,
	}
}

func figuresOf(ctx context.Context, tx postgres.Tx, arg map[string]any) (figures, error) {
	var f figures
	err := tx.Get(ctx, &f, queries.Get("run_figures").Around(queries.Get("run_segments")), arg)
	return f, err
}
