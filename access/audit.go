package access

import (
	"context"
	"errors"
	"time"

	"estateledger/fault"
	"estateledger/postgres"
)

// Audited is an act as the audit shows it. Before, After and Result are JSON
// texts as the use case noted them, empty where it noted nothing.
type Audited struct {
	ActID      int64     `db:"act_id"`
	UseCase    string    `db:"use_case"`
	RecordedAt time.Time `db:"recorded_at"`
	Node       int64     `db:"node_id"`
	Place      string    `db:"place"`
	UserName   string    `db:"user_name"`
	Key        string    `db:"idem_key"`
	Before     string    `db:"before"`
	After      string    `db:"after"`
	Result     string    `db:"result"`
}

// ActsPage chooses acts: at a node and below it, all places when zero, older
// than BeforeAct when not zero, at most Limit (200 at most, 50 when zero).
type ActsPage struct {
	Node      int64 `db:"node"`
	BeforeAct int64 `db:"before_act"`
	Limit     int   `db:"limit"`
}

// Acts lists the acts recorded where the actor may audit, newest first.
func Acts(ctx context.Context, r postgres.Reader, s Scope, p ActsPage) ([]Audited, error) {
	if p.Limit <= 0 || p.Limit > 200 {
		p.Limit = 50
	}
	acts := []Audited{}
	err := r.Select(ctx, &acts, queries.Get("acts"), struct {
		Scope
		ActsPage
	}{s, p})
	return acts, err
}

// ActByID is one act; access.act_not_found when it is not there or not where the
// actor may audit.
func ActByID(ctx context.Context, r postgres.Reader, s Scope, id int64) (Audited, error) {
	var a Audited
	err := r.Get(ctx, &a, queries.Get("act_by_id"), struct {
		Scope
		Act int64 `db:"act"`
	}{s, id})
	if errors.Is(err, postgres.ErrNoRow) {
		return a, fault.NotFound("access.act_not_found", "没有这条操作记录，或者不在您负责的范围里。")
	}
	return a, err
}

// ActsCount counts the acts at a node and below it that the actor may audit.
func ActsCount(ctx context.Context, r postgres.Reader, s Scope, node int64) (int, error) {
	var n int
	err := r.Get(ctx, &n, queries.Get("acts_count"), struct {
		Scope
		Node int64 `db:"node"`
	}{s, node})
	return n, err
}
