package billing

import (
	"context"
	"time"

	"estateledger/access"
	"estateledger/civil"
	"estateledger/fault"
	"estateledger/ledger/money"
	"estateledger/postgres"
)

// RunSummary is a run as a list shows it: count and total are what was
// published, of a draft what it was seen to come to.
type RunSummary struct {
	RunID      int64       `db:"run_id" json:"run_id,string"`
	EstateID   int64       `db:"estate_id" json:"estate_id,string"`
	EstateName string      `db:"estate_name" json:"estate_name"`
	Month      civil.Month `db:"month" json:"month"`
	State      RunState    `db:"state" json:"state"`
	DueDate    civil.Date  `db:"due_date" json:"due_date"`
	Count      int         `db:"count" json:"count"`
	Total      money.Yuan  `db:"total" json:"total"`
	// Units are the estate's today.
	Units            int        `db:"units" json:"units"`
	Excluded         int        `db:"excluded" json:"excluded"`
	PublishedOn      civil.Date `db:"published_on" json:"published_on"`
	DraftedBy        string     `db:"drafted_by" json:"drafted_by"`
	DraftedAt        time.Time  `db:"drafted_at" json:"drafted_at"`
	PublishedBy      string     `db:"published_by" json:"published_by"`
	PublishedAt      *time.Time `db:"published_at" json:"published_at"`
	WithdrawnBy      string     `db:"withdrawn_by" json:"withdrawn_by"`
	WithdrawnAt      *time.Time `db:"withdrawn_at" json:"withdrawn_at"`
	WithdrawnBecause string     `db:"withdrawn_because" json:"withdrawn_because"`
}

// StateName is the state as users read it.
func (r RunSummary) StateName() string { return RunStateNames[r.State] }

// RunFilter chooses runs. Zero values do not restrict; After is the last run of
// the page before. Discarded drafts are left out unless asked for.
type RunFilter struct {
	Estate        int64
	Month         civil.Month
	WithDiscarded bool
	After         int64
	Limit         int
}

// Runs lists the runs of the estates the viewer may read (receivable.read),
// newest first, at most 200 at a time.
func Runs(ctx context.Context, r postgres.Reader, s access.Scope, f RunFilter) ([]RunSummary, error) {
	if f.Limit <= 0 || f.Limit > 200 {
		f.Limit = 200
	}
	var runs []RunSummary
	err := r.Select(ctx, &runs, queries.Get("runs"), map[string]any{
		"district": s.District, "actor": s.Actor, "today": s.Today, "run": 0, "estate": f.Estate, "month": f.Month,
		"discarded": f.WithDiscarded, "after": f.After, "limit": f.Limit,
	})
	return runs, err
}

// Exclusion is a unit that a clerk left out of a run.
type Exclusion struct {
	UnitID int64  `db:"unit_id" json:"unit_id,string"`
	Code   string `db:"code" json:"code"`
	Reason string `db:"reason" json:"reason"`
}

// RunFile is a run with its exceptions and what became of its bills.
type RunFile struct {
	RunSummary
	Exclusions []Exclusion `json:"exclusions"`
	Charges    RunCharges  `json:"charges"`
}

// RunCharges says what became of a published run's bills. Owed and Settled are
// of those that still stand.
type RunCharges struct {
	Live      int        `db:"live" json:"live"`
	TakenBack int        `db:"taken_back" json:"taken_back"`
	Owed      money.Yuan `db:"owed" json:"owed"`
	Settled   money.Yuan `db:"settled" json:"settled"`
	Units     int        `db:"units" json:"units"`
}

// RunByID is one run (receivable.read); billing.run_not_found when it is not
// there or not the viewer's.
func RunByID(ctx context.Context, r postgres.Reader, s access.Scope, run int64) (RunFile, error) {
	arg := map[string]any{
		"district": s.District, "actor": s.Actor, "today": s.Today, "run": run, "estate": 0, "month": civil.Month{},
		"discarded": true, "after": 0, "limit": 1,
	}
	var found []RunSummary
	if err := r.Select(ctx, &found, queries.Get("runs"), arg); err != nil {
		return RunFile{}, err
	}
	if run == 0 || len(found) == 0 {
		return RunFile{}, fault.NotFound("billing.run_not_found", "没有这次出账，或您不能查看它。")
	}
	file := RunFile{RunSummary: found[0]}
	if err := r.Select(ctx, &file.Exclusions, queries.Get("exclusions"), arg); err != nil {
		return RunFile{}, err
	}
	err := r.Get(ctx, &file.Charges, queries.Get("run_charges"), arg)
	return file, err
}
