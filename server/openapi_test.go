package server_test

import (
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"estateledger/server"
	"estateledger/server/api"
	"estateledger/server/web"
)

func document(t *testing.T) *openapi3.T {
	t.Helper()
	text, err := api.Document()
	if err != nil {
		t.Fatal(err)
	}
	doc, err := openapi3.NewLoader().LoadFromData(text)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func TestTheDocumentIsValidOpenAPI(t *testing.T) {
	doc := document(t)
	if err := doc.Validate(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// openAPIPath turns /units/:unit into /units/{unit}.
func openAPIPath(path string) string {
	parts := strings.Split(path, "/")
	for i, p := range parts {
		if name, is := strings.CutPrefix(p, ":"); is {
			parts[i] = "{" + name + "}"
		}
	}
	return strings.Join(parts, "/")
}

func described(r web.Route) bool {
	return r.API() || r.Path == "/healthz" || r.Path == "/readyz"
}

func TestEveryRouteOfTheAPIIsDescribedAndNothingElse(t *testing.T) {
	doc := document(t)
	routes := map[string]bool{}
	for _, r := range server.Routes {
		if !described(r) {
			continue
		}
		path := openAPIPath(r.Path)
		routes[r.Method+" "+path] = true
		item := doc.Paths.Value(path)
		if item == nil || item.GetOperation(r.Method) == nil {
			t.Errorf("%s %s is not described", r.Method, path)
			continue
		}
		checkOperation(t, r, item.GetOperation(r.Method))
	}
	for path, item := range doc.Paths.Map() {
		for method := range item.Operations() {
			if !routes[method+" "+path] {
				t.Errorf("%s %s is described but not served", method, path)
			}
		}
	}
}

func checkOperation(t *testing.T, r web.Route, o *openapi3.Operation) {
	t.Helper()
	if o.OperationID != r.Name {
		t.Errorf("%s %s has operationId %q, the table says %q", r.Method, r.Path, o.OperationID, r.Name)
	}
	if o.Summary == "" {
		t.Errorf("%s has no summary", r.Name)
	}
	key := o.Parameters.GetByInAndName("header", web.KeyHeader)
	if r.Writes() != (key != nil && key.Required) {
		t.Errorf("%s: an act asks for the key, nothing else does", r.Name)
	}
	if public := o.Security != nil && len(*o.Security) == 0; public != (r.Place == web.Public) {
		t.Errorf("%s: public in the document is %v", r.Name, public)
	}
	for _, part := range strings.Split(r.Path, "/") {
		if name, is := strings.CutPrefix(part, ":"); is && o.Parameters.GetByInAndName("path", name) == nil {
			t.Errorf("%s does not describe its parameter %s", r.Name, name)
		}
	}
	if strings.HasPrefix(r.Name, "api.") && r.Place != web.Public && o.Responses.Default() == nil {
		t.Errorf("%s does not say how it refuses", r.Name)
	}
}
