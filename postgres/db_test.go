package postgres_test

import (
	"context"
	"embed"
	"testing"

	"estateledger/postgres"
)

//go:embed testdata/tests.sql
var testFiles embed.FS

var q = postgres.MustLoad(testFiles)

type note struct {
	ID    int64  `db:"id"`
	Words string `db:"words"`
	N     int64  `db:"n"`
}

// notebook gives the test a database with a table of its own to play with.
func notebook(t *testing.T) *postgres.TestDatabase {
	t.Helper()
	db := postgres.TestDB(t)
	exec(t, db.Owner, "create_note", nil)
	exec(t, db.Owner, "allow_note", nil)
	return db
}

func exec(t *testing.T, db *postgres.DB, name string, arg any) {
	t.Helper()
	if err := tryExec(db, name, arg); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

func tryExec(db *postgres.DB, name string, arg any) error {
	ctx := context.Background()
	return db.Write(ctx, func(tx postgres.Tx) error {
		_, err := tx.Exec(ctx, q.Get(name), arg)
		return err
	})
}

func TestWriteThenRead(t *testing.T) {
	db := notebook(t)
	exec(t, db.App, "add_note", note{ID: 1, Words: "甲"})
	var got note
	err := db.App.Read(context.Background(), func(r postgres.Reader) error {
		return r.Get(context.Background(), &got, q.Get("note"), map[string]any{"id": 1})
	})
	if err != nil || got != (note{ID: 1, Words: "甲"}) {
		t.Fatalf("got %+v, %v", got, err)
	}
}
