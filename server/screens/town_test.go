package screens_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"estateledger/access"
	"estateledger/billing"
	"estateledger/civil"
	"estateledger/estate"
	"estateledger/estate/estatetest"
	"estateledger/ledger/money"
	"estateledger/postgres"
	"estateledger/receivable"
	"estateledger/server"
	"estateledger/server/screens"
	"estateledger/server/web"
)

const password = "a-long-password"

// town is the service over the district of estatetest, its first company's estate
// with books, a counter and a rate.
type town struct {
	*estatetest.Fixture
	t       *testing.T
	app     *server.App
	people  *access.People
	counter receivable.Counter
	made    map[string]bool
}

func newTown(t *testing.T) *town {
	t.Helper()
	w := &town{Fixture: estatetest.New(t), t: t, made: map[string]bool{}}
	t.Cleanup(w.Gate.Close)
	w.people = access.NewPeople(w.Gate, civil.SystemClock())
	s := screens.Services{Gate: w.Gate, Estate: w.Service, Cashier: receivable.NewCashier(w.Gate)}
	var err error
	w.app, err = server.New(server.Options{Gate: w.Gate, Estate: w.Service, Cashier: s.Cashier, Log: slog.New(slog.DiscardHandler),
		Pages: screens.Handlers(s)})
	w.must(err)
	w.counter = w.openBooks(w.Tenant, "安和一村")
	w.openBooks(w.Foreign, "沙河新村")
	_, err = billing.SetRate(context.Background(), w.Gate, w.Actors[access.CompanyAccountant], w.District, estatetest.Key(), billing.RateRequest{
		Estate: w.EstateID, Use: estate.Residential, ValidFrom: estatetest.Entry, Rate: decimal.RequireFromString("0.5"),
		VATRate: decimal.RequireFromString("0.06"), Rounding: money.FenHalfUp, Basis: "前期服务合同"})
	w.must(err)
	return w
}

// users are who may log in, made when they first do.
func (w *town) users(login string) {
	switch login {
	case "cashier":
		w.user(login, access.CompanyCashier, w.CompanyNode)
	case "accountant":
		w.user(login, access.CompanyAccountant, w.CompanyNode)
	case "manager":
		w.user(login, access.CompanyManager, w.CompanyNode)
	case "auditor":
		w.user(login, access.Auditor, w.CompanyNode)
	case "admin":
		w.user(login, access.Administrator, w.CompanyNode)
	case "street":
		w.user(login, access.SubDistrictRole, w.SubDistrictNode)
	case "committee":
		w.user(login, access.Committee, w.EstateNode)
	default:
		w.t.Fatalf("nobody is called %s", login)
	}
}

func (w *town) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *town) openBooks(n estatetest.Tenant, name string) receivable.Counter {
	w.t.Helper()
	cmd := access.Command{Actor: w.System, District: w.District, Node: n.EstateNode, Permission: access.BooksOpen, UseCase: "test.open_book", Key: estatetest.Key()}
	out, err := access.Act(context.Background(), w.Gate, cmd, func(ctx context.Context, tx postgres.Tx, act *access.Record) (receivable.Counter, error) {
		return receivable.OpenAtTakeover(ctx, tx, act, estate.TakenOver{EstateID: n.EstateID, EstateName: name, EstateNode: n.EstateNode,
			CommunityNode: n.CommunityNode, CompanyName: "惠民物业", CompanyNode: n.CompanyNode, EntryDate: estatetest.Entry})
	})
	w.must(err)
	return out.Result
}

func (w *town) user(login string, role access.Role, node int64) {
	w.t.Helper()
	_, err := w.people.CreateUser(context.Background(), w.System, w.District, estatetest.Key(),
		access.NewUser{Login: login, Name: access.RoleNames[role] + "小王", Password: password, Role: role, Node: node})
	w.must(err)
}

// bill publishes a month as the manager would.
func (w *town) bill(month string) {
	w.t.Helper()
	_, err := billing.PublishNow(context.Background(), w.Gate, w.System, w.District, estatetest.Key(),
		billing.DraftRequest{Estate: w.EstateID, Month: civil.MustMonth(month)})
	w.must(err)
}

// correctArea records another area of a unit.
func (w *town) correctArea(unit int64, area string) {
	w.t.Helper()
	_, err := w.Service.RecordArea(context.Background(), w.Actors[access.CompanyManager], estatetest.Key(), estate.RecordArea{District: w.District,
		UnitID: unit, ValidFrom: estatetest.Entry, Area: decimal.RequireFromString(area), Source: estate.Survey, Reason: "实测更正"})
	w.must(err)
}

// visitor is somebody logged in with a browser.
type visitor struct {
	*town
	cookies map[string]string
	csrf    string
}

func (w *town) as(login string) *visitor {
	w.t.Helper()
	if !w.made[login] {
		w.users(login)
		w.made[login] = true
	}
	opened, err := w.people.Login(context.Background(), access.Credentials{Login: login, Password: password})
	w.must(err)
	return &visitor{w, map[string]string{web.SessionCookie: opened.Token}, opened.Session.CSRF}
}

type page struct {
	t      *testing.T
	status int
	header http.Header
	body   string
}

func (v *visitor) send(method, address string, form url.Values, headers ...string) page {
	v.t.Helper()
	if form == nil {
		return v.sendBody(method, address, nil, headers...)
	}
	return v.sendBody(method, address, strings.NewReader(form.Encode()), append(headers, "Content-Type", "application/x-www-form-urlencoded")...)
}

func (v *visitor) sendBody(method, address string, body io.Reader, headers ...string) page {
	v.t.Helper()
	r, err := http.NewRequest(method, "http://estateledger.test"+address, body)
	v.must(err)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	for name, value := range v.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	resp, err := v.app.Test(r)
	v.must(err)
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	v.must(err)
	for _, c := range resp.Cookies() {
		v.cookies[c.Name] = c.Value
	}
	return page{v.t, resp.StatusCode, resp.Header, string(text)}
}

// get looks at a page, which must be there.
func (v *visitor) get(address string) page {
	v.t.Helper()
	p := v.send(http.MethodGet, address, nil)
	if p.status != http.StatusOK {
		v.t.Fatalf("GET %s: %d %s", address, p.status, p.text())
	}
	return p
}

// post sends a form with the session's token and a key of its own.
func (v *visitor) post(address string, pairs ...string) page {
	v.t.Helper()
	form := url.Values{web.CSRFField: {v.csrf}, web.KeyField: {estatetest.Key()}}
	for i := 0; i < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	return v.send(http.MethodPost, address, form)
}

// follow goes where a form has led, which must be another page.
func (v *visitor) follow(p page) (string, page) {
	v.t.Helper()
	to := p.header.Get("Location")
	if p.status != http.StatusSeeOther || to == "" {
		v.t.Fatalf("no redirect: %d %s", p.status, p.text())
	}
	return to, v.get(to)
}

var tags = regexp.MustCompile(`(?s)<script.*?</script>|<[^>]*>`)

// text is what a reader sees.
func (p page) text() string {
	return strings.Join(strings.Fields(tags.ReplaceAllString(p.body, " ")), " ")
}

func (p page) says(words ...string) {
	p.t.Helper()
	for _, w := range words {
		if !strings.Contains(p.text(), w) {
			p.t.Errorf("the page does not say %q:\n%s", w, p.text())
		}
	}
}

func (p page) refuses(status int, words ...string) {
	p.t.Helper()
	if p.status != status {
		p.t.Errorf("status %d, want %d:\n%s", p.status, status, p.text())
	}
	p.says(words...)
}

// atField says that a refusal stands at a field of the form.
func (p page) atField(id string) {
	p.t.Helper()
	if !strings.Contains(p.body, `id="f-`+id+`-error"`) {
		p.t.Errorf("no error at the field %s:\n%s", id, p.text())
	}
}

// hidden is the value of a hidden field of the page.
func (p page) hidden(name string) string {
	p.t.Helper()
	m := regexp.MustCompile(`name="` + name + `" value="([^"]*)"`).FindStringSubmatch(p.body)
	if m == nil {
		p.t.Fatalf("no hidden field %s", name)
	}
	return m[1]
}

// near is the first match of a pattern's group behind a word.
func (p page) near(word, pattern string) string {
	p.t.Helper()
	_, rest, found := strings.Cut(p.body, word)
	m := regexp.MustCompile(pattern).FindStringSubmatch(rest)
	if !found || m == nil {
		p.t.Fatalf("no %s behind %q", pattern, word)
	}
	return m[1]
}
