package laws

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"estateledger/migrations"
	"estateledger/postgres"
)

// schemaRow is a row of testdata/schema.sql; queries fill what they speak of.
type schemaRow struct {
	Table       string `db:"table_name"`
	Name        string `db:"name"`
	FirstColumn string `db:"first_column"`
	Target      string `db:"target"`
	FirstTarget string `db:"first_target_column"`
	OnDelete    string `db:"on_delete"`
	OnUpdate    string `db:"on_update"`
}

func schema(t *testing.T, db *postgres.TestDatabase, query string) []schemaRow {
	t.Helper()
	var rows []schemaRow
	must(t, db.Super.Select(&rows, worldQueries.Get(query).Text()))
	return rows
}

// tools are tables that migrate keeps for itself; no room writes them.
var tools = words("schema_version schema_function")

// withoutDistrict are the indexes of distributed tables that do not begin with
// the district, and why they may.
var withoutDistrict = map[string]string{
	"entry_xid": "BRIN: finds new entries by transaction id, whose order is the table's own; a leading district would say nothing",
}

// classOf is a table's class by the catalogue, "" when it is not listed.
func classOf(catalogue []migrations.Table, name string) string {
	for _, t := range catalogue {
		if t.Name == name {
			return t.Class
		}
	}
	return ""
}

// catalogueBreaches names tables that are only in the database or only in the
// catalogue, and classes that are none.
func catalogueBreaches(catalogue []migrations.Table, tables []schemaRow) []string {
	var breaches []string
	var names []string
	for _, row := range tables {
		names = append(names, row.Name)
		if classOf(catalogue, row.Name) == "" && !slices.Contains(tools, row.Name) {
			breaches = append(breaches, fmt.Sprintf("the catalogue lacks the table %s", row.Name))
		}
	}
	for _, t := range catalogue {
		if !slices.Contains(names, t.Name) {
			breaches = append(breaches, fmt.Sprintf("the database lacks the table %s of the catalogue", t.Name))
		}
		if !slices.Contains(words("reference distributed local"), t.Class) {
			breaches = append(breaches, fmt.Sprintf("%s has the class %q", t.Name, t.Class))
		}
	}
	return breaches
}

// keyBreaches names keys and indexes of distributed tables that do not begin
// with the district, and foreign keys that cannot be kept on several machines.
func keyBreaches(catalogue []migrations.Table, indexes, foreignKeys []schemaRow) []string {
	var breaches []string
	for _, x := range indexes {
		if classOf(catalogue, x.Table) == "distributed" && x.FirstColumn != "district_id" && withoutDistrict[x.Name] == "" {
			breaches = append(breaches, fmt.Sprintf("%s: the index %s begins with %s, not with district_id", x.Table, x.Name, x.FirstColumn))
		}
	}
	for _, k := range foreignKeys {
		from, to := classOf(catalogue, k.Table), classOf(catalogue, k.Target)
		switch {
		case from == "distributed" && to == "distributed" && (k.FirstColumn != "district_id" || k.FirstTarget != "district_id"):
			breaches = append(breaches, fmt.Sprintf("%s: the foreign key %s does not begin with district_id", k.Table, k.Name))
		case from == "distributed" && to == "local", from == "reference" && to != "reference":
			breaches = append(breaches, fmt.Sprintf("%s (%s) has a foreign key to %s (%s)", k.Table, from, k.Target, to))
		}
		if k.OnDelete != "a" || k.OnUpdate != "a" {
			breaches = append(breaches, fmt.Sprintf("%s: the foreign key %s does something on delete or update; a posted row only stays", k.Table, k.Name))
		}
	}
	return breaches
}

func TestEveryTableIsInTheCatalogue(t *testing.T) {
	tables := schema(t, postgres.TestDB(t), "tables")
	holds(t, catalogueBreaches(migrations.Catalogue, tables))
	some := []migrations.Table{{Name: "entry", Room: "ledger", Class: "distributed"}}
	breaks(t, catalogueBreaches(some, []schemaRow{{Name: "entry"}, {Name: "leak"}}), "lacks the table leak")
	breaks(t, catalogueBreaches(some, nil), "database lacks the table entry")
	breaks(t, catalogueBreaches([]migrations.Table{{Name: "entry", Class: "sharded"}}, []schemaRow{{Name: "entry"}}), `class "sharded"`)
	for _, table := range migrations.Catalogue {
		if _, known := roomOf(table.Room); !known {
			t.Errorf("%s is written by %s, which is no room", table.Name, table.Room)
		}
	}
}

func TestKeysBeginWithTheDistrict(t *testing.T) {
	db := postgres.TestDB(t)
	indexes := schema(t, db, "indexes")
	holds(t, keyBreaches(migrations.Catalogue, indexes, schema(t, db, "foreign_keys")))
	for name := range withoutDistrict {
		if !slices.ContainsFunc(indexes, func(x schemaRow) bool { return x.Name == name && x.FirstColumn != "district_id" }) {
			t.Errorf("the exception %s is not needed", name)
		}
	}
	for _, row := range schema(t, db, "no_district_column") {
		if classOf(migrations.Catalogue, row.Name) == "distributed" {
			t.Errorf("%s is distributed and has no district_id bigint NOT NULL", row.Name)
		}
	}
	for _, row := range schema(t, db, "deferrable") {
		t.Errorf("%s: %s is deferrable: whether it holds would only show at COMMIT", row.Table, row.Name)
	}
	for _, row := range schema(t, db, "floats") {
		t.Errorf("%s is no decimal", row.Name)
	}
	small := []migrations.Table{{Name: "a", Class: "distributed"}, {Name: "b", Class: "distributed"}, {Name: "l", Class: "local"}}
	breaks(t, keyBreaches(small, []schemaRow{{Table: "a", Name: "a_x", FirstColumn: "x"}}, nil), "begins with x")
	breaks(t, keyBreaches(small, nil, []schemaRow{{Table: "a", Target: "b", FirstColumn: "x", FirstTarget: "x", OnDelete: "a", OnUpdate: "a"}}), "does not begin")
	breaks(t, keyBreaches(small, nil, []schemaRow{{Table: "a", Target: "b", FirstColumn: "district_id", FirstTarget: "district_id", OnDelete: "n", OnUpdate: "a"}}), "on delete")
	breaks(t, keyBreaches(small, nil, []schemaRow{{Table: "a", Target: "l", FirstColumn: "district_id", FirstTarget: "district_id", OnDelete: "a", OnUpdate: "a"}}), "foreign key to l")
}

// immutable are the tables whose rows stay as written, by grant and by trigger.
var immutable = words("act entry entry_reversal entry_sequence period_event voucher payment payment_reversal allocation receipt")

func TestTriggersOnlyRefuse(t *testing.T) {
	db := postgres.TestDB(t)
	guarded := map[string]bool{}
	for _, row := range schema(t, db, "triggers") {
		if row.Name != "ledger_refuse_change" {
			t.Errorf("%s has the trigger %s: what must hold is a key, a check or a consistency query, which Citus has too", row.Table, row.Name)
		}
		guarded[row.Table] = true
	}
	for _, table := range immutable {
		if !guarded[table] {
			t.Errorf("%s has no trigger that refuses changes", table)
		}
	}
}

// The service has the rights of the catalogue and no others.
func TestRightsAreThoseOfTheCatalogue(t *testing.T) {
	has := map[string]bool{}
	for _, row := range schema(t, postgres.TestDB(t), "rights") {
		has[row.Table+" "+row.Name] = true
	}
	for _, table := range migrations.Catalogue {
		for _, verb := range words("insert update delete truncate") {
			if want := slices.Contains(table.Writes, verb); has[table.Name+" "+verb] != want {
				t.Errorf("%s: the service may %s is %v", table.Name, verb, !want)
			}
			if verb != "insert" && slices.Contains(immutable, table.Name) && slices.Contains(table.Writes, verb) {
				t.Errorf("the catalogue lets the service %s %s", verb, table.Name)
			}
		}
	}
	for _, table := range tools {
		for _, verb := range words("insert update delete truncate") {
			if has[table+" "+verb] {
				t.Errorf("the service may %s %s", verb, table)
			}
		}
	}
}

// unwatched are columns that name another row without a foreign key and that no
// consistency query watches, and why that does no harm.
var unwatched = map[string]string{
	"import_file.user_id": "the uploaded file lives for hours; housekeeping removes it",
	"progress.user_id":    "housekeeping, no business fact",
}

// TestNamesWithoutForeignKeyAreWatched holds docs/decisions/0005: a column that
// names another row has a foreign key or stands in a consistency query that
// reads its table.
func TestNamesWithoutForeignKeyAreWatched(t *testing.T) {
	watched := map[string]bool{}
	names, err := fs.Glob(migrations.Consistency, "consistency/*.sql")
	must(t, err)
	for _, file := range names {
		text, err := fs.ReadFile(migrations.Consistency, file)
		must(t, err)
		columns := map[string]bool{}
		for _, x := range tokens(string(text)) {
			columns[x.text[strings.LastIndex(x.text, ".")+1:]] = true
		}
		for _, u := range usesOf(string(text)) {
			for column := range columns {
				watched[u.name+"."+column] = true
			}
		}
	}
	for _, row := range schema(t, postgres.TestDB(t), "names") {
		reason := unwatched[row.Name]
		switch table, _, _ := strings.Cut(row.Name, "."); {
		case classOf(migrations.Catalogue, table) == "":
		case !watched[row.Name] && reason == "":
			t.Errorf("%s names another row, but neither a foreign key nor a consistency query watches it", row.Name)
		case watched[row.Name] && reason != "":
			t.Errorf("%s is watched, the exception is not needed", row.Name)
		}
	}
}
