package torture

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"estateledger/civil"
	"estateledger/ledger/money"
)

// battle is clerks who give orders to a service that keeps dying, and what they
// remember: every order until somebody answered it.
type battle struct {
	t       testing.TB
	town    *town
	homes   []int64 // of the estate where people pay
	mu      sync.Mutex
	changed *sync.Cond
	service *service
	flying  map[int64]string // orders under way, by kind
	next    int64
	over    bool
	acked   map[string]acknowledged
	refused map[string]int
	replays int
	earlier map[int64]bookedRun // runs that were there before
}

// acknowledged is an order with the answer its clerk has heard.
type acknowledged struct {
	order  order
	answer answer
}

func newBattle(t testing.TB, w *town, homes []int64, s *service) *battle {
	b := &battle{t: t, town: w, homes: homes, service: s, flying: map[int64]string{}, acked: map[string]acknowledged{}, refused: map[string]int{}}
	b.changed = sync.NewCond(&b.mu)
	_, b.earlier = booked(t, w)
	return b
}

// give sends an order until the service answers it: when it died, when it was
// busy or did not know, again with the same key.
func (b *battle) give(o order) (answer, bool) {
	o.Key, o.District = newKey(), b.town.District
	for {
		b.mu.Lock()
		b.next++
		o.ID = b.next
		s := b.service
		b.flying[o.ID] = o.Kind
		b.mu.Unlock()

		a, heard := s.ask(o)

		b.mu.Lock()
		delete(b.flying, o.ID)
		if heard && !a.Again {
			b.note(o, a)
			b.mu.Unlock()
			return a, a.Code == ""
		}
		for !heard && b.service == s {
			b.changed.Wait() // for the next service
		}
		b.mu.Unlock()
	}
}

// note remembers an answer; the lock is held.
func (b *battle) note(o order, a answer) {
	if a.Code != "" {
		b.refused[o.Kind+" "+a.Code]++
		return
	}
	b.acked[o.Key] = acknowledged{o, a}
	if a.Replayed {
		b.replays++
	}
	b.changed.Broadcast()
}

// relieve puts a new service in the place of a dead one.
func (b *battle) relieve(s *service) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.service = s
	b.changed.Broadcast()
}

// await waits until so many more orders are acknowledged and enough acts are
// under way, a run among them, and answers what is under way.
func (b *battle) await(more, flying int) string {
	b.mu.Lock()
	defer b.mu.Unlock()
	for goal := len(b.acked) + more; len(b.acked) < goal || len(b.flying) < flying || !b.runUnderWay(); {
		b.changed.Wait()
	}
	kinds := map[string]int{}
	for _, kind := range b.flying {
		kinds[kind]++
	}
	var parts []string
	for _, kind := range slices.Sorted(maps.Keys(kinds)) {
		parts = append(parts, fmt.Sprintf("%s %d", kind, kinds[kind]))
	}
	return fmt.Sprintf("%d acts in flight (%s)", len(b.flying), strings.Join(parts, ", "))
}

func (b *battle) runUnderWay() bool {
	for _, kind := range b.flying {
		if kind != "pay" {
			return true
		}
	}
	return false
}

func (b *battle) isOver() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.over
}

// start sends the clerks to work and answers how to end it: they finish what
// they began.
func (b *battle) start(cashiers int) (end func()) {
	var clerks sync.WaitGroup
	paying, quiet := b.town.places[0], b.town.places[1]
	for range cashiers {
		clerks.Go(func() { b.takeMoney(paying) })
	}
	clerks.Go(func() { b.sendBills(paying) })
	for range 2 {
		clerks.Go(func() { b.sendBills(quiet) })
	}
	return func() {
		b.mu.Lock()
		b.over = true
		b.mu.Unlock()
		clerks.Wait()
	}
}

// takeMoney pays something for a random home, again and again.
func (b *battle) takeMoney(p *place) {
	for !b.isOver() {
		b.give(order{Kind: "pay", Actor: p.clerk, Unit: b.homes[rand.IntN(len(b.homes))], Counter: p.counter, Amount: money.Fen(1 + rand.Int64N(9000))})
	}
}

// sendBills publishes months and takes them back where nobody has paid.
func (b *battle) sendBills(p *place) {
	for m := civil.MonthOf(2023, 9); !b.isOver(); m = m.Add(1) {
		if m.After(civil.MonthOf(2026, 9)) {
			m = civil.MonthOf(2023, 9)
		}
		a, done := b.give(order{Kind: "bill", Actor: p.accountant, Estate: p.EstateID, Month: m})
		if done && a.Run != 0 && rand.IntN(3) > 0 {
			b.give(order{Kind: "withdraw", Actor: p.accountant, Run: a.Run})
		}
	}
}
