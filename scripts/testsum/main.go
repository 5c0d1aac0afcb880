// Command testsum turns test reports into what a person reads: each package with its time, the output of what
// failed, the reason of every skip, and one closing line that a build server can count.
//
//	go test -json ./... | testsum go FILE     reads a Go report, writes its totals to FILE
//	node --test --test-reporter=tap … | testsum tap FILE
//	testsum total FILE...                     lists the skips and closes with the sum
//
// Exit code 1: something failed, did not build, or no test ran at all.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
)

// Totals is what one report came to. Of Go tests only leaves count: a test that has subtests is their sum.
type Totals struct {
	Passed, Failed int
	Skips          []Skip
}

// Skip is a test that did not run and the reason it gave.
type Skip struct{ Test, Reason string }

func main() {
	if len(os.Args) < 3 {
		fmt.Fprintln(os.Stderr, "usage: testsum go|tap FILE, testsum total FILE...")
		os.Exit(2)
	}
	ok, err := run(os.Args[1], os.Args[2:], os.Stdin, os.Stdout)
	if err != nil {
		fmt.Fprintln(os.Stderr, "testsum:", err)
	}
	if err != nil || !ok {
		os.Exit(1)
	}
}

func run(mode string, files []string, in io.Reader, out io.Writer) (bool, error) {
	var totals Totals
	var err error
	switch mode {
	case "go":
		totals, err = readGo(in, out)
	case "tap":
		totals, err = readTAP(in, out)
	case "total":
		return closing(files, out)
	default:
		return false, fmt.Errorf("unknown report %q", mode)
	}
	if err != nil {
		return false, err
	}
	saved, err := json.Marshal(totals)
	if err != nil {
		return false, err
	}
	if err := os.WriteFile(files[0], saved, 0o644); err != nil {
		return false, err
	}
	return totals.Failed == 0 && totals.Passed > 0, nil
}

// closing prints every skip with its reason and, as the very last line, the sum over all reports.
func closing(files []string, out io.Writer) (bool, error) {
	var sum Totals
	for _, name := range files {
		raw, err := os.ReadFile(name)
		if err != nil {
			return false, err
		}
		var one Totals
		if err := json.Unmarshal(raw, &one); err != nil {
			return false, fmt.Errorf("%s: %w", name, err)
		}
		sum.Passed += one.Passed
		sum.Failed += one.Failed
		sum.Skips = append(sum.Skips, one.Skips...)
	}
	for _, skip := range sum.Skips {
		fmt.Fprintf(out, "skipped: %s: %s\n", skip.Test, skip.Reason)
	}
	fmt.Fprintf(out, "%d passed, %d failed, %d skipped\n", sum.Passed, sum.Failed, len(sum.Skips))
	return sum.Failed == 0 && sum.Passed > 0, nil
}
