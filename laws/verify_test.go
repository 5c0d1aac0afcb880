package laws

import (
	"slices"
	"testing"

	"estateledger/ledger"
	"estateledger/postgres"
)

// findings are the checks that name a difference, as Verify answers them.
func findings(t testing.TB, w *world) []string {
	t.Helper()
	found, err := ledger.Verify(t.Context(), w.db.App)
	must(t, err)
	var names []string
	for _, f := range found {
		t.Logf("%s: %s: expected %s, found %s", f.Check, f.Subject, f.Expected, f.Found)
		if !slices.Contains(names, f.Check) {
			names = append(names, f.Check)
		}
	}
	return names
}

func TestVerifyFindsNothingInAWorldMadeByUseCases(t *testing.T) {
	if names := findings(t, newWorld(t)); len(names) > 0 {
		t.Errorf("verify finds differences: %v", names)
	}
	_ = postgres.ConsistencyQueries
}
