package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// report runs one mode and the closing line over it, as test.sh does.
func report(t *testing.T, mode, input string) (ok bool, out, last string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "totals")
	var said strings.Builder
	readOK, err := run(mode, []string{file}, strings.NewReader(input), &said)
	if err != nil {
		t.Fatal(err)
	}
	sumOK, err := run("total", []string{file}, nil, &said)
	if err != nil {
		t.Fatal(err)
	}
	if readOK != sumOK {
		t.Fatalf("the report says %v, the sum says %v", readOK, sumOK)
	}
	lines := strings.Split(strings.TrimSpace(said.String()), "\n")
	return sumOK, said.String(), lines[len(lines)-1]
}

func TestGoReports(t *testing.T) {
	const passing = `{"Action":"run","Package":"p","Test":"TestA"}
{"Action":"run","Package":"p","Test":"TestA/one"}
{"Action":"pass","Package":"p","Test":"TestA/one"}
{"Action":"run","Package":"p","Test":"TestA/two"}
{"Action":"pass","Package":"p","Test":"TestA/two"}
{"Action":"pass","Package":"p","Test":"TestA"}
`
	cases := []struct {
		name, input, last string
		ok                bool
		contains          string
	}{
		{"only leaves count", passing + `{"Action":"pass","Package":"p","Elapsed":1.5}`,
			"2 passed, 0 failed, 0 skipped", true, "1.50 s"},
		{"a failing leaf counts once, with its output",
			`{"Action":"run","Package":"p","Test":"TestA"}
{"Action":"run","Package":"p","Test":"TestA/one"}
{"Action":"output","Package":"p","Test":"TestA/one","Output":"    a_test.go:3: got 1\n"}
{"Action":"fail","Package":"p","Test":"TestA/one"}
{"Action":"fail","Package":"p","Test":"TestA"}
{"Action":"fail","Package":"p"}`,
			"0 passed, 1 failed, 0 skipped", false, "got 1"},
		{"a skip keeps its reason", passing + `{"Action":"run","Package":"p","Test":"TestB"}
{"Action":"output","Package":"p","Test":"TestB","Output":"    b_test.go:9: TEST_CITUS_URL is not set\n"}
{"Action":"skip","Package":"p","Test":"TestB"}
{"Action":"pass","Package":"p"}`,
			"2 passed, 0 failed, 1 skipped", true, "skipped: p TestB: TEST_CITUS_URL is not set"},
		{"a package that does not build fails", passing + `{"Action":"pass","Package":"p"}
{"ImportPath":"q","Action":"build-output","Output":"q.go:1: undefined: x\n"}
{"ImportPath":"q","Action":"build-fail"}
{"Action":"start","Package":"q"}
{"Action":"fail","Package":"q","FailedBuild":"q"}`,
			"2 passed, 1 failed, 0 skipped", false, "undefined: x"},
		{"a test that never ended fails", passing + `{"Action":"run","Package":"p","Test":"TestB"}
{"Action":"fail","Package":"p"}`,
			"2 passed, 1 failed, 0 skipped", false, "did not finish"},
		{"a run that was cut off fails", passing, "2 passed, 1 failed, 0 skipped", false, "cut off"},
		{"no test at all fails", ``, "0 passed, 0 failed, 0 skipped", false, ""},
		{"a package without tests is quiet", passing + `{"Action":"pass","Package":"p"}
{"Action":"skip","Package":"empty"}`,
			"2 passed, 0 failed, 0 skipped", true, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			ok, out, last := report(t, "go", c.input)
			if ok != c.ok || last != c.last || !strings.Contains(out, c.contains) {
				t.Fatalf("ok %v, want %v; last line %q, want %q; output:\n%s", ok, c.ok, last, c.last, out)
			}
		})
	}
}

func TestBrowserReports(t *testing.T) {
	const results = `TAP version 13
# Subtest: a clerk takes a payment
not ok 1 - a clerk takes a payment
  ---
  error: 'no receipt'
  ...
# Subtest: prints
ok 2 - prints # SKIP no printer
`
	ok, out, last := report(t, "tap", results+"1..2\n# tests 3\n# pass 1\n# fail 1\n# cancelled 0\n# skipped 1\n")
	if ok || last != "1 passed, 1 failed, 1 skipped" ||
		!strings.Contains(out, "no receipt") || !strings.Contains(out, "skipped: browser prints: no printer") {
		t.Fatalf("ok %v, last %q, output:\n%s", ok, last, out)
	}
	if ok, _, last := report(t, "tap", results); ok || last != "0 passed, 1 failed, 1 skipped" {
		t.Fatalf("a report without its closing figures must fail: ok %v, last %q", ok, last)
	}
}

func TestUnknownModeAndMissingFileAreErrors(t *testing.T) {
	if _, err := run("xml", []string{"x"}, nil, os.Stdout); err == nil {
		t.Error("an unknown report was accepted")
	}
	if _, err := run("total", []string{filepath.Join(t.TempDir(), "none")}, nil, os.Stdout); err == nil {
		t.Error("a missing report was accepted")
	}
}
