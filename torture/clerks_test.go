package torture

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"estateledger/access"
	"estateledger/billing"
	"estateledger/civil"
	"estateledger/ledger"
	"estateledger/ledger/money"
	"estateledger/postgres"
	"estateledger/receivable"
)

const (
	clerks    = 32
	wanted    = 100 // successes of each kind
	mostTries = 20_000
	// slowestClose is how long a close may take under full load.
	slowestClose = 5 * time.Second
)

// office is 32 clerks at one estate with a handful of households.
type office struct {
	t    *testing.T
	town *town
	*place
	last civil.Month // the month that is closed and opened again

	mu       sync.Mutex
	done     map[string]int
	refused  map[string]int
	tries    int
	slowest  time.Duration
	taken    map[string]receivable.Paid // every payment by its note
	payments []int64                    // to be reversed
	runs     []billing.RunResult        // to be withdrawn
	months   []civil.Month              // to be billed
	broken   error
}

// kinds are what a clerk does, in a fixed order.
var kinds = []string{"pay", "reverse", "bill", "withdraw", "close", "reopen"}

// mayRefuse are the refusals that are nobody's fault: somebody was faster.
var mayRefuse = []string{"receivable.already_reversed", "receivable.run_paid", "billing.run_not_published", "ledger.already_closed", "ledger.not_last_closed"}

// TestClerksAtOnce lets 32 clerks pay, reverse, bill, withdraw, close and reopen
// at once on the same eight households.
func TestClerksAtOnce(t *testing.T) {
	o := openOffice(t)
	var working sync.WaitGroup
	for range clerks {
		working.Go(o.work)
	}
	working.Wait()
	t.Logf("successes: %v in %d tries; refused: %v; slowest close %s", o.done, o.tries, o.refused, o.slowest)
	if o.broken != nil {
		t.Error(o.broken)
	}
	for _, kind := range kinds {
		if o.done[kind] < wanted {
			t.Errorf("only %d successes of %q, want %d", o.done[kind], kind, wanted)
		}
	}
	if o.slowest > slowestClose {
		t.Errorf("a close took %s", o.slowest)
	}
	o.checkClosed()
	o.checkBooks()
}

func openOffice(t *testing.T) *office {
	w := build(t, postgres.TestDB(t), civil.MustDate("2026-06-20"))
	// A connection for every clerk: the locks of the database are to decide who waits.
	db, err := postgres.Open(context.Background(), postgres.Config{DSN: w.DB.AppDSN, MaxOpen: clerks + 4})
	must(t, err)
	t.Cleanup(func() { _ = db.Close() })
	w.Gate.DB = db
	o := &office{t: t, town: w, place: w.places[0], last: civil.MonthOf(2026, 5), done: map[string]int{}, refused: map[string]int{},
		taken: map[string]receivable.Paid{}}
	for m := civil.MonthOf(2023, 9); !m.After(civil.MonthOf(2026, 9)); m = m.Add(1) {
		o.months = append(o.months, m)
	}
	w.setRate(t, o.place, civil.On(2023, 9, 15), "0.65")
	return o
}

// work does one thing after the other until everything was done often enough.
func (o *office) work() {
	for {
		kind, ok := o.next()
		if !ok {
			return
		}
		err := o.do(kind)
		o.mu.Lock()
		switch code := codeOf(err); {
		case err == nil:
			o.done[kind]++
		case errors.Is(err, errNothing):
		case slices.Contains(mayRefuse, code):
			o.refused[kind+" "+code]++
		case o.broken == nil:
			o.broken = fmt.Errorf("%s: %w", kind, err)
		}
		o.mu.Unlock()
	}
}

// next is mostly what was done least often so far.
func (o *office) next() (string, bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	least := kinds[0]
	for _, kind := range kinds {
		if o.done[kind] < o.done[least] {
			least = kind
		}
	}
	o.tries++
	if o.done[least] >= wanted || o.tries > mostTries || o.broken != nil {
		return "", false
	}
	if rand.IntN(3) == 0 {
		return least, true
	}
	return kinds[rand.IntN(len(kinds))], true
}

// errNothing says that there was nothing to do it to, or nothing left to do.
var errNothing = errors.New("nothing to do")

func (o *office) do(kind string) error {
	switch kind {
	case "pay":
		return o.pay()
	case "reverse":
		return o.reverse()
	case "bill":
		return o.bill()
	case "withdraw":
		return o.withdraw()
	case "close":
		return o.close()
	}
	return o.reopen()
}

// pay takes money of today or of the month that is being closed.
func (o *office) pay() error {
	key, day := newKey(), o.town.Gate.Clock.Today()
	if rand.IntN(2) == 0 {
		day = o.last.First().AddDays(rand.IntN(31))
	}
	out, err := o.town.cashier.Pay(context.Background(), o.clerk, o.town.District, key, receivable.PayRequest{UnitID: o.Units[rand.IntN(len(o.Units))].ID,
		CounterID: o.counter, Channel: receivable.ByCash, Amount: money.Fen(1 + rand.Int64N(2000)), BusinessDate: day, Note: key})
	if err == nil {
		o.mu.Lock()
		o.taken[key], o.payments = out.Result, append(o.payments, out.Result.PaymentID)
		o.mu.Unlock()
	}
	return err
}

// some is one of a list that others write to. Mostly it is taken off the list,
// now and then left there, so that two clerks do the same at once.
func some[V any](o *office, list *[]V) (v V, err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(*list) == 0 {
		return v, errNothing
	}
	i := rand.IntN(len(*list))
	v = (*list)[i]
	if rand.IntN(4) > 0 {
		*list = slices.Delete(*list, i, i+1)
	}
	return v, nil
}

// add puts something on a list that others write to.
func add[V any](o *office, list *[]V, v V) {
	o.mu.Lock()
	defer o.mu.Unlock()
	*list = append(*list, v)
}

func (o *office) reverse() error {
	payment, err := some(o, &o.payments)
	if err != nil {
		return err
	}
	_, err = receivable.ReversePayment(context.Background(), o.town.Gate, o.accountant, o.town.District, newKey(),
		receivable.ReversePaymentRequest{PaymentID: payment, Reason: "收错了户"})
	return err
}

func (o *office) bill() error {
	month, err := some(o, &o.months)
	if err != nil {
		return err
	}
	out, err := billing.PublishNow(context.Background(), o.town.Gate, o.accountant, o.town.District, newKey(),
		billing.DraftRequest{Estate: o.EstateID, Month: month})
	if err != nil {
		return err
	}
	if out.Result.NothingToBill {
		return errNothing
	}
	add(o, &o.runs, out.Result)
	return nil
}

func (o *office) withdraw() error {
	run, err := some(o, &o.runs)
	if err != nil {
		return err
	}
	_, err = billing.Withdraw(context.Background(), o.town.Gate, o.accountant, o.town.District, newKey(),
		billing.WithdrawRequest{Run: run.RunID, Reason: "单价有误"})
	switch codeOf(err) {
	case "":
		add(o, &o.months, run.Month)
	case "receivable.run_paid":
		add(o, &o.runs, run)
	}
	return err
}

func (o *office) close() error {
	began := time.Now()
	_, err := ledger.Close(context.Background(), o.town.Gate, o.accountant, o.town.District, newKey(), ledger.CloseRequest{Book: o.book, Month: o.last})
	if err == nil {
		took := time.Since(began)
		o.mu.Lock()
		o.slowest = max(o.slowest, took)
		o.mu.Unlock()
	}
	return err
}

func (o *office) reopen() error {
	_, err := ledger.Reopen(context.Background(), o.town.Gate, o.manager, o.town.District, newKey(),
		ledger.CloseRequest{Book: o.book, Month: o.last, Reason: "漏记一笔"})
	return err
}

// checkClosed holds the control totals of every close to those of the event
// after it, or to the books as they are: nothing came into the month meanwhile.
func (o *office) checkClosed() {
	o.t.Helper()
	var events []ledger.PeriodEvent
	var now ledger.JournalTotal
	o.town.read(o.t, o.accountant, func(ctx context.Context, r postgres.Reader, s access.Scope) (err error) {
		if events, err = ledger.PeriodEvents(ctx, r, s, o.book); err != nil {
			return err
		}
		now, err = ledger.TotalOf(ctx, r, s, ledger.JournalFilter{Book: o.book, Period: o.last.Period()})
		return err
	})
	slices.Reverse(events) // the first close first
	for i, e := range events {
		after := now
		if i+1 < len(events) {
			after = ledger.JournalTotal{Entries: events[i+1].Entries, Total: events[i+1].Total}
		}
		if e.Closed && (after.Entries != e.Entries || !after.Total.Equal(e.Total)) {
			o.t.Errorf("closed with %d entries, %s; afterwards there were %d, %s", e.Entries, e.Total, after.Entries, after.Total)
		}
	}
	if n := len(events); n < 2*wanted || events[n-1].Entries <= events[0].Entries {
		o.t.Errorf("%d closes and reopens, entries of the month from %d to %d: nobody posted into it while it was open", n, events[0].Entries, events[n-1].Entries)
	}
}

// checkBooks lets the books search themselves and looks for every payment that
// a clerk was told of, once.
func (o *office) checkBooks() {
	o.t.Helper()
	payments, _ := booked(o.t, o.town)
	for note, paid := range o.taken {
		if p := payments[note]; p.Times != 1 || p.PaymentID != paid.PaymentID || !p.Amount.Equal(paid.Amount) {
			o.t.Errorf("payment %s of %s is %d times in the books, as %d of %s", note, paid.Amount, p.Times, p.PaymentID, p.Amount)
		}
	}
	if len(payments) != len(o.taken) {
		o.t.Errorf("%d payments in the books, %d acknowledged", len(payments), len(o.taken))
	}
	_, err := ledger.RollUp(context.Background(), o.town.DB.App)
	must(o.t, err)
	o.town.verified(o.t)
}
