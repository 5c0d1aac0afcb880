package postgres

import (
	"strings"
	"testing"
	"testing/fstest"
)

func TestConsistencyQueriesAreLoaded(t *testing.T) {
	checks := ConsistencyQueries()
	if len(checks) < 20 {
		t.Fatalf("%d consistency queries were loaded", len(checks))
	}
	for i, c := range checks {
		if c.Title == "" || c.Reason == "" || c.Query.Text() == "" {
			t.Errorf("%s is not complete", c.Name)
		}
		if i > 0 && c.Name <= checks[i-1].Name {
			t.Errorf("%s comes after %s", c.Name, checks[i-1].Name)
		}
	}
}

func TestConsistencyQueryIsRefused(t *testing.T) {
	for wanted, text := range map[string]string{
		"no -- title":      "-- reason: r\nSELECT 1",
		"no -- reason":     "-- title: t\nSELECT 1",
		":district":        "-- title: t\n-- reason: r\nSELECT :district",
		"2 statements":     "-- title: t\n-- reason: r\nSELECT 1; SELECT 2",
		"write CAST(x AS ": "-- title: t\n-- reason: r\nSELECT 1::text",
	} {
		files := fstest.MapFS{"consistency/01_x.sql": &fstest.MapFile{Data: []byte(text)}}
		if _, err := loadConsistency(files); err == nil || !strings.Contains(err.Error(), wanted) {
			t.Errorf("%q: %v, not %q", text, err, wanted)
		}
	}
}
