package server

import (
	"context"
	"embed"
	"errors"

	"estateledger/access"
	"estateledger/postgres"
	"estateledger/server/web"
)

//go:embed *.sql
var sqlFiles embed.FS

var queries = postgres.MustLoad(sqlFiles)

// Queries are the named queries of the room, for the laws' tests.
func Queries() []postgres.Query { return queries.All() }

// nodeOf finds the scope node of the thing that a route's path names, if the
// actor holds the route's permission there.
func nodeOf(ctx context.Context, r postgres.Reader, s access.Scope, route web.Route, id int64) (node int64, err error) {
	err = r.Get(ctx, &node, queries.Get("node_of_"+string(route.Place)), struct {
		access.Scope
		Permission access.Permission `db:"permission"`
		ID         int64             `db:"id"`
	}{s, route.Permission, id})
	if errors.Is(err, postgres.ErrNoRow) {
		return 0, web.NotFound()
	}
	return node, err
}
