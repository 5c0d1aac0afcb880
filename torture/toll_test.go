package torture

import (
	"context"
	"fmt"
	"testing"

	"estateledger/access"
	"estateledger/ledger/money"
	"estateledger/postgres"
)

// bookedPayment is what is in the books under one clerk's note.
type bookedPayment struct {
	Note      string     `db:"note"`
	Times     int        `db:"times"`
	PaymentID int64      `db:"payment_id"`
	Amount    money.Yuan `db:"amount"`
}

// bookedRun is a run that was published, with its bills.
type bookedRun struct {
	RunID int64 `db:"run_id"`
	Bills int   `db:"bills"`
	Live  int   `db:"live"`
}

// booked reads all payments by note and all runs by id.
func booked(t testing.TB, w *town) (map[string]bookedPayment, map[int64]bookedRun) {
	t.Helper()
	var payments []bookedPayment
	var runs []bookedRun
	w.read(t, w.System, func(ctx context.Context, r postgres.Reader, s access.Scope) error {
		if err := r.Select(ctx, &payments, queries.Get("payments"), s); err != nil {
			return err
		}
		return r.Select(ctx, &runs, queries.Get("runs"), s)
	})
	byNote, byID := map[string]bookedPayment{}, map[int64]bookedRun{}
	for _, p := range payments {
		byNote[p.Note] = p
	}
	for _, r := range runs {
		byID[r.RunID] = r
	}
	return byNote, byID
}

// toll is what the books say after a battle.
type toll struct{ acknowledged, lost, doubled int }

func (l toll) String() string {
	return fmt.Sprintf("acknowledged=%d lost=%d doubled=%d", l.acknowledged, l.lost, l.doubled)
}

// count looks for every acknowledged act in the books: a payment by the note
// its clerk wrote, a run by its bills. Doubled is what was done more often than
// it was asked for: a payment that is there again, a run nobody was told of.
func (b *battle) count() toll {
	payments, runs := booked(b.t, b.town)
	l := toll{acknowledged: len(b.acked)}
	told := map[int64]bool{}
	for key, done := range b.acked {
		told[done.answer.Run] = true
		if !done.inBooks(payments[key], runs[done.answer.Run]) {
			l.lost++
		}
		l.doubled += max(payments[key].Times-1, 0)
	}
	for id := range runs {
		if _, old := b.earlier[id]; !old && !told[id] {
			l.doubled++
		}
	}
	return l
}

// inBooks says that an acknowledged act is there as it was answered.
func (a acknowledged) inBooks(p bookedPayment, r bookedRun) bool {
	switch {
	case a.order.Kind == "pay" && p.Times == 1:
		return p.PaymentID == a.answer.Payment && p.Amount.Equal(a.order.Amount)
	case a.order.Kind == "pay":
		return p.Times > 1
	case a.answer.Run == 0: // nothing was left to bill
		return true
	case a.order.Kind == "withdraw":
		return r.Live == 0
	}
	return r.Bills == a.answer.Count
}
