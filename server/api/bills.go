package api

import (
	"context"

	"estateledger/access"
	"estateledger/billing"
	"estateledger/civil"
	"estateledger/postgres"
	"estateledger/server/web"
)

// bills are the routes of rates and bill runs.
func bills() map[string]web.Handler {
	return map[string]web.Handler{
		"api.rates":    rates,
		"api.rate_set": gated(billing.SetRate, func(q *web.Request, r *billing.RateRequest) error { return put(&r.Estate, q.ID) }),

		"api.run_preview": runPreview,
		"api.run_lines":   runLines,
		"api.runs":        runs,
		"api.run":         run,
		"api.run_draft":   gated(billing.CreateDraft, func(q *web.Request, r *billing.DraftRequest) error { return put(&r.Estate, q.ID) }),
		"api.run_exclude": gated(billing.Exclude, func(q *web.Request, r *billing.ExcludeRequest) error { return put(&r.Run, q.ID) }),
		"api.run_include": gated(billing.Include, func(q *web.Request, r *billing.RunUnitRequest) error { return put(&r.Run, q.ID) }),
		"api.run_publish": gated(billing.Publish, func(q *web.Request, r *billing.RunRequest) error { return put(&r.Run, q.ID) }),
		"api.run_discard": gated(billing.DiscardDraft, func(q *web.Request, r *billing.RunRequest) error { return put(&r.Run, q.ID) }),
		"api.run_withdraw": gated(billing.Withdraw, func(q *web.Request, r *billing.WithdrawRequest) error {
			return put(&r.Run, q.ID)
		}),
	}
}

// rates are an estate's rates, newest first, those in force on a day marked.
func rates(q *web.Request) error {
	var f web.Fields
	on := f.Date("on", q.Query("on"))
	if err := f.Err(); err != nil {
		return err
	}
	if on.IsZero() {
		on = q.Gate.Clock.Today()
	}
	return list(q, func(ctx context.Context, r postgres.Reader, s access.Scope) ([]billing.Rate, error) {
		return billing.Rates(ctx, r, s, q.ID, on)
	})
}

// monthOf reads the month of a run, this month unless it is said.
func monthOf(q *web.Request) (civil.Month, error) {
	var f web.Fields
	month := f.Month("month", q.Query("month"))
	if month.IsZero() {
		month = q.Gate.Clock.Today().Month()
	}
	return month, f.Err()
}

// runPreview is what publishing a month would write, and why which unit is left
// out; nothing is written.
func runPreview(q *web.Request) error {
	month, err := monthOf(q)
	if err != nil {
		return err
	}
	return look(q, func(ctx context.Context, r postgres.Reader, s access.Scope) (billing.Report, error) {
		return billing.Preview(ctx, r, s, q.ID, month)
	})
}

// runLines are the bills of a preview one by one.
func runLines(q *web.Request) error {
	month, err := monthOf(q)
	if err != nil {
		return err
	}
	return list(q, func(ctx context.Context, r postgres.Reader, s access.Scope) ([]billing.Line, error) {
		return billing.PreviewLines(ctx, r, s, q.ID, month)
	})
}

// runs are drafted, published and withdrawn runs, newest first.
func runs(q *web.Request) error {
	var f web.Fields
	filter := billing.RunFilter{Estate: f.ID("estate_id", q.Query("estate_id")), Month: f.Month("month", q.Query("month")),
		WithDiscarded: q.QueryBool("discarded"), After: f.ID("after", q.Query("after")), Limit: f.Count("limit", q.Query("limit", "50"), 1, 200)}
	if err := f.Err(); err != nil {
		return err
	}
	return look(q, func(ctx context.Context, r postgres.Reader, s access.Scope) (web.List[billing.RunSummary], error) {
		found, err := billing.Runs(ctx, r, s, filter)
		out := web.List[billing.RunSummary]{Items: append([]billing.RunSummary{}, found...)}
		if n := len(found); n == filter.Limit {
			out.Next = id(found[n-1].RunID)
		}
		return out, err
	})
}

func run(q *web.Request) error {
	return look(q, func(ctx context.Context, r postgres.Reader, s access.Scope) (billing.RunFile, error) {
		return billing.RunByID(ctx, r, s, q.ID)
	})
}
