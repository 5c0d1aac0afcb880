package laws

import (
	"fmt"
	"go/ast"
	"go/token"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"estateledger/postgres"
)

var sqlInGo = regexp.MustCompile(`(?is)^\s*(insert\s+into\s|update\s+\w+\s+set\s|delete\s+from\s|truncate\s|select\s.*\sfrom\s|with\s+\w+\s+as\s*\(|(create|alter|drop)\s+(table|index|function|role|database|schema|trigger)\s)|[\w)]::[a-z]`)

// sqlBreaches names every string of a program that is SQL: it belongs into a
// .sql file, where the other laws read it.
func sqlBreaches(files []parsed) []string {
	var breaches []string
	for _, f := range files {
		ast.Inspect(f.tree, func(n ast.Node) bool {
			lit, ok := n.(*ast.BasicLit)
			if !ok || lit.Kind != token.STRING {
				return true
			}
			if text, err := strconv.Unquote(lit.Value); err == nil && sqlInGo.MatchString(text) {
				breaches = append(breaches, fmt.Sprintf("%s:%d: SQL in a Go string: %.40q", f.path, f.line(lit), text))
			}
			return true
		})
	}
	return breaches
}

func TestNoSQLInGoStrings(t *testing.T) {
	holds(t, sqlBreaches(mustParse(t, program(repository(t)))))
	for _, bad := range []string{
		"INSERT INTO entry VALUES (1)", "update charge set settled = 0", "\n DELETE FROM act", "SELECT x\nFROM y", "x::bigint", "WITH a AS (SELECT 1)",
		"DROP TABLE entry", "TRUNCATE entry",
	} {
		files, err := parse([]file{{"a/a.go", "package a\nvar s = " + strconv.Quote(bad)}})
		must(t, err)
		breaks(t, sqlBreaches(files), "SQL in a Go string")
	}
	files, err := parse([]file{{"a/a.go", `package a
var s = []string{"[::1]:8080", "select a counter", "update available", "使用 with care", "a::"}`}})
	must(t, err)
	holds(t, sqlBreaches(files))
}

// clocks are the rooms that may ask the machine for the time; all others get a
// civil.Clock or a date, so that three years run in a second.
var clocks = words("civil cmd server postgres scripts bench")

func clockBreaches(files []parsed) []string {
	var breaches []string
	for _, f := range files {
		if own, _ := roomOf(f.folder()); slices.Contains(clocks, own.name) {
			continue
		}
		ast.Inspect(f.tree, func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok && isName(s.X, "time") && slices.Contains(words("Now Since Until"), s.Sel.Name) {
				breaches = append(breaches, fmt.Sprintf("%s:%d: time.%s, but the time is a civil.Clock's", f.path, f.line(s), s.Sel.Name))
			}
			return true
		})
	}
	return breaches
}

func isName(e ast.Expr, name string) bool {
	id, ok := e.(*ast.Ident)
	return ok && id.Name == name
}

func TestOnlyClocksAskTheTime(t *testing.T) {
	holds(t, clockBreaches(mustParse(t, program(repository(t)))))
	files, err := parse([]file{{"billing/run.go", "package billing\nvar now = time.Now()"}})
	must(t, err)
	breaks(t, clockBreaches(files), "time.Now")
}

// writers are the only places that may open a writing transaction.
var writers = map[string]string{
	"access/act.go":   "Act and Preview",
	"access/hot.go":   "ActHot",
	"access/found.go": "hands out the ids of a district that is about to be founded: a sequence, no row",
	"postgres/db.go":  "Housekeep",
}

// writeBreaches names every call of DB.Write and DB.WriteOnce outside the
// writers, and every housekeeping that is not listed. A call is told by its
// argument: a function that takes a postgres.Tx, or a query.
func writeBreaches(files []parsed, listed map[string]string) []string {
	var breaches []string
	for _, f := range files {
		ast.Inspect(f.tree, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			s, ok := call.Fun.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			at := fmt.Sprintf("%s:%d: ", f.path, f.line(call))
			switch s.Sel.Name {
			case "Write":
				if _, allowed := writers[f.path]; len(call.Args) == 2 && !allowed && takesTx(call.Args[1]) {
					breaches = append(breaches, at+"DB.Write outside access.Act: a business fact needs permission, scope, key and audit")
				}
			case "WriteOnce":
				if _, allowed := writers[f.path]; !allowed {
					breaches = append(breaches, at+"DB.WriteOnce outside access.ActHot")
				}
			case "Housekeep":
				if len(call.Args) != 3 {
					return true
				}
				lit, ok := call.Args[1].(*ast.BasicLit)
				if !ok {
					breaches = append(breaches, at+"the name of a housekeeping is written where it is called")
				} else if name, _ := strconv.Unquote(lit.Value); listed[name] == "" {
					breaches = append(breaches, at+"the housekeeping "+lit.Value+" is not listed")
				}
			}
			return true
		})
	}
	return breaches
}

// takesTx: a function literal whose parameter is a Tx, or a name that might
// stand for one; bytes written to a stream are neither.
func takesTx(e ast.Expr) bool {
	f, ok := e.(*ast.FuncLit)
	if !ok {
		return isName(e, "fn") || isName(e, "do")
	}
	if len(f.Type.Params.List) != 1 {
		return false
	}
	switch p := f.Type.Params.List[0].Type.(type) {
	case *ast.SelectorExpr:
		return p.Sel.Name == "Tx"
	case *ast.Ident:
		return p.Name == "Tx"
	}
	return false
}

func TestWritesGoThroughAct(t *testing.T) {
	files := mustParse(t, program(repository(t)))
	holds(t, writeBreaches(files, postgres.Housekeeping))
	for path := range writers {
		if !slices.ContainsFunc(files, func(f parsed) bool { return f.path == path }) {
			t.Errorf("the writer %s is not there any more", path)
		}
	}
	for body, words := range map[string]string{
		`g.DB.Write(ctx, func(tx postgres.Tx) error { return nil })`:              "outside access.Act",
		`db.WriteOnce(ctx, queries.Get("pay"), arg, &text)`:                       "outside access.ActHot",
		`db.Housekeep(ctx, "money", func(tx postgres.Tx) error { return nil })`:   "is not listed",
		`db.Housekeep(ctx, whatever, func(tx postgres.Tx) error { return nil })`:  "where it is called",
		`db.Housekeep(ctx, "", func(tx postgres.Tx) error { return nil })`:        "is not listed",
		`h.Write(ctx, func(tx Tx) error { return nil }); h.Write(ctx, []byte{1})`: "outside access.Act",
	} {
		bad, err := parse([]file{{"billing/run.go", "package billing\nfunc f() { " + body + " }"}})
		must(t, err)
		breaks(t, writeBreaches(bad, map[string]string{"session": "logins"}), words)
	}
	for _, name := range words("Begin BeginTx Beginx Commit Rollback") {
		if _, has := reflect.TypeFor[postgres.Tx]().MethodByName(name); has {
			t.Errorf("postgres.Tx has %s: a use case could end its own transaction", name)
		}
		if _, has := reflect.TypeFor[postgres.Reader]().MethodByName(name); has {
			t.Errorf("postgres.Reader has %s", name)
		}
	}
	if _, has := reflect.TypeFor[postgres.Reader]().MethodByName("Exec"); has {
		t.Error("postgres.Reader can write")
	}
}

func TestArchitectureListsTheHousekeeping(t *testing.T) {
	text, err := os.ReadFile("../docs/ARCHITECTURE.md")
	must(t, err)
	_, after, _ := strings.Cut(string(text), "| Housekeeping | What it writes |")
	listed := map[string]bool{}
	for _, line := range strings.Split(after, "\n")[2:] {
		cells := strings.Split(line, "|")
		if len(cells) != 4 {
			break
		}
		listed[strings.Trim(cells[1], " `")] = true
	}
	for name := range postgres.Housekeeping {
		if !listed[name] {
			t.Errorf("ARCHITECTURE does not list the housekeeping %s", name)
		}
		delete(listed, name)
	}
	for name := range listed {
		t.Errorf("ARCHITECTURE lists the housekeeping %s, which there is not", name)
	}
}

// saidElsewhere are methods whose meaning the standard library fixes.
var saidElsewhere = words("Error Unwrap")

// undocumented names every exported declaration without a comment: whoever uses
// it must learn meaning, units, rounding and errors without reading the body.
func undocumented(files []parsed) []string {
	var breaches []string
	missing := func(f parsed, n ast.Node, name string) {
		breaches = append(breaches, fmt.Sprintf("%s:%d: %s has no comment", f.path, f.line(n), name))
	}
	for _, f := range files {
		if f.tree.Name.Name == "main" {
			continue
		}
		for _, decl := range f.tree.Decls {
			switch d := decl.(type) {
			case *ast.FuncDecl:
				if d.Name.IsExported() && d.Doc == nil && !slices.Contains(saidElsewhere, d.Name.Name) && (d.Recv == nil || exportedReceiver(d.Recv)) {
					missing(f, d, d.Name.Name)
				}
			case *ast.GenDecl:
				for _, spec := range d.Specs {
					switch s := spec.(type) {
					case *ast.TypeSpec:
						if s.Name.IsExported() && s.Doc == nil && d.Doc == nil {
							missing(f, s, s.Name.Name)
						}
					case *ast.ValueSpec:
						for _, name := range s.Names {
							if name.IsExported() && s.Doc == nil && s.Comment == nil && d.Doc == nil {
								missing(f, s, name.Name)
							}
						}
					}
				}
			}
		}
	}
	return breaches
}

func exportedReceiver(recv *ast.FieldList) bool {
	t := recv.List[0].Type
	for {
		switch e := t.(type) {
		case *ast.StarExpr:
			t = e.X
		case *ast.IndexExpr:
			t = e.X
		case *ast.Ident:
			return e.IsExported()
		default:
			return false
		}
	}
}

func TestExportedNamesAreDocumented(t *testing.T) {
	holds(t, undocumented(mustParse(t, program(repository(t)))))
	for _, bad := range []string{"func Pay() {}", "type Charge struct{}", "var Zero = 0", "type T int // x\nfunc (t *T) Add() {}", "const A = 1"} {
		bad = strings.Replace(bad, "type T", "// T is one.\ntype T", 1)
		files, err := parse([]file{{"a/a.go", "package a\n" + bad}})
		must(t, err)
		breaks(t, undocumented(files), "has no comment")
	}
	good, err := parse([]file{{"a/a.go", "package a\n// Kinds.\nconst (\n A = 1\n B = 2\n)\nfunc pay() {}\ntype c int\nfunc (c) Add() {}"}})
	must(t, err)
	holds(t, undocumented(good))
}

// A file is one subject: over 600 lines it is two.
const longest, long = 600, 400

func tooLong(files []file, limit int) []string {
	var breaches []string
	for _, f := range files {
		if n := strings.Count(f.text, "\n"); n > limit {
			breaches = append(breaches, fmt.Sprintf("%s has %d lines, over %d", f.path, n, limit))
		}
	}
	return breaches
}

func TestFilesAreOneSubject(t *testing.T) {
	files := repository(t)
	holds(t, tooLong(files, longest))
	for _, f := range tooLong(files, long) {
		t.Log("soon two subjects: " + f)
	}
	breaks(t, tooLong([]file{{"a.go", strings.Repeat("\n", 601)}}, longest), "601 lines")
}
