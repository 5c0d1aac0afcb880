package access

import (
	"context"

	"estateledger/postgres"
)

// Plot is where a district that is about to be founded will stand: the ids it
// gets. Nothing is written yet; ids that are never used leave a gap, no more.
type Plot struct {
	District int64 `db:"district_id"`
	Node     int64 `db:"node_id"`
}

// NewPlot hands out the ids of a district, so that the act that founds it can be
// recorded in the district itself.
func NewPlot(ctx context.Context, g *Gate) (Plot, error) {
	var p Plot
	err := g.DB.Write(ctx, func(tx postgres.Tx) error { return tx.Get(ctx, &p, queries.Get("new_plot"), nil) })
	return p, err
}

// Found makes the root of the scope graph of the act's district and makes the
// acting system user its system. Only a system user may found, and only where
// nothing stands yet (access_may_found): until then nobody could hold any
// permission there.
func Found(ctx context.Context, tx postgres.Tx, act *Record, name string) error {
	_, err := tx.Exec(ctx, queries.Get("found_root"), map[string]any{"district": act.District, "node": act.Node, "name": name})
	if err != nil {
		return err
	}
	return GrantSystem(ctx, tx, act.District, act.Node, act.Actor, act.Today)
}
