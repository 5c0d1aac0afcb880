// Package migrations holds the schema: numbered SQL files, applied in order and
// never edited once they are on main, and the catalogue of who may write what.
package migrations

import "embed"

// Files are the numbered migrations, NNNN_name.sql, for postgres.Migrate.
//
//go:embed *.sql
var Files embed.FS

// Consistency are the queries over the whole database that must return no row,
// consistency/NN_name.sql, for postgres.ConsistencyQueries.
//
//go:embed consistency/*.sql
var Consistency embed.FS
