package bench

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"time"
)

// Options says how much is measured.
type Options struct {
	// Households is how many the bill run bills.
	Households int
	// Rounds is how often product and limit take turns.
	Rounds int
	// Only names the one goal to measure; empty measures all.
	Only string
	// Out gets the method, the raw figures and the RATIO lines.
	Out io.Writer
}

// goal is one line of the result: what the product took in relation to the
// limit, and what it should reach.
type goal struct {
	name    string
	bound   string // "<=" or ">="
	value   float64
	measure func(context.Context, *run) (ratios []float64, err error)
}

var goals = []goal{
	{"billrun_vs_copy", "<=", 1.5, measureBillRun},
	{"pay_vs_pgbench", ">=", 0.6, measurePay},
}

// Goals are the names Options.Only may take.
func Goals() []string {
	var names []string
	for _, g := range goals {
		names = append(names, g.name)
	}
	return names
}

// Run measures and prints. It removes everything it has made, also when it fails.
func Run(ctx context.Context, o Options) (err error) {
	folder, err := os.MkdirTemp("", "estateledger-bench-")
	if err != nil {
		return err
	}
	defer func() {
		if removed := os.RemoveAll(folder); err == nil {
			err = removed
		}
	}()
	if err := os.Chmod(folder, 0o711); err != nil { // the server's own user passes through
		return err
	}
	r := &run{Options: o, folder: folder, began: time.Now()}
	if err := r.start(ctx); err != nil {
		return err
	}
	defer func() {
		if stopped := r.stop(); err == nil {
			err = stopped
		}
	}()
	if err := r.describe(ctx); err != nil {
		return err
	}
	if err := r.step("fixture", func() error { return r.fill(ctx) }); err != nil {
		return err
	}
	var results []string
	for _, g := range goals {
		if o.Only != "" && o.Only != g.name {
			continue
		}
		fmt.Fprintf(o.Out, "\n%s\n", g.name)
		ratios, err := g.measure(ctx, r)
		if err != nil {
			return fmt.Errorf("%s: %w", g.name, err)
		}
		results = append(results, fmt.Sprintf("RATIO %s %.2f %s %g", g.name, median(ratios), g.bound, g.value))
	}
	fmt.Fprintln(o.Out)
	for _, line := range results {
		fmt.Fprintln(o.Out, line)
	}
	return nil
}

// run is one measurement under way.
type run struct {
	Options
	folder string
	began  time.Time
	server
}

// step runs work that is not measured and says how long it took.
func (r *run) step(name string, work func() error) error {
	started := time.Now()
	if err := work(); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	fmt.Fprintf(r.Out, "  (%s: %.1f s)\n", name, time.Since(started).Seconds())
	return nil
}

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	n := len(sorted)
	if n == 0 {
		return 0
	}
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}
