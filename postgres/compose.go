package postgres

import (
	"strings"
	"sync"
)

// sourceMark stands in a query where the query of another room goes in.
const sourceMark = "{{source}}"

// Around puts another room's query into this one at {{source}}: the outer query
// writes its own table, the inner one says with what, and neither room needs to
// know the other's tables. The parameters of both are wanted.
func (q Query) Around(inner Query) Query {
	key := [2]*compiled{q.q, inner.q}
	if known, ok := composed.Load(key); ok {
		return known.(Query)
	}
	text := strings.Replace(q.q.text, sourceMark, inner.q.text, 1)
	c, err := compile(q.q.name+" around "+inner.q.name, text)
	if err != nil {
		panic(err)
	}
	composed.Store(key, Query{c})
	return Query{c}
}

// composed remembers what was put together: there are as many as pairs of
// queries in the program.
var composed sync.Map
