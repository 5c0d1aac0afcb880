package server_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"estateledger/access"
	"estateledger/civil"
	"estateledger/estate"
	"estateledger/postgres"
	"estateledger/receivable"
	"estateledger/server"
	"estateledger/server/screens"
)

const password = "a-long-password"

// town is a service over a district with two companies.
type town struct {
	t       *testing.T
	db      *postgres.TestDatabase
	gate    *access.Gate
	people  *access.People
	app     *server.App
	log     *bytes.Buffer
	system  access.Actor
	root    int64
	company [2]int64
}

const district = 1

var keys atomic.Int64

func newKey() string { return fmt.Sprintf("server-test-%d", keys.Add(1)) }

func newTown(t *testing.T) *town {
	t.Helper()
	w := &town{t: t, db: postgres.TestDB(t), log: &bytes.Buffer{}}
	w.gate = access.NewGate(w.db.App, civil.SystemClock(), false)
	t.Cleanup(w.gate.Close)
	w.people = access.NewPeople(w.gate, civil.SystemClock())
	ctx, day := context.Background(), w.gate.Clock.Today()
	err := w.db.App.Write(ctx, func(tx postgres.Tx) (err error) {
		if w.system, err = access.CreateSystemUser(ctx, tx, "test"); err != nil {
			return err
		}
		if w.root, err = access.AddNode(ctx, tx, district, access.DistrictNode, "柳塘区", nil, day); err != nil {
			return err
		}
		for i := range w.company {
			name := fmt.Sprintf("第%d物业", i+1)
			if w.company[i], err = access.AddNode(ctx, tx, district, access.CompanyNode, name, []int64{w.root}, day); err != nil {
				return err
			}
		}
		return access.GrantSystem(ctx, tx, district, w.root, w.system, day)
	})
	if err != nil {
		t.Fatal(err)
	}
	register, cashier := &estate.Service{Gate: w.gate, OnTakeover: receivable.Opener{}}, receivable.NewCashier(w.gate)
	w.app, err = server.New(server.Options{Gate: w.gate, Estate: register, Cashier: cashier, Log: slog.New(slog.NewJSONHandler(w.log, nil)),
		Pages: screens.Handlers(screens.Services{Gate: w.gate, Estate: register, Cashier: cashier})})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *town) user(login string, role access.Role, node int64) access.Actor {
	w.t.Helper()
	out, err := w.people.CreateUser(context.Background(), w.system, district, newKey(),
		access.NewUser{Login: login, Name: "名" + login, Password: password, Role: role, Node: node})
	if err != nil {
		w.t.Fatalf("create %s: %v", login, err)
	}
	return access.Actor{UserID: out.Result.UserID, Name: "名" + login}
}

func (w *town) token(login string) access.Opened {
	w.t.Helper()
	o, err := w.people.Login(context.Background(), access.Credentials{Login: login, Password: password})
	if err != nil {
		w.t.Fatal(err)
	}
	return o
}

// call is one request; headers are "Name: value".
type call struct {
	method, path, body string
	headers            []string
}

type answer struct {
	status int
	header http.Header
	body   string
}

func (a answer) json(t *testing.T) map[string]any {
	t.Helper()
	m := map[string]any{}
	if err := json.Unmarshal([]byte(a.body), &m); err != nil {
		t.Fatalf("%q is no JSON object: %v", a.body, err)
	}
	return m
}

func (a answer) code(t *testing.T) string {
	code, _ := a.json(t)["code"].(string)
	return code
}

func (w *town) do(c call) answer {
	w.t.Helper()
	r, err := http.NewRequest(c.method, "http://estateledger.test"+c.path, strings.NewReader(c.body))
	if err != nil {
		w.t.Fatal(err)
	}
	if c.body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for _, h := range c.headers {
		name, value, _ := strings.Cut(h, ": ")
		r.Header.Set(name, value)
	}
	resp, err := w.app.Test(r)
	if err != nil {
		w.t.Fatalf("%s %s: %v", c.method, c.path, err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return answer{resp.StatusCode, resp.Header, string(body)}
}

func (a answer) want(t *testing.T, what string, status int, code string) {
	t.Helper()
	if a.status != status || (code != "" && a.code(t) != code) {
		t.Errorf("%s: %d %s, want %d %s", what, a.status, a.body, status, code)
	}
}

func bearer(o access.Opened) string { return "Authorization: Bearer " + o.Token }
func cookie(o access.Opened) string { return "Cookie: el_session=" + o.Token }
func key() string                   { return "Idempotency-Key: " + newKey() }
