package postgres

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// session is one transaction. It remembers its first SQL error, because a
// callback may wrap or swallow it and the retry must still see it.
type session struct {
	conn    *sqlx.Conn
	tx      *sqlx.Tx
	failed  error
	spoiled bool
}

func (s *session) note(err error) error {
	if err != nil && s.failed == nil && !errors.Is(err, sql.ErrNoRows) {
		s.failed = err
	}
	return err
}

func (s *session) Get(ctx context.Context, dest any, q Query, arg any) error {
	args, err := bind(q.q, arg)
	if err != nil {
		return err
	}
	return s.note(s.tx.GetContext(ctx, dest, q.q.sql, args...))
}

func (s *session) Select(ctx context.Context, dest any, q Query, arg any) error {
	args, err := bind(q.q, arg)
	if err != nil {
		return err
	}
	return s.note(s.tx.SelectContext(ctx, dest, q.q.sql, args...))
}

func (s *session) Each(ctx context.Context, q Query, arg any, row func(scan func(dest ...any) error) error) error {
	args, err := bind(q.q, arg)
	if err != nil {
		return err
	}
	rows, err := s.tx.QueryxContext(ctx, q.q.sql, args...)
	if err != nil {
		return s.note(err)
	}
	defer func() { _ = rows.Close() }()
	scan := func(dest ...any) error {
		if len(dest) == 1 && isRowStruct(dest[0]) {
			return rows.StructScan(dest[0])
		}
		return rows.Scan(dest...)
	}
	for rows.Next() {
		if err := row(scan); err != nil {
			return err
		}
	}
	return s.note(rows.Err())
}

func (s *session) Exec(ctx context.Context, q Query, arg any) (int64, error) {
	args, err := bind(q.q, arg)
	if err != nil {
		return 0, err
	}
	result, err := s.tx.ExecContext(ctx, q.q.sql, args...)
	if err != nil {
		return 0, s.note(err)
	}
	return result.RowsAffected()
}

func (s *session) CopyIn(ctx context.Context, table string, columns []string, feed func(add func(values ...any) error) error) (err error) {
	defer func() {
		if err != nil {
			s.spoiled = true
			_ = s.note(err)
		}
	}()
	if err := ctx.Err(); err != nil {
		return err
	}
	until, bounded := ctx.Deadline()
	ctx = context.WithoutCancel(ctx)
	if bounded {
		limit := max(time.Until(until).Milliseconds(), 1)
		if err := s.set(ctx, "statement_timeout", fmt.Sprint(limit)); err != nil {
			return err
		}
	}
	if err := s.copyRows(ctx, table, columns, feed); err != nil {
		return err
	}
	if bounded {
		// COMMIT must not inherit the limit: cutting its wait for a standby
		// would acknowledge what the standby does not have.
		return s.set(ctx, "statement_timeout", "0")
	}
	return nil
}

func (s *session) copyRows(ctx context.Context, table string, columns []string, feed func(add func(values ...any) error) error) error {
	quoted := make([]string, len(columns))
	for i, c := range columns {
		quoted[i] = pq.QuoteIdentifier(c)
	}
	stmt, err := s.tx.PreparexContext(ctx, fill("copy_in", "table", pq.QuoteIdentifier(table), "columns", strings.Join(quoted, ", ")))
	if err != nil {
		return err
	}
	// Close ends the COPY also after an error in feed; what had been sent is
	// then undone with the transaction.
	defer func() { _ = stmt.Close() }()
	err = feed(func(values ...any) error {
		if len(values) != len(columns) {
			return fmt.Errorf("copy into %s: %d values for %d columns", table, len(values), len(columns))
		}
		row := make([]any, len(values))
		for i, v := range values {
			if row[i], err = wireValue(v); err != nil {
				return err
			}
		}
		_, err := stmt.ExecContext(ctx, row...)
		return err
	})
	if err != nil {
		return err
	}
	_, err = stmt.ExecContext(ctx)
	return err
}

func (s *session) set(ctx context.Context, setting, value string) error {
	_, err := s.tx.ExecContext(ctx, adminQueries.Get("set_local").q.sql, setting, value)
	return err
}

// drop closes the server connection instead of returning it to the pool.
func drop(conn *sqlx.Conn) {
	_ = conn.Raw(func(any) error { return driver.ErrBadConn })
}

var (
	scannerType = reflect.TypeFor[sql.Scanner]()
	timeType    = reflect.TypeFor[time.Time]()
)

func isRowStruct(dest any) bool {
	t := reflect.TypeOf(dest)
	return t != nil && t.Kind() == reflect.Pointer && t.Elem().Kind() == reflect.Struct &&
		t.Elem() != timeType && !t.Implements(scannerType)
}
