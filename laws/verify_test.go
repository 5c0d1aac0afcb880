package laws

import (
	"context"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/jmoiron/sqlx"

	"estateledger/ledger"
	"estateledger/postgres"
)

func TestVerifyFindsCorruptionsAndNothingElse(t *testing.T) {
	w := newWorld(t)
	found, err := ledger.Verify(t.Context(), w.db.App)
	must(t, err)
	for _, f := range found {
		t.Errorf("in a world made by use cases: %s: %s: expected %s, found %s", f.Check, f.Subject, f.Expected, f.Found)
	}
	tx := beginAsSuperuser(t, w)
	run(t, tx, "holding_changed")
	run(t, tx, "receipt_removed")
	must(t, tx.Commit())
	found, err = ledger.Verify(t.Context(), w.db.App)
	must(t, err)
	named := map[string]bool{}
	for _, f := range found {
		named[f.Check] = true
		if f.District != 1 || f.Title == "" || f.Subject == "" || f.Expected == f.Found {
			t.Errorf("a difference that tells nothing: %+v", f)
		}
	}
	if got, want := numbers(named), []string{"06", "10", "11", "16"}; !slices.Equal(got, want) {
		t.Errorf("named by %v, want %v", got, want)
	}
}

// TestEachCorruptionIsNamed makes each corruption of testdata/corruptions.sql by
// itself and wants exactly the checks that its comment lists; all checks must be
// listed by some corruption, or one of them might never find anything.
func TestEachCorruptionIsNamed(t *testing.T) {
	w := newWorld(t)
	wanted := wantedChecks(t)
	seen := map[string]bool{}
	for _, name := range slices.Sorted(maps.Keys(wanted)) {
		t.Run(name, func(t *testing.T) {
			tx := beginAsSuperuser(t, w)
			defer func() { must(t, tx.Rollback()) }()
			run(t, tx, name)
			named := map[string]bool{}
			for _, c := range postgres.ConsistencyQueries() {
				rows, err := tx.Queryx(c.Query.Text())
				must(t, err)
				for rows.Next() {
					cells, err := rows.SliceScan()
					must(t, err)
					t.Logf("%s %v", c.Name, cells)
					named[c.Name], seen[c.Name] = true, true
				}
				must(t, rows.Err())
			}
			if got := numbers(named); !slices.Equal(got, wanted[name]) {
				t.Errorf("named by %v, want %v", got, wanted[name])
			}
		})
	}
	for _, c := range postgres.ConsistencyQueries() {
		if !seen[c.Name] {
			t.Errorf("no corruption is named by %s: %s", c.Name, c.Title)
		}
	}
}

// beginAsSuperuser opens a transaction in which no trigger and no foreign key
// stands in the way.
func beginAsSuperuser(t *testing.T, w *world) *sqlx.Tx {
	t.Helper()
	tx, err := w.db.Super.BeginTxx(context.Background(), nil)
	must(t, err)
	_, err = tx.Exec("SET LOCAL session_replication_role = replica")
	must(t, err)
	return tx
}

func run(t *testing.T, tx *sqlx.Tx, corruption string) {
	t.Helper()
	result, err := tx.Exec(worldQueries.Get(corruption).Text())
	must(t, err)
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		t.Fatalf("%s changed %d rows, %v", corruption, n, err)
	}
}

var namedBy = regexp.MustCompile(`(?m)^-- name: (\w+)\n-- named by: ([0-9 ]+)$`)

func wantedChecks(t *testing.T) map[string][]string {
	t.Helper()
	text, err := worldFiles.ReadFile("testdata/corruptions.sql")
	must(t, err)
	wanted := map[string][]string{}
	for _, m := range namedBy.FindAllStringSubmatch(string(text), -1) {
		wanted[m[1]] = strings.Fields(m[2])
	}
	if len(wanted) != strings.Count(string(text), "-- name: ") {
		t.Fatal("a corruption says by which checks it is named right after its name")
	}
	return wanted
}

// numbers are the leading numbers of check names, sorted.
func numbers(named map[string]bool) []string {
	var all []string
	for name := range named {
		all = append(all, name[:2])
	}
	slices.Sort(all)
	return all
}
