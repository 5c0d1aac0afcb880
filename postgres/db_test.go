package postgres_test

import (
	"context"
	"embed"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"estateledger/postgres"
)

//go:embed testdata/tests.sql
var testFiles embed.FS

var (
	q   = postgres.MustLoad(testFiles)
	bg  = context.Background()
	one = map[string]any{"id": 1, "words": "甲"}
)

type note struct {
	ID    int64  `db:"id"`
	Words string `db:"words"`
	N     int64  `db:"n"`
}

// notebook gives the test a database with a table of its own to play with.
func notebook(t testing.TB) *postgres.TestDatabase {
	t.Helper()
	db := postgres.TestDB(t)
	for _, name := range []string{"create_note", "allow_note", "create_raise"} {
		must(t, tryExec(db.Owner, name, nil))
	}
	return db
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func tryExec(db *postgres.DB, name string, arg any) error {
	return db.Write(bg, func(tx postgres.Tx) error {
		_, err := tx.Exec(bg, q.Get(name), arg)
		return err
	})
}

func get[T any](t testing.TB, db *postgres.DB, name string, arg any) T {
	t.Helper()
	var v T
	must(t, db.Read(bg, func(r postgres.Reader) error { return r.Get(bg, &v, q.Get(name), arg) }))
	return v
}

func TestQueriesFillStructsSlicesAndValues(t *testing.T) {
	db := notebook(t)
	must(t, tryExec(db.App, "add_note", note{ID: 1, Words: "甲"}))
	must(t, tryExec(db.App, "add_note", &note{ID: 2, Words: "乙"}))
	if got := get[note](t, db.App, "note", map[string]any{"id": 2}); got != (note{ID: 2, Words: "乙"}) {
		t.Errorf("Get: %+v", got)
	}
	for _, ids := range [][]int64{{2}, {}, nil} {
		var rows []note
		must(t, db.App.Read(bg, func(r postgres.Reader) error {
			return r.Select(bg, &rows, q.Get("notes"), map[string]any{"ids": ids})
		}))
		if len(rows) != len(ids) {
			t.Errorf("Select of %v: %+v", ids, rows)
		}
	}
	var words []string
	must(t, db.App.Read(bg, func(r postgres.Reader) error {
		return r.Each(bg, q.Get("notes"), map[string]any{"ids": []int64{1, 2}}, func(scan func(...any) error) error {
			var n note
			if err := scan(&n); err != nil {
				return err
			}
			words = append(words, n.Words)
			return nil
		})
	}))
	if strings.Join(words, "") != "甲乙" {
		t.Errorf("Each: %v", words)
	}
	sums := []decimal.Decimal{decimal.RequireFromString("0.10"), decimal.RequireFromString("-3")}
	if got := get[postgres.List[decimal.Decimal]](t, db.App, "echo_array", map[string]any{"list": sums}); len(got) != 2 || !got[1].Equal(sums[1]) {
		t.Errorf("List: %v", got)
	}
	if got := get[string](t, db.App, "json_kind", map[string]any{"doc": json.RawMessage(`[1]`)}); got != "array" {
		t.Errorf("raw JSON arrived as %s", got)
	}
	if got := get[string](t, db.App, "zone", nil); got != "Asia/Shanghai" {
		t.Errorf("time zone %s", got)
	}
	err := db.App.Read(bg, func(r postgres.Reader) error { return r.Get(bg, new(note), q.Get("note"), map[string]any{"id": 9}) })
	if !errors.Is(err, postgres.ErrNoRow) {
		t.Errorf("no row gave %v", err)
	}
}

func TestReadRefusesWrites(t *testing.T) {
	db := notebook(t)
	err := db.App.Read(bg, func(r postgres.Reader) error {
		return r.Get(bg, new(int64), q.Get("add_note_returning"), one)
	})
	if err == nil || !strings.Contains(err.Error(), "25006") {
		t.Errorf("a write in Read gave %v", err)
	}
}

func TestReadIsOneSnapshot(t *testing.T) {
	db := notebook(t)
	must(t, db.App.Read(bg, func(r postgres.Reader) error {
		var before, after int
		must(t, r.Get(bg, &before, q.Get("count_notes"), nil))
		must(t, tryExec(db.App, "add_note", one))
		must(t, r.Get(bg, &after, q.Get("count_notes"), nil))
		if before != 0 || after != 0 {
			t.Errorf("%d rows, then %d in the same snapshot", before, after)
		}
		return nil
	}))
}

func TestWriteRollsBackOnErrorAndPanic(t *testing.T) {
	db := notebook(t)
	refused := errors.New("refused")
	err := db.App.Write(bg, func(tx postgres.Tx) error {
		_, err := tx.Exec(bg, q.Get("add_note"), one)
		must(t, err)
		return refused
	})
	if !errors.Is(err, refused) {
		t.Errorf("got %v", err)
	}
	func() {
		defer func() { _ = recover() }()
		_ = db.App.Write(bg, func(tx postgres.Tx) error {
			_, err := tx.Exec(bg, q.Get("add_note"), one)
			must(t, err)
			panic("mistake")
		})
		t.Error("the panic was swallowed")
	}()
	if n := get[int](t, db.App, "count_notes", nil); n != 0 {
		t.Errorf("%d rows stayed", n)
	}
}

func TestWriteReportsAnErrorTheCallbackSwallowed(t *testing.T) {
	db := notebook(t)
	must(t, tryExec(db.App, "add_note", one))
	err := db.App.Write(bg, func(tx postgres.Tx) error {
		_, _ = tx.Exec(bg, q.Get("add_note"), one)
		return nil
	})
	if !postgres.Violates(err, "note_pkey") {
		t.Errorf("got %v", err)
	}
}

func TestViolatesNamesTheConstraint(t *testing.T) {
	db := notebook(t)
	must(t, tryExec(db.App, "add_note", one))
	err := tryExec(db.App, "raise_note", map[string]any{"id": 1, "by": -1})
	if !postgres.Violates(err, "note_positive") || postgres.Violates(err, "note_pkey") {
		t.Errorf("got %v", err)
	}
	if postgres.MapError(err) != err {
		t.Error("MapError changed a violation")
	}
}

func TestHousekeepRefusesWhatIsNotListed(t *testing.T) {
	db := notebook(t)
	write := func(tx postgres.Tx) error { _, err := tx.Exec(bg, q.Get("add_note"), one); return err }
	if err := db.App.Housekeep(bg, "gossip", write); err == nil {
		t.Error("an unlisted housekeeping ran")
	}
	must(t, db.App.Housekeep(bg, "session", write))
	if n := get[int](t, db.App, "count_notes", nil); n != 1 {
		t.Errorf("%d rows", n)
	}
}
