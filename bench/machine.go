package bench

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"strings"
	"time"
)

// describe prints what the figures depend on: machine, versions, settings, size.
func (r *run) describe(ctx context.Context) error {
	kernel, _ := os.ReadFile("/proc/sys/kernel/osrelease")
	fmt.Fprintf(r.Out, "machine   %d × %s, %s memory, Linux %s, load before %s\n",
		runtime.NumCPU(), oneOf("/proc/cpuinfo", "model name"), oneOf("/proc/meminfo", "MemTotal"), strings.TrimSpace(string(kernel)), load())
	version, err := r.tool(ctx, r.super(), "postgres", nil, "--version")
	if err != nil {
		return err
	}
	fmt.Fprintf(r.Out, "versions  %s, %s\n", strings.TrimSpace(version), runtime.Version())
	shown, err := r.script(ctx, r.super(), "settings.psql", nil)
	if err != nil {
		return err
	}
	fmt.Fprintf(r.Out, "settings  %s\n", strings.Join(strings.Fields(shown), ", "))
	fmt.Fprintf(r.Out, "size      %d households in %d estates and %d districts; %d households pay at %d counters of one more estate\n",
		r.Households, r.estates(), districts, payers, clients)
	fmt.Fprintf(r.Out, "method    %d rounds; in each the product and then the limit, a vacuum and a checkpoint before each; medians\n", r.Rounds)
	fmt.Fprintf(r.Out, "started   %s\n", r.began.Format(time.DateTime))
	return nil
}

// oneOf is the value of the first "name : value" line of a file of the kernel's.
func oneOf(path, name string) string {
	text, _ := os.ReadFile(path)
	for line := range strings.Lines(string(text)) {
		if key, value, found := strings.Cut(line, ":"); found && strings.TrimSpace(key) == name {
			return strings.TrimSpace(value)
		}
	}
	return "?"
}

// load is the machine's load of the last minute: what others do meanwhile.
func load() string {
	text, _ := os.ReadFile("/proc/loadavg")
	one, _, _ := strings.Cut(string(text), " ")
	return one
}
