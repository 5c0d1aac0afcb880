package postgres

import (
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strings"
	"sync"

	"estateledger/migrations"
)

// Consistency is one query over all districts that returns no row when all is
// well. Each row it does return has the columns district_id, subject, expected
// and found: where, what, what it should be, what it is.
type Consistency struct {
	// Name is the file's name without its ending: 04_turnover.
	Name string
	// Title says, for users, what is wrong when the query returns rows.
	Title string
	// Reason says, for whoever reads the code, why it must hold.
	Reason string
	Query  Query
}

var headerLine = regexp.MustCompile(`(?m)^--[ \t]*(title|reason):[ \t]*(.+?)[ \t]*$`)

var consistency = sync.OnceValue(func() []Consistency {
	checks, err := loadConsistency(migrations.Consistency)
	if err != nil {
		panic("postgres: " + err.Error())
	}
	return checks
})

// ConsistencyQueries are the queries of migrations/consistency in the order of
// their numbers. They belong to no tenant and are read by verify and by tests
// alone. It panics on a file without title, without reason or with a parameter.
func ConsistencyQueries() []Consistency { return consistency() }

func loadConsistency(files fs.FS) ([]Consistency, error) {
	names, err := fs.Glob(files, "consistency/*.sql")
	if err != nil {
		return nil, err
	}
	checks := make([]Consistency, 0, len(names))
	for _, file := range names {
		text, err := fs.ReadFile(files, file)
		if err != nil {
			return nil, err
		}
		c := Consistency{Name: strings.TrimSuffix(path.Base(file), ".sql")}
		for _, header := range headerLine.FindAllStringSubmatch(string(text), -1) {
			switch header[1] {
			case "title":
				c.Title = header[2]
			case "reason":
				c.Reason = header[2]
			}
		}
		compiled, err := compile(c.Name, string(text))
		switch {
		case err != nil:
			return nil, fmt.Errorf("%s: %w", file, err)
		case c.Title == "" || c.Reason == "":
			return nil, fmt.Errorf("%s: has no -- title: or no -- reason: line", file)
		case len(compiled.params) > 0:
			return nil, fmt.Errorf("%s: takes the parameter :%s", file, compiled.params[0])
		}
		c.Query = Query{compiled}
		checks = append(checks, c)
	}
	return checks, nil
}
