package postgres_test

import (
	"errors"
	"io/fs"
	"maps"
	"net"
	"slices"
	"strings"
	"testing"

	"estateledger/migrations"
	"estateledger/postgres"
)

func appRole(t *testing.T, db *postgres.TestDatabase) string {
	t.Helper()
	return get[string](t, db.App, "current_role", nil)
}

func TestMigrateAgainChangesNothing(t *testing.T) {
	db := postgres.TestDB(t)
	must(t, postgres.CheckSchema(bg, db.App))
	var steps []string
	must(t, postgres.Migrate(bg, db.OwnerDSN, appRole(t, db), func(l string) { steps = append(steps, l) }))
	if len(steps) > 0 {
		t.Errorf("steps %q", steps)
	}
}

func TestMigrateAppliesFunctionsWhoseTextChanged(t *testing.T) {
	db := postgres.TestDB(t)
	if _, err := db.Super.Exec(q.Get("age_function").Text()); err != nil {
		t.Fatal(err)
	}
	if err := postgres.CheckSchema(bg, db.App); !errors.Is(err, postgres.ErrOlderSchema) {
		t.Errorf("an older function gave %v", err)
	}
	var steps []string
	must(t, postgres.Migrate(bg, db.OwnerDSN, appRole(t, db), func(l string) { steps = append(steps, l) }))
	if len(steps) != 1 || !strings.Contains(steps[0], "postgres/fn_grant.sql") {
		t.Errorf("steps %q", steps)
	}
	must(t, postgres.CheckSchema(bg, db.App))
}

func TestMigrateTakesBackRightsThatAreNotListed(t *testing.T) {
	db := postgres.TestDB(t)
	must(t, tryExec(db.Owner, "grant_update_entry", nil))
	must(t, postgres.Migrate(bg, db.OwnerDSN, appRole(t, db), nil))
	must(t, postgres.CheckAppRole(bg, db.App))
}

func TestNewerSchemaIsRefused(t *testing.T) {
	db := postgres.TestDB(t)
	if _, err := db.Super.Exec(q.Get("future_version").Text()); err != nil {
		t.Fatal(err)
	}
	if err := postgres.CheckSchema(bg, db.App); !errors.Is(err, postgres.ErrNewerSchema) {
		t.Errorf("CheckSchema: %v", err)
	}
	if err := postgres.Migrate(bg, db.OwnerDSN, appRole(t, db), nil); !errors.Is(err, postgres.ErrNewerSchema) {
		t.Errorf("Migrate: %v", err)
	}
}

// A pooler refuses the setting in the startup message, as this one does, or
// drops it, which comes out as an empty value.
func TestMigrateRefusesAPooler(t *testing.T) {
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	must(t, err)
	defer func() { _ = l.Close() }()
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			_, _ = c.Read(make([]byte, 4096))
			fields := "SFATAL\x00C08P01\x00Munsupported startup parameter: estateledger.direct\x00\x00"
			_, _ = c.Write(append([]byte{'E', 0, 0, 0, byte(len(fields) + 4)}, fields...))
			_ = c.Close()
		}
	}()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	err = postgres.Migrate(bg, "host=127.0.0.1 user=x dbname=x port="+port, "x", nil)
	if !errors.Is(err, postgres.ErrPooler) {
		t.Errorf("got %v", err)
	}
}

// What the catalogue does not list is not granted, so a forgotten table shows here first.
func TestCatalogueListsEveryTableAndTheRoleHasExactlyItsRights(t *testing.T) {
	db := postgres.TestDB(t)
	listed := map[string]string{}
	for _, table := range migrations.Catalogue {
		rights := slices.Clone(table.Writes)
		if len(table.Columns) > 0 {
			rights[slices.Index(rights, "update")] = "update(" + strings.Join(slices.Sorted(slices.Values(table.Columns)), ",") + ")"
		}
		slices.Sort(rights)
		listed[table.Name] = strings.Join(rights, " ")
	}
	granted := map[string]string{}
	must(t, db.App.Read(bg, func(r postgres.Reader) error {
		return r.Each(bg, q.Get("my_rights"), nil, func(scan func(...any) error) error {
			var name, rights string
			if err := scan(&name, &rights); err != nil {
				return err
			}
			granted[name] = rights
			return nil
		})
	}))
	if !maps.Equal(listed, granted) {
		for name := range granted {
			if listed[name] != granted[name] {
				t.Errorf("%s: listed %q, granted %q", name, listed[name], granted[name])
			}
		}
		for name := range listed {
			if _, there := granted[name]; !there {
				t.Errorf("%s is listed but is no table", name)
			}
		}
	}
}

// goose takes a file without the mark for an error only when it is applied.
func TestMigrationsAreNumberedWithoutGaps(t *testing.T) {
	files, err := fs.Glob(migrations.Files, "*.sql")
	must(t, err)
	if int64(len(files)) != postgres.SchemaVersion() {
		t.Errorf("%d files, the last is number %d", len(files), postgres.SchemaVersion())
	}
	for _, f := range files {
		text, err := fs.ReadFile(migrations.Files, f)
		must(t, err)
		if !strings.HasPrefix(string(text), "-- +goose Up\n") {
			t.Errorf("%s does not begin with -- +goose Up", f)
		}
	}
}
