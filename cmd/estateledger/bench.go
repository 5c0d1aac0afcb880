package main

import (
	"context"
	"flag"
	"io"
	"os"
	"slices"

	"estateledger/bench"
)

// measure runs the measurements of docs/performance.md on a server of their own.
func measure(ctx context.Context, _ settings, args []string) error {
	o := bench.Options{Out: os.Stdout}
	set := flag.NewFlagSet("bench", flag.ContinueOnError)
	set.SetOutput(io.Discard)
	set.IntVar(&o.Households, "households", 1_000_000, "")
	set.IntVar(&o.Rounds, "rounds", 3, "")
	set.StringVar(&o.Only, "only", "", "")
	err := set.Parse(args)
	if err != nil || set.NArg() > 0 || o.Households < 1 || o.Rounds < 1 || o.Only != "" && !slices.Contains(bench.Goals(), o.Only) {
		return errUsage
	}
	return bench.Run(ctx, o)
}
