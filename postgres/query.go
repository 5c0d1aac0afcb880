package postgres

import (
	"embed"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Query is one named statement of a .sql file. Only MustLoad makes one, so no
// SQL can be put together in Go.
type Query struct{ q *compiled }

type compiled struct {
	name, text string
	// pieces are the stretches between parameters; order[i] is the index in
	// params of the parameter that follows pieces[i].
	pieces []string
	order  []int
	params []string
	sql    string // with $1, $2, …; a name that is used twice is one parameter
}

// Name is the name the query has in its file, or "" for the zero Query.
func (q Query) Name() string {
	if q.q == nil {
		return ""
	}
	return q.q.name
}

// Text is the statement with its :names, without comments.
func (q Query) Text() string { return q.q.text }

// Params are the names of its parameters, in the order of their first use.
func (q Query) Params() []string { return slices.Clone(q.q.params) }

// Queries are the named statements of one room.
type Queries struct{ byName map[string]Query }

var (
	nameLine  = regexp.MustCompile(`(?m)^--[ \t]*name:[ \t]*(.*?)[ \t]*$`)
	validName = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)
	paramName = regexp.MustCompile(`:[A-Za-z_][A-Za-z0-9_]*`)
)

// MustLoad reads the `-- name: snake_case` blocks of every *.sql file of files,
// fn_*.sql excepted: those are whole functions, applied by Migrate. It panics,
// at program start, on a name that is missing, malformed or taken, on the ::
// cast (a parameter could not be told from it) and on a block of several
// statements.
func MustLoad(files embed.FS) *Queries {
	q, err := load(files)
	if err != nil {
		panic("postgres: " + err.Error())
	}
	return q
}

// Get returns the query of that name and panics when there is none: the name is
// written in the program, so this is a mistake of the programmer.
func (qs *Queries) Get(name string) Query {
	q, ok := qs.byName[name]
	if !ok {
		panic("postgres: no query is named " + strconv.Quote(name))
	}
	return q
}

// All returns the queries sorted by name, for the tests that hold the laws.
func (qs *Queries) All() []Query {
	names := slices.Sorted(maps.Keys(qs.byName))
	all := make([]Query, len(names))
	for i, n := range names {
		all[i] = qs.byName[n]
	}
	return all
}

func load(files fs.FS) (*Queries, error) {
	qs := &Queries{byName: map[string]Query{}}
	err := fs.WalkDir(files, ".", func(p string, d fs.DirEntry, err error) error {
		base := path.Base(p)
		if err != nil || d.IsDir() || !strings.HasSuffix(base, ".sql") || strings.HasPrefix(base, "fn_") {
			return err
		}
		text, err := fs.ReadFile(files, p)
		if err != nil {
			return err
		}
		if err := qs.addFile(string(text)); err != nil {
			return fmt.Errorf("%s: %w", p, err)
		}
		return nil
	})
	return qs, err
}

func (qs *Queries) addFile(text string) error {
	heads := nameLine.FindAllStringSubmatchIndex(text, -1)
	lead := text
	if len(heads) > 0 {
		lead = text[:heads[0][0]]
	}
	if len(splitStatements(lead)) > 0 {
		return fmt.Errorf("SQL before the first -- name: line")
	}
	for i, h := range heads {
		end := len(text)
		if i+1 < len(heads) {
			end = heads[i+1][0]
		}
		name := text[h[2]:h[3]]
		if !validName.MatchString(name) {
			return fmt.Errorf("the query name %q is not snake_case", name)
		}
		if _, taken := qs.byName[name]; taken {
			return fmt.Errorf("two queries are named %q", name)
		}
		c, err := compile(name, text[h[1]:end])
		if err != nil {
			return fmt.Errorf("query %s: %w", name, err)
		}
		qs.byName[name] = Query{c}
	}
	return nil
}

// compile turns :names into $n once, at program start.
func compile(name, body string) (*compiled, error) {
	statements := splitStatements(body)
	if len(statements) != 1 {
		return nil, fmt.Errorf("holds %d statements, not one", len(statements))
	}
	c := &compiled{name: name, text: statements[0]}
	var piece strings.Builder
	var bad error
	plainSQL(c.text, func(part string) {
		if strings.Contains(part, "::") {
			bad = fmt.Errorf("uses ::, write CAST(x AS t)")
		}
		at := 0
		for _, m := range paramName.FindAllStringIndex(part, -1) {
			piece.WriteString(part[at:m[0]])
			c.addParam(piece.String(), part[m[0]+1:m[1]])
			piece.Reset()
			at = m[1]
		}
		piece.WriteString(part[at:])
	}, func(part string, _ bool) { piece.WriteString(part) })
	c.pieces = append(c.pieces, piece.String())
	var sql strings.Builder
	for i, p := range c.pieces {
		sql.WriteString(p)
		if i < len(c.order) {
			sql.WriteString("$" + strconv.Itoa(c.order[i]+1))
		}
	}
	c.sql = sql.String()
	return c, bad
}

func (c *compiled) addParam(before, name string) {
	at := slices.Index(c.params, name)
	if at < 0 {
		at = len(c.params)
		c.params = append(c.params, name)
	}
	c.pieces = append(c.pieces, before)
	c.order = append(c.order, at)
}
