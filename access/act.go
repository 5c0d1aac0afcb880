package access

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"estateledger/civil"
	"estateledger/fault"
	"estateledger/postgres"
)

// Command says who wants to do what, where, under which key. Request is the
// whole of what the use case takes: its hash decides whether a repeated key is
// the same request.
type Command struct {
	Actor      Actor
	District   int64
	Node       int64
	Permission Permission
	UseCase    string
	Key        string
	Request    any
}

// Record is the act under way: its id, its moment and the day it is done on.
type Record struct {
	ActID      int64
	RecordedAt time.Time
	Today      civil.Date
	Actor      Actor
	District   int64
	Node       int64

	before, after any
}

// Before notes what stood before the change, for the audit row.
func (r *Record) Before(v any) { r.before = v }

// After notes what stands after the change, for the audit row.
func (r *Record) After(v any) { r.after = v }

// Outcome is the answer of an act: its result, and whether it is the stored
// answer of an earlier act with the same key and request.
type Outcome[R any] struct {
	Result   R
	ActID    int64
	Replayed bool
}

// beginning is the row of access_begin_act.
type beginning struct {
	ActID         int64     `db:"act_id"`
	RecordedAt    time.Time `db:"recorded_at"`
	Allowed       bool      `db:"allowed"`
	EarlierHash   []byte    `db:"earlier_hash"`
	EarlierResult *string   `db:"earlier_result"`
	EarlierAct    *int64    `db:"earlier_act"`
}

// errRollback ends a preview's transaction without an act.
var errRollback = errors.New("preview: rolled back on purpose")

// Act is the one way to write. It checks permission and scope, runs the use
// case and commits it together with one row that is audit entry and idempotency
// record. The same key with the same request answers what was answered first;
// with another request it is refused (access.key_reused). A refused request
// leaves nothing and may use its key again. An unknown commit is repeated with
// the same key by the layer below, so do must not change Go state outside its
// result.
func Act[R any](ctx context.Context, g *Gate, c Command, do func(ctx context.Context, tx postgres.Tx, act *Record) (R, error)) (Outcome[R], error) {
	return run(ctx, g, c, do, false)
}

// Preview runs the very use case and rolls it back: what Act would answer and
// refuse, without a trace.
func Preview[R any](ctx context.Context, g *Gate, c Command, do func(ctx context.Context, tx postgres.Tx, act *Record) (R, error)) (R, error) {
	if c.Key == "" {
		c.Key = "preview:" + c.UseCase
	}
	out, err := run(ctx, g, c, do, true)
	return out.Result, err
}

func run[R any](ctx context.Context, g *Gate, c Command, do func(context.Context, postgres.Tx, *Record) (R, error), preview bool) (Outcome[R], error) {
	var out Outcome[R]
	hash, err := c.hash()
	if err != nil {
		return out, err
	}
	if err := c.check(); err != nil {
		return out, err
	}
	err = g.DB.Write(ctx, func(tx postgres.Tx) error {
		out = Outcome[R]{}
		act, replayed, err := begin(ctx, g, c, hash, tx, &out)
		if err != nil || replayed {
			return err
		}
		result, err := do(ctx, tx, act)
		if err != nil {
			return err
		}
		out.Result, out.ActID = result, act.ActID
		if preview {
			return errRollback
		}
		return finish(ctx, c, hash, tx, act, result)
	})
	if preview && errors.Is(err, errRollback) {
		err = nil
	}
	return out, err
}

// begin takes the key's lock and either replays the earlier answer, refuses, or
// opens a new act.
func begin[R any](ctx context.Context, g *Gate, c Command, hash []byte, tx postgres.Tx, out *Outcome[R]) (*Record, bool, error) {
	today := g.Clock.Today()
	var b beginning
	err := tx.Get(ctx, &b, queries.Get("begin_act"), map[string]any{
		"district": c.District, "key": c.Key, "actor": c.Actor.UserID, "permission": string(c.Permission),
		"node": c.Node, "today": today, "now": g.now(),
	})
	if err != nil {
		return nil, false, err
	}
	if !b.Allowed {
		return nil, false, Forbidden()
	}
	if b.EarlierAct != nil {
		if !bytes.Equal(b.EarlierHash, hash) {
			return nil, false, KeyReused()
		}
		if err := json.Unmarshal([]byte(*b.EarlierResult), &out.Result); err != nil {
			return nil, false, fmt.Errorf("stored answer of act %d: %w", *b.EarlierAct, err)
		}
		out.ActID, out.Replayed = *b.EarlierAct, true
		return nil, true, nil
	}
	return &Record{ActID: b.ActID, RecordedAt: b.RecordedAt, Today: today, Actor: c.Actor, District: c.District, Node: c.Node}, false, nil
}

func finish(ctx context.Context, c Command, hash []byte, tx postgres.Tx, act *Record, result any) error {
	resultJSON, err := json.Marshal(result)
	if err != nil {
		return err
	}
	before, err := optionalJSON(act.before)
	if err != nil {
		return err
	}
	after, err := optionalJSON(act.after)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, queries.Get("insert_act"), map[string]any{
		"district": c.District, "act": act.ActID, "key": c.Key, "actor": c.Actor.UserID, "permission": string(c.Permission),
		"node": act.Node, "use_case": c.UseCase, "hash": hash, "before": before, "after": after,
		"result": string(resultJSON), "recorded_at": act.RecordedAt,
	})
	return err
}

// optionalJSON is nil for nothing, so that the column stays NULL.
func optionalJSON(v any) (any, error) {
	if v == nil {
		return nil, nil
	}
	b, err := json.Marshal(v)
	return string(b), err
}

// check refuses a command that could not be recorded.
func (c Command) check() error {
	if len(c.Key) < 8 || len(c.Key) > 200 {
		return fault.Invalid("access.key_length", "请求缺少幂等键,或幂等键不在 8 到 200 个字符之间。").At("Idempotency-Key")
	}
	if c.District == 0 || c.Node == 0 {
		return Forbidden()
	}
	return nil
}

// hash covers everything that makes the request what it is, the actor and the
// place included: another user with the same key is another request.
func (c Command) hash() ([]byte, error) {
	body, err := json.Marshal(struct {
		UseCase    string
		Permission Permission
		User, Node int64
		Request    any
	}{c.UseCase, c.Permission, c.Actor.UserID, c.Node, c.Request})
	if err != nil {
		return nil, fmt.Errorf("request of %s: %w", c.UseCase, err)
	}
	sum := sha256.Sum256(body)
	return sum[:], nil
}

// KeyReused is the refusal of a key that already names another request.
func KeyReused() error {
	return fault.Conflict("access.key_reused", "这个幂等键已经用在另一个请求上了。请刷新页面后重新提交。")
}
