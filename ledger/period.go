package ledger

import (
	"context"
	"strings"
	"time"

	"estateledger/access"
	"estateledger/civil"
	"estateledger/fault"
	"estateledger/ledger/money"
	"estateledger/postgres"
)

// CloseRequest closes or reopens a month of a book.
type CloseRequest struct {
	Book   int64       `json:"book_id,string"`
	Month  civil.Month `json:"month"`
	Reason string      `json:"reason"`
}

// PeriodState is the answer of a close or reopen: what the month holds.
type PeriodState struct {
	Book    int64       `json:"book_id,string"`
	Month   civil.Month `json:"month"`
	Closed  bool        `json:"closed"`
	Entries int64       `json:"entries"`
	Total   money.Yuan  `json:"total"`
}

// Close closes a month of a book: nothing is posted into it afterwards. Months
// close in order, and only when they are over. It waits for postings under way
// and keeps new ones out (an advisory lock: with row locks a close starves).
// Codes ledger.month_not_over, ledger.already_closed, ledger.earlier_month_open.
func Close(ctx context.Context, g *access.Gate, actor access.Actor, district int64, key string, req CloseRequest) (access.Outcome[PeriodState], error) {
	return periodAct(ctx, g, actor, district, key, req, access.PeriodClose, "ledger.close_month", closeMonth)
}

// Reopen opens the last closed month again, with a reason. Codes
// ledger.reason_missing, ledger.not_last_closed.
func Reopen(ctx context.Context, g *access.Gate, actor access.Actor, district int64, key string, req CloseRequest) (access.Outcome[PeriodState], error) {
	return periodAct(ctx, g, actor, district, key, req, access.PeriodReopen, "ledger.reopen_month", reopenMonth)
}

type periodDo func(ctx context.Context, tx postgres.Tx, act *access.Record, req CloseRequest, through civil.Month) error

func periodAct(ctx context.Context, g *access.Gate, actor access.Actor, district int64, key string, req CloseRequest,
	permission access.Permission, useCase string, do periodDo) (access.Outcome[PeriodState], error) {
	var node int64
	err := access.View(ctx, g, func(ctx context.Context, r postgres.Reader) error {
		var err error
		node, err = BookNode(ctx, r, district, req.Book)
		return err
	})
	if err != nil {
		return access.Outcome[PeriodState]{}, err
	}
	if req.Month.IsZero() {
		return access.Outcome[PeriodState]{}, fault.Invalid("ledger.month_missing", "请选择月份。").At("month")
	}
	cmd := access.Command{Actor: actor, District: district, Node: node, Permission: permission, UseCase: useCase, Key: key, Request: req}
	return access.Act(ctx, g, cmd, func(ctx context.Context, tx postgres.Tx, act *access.Record) (PeriodState, error) {
		arg := map[string]any{"district": district, "book": req.Book, "month": req.Month}
		if err := discard(ctx, tx, queries.Get("lock_period"), arg); err != nil {
			return PeriodState{}, err
		}
		var through civil.Month
		if err := tx.Get(ctx, &through, queries.Get("closed_through"), arg); err != nil {
			return PeriodState{}, err
		}
		act.Before(map[string]any{"closed_through": through})
		if err := do(ctx, tx, act, req, through); err != nil {
			return PeriodState{}, err
		}
		return recordPeriod(ctx, tx, act, req, permission == access.PeriodClose)
	})
}

func closeMonth(ctx context.Context, tx postgres.Tx, act *access.Record, req CloseRequest, through civil.Month) error {
	if !req.Month.Last().Before(act.Today) {
		return fault.Conflict("ledger.month_not_over", req.Month.String()+" 还没有过完,不能结账。").At("month")
	}
	if !through.IsZero() && !req.Month.After(through) {
		return fault.Conflict("ledger.already_closed", req.Month.String()+" 已经结账。").At("month")
	}
	var open civil.Month
	err := tx.Get(ctx, &open, queries.Get("first_open_with_entries"), map[string]any{
		"district": act.District, "book": req.Book, "month": req.Month,
	})
	if err != nil {
		return err
	}
	if !open.IsZero() {
		return fault.Conflict("ledger.earlier_month_open", open.String()+" 还没有结账,请先结那个月。").At("month")
	}
	return nil
}

func reopenMonth(_ context.Context, _ postgres.Tx, _ *access.Record, req CloseRequest, through civil.Month) error {
	if strings.TrimSpace(req.Reason) == "" {
		return fault.Invalid("ledger.reason_missing", "请写明反结账的原因,它会一直留在记录里。").At("reason")
	}
	if through != req.Month {
		return fault.Conflict("ledger.not_last_closed", "只能从最后一个已结账的月份开始反结账。").At("month")
	}
	return nil
}

func recordPeriod(ctx context.Context, tx postgres.Tx, act *access.Record, req CloseRequest, closed bool) (PeriodState, error) {
	arg := map[string]any{"district": act.District, "book": req.Book, "month": req.Month}
	var last int
	if err := tx.Get(ctx, &last, queries.Get("last_event"), arg); err != nil {
		return PeriodState{}, err
	}
	var totals JournalTotal
	if err := tx.Get(ctx, &totals, queries.Get("month_totals"), arg); err != nil {
		return PeriodState{}, err
	}
	arg["event_no"], arg["closed"], arg["reason"], arg["user"] = last+1, closed, req.Reason, act.Actor.UserID
	arg["at"], arg["entries"], arg["total"], arg["act"] = act.RecordedAt, totals.Entries, totals.Total, act.ActID
	if _, err := tx.Exec(ctx, queries.Get("insert_event"), arg); err != nil {
		return PeriodState{}, err
	}
	state := PeriodState{Book: req.Book, Month: req.Month, Closed: closed, Entries: totals.Entries, Total: totals.Total}
	act.After(state)
	return state, nil
}

// PeriodEvent is one close or reopen, with who, when and why.
type PeriodEvent struct {
	Month    civil.Month `db:"month" json:"month"`
	EventNo  int         `db:"event_no" json:"event_no"`
	Closed   bool        `db:"closed" json:"closed"`
	Reason   string      `db:"reason" json:"reason"`
	At       time.Time   `db:"at" json:"at"`
	Entries  int64       `db:"entries" json:"entries"`
	Total    money.Yuan  `db:"total" json:"total"`
	UserName string      `db:"user_name" json:"user_name"`
	ActID    int64       `db:"act_id" json:"act_id,string"`
}

// PeriodEvents lists the closes and reopens of a book, newest month first.
func PeriodEvents(ctx context.Context, r postgres.Reader, s access.Scope, book int64) ([]PeriodEvent, error) {
	var events []PeriodEvent
	err := r.Select(ctx, &events, queries.Get("period_events"), struct {
		access.Scope
		Book int64 `db:"book"`
	}{s, book})
	return events, err
}
