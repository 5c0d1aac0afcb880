package bench

import (
	"slices"
	"sync"
	"time"

	"github.com/shopspring/decimal"

	"estateledger/ledger/money"
)

// tally counts what several clients got done and how long each had to wait.
type tally struct {
	took  time.Duration
	count int

	mu    sync.Mutex
	waits []time.Duration
}

func newTally() *tally { return &tally{waits: make([]time.Duration, 0, payers)} }

func (t *tally) add(wait time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.count++
	t.waits = append(t.waits, wait)
}

func (t *tally) rate() float64 { return float64(t.count) / t.took.Seconds() }

// percentile is in milliseconds.
func (t *tally) percentile(p int) float64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.waits) == 0 {
		return 0
	}
	slices.Sort(t.waits)
	return float64(t.waits[(len(t.waits)-1)*p/100].Microseconds()) / 1000
}

// half is half an amount, to the fen above.
func half(amount money.Yuan) money.Yuan {
	return money.Yuan{Decimal: amount.Decimal.Div(decimal.NewFromInt(2)).RoundUp(2)}
}
