package main

import (
	"bufio"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
)

var (
	tapResult  = regexp.MustCompile(`^\s*(not ok|ok) \d+ - (.*?)(?: # (SKIP|TODO)\s*(.*))?$`)
	tapSummary = regexp.MustCompile(`^# (tests|pass|fail|cancelled|skipped|todo) (\d+)$`)
)

// readTAP follows the report of node's test runner. The sums are the runner's own closing figures (a test with
// subtests is one more test); a report without them was cut off and is a failure. Cancelled counts as failed.
func readTAP(in io.Reader, out io.Writer) (Totals, error) {
	var totals Totals
	sums := map[string]int{}
	failing := false
	lines := bufio.NewScanner(in)
	lines.Buffer(make([]byte, 0, 64<<10), 16<<20)
	for lines.Scan() {
		line := lines.Text()
		if m := tapSummary.FindStringSubmatch(line); m != nil {
			sums[m[1]], _ = strconv.Atoi(m[2])
			continue
		}
		if m := tapResult.FindStringSubmatch(line); m != nil {
			failing = m[1] == "not ok"
			if m[3] == "SKIP" {
				totals.Skips = append(totals.Skips, Skip{Test: "browser " + m[2], Reason: orNone(m[4])})
			}
			fmt.Fprintf(out, "   %s\n", strings.TrimRight(line, " "))
			continue
		}
		if failing || strings.HasPrefix(strings.TrimSpace(line), "duration_ms") {
			fmt.Fprintf(out, "   %s\n", line)
		}
	}
	if err := lines.Err(); err != nil {
		return totals, err
	}
	if _, complete := sums["tests"]; !complete {
		fmt.Fprintln(out, "=== FAILED the browser tests were cut off")
		totals.Failed++
		return totals, nil
	}
	totals.Passed = sums["pass"]
	totals.Failed = sums["fail"] + sums["cancelled"]
	return totals, nil
}

func orNone(reason string) string {
	if reason == "" {
		return "no reason given"
	}
	return reason
}
