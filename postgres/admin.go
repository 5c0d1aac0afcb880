package postgres

import (
	"embed"
	"strings"
)

//go:embed admin.sql
var adminFiles embed.FS

var adminQueries = MustLoad(adminFiles)

// fill replaces {words} of an administrative statement that takes no parameters
// (COPY, CREATE ROLE, …) by identifiers and literals that the caller has quoted.
func fill(name string, pairs ...string) string {
	text := adminQueries.Get(name).Text()
	for i := 0; i < len(pairs); i += 2 {
		text = strings.ReplaceAll(text, "{"+pairs[i]+"}", pairs[i+1])
	}
	return text
}
