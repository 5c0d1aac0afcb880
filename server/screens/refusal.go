package screens

import (
	"slices"
	"strings"

	"estateledger/fault"
)

// renamed gives a refusal's fields the names the form has for them. A field of a
// list (owners[0].person.name) is known by its last part.
func renamed(err error, names map[string]string) error {
	e, ok := fault.As(err)
	if !ok {
		return err
	}
	name := func(field string) string {
		short := field[strings.LastIndexByte(field, '.')+1:]
		for _, known := range []string{field, short} {
			if n, has := names[known]; has {
				return n
			}
		}
		return short
	}
	out := e.At(name(e.Field))
	out.Details = slices.Clone(e.Details)
	for i := range out.Details {
		out.Details[i].Field = name(out.Details[i].Field)
	}
	return out
}
