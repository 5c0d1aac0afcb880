package postgres

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/shopspring/decimal"
)

func TestLoadRefuses(t *testing.T) {
	for reason, text := range map[string]string{
		"two queries":   "-- name: a\nSELECT 1\n-- name: a\nSELECT 2",
		"CAST(x AS t)":  "-- name: a\nSELECT x::text",
		"snake_case":    "-- name: aB\nSELECT 1",
		"before the":    "SELECT 1;\n-- name: a\nSELECT 1",
		"2 statements":  "-- name: a\nSELECT 1; SELECT 2",
		"0 statements":  "-- name: a\n-- nothing",
		"query name \"": "-- name: \nSELECT 1",
	} {
		_, err := load(fstest.MapFS{"x.sql": {Data: []byte(text)}})
		if err == nil || !strings.Contains(err.Error(), reason) {
			t.Errorf("%q: got %v, want an error with %q", text, err, reason)
		}
	}
}

func TestLoadLeavesFunctionsOut(t *testing.T) {
	qs, err := load(fstest.MapFS{
		"a.sql":    {Data: []byte("-- A file.\n\n-- name: two\nSELECT 2;\n\n-- name: one\nSELECT 1")},
		"fn_a.sql": {Data: []byte("CREATE FUNCTION f() …")},
	})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, q := range qs.All() {
		names = append(names, q.Name())
	}
	if !slices.Equal(names, []string{"one", "two"}) {
		t.Fatalf("names %v", names)
	}
	defer func() {
		if recover() == nil {
			t.Error("Get of an unknown name did not panic")
		}
	}()
	qs.Get("three")
}

func TestCompile(t *testing.T) {
	for _, c := range []struct {
		body, sql string
		params    []string
	}{
		{"SELECT :a, :b_1, :a", "SELECT $1, $2, $1", []string{"a", "b_1"}},
		{"SELECT '12:30', \"x:y\", :a -- not :this\n", "SELECT '12:30', \"x:y\", $1", []string{"a"}},
		{"SELECT $$ :no ' $$, $t$ ; :no $t$, /* :no ; */ :yes", "SELECT $$ :no ' $$, $t$ ; :no $t$, \n $1", []string{"yes"}},
		{"SELECT E'it\\'s :no', 'it''s :no', :yes", "SELECT E'it\\'s :no', 'it''s :no', $1", []string{"yes"}},
		{"SELECT l[1:2] FROM t WHERE c=:c", "SELECT l[1:2] FROM t WHERE c=$1", []string{"c"}},
	} {
		got, err := compile("x", c.body)
		if err != nil || got.sql != c.sql || !slices.Equal(got.params, c.params) {
			t.Errorf("%s\n got %s %v %v\nwant %s %v", c.body, got.sql, got.params, err, c.sql, c.params)
		}
	}
}

func TestBind(t *testing.T) {
	type inner struct {
		District int64 `db:"district"`
	}
	type row struct {
		inner
		IDs  []int64           `db:"ids"`
		Sums []decimal.Decimal `db:"sums"`
		Doc  json.RawMessage   `db:"doc"`
		Raw  []byte            `db:"raw"`
	}
	c, err := compile("x", "SELECT :district, :ids, :sums, :doc, :raw")
	if err != nil {
		t.Fatal(err)
	}
	got, err := bind(c, &row{inner{7}, nil, []decimal.Decimal{decimal.RequireFromString("1.10")}, json.RawMessage(`{}`), []byte{1}})
	want := []any{int64(7), "{}", `{"1.1"}`, "{}", []byte{1}}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %#v, %v; want %#v", got, err, want)
	}
	for _, arg := range []any{nil, 5, map[string]any{"district": 1}, struct{}{}} {
		if _, err := bind(c, arg); err == nil {
			t.Errorf("%#v was accepted", arg)
		}
	}
}

func TestLiteral(t *testing.T) {
	for want, v := range map[string]any{
		"NULL": nil, "'7'": 7, "'true'": true, "'it''s'": "it's", ` E'a\\b'`: `a\b`, "'1.5'": decimal.RequireFromString("1.50"), ` E'\\x01ff'`: []byte{1, 255},
	} {
		if got, err := literal(v); err != nil || got != want {
			t.Errorf("%#v: got %s, %v; want %s", v, got, err, want)
		}
	}
	for _, v := range []string{"a\x00b", "\xff"} {
		if _, err := literal(v); err == nil {
			t.Errorf("%q was accepted", v)
		}
	}
}

func TestSplitStatements(t *testing.T) {
	got := splitStatements("-- a; b\nSELECT ';'; DO $$ BEGIN; END $$;\n\n;SELECT 2 /* ; */")
	want := []string{"SELECT ';'", "DO $$ BEGIN; END $$", "SELECT 2"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}

func TestDSN(t *testing.T) {
	for dsn, ssl := range map[string]string{
		"postgres://u:p@127.0.0.1/d":         "disable",
		"host=localhost dbname=d":            "disable",
		"host=db.example dbname=d":           "require",
		"host=localhost,db.example dbname=d": "require",
		"host=::1 sslmode=verify-full":       "verify-full",
	} {
		cfg, err := parseDSN(dsn, "x")
		if err != nil || string(cfg.SSLMode) != ssl || !cfg.BinaryParameters || cfg.Runtime["timezone"] != Zone || cfg.ConnectTimeout == 0 {
			t.Errorf("%s: %+v, %v", dsn, cfg, err)
		}
	}
	for _, dsn := range []string{"", "postgres://a:1,b:2/d", "port=x"} {
		if _, err := parseDSN(dsn, "x"); err == nil {
			t.Errorf("%q was accepted", dsn)
		}
	}
	for _, dsn := range []string{"postgres://own:er@127.0.0.1:99/d", makeDSN("127.0.0.1", 99, "own", `e'r\`, "d")} {
		app, err := asLogin(dsn, "d_app", `p'\w`)
		if err != nil {
			t.Fatal(err)
		}
		cfg, err := parseDSN(app, "x")
		if err != nil || cfg.User != "d_app" || cfg.Password != `p'\w` || cfg.Database != "d" || cfg.Port != 99 {
			t.Errorf("%s: %+v, %v", app, cfg, err)
		}
	}
}
