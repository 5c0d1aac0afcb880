package estate

import (
	"context"
	"embed"
	"errors"
	"maps"

	"estateledger/access"
	"estateledger/fault"
	"estateledger/postgres"
)

//go:embed *.sql
var sqlFiles embed.FS

var queries = postgres.MustLoad(sqlFiles)

// Queries are the named queries of the room, for the laws' tests.
func Queries() []postgres.Query { return queries.All() }

// scopeOf is whose eyes an act reads with.
func scopeOf(act *access.Record) access.Scope {
	return access.Scope{District: act.District, Actor: act.Actor.UserID, Today: act.Today}
}

// scoped are a query's arguments: the scope, without which no query can be run,
// and what else it asks for.
func scoped(s access.Scope, more map[string]any) map[string]any {
	arg := map[string]any{"district": s.District, "actor": s.Actor, "today": s.Today}
	maps.Copy(arg, more)
	return arg
}

// place is where an act about an estate or a unit stands.
type place struct {
	EstateID      int64  `db:"estate_id"`
	UnitID        int64  `db:"unit_id"`
	NodeID        int64  `db:"node_id"`
	Name          string `db:"name"`
	Code          string `db:"code"`
	CommunityID   int64  `db:"community_id"`
	CommunityNode int64  `db:"community_node"`
	Unplaced      bool   `db:"unplaced"`
}

// estateNotFound answers for estates that are not there and for those the actor
// may not see.
func estateNotFound() error {
	return fault.NotFound("estate.not_found", "没有这个小区，或者它不在您的权限范围内。")
}

// unitNotFound answers for units that are not there and for those the actor may
// not see.
func unitNotFound() error {
	return fault.NotFound("estate.unit_not_found", "没有这套房屋，或者它不在您的权限范围内。")
}

func orNotFound(err error, notFound func() error) error {
	if errors.Is(err, postgres.ErrNoRow) {
		return notFound()
	}
	return err
}

func estatePlace(ctx context.Context, r postgres.Reader, s access.Scope, estate int64) (place, error) {
	var p place
	err := r.Get(ctx, &p, queries.Get("estate_place"), scoped(s, map[string]any{"estate": estate}))
	return p, orNotFound(err, estateNotFound)
}

func unitPlace(ctx context.Context, r postgres.Reader, s access.Scope, unit int64) (place, error) {
	var p place
	err := r.Get(ctx, &p, queries.Get("unit_place"), scoped(s, map[string]any{"unit": unit}))
	return p, orNotFound(err, unitNotFound)
}

// lock takes the lock of the named query on one row and refuses when the row is
// not there.
func lock(ctx context.Context, tx postgres.Tx, query string, s access.Scope, key string, id int64, notFound func() error) error {
	var locked int64
	return orNotFound(tx.Get(ctx, &locked, queries.Get(query), scoped(s, map[string]any{key: id})), notFound)
}

// lockRegister lets one act at a time create levels of a district.
func lockRegister(ctx context.Context, tx postgres.Tx, district int64) error {
	var got bool
	return tx.Get(ctx, &got, queries.Get("lock_register"), map[string]any{"district": district})
}

// nextIDs hands out ids for rows that refer to each other.
func nextIDs(ctx context.Context, tx postgres.Tx, count int) ([]int64, error) {
	var ids []int64
	if count == 0 {
		return nil, nil
	}
	err := tx.Select(ctx, &ids, queries.Get("next_ids"), map[string]any{"count": count})
	return ids, err
}
