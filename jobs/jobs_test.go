package jobs_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"estateledger/access"
	"estateledger/civil"
	"estateledger/fault"
	"estateledger/jobs"
	"estateledger/postgres"
)

func TestAPanicDoesNotStopTheTicker(t *testing.T) {
	db := postgres.TestDB(t)
	var runs atomic.Int64
	ticker, err := jobs.Start(t.Context(), db.App, []jobs.Task{{Name: "falls", Title: "falls", Every: "@every 1s",
		Run: func(context.Context, *postgres.DB) (int64, error) {
			if runs.Add(1) == 1 {
				panic("first run falls")
			}
			return 7, nil
		}}})
	if err != nil {
		t.Fatal(err)
	}
	deadline := time.Now().Add(10 * time.Second)
	for runs.Load() < 2 && time.Now().Before(deadline) {
		time.Sleep(20 * time.Millisecond)
	}
	ticker.Stop()
	if runs.Load() < 2 {
		t.Fatal("after a panic the task never ran again")
	}
	var last []jobs.TickerRun
	if err := db.App.Read(t.Context(), func(r postgres.Reader) error {
		last, err = jobs.Tickers(t.Context(), r)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if len(last) != 1 || last[0].Rows != 7 || last[0].FinishedAt == nil {
		t.Errorf("the last run is noted as %+v", last)
	}
}

func TestLongWorkTellsItsEnd(t *testing.T) {
	db := postgres.TestDB(t)
	actor := access.Actor{UserID: 1}
	scope := access.Scope{District: 1, Actor: 1, Today: civil.MustDate("2026-06-20")}
	for _, c := range []struct {
		err            error
		state, message string
	}{
		{nil, "done", "导入 3 户"},
		{fault.Invalid("x.y", "第 3 行面积不对"), "failed", "第 3 行面积不对"},
		{errors.New("pq: secret"), "failed", "出了意外,没有做完。请稍后重试,已写入的不会重复。"},
	} {
		id, err := jobs.Run(t.Context(), db.App, actor, 1, "import", "导入", 3, func(ctx context.Context, w *jobs.Work) (string, string, error) {
			w.Advance(ctx, 2)
			return "导入 3 户", "/estates", c.err
		})
		if err != nil {
			t.Fatal(err)
		}
		p := waitFor(t, db.App, scope, id)
		if p.State != c.state || p.Message != c.message {
			t.Errorf("%v: ended as %s %q", c.err, p.State, p.Message)
		}
	}
	other := access.Scope{District: 1, Actor: 2, Today: scope.Today}
	err := db.App.Read(t.Context(), func(r postgres.Reader) error {
		_, err := jobs.ProgressByID(t.Context(), r, other, 1)
		return err
	})
	if !errors.Is(err, postgres.ErrNoRow) {
		t.Errorf("another user sees the work: %v", err)
	}
}

func waitFor(t *testing.T, db *postgres.DB, s access.Scope, id int64) (p jobs.Progress) {
	t.Helper()
	deadline := time.Now().Add(10 * time.Second)
	for time.Now().Before(deadline) {
		err := db.Read(t.Context(), func(r postgres.Reader) error {
			var err error
			p, err = jobs.ProgressByID(t.Context(), r, s, id)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if p.State != "running" {
			return p
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatal("the work never ended")
	return p
}
