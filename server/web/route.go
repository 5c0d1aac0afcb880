package web

import (
	"strings"

	"estateledger/access"
)

// Place says where a route's permission is asked for, and so how the scope node
// is found before the handler runs.
type Place string

// The places of routes. The ones below Somewhere are also the names of the path
// parameter that carries the id: Estate belongs to a path with :estate.
const (
	// Public needs no login: the declared permission of what anybody may read.
	Public Place = "public"
	// Self needs a login and concerns only the user himself.
	Self Place = "self"
	// Member needs a membership in the chosen district, whatever the role.
	Member Place = "member"
	// Somewhere needs the permission at any node of the district: lists, which
	// the data layer filters, and writes whose act checks the node it is given.
	Somewhere Place = "somewhere"

	Estate  Place = "estate"
	Unit    Place = "unit"
	Book    Place = "book"
	Account Place = "account"
	Entry   Place = "entry"
	Voucher Place = "voucher"
	Run     Place = "run"
	Payment Place = "payment"
	Charge  Place = "charge"
	Act     Place = "act"
)

// Param is the path parameter that carries the place's id, empty for places
// that have none.
func (p Place) Param() string {
	switch p {
	case Public, Self, Member, Somewhere:
		return ""
	}
	return string(p)
}

// Route is one row of the table: what is served where, who may, and where that
// is asked. Name names its handler.
type Route struct {
	Name       string
	Method     string
	Path       string
	Permission access.Permission
	Place      Place
	// Keyless marks a POST that is no act and needs no idempotency key: logging
	// in and out, previews and checks.
	Keyless bool
	// Slow lets it take minutes: files of a whole district.
	Slow bool
}

// API tells whether the route answers JSON.
func (r Route) API() bool { return IsAPI(r.Path) }

// IsAPI tells whether a path belongs to the JSON API.
func IsAPI(path string) bool { return strings.HasPrefix(path, "/api/") }

// Writes tells whether the route is an act: it needs an idempotency key.
func (r Route) Writes() bool { return r.Method != "GET" && !r.Keyless }

// Handler answers a request that the gate has let through.
type Handler func(*Request) error
