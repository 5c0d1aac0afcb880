package torture

import (
	"flag"
	"os"
	"testing"
)

// TestMain lets the test binary be the service that the crash test kills, and
// fits the property test into the time of a test run unless told otherwise.
func TestMain(m *testing.M) {
	flag.Parse()
	asked := map[string]bool{}
	flag.Visit(func(f *flag.Flag) { asked[f.Name] = true })
	for name, value := range map[string]string{"rapid.checks": "30", "rapid.steps": "30", "rapid.shrinktime": "60s"} {
		if !asked[name] {
			if err := flag.Set(name, value); err != nil {
				panic(err)
			}
		}
	}
	os.Exit(m.Run())
}
