package torture

import (
	"flag"
	"log"
	"os"
	"testing"
)

// TestMain lets the test binary be the service that the crash test kills, and
// fits the property test into the time of a test run unless told otherwise.
func TestMain(m *testing.M) {
	if dsn := os.Getenv(serviceEnv); dsn != "" {
		if err := serve(dsn); err != nil {
			log.Fatal(err)
		}
		return
	}
	flag.Parse()
	asked := map[string]bool{}
	flag.Visit(func(f *flag.Flag) { asked[f.Name] = true })
	for name, value := range map[string]string{"rapid.checks": "30", "rapid.steps": "45", "rapid.shrinktime": "60s"} {
		if !asked[name] {
			if err := flag.Set(name, value); err != nil {
				panic(err)
			}
		}
	}
	os.Exit(m.Run())
}
