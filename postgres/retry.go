package postgres

import (
	"context"
	"database/sql/driver"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"syscall"
	"time"

	"github.com/lib/pq"
)

// maxAttempts bounds the retries; with the pauses below they last about nine
// seconds, less when the context's deadline comes first.
const maxAttempts = 25

// failure is how an attempt ended: the error to report, the first error the
// database gave (the cause, however the callback wrapped it), and where.
type failure struct {
	err      error
	sql      error
	atCommit bool
}

type verdict int

const (
	final    verdict = iota
	conflict         // others were in the way: run again
	lost             // the connection is gone: run again on another
)

// retry runs attempt until it succeeds, fails for good, or time is up.
func (db *DB) retry(ctx context.Context, attempt func(context.Context) failure) error {
	if _, bounded := ctx.Deadline(); !bounded {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, db.deadline)
		defer cancel()
	}
	for n := 1; ; n++ {
		f := attempt(ctx)
		if f.err == nil {
			return nil
		}
		v := judge(f)
		if ctx.Err() != nil || v == final || n == maxAttempts {
			return explain(ctx, f, v)
		}
		if v == lost {
			db.forgetIdle()
		}
		if !pause(ctx, n) {
			return explain(ctx, f, v)
		}
	}
}

// forgetIdle closes the idle connections: when one is dead, the server was
// restarted and all are, and each would cost an attempt.
func (db *DB) forgetIdle() {
	db.pool.SetMaxIdleConns(0)
	db.pool.SetMaxIdleConns(db.maxOpen)
}

func pause(ctx context.Context, attempt int) bool {
	ceiling := min(5*time.Millisecond<<min(attempt, 8), time.Second)
	timer := time.NewTimer(rand.N(ceiling))
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// judge decides by the database's own error whether running again can help.
func judge(f failure) verdict {
	err := f.sql
	if err == nil {
		err = f.err
	}
	if errors.Is(err, errUnknownCommit) {
		return final
	}
	if e := pq.As(err); e != nil {
		switch {
		case e.Code == "40001" || e.Code == "40P01":
			return conflict
		case e.Code[:2] == "08" || e.Code == "57P01" || e.Code == "57P02" || e.Code == "57P03":
			return lost
		case e.Code == "XX000" && f.atCommit:
			// Citus reports a shard it could not reach while committing so;
			// the outcome is unknown, the caller's key makes repeating safe.
			return lost
		}
		return final
	}
	var netErr *net.OpError
	if errors.Is(err, driver.ErrBadConn) || errors.Is(err, syscall.ECONNREFUSED) || errors.Is(err, syscall.ECONNRESET) ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.As(err, &netErr) {
		return lost
	}
	return final
}
