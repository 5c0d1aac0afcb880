// Package postgres is the only door to the database: it opens it, runs reads in
// read-only snapshots and writes in retried transactions, keeps SQL out of Go
// strings, runs the embedded server and the migrations, and gives every test a
// database of its own.
//
// Invariants:
//   - no statement that writes runs outside an explicit transaction: lib/pq with
//     database/sql sends an autocommit write twice when the reply is lost;
//   - a transaction that fails for a passing reason is run again from its start,
//     so what a callback does to Go values must not add up over two runs;
//   - COMMIT is never cancelled: with a synchronous standby a cancelled COMMIT
//     would be acknowledged without being on the standby;
//   - SQL comes from .sql files only; the types here take no strings.
package postgres
