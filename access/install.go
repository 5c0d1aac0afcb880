package access

import (
	"context"

	"estateledger/postgres"
)

// Installed says what an installation is: a demo or the real thing, and whether
// this call made it.
type Installed struct {
	Demo   bool
	Fresh  bool
	System Actor
}

// Install makes an empty database an installation, as a demo or not, with the
// system user that founds districts; on one that is an installation already it
// only says what it is. What it was made as it stays: a demo's simulated past
// and its passwords can never become production.
func Install(ctx context.Context, db *postgres.DB, demo bool) (Installed, error) {
	var in Installed
	err := db.Housekeep(ctx, "installation", func(tx postgres.Tx) error {
		n, err := tx.Exec(ctx, queries.Get("insert_installation"), map[string]any{"demo": demo})
		if err != nil {
			return err
		}
		in.Fresh = n == 1
		if err := tx.Get(ctx, &in.Demo, queries.Get("installation_demo"), nil); err != nil {
			return err
		}
		in.System, err = CreateSystemUser(ctx, tx, "install")
		return err
	})
	return in, err
}
