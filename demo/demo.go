package demo

import (
	"context"
	"embed"
	"fmt"
	"math/rand/v2"

	"estateledger/access"
	"estateledger/billing"
	"estateledger/civil"
	"estateledger/estate"
	"estateledger/ledger"
	"estateledger/ledger/money"
	"estateledger/postgres"
	"estateledger/receivable"
)

// Password is the password of every demo login. It exists only in databases
// that were marked as demo when they were made.
const Password = "demo-changguanjia"

// Login is a demo user as start-up prints it.
type Login struct {
	Role  access.Role
	Login string
	Name  string
}

// Logins are one user per role.
var Logins = []Login{
	{access.CompanyManager, "jingli", "周建国"},
	{access.CompanyAccountant, "kuaiji", "钱芳"},
	{access.CompanyCashier, "shoufei", "沈晓雯"},
	{access.SubDistrictRole, "jiedao", "陆文斌"},
	{access.Committee, "yeweihui", "顾秀英"},
	{access.Auditor, "shenji", "韩静"},
	{access.Administrator, "admin", "马洋"},
}

// companyName is the invented property company of the demo.
const companyName = "临湖城服物业有限公司"

// life is a demo being played.
type life struct {
	gate     *access.Gate
	clock    *civil.StepClock
	estate   *estate.Service
	cashier  *receivable.Cashier
	people   *access.People
	random   *rand.Rand
	system   access.Actor
	actors   map[access.Role]access.Actor
	district int64
	company  estate.CompanyCreated
	keys     int
	estates  []*livingEstate
}

// livingEstate is an estate of the demo while it lives.
type livingEstate struct {
	estatePlan
	id, node int64
	counter  receivable.Counter
	units    []livingUnit
	// taken is what lies in the cash box and the channel account since the last
	// trip to the bank, by account.
	taken map[string]money.Yuan
}

// livingUnit is a unit and how it pays.
type livingUnit struct {
	plannedUnit
	id int64
}

// key is an idempotency key; the demo is played once, in one order.
func (l *life) key(what string) string {
	l.keys++
	return fmt.Sprintf("demo:%s:%06d", what, l.keys)
}

// Load plays twelve months up to today: takeover, bills, payments, a wrong
// receipt, a sale, a corrected area, closed months. The database must be one
// that was made as a demo.
func Load(ctx context.Context, db *postgres.DB, system access.Actor, today civil.Date, progress func(string)) error {
	first := today.Month().Add(-11)
	clock := civil.NewStepClock(first.First())
	gate := access.NewGate(db, clock, true)
	defer gate.Close()
	l := &life{gate: gate, clock: clock, estate: &estate.Service{Gate: gate, OnTakeover: receivable.Opener{}}, cashier: receivable.NewCashier(gate),
		people: access.NewPeople(gate, civil.SystemClock()), random: rand.New(rand.NewPCG(20260620, 36)), system: system,
		actors: map[access.Role]access.Actor{}}
	if err := l.found(ctx); err != nil {
		return fmt.Errorf("demo: founding: %w", err)
	}
	for month := first; !month.After(today.Month()); month = month.Add(1) {
		if err := l.month(ctx, month, today); err != nil {
			return fmt.Errorf("demo: %s: %w", month, err)
		}
		progress("演示数据 " + month.String())
	}
	return l.finish(ctx, today)
}

//go:embed *.sql
var sqlFiles embed.FS

var queries = postgres.MustLoad(sqlFiles)

// Queries are the named queries of the package, for the laws' tests.
func Queries() []postgres.Query { return queries.All() }

// Finished says that the demo was played to its end: one that was cut short is
// thrown away and played again.
func Finished(ctx context.Context, db *postgres.DB) (bool, error) {
	var done bool
	err := db.Read(ctx, func(r postgres.Reader) error { return r.Get(ctx, &done, queries.Get("finished"), nil) })
	return done, err
}

// finish is the last act of the demo, under a key by which Finished knows it: a
// paper that was missing has turned up.
func (l *life) finish(ctx context.Context, today civil.Date) error {
	l.clock.SetDay(today)
	e := l.estates[0]
	takeover, err := l.estate.TakeoverAsOf(ctx, l.system, l.district, e.id, today)
	if err != nil {
		return err
	}
	_, err = l.estate.NoteTakeoverItem(ctx, l.system, "demo:finished", estate.NoteTakeoverItem{District: l.district, EstateID: e.id,
		TakeoverID: takeover.TakeoverID, NotedOn: today,
		ItemNote: estate.ItemNote{Item: e.missing[1], Status: estate.Present, Note: "从区档案馆调到复印件"}})
	return err
}

// month plays one month of every estate that has been taken over by then.
func (l *life) month(ctx context.Context, month civil.Month, today civil.Date) error {
	for i := range plans {
		if plans[i].start(today).Month() == month {
			if err := l.takeOver(ctx, plans[i], plans[i].start(today)); err != nil {
				return fmt.Errorf("%s: %w", plans[i].name, err)
			}
		}
	}
	for _, e := range l.estates {
		if err := l.bill(ctx, e, month, today); err != nil {
			return fmt.Errorf("%s: bills: %w", e.name, err)
		}
		if err := l.close(ctx, e, month.Add(-1), today); err != nil {
			return fmt.Errorf("%s: close: %w", e.name, err)
		}
		if err := l.collect(ctx, e, month, today); err != nil {
			return fmt.Errorf("%s: payments: %w", e.name, err)
		}
		if err := l.spend(ctx, e, month, today); err != nil {
			return fmt.Errorf("%s: expenses: %w", e.name, err)
		}
		if err := l.events(ctx, e, month, today); err != nil {
			return fmt.Errorf("%s: events: %w", e.name, err)
		}
	}
	return nil
}

// day moves the clock to a day of the month, never beyond today.
func (l *life) day(month civil.Month, day int, today civil.Date) bool {
	d := month.First().AddDays(min(day, month.Days()) - 1)
	if d.After(today) {
		return false
	}
	l.clock.SetDay(d)
	return true
}

// bill publishes the month's bills on the third, or on the day of takeover.
func (l *life) bill(ctx context.Context, e *livingEstate, month civil.Month, today civil.Date) error {
	day := 3
	if start := e.start(today); start.Month() == month {
		day = max(day, start.Day())
	}
	if !l.day(month, day, today) {
		return nil
	}
	// The present month of 安和一村 is left as it is: a visitor finds something to publish.
	if month == today.Month() && e.name == plans[0].name {
		return nil
	}
	_, err := billing.PublishNow(ctx, l.gate, l.actors[access.CompanyAccountant], l.district, l.key("bill"), billing.DraftRequest{Estate: e.id, Month: month})
	return err
}

// collect lets each household pay as it does, spread over the month.
func (l *life) collect(ctx context.Context, e *livingEstate, month civil.Month, today civil.Date) error {
	since := e.start(today).Month().Until(month)
	byDay := map[int][]receivable.PayRequest{}
	for _, u := range e.units {
		if pay, ok := l.payment(e, u, since); ok {
			account := ledger.Clearing
			if pay.Channel == receivable.ByCash {
				account = ledger.Cash
			}
			e.taken[account] = e.taken[account].Add(pay.Amount)
			day := 7 + l.random.IntN(20)
			byDay[day] = append(byDay[day], pay)
		}
	}
	for day := 1; day <= 31; day++ {
		// Who would come before the company is there comes on its first day.
		if month.First().AddDays(day - 1).Before(e.start(today)) {
			byDay[day+1] = append(byDay[day+1], byDay[day]...)
			continue
		}
		if len(byDay[day]) == 0 || !l.day(month, day, today) {
			continue
		}
		if err := l.payAll(ctx, byDay[day]); err != nil {
			return err
		}
	}
	return nil
}

// payment is what a household brings this month, if it comes at all: the
// monthly payer a month, the quarterly one three at the quarter's end, the
// yearly one twelve ahead in the first month.
func (l *life) payment(e *livingEstate, u livingUnit, since int) (receivable.PayRequest, bool) {
	months := 0
	switch {
	case u.payer == monthly && l.random.IntN(100) < 94:
		months = 1
	case u.payer == quarterly && since%3 == 2:
		months = 3
	case u.payer == yearly && since == 0:
		months = 12
	}
	if months == 0 {
		return receivable.PayRequest{}, false
	}
	rate := e.fee
	if u.shop {
		rate = e.shopFee
	}
	month := money.Prorate(u.area, money.MustYuan(rate).Decimal, 30, 30, money.FenHalfUp)
	amount := money.Zero
	for range months {
		amount = amount.Add(month)
	}
	channel := receivable.ChannelOrder[l.random.IntN(3)]
	return receivable.PayRequest{UnitID: u.id, CounterID: e.counter.CounterID, Channel: channel, Amount: amount}, true
}

// spend books by hand what moves besides the fees: what the estate costs, what
// the sub-district pays, what goes to the bank.
func (l *life) spend(ctx context.Context, e *livingEstate, month civil.Month, today civil.Date) error {
	if !l.day(month, 28, today) {
		return nil
	}
	for _, c := range []struct{ rate, what, debit, credit, paper string }{
		{"0.62", "保洁、保安、维修人员工资和社保", ledger.ServiceCost, ledger.Bank, "工资表"},
		{"0.21", "公共部位水电和日常维护", ledger.ServiceCost, ledger.Bank, "发票"},
		{"0.12", "绿化、清运和办公", ledger.AdminExpense, ledger.Bank, "发票"},
		{e.subsidy, "街道物业补贴到账(手工登记)", ledger.Bank, ledger.OtherIncome, "银行回单"},
	} {
		amount := money.Prorate(money.MustYuan(e.total).Decimal, money.MustYuan(c.rate).Decimal, 1, 1, money.FenHalfUp)
		if err := l.voucher(ctx, e, c.what, c.paper+" "+month.String(), c.debit, c.credit, amount); err != nil {
			return err
		}
	}
	for _, account := range []string{ledger.Cash, ledger.Clearing} {
		if e.taken[account].Sign() > 0 {
			if err := l.voucher(ctx, e, "收款存入银行", "进账单 "+month.String(), ledger.Bank, account, e.taken[account]); err != nil {
				return err
			}
			e.taken[account] = money.Zero
		}
	}
	return nil
}

func (l *life) voucher(ctx context.Context, e *livingEstate, what, paper, debit, credit string, amount money.Yuan) error {
	_, err := ledger.PostVoucher(ctx, l.gate, l.actors[access.CompanyAccountant], l.district, l.key("voucher"), ledger.VoucherRequest{
		Book: e.counter.BookID, BusinessDate: l.clock.Today(), Summary: what, Paper: paper,
		Lines: []ledger.VoucherLine{{Debit: debit, Credit: credit, Amount: amount}}})
	return err
}

// close closes the month before, on the sixth.
func (l *life) close(ctx context.Context, e *livingEstate, month civil.Month, today civil.Date) error {
	if month.Before(e.start(today).Month()) || !l.day(month.Add(1), 6, today) {
		return nil
	}
	_, err := ledger.Close(ctx, l.gate, l.actors[access.CompanyAccountant], l.district, l.key("close"),
		ledger.CloseRequest{Book: e.counter.BookID, Month: month})
	return err
}
