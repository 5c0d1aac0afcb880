package postgres_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"estateledger/fault"
	"estateledger/postgres"
)

var noteColumns = []string{"id", "words"}

func feedNotes(n int) func(add func(...any) error) error {
	return func(add func(...any) error) error {
		for i := range n {
			if err := add(int64(i), "第一单元\t'101'\\"); err != nil {
				return err
			}
		}
		return nil
	}
}

func TestCopyIn(t *testing.T) {
	db := notebook(t)
	must(t, db.App.Write(bg, func(tx postgres.Tx) error {
		if err := tx.CopyIn(bg, "note", noteColumns, feedNotes(20000)); err != nil {
			return err
		}
		_, err := tx.Exec(bg, q.Get("raise_note"), map[string]any{"id": 3, "by": 1})
		return err
	}))
	if n := get[int](t, db.App, "count_notes", nil); n != 20000 {
		t.Errorf("%d rows", n)
	}
	if got := get[note](t, db.App, "note", map[string]any{"id": 3}); got.N != 1 || got.Words != "第一单元\t'101'\\" {
		t.Errorf("%+v", got)
	}
}

func TestCopyInFailsWholly(t *testing.T) {
	db := notebook(t)
	bad := errors.New("bad row")
	for name, feed := range map[string]func(add func(...any) error) error{
		"feed fails":  func(add func(...any) error) error { _ = feedNotes(5000)(add); return bad },
		"twice":       func(add func(...any) error) error { _ = feedNotes(10)(add); return feedNotes(10)(add) },
		"few columns": func(add func(...any) error) error { return add(1) },
	} {
		err := db.App.Write(bg, func(tx postgres.Tx) error { return tx.CopyIn(bg, "note", noteColumns, feed) })
		if err == nil || name == "feed fails" && !errors.Is(err, bad) || name == "twice" && !postgres.Violates(err, "note_pkey") {
			t.Errorf("%s: %v", name, err)
		}
		if open := db.App.Stats().OpenConnections; open != 0 {
			t.Errorf("%s: the connection was kept", name)
		}
	}
	if n := get[int](t, db.App, "count_notes", nil); n != 0 {
		t.Errorf("%d rows stayed", n)
	}
}

func TestCopyInEndsAtTheDeadline(t *testing.T) {
	db := notebook(t)
	ctx, cancel := context.WithTimeout(bg, 150*time.Millisecond)
	defer cancel()
	err := db.App.Write(ctx, func(tx postgres.Tx) error {
		return tx.CopyIn(ctx, "note", noteColumns, func(add func(...any) error) error {
			for i := int64(0); ; i++ {
				if err := add(i, "很长的列表"); err != nil {
					return err
				}
			}
		})
	})
	if fault.Of(err) != fault.KindBusy {
		t.Errorf("got %v", err)
	}
	if n := get[int](t, db.App, "count_notes", nil); n != 0 {
		t.Errorf("%d rows stayed", n)
	}
}
