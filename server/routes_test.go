package server_test

import (
	"slices"
	"strings"
	"testing"

	"estateledger/access"
	"estateledger/server"
	"estateledger/server/web"
)

func TestOnlyTheTableIsServed(t *testing.T) {
	w := newTown(t)
	table := map[string]bool{}
	for _, r := range wholeTable() {
		table[r.Method+" "+r.Path] = true
	}
	for _, served := range w.app.Served() {
		if !table[served] {
			t.Errorf("%s is served outside the table", served)
		}
		delete(table, served)
	}
	for missing := range table {
		t.Errorf("%s is in the table and not served", missing)
	}
}

func TestTheTableIsWellFormed(t *testing.T) {
	known := map[access.Permission]bool{}
	for _, p := range access.Permissions {
		known[p] = true
	}
	seen := map[string]bool{}
	for _, r := range wholeTable() {
		if at := r.Method + " " + r.Path; seen[at] {
			t.Errorf("%s stands twice in the table", at)
		} else {
			seen[at] = true
		}
		needs := r.Place != web.Public && r.Place != web.Self && r.Place != web.Member
		if needs != known[r.Permission] {
			t.Errorf("%s: place %s with permission %q", r.Name, r.Place, r.Permission)
		}
		if p := r.Place.Param(); p != "" && !strings.Contains(r.Path+"/", "/:"+p+"/") {
			t.Errorf("%s: its path %s does not carry :%s", r.Name, r.Path, p)
		}
		if r.API() != strings.HasPrefix(r.Name, "api.") {
			t.Errorf("%s: the names of the API begin with api., and only they", r.Name)
		}
		if r.Path != strings.TrimSuffix(r.Path, "/") && r.Path != "/" {
			t.Errorf("%s ends with a slash", r.Path)
		}
	}
}

// A literal path must not be shadowed by one with a parameter that is
// registered before it.
func TestNoRouteShadowsAnother(t *testing.T) {
	table := wholeTable()
	for i, a := range table {
		for _, b := range table[:i] {
			if a.Method == b.Method && matches(b.Path, a.Path) {
				t.Errorf("%s %s is shadowed by %s", a.Method, a.Path, b.Path)
			}
		}
	}
}

func wholeTable() []web.Route { return slices.Concat(server.Routes, server.PageRoutes) }

func matches(pattern, path string) bool {
	p, q := strings.Split(pattern, "/"), strings.Split(path, "/")
	if len(p) != len(q) {
		return false
	}
	for i := range p {
		if !strings.HasPrefix(p[i], ":") && p[i] != q[i] {
			return false
		}
	}
	return true
}
