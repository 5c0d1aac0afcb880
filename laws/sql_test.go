package laws

import (
	"fmt"
	"go/ast"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"estateledger/migrations"
	"estateledger/postgres"
)

// owners are the tables with the room that writes each, and the functions with
// the room whose file defines it.
type owners struct {
	tables    map[string]string
	functions map[string]string
}

var functionHead = regexp.MustCompile(`(?i)CREATE (?:OR REPLACE )?FUNCTION (\w+)`)

// catalogueOwners takes the tables from the catalogue and the functions from
// the files that define them.
func catalogueOwners(files []file, catalogue []migrations.Table) owners {
	o := owners{map[string]string{"schema_version": "postgres", "schema_function": "postgres"}, map[string]string{}}
	for _, t := range catalogue {
		o.tables[t.Name] = t.Room
	}
	for _, f := range files {
		for _, m := range functionHead.FindAllStringSubmatch(f.text, -1) {
			if strings.HasSuffix(f.path, ".sql") && f.folder() != "migrations" {
				own, _ := roomOf(f.folder())
				o.functions[strings.ToLower(m[1])] = own.name
			}
		}
	}
	return o
}

// tableBreaches names every statement of a room's .sql files that writes a table
// of another room, reads one of a room above or beside it, or calls a function
// of such a room.
func tableBreaches(files []file, o owners) []string {
	var breaches []string
	for _, f := range files {
		if !strings.HasSuffix(f.path, ".sql") || f.folder() == "migrations" {
			continue
		}
		own, known := roomOf(f.folder())
		if !known {
			breaches = append(breaches, fmt.Sprintf("%s: SQL outside the rooms", f.path))
			continue
		}
		for _, u := range usesOf(f.text) {
			if b := o.breach(own, u); b != "" {
				breaches = append(breaches, fmt.Sprintf("%s:%d: %s", f.path, u.line, b))
			}
		}
	}
	return breaches
}

func (o owners) breach(own room, u use) string {
	if u.verb == "call" {
		owner, ours := o.functions[u.name]
		if ours && !own.mayUse(owner) {
			return fmt.Sprintf("%s may not call %s of %s", own.name, u.name, owner)
		}
		return ""
	}
	owner, found := o.tables[u.name]
	switch {
	case strings.HasPrefix(u.name, "pg_"):
		return ""
	case !found:
		return fmt.Sprintf("the catalogue has no table %s", u.name)
	case u.verb != "read" && owner != own.name:
		return fmt.Sprintf("%s may not %s %s, which is written by %s", own.name, u.verb, u.name, owner)
	case u.verb == "read" && !own.mayUse(owner):
		return fmt.Sprintf("%s may not read %s of %s", own.name, u.name, owner)
	}
	return ""
}

func (r room) mayUse(owner string) bool {
	return r.name == owner || slices.Contains(r.rooms, owner) || r.name == "migrations" // consistency queries see all
}

// copyBreaches names every COPY of a program into a table of another room.
func copyBreaches(files []parsed, o owners) []string {
	var breaches []string
	for _, f := range files {
		own, _ := roomOf(f.folder())
		ast.Inspect(f.tree, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) != 4 {
				return true
			}
			if s, ok := call.Fun.(*ast.SelectorExpr); !ok || s.Sel.Name != "CopyIn" {
				return true
			}
			lit, ok := call.Args[1].(*ast.BasicLit)
			if !ok {
				breaches = append(breaches, fmt.Sprintf("%s:%d: the table of a COPY is written where it is called", f.path, f.line(call)))
				return true
			}
			name, _ := strconv.Unquote(lit.Value)
			if b := o.breach(own, use{"insert", name, 0}); b != "" {
				breaches = append(breaches, fmt.Sprintf("%s:%d: %s", f.path, f.line(call), b))
			}
			return true
		})
	}
	return breaches
}

func TestEachTableIsWrittenByOneRoomAndReadFromAbove(t *testing.T) {
	files := repository(t)
	o := catalogueOwners(files, migrations.Catalogue)
	holds(t, tableBreaches(files, o))
	holds(t, copyBreaches(mustParse(t, program(files)), o))
}

func TestConsistencyQueriesOnlyRead(t *testing.T) {
	read := map[string]bool{}
	for _, c := range postgres.ConsistencyQueries() {
		for _, u := range usesOf(c.Query.Text()) {
			if u.verb != "read" && u.verb != "call" {
				t.Errorf("%s: %s %s", c.Name, u.verb, u.name)
			}
			read[u.name] = true
		}
	}
	for _, table := range words("entry act entry_reversal turnover entry_sequence holding charge allocation payment receipt bill_run ownership_share unit voucher period_event") {
		if !read[table] {
			t.Errorf("no consistency query looks at %s", table)
		}
	}
}

func TestTableLawTurnsRed(t *testing.T) {
	o := owners{
		map[string]string{"entry": "ledger", "account": "ledger", "charge": "receivable", "unit": "estate", "act": "access", "session": "access"},
		map[string]string{"ledger_post": "ledger", "receivable_pay": "receivable"},
	}
	for _, bad := range []struct{ path, sql, words string }{
		{"receivable/pay.sql", "INSERT INTO entry (a) SELECT 1", "receivable may not insert entry"},
		{"receivable/pay.sql", "INSERT INTO charge SELECT 1 ON CONFLICT (a) DO UPDATE SET b = 1; UPDATE entry SET amount = 1", "may not update entry"},
		{"billing/run.sql", "WITH gone AS (DELETE FROM charge WHERE true RETURNING 1) SELECT 1 FROM gone", "may not delete charge"},
		{"receivable/fn_pay.sql", "CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN DELETE FROM entry; END $$", "may not delete entry"},
		{"ledger/a.sql", "SELECT 1 FROM entry e JOIN charge c ON c.id = e.id", "ledger may not read charge"},
		{"ledger/a.sql", "SELECT 1 FROM entry e, charge c WHERE true", "ledger may not read charge"},
		{"ledger/a.sql", "SELECT (SELECT max(x) FROM unit) FROM entry", "ledger may not read unit"},
		{"ledger/a.sql", "SELECT 1 FROM (SELECT 2 FROM entry) a, LATERAL (SELECT 1) b, unit", "ledger may not read unit"},
		{"ledger/a.sql", "DELETE FROM entry USING unit WHERE true", "ledger may not read unit"},
		{"ledger/a.sql", "UPDATE account SET a = b FROM charge WHERE true", "ledger may not read charge"},
		{"estate/a.sql", "SELECT receivable_pay(1)", "estate may not call receivable_pay"},
		{"access/a.sql", "SELECT 1 FROM sesion", "no table sesion"},
		{"ledger/a.sql", "SELECT 1 FROM account WHERE EXISTS (SELECT FROM public.entry)", "no table public.entry"},
		{"subsidy/a.sql", "SELECT 1", "outside the rooms"},
	} {
		breaks(t, tableBreaches([]file{{bad.path, bad.sql}}, o), bad.words)
	}
	holds(t, tableBreaches([]file{{"receivable/good.sql", `
-- DELETE FROM entry
WITH RECURSIVE open(a, b) AS (SELECT 1, 'FROM nowhere'), paid AS MATERIALIZED (SELECT 1 FROM open)
SELECT extract(day FROM due), a IS DISTINCT FROM b, ledger_post(1) FROM charge c, unnest(ARRAY[1]) n, paid
  JOIN unit u USING (unit_id) LEFT JOIN LATERAL (SELECT 1 FROM entry) e ON true, jsonb_array_elements('{}') x
 WHERE EXISTS (SELECT 1 FROM act) ORDER BY a, b FOR UPDATE OF c;
SELECT 1 FROM ({{source}}) s`}}, o))
	files, err := parse([]file{{"billing/a.go", `package billing
func f() { tx.CopyIn(ctx, "charge", nil, nil) }`}})
	must(t, err)
	breaks(t, copyBreaches(files, o), "billing may not insert charge")
}
