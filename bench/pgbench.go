package bench

import (
	"context"
	"fmt"
	"regexp"
	"strconv"
)

// scale is pgbench's: 10,000,000 accounts, and 100 branches that 16 clients
// seldom wait for.
const scale = 100

// pgbenchDatabase is a database of its own on the same server.
const pgbenchDatabase = "pgbench"

func (r *run) initPgbench(ctx context.Context) error {
	if _, err := r.tool(ctx, r.super(), "createdb", nil, pgbenchDatabase); err != nil {
		return err
	}
	_, err := r.tool(ctx, r.pg.SuperDSN(pgbenchDatabase), "pgbench", nil, "--initialize", "--quiet", fmt.Sprintf("--scale=%d", scale))
	return err
}

var tps = regexp.MustCompile(`tps = ([0-9.]+)`)

// pgbenchRound answers the transactions per second of one run.
func (r *run) pgbenchRound(ctx context.Context) (float64, error) {
	if _, err := r.script(ctx, r.pg.SuperDSN(pgbenchDatabase), "settle.psql", nil); err != nil {
		return 0, err
	}
	out, err := r.tool(ctx, r.pg.SuperDSN(pgbenchDatabase), "pgbench", nil, "--protocol=prepared", "--no-vacuum",
		fmt.Sprintf("--client=%d", clients), "--jobs=2", fmt.Sprintf("--time=%d", int(payFor.Seconds())))
	if err != nil {
		return 0, err
	}
	found := tps.FindStringSubmatch(out)
	if found == nil {
		return 0, fmt.Errorf("pgbench said no tps: %s", out)
	}
	return strconv.ParseFloat(found[1], 64)
}
