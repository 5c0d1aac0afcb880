package postgres

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// WriteOnce runs one statement in a transaction of its own and scans the first
// column of its single row into dest, a pointer. It is the hot path: BEGIN, the
// statement and COMMIT travel in one message and are answered in one, where
// Write needs three. Retries, deadline and the duty of the caller to make
// repeating harmless are those of Write. Only access.ActHot calls it.
//
// A message of several statements takes no parameters, so the arguments go as
// quoted literals; text with a NUL or that is not UTF-8 is refused. The wait
// cannot be cancelled (that could cut COMMIT's wait for a standby): after the
// deadline the outcome is reported as unknown, and the role's lock_timeout ends
// what still waits.
func (db *DB) WriteOnce(ctx context.Context, q Query, arg, dest any) error {
	message, err := onceMessage(q, arg)
	if err != nil {
		return err
	}
	target := reflect.ValueOf(dest)
	if target.Kind() != reflect.Pointer || target.IsNil() {
		return fmt.Errorf("query %s: dest is a %T, not a pointer", q.Name(), dest)
	}
	return db.retry(ctx, func(ctx context.Context) failure {
		conn, err := db.pool.Connx(ctx)
		if err != nil {
			return failure{err: err, sql: err}
		}
		if err := ctx.Err(); err != nil {
			_ = conn.Close()
			return failure{err: err}
		}
		// Into a value of its own: when the wait is given up, dest is the
		// caller's again while the answer may still come.
		answer := reflect.New(target.Type().Elem())
		send := func() error { return sendOnce(context.WithoutCancel(ctx), conn, message, answer.Interface()) }
		err, handedOver := waitFor(ctx, send, func() { _ = conn.Close() })
		if !handedOver {
			_ = conn.Close()
		}
		if err != nil {
			// What failed as a statement has not committed. A lost connection
			// may have: that is judged like a failure at COMMIT.
			return failure{err: err, sql: err, atCommit: pq.As(err) == nil || pq.As(err).Code == "XX000"}
		}
		target.Elem().Set(answer.Elem())
		return failure{}
	})
}

// sendOnce sends the message and reads its answer to the end, because COMMIT's
// own failure comes after the row.
func sendOnce(ctx context.Context, conn *sqlx.Conn, message string, answer any) (err error) {
	rows, err := conn.QueryContext(ctx, message)
	if err == nil {
		found := rows.Next()
		if found {
			err = rows.Scan(answer)
		}
		for rows.Next() {
		}
		closing := rows.Err()
		if e := rows.Close(); closing == nil {
			closing = e
		}
		switch {
		case closing != nil:
			err = closing
		case err == nil && !found:
			err = ErrNoRow
		}
	}
	if err == nil {
		return nil
	}
	// The failed statement has left its transaction open, or the answer could
	// not be read: leave no connection in a state nobody knows.
	if _, rollback := conn.ExecContext(ctx, adminQueries.Get("rollback").q.sql); rollback != nil {
		drop(conn)
	}
	return err
}

func onceMessage(q Query, arg any) (string, error) {
	args, err := bind(q.q, arg)
	if err != nil {
		return "", err
	}
	literals := make([]string, len(args))
	for i, a := range args {
		if literals[i], err = literal(a); err != nil {
			return "", fmt.Errorf("query %s: :%s: %w", q.Name(), q.q.params[i], err)
		}
	}
	var statement strings.Builder
	for i, piece := range q.q.pieces {
		statement.WriteString(piece)
		if i < len(q.q.order) {
			statement.WriteString(literals[q.q.order[i]])
		}
	}
	return fill("once_begin") + "; " + statement.String() + "; " + fill("once_commit"), nil
}

var errUnquotable = errors.New("text holds a NUL or is not UTF-8")

// literal writes a value as a quoted literal of unknown type, which takes its
// type from where it stands, as a parameter does.
func literal(v any) (string, error) {
	v, err := driver.DefaultParameterConverter.ConvertValue(v)
	if err != nil {
		return "", err
	}
	var text string
	switch x := v.(type) {
	case nil:
		return "NULL", nil
	case string:
		text = x
	case []byte:
		text = fmt.Sprintf(`\x%x`, x)
	case time.Time:
		text = string(pq.FormatTimestamp(x))
	default: // int64, float64, bool
		text = fmt.Sprint(x)
	}
	if !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
		return "", errUnquotable
	}
	return pq.QuoteLiteral(text), nil
}
