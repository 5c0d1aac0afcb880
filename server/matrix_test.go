package server_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"estateledger/access"
	"estateledger/postgres"
	"estateledger/server/web"
)

// sample is a request that a route answers well, in the words of a tenant.
type sample struct {
	query string
	// body is the JSON of a write: a function of the tenant's ids.
	body func(i ids) any
	// form is what a page sends.
	form func(i ids) url.Values
	// upload sends a file for the tenant's estate instead.
	upload bool
	// only narrows the roles that hold the permission to those whose place
	// covers what the sample names.
	only []access.Role
	// office: nobody of a tenant may, but who acts for the whole district.
	office bool
	// own: what it names is one user's alone.
	own bool
	// shared: what the list shows is the same for the whole district.
	shared bool
	// prepare makes what the call uses up and puts it into the ids; after takes
	// back what would stop the next one.
	prepare func(m *matrix, c *caller, i ids)
	after   func(m *matrix, c *caller)
}

// counts are what the matrix has seen.
type counts struct {
	calls, succeeded, refusedByDomain, anonymous, forbidden, notFound, listsChecked int
}

func TestAccessMatrix(t *testing.T) {
	m := newMatrix(t)
	doc := document(t)
	roles := m.rolePermissions()
	var n counts
	catalogue := maps.Clone(samples)
	maps.Copy(catalogue, pageSamples)
	for _, r := range wholeTable() {
		s, known := catalogue[r.Name]
		if !known {
			t.Errorf("route %s has no sample in the catalogue", r.Name)
			continue
		}
		m.route(r, s, roles, doc, &n)
	}
	for name := range catalogue {
		if !slices.ContainsFunc(wholeTable(), func(r web.Route) bool { return r.Name == name }) {
			t.Errorf("the catalogue has a sample for %s, which is no route", name)
		}
	}
	t.Logf("access matrix: %d routes × %d callers, %d calls: %d succeeded, %d allowed and refused by the domain, %d × 401, %d × 403, %d × 404, %d lists without a foreign name",
		len(wholeTable()), len(m.callers)+2, n.calls, n.succeeded, n.refusedByDomain, n.anonymous, n.forbidden, n.notFound, n.listsChecked)
	if n.succeeded < len(wholeTable()) || n.anonymous == 0 || n.forbidden == 0 || n.notFound == 0 {
		t.Error("the matrix has not seen what it is for")
	}
}

func (m *matrix) rolePermissions() map[access.Role][]access.Permission {
	m.t.Helper()
	var roles map[access.Role][]access.Permission
	m.must(m.gate.DB.Read(m.t.Context(), func(r postgres.Reader) (err error) {
		roles, err = access.RolePermissions(m.t.Context(), r)
		return err
	}))
	return roles
}

// route calls one route as everybody.
func (m *matrix) route(r web.Route, s sample, roles map[access.Role][]access.Permission, doc *openapi3.T, n *counts) {
	m.t.Helper()
	i := maps.Clone(m.home)
	succeeded := false
	if s.office {
		succeeded = m.allowed(r, s, m.office, i, doc, n)
	}
	for _, c := range m.callers {
		if !may(r, s, c, roles) {
			continue
		}
		succeeded = m.allowed(r, s, c, i, doc, n) || succeeded
		if scoped(r) && (r.Place.Param() != "" || r.Method != http.MethodGet) {
			m.refused(r, s, c, m.foreign, n) // the same caller, another tenant's things
		}
	}
	if s.prepare != nil {
		s.prepare(m, m.office, i) // what nobody has used up yet
	}
	m.anonymous(r, s, i, n)
	for _, c := range m.callers {
		if s.own || !may(r, s, c, roles) {
			m.refused(r, s, c, i, n) // the call that succeeded, another caller
		}
	}
	if !succeeded {
		m.t.Errorf("%s: nobody who may has succeeded", r.Name)
	}
}

// scoped tells whether a route asks for a permission.
func scoped(r web.Route) bool {
	return r.Place != web.Public && r.Place != web.Self && r.Place != web.Member
}

// may tells whether the table lets a caller use a route on the home tenant.
func may(r web.Route, s sample, c *caller, roles map[access.Role][]access.Permission) bool {
	switch {
	case r.Place == web.Public, r.Place == web.Self:
		return true
	case r.Place == web.Member:
		return c.role != ""
	case c.role == "" || !c.home || s.office:
		return false
	}
	return slices.Contains(roles[c.role], r.Permission) && (s.only == nil || slices.Contains(s.only, c.role))
}

// list tells whether a route answers everybody who holds its permission, each
// with what is his.
func list(r web.Route) bool { return r.Method == http.MethodGet && r.Place == web.Somewhere }

func (m *matrix) anonymous(r web.Route, s sample, i ids, n *counts) {
	m.t.Helper()
	if r.Place == web.Public {
		return
	}
	n.calls++
	if a := m.call(r, s, nil, i); a.status != http.StatusUnauthorized && !(a.toLogin() && !r.API()) {
		m.t.Errorf("%s: anonymous got %d", r.Name, a.status)
	} else {
		n.anonymous++
	}
}

// allowed makes the call that the table permits; it tells whether it succeeded.
func (m *matrix) allowed(r web.Route, s sample, c *caller, i ids, doc *openapi3.T, n *counts) bool {
	m.t.Helper()
	if s.prepare != nil {
		s.prepare(m, c, i)
	}
	if s.after != nil {
		defer s.after(m, c)
	}
	n.calls++
	a := m.call(r, s, c, i)
	switch {
	case a.status >= 200 && a.status < 300, a.status == http.StatusSeeOther && (!a.toLogin() || r.Name == "logout"):
		n.succeeded++
		m.conforms(r, a, doc)
		return true
	case (a.status == http.StatusConflict || a.status == http.StatusUnprocessableEntity) && (!r.API() || !strings.HasPrefix(a.code(m.t), "access.")):
		n.refusedByDomain++
	default:
		m.t.Errorf("%s: %s may and got %d %.300s", r.Name, c.name, a.status, a.said())
	}
	return false
}

// refused makes a call that the table does not permit, or that changes only the
// actor of one that succeeds: 403 or 404, and no row has changed.
func (m *matrix) refused(r web.Route, s sample, c *caller, i ids, n *counts) {
	m.t.Helper()
	var before map[string]string
	if r.Method != http.MethodGet {
		before = m.state()
	}
	n.calls++
	a := m.call(r, s, c, i)
	switch {
	case a.status == http.StatusForbidden:
		n.forbidden++
	case a.status == http.StatusNotFound:
		n.notFound++
	case a.status == http.StatusOK && list(r):
		n.listsChecked++
		if !s.shared {
			m.showsNothingOf(r, c, a)
		}
	default:
		m.t.Errorf("%s: %s may not and got %d %.300s", r.Name, c.name, a.status, a.said())
	}
	if before != nil {
		if tables := changed(before, m.state()); len(tables) > 0 {
			m.t.Errorf("%s: %s was refused and has changed %v", r.Name, c.name, tables)
		}
	}
}

// markers are names that only the home tenant has.
var markers = []string{"青石街道", "惠民物业", "安和一村"}

// showsNothingOf holds a list against the names of the tenant that is not the
// caller's.
func (m *matrix) showsNothingOf(r web.Route, c *caller, a answer) {
	m.t.Helper()
	if c.home {
		m.t.Errorf("%s: %s holds nothing for it and got a list", r.Name, c.name)
	}
	for _, name := range append(markers, "小区"+m.home["estate"], "公司"+m.home["company"]) {
		if strings.Contains(a.body, name) {
			m.t.Errorf("%s shows %s to %s", r.Name, name, c.name)
		}
	}
}

// call makes the sample's request with a tenant's ids as somebody.
func (m *matrix) call(r web.Route, s sample, c *caller, i ids) answer {
	m.t.Helper()
	parts := strings.Split(r.Path, "/")
	for at, p := range parts {
		if name, is := strings.CutPrefix(p, ":"); is {
			if i[name] == "" {
				m.t.Fatalf("%s: the tenants have no %s", r.Name, name)
			}
			parts[at] = i[name]
		}
	}
	out := call{method: r.Method, path: strings.Join(parts, "/") + fill(s.query, i)}
	switch {
	case c != nil && r.API():
		out.headers = append(out.headers, "Authorization: Bearer "+c.token)
	case c != nil:
		out.headers = append(out.headers, "Cookie: el_session="+c.token)
	}
	if s.upload {
		var kind string
		out.body, kind = multipartFile(m.t, i)
		out.headers = append(out.headers, "Content-Type: "+kind)
	} else if s.form != nil {
		fields := s.form(i)
		fields.Set("csrf", csrfToken)
		fields.Set("key", newKey())
		out.body = fields.Encode()
		out.headers = append(out.headers, "Content-Type: application/x-www-form-urlencoded")
	} else if r.Method != http.MethodGet {
		out.headers = append(out.headers, key())
		out.body = "{}"
		if s.body != nil {
			text, err := json.Marshal(s.body(i))
			m.must(err)
			out.body = string(text)
		}
	}
	return m.do(out)
}

// multipartFile is an upload and its content type.
func multipartFile(t *testing.T, i ids) (body, kind string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	part, err := w.CreateFormFile("file", "房屋.csv")
	if err == nil {
		_, err = part.Write(unitsFile())
	}
	for name, value := range map[string]string{"kind": "units", "node_id": i["estate_node"], "estate": i["estate"], "csrf": csrfToken, "key": newKey()} {
		err = errors.Join(err, w.WriteField(name, value))
	}
	if err = errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	return b.String(), w.FormDataContentType()
}

// fill puts a tenant's ids into a query such as ?estate_id={estate}.
func fill(query string, i ids) string {
	for name, id := range i {
		query = strings.ReplaceAll(query, "{"+name+"}", id)
	}
	return query
}

// conforms holds an answer against the document.
func (m *matrix) conforms(r web.Route, a answer, doc *openapi3.T) {
	m.t.Helper()
	if !described(r) {
		return
	}
	response := doc.Paths.Value(openAPIPath(r.Path)).GetOperation(r.Method).Responses.Status(a.status)
	if response == nil {
		m.t.Errorf("%s: %d is not described", r.Name, a.status)
		return
	}
	media := response.Value.Content.Get("application/json")
	if media == nil {
		return
	}
	var body any
	m.must(json.Unmarshal([]byte(a.body), &body))
	if err := media.Schema.Value.VisitJSON(body, openapi3.VisitAsResponse()); err != nil {
		m.t.Errorf("%s answers what is not described: %v\n%s", r.Name, err, fmt.Sprintf("%.600s", a.body))
	}
}
