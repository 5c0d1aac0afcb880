package bench

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"estateledger/access"
	"estateledger/civil"
	"estateledger/ledger/money"
	"estateledger/receivable"
)

const (
	clients = 16
	// payers is how many households the estate of the payments has: each pays
	// once, so it bounds how many payments all rounds together can take.
	payers = 240_000
	// payFor is how long a round of payments lasts, and one of pgbench.
	payFor = 20 * time.Second
)

// debt is a household and what it owes.
type debt struct {
	unit int64
	open money.Yuan
}

// measurePay takes payments at 16 counters at once through the service layer,
// each acknowledged after its commit, in turns with pgbench.
func measurePay(ctx context.Context, r *run) ([]float64, error) {
	fmt.Fprintf(r.Out, "  product  receivable.Cashier.Pay, %d cashiers at %d counters of one estate, each household pays once:\n", clients, clients)
	fmt.Fprintln(r.Out, "           70 % in full, 15 % a half, 15 % 100 yuan too much; a third owes one month, two, three")
	fmt.Fprintf(r.Out, "  limit    pgbench -M prepared -c %d -j 2 -T %d, tpcb-like, -s %d, same server\n", clients, int(payFor.Seconds()), scale)
	if err := r.step("pgbench -i", func() error { return r.initPgbench(ctx) }); err != nil {
		return nil, err
	}
	if err := r.step("three months of bills", func() error { return r.billPayers(ctx) }); err != nil {
		return nil, err
	}
	debts, err := r.debts(ctx)
	if err != nil {
		return nil, err
	}
	warm := min(2000, len(debts)/10)
	if _, err := r.payRound(ctx, debts[:warm], time.Minute); err != nil {
		return nil, err
	}
	paid, debts := warm, debts[warm:]
	var ratios []float64
	for round := 1; round <= r.Rounds; round++ {
		if err := r.settle(ctx); err != nil {
			return nil, err
		}
		got, err := r.payRound(ctx, debts, payFor)
		if err != nil {
			return nil, err
		}
		if got.count == len(debts) {
			return nil, errors.New("every household has paid before the time was up: the fixture is too small for this machine")
		}
		paid, debts = paid+got.count, debts[got.count:]
		limit, err := r.pgbenchRound(ctx)
		if err != nil {
			return nil, err
		}
		ratios = append(ratios, got.rate()/limit)
		fmt.Fprintf(r.Out, "  round %d  product %.0f/s (%d in %.1f s; p50 %.1f ms, p95 %.1f, p99 %.1f), pgbench %.0f/s, ratio %.2f, load %s\n", round,
			got.rate(), got.count, got.took.Seconds(), got.percentile(50), got.percentile(95), got.percentile(99), limit, got.rate()/limit, load())
	}
	return ratios, r.checkPayments(ctx, paid)
}

// billPayers publishes three months for the estate, so that its households owe
// one to three charges each.
func (r *run) billPayers(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Minute)
	defer cancel()
	for month := civil.MonthOf(2026, 8); month.Before(thisMonth); month = month.Add(1) {
		if _, err := r.publish(ctx, r.payEstate(), month); err != nil {
			return err
		}
	}
	return nil
}

func (r *run) debts(ctx context.Context) ([]debt, error) {
	text, err := r.script(ctx, r.super(), "pay_debts.psql", variables{"district": r.payEstate().district})
	if err != nil {
		return nil, err
	}
	var debts []debt
	for line := range strings.Lines(text) {
		var d debt
		var open string
		if _, err := fmt.Sscan(line, &d.unit, &open); err != nil {
			return nil, err
		}
		if d.open, err = money.ParseYuan(open); err != nil {
			return nil, err
		}
		debts = append(debts, d)
	}
	return debts, nil
}

// payRound lets the clients pay down the list together until the time is up
// and answers what they got done.
func (r *run) payRound(ctx context.Context, debts []debt, limit time.Duration) (*tally, error) {
	cashier := receivable.NewCashier(r.gate)
	place := r.payEstate()
	total := newTally()
	var last atomic.Int64
	started := time.Now()
	err := together(ctx, clients, func(ctx context.Context, c int) error {
		actor := access.Actor{UserID: int64(101 + c), Name: fmt.Sprint("cashier", c+1)}
		counter := (place.estate-100000)*100 + int64(c) + 1
		for time.Since(started) < limit && ctx.Err() == nil {
			i := int(last.Add(1)) - 1
			if i >= len(debts) {
				return nil
			}
			began := time.Now()
			if err := pay(ctx, cashier, actor, place.district, counter, debts[i], i); err != nil {
				return err
			}
			total.add(time.Since(began))
		}
		return nil
	})
	total.took = time.Since(started)
	return total, err
}

// channels are what people pay by, in turns.
var channels = []receivable.Channel{receivable.ByCash, receivable.ByWechat, receivable.ByPOS, receivable.ByTransfer}

var (
	tooMuch = money.MustYuan("100")
)

// pay takes what the i-th household brings, and holds the answer against it.
func pay(ctx context.Context, cashier *receivable.Cashier, actor access.Actor, district, counter int64, d debt, i int) error {
	amount := d.open
	switch n := i % 20; {
	case n >= 17:
		amount = amount.Add(tooMuch)
	case n >= 14:
		amount = half(amount)
	}
	out, err := cashier.Pay(ctx, actor, district, fmt.Sprintf("bench:pay:%d", d.unit), receivable.PayRequest{
		UnitID: d.unit, CounterID: counter, Channel: channels[i%len(channels)], Amount: amount,
	})
	if err != nil {
		return err
	}
	paid := out.Result
	if out.Replayed || paid.Amount.Cmp(amount) != 0 || paid.Settled.Add(paid.Prepaid).Cmp(amount) != 0 || paid.ReceiptNo == "" {
		return fmt.Errorf("household %d brought %s and was answered %+v", d.unit, amount, out)
	}
	return nil
}

// checkPayments holds the books against what was acknowledged.
func (r *run) checkPayments(ctx context.Context, acknowledged int) error {
	text, err := r.script(ctx, r.super(), "pay_check.psql", variables{"district": r.payEstate().district})
	if err != nil {
		return err
	}
	fmt.Fprintf(r.Out, "  check    acknowledged=%d %s", acknowledged, text)
	var found, wrong int
	if _, err := fmt.Sscanf(text, "payments=%d wrong=%d", &found, &wrong); err != nil {
		return fmt.Errorf("%q: %w", text, err)
	}
	if found != acknowledged || wrong != 0 {
		return fmt.Errorf("%d payments were acknowledged, the books say: %s", acknowledged, text)
	}
	return nil
}
