package postgres

import (
	"context"
	"database/sql"
	"fmt"
	"time"
	_ "time/tzdata" // intranet hosts and containers may have no zone files

	"github.com/jmoiron/sqlx"
)

// Config says which database to open and how patiently to use it.
type Config struct {
	// DSN is a URL or key=value string. sslmode is "disable" on the loopback
	// interface and "require" elsewhere unless it is written.
	DSN string
	// MaxOpen is the number of connections, 16 when zero.
	MaxOpen int
	// Deadline bounds a read or write whose context has no deadline of its own,
	// retries included; 20 seconds when zero.
	Deadline time.Duration
	// Application is what pg_stat_activity shows, "estateledger" when empty.
	Application string
}

// DB is a pool of connections to one database as one role.
type DB struct {
	pool     *sqlx.DB
	maxOpen  int
	deadline time.Duration
	config   Config
}

// Reader runs named queries. arg is nil, a map[string]any or a struct with db
// tags; slices in it become SQL arrays. Numbers of rows, not of money, are the
// only thing it counts.
type Reader interface {
	// Get scans one row into dest (a struct with db tags, or one value);
	// ErrNoRow when there is none.
	Get(ctx context.Context, dest any, q Query, arg any) error
	// Select scans all rows into dest, a pointer to a slice.
	Select(ctx context.Context, dest any, q Query, arg any) error
	// Each calls row for every row without holding them all; scan takes one
	// destination per column, or one pointer to a struct with db tags.
	Each(ctx context.Context, q Query, arg any, row func(scan func(dest ...any) error) error) error
}

// Tx is a Reader that also writes. It has no Begin and no Commit: the callback
// that was given it returns nil to commit.
type Tx interface {
	Reader
	// Exec runs a statement and returns how many rows it changed.
	Exec(ctx context.Context, q Query, arg any) (int64, error)
	// CopyIn loads rows from outside by COPY. It cannot be cancelled midway
	// (the driver has races there); the server's statement_timeout bounds it
	// by the context's deadline, and after an error the connection is dropped.
	CopyIn(ctx context.Context, table string, columns []string, feed func(add func(values ...any) error) error) error
}

// Open reads the configuration and returns a pool; it does not connect yet.
func Open(_ context.Context, c Config) (*DB, error) {
	if c.MaxOpen == 0 {
		c.MaxOpen = 16
	}
	if c.Deadline == 0 {
		c.Deadline = 20 * time.Second
	}
	if c.Application == "" {
		c.Application = "estateledger"
	}
	cfg, err := parseDSN(c.DSN, c.Application)
	if err != nil {
		return nil, err
	}
	pool, err := openPool(cfg, c.MaxOpen)
	if err != nil {
		return nil, err
	}
	return &DB{pool: pool, maxOpen: c.MaxOpen, deadline: c.Deadline, config: c}, nil
}

// Close ends all connections after their transactions.
func (db *DB) Close() error { return db.pool.Close() }

// Ping asks the server once, without retry.
func (db *DB) Ping(ctx context.Context) error { return db.pool.PingContext(ctx) }

// Stats are the pool's counters, for metrics.
func (db *DB) Stats() sql.DBStats { return db.pool.Stats() }

// Read runs fn in one read-only snapshot (REPEATABLE READ), so that all figures
// of a page agree. It is run again on a lost connection.
func (db *DB) Read(ctx context.Context, fn func(Reader) error) error {
	return db.retry(ctx, func(ctx context.Context) failure {
		return db.transact(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true},
			func(s *session) error { return fn(s) })
	})
}

// Write runs fn in a READ COMMITTED transaction, again from its start after a
// serialization failure, a deadlock, a lost connection or an unknown COMMIT.
// The last is why every caller needs a key that makes repeating harmless: only
// access.Act and Housekeep call it.
func (db *DB) Write(ctx context.Context, fn func(Tx) error) error {
	return db.retry(ctx, func(ctx context.Context) failure {
		return db.transact(ctx, &sql.TxOptions{Isolation: sql.LevelReadCommitted},
			func(s *session) error { return fn(s) })
	})
}

// Housekeep is Write for what is no business fact: sessions, jobs, the outbox.
// name must be listed in Housekeeping.
func (db *DB) Housekeep(ctx context.Context, name string, fn func(Tx) error) error {
	if _, listed := Housekeeping[name]; !listed {
		return fmt.Errorf("postgres: the housekeeping %q is not listed", name)
	}
	return db.Write(ctx, fn)
}

// transact runs one attempt. The transaction is begun without the context's
// cancellation, so that neither COPY nor COMMIT is ever cut; the statements
// carry the context themselves.
func (db *DB) transact(ctx context.Context, opts *sql.TxOptions, fn func(*session) error) failure {
	conn, err := db.pool.Connx(ctx)
	if err != nil {
		return failure{err: err, sql: err}
	}
	s := &session{conn: conn}
	release := func() {
		if s.tx != nil {
			_ = s.tx.Rollback()
		}
		if s.spoiled {
			drop(conn)
		}
		_ = conn.Close()
	}
	handedOver := false
	defer func() {
		if !handedOver {
			release()
		}
	}()
	if s.tx, err = conn.BeginTxx(context.WithoutCancel(ctx), opts); err != nil {
		return failure{err: err, sql: err}
	}
	if err := fn(s); err != nil {
		return failure{err: err, sql: s.failed}
	}
	if s.failed != nil {
		return failure{err: s.failed, sql: s.failed}
	}
	if opts.ReadOnly {
		return failure{}
	}
	if err := ctx.Err(); err != nil {
		return failure{err: err}
	}
	err, handedOver = waitFor(ctx, s.tx.Commit, release)
	return failure{err: err, sql: err, atCommit: true}
}

// waitFor runs commit and waits for it until the context ends. A commit that is
// still under way then (a synchronous standby is down) goes on by itself and
// releases its connection when it ends: its outcome is unknown to us.
func waitFor(ctx context.Context, commit func() error, release func()) (err error, handedOver bool) {
	if ctx.Done() == nil {
		return commit(), false
	}
	done := make(chan error, 1)
	go func() { done <- commit() }()
	select {
	case err := <-done:
		return err, false
	case <-ctx.Done():
		go func() { <-done; release() }()
		return errUnknownCommit, true
	}
}
