package torture

import (
	"context"
	"embed"
	"fmt"
	"sync/atomic"
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
var sqlFiles embed.FS

var queries = postgres.MustLoad(sqlFiles)

// town is a district with two estates of two companies, their books and
// counters, and who works there.
type town struct {
	*estatetest.Fixture
	cashier *receivable.Cashier
	places  []*place
}

// place is an estate with the book it is billed in and the people who work there.
type place struct {
	estatetest.Tenant
	name       string
	book       int64
	counter    int64
	manager    access.Actor
	accountant access.Actor
	clerk      access.Actor // takes the money
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

var keys atomic.Int64

// newKey is an idempotency key that nobody used before.
func newKey() string { return fmt.Sprintf("torture-%d", keys.Add(1)) }

// build makes the town in a fresh database, as it stands on a day.
func build(t testing.TB, db *postgres.TestDatabase, today civil.Date) *town {
	t.Helper()
	w := &town{Fixture: estatetest.Build(t, db)}
	t.Cleanup(w.Gate.Close)
	w.Clock.SetDay(today)
	w.cashier = receivable.NewCashier(w.Gate)
	w.settleIn(t, w.Tenant, "安和一村", "惠民物业")
	w.settleIn(t, w.Foreign, "沙河新村", "远邻物业")
	return w
}

// settleIn opens what a company needs to collect in its estate.
func (w *town) settleIn(t testing.TB, n estatetest.Tenant, name, company string) {
	t.Helper()
	p := &place{Tenant: n, name: name, manager: n.Actors[access.CompanyManager],
		accountant: n.Actors[access.CompanyAccountant], clerk: n.Actors[access.CompanyCashier]}
	c := access.Command{Actor: w.System, District: w.District, Node: n.EstateNode, Permission: access.TakeoverRecord,
		UseCase: "torture.open_books", Key: newKey()}
	out, err := access.Act(context.Background(), w.Gate, c, func(ctx context.Context, tx postgres.Tx, act *access.Record) (receivable.Counter, error) {
		return receivable.OpenAtTakeover(ctx, tx, act, estate.TakenOver{EstateID: n.EstateID, EstateName: name, EstateNode: n.EstateNode,
			CommunityNode: n.CommunityNode, CompanyName: company, CompanyNode: n.CompanyNode, EntryDate: estatetest.Entry})
	})
	must(t, err)
	p.book, p.counter = out.Result.BookID, out.Result.CounterID
	w.places = append(w.places, p)
}

// setRate sets the price of a place's homes from a day on.
func (w *town) setRate(t testing.TB, p *place, from civil.Date, rate string) {
	t.Helper()
	_, err := billing.SetRate(context.Background(), w.Gate, p.accountant, w.District, newKey(), billing.RateRequest{Estate: p.EstateID,
		Use: "residential", ValidFrom: from, Rate: decimal.RequireFromString(rate), VATRate: decimal.RequireFromString("0.06"),
		Rounding: "FEN_HALF_UP", Basis: "服务合同"})
	must(t, err)
}

// populate registers n more homes of 60 m² and a little, each with an owner.
func (w *town) populate(t testing.TB, p *place, n int) []int64 {
	t.Helper()
	ctx := context.Background()
	req := estate.CreateUnits{District: w.District, EstateID: p.EstateID}
	for i := range n {
		area := decimal.New(6000+int64(i*7%3000), -2)
		req.Units = append(req.Units, estate.NewUnit{Number: fmt.Sprintf("%d栋1单元%d室", 100+i/40, 101+i%40), Area: &area, AreaSource: estate.Survey})
	}
	made, err := w.Service.CreateUnits(ctx, w.System, newKey(), req)
	must(t, err)
	ids := make([]int64, n)
	for i, u := range made.Result.Units {
		_, err := w.Service.RecordOwnership(ctx, w.System, newKey(), estate.RecordOwnership{District: w.District, UnitID: u.UnitID,
			Owners: []estate.OwnerShare{{Person: &estate.NewPerson{Name: fmt.Sprintf("住户%d", i+1)}}}})
		must(t, err)
		ids[i] = u.UnitID
	}
	return ids
}

// bill publishes a month of a place.
func (w *town) bill(t testing.TB, p *place, month string) billing.RunResult {
	t.Helper()
	out, err := billing.PublishNow(context.Background(), w.Gate, p.accountant, w.District, newKey(),
		billing.DraftRequest{Estate: p.EstateID, Month: civil.MustMonth(month)})
	must(t, err)
	return out.Result
}

// pay takes an amount in cash for a unit today.
func (w *town) pay(t testing.TB, p *place, unit int64, amount string, first ...receivable.ChargeID) receivable.Paid {
	t.Helper()
	out, err := w.cashier.Pay(context.Background(), p.clerk, w.District, newKey(), receivable.PayRequest{UnitID: unit, CounterID: p.counter,
		Channel: receivable.ByCash, Amount: money.MustYuan(amount), First: first})
	must(t, err)
	return out.Result
}

// read runs a view as somebody.
func (w *town) read(t testing.TB, actor access.Actor, view func(ctx context.Context, r postgres.Reader, s access.Scope) error) {
	t.Helper()
	must(t, access.View(context.Background(), w.Gate, func(ctx context.Context, r postgres.Reader) error {
		return view(ctx, r, w.Gate.Scope(actor, w.District))
	}))
}

// charges are all of a unit, by the first day of their segment.
func (w *town) charges(t testing.TB, p *place, unit int64) []receivable.Charge {
	t.Helper()
	var out []receivable.Charge
	w.read(t, p.accountant, func(ctx context.Context, r postgres.Reader, s access.Scope) (err error) {
		out, err = receivable.ChargesOf(ctx, r, s, unit, 1000)
		return err
	})
	return out
}

// verified fails the test with everything that verify finds in the books, and
// with households that owe and have prepaid at once.
func (w *town) verified(t testing.TB) {
	t.Helper()
	w.read(t, w.System, func(ctx context.Context, r postgres.Reader, s access.Scope) error {
		var both int
		if err := r.Get(ctx, &both, queries.Get("both_sides"), s); err != nil {
			return err
		}
		if both != 0 {
			t.Errorf("%d households owe something and have prepaid something", both)
		}
		return nil
	})
	findings, err := ledger.Verify(context.Background(), w.DB.App)
	must(t, err)
	for _, f := range findings {
		t.Errorf("verify: %s %s: expected %s, found %s", f.Check, f.Subject, f.Expected, f.Found)
	}
}

// codeOf is the stable code of a refusal, "" for success; any other error is
// itself.
func codeOf(err error) string {
	if err == nil {
		return ""
	}
	if f, ok := fault.As(err); ok {
		return f.Code
	}
	return err.Error()
}
