package server_test

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"estateledger/access"
)

func TestLoginByTheAPI(t *testing.T) {
	w := newTown(t)
	w.user("lin", access.CompanyCashier, w.company[0])
	a := w.do(call{"POST", "/api/v1/login", `{"login":"lin","password":"` + password + `"}`, nil})
	a.want(t, "login", 200, "")
	token, _ := a.json(t)["token"].(string)
	set := a.header.Get("Set-Cookie")
	for _, part := range []string{"el_session=" + token, "HttpOnly", "SameSite=Lax", "path=/"} {
		if !strings.Contains(set, part) {
			t.Errorf("cookie %q lacks %q", set, part)
		}
	}
	me := w.do(call{"GET", "/api/v1/me", "", []string{"Authorization: Bearer " + token}})
	me.want(t, "me", 200, "")
	if !strings.Contains(me.body, `"role_name":"收费员"`) || !strings.Contains(me.body, `"district_name":"柳塘区"`) {
		t.Errorf("me: %s", me.body)
	}
	w.do(call{"POST", "/api/v1/logout", "", []string{"Authorization: Bearer " + token}}).want(t, "logout", 204, "")
	w.do(call{"GET", "/api/v1/me", "", []string{"Authorization: Bearer " + token}}).want(t, "after logout", 401, "access.not_logged_in")
	w.do(call{"GET", "/api/v1/me", "", nil}).want(t, "anonymous", 401, "access.not_logged_in")
	wrong := w.do(call{"POST", "/api/v1/login", `{"login":"lin","password":"x"}`, nil})
	wrong.want(t, "wrong password", 401, "access.wrong_login")
	if ct := wrong.header.Get("Content-Type"); ct != "application/problem+json" {
		t.Errorf("refused as %q", ct)
	}
	for range 9 {
		w.do(call{"POST", "/api/v1/login", `{"login":"lin","password":"x"}`, nil})
	}
	locked := w.do(call{"POST", "/api/v1/login", `{"login":"lin","password":"` + password + `"}`, nil})
	locked.want(t, "locked out", 429, "access.too_many_attempts")
	if locked.header.Get("Retry-After") == "" {
		t.Error("locked out without Retry-After")
	}
}

const newAuditor = `{"login":"%s","name":"审","password":"` + password + `","role":"auditor","node_id":"%d"}`

func TestACookieNeedsItsTokenAndWritesNeedAKey(t *testing.T) {
	w := newTown(t)
	w.user("admin", access.Administrator, w.root)
	o := w.token("admin")
	body := fmt.Sprintf(newAuditor, "auditor1", w.root)
	post := func(headers ...string) answer { return w.do(call{"POST", "/api/v1/users", body, headers}) }
	csrf := "X-CSRF-Token: " + o.Session.CSRF
	post(cookie(o), key()).want(t, "cookie without token", 403, "server.csrf")
	post(cookie(o), key(), "X-CSRF-Token: "+strings.Repeat("x", len(o.Session.CSRF))).want(t, "cookie with a wrong token", 403, "server.csrf")
	post(cookie(o), csrf).want(t, "without a key", 422, "access.key_length")
	post(cookie(o), csrf, "Idempotency-Key: short").want(t, "with a short key", 422, "access.key_length")
	post(bearer(o), key(), "Origin: https://evil.test").want(t, "from another site", 403, "server.foreign_site")
	post(bearer(o), key(), "Origin: null").want(t, "from nowhere", 403, "server.foreign_site")
	post(bearer(o), key(), "Sec-Fetch-Site: cross-site").want(t, "from another site, by the browser's word", 403, "server.foreign_site")
	post(cookie(o), csrf, key(), "Origin: http://estateledger.test", "Sec-Fetch-Site: same-origin").want(t, "as it should be", 201, "")
}

func TestTheSameKeyAnswersAgain(t *testing.T) {
	w := newTown(t)
	w.user("admin", access.Administrator, w.root)
	o, k := w.token("admin"), key()
	first := w.do(call{"POST", "/api/v1/users", fmt.Sprintf(newAuditor, "auditor1", w.root), []string{bearer(o), k}})
	first.want(t, "first", 201, "")
	again := w.do(call{"POST", "/api/v1/users", fmt.Sprintf(newAuditor, "auditor1", w.root), []string{bearer(o), k}})
	again.want(t, "again", 200, "")
	if again.body != first.body || again.header.Get("Idempotent-Replayed") != "true" || first.header.Get("Idempotent-Replayed") != "" {
		t.Errorf("first %s, again %s with %q", first.body, again.body, again.header.Get("Idempotent-Replayed"))
	}
	w.do(call{"POST", "/api/v1/users", fmt.Sprintf(newAuditor, "auditor2", w.root), []string{bearer(o), k}}).want(t, "another request", 409, "access.key_reused")
}

func TestWhatIsOutOfScopeDoesNotExist(t *testing.T) {
	w := newTown(t)
	w.user("admin", access.Administrator, w.company[0])
	foreign := w.user("foreign", access.CompanyManager, w.company[1])
	w.user("cashier", access.CompanyCashier, w.company[0])
	leaver := w.user("leaver", access.CompanyCashier, w.company[0])
	o := w.token("admin")
	for what, c := range map[string]struct {
		call   call
		status int
	}{
		"a foreign user":               {call{"POST", fmt.Sprintf("/api/v1/users/%d/disable", foreign.UserID), "", []string{bearer(o), key()}}, 404},
		"a user who is not":            {call{"POST", "/api/v1/users/99999/disable", "", []string{bearer(o), key()}}, 404},
		"an id that is none":           {call{"POST", "/api/v1/users/abc/disable", "", []string{bearer(o), key()}}, 404},
		"an address that is none":      {call{"GET", "/api/v1/nothing", "", []string{bearer(o)}}, 404},
		"a method that is none":        {call{"DELETE", "/api/v1/users", "", []string{bearer(o)}}, 404},
		"a role without permission":    {call{"GET", "/api/v1/users", "", []string{bearer(w.token("cashier"))}}, 403},
		"a district without a role":    {call{"GET", "/api/v1/users", "", []string{bearer(o), "X-District: 77"}}, 404},
		"his own user, to be disabled": {call{"POST", fmt.Sprintf("/api/v1/users/%d/disable", leaver.UserID), "", []string{bearer(o), key()}}, 201},
	} {
		w.do(c.call).want(t, what, c.status, "")
	}
}

func TestBadInputIsSaidAtItsField(t *testing.T) {
	w := newTown(t)
	w.user("admin", access.Administrator, w.root)
	o := w.token("admin")
	for what, c := range map[string]struct{ body, code, field string }{
		"broken":             {`{"login":`, "server.json_broken", ""},
		"unknown field":      {`{"nome":"x"}`, "server.json_unknown_field", "nome"},
		"a number for an id": {`{"node_id":7}`, "server.json_type", "node_id"},
		"two documents":      {`{} {}`, "server.json_trailing", ""},
		"no node":            {`{"login":"x1"}`, "server.field_missing", "node_id"},
		"no date":            {`{"node_id":"1","valid_from":"2026-06-31"}`, "civil.date_invalid", "valid_from"},
		"NUL":                {`{"login":"a\u0000b"}`, "server.control_character", ""},
		"several":            {`{"node_id":"x","valid_from":"2026-06-31"}`, "server.id_invalid", "node_id"},
	} {
		a := w.do(call{"POST", "/api/v1/users", c.body, []string{bearer(o), key()}})
		a.want(t, what, 422, c.code)
		if field, _ := a.json(t)["field"].(string); field != c.field {
			t.Errorf("%s: at field %q, want %q", what, field, c.field)
		}
		if what == "several" && strings.Count(a.body, `"message"`) != 2 {
			t.Errorf("several faults are not all said: %s", a.body)
		}
	}
	w.do(call{"POST", "/api/v1/users", "a=b", []string{bearer(o), key(), "Content-Type: text/plain"}}).want(t, "not JSON", 415, "server.not_json")
	w.do(call{"POST", "/api/v1/users", "x", []string{bearer(o), key(), "Content-Encoding: gzip"}}).want(t, "compressed", 415, "server.encoded_body")
}

func TestAFailureIsLoggedAndNotShown(t *testing.T) {
	w := newTown(t)
	w.user("admin", access.Administrator, w.root)
	o := w.token("admin")
	w.db.Super.MustExec("ALTER TABLE scope_node RENAME COLUMN kind TO gone")
	a := w.do(call{"GET", "/api/v1/users/places", "", []string{bearer(o)}})
	a.want(t, "with a broken schema", 500, "server.internal")
	id, _ := a.json(t)["request"].(string)
	if strings.Contains(a.body, "column") || id == "" || id != a.header.Get("X-Request-Id") {
		t.Errorf("answered %s", a.body)
	}
	if !strings.Contains(w.log.String(), id) || !strings.Contains(w.log.String(), "does not exist") {
		t.Errorf("logged %s", w.log.String())
	}
}

func TestEveryAnswerCarriesItsHeaders(t *testing.T) {
	w := newTown(t)
	for _, path := range []string{"/healthz", "/api/v1/openapi.json", "/nowhere"} {
		a := w.do(call{"GET", path, "", nil})
		for _, h := range []string{"Content-Security-Policy", "X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy", "X-Request-Id"} {
			if a.header.Get(h) == "" {
				t.Errorf("%s lacks %s", path, h)
			}
		}
	}
	if a := w.do(call{"GET", "/nowhere", "", nil}); a.status != 404 || !strings.Contains(a.body, "<h1>没有找到</h1>") {
		t.Errorf("a page that is not: %d %s", a.status, a.body)
	}
	w.do(call{"GET", "/readyz", "", nil}).want(t, "readyz", 200, "")
}

// zeros are n bytes that cost nothing.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

func TestAnUploadOf200MBIsRefusedClearly(t *testing.T) {
	w := newTown(t)
	w.user("admin", access.Administrator, w.root)
	o := w.token("admin")
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- w.app.Serve(l) }()
	defer func() {
		if err := w.app.Shutdown(t.Context()); err != nil {
			t.Error(err)
		}
		<-served
	}()
	const size = 200 << 20
	for what, length := range map[string]int64{"with its length": size, "in chunks": -1} {
		r, err := http.NewRequest("POST", "http://"+l.Addr().String()+"/api/v1/users", io.LimitReader(zeros{}, size))
		if err != nil {
			t.Fatal(err)
		}
		r.ContentLength = length
		r.Header.Set("Authorization", "Bearer "+o.Token)
		r.Header.Set("Idempotency-Key", newKey())
		resp, err := (&http.Client{Timeout: time.Minute}).Do(r)
		if err != nil {
			t.Errorf("%s: %v", what, err)
			continue
		}
		body, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if err != nil || resp.StatusCode != 413 || !strings.Contains(string(body), "30 MB") {
			t.Errorf("%s: %d %s %v", what, resp.StatusCode, body, err)
		}
	}
}
