package main

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"estateledger/postgres"
)

// books returns a database with a few rows of every counted kind.
func books(t *testing.T) (*postgres.TestDatabase, *database) {
	t.Helper()
	db := postgres.TestDB(t)
	for _, name := range []string{"fill_tails", "fill_entries", "fill_charges", "fill_payments"} {
		if _, err := db.Super.Exec(testQueries.Get(name).Text()); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	return db, of(t, db)
}

func of(t *testing.T, db *postgres.TestDatabase) *database {
	t.Helper()
	d := &database{App: db.App, Owner: db.Owner, OwnerDSN: db.OwnerDSN, out: io.Discard}
	err := db.App.Read(context.Background(), func(r postgres.Reader) error {
		return r.Get(context.Background(), &d.AppRole, controlQueries.Get("current_role"), nil)
	})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func emptyDatabase(t *testing.T) (*postgres.TestDatabase, *database) {
	t.Helper()
	db := postgres.TestDB(t)
	d := of(t, db)
	if err := postgres.EmptyDatabase(context.Background(), db.OwnerDSN); err != nil {
		t.Fatal(err)
	}
	return db, d
}

func ask[T any](t *testing.T, db *postgres.TestDatabase, name string) (value T) {
	t.Helper()
	if err := db.Super.Get(&value, testQueries.Get(name).Text()); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return value
}

func backedUp(t *testing.T) (folder string, m Manifest) {
	t.Helper()
	_, source := books(t)
	folder = filepath.Join(t.TempDir(), "backup")
	if _, err := backupInto(context.Background(), io.Discard, source, folder); err != nil {
		t.Fatal(err)
	}
	m, err := readManifest(folder)
	if err != nil {
		t.Fatal(err)
	}
	return folder, m
}

func TestRestoreIntoAnEmptyDatabaseHasEqualTotals(t *testing.T) {
	ctx := context.Background()
	folder, m := backedUp(t)
	want := []Total{
		{1, "charges", 10, "400.00"}, {1, "entries", 20, "422.00"}, {1, "open_charges", 7, "280.00"},
		{1, "payments", 3, "120.00"}, {2, "entries", 20, "402.00"},
	}
	for _, w := range want {
		if !contains(m.Totals, w) {
			t.Errorf("the manifest lacks %+v; it has %+v", w, m.Totals)
		}
	}
	db, target := emptyDatabase(t)
	if err := restoreFrom(ctx, io.Discard, target, folder, m); err != nil {
		t.Fatal(err)
	}
	if err := postgres.CheckSchema(ctx, db.App); err != nil {
		t.Error(err)
	}
	if err := postgres.CheckAppRole(ctx, db.App); err != nil {
		t.Errorf("the service's role after the restore: %v", err)
	}
	if left := ask[int](t, db, "unnumbered_entries"); left != 0 {
		t.Errorf("%d entries have no place in the sequence", left)
	}
	if next, highest := ask[int64](t, db, "next_entry_id"), ask[int64](t, db, "highest_entry_id"); next <= highest {
		t.Errorf("the next entry would get the id %d, and %d is taken", next, highest)
	}
	if err := restoreFrom(ctx, io.Discard, target, folder, m); err == nil || !strings.Contains(err.Error(), "只能恢复到空数据库") {
		t.Errorf("a second restore over the first: %v", err)
	}
}

func TestRestoreComparesTheTotals(t *testing.T) {
	folder, m := backedUp(t)
	// A total that was changed together with its seal passes the hashes; only counting again finds it.
	for i := range m.Totals {
		if m.Totals[i].What == "entries" && m.Totals[i].District == 2 {
			m.Totals[i].Sum = "402.01"
		}
	}
	if err := writeManifest(folder, m); err != nil {
		t.Fatal(err)
	}
	m, err := readManifest(folder)
	if err != nil {
		t.Fatal(err)
	}
	db, target := emptyDatabase(t)
	err = restoreFrom(context.Background(), io.Discard, target, folder, m)
	if err == nil || !strings.Contains(err.Error(), "区 2 的分录") || !strings.Contains(err.Error(), "402.01") {
		t.Fatalf("a false total was not named: %v", err)
	}
	if things, err := thingsIn(context.Background(), db.Owner); err != nil || things != 0 {
		t.Errorf("%d tables were left behind, %v", things, err)
	}
}

func TestRestoreRefusesANewerBackup(t *testing.T) {
	folder, m := backedUp(t)
	m.SchemaVersion = postgres.SchemaVersion() + 1
	_, target := emptyDatabase(t)
	err := restoreFrom(context.Background(), io.Discard, target, folder, m)
	if err == nil || !strings.Contains(err.Error(), "更新的程序") {
		t.Errorf("a backup of a newer program: %v", err)
	}
}

func TestBackupIsReadableByItsOwnerOnly(t *testing.T) {
	folder, _ := backedUp(t)
	for _, name := range []string{dumpName, manifestName} {
		info, err := os.Stat(filepath.Join(folder, name))
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v, %v", name, info.Mode(), err)
		}
	}
}

func contains(totals []Total, want Total) bool {
	for _, t := range totals {
		if t == want {
			return true
		}
	}
	return false
}
