package postgres

import (
	"context"
	"strconv"
	"strings"

	"github.com/lib/pq"
)

// ClientEnvironment is dsn as the environment variables of PostgreSQL's own
// programs (pg_dump, pg_restore), and the database's name. The environment
// is not shown to other users of the machine, as a command line is.
func ClientEnvironment(dsn string) (env []string, database string, err error) {
	cfg, err := parseDSN(dsn, "estateledger client")
	if err != nil {
		return nil, "", err
	}
	hosts, ports := []string{cfg.Host}, []string{strconv.Itoa(int(cfg.Port))}
	for _, m := range cfg.Multi {
		hosts, ports = append(hosts, m.Host), append(ports, strconv.Itoa(int(m.Port)))
	}
	for _, v := range [][2]string{
		{"PGHOST", strings.Join(hosts, ",")}, {"PGPORT", strings.Join(ports, ",")},
		{"PGUSER", cfg.User}, {"PGPASSWORD", cfg.Password}, {"PGDATABASE", cfg.Database},
		{"PGSSLMODE", string(cfg.SSLMode)}, {"PGSSLROOTCERT", cfg.SSLRootCert},
		{"PGSSLCERT", cfg.SSLCert}, {"PGSSLKEY", cfg.SSLKey},
		{"PGTARGETSESSIONATTRS", string(cfg.TargetSessionAttrs)}, {"PGAPPNAME", cfg.ApplicationName},
	} {
		if v[1] != "" {
			env = append(env, v[0]+"="+v[1])
		}
	}
	return env, cfg.Database, nil
}

// EmptyDatabase removes everything in the schema public, as the owner of the
// database: what a restore that turned out wrong left behind must never be
// taken for books.
func EmptyDatabase(ctx context.Context, ownerDSN string) error {
	db, err := openDirect(ctx, ownerDSN)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	schema := pq.QuoteIdentifier("public")
	return inOneTransaction(ctx, db, []string{
		fill("drop_schema", "schema", schema), fill("create_schema", "schema", schema),
	})
}
