// Package estateledger carries the SQL functions of all rooms.
//
// A function lives beside the Go code it belongs to, in <room>/fn_*.sql, but
// they are applied together by postgres.Migrate. postgres may not import the
// rooms (the rooms import postgres), so the files are embedded here, at the
// root of the module, in a package that imports nothing of the project.
package estateledger

import "embed"

// Functions holds every fn_*.sql of the rooms, by path from the module's root.
//
//go:embed */fn_*.sql ledger/money/fn_*.sql
var Functions embed.FS
