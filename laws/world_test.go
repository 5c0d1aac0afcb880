package laws

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"estateledger/access"
	"estateledger/civil"
	"estateledger/estate"
	"estateledger/ledger"
	"estateledger/ledger/money"
	"estateledger/postgres"
	"estateledger/receivable"
)

//go:embed testdata/*.sql
var worldFiles embed.FS

var worldQueries = postgres.MustLoad(worldFiles)

// world is a database with two small districts that have the same history: three
// months billed, paid in every way, reversed, withdrawn, closed and rolled up.
type world struct {
	db    *postgres.TestDatabase
	gate  *access.Gate
	clock *civil.StepClock
	here  tenant // the district whose rows nobody else may see
	there tenant
}

// tenant is one district, with the ids a query may ask for.
type tenant struct {
	id                                      int64
	root, place, company                    int64 // scope nodes
	subDistrict, community                  int64
	estateID, companyID, takeover, contract int64
	building, stair, rate                   int64
	units                                   []int64
	person, ownership, occupant             int64
	book, counter, series, run              int64
	receivable, prepayment                  int64 // accounts
	charge, payment, voucher, entry         int64
	act, payAct, file, progress             int64
	// system holds everything in the district; lone holds everything over a
	// company of the same district that has nothing.
	system, lone           access.Actor
	loneNode               int64
	membership, loneMember int64
	keys                   int
}

var (
	january  = civil.MonthOf(2026, 1)
	february = civil.MonthOf(2026, 2)
	march    = civil.MonthOf(2026, 3)
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// newWorld makes the world in a database of the test's own.
func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{db: postgres.TestDB(t), clock: civil.NewStepClock(civil.On(2026, 1, 5))}
	w.gate = access.NewGate(w.db.App, w.clock, false)
	t.Cleanup(w.gate.Close)
	w.found(t, &w.here, 1)
	w.found(t, &w.there, 2)
	for _, d := range []*tenant{&w.here, &w.there} {
		w.clock.SetDay(civil.On(2026, 1, 5))
		w.register(t, d)
		w.trade(t, d)
	}
	w.rollUp(t)
	for _, d := range []*tenant{&w.here, &w.there} {
		w.afterRollUp(t, d)
	}
	return w
}

// found makes a district, whose first user nobody could have let in.
func (w *world) found(t testing.TB, d *tenant, id int64) {
	t.Helper()
	d.id = id
	err := w.db.Owner.Write(t.Context(), func(tx postgres.Tx) error {
		s := script{t.Context(), tx, map[string]any{"district": id}}
		d.root = s.id("root", "name", fmt.Sprintf("%d区", id))
		s.do("district", "name", fmt.Sprintf("%d区", id), "node", d.root)
		for _, u := range []struct {
			who  *access.Actor
			name string
		}{{&d.system, "管家"}, {&d.lone, "邻居"}} {
			*u.who = access.Actor{UserID: s.id("user", "login", fmt.Sprintf("%s%d", u.name, id), "name", u.name), Name: u.name}
		}
		d.file = s.id("import_file", "user", d.system.UserID)
		d.progress = s.id("progress")
		d.membership = s.id("membership", "user", d.system.UserID, "role", "system", "node", d.root)
		return s.err()
	})
	must(t, err)
}

// script runs the world's statements one after the other and stops at the first
// that fails.
type script struct {
	ctx context.Context
	tx  postgres.Tx
	arg map[string]any
}

func (s script) err() error {
	err, _ := s.arg["error"].(error)
	return err
}

func (s script) set(pairs []any) {
	for i := 0; i < len(pairs); i += 2 {
		s.arg[pairs[i].(string)] = pairs[i+1]
	}
}

func (s script) id(query string, pairs ...any) (id int64) {
	s.set(pairs)
	if s.err() == nil {
		if err := s.tx.Get(s.ctx, &id, worldQueries.Get(query), s.arg); err != nil {
			s.arg["error"] = fmt.Errorf("%s: %w", query, err)
		}
	}
	return id
}

func (s script) do(query string, pairs ...any) {
	s.set(pairs)
	if s.err() == nil {
		if _, err := s.tx.Exec(s.ctx, worldQueries.Get(query), s.arg); err != nil {
			s.arg["error"] = fmt.Errorf("%s: %w", query, err)
		}
	}
}

func (d *tenant) key() string { d.keys++; return fmt.Sprintf("world-key-%d-%d", d.id, d.keys) }

// act writes as the district's system user.
func (w *world) act(t testing.TB, d *tenant, do func(tx postgres.Tx, act *access.Record, s script) error) int64 {
	t.Helper()
	c := access.Command{Actor: d.system, District: d.id, Node: d.root, Permission: access.RegisterImport, UseCase: "laws.world", Key: d.key()}
	out, err := access.Act(t.Context(), w.gate, c, func(ctx context.Context, tx postgres.Tx, act *access.Record) (struct{}, error) {
		return struct{}{}, do(tx, act, script{ctx, tx, map[string]any{"district": d.id, "act": act.ActID, "today": act.Today}})
	})
	must(t, err)
	return out.ActID
}

// register fills the register and takes the estate over.
func (w *world) register(t testing.TB, d *tenant) {
	t.Helper()
	from := civil.On(2020, 1, 1)
	d.act = w.act(t, d, func(tx postgres.Tx, act *access.Record, s script) error {
		node := func(kind access.NodeKind, name string, parents ...int64) int64 {
			id, err := access.AddNode(s.ctx, tx, d.id, kind, name, parents, from)
			must(t, err)
			return id
		}
		street := node(access.SubDistrictNode, "北街", d.root)
		quarter := node(access.CommunityNode, "安和", street)
		d.company = node(access.CompanyNode, "长安物业", d.root)
		d.loneNode = node(access.CompanyNode, "空壳物业", d.root)
		d.place = node(access.EstateNode, "安和一村", quarter, d.company)
		d.loneMember = s.id("membership", "user", d.lone.UserID, "role", "system", "node", d.loneNode)
		d.subDistrict = s.id("sub_district", "name", "北街", "node", street)
		d.community = s.id("community", "name", "安和", "node", quarter, "parent", d.subDistrict)
		d.companyID = s.id("company", "name", "长安物业", "node", d.company)
		d.estateID = s.id("estate", "name", "安和一村", "node", d.place, "parent", d.community)
		d.building = s.id("building", "parent", d.estateID)
		d.stair = s.id("stair", "parent", d.building)
		s.set([]any{"estate", d.estateID, "stair", d.stair, "company", d.companyID})
		for i := range 8 {
			unit := s.id("unit", "room", fmt.Sprint(101+i))
			d.units = append(d.units, unit)
			s.do("unit_area", "unit", unit, "area", decimal.New(6783+int64(i)*1111, -2))
			d.person = s.id("person", "name", fmt.Sprintf("王%d", i))
			d.ownership = s.id("ownership")
			s.do("share", "ownership", d.ownership, "person", d.person, "numerator", 1, "denominator", 1+i%3)
			for j := range i % 3 {
				other := s.id("person", "name", fmt.Sprintf("李%d%d", i, j))
				s.do("share", "person", other)
			}
		}
		d.occupant = s.id("occupant", "person", d.person)
		d.takeover = s.id("takeover")
		s.do("takeover_item", "takeover", d.takeover)
		d.contract = s.id("contract")
		d.rate = s.id("rate")
		if s.err() != nil {
			return s.err()
		}
		counter, err := receivable.OpenAtTakeover(s.ctx, tx, act, estate.TakenOver{EstateID: d.estateID, EstateName: "安和一村",
			EstateNode: d.place, CommunityNode: quarter, CompanyName: "长安物业", CompanyNode: d.company, EntryDate: january.First()})
		d.counter, d.book = counter.CounterID, counter.BookID
		return err
	})
}

// bill publishes a month's run and answers its id.
func (w *world) bill(t testing.TB, d *tenant, month civil.Month) int64 {
	t.Helper()
	var run int64
	w.act(t, d, func(tx postgres.Tx, act *access.Record, s script) error {
		run = s.id("run", "estate", d.estateID, "book", d.book, "month", month)
		if s.err() != nil {
			return s.err()
		}
		p, err := receivable.Publish(s.ctx, tx, act, receivable.Publication{Book: d.book, Run: run, Source: worldQueries.Get("segments"),
			Arg: map[string]any{"estate": d.estateID, "month": month, "today": act.Today}})
		s.do("publish_run", "run", run, "count", p.Count, "total", p.Total)
		if err == nil {
			err = s.err()
		}
		return err
	})
	return run
}

func (w *world) pay(t testing.TB, d *tenant, unit int, amount string) int64 {
	t.Helper()
	cashier := receivable.NewCashier(w.gate)
	channel := receivable.ChannelOrder[unit%len(receivable.ChannelOrder)]
	out, err := cashier.Pay(t.Context(), d.system, d.id, d.key(), receivable.PayRequest{UnitID: d.units[unit], CounterID: d.counter,
		Channel: channel, Amount: money.MustYuan(amount)})
	must(t, err)
	d.payment, d.series = out.Result.PaymentID, out.Result.SeriesID
	return out.Result.PaymentID
}

func (w *world) reverse(t testing.TB, d *tenant, payment int64) {
	t.Helper()
	_, err := receivable.ReversePayment(t.Context(), w.gate, d.system, d.id, d.key(), receivable.ReversePaymentRequest{PaymentID: payment, Reason: "收错户"})
	must(t, err)
}

func (w *world) close(t testing.TB, d *tenant, month civil.Month) {
	t.Helper()
	_, err := ledger.Close(t.Context(), w.gate, d.system, d.id, d.key(), ledger.CloseRequest{Book: d.book, Month: month})
	must(t, err)
}

// trade bills, takes money in every way there is, undoes some, and closes.
func (w *world) trade(t testing.TB, d *tenant) {
	t.Helper()
	w.bill(t, d, january)
	w.pay(t, d, 0, "33.92")         // exactly January
	w.pay(t, d, 1, "20.00")         // a part
	w.pay(t, d, 2, "200.00")        // more than is owed
	wrong := w.pay(t, d, 3, "10.0") // taken back below
	w.voucher(t, d, "80.00")
	w.clock.SetDay(civil.On(2026, 2, 3))
	d.run = w.bill(t, d, february) // the third household's prepayment settles it
	w.reverse(t, d, wrong)
	ahead := w.pay(t, d, 4, "300.00")
	w.close(t, d, january)
	w.bill(t, d, march) // posted ahead: the money of two households waits for it
	w.pay(t, d, 5, "150.00")
	w.reverse(t, d, ahead)
	w.withdraw(t, d)
	must(t, w.db.App.Read(t.Context(), func(r postgres.Reader) error {
		var charges []int64
		err := r.Select(t.Context(), &charges, worldQueries.Get("charges_of_unit"), map[string]any{"district": d.id, "unit": d.units[6]})
		d.charge = charges[0]
		return err
	}))
	_, err := receivable.ReverseCharge(t.Context(), w.gate, d.system, d.id, d.key(), receivable.ReverseChargeRequest{ChargeID: d.charge, Reason: "户名错误"})
	must(t, err)
}

// withdraw bills April and takes the run back.
func (w *world) withdraw(t testing.TB, d *tenant) {
	t.Helper()
	run := w.bill(t, d, civil.MonthOf(2026, 4))
	w.act(t, d, func(tx postgres.Tx, act *access.Record, s script) error {
		if _, err := receivable.Withdraw(s.ctx, tx, act, d.book, run, act.Today); err != nil {
			return err
		}
		s.do("withdraw_run", "run", run)
		return s.err()
	})
}

func (w *world) voucher(t testing.TB, d *tenant, amount string) {
	t.Helper()
	out, err := ledger.PostVoucher(t.Context(), w.gate, d.system, d.id, d.key(), ledger.VoucherRequest{Book: d.book,
		BusinessDate: w.clock.Today(), Summary: "保洁用品", Paper: "0042", Lines: []ledger.VoucherLine{
			{Debit: ledger.ServiceCost, Credit: ledger.Bank, Amount: money.MustYuan(amount)}}})
	must(t, err)
	d.voucher = out.Result.Voucher
}

// rollUp rolls up until no entry is left over: a transaction of another test's
// database on the same server holds back what may be numbered.
func (w *world) rollUp(t testing.TB) {
	t.Helper()
	deadline := time.Now().Add(2 * time.Minute)
	for {
		_, err := ledger.RollUp(t.Context(), w.db.App)
		must(t, err)
		var left int
		must(t, w.db.Super.Get(&left, "SELECT count(*) FROM entry e WHERE NOT EXISTS (SELECT 1 FROM entry_sequence s WHERE s.entry_id = e.entry_id)"))
		if left == 0 {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d entries were never rolled up", left)
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// afterRollUp leaves a tail that is not rolled up, and looks up what queries ask for.
func (w *world) afterRollUp(t testing.TB, d *tenant) {
	t.Helper()
	w.pay(t, d, 7, "5.00")
	w.voucher(t, d, "12.50")
	w.act(t, d, func(tx postgres.Tx, act *access.Record, s script) error {
		s.do("exclusion", "run", d.run, "unit", d.units[7])
		d.payAct = s.id("act_of_payment", "payment", d.payment)
		d.entry = s.id("entry_of_act", "act", d.payAct)
		accounts, err := ledger.Accounts(s.ctx, tx, d.id, d.book)
		d.receivable, d.prepayment = accounts[ledger.Receivable], accounts[ledger.Prepayment]
		return errors.Join(err, s.err())
	})
}
