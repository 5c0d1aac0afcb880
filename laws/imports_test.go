package laws

import (
	"fmt"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// room is a line of the import table: what a folder may import beyond the
// standard library, sqlx, decimal, civil and fault.
type room struct {
	name    string
	rooms   []string
	foreign []string // modules of others
}

func words(s string) []string { return strings.Fields(s) }

// rooms is the import table, from the ground to the roof. docs/ARCHITECTURE.md
// repeats it. A folder belongs to the room with the longest name it begins with.
var rooms = []room{
	{".", nil, nil}, // schema.go: carries the rooms' functions, imports nothing
	{"civil", nil, nil},
	{"fault", nil, nil},
	{"migrations", nil, nil},
	{"ledger/money", nil, nil},
	{"sheet", nil, words("excelize x/text")},
	{"paper", nil, words("gopdf qrcode")},
	{"postgres", words(". migrations"), words("pq goose")},
	{"access", words("postgres"), words("x/crypto")},
	{"ledger", words("ledger/money access postgres"), nil},
	{"estate", words("ledger/money sheet access postgres"), nil},
	{"receivable", words("estate ledger ledger/money sheet paper access postgres"), nil},
	{"billing", words("receivable estate ledger ledger/money sheet paper access postgres"), nil},
	{"jobs", words("billing receivable estate ledger ledger/money access postgres"), words("cron")},
	{"server", words("jobs billing receivable estate ledger ledger/money sheet paper access postgres"), words("fiber yaml uuid")},
	{"demo", words("jobs billing receivable estate ledger ledger/money access postgres"), nil},
	{"bench", words("demo jobs billing receivable estate ledger ledger/money access postgres migrations"), nil},
	{"cmd", words("server demo bench jobs billing receivable estate ledger ledger/money sheet paper access postgres migrations"), nil},
	{"scripts", nil, nil},
	{"laws", nil, nil}, // only tests, and tests may import anything
	{"torture", nil, nil},
}

// modules gives the short names of the table their paths.
var modules = map[string]string{
	"sqlx": "github.com/jmoiron/sqlx", "decimal": "github.com/shopspring/decimal", "excelize": "github.com/xuri/excelize",
	"x/text": "golang.org/x/text", "x/crypto": "golang.org/x/crypto", "gopdf": "github.com/signintech/gopdf",
	"qrcode": "github.com/skip2/go-qrcode", "pq": "github.com/lib/pq", "goose": "github.com/pressly/goose",
	"cron": "github.com/robfig/cron", "fiber": "github.com/gofiber/fiber", "yaml": "go.yaml.in/yaml", "uuid": "github.com/google/uuid",
}

// open to all rooms.
var openRooms, openModules = words("civil fault"), words("sqlx decimal")

// roomOf is the room a folder belongs to, and whether there is one.
func roomOf(folder string) (room, bool) {
	for at := folder; ; at = path.Dir(at) {
		if i := slices.IndexFunc(rooms, func(r room) bool { return r.name == at }); i >= 0 {
			return rooms[i], at != "." || folder == "."
		}
	}
}

// importBreaches names every import that the table does not allow.
func importBreaches(files []parsed) []string {
	var breaches []string
	for _, f := range files {
		own, known := roomOf(f.folder())
		if !known {
			breaches = append(breaches, fmt.Sprintf("%s: the folder %s is no room of the import table", f.path, f.folder()))
			continue
		}
		for _, spec := range f.tree.Imports {
			imported, _ := strconv.Unquote(spec.Path.Value)
			if !own.mayImport(imported) {
				breaches = append(breaches, fmt.Sprintf("%s:%d: %s may not import %s", f.path, f.line(spec), own.name, imported))
			}
		}
	}
	return breaches
}

func (r room) mayImport(imported string) bool {
	if first, _, _ := strings.Cut(imported, "/"); first == "estateledger" {
		inside := strings.TrimPrefix(strings.TrimPrefix(imported, "estateledger"), "/")
		target, _ := roomOf(path.Clean(inside))
		return target.name == r.name || slices.Contains(r.rooms, target.name) || slices.Contains(openRooms, target.name)
	} else if !strings.Contains(first, ".") {
		return true // the standard library
	}
	return slices.ContainsFunc(slices.Concat(openModules, r.foreign), func(short string) bool {
		return imported == modules[short] || strings.HasPrefix(imported, modules[short]+"/")
	})
}

func TestImportsFollowTheTable(t *testing.T) {
	holds(t, importBreaches(mustParse(t, program(repository(t)))))
}

func TestImportLawTurnsRed(t *testing.T) {
	for _, bad := range []struct{ path, imports, words string }{
		{"ledger/post.go", "estateledger/receivable", "ledger may not import estateledger/receivable"},
		{"civil/clock.go", "estateledger/postgres", "civil may not import"},
		{"ledger/money/yuan.go", "estateledger/ledger", "ledger/money may not import estateledger/ledger"},
		{"receivable/pay.go", "github.com/gofiber/fiber/v2", "receivable may not import github.com/gofiber"},
		{"billing/run.go", "github.com/robfig/cron/v3", "billing may not import"},
		{"access/act.go", "github.com/lib/pq", "access may not import"},
		{"jobs/ticker.go", "estateledger/server/api", "jobs may not import"},
		{"subsidy/claim.go", "fmt", "subsidy is no room"},
		{"server/api/bills.go", "github.com/lib/pq", "server may not import"},
	} {
		files, err := parse([]file{{bad.path, "package p\nimport _ \"" + bad.imports + "\"\n"}})
		must(t, err)
		breaks(t, importBreaches(files), bad.words)
	}
	good, err := parse([]file{{"server/api/bills.go", `package p
import (_ "fmt"; _ "estateledger/server/web"; _ "estateledger/civil"; _ "github.com/gofiber/fiber/v2/middleware/compress")`}})
	must(t, err)
	holds(t, importBreaches(good))
}

// Each of these modules has one door.
func TestOneRoomPerDriver(t *testing.T) {
	for module, door := range map[string]string{"fiber": "server", "cron": "jobs", "pq": "postgres", "goose": "postgres", "excelize": "sheet", "gopdf": "paper"} {
		for _, r := range rooms {
			if slices.Contains(r.foreign, module) != (r.name == door) {
				t.Errorf("the table lets %s import %s; only %s may", r.name, module, door)
			}
		}
	}
}

// tableOfArchitecture are the lines of the table that docs/ARCHITECTURE.md repeats.
func tableOfArchitecture(text string) map[string]string {
	lines := map[string]string{}
	_, after, _ := strings.Cut(text, "| Room | May import |")
	for _, line := range strings.Split(after, "\n")[2:] {
		cells := strings.Split(line, "|")
		if len(cells) != 4 {
			break
		}
		lines[strings.Trim(cells[1], " `")] = strings.ReplaceAll(strings.TrimSpace(cells[2]), "`", "")
	}
	return lines
}

// asWritten is the line of a room as ARCHITECTURE writes it.
func (r room) asWritten() string {
	named := slices.DeleteFunc(slices.Concat(r.rooms, r.foreign), func(s string) bool { return s == "." })
	if len(named) == 0 {
		return "nothing more"
	}
	return strings.Join(named, ", ")
}

func TestArchitectureRepeatsTheImportTable(t *testing.T) {
	text, err := os.ReadFile("../docs/ARCHITECTURE.md")
	must(t, err)
	written := tableOfArchitecture(string(text))
	for _, r := range rooms {
		if slices.Contains(words(". civil fault laws torture"), r.name) {
			continue // said in the sentences around the table
		}
		if got, ok := written[r.name]; !ok || got != r.asWritten() {
			t.Errorf("ARCHITECTURE says %s may import %q, the law says %q", r.name, got, r.asWritten())
		}
		delete(written, r.name)
	}
	for name := range written {
		t.Errorf("ARCHITECTURE has a line for %s, the law has none", name)
	}
}
