package web

import (
	"context"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"estateledger/access"
	"estateledger/fault"
	"estateledger/postgres"
)

// Headers of the API and fields of the forms.
const (
	KeyHeader      = "Idempotency-Key"
	ReplayedHeader = "Idempotent-Replayed"
	DistrictHeader = "X-District"
	CSRFHeader     = "X-CSRF-Token"
	KeyField       = "key"
	CSRFField      = "csrf"
	SessionCookie  = "el_session"
	DistrictCookie = "el_district"
)

// Request is a request that the gate has let through. The embedded Fiber
// context is for parameters, body and answer, and its UserContext ends at the
// request's deadline; who asks, where, is here. Strings of it may be kept: the
// service runs Fiber with Immutable.
type Request struct {
	*fiber.Ctx
	Gate   *access.Gate
	People *access.People
	Route  Route
	// Token and Session are who is logged in; empty on public routes.
	Token   string
	Session access.Session
	// District is the one the request is about, 0 where none is needed.
	District int64
	// Node is the scope node of the route's place; 0 for places without an id.
	Node int64
	// ID is the id in the path that the place names.
	ID int64
	// Holds are the permissions the user has somewhere in the district.
	Holds map[access.Permission]bool
	// Secure tells whether the client came by TLS, for cookies.
	Secure bool

	table func(name string) (Route, bool)
}

// UseTable lets Can look routes up by name.
func (q *Request) UseTable(lookup func(name string) (Route, bool)) { q.table = lookup }

// Actor is the user as acts take him.
func (q *Request) Actor() access.Actor { return q.Session.Actor() }

// Scope are the parameters of every read.
func (q *Request) Scope() access.Scope { return q.Gate.Scope(q.Actor(), q.District) }

// View runs reads in one snapshot.
func (q *Request) View(read func(ctx context.Context, r postgres.Reader, s access.Scope) error) error {
	scope := q.Scope()
	return access.View(q.UserContext(), q.Gate, func(ctx context.Context, r postgres.Reader) error { return read(ctx, r, scope) })
}

// Key is the idempotency key: the header of an API request, the hidden field of
// a form.
func (q *Request) Key() string {
	if q.Route.API() {
		return q.Get(KeyHeader)
	}
	return q.FormValue(KeyField)
}

// ParamID reads an id of the path. What is no id names nothing: 404.
func (q *Request) ParamID(name string) (int64, error) {
	id, err := strconv.ParseInt(q.Params(name), 10, 64)
	if err != nil || id <= 0 {
		return 0, NotFound()
	}
	return id, nil
}

// Can tells whether the user may use a route at some place of the district:
// decides menu and buttons. The gate and the act decide whether here.
func (q *Request) Can(route string) bool {
	r, known := q.table(route)
	if !known {
		return false
	}
	switch r.Place {
	case Public:
		return true
	case Self:
		return q.Session.UserID != 0
	case Member:
		return len(q.Session.In(q.District)) > 0
	}
	return q.Holds[r.Permission]
}

// NotFound is the answer for an address or an id that names nothing this user
// may see: both are the same to him.
func NotFound() error {
	return fault.NotFound("server.not_found", "没有找到：可能已经不在，或者不在您负责的范围里。")
}
