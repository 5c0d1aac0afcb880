package access

import (
	"context"
	"embed"
	"time"

	"estateledger/civil"
	"estateledger/fault"
	"estateledger/postgres"
)

//go:embed *.sql
var sqlFiles embed.FS

var queries = postgres.MustLoad(sqlFiles)

// Queries are the named queries of the room, for the laws' tests.
func Queries() []postgres.Query { return queries.All() }

// Gate is what every write and read of business facts passes: the database, the
// clock, and whether the clock is a simulated one. Only an installation marked
// as demo accepts a simulated clock; elsewhere the database uses its own.
type Gate struct {
	DB        *postgres.DB
	Clock     civil.Clock
	Simulated bool

	hot *gatherers
}

// NewGate makes the gate over a database with the given clock.
func NewGate(db *postgres.DB, clock civil.Clock, simulated bool) *Gate {
	return &Gate{DB: db, Clock: clock, Simulated: simulated, hot: newGatherers()}
}

// now is the simulated time to hand to the database, or empty for its own.
func (g *Gate) now() string {
	if !g.Simulated {
		return ""
	}
	return g.Clock.Now().Format(time.RFC3339Nano)
}

// Actor is who acts or looks: a user, or a system user of a job.
type Actor struct {
	UserID int64
	Name   string
}

// Scope are the parameters every read query takes: whose eyes, in which
// district, on which day memberships are judged. Stores embed it in their
// arguments, so that a query cannot be run without it.
type Scope struct {
	District int64      `db:"district"`
	Actor    int64      `db:"actor"`
	Today    civil.Date `db:"today"`
}

// Scope gives the read parameters of an actor in a district, as of today.
func (g *Gate) Scope(actor Actor, district int64) Scope {
	return Scope{District: district, Actor: actor.UserID, Today: g.Clock.Today()}
}

// View runs a read in a REPEATABLE READ, READ ONLY transaction, so that the
// figures of one page or document belong to one moment.
func View(ctx context.Context, g *Gate, read func(ctx context.Context, r postgres.Reader) error) error {
	return g.DB.Read(ctx, func(r postgres.Reader) error { return read(ctx, r) })
}

// Require refuses when the scope's actor does not hold the permission over the
// node: fault code access.forbidden. Reads filter in SQL as well; this gives
// the page or route its 403 before any query runs.
func Require(ctx context.Context, r postgres.Reader, s Scope, permission Permission, node int64) error {
	var covered bool
	arg := struct {
		Scope
		Permission Permission `db:"permission"`
		Node       int64      `db:"node"`
	}{s, permission, node}
	if err := r.Get(ctx, &covered, queries.Get("covers"), arg); err != nil {
		return err
	}
	if !covered {
		return Forbidden()
	}
	return nil
}

// Forbidden is the refusal of an act or view outside the actor's permission or
// scope.
func Forbidden() error {
	return fault.Forbidden("access.forbidden", "您的账号没有这里的这项权限。需要的话,请联系管理员开通。")
}
