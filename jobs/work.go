package jobs

import (
	"context"
	"log/slog"
	"time"

	"estateledger/access"
	"estateledger/civil"
	"estateledger/fault"
	"estateledger/postgres"
)

// maxWork bounds one piece of long work.
const maxWork = time.Hour

// Work is a piece of long work that reports how far it has come.
type Work struct {
	db   *postgres.DB
	id   int64
	last time.Time
}

// Run does long work in the background and answers the id of its progress at
// once. do reports by w.Advance and answers a sentence and a link for the user;
// an error becomes the sentence of its fault. What do writes goes through acts:
// a repeated run does nothing twice.
func Run(ctx context.Context, db *postgres.DB, actor access.Actor, district int64, kind, title string, total int64,
	do func(ctx context.Context, w *Work) (message, link string, err error)) (int64, error) {
	var id int64
	err := db.Housekeep(ctx, "progress", func(tx postgres.Tx) error {
		return tx.Get(ctx, &id, queries.Get("start_progress"), map[string]any{
			"district": district, "user": actor.UserID, "kind": kind, "title": title, "total": total,
		})
	})
	if err != nil {
		return 0, err
	}
	go func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), maxWork)
		defer cancel()
		w := &Work{db: db, id: id}
		message, link, err := do(ctx, w)
		w.finish(ctx, message, link, err)
	}()
	return id, nil
}

// Advance says how many are done; it writes at most twice a second.
func (w *Work) Advance(ctx context.Context, done int64) {
	now := civil.SystemClock().Now()
	if now.Sub(w.last) < 500*time.Millisecond {
		return
	}
	w.last = now
	w.write(ctx, "advance_progress", map[string]any{"done": done})
}

func (w *Work) finish(ctx context.Context, message, link string, err error) {
	state := "done"
	if err != nil {
		state, message = "failed", "出了意外,没有做完。请稍后重试,已写入的不会重复。"
		if f, ok := fault.As(err); ok && f.Kind != fault.KindInternal {
			message = f.Message
		} else {
			slog.Error("long work", "progress", w.id, "error", err)
		}
	}
	w.write(ctx, "finish_progress", map[string]any{"state": state, "message": message, "link": link})
}

func (w *Work) write(ctx context.Context, query string, arg map[string]any) {
	arg["progress"] = w.id
	err := w.db.Housekeep(ctx, "progress", func(tx postgres.Tx) error {
		_, err := tx.Exec(ctx, queries.Get(query), arg)
		return err
	})
	if err != nil {
		slog.Warn("progress", "id", w.id, "error", err)
	}
}
