package postgres_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jmoiron/sqlx"

	"estateledger/postgres"
)

func TestAppCannotChangeOrRemoveAnEntry(t *testing.T) {
	db := postgres.TestDB(t)
	must(t, postgres.CheckAppRole(bg, db.App))
	for _, name := range []string{"update_entry", "delete_entry", "truncate_entry", "create_note"} {
		if err := tryExec(db.App, name, nil); err == nil || !strings.Contains(err.Error(), "42501") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestCheckAppRoleRefuses(t *testing.T) {
	db := postgres.TestDB(t)
	refused := func(who *postgres.DB, why string) {
		t.Helper()
		var role *postgres.RoleError
		if err := postgres.CheckAppRole(bg, who); !errors.As(err, &role) || !strings.Contains(role.Reason, why) {
			t.Errorf("want refusal for %q, got %v", why, err)
		}
	}
	refused(db.Owner, "拥有")
	refused(open(t, asSuper(t, db)), "超级用户")
	for _, right := range []string{"grant_update_entry", "grant_update_amount", "grant_delete_entry", "grant_truncate_entry", "grant_update_partition"} {
		t.Run(right, func(t *testing.T) {
			db := postgres.TestDB(t)
			must(t, tryExec(db.Owner, right, nil))
			refused(db.App, "分录")
		})
	}
}

// asSuper is a DSN of the superuser on that database.
func asSuper(t *testing.T, db *postgres.TestDatabase) string {
	t.Helper()
	dsn, err := postgres.SuperDSN(db)
	must(t, err)
	return dsn
}

// freshOwner makes a database of its own owner, without our schema.
func freshOwner(t *testing.T, may string) (dsn string, super *sqlx.DB) {
	t.Helper()
	db := postgres.TestDB(t)
	var name string
	must(t, db.Super.Get(&name, q.Get("database_name").Text()))
	role := name + "_boss"
	for _, step := range []string{"make_boss", "give_boss"} {
		text := strings.NewReplacer("{role}", role, "{may}", may, "{database}", name).Replace(q.Get(step).Text())
		_, err := db.Super.Exec(text)
		must(t, err)
	}
	t.Cleanup(func() {
		for _, step := range []string{"disown_boss", "drop_boss"} {
			_, _ = db.Super.Exec(strings.NewReplacer("{role}", role, "{database}", name).Replace(q.Get(step).Text()))
		}
	})
	return db.AppDSN + " user=" + role + " password=boss", db.Super
}

func TestEnsureRolesMakesOneRoleAndKeepsIt(t *testing.T) {
	owner, super := freshOwner(t, "CREATEROLE")
	dir := filepath.Join(t.TempDir(), "data")
	dsn, role, err := postgres.EnsureRoles(bg, owner, dir)
	must(t, err)
	t.Cleanup(func() {
		for _, step := range []string{"disown_boss", "drop_boss"} {
			_, _ = super.Exec(strings.ReplaceAll(q.Get(step).Text(), "{role}", `"`+role+`"`))
		}
	})
	must(t, postgres.Migrate(bg, owner, role, nil))
	app := open(t, dsn)
	must(t, postgres.CheckAppRole(bg, app))
	must(t, postgres.CheckSchema(bg, app))
	if info, err := os.Stat(filepath.Join(dir, "service-role.json")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	again, _, err := postgres.EnsureRoles(bg, owner, dir)
	if err != nil || again != dsn {
		t.Errorf("the second call gave %q, %v", again, err)
	}
}

func TestEnsureRolesWithoutCreaterolePrintsTheSQL(t *testing.T) {
	owner, super := freshOwner(t, "NOCREATEROLE")
	dir := t.TempDir()
	_, _, err := postgres.EnsureRoles(bg, owner, dir)
	var missing *postgres.NoCreateRoleError
	if !errors.As(err, &missing) {
		t.Fatalf("got %v", err)
	}
	if _, err := os.Stat(filepath.Join(dir, "service-role.json")); err == nil {
		t.Error("a role that was not made was written down")
	}
	tx, err := super.Beginx()
	must(t, err)
	defer func() { _ = tx.Rollback() }()
	for _, line := range strings.Split(missing.SQL, "\n") {
		if _, err := tx.Exec(line); err != nil {
			t.Errorf("%s: %v", line, err)
		}
	}
}
