package torture

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"estateledger/access"
	"estateledger/billing"
	"estateledger/civil"
	"estateledger/estate"
	"estateledger/ledger"
	"estateledger/ledger/money"
	"estateledger/postgres"
	"estateledger/receivable"
)

// sequence is the lifetime of one random run of commands: what the town leaves
// behind goes with it and not with the whole test.
type sequence struct {
	testing.TB
	undo []func()
}

func (s *sequence) Cleanup(f func()) { s.undo = append(s.undo, f) }

func (s *sequence) end() {
	for i := len(s.undo) - 1; i >= 0; i-- {
		s.undo[i]()
	}
}

// driver gives every command to the product and to the oracle and holds the
// answers together.
type driver struct {
	*rapid.T
	town   *town
	o      *oracle
	places map[*oEstate]*place
	drafts []*oDraft
	last   *done
	steps  int
	rooms  int
}

// oDraft is a draft as the oracle remembers it: what was seen.
type oDraft struct {
	estate *oEstate
	month  civil.Month
	run    int64
	except map[int64]bool
	seen   string
	count  int
}

// done is a command that succeeded, to be repeated with its key.
type done struct {
	name   string
	answer string
	again  func() (any, bool, error)
}

// command runs a command of the product and says whether its answer is the
// oracle's: refusals by their code. It answers whether it was done.
func (d *driver) command(name, want string, run func(ctx context.Context, key string) (any, bool, error)) bool {
	key := newKey()
	again := func() (any, bool, error) { return run(context.Background(), key) }
	answer, replayed, err := again()
	if got := codeOf(err); got != want {
		d.Fatalf("%s: the product says %q, the oracle %q", name, got, want)
	}
	if err != nil {
		return false
	}
	if replayed {
		d.Fatalf("%s: a new key was answered from an earlier act", name)
	}
	d.last = &done{name, asJSON(answer), again}
	return true
}

// outcome unpacks an act's answer for command.
func outcome[R any](out access.Outcome[R], err error) (any, bool, error) {
	return out.Result, out.Replayed, err
}

func asJSON(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(b)
}

// repeat sends the last command that was done again, with its key: the first
// answer, and nothing happens.
func (d *driver) repeat(*rapid.T) {
	if d.last == nil {
		d.Skip("nothing done yet")
	}
	answer, replayed, err := d.last.again()
	if err != nil || !replayed || asJSON(answer) != d.last.answer {
		d.Fatalf("%s repeated: replayed=%v err=%v\n got %s\nwant %s", d.last.name, replayed, err, asJSON(answer), d.last.answer)
	}
}

func pick[V any](d *driver, list []V, label string) V {
	if len(list) == 0 {
		d.Skip("no " + label + " yet")
	}
	return list[rapid.IntRange(0, len(list)-1).Draw(d.T, label)]
}

func (d *driver) estate() (*oEstate, *place) {
	e := pick(d, d.o.estates, "estate")
	return e, d.places[e]
}

func (d *driver) unit() (*oUnit, *place) {
	e, p := d.estate()
	return pick(d, e.units, "unit"), p
}

// runs, charges and payments are all there have been so far.
func (d *driver) runs() (all []*oRun) {
	for _, e := range d.o.estates {
		all = append(all, e.runs...)
	}
	return all
}

func (d *driver) charges() (all []*oCharge) {
	for _, e := range d.o.estates {
		for _, u := range e.units {
			all = append(all, u.charges...)
		}
	}
	return all
}

func (d *driver) payments() (all []*oPayment) {
	for _, e := range d.o.estates {
		for _, u := range e.units {
			all = append(all, u.payments...)
		}
	}
	return all
}

// dayNear is a day around today, mostly in the past.
func (d *driver) dayNear(before, after int, label string) civil.Date {
	return d.o.today.AddDays(rapid.IntRange(-before, after).Draw(d.T, label))
}

func (d *driver) monthNear(before, after int) civil.Month {
	return d.o.today.Month().Add(rapid.IntRange(-before, after).Draw(d.T, "month"))
}

func (d *driver) area() decimal.Decimal {
	return decimal.New(int64(rapid.IntRange(2000, 15000).Draw(d.T, "area")), -2)
}

// tomorrow moves the clock.
func (d *driver) tomorrow(*rapid.T) {
	d.o.today = d.o.today.AddDays(rapid.IntRange(1, 40).Draw(d.T, "days"))
	d.town.Clock.SetDay(d.o.today)
}

// register adds a unit: with or without an area, an owner, a title.
func (d *driver) register(*rapid.T) {
	e, p := d.estate()
	use := rapid.SampledFrom([]string{"residential", "residential", "shop"}).Draw(d.T, "use")
	area := d.area()
	if rapid.IntRange(0, 5).Draw(d.T, "area known") == 0 {
		area = decimal.Zero
	}
	d.rooms++
	number := fmt.Sprintf("9栋1单元%d室", 100+d.rooms)
	var made estate.UnitsCreated
	ok := d.command("register", "", func(ctx context.Context, key string) (any, bool, error) {
		n := estate.NewUnit{Number: number, Use: estate.Use(use), AreaSource: estate.Survey}
		if !area.IsZero() {
			n.Area = &area
		}
		out, err := d.town.Service.CreateUnits(ctx, d.town.System, key, estate.CreateUnits{District: d.town.District, EstateID: p.EstateID,
			Units: []estate.NewUnit{n}})
		made = out.Result
		return outcome(out, err)
	})
	if ok {
		d.o.addUnit(e, made.Units[0].UnitID, made.Units[0].Code, use, area, "survey", nil)
	}
}

// sell records a title, of somebody or of nobody known.
func (d *driver) sell(*rapid.T) {
	u, _ := d.unit()
	t := oTitle{from: d.dayNear(200, 3, "title from"), owned: rapid.IntRange(0, 4).Draw(d.T, "owned") > 0}
	if rapid.Bool().Draw(d.T, "agreed") {
		t.billFrom = t.from.AddDays(rapid.IntRange(-40, 60).Draw(d.T, "bill from"))
	}
	req := estate.RecordOwnership{District: d.town.District, UnitID: u.id, ValidFrom: t.from, BillFrom: t.billFrom}
	if t.owned {
		req.Owners = []estate.OwnerShare{{Person: &estate.NewPerson{Name: "新业主"}}}
	}
	before := len(u.titles)
	want := d.o.recordTitle(u, t)
	var made estate.TitleRecorded
	if d.command("sell", want, func(ctx context.Context, key string) (any, bool, error) {
		out, err := d.town.Service.RecordOwnership(ctx, d.town.System, key, req)
		made = out.Result
		return outcome(out, err)
	}) {
		u.titles[before].id = made.OwnershipID
	}
}

// measure corrects an area.
func (d *driver) measure(*rapid.T) {
	u, _ := d.unit()
	from, area := d.dayNear(120, 3, "area from"), d.area()
	want := d.o.recordArea(u, from, area, "survey")
	d.command("measure", want, func(ctx context.Context, key string) (any, bool, error) {
		return outcome(d.town.Service.RecordArea(ctx, d.town.System, key, estate.RecordArea{District: d.town.District, UnitID: u.id,
			ValidFrom: from, Area: area, Source: estate.Survey, Reason: "重测"}))
	})
}

// price sets a rate from a day on.
func (d *driver) price(*rapid.T) {
	e, p := d.estate()
	r := oRate{
		use: rapid.SampledFrom([]string{"residential", "residential", "shop"}).Draw(d.T, "use"), from: d.dayNear(150, 60, "rate from"),
		rate: decimal.New(int64(rapid.IntRange(3000, 30000).Draw(d.T, "rate")), -4),
		vat:  rapid.SampledFrom([]decimal.Decimal{decimal.Zero, decimal.New(1, -2), decimal.New(6, -2)}).Draw(d.T, "vat"),
		rule: rapid.SampledFrom([]money.Rule{"FEN_HALF_UP", "FEN_HALF_UP", "FEN_DOWN", "JIAO_HALF_UP"}).Draw(d.T, "rounding"),
	}
	d.setRate(e, p, r)
}

func (d *driver) setRate(e *oEstate, p *place, r oRate) {
	if d.command("price", "", func(ctx context.Context, key string) (any, bool, error) {
		return outcome(billing.SetRate(ctx, d.town.Gate, p.accountant, d.town.District, key, billing.RateRequest{Estate: p.EstateID,
			Use: estate.Use(r.use), ValidFrom: r.from, Rate: r.rate, VATRate: r.vat, Rounding: r.rule, Basis: "合同"}))
	}) {
		d.o.setRate(e, r)
	}
}

// closePeriod closes a month, mostly one that can be closed.
func (d *driver) closePeriod(*rapid.T) {
	e, p := d.estate()
	m := d.monthNear(4, 0)
	if through := e.closedThrough(); !through.IsZero() && rapid.Bool().Draw(d.T, "next") {
		m = through.Add(1)
	}
	want := d.o.closeMonth(e, m)
	d.command("close "+m.String(), want, func(ctx context.Context, key string) (any, bool, error) {
		return outcome(ledger.Close(ctx, d.town.Gate, p.accountant, d.town.District, key, ledger.CloseRequest{Book: p.book, Month: m}))
	})
}

// reopenPeriod opens a month again, mostly the one that can be.
func (d *driver) reopenPeriod(*rapid.T) {
	e, p := d.estate()
	m := d.monthNear(4, 0)
	if through := e.closedThrough(); !through.IsZero() && rapid.IntRange(0, 3).Draw(d.T, "last") > 0 {
		m = through
	}
	want := d.o.reopenMonth(e, m)
	d.command("reopen "+m.String(), want, func(ctx context.Context, key string) (any, bool, error) {
		return outcome(ledger.Reopen(ctx, d.town.Gate, p.manager, d.town.District, key, ledger.CloseRequest{Book: p.book, Month: m, Reason: "漏记一笔"}))
	})
}

// look is how the district's system user looks at the books.
func (d *driver) look(view func(ctx context.Context, r postgres.Reader, s access.Scope) error) {
	err := access.View(context.Background(), d.town.Gate, func(ctx context.Context, r postgres.Reader) error {
		return view(ctx, r, d.town.Gate.Scope(d.town.System, d.town.District))
	})
	if err != nil {
		d.Fatalf("look: %v", err)
	}
}

// channels are the ways money comes in, with the account each goes to.
var channels = map[receivable.Channel]string{
	receivable.ByCash: ledger.Cash, receivable.ByTransfer: ledger.Bank, receivable.ByWechat: ledger.Clearing, receivable.ByPOS: ledger.Clearing,
}
