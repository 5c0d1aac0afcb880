package server_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"log/slog"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"estateledger/access"
	"estateledger/billing"
	"estateledger/civil"
	"estateledger/estate"
	"estateledger/estate/estatetest"
	"estateledger/ledger"
	"estateledger/ledger/money"
	"estateledger/migrations"
	"estateledger/postgres"
	"estateledger/receivable"
	"estateledger/server"
	"estateledger/server/screens"
)

// ids are what a tenant has, by the name of the path parameter or field.
type ids map[string]string

// caller is somebody with a session.
type caller struct {
	name  string
	actor access.Actor
	role  access.Role // empty: none
	home  bool        // of the tenant whose ids are asked for
	token string
}

// csrfToken is the one of every session here.
const csrfToken = "csrf-of-the-matrix"

// matrix is a service over two tenants that have the same things, with a caller
// of every role in each, and some who have nothing to do with either.
type matrix struct {
	*town
	f       *estatetest.Fixture
	estates *estate.Service
	cashier *receivable.Cashier
	home    ids
	foreign ids
	callers []*caller
	office  *caller // acts for the whole district
	seen    struct {
		next  string
		state map[string]string
	}
}

func newMatrix(t *testing.T) *matrix {
	t.Helper()
	f := estatetest.New(t)
	t.Cleanup(f.Gate.Close)
	m := &matrix{f: f, estates: &estate.Service{Gate: f.Gate, OnTakeover: receivable.Opener{}}, cashier: receivable.NewCashier(f.Gate)}
	app, err := server.New(server.Options{Gate: f.Gate, Estate: m.estates, Cashier: m.cashier, Log: slog.New(slog.DiscardHandler),
		Pages: screens.Handlers(screens.Services{Gate: f.Gate, Estate: m.estates, Cashier: m.cashier})})
	if err != nil {
		t.Fatal(err)
	}
	m.town = &town{t: t, db: f.DB, gate: f.Gate, people: access.NewPeople(f.Gate, civil.SystemClock()), app: app}
	m.home, m.foreign = m.facts(f.Tenant), m.facts(f.Foreign)
	style := regexp.MustCompile(`/assets/([^"]+\.css)`).FindStringSubmatch(m.do(call{"GET", "/nowhere", "", nil}).body)
	for _, i := range []ids{m.home, m.foreign} {
		i["asset"], i["kind"] = style[1], string(estate.ImportUnits)
	}
	m.enlist()
	return m
}

func (m *matrix) must(err error) {
	m.t.Helper()
	if err != nil {
		m.t.Fatal(err)
	}
}

func text(id int64) string { return strconv.FormatInt(id, 10) }

// facts gives a tenant one of everything a route can name.
func (m *matrix) facts(n estatetest.Tenant) ids {
	m.t.Helper()
	ctx, f := context.Background(), m.f
	unit := n.Units[0]
	counter := m.openBooks(n)
	i := ids{"estate": text(n.EstateID), "unit": text(unit.ID), "takeover": text(n.TakeoverID), "person": text(unit.PersonID),
		"company": text(n.CompanyID), "company_node": text(n.CompanyNode), "estate_node": text(n.EstateNode),
		"sub_district": text(n.SubDistrictID), "community": text(n.CommunityID),
		"book": text(counter.BookID), "counter": text(counter.CounterID)}
	occupant, err := m.estates.RecordOccupant(ctx, f.System, newKey(), estate.RecordOccupant{District: f.District, UnitID: unit.ID,
		Person: &estate.NewPerson{Name: "租客"}, ValidFrom: civil.On(2026, 1, 1)})
	m.must(err)
	i["occupant"] = text(occupant.Result.OccupantID)
	m.bill(n, i)
	i["payment"] = m.pay(i)
	voucher, err := ledger.PostVoucher(ctx, f.Gate, f.System, f.District, newKey(), ledger.VoucherRequest{Book: counter.BookID,
		BusinessDate: estatetest.Today, Summary: "绿化", Lines: []ledger.VoucherLine{{Debit: ledger.ServiceCost, Credit: ledger.Bank, Amount: money.MustYuan("10")}}})
	m.must(err)
	i["voucher"] = text(voucher.Result.Voucher)
	err = access.View(ctx, f.Gate, func(ctx context.Context, r postgres.Reader) error {
		accounts, err := ledger.Accounts(ctx, r, f.District, counter.BookID)
		i["account"] = text(accounts[ledger.Cash])
		return err
	})
	m.must(err)
	user := m.person(m.f.System, access.Auditor, n.CompanyNode)
	i["user"], i["membership"] = text(user.UserID), text(user.MembershipID)
	i["file"] = m.upload(m.f.System, i)
	i["act"] = m.scalar("SELECT max(act_id) FROM act WHERE node_id = $1", n.EstateNode)
	i["entry"] = m.scalar("SELECT max(entry_id) FROM entry WHERE book_id = $1", counter.BookID)
	return i
}

// openBooks opens what a takeover opens; the fixture's own register tells nobody.
func (m *matrix) openBooks(n estatetest.Tenant) receivable.Counter {
	m.t.Helper()
	f := m.f
	c := access.Command{Actor: f.System, District: f.District, Node: n.EstateNode, Permission: access.BooksOpen, UseCase: "matrix", Key: newKey()}
	out, err := access.Act(context.Background(), f.Gate, c, func(ctx context.Context, tx postgres.Tx, act *access.Record) (receivable.Counter, error) {
		return receivable.OpenAtTakeover(ctx, tx, act, estate.TakenOver{EstateID: n.EstateID, EstateName: "小区" + text(n.EstateID), EstateNode: n.EstateNode,
			CommunityNode: n.CommunityNode, CompanyID: n.CompanyID, CompanyName: "公司" + text(n.CompanyID), CompanyNode: n.CompanyNode, EntryDate: estatetest.Entry})
	})
	m.must(err)
	return out.Result
}

// bill lengthens the contract, sets a rate and publishes three months.
func (m *matrix) bill(n estatetest.Tenant, i ids) {
	m.t.Helper()
	ctx, f := context.Background(), m.f
	_, err := m.estates.RecordServiceContract(ctx, f.System, newKey(), estate.RecordServiceContract{District: f.District, EstateID: n.EstateID,
		ValidTo: civil.On(2028, 12, 31), FeeStartRule: estate.Daily, Paper: "续签"})
	m.must(err)
	_, err = billing.SetRate(ctx, f.Gate, f.System, f.District, newKey(), billing.RateRequest{Estate: n.EstateID, Use: estate.Residential,
		ValidFrom: estatetest.Entry, Rate: decimal.RequireFromString("0.50"), VATRate: decimal.RequireFromString("0.06"),
		Rounding: money.FenHalfUp, Basis: "服务合同"})
	m.must(err)
	for month := civil.MonthOf(2026, 4); !month.After(estatetest.Today.Month()); month = month.Add(1) {
		i["run"] = m.publish(i, month)
	}
	i["charge"] = m.unpaid(i)
}

// publish publishes a month of the tenant's estate.
func (m *matrix) publish(i ids, month civil.Month) string {
	m.t.Helper()
	out, err := billing.PublishNow(context.Background(), m.f.Gate, m.f.System, m.f.District, newKey(), billing.DraftRequest{Estate: number(i["estate"]), Month: month})
	m.must(err)
	return text(out.Result.RunID)
}

// unpaid is a charge of the tenant that nobody has paid anything of.
func (m *matrix) unpaid(i ids) string {
	m.t.Helper()
	return m.scalar("SELECT max(charge_id) FROM charge WHERE book_id = $1 AND state = 1 AND settled = 0", number(i["book"]))
}

// pay takes one yuan for the tenant's unit.
func (m *matrix) pay(i ids) string {
	m.t.Helper()
	out, err := m.cashier.Pay(context.Background(), m.f.System, m.f.District, newKey(),
		receivable.PayRequest{UnitID: number(i["unit"]), CounterID: number(i["counter"]), Channel: receivable.ByCash, Amount: money.MustYuan("1")})
	m.must(err)
	return text(out.Result.PaymentID)
}

// upload keeps a file that registers one unit of the tenant's estate.
func (m *matrix) upload(by access.Actor, i ids) string {
	m.t.Helper()
	up, err := m.estates.UploadImport(context.Background(), by, m.f.District, number(i["estate_node"]), estate.ImportUnits, "房屋.csv", unitsFile())
	m.must(err)
	return text(up.FileID)
}

func unitsFile() []byte { return []byte("房号,建筑面积\n" + nextRoom() + ",55.50\n") }

// person makes a user with a role at a node.
func (m *matrix) person(by access.Actor, role access.Role, node int64) access.UserCreated {
	m.t.Helper()
	login := "m" + strings.ReplaceAll(newKey(), "-", "")
	out, err := m.people.CreateUser(context.Background(), by, m.f.District, newKey(),
		access.NewUser{Login: login, Name: login, Password: password, Role: role, Node: node})
	m.must(err)
	return out.Result
}

// scalar reads one value as the superuser, who sees everything.
func (m *matrix) scalar(query string, args ...any) string {
	m.t.Helper()
	var s string
	m.must(m.f.DB.Super.Get(&s, query, args...))
	return s
}

// enlist gives everybody who calls a session.
func (m *matrix) enlist() {
	m.t.Helper()
	for _, side := range []struct {
		home   bool
		tenant estatetest.Tenant
	}{{true, m.f.Tenant}, {false, m.f.Foreign}} {
		for role, actor := range side.tenant.Actors {
			where := "foreign"
			if side.home {
				where = "home"
			}
			m.callers = append(m.callers, m.session(caller{name: where + " " + string(role), actor: actor, role: role, home: side.home}))
		}
	}
	slices.SortFunc(m.callers, func(a, b *caller) int { return strings.Compare(a.name, b.name) })
	m.office = m.session(caller{name: "district office", role: access.SubDistrictRole, home: true,
		actor: m.f.NewActor(m.t, access.SubDistrictRole, m.f.DistrictNode)})
	m.callers = append(m.callers, m.session(caller{name: "without a role", actor: m.f.NewUser(m.t, "无角色", false)}),
		m.session(caller{name: "of another district", role: access.CompanyManager, actor: m.elsewhere()}))
}

// elsewhere is the manager of a company in another district.
func (m *matrix) elsewhere() access.Actor {
	m.t.Helper()
	ctx, f := context.Background(), m.f
	made, err := m.estates.CreateDistrict(ctx, f.System, newKey(), estate.CreateDistrict{Code: "320298", Name: "别区"})
	m.must(err)
	company, err := m.estates.CreateCompany(ctx, f.System, newKey(), estate.CreateCompany{District: made.Result.DistrictID, Name: "别家物业"})
	m.must(err)
	out, err := m.people.CreateUser(ctx, f.System, made.Result.DistrictID, newKey(),
		access.NewUser{Login: "elsewhere", Name: "别人", Password: password, Role: access.CompanyManager, Node: company.Result.NodeID})
	m.must(err)
	return access.Actor{UserID: out.Result.UserID, Name: "别人"}
}

func (m *matrix) session(c caller) *caller {
	m.t.Helper()
	c.token = "token-" + newKey()
	sum := sha256.Sum256([]byte(c.token))
	m.f.DB.Super.MustExec("INSERT INTO session (token_hash, user_id, csrf, expires_at) VALUES ($1, $2, $3, $4)",
		sum[:], c.actor.UserID, csrfToken, time.Now().Add(time.Hour))
	return &c
}

// passing are the tables that a refused request may touch: they say who looked
// in, not what was done.
var passing = map[string]bool{"session": true, "login_attempt": true}

// state is the digest of the database. Where no transaction number has been
// given out since the last one, nobody has written and it is still the same;
// that is what makes hundreds of comparisons cheap.
func (m *matrix) state() map[string]string {
	m.t.Helper()
	next := m.scalar("SELECT pg_snapshot_xmax(pg_current_snapshot())")
	if m.seen.state == nil || next != m.seen.next {
		m.seen.next, m.seen.state = next, m.digest()
	}
	return m.seen.state
}

// digest is the content of every table: its rows, counted and hashed.
func (m *matrix) digest() map[string]string {
	m.t.Helper()
	var parts []string
	for _, t := range migrations.Catalogue {
		if !passing[t.Name] {
			parts = append(parts, fmt.Sprintf("SELECT '%[1]s' AS name, count(*) || ' rows ' || COALESCE(sum(hashtextextended(t::text, 0)), 0) AS state FROM %[1]s t", t.Name))
		}
	}
	var rows []struct{ Name, State string }
	m.must(m.f.DB.Super.Select(&rows, strings.Join(parts, " UNION ALL ")))
	state := map[string]string{}
	for _, r := range rows {
		state[r.Name] = r.State
	}
	return state
}

// changed names the tables that differ.
func changed(before, after map[string]string) []string {
	var names []string
	for name := range maps.Keys(before) {
		if before[name] != after[name] {
			names = append(names, name)
		}
	}
	return names
}
