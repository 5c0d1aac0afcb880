package postgres_test

import (
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"estateledger/postgres"
)

func TestArchitectureListsTheHousekeeping(t *testing.T) {
	text, err := os.ReadFile("../docs/ARCHITECTURE.md")
	must(t, err)
	_, table, found := strings.Cut(string(text), "| Housekeeping |")
	if !found {
		t.Fatal("ARCHITECTURE has no table of housekeeping")
	}
	table, _, _ = strings.Cut(table, "\n\n")
	rows := regexp.MustCompile("(?m)^\\| `([a-z_]+)` \\|").FindAllStringSubmatch(table, -1)
	var listed []string
	for _, r := range rows {
		listed = append(listed, r[1])
	}
	slices.Sort(listed)
	if want := slices.Sorted(maps.Keys(postgres.Housekeeping)); !slices.Equal(listed, want) {
		t.Errorf("ARCHITECTURE lists %v, the program has %v", listed, want)
	}
}
