package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"sort"
	"strings"
)

// event is one line of `go test -json` (cmd/test2json), build events included.
type event struct {
	Action      string
	Package     string
	ImportPath  string // build-output and build-fail carry this instead of Package
	Test        string
	Output      string
	Elapsed     float64
	FailedBuild string
}

// pkg gathers one package until it ends.
type pkg struct {
	output  map[string][]string // by test; "" is the package's own
	ended   map[string]string   // test -> pass, fail, skip
	started []string
}

type goReport struct {
	out      io.Writer
	totals   Totals
	packages map[string]*pkg
	builds   map[string][]string // compiler output by import path
}

// readGo follows a Go report to its end. A line that is no event (the go command's own complaint) is shown as
// it is. Packages that never end, because the run was cut off, count as one failure each.
func readGo(in io.Reader, out io.Writer) (Totals, error) {
	r := goReport{out: out, packages: map[string]*pkg{}, builds: map[string][]string{}}
	lines := bufio.NewScanner(in)
	lines.Buffer(make([]byte, 0, 64<<10), 16<<20)
	for lines.Scan() {
		var e event
		if json.Unmarshal(lines.Bytes(), &e) != nil || e.Action == "" {
			fmt.Fprintln(out, lines.Text())
			continue
		}
		r.take(e)
	}
	if err := lines.Err(); err != nil {
		return r.totals, err
	}
	for _, name := range sortedKeys(r.packages) {
		r.end(name, event{Action: "fail", Package: name}, "cut off")
	}
	return r.totals, nil
}

func (r *goReport) take(e event) {
	if e.Action == "build-output" {
		r.builds[e.ImportPath] = append(r.builds[e.ImportPath], e.Output)
		return
	}
	if e.Package == "" {
		return
	}
	p := r.packages[e.Package]
	if p == nil {
		p = &pkg{output: map[string][]string{}, ended: map[string]string{}}
		r.packages[e.Package] = p
	}
	switch e.Action {
	case "run":
		p.started = append(p.started, e.Test)
	case "output":
		p.output[e.Test] = append(p.output[e.Test], e.Output)
	case "pass", "fail", "skip":
		if e.Test != "" {
			p.ended[e.Test] = e.Action
			return
		}
		r.end(e.Package, e, e.Action)
	}
}

// end judges a package: which leaves passed, failed or were skipped, and whether it broke outside of any test.
func (r *goReport) end(name string, e event, verdict string) {
	p := r.packages[name]
	delete(r.packages, name)
	before := r.totals
	parents := map[string]bool{}
	failedBelow := map[string]bool{}
	for _, test := range p.started {
		for at := strings.LastIndexByte(test, '/'); at > 0; at = strings.LastIndexByte(test[:at], '/') {
			parents[test[:at]] = true
			failedBelow[test[:at]] = failedBelow[test[:at]] || p.ended[test] != "pass" && p.ended[test] != "skip"
		}
	}
	for _, test := range p.started {
		switch result := p.ended[test]; {
		case result == "pass" && !parents[test]:
			r.totals.Passed++
		case result == "skip":
			r.totals.Skips = append(r.totals.Skips, Skip{Test: name + " " + test, Reason: reason(p.output[test])})
		case result == "fail" || result == "":
			r.showFailure(name, test, result, p.output[test])
			if !failedBelow[test] {
				r.totals.Failed++
			}
		}
	}
	if e.Action == "fail" && r.totals.Failed == before.Failed {
		r.totals.Failed++
		r.showBroken(name, e, p)
	}
	if len(p.started) > 0 || verdict != "skip" {
		fmt.Fprintf(r.out, "   %-7s %-34s %7.2f s %5d passed\n",
			verdict, name, e.Elapsed, r.totals.Passed-before.Passed)
	}
}

func (r *goReport) showFailure(name, test, result string, output []string) {
	if result == "" {
		test += " (did not finish)"
	}
	fmt.Fprintf(r.out, "=== FAILED %s %s\n%s", name, test, strings.Join(output, ""))
}

// showBroken explains a package that failed without a failing test: it did not build, or died.
func (r *goReport) showBroken(name string, e event, p *pkg) {
	what := "failed outside of its tests"
	if e.FailedBuild != "" {
		what = "did not build"
	}
	fmt.Fprintf(r.out, "=== FAILED %s %s\n%s%s", name, what,
		strings.Join(r.builds[e.FailedBuild], ""), strings.Join(p.output[""], ""))
}

// reason is what the test said when it skipped: its own lines, without the runner's frames.
func reason(output []string) string {
	var said []string
	for _, line := range output {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "=== ") || strings.HasPrefix(line, "--- ") {
			continue
		}
		if _, after, found := strings.Cut(line, ".go:"); found {
			if _, message, found := strings.Cut(after, ": "); found {
				line = message
			}
		}
		said = append(said, line)
	}
	if len(said) == 0 {
		return "no reason given"
	}
	return strings.Join(said, " ")
}

func sortedKeys(m map[string]*pkg) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	return keys
}
