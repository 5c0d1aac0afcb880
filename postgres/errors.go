package postgres

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"github.com/lib/pq"

	"estateledger/fault"
)

// ErrNoRow is what Get returns when the query has no row.
var ErrNoRow = sql.ErrNoRows

var errUnknownCommit = errors.New("postgres: COMMIT was not answered in time")

// Violates tells whether err is the violation of that named constraint or
// unique index (SQLSTATE class 23).
func Violates(err error, constraint string) bool {
	e := pq.As(err)
	return e != nil && strings.HasPrefix(string(e.Code), "23") && e.Constraint == constraint
}

// MapError turns what the database cannot do at the moment (too slow, too busy,
// not reachable) into a fault.Busy that a person can act on. Everything else,
// constraint violations above all, stays as it is, for Violates.
func MapError(err error) error {
	if err == nil {
		return nil
	}
	if _, already := fault.As(err); already {
		return err
	}
	if busy := busyFault(err, judge(failure{err: err})); busy != nil {
		return busy.Because(err)
	}
	return err
}

// explain is MapError with what the retry knows besides: whether time was up,
// and whether the failure came at COMMIT, which leaves the outcome unknown.
func explain(ctx context.Context, f failure, v verdict) error {
	if _, already := fault.As(f.err); already && f.sql == nil {
		return f.err
	}
	if f.atCommit && (v == lost || errors.Is(f.err, errUnknownCommit)) {
		return fault.Busy("postgres.unknown_outcome",
			"数据库没有及时答复，这次是否已经办成还不能确定。请不要改动内容，稍后原样再提交一次，不会重复入账。").Because(f.err)
	}
	if cause := ctx.Err(); cause != nil && (f.sql != nil || errors.Is(f.err, cause)) {
		return fault.Busy("postgres.deadline", "数据库在规定时间内没有办完，这次没有办成。请稍后再试。").
			Because(errors.Join(cause, f.err))
	}
	if _, already := fault.As(f.err); already {
		return f.err
	}
	if busy := busyFault(f.err, v); busy != nil {
		return busy.Because(f.err)
	}
	return f.err
}

func busyFault(err error, v verdict) *fault.Error {
	switch v {
	case conflict:
		return fault.Busy("postgres.contention", "同一笔数据正有多人同时办理，这次没有办成。请稍后再试。")
	case lost:
		return fault.Busy("postgres.unreachable", "数据库暂时连接不上，这次没有办成。请稍后再试。")
	}
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		return fault.Busy("postgres.deadline", "数据库在规定时间内没有办完，这次没有办成。请稍后再试。")
	}
	if e := pq.As(err); e != nil {
		switch e.Code {
		case "57014":
			return fault.Busy("postgres.deadline", "数据库在规定时间内没有办完，这次没有办成。请稍后再试。")
		case "55P03":
			return fault.Busy("postgres.locked", "这份数据正被另一项办理占用，这次没有办成。请稍后再试。")
		case "53300", "53400", "57P04":
			return fault.Busy("postgres.unreachable", "数据库的连接已经用满，这次没有办成。请稍后再试。")
		}
	}
	return nil
}
