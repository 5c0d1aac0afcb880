package receivable_test

import (
	"context"
	"embed"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/shopspring/decimal"

	"estateledger/access"
	"estateledger/billing"
	"estateledger/civil"
	"estateledger/estate"
	"estateledger/estate/estatetest"
	"estateledger/fault"
	"estateledger/ledger"
	"estateledger/ledger/money"
	"estateledger/postgres"
	"estateledger/receivable"
)

//go:embed testdata/*.sql
var testFiles embed.FS

var testQueries = postgres.MustLoad(testFiles)

// suite lets the tests of the package share one district: each test founds an
// estate of its own in it.
type suite struct {
	cleanups []func()
	fixture  *estatetest.Fixture
	err      string
}

func (s *suite) Helper()                           {}
func (s *suite) Logf(format string, args ...any)   { fmt.Fprintf(os.Stderr, format+"\n", args...) }
func (s *suite) Fatalf(format string, args ...any) { s.err = fmt.Sprintf(format, args...) }
func (s *suite) Cleanup(f func())                  { s.cleanups = append(s.cleanups, f) }

var shared suite

func TestMain(m *testing.M) {
	code := m.Run()
	if shared.fixture != nil {
		shared.fixture.Gate.Close()
	}
	for _, cleanup := range shared.cleanups {
		cleanup()
	}
	os.Exit(code)
}

// desk is the counter of an estate of three households, 44.09, 32.83 and 57.28
// a month, with the clock at estatetest.Today.
type desk struct {
	*estatetest.Fixture
	t                            testing.TB
	accountant, manager, cashier access.Actor
	counterDesk                  *receivable.Cashier
	home
}

// home is an estate taken over, with its book, its first counter and its units.
type home struct {
	name                        string
	estate, node, book, counter int64
	units                       []int64
}

var areas = []string{"67.83", "50.50", "88.12"}

// owners have the names the units get, a rare character among them.
var owners = []string{"王建国", "李桂英", "张䶮"}

// newDesk founds an estate in the shared district. What is in the books when
// the test ends must agree with itself.
func newDesk(t testing.TB) *desk {
	t.Helper()
	if shared.fixture == nil {
		db := postgres.TestDB(&shared)
		if shared.err != "" {
			t.Fatal(shared.err)
		}
		shared.fixture = estatetest.Build(t, db)
		shared.fixture.Service.OnTakeover = receivable.Opener{}
	}
	f := shared.fixture
	f.Clock.SetDay(estatetest.Today)
	d := &desk{Fixture: f, t: t, accountant: f.Actors[access.CompanyAccountant], manager: f.Actors[access.CompanyManager],
		cashier: f.Actors[access.CompanyCashier], counterDesk: receivable.NewCashier(f.Gate)}
	d.home = d.found(f.CompanyID)
	t.Cleanup(func() {
		findings, err := ledger.Verify(context.Background(), f.DB.App)
		d.must(err)
		for _, x := range findings {
			t.Errorf("the books disagree: %s: %s: %s, but %s", x.Title, x.Subject, x.Expected, x.Found)
		}
	})
	return d
}

func (d *desk) must(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

var villages int

// found makes an estate that a company has entered on 2025-01-01, with a rate of
// 0.65 at 6 % and the three households.
func (d *desk) found(company int64) home {
	d.t.Helper()
	villages++
	ctx, h := context.Background(), home{name: fmt.Sprintf("安和%d村", villages)}
	made, err := d.Service.CreateEstate(ctx, d.System, estatetest.Key(), estate.CreateEstate{District: d.District, CommunityID: d.CommunityID,
		Facts: estate.Facts{Name: h.name}})
	d.must(err)
	h.estate, h.node = made.Result.EstateID, made.Result.NodeID
	d.takeOver(h, company, "2025-01-01")
	h.book, h.counter = d.bookAndCounter(h, "2025-01-01")
	_, err = d.Service.RecordServiceContract(ctx, d.System, estatetest.Key(), estate.RecordServiceContract{District: d.District, EstateID: h.estate,
		ValidTo: day("2029-12-31"), FeeStartRule: estate.Daily})
	d.must(err)
	_, err = billing.SetRate(ctx, d.Gate, d.System, d.District, estatetest.Key(), billing.RateRequest{Estate: h.estate, Use: estate.Residential,
		ValidFrom: day("2025-01-01"), Rate: dec("0.65"), VATRate: dec("0.06"), Rounding: money.FenHalfUp, Basis: "前期服务合同"})
	d.must(err)
	h.units = d.settle(h)
	return h
}

func (d *desk) takeOver(h home, company int64, entry string) {
	d.t.Helper()
	_, err := d.Service.RecordTakeover(context.Background(), d.System, estatetest.Key(), estate.RecordTakeover{District: d.District,
		EstateID: h.estate, CompanyID: company, EntryDate: day(entry)})
	d.must(err)
}

// bookAndCounter are those of the company that manages the estate on a day.
func (d *desk) bookAndCounter(h home, on string) (book, counter int64) {
	d.t.Helper()
	d.view(d.System, func(ctx context.Context, r postgres.Reader, s access.Scope) error {
		b, err := receivable.BookOf(ctx, r, d.District, h.node, day(on))
		if err != nil {
			return err
		}
		counters, err := receivable.CountersAt(ctx, r, s, h.node)
		for _, c := range counters {
			if c.BookID == b.BookID && counter == 0 {
				book, counter = c.BookID, c.CounterID
			}
		}
		return err
	})
	return book, counter
}

func (d *desk) settle(h home) []int64 {
	d.t.Helper()
	ctx, req := context.Background(), estate.CreateUnits{District: d.District, EstateID: h.estate}
	for i, text := range areas {
		area := dec(text)
		req.Units = append(req.Units, estate.NewUnit{Number: fmt.Sprintf("%d-1-101", 7+i), Area: &area, AreaSource: estate.Registry, Tenure: estate.Commodity})
	}
	made, err := d.Service.CreateUnits(ctx, d.System, estatetest.Key(), req)
	d.must(err)
	var ids []int64
	for i, u := range made.Result.Units {
		ids = append(ids, u.UnitID)
		_, err := d.Service.RecordOwnership(ctx, d.System, estatetest.Key(), estate.RecordOwnership{District: d.District, UnitID: u.UnitID,
			Owners: []estate.OwnerShare{{Person: &estate.NewPerson{Name: owners[i]}}}})
		d.must(err)
	}
	return ids
}

// bill publishes months of the desk's estate.
func (d *desk) bill(months ...string) billing.RunResult {
	d.t.Helper()
	var run billing.RunResult
	for _, m := range months {
		out, err := billing.PublishNow(context.Background(), d.Gate, d.manager, d.District, estatetest.Key(),
			billing.DraftRequest{Estate: d.estate, Month: month(m)})
		d.must(err)
		run = out.Result
	}
	return run
}

// charge publishes one bill by hand: item, due date and posting date as given.
func (d *desk) charge(unit int64, item int, start, due, posting, amount string) {
	d.t.Helper()
	cmd := access.Command{Actor: d.System, District: d.District, Node: d.node, Permission: access.BillPublish,
		UseCase: "test.charge", Key: estatetest.Key(), Request: amount}
	_, err := access.Act(context.Background(), d.Gate, cmd, func(ctx context.Context, tx postgres.Tx, act *access.Record) (int, error) {
		done, err := receivable.Publish(ctx, tx, act, receivable.Publication{Book: d.book, Source: testQueries.Get("a_bill"),
			Arg: map[string]any{"unit": unit, "item": item, "start": day(start), "due": day(due), "posting": day(posting), "amount": amount}})
		return done.Count, err
	})
	d.must(err)
}

// request is a cash payment at the desk's counter today.
func (d *desk) request(unit int64, amount string) receivable.PayRequest {
	return receivable.PayRequest{UnitID: unit, CounterID: d.counter, Channel: receivable.ByCash, Amount: money.MustYuan(amount), BusinessDate: d.Clock.Today()}
}

func (d *desk) take(req receivable.PayRequest) (access.Outcome[receivable.Paid], error) {
	return d.counterDesk.Pay(context.Background(), d.cashier, d.District, estatetest.Key(), req)
}

func (d *desk) pay(unit int64, amount string) access.Outcome[receivable.Paid] {
	d.t.Helper()
	out, err := d.take(d.request(unit, amount))
	d.must(err)
	return out
}

func (d *desk) reverse(payment int64) access.Outcome[receivable.PaymentReversed] {
	d.t.Helper()
	out, err := receivable.ReversePayment(context.Background(), d.Gate, d.accountant, d.District, estatetest.Key(),
		receivable.ReversePaymentRequest{PaymentID: payment, Reason: "收错了房号"})
	d.must(err)
	return out
}

func (d *desk) close(months ...string) {
	d.t.Helper()
	for _, m := range months {
		_, err := ledger.Close(context.Background(), d.Gate, d.accountant, d.District, estatetest.Key(), ledger.CloseRequest{Book: d.book, Month: month(m)})
		d.must(err)
	}
}

// view reads as an actor.
func (d *desk) view(actor access.Actor, read func(ctx context.Context, r postgres.Reader, s access.Scope) error) {
	d.t.Helper()
	d.must(access.View(context.Background(), d.Gate, func(ctx context.Context, r postgres.Reader) error {
		return read(ctx, r, d.Gate.Scope(actor, d.District))
	}))
}

// open are the open bills of a unit, "2026-05 44.09" each, in order of payment.
func (d *desk) open(unit int64) string {
	d.t.Helper()
	var lines []string
	for _, c := range d.openCharges(unit) {
		lines = append(lines, c.Month().String()+" "+c.Open().String())
	}
	return strings.Join(lines, ", ")
}

func (d *desk) openCharges(unit int64) (charges []receivable.Charge) {
	d.t.Helper()
	d.view(d.cashier, func(ctx context.Context, r postgres.Reader, s access.Scope) (err error) {
		charges, err = receivable.OpenCharges(ctx, r, s, unit)
		return err
	})
	return charges
}

func (d *desk) prepaid(unit int64) string {
	d.t.Helper()
	var y money.Yuan
	d.view(d.cashier, func(ctx context.Context, r postgres.Reader, s access.Scope) (err error) {
		y, err = receivable.PrepaymentOf(ctx, r, s, unit)
		return err
	})
	return y.String()
}

// balance is the debit balance of an account of the book through a day.
func (d *desk) balance(slug, through string) string {
	d.t.Helper()
	return d.balanceBy(d.accountant, slug, through)
}

func (d *desk) balanceBy(actor access.Actor, slug, through string) string {
	d.t.Helper()
	var y money.Yuan
	d.view(actor, func(ctx context.Context, r postgres.Reader, s access.Scope) error {
		accounts, err := ledger.Accounts(ctx, r, d.District, d.book)
		if err == nil {
			y, err = ledger.Balance(ctx, r, s, d.book, accounts[slug], 0, day(through))
		}
		return err
	})
	return y.String()
}

// entries are what an act posted: date, debit, credit, amount.
func (d *desk) entries(act int64) string {
	d.t.Helper()
	var lines []string
	d.sql(func(ctx context.Context, r postgres.Reader) error {
		return r.Select(ctx, &lines, testQueries.Get("entries_of_act"), map[string]any{"district": d.District, "act": act})
	})
	return strings.Join(lines, "; ")
}

// sql reads what stands in the tables, past every view.
func (d *desk) sql(read func(ctx context.Context, r postgres.Reader) error) {
	d.t.Helper()
	ctx := context.Background()
	d.must(d.DB.Owner.Read(ctx, func(r postgres.Reader) error { return read(ctx, r) }))
}

func (d *desk) asOwner(query string, arg map[string]any) error {
	ctx := context.Background()
	return d.DB.Owner.Write(ctx, func(tx postgres.Tx) error {
		_, err := tx.Exec(ctx, testQueries.Get(query), arg)
		return err
	})
}

// inParallel does n things at once and gives their errors by number.
func inParallel(n int, do func(i int) error) []error {
	errs := make([]error, n)
	var wg sync.WaitGroup
	for i := range errs {
		wg.Go(func() { errs[i] = do(i) })
	}
	wg.Wait()
	return errs
}

func dec(s string) decimal.Decimal { return decimal.RequireFromString(s) }

func day(s string) civil.Date { return civil.MustDate(s) }

func month(s string) civil.Month { return civil.MustMonth(s) }

// refused holds an error to a fault code and a field.
func refused(t testing.TB, err error, code, field string) {
	t.Helper()
	f, ok := fault.As(err)
	if !ok || f.Code != code || f.Field != field {
		t.Errorf("got %v, want %s at %q", err, code, field)
	}
}

// same holds a figure to what it must be.
func same[T comparable](t testing.TB, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}
