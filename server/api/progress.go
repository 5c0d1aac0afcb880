package api

import (
	"context"
	"errors"
	"strconv"

	"estateledger/access"
	"estateledger/jobs"
	"estateledger/postgres"
	"estateledger/server/web"
)

// id is how an id goes out.
func id(n int64) string { return strconv.FormatInt(n, 10) }

// progresses are the user's own long work, newest first.
func progresses(q *web.Request) error {
	return list(q, func(ctx context.Context, r postgres.Reader, s access.Scope) ([]jobs.Progress, error) {
		return jobs.ProgressOf(ctx, r, s, 50)
	})
}

func progress(q *web.Request) error {
	number, err := q.ParamID("progress")
	if err != nil {
		return err
	}
	return look(q, func(ctx context.Context, r postgres.Reader, s access.Scope) (jobs.Progress, error) {
		p, err := jobs.ProgressByID(ctx, r, s, number)
		if errors.Is(err, postgres.ErrNoRow) {
			err = web.NotFound()
		}
		return p, err
	})
}

// tickers are the last runs of what happens by itself.
func tickers(q *web.Request) error {
	return list(q, func(ctx context.Context, r postgres.Reader, _ access.Scope) ([]jobs.TickerRun, error) {
		return jobs.Tickers(ctx, r)
	})
}
