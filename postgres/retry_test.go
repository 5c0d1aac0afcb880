package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"estateledger/fault"
	"estateledger/postgres"
)

// Two transactions take two rows in opposite order: one is the deadlock's
// victim, is run again, and both are done.
func TestDeadlockIsRetried(t *testing.T) {
	db := notebook(t)
	must(t, tryExec(db.App, "add_note", note{ID: 1}))
	must(t, tryExec(db.App, "add_note", note{ID: 2}))
	var meet sync.WaitGroup
	meet.Add(2)
	var mu sync.Mutex
	runs := 0
	raise := func(first, second int) error {
		met := false
		return db.App.Write(bg, func(tx postgres.Tx) error {
			mu.Lock()
			runs++
			mu.Unlock()
			if _, err := tx.Exec(bg, q.Get("raise_note"), map[string]any{"id": first, "by": 1}); err != nil {
				return err
			}
			if !met {
				met = true
				meet.Done()
				meet.Wait()
			}
			_, err := tx.Exec(bg, q.Get("raise_note"), map[string]any{"id": second, "by": 1})
			return err
		})
	}
	other := make(chan error, 1)
	go func() { other <- raise(2, 1) }()
	must(t, raise(1, 2))
	must(t, <-other)
	if runs != 3 {
		t.Errorf("%d runs, want 3", runs)
	}
	for id := 1; id <= 2; id++ {
		if n := get[note](t, db.App, "note", map[string]any{"id": id}).N; n != 2 {
			t.Errorf("note %d was raised by %d, not 2", id, n)
		}
	}
}

func TestWhichFailuresAreRetried(t *testing.T) {
	db := notebook(t)
	for state, want := range map[string]int{"40001": 3, "40P01": 3, "57P01": 3, "57P03": 3, "08006": 3, "XX000": 1, "23505": 1, "P0001": 1} {
		runs := 0
		err := db.App.Write(bg, func(tx postgres.Tx) error {
			runs++
			if runs == 3 {
				return nil
			}
			err := tx.Get(bg, new(int), q.Get("raise_state"), map[string]any{"state": state})
			return fmt.Errorf("wrapped: %v", err) // the cause is hidden on purpose
		})
		if runs != want || (err == nil) != (want == 3) {
			t.Errorf("%s: %d runs, want %d; %v", state, runs, want, err)
		}
	}
}

func TestContentionThatStaysIsBusy(t *testing.T) {
	db := notebook(t)
	ctx, cancel := context.WithTimeout(bg, 300*time.Millisecond)
	defer cancel()
	err := db.App.Write(ctx, func(tx postgres.Tx) error {
		return tx.Get(ctx, new(int), q.Get("raise_state"), map[string]any{"state": "40001"})
	})
	if fault.Of(err) != fault.KindBusy {
		t.Errorf("got %v", err)
	}
}

func TestKilledConnectionIsRetried(t *testing.T) {
	db := notebook(t)
	kill := func() {
		_, err := db.Super.Exec(q.Get("kill_app").Text())
		must(t, err)
	}
	runs := 0
	must(t, db.App.Write(bg, func(tx postgres.Tx) error {
		if runs++; runs == 1 {
			kill()
		}
		_, err := tx.Exec(bg, q.Get("add_note"), one)
		return err
	}))
	kill() // an idle connection
	runs = 0
	must(t, db.App.Read(bg, func(r postgres.Reader) error {
		if runs++; runs == 1 {
			kill()
		}
		return r.Get(bg, new(int), q.Get("count_notes"), nil)
	}))
	if n := get[int](t, db.App, "count_notes", nil); n != 1 || runs != 2 {
		t.Errorf("%d rows, %d reads", n, runs)
	}
}

func TestDeadlineIsBusyAndEndsTheStatement(t *testing.T) {
	db := notebook(t)
	ctx, cancel := context.WithTimeout(bg, 100*time.Millisecond)
	defer cancel()
	begun := time.Now()
	err := db.App.Read(ctx, func(r postgres.Reader) error {
		return r.Get(ctx, new(string), q.Get("sleep"), map[string]any{"seconds": 20})
	})
	if fault.Of(err) != fault.KindBusy || fault.Code(err) != "postgres.deadline" || !errors.Is(err, context.DeadlineExceeded) || time.Since(begun) > 5*time.Second {
		t.Errorf("after %v: %v", time.Since(begun), err)
	}
	var sleeping int
	must(t, db.Super.Get(&sleeping, q.Get("sleeping").Text()))
	if sleeping != 0 {
		t.Error("the statement goes on in the server")
	}
}

func TestAFaultOfTheCallbackStaysWhatItIs(t *testing.T) {
	db := notebook(t)
	runs := 0
	err := db.App.Write(bg, func(postgres.Tx) error {
		runs++
		return fault.Conflict("room.reason", "说明")
	})
	if fault.Code(err) != "room.reason" || runs != 1 {
		t.Errorf("got %v after %d runs", err, runs)
	}
}

// The trap: the server has committed, its answer is lost. With a key the write
// is repeated and done once; without one the repetition shows as a violation,
// which proves that it was in fact sent again.
func TestLostCommitReplyIsRepeated(t *testing.T) {
	for _, way := range []string{"Write", "WriteOnce"} {
		t.Run(way, func(t *testing.T) {
			db := notebook(t)
			p, dsn := through(t, db.AppDSN, "COMMIT\x00", 1, drop)
			app, err := postgres.Open(bg, postgres.Config{DSN: dsn})
			must(t, err)
			defer func() { _ = app.Close() }()
			write := func(query string) error {
				var id int64
				if way == "WriteOnce" {
					return app.WriteOnce(bg, q.Get(query), one, &id)
				}
				return app.Write(bg, func(tx postgres.Tx) error { return tx.Get(bg, &id, q.Get(query), one) })
			}
			must(t, write("add_note_once"))
			if n := get[int](t, db.App, "count_notes", nil); n != 1 || p.sent() != 2 {
				t.Errorf("%d rows after %d COMMITs, want 1 after 2", n, p.sent())
			}
			p.mu.Lock()
			p.left = 1
			p.mu.Unlock()
			one := map[string]any{"id": 2, "words": "乙"}
			if way == "WriteOnce" {
				err = app.WriteOnce(bg, q.Get("add_note_returning"), one, new(int64))
			} else {
				err = tryExec(app, "add_note", one)
			}
			if !postgres.Violates(err, "note_pkey") {
				t.Errorf("without a key: %v", err)
			}
		})
	}
}

func TestCommitWithoutAnswerIsUnknownAtTheDeadline(t *testing.T) {
	for _, way := range []string{"Write", "WriteOnce"} {
		t.Run(way, func(t *testing.T) {
			db := notebook(t)
			_, dsn := through(t, db.AppDSN, "COMMIT\x00", 1, withhold)
			app, err := postgres.Open(bg, postgres.Config{DSN: dsn, Deadline: 200 * time.Millisecond})
			must(t, err)
			defer func() { _ = app.Close() }()
			if way == "WriteOnce" {
				err = app.WriteOnce(bg, q.Get("add_note_once"), one, new(int64))
			} else {
				err = tryExec(app, "add_note", one)
			}
			if fault.Code(err) != "postgres.unknown_outcome" || fault.Of(err) != fault.KindBusy {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestWriteOnce(t *testing.T) {
	db := notebook(t)
	var id int64
	must(t, db.App.WriteOnce(bg, q.Get("add_note_returning"), note{ID: 5, Words: `O'Neill \ 王`}, &id))
	if got := get[note](t, db.App, "note", map[string]any{"id": 5}); id != 5 || got.Words != `O'Neill \ 王` {
		t.Errorf("%d, %+v", id, got)
	}
	err := db.App.WriteOnce(bg, q.Get("add_note_returning"), note{ID: 5}, &id)
	if !postgres.Violates(err, "note_pkey") {
		t.Errorf("got %v", err)
	}
	// The failed transaction must not be left on the connection.
	must(t, db.App.WriteOnce(bg, q.Get("add_note_returning"), note{ID: 6}, &id))
	if err := db.App.WriteOnce(bg, q.Get("raise_state"), map[string]any{"state": "P0001"}, &id); err == nil {
		t.Error("a raised exception was no error")
	}
	if err := db.App.WriteOnce(bg, q.Get("add_note_returning"), note{ID: 7}, id); err == nil {
		t.Error("dest that is no pointer was accepted")
	}
	if n := get[int](t, db.App, "count_notes", nil); n != 2 {
		t.Errorf("%d rows", n)
	}
}

// A failure that comes only at COMMIT, after the row, must not be taken for success.
func TestWriteOnceHearsCommitFail(t *testing.T) {
	db := notebook(t)
	must(t, tryExec(db.Owner, "check_at_commit", nil))
	err := db.App.WriteOnce(bg, q.Get("add_note_returning"), note{ID: 1, Words: "坏"}, new(int64))
	if err == nil {
		t.Error("a failed COMMIT was reported as success")
	}
	if n := get[int](t, db.App, "count_notes", nil); n != 0 {
		t.Errorf("%d rows", n)
	}
}

func TestConnectionRefusedIsBusy(t *testing.T) {
	db, err := postgres.Open(bg, postgres.Config{DSN: "host=127.0.0.1 port=1 user=x dbname=x", Deadline: 150 * time.Millisecond})
	must(t, err)
	defer func() { _ = db.Close() }()
	err = db.Read(bg, func(postgres.Reader) error { return nil })
	if fault.Of(err) != fault.KindBusy {
		t.Errorf("got %v", err)
	}
}
