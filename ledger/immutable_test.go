package ledger_test

import (
	"context"
	"testing"

	"github.com/lib/pq"

	"estateledger/access"
	"estateledger/ledger"
	"estateledger/ledger/money"
	"estateledger/postgres"
)

// postgresRefuses says that the database refused with a SQLSTATE.
func postgresRefuses(err error, state string) bool {
	e := pq.As(err)
	return e != nil && string(e.Code) == state
}

// Rule 37: what is posted stays. The service has no right to change it, and the
// owner of the tables is stopped by a trigger.
func TestWhatIsPostedStays(t *testing.T) {
	b := newBooks(t)
	b.voucher("2026-05-10", ledger.ServiceCost, ledger.Cash, "20.00")
	entry, _, err := b.post(ledger.Cash, 0, ledger.OpeningEquity, 0, "100.00", "2026-05-11")
	b.must(err)
	b.must(b.reverse("2026-05-12", entry))
	_, err = b.closeMonth("2026-05")
	b.must(err)
	const noRight, refusedByTrigger = "42501", "23001"
	for _, change := range []string{"update_entry", "delete_entry", "truncate_entry", "update_partition", "delete_partition", "truncate_partition",
		"update_reversal", "delete_period_event", "truncate_period_event", "delete_voucher", "truncate_voucher"} {
		if err := b.change(b.DB.App, change); !postgresRefuses(err, noRight) {
			t.Errorf("%s as the service: %v", change, err)
		}
		if err := b.change(b.DB.Owner, change); !postgresRefuses(err, refusedByTrigger) {
			t.Errorf("%s as the owner: %v", change, err)
		}
	}
	same(t, "entries", len(b.journal()), 3)
}

func TestAnEntryIsAMovement(t *testing.T) {
	b := newBooks(t)
	post := func(credit string, amount string) error {
		return b.act(func(ctx context.Context, tx postgres.Tx, act *access.Record) error {
			_, err := ledger.Post(ctx, tx, act, ledger.Movement{Book: b.book, Debit: b.accounts[ledger.Cash], Credit: b.accounts[credit],
				Amount: money.MustYuan(amount), Business: day("2026-06-01"), Posting: day("2026-06-01"), Kind: ledger.FromOpening, Source: 1})
			return err
		})
	}
	for what, c := range map[string]struct{ credit, amount, constraint string }{
		"nothing":                 {ledger.OpeningEquity, "0.00", "entry_amount"},
		"red without an original": {ledger.OpeningEquity, "-1.00", "entry_amount"},
		"from itself to itself":   {ledger.Cash, "1.00", "entry_sides"},
	} {
		if err := post(c.credit, c.amount); !postgres.Violates(err, c.constraint) {
			t.Errorf("%s: %v", what, err)
		}
	}
	same(t, "entries", len(b.journal()), 0)
}

func TestHoldOpenRefusesAClosedMonth(t *testing.T) {
	b := newBooks(t)
	_, err := b.closeMonth("2026-05")
	b.must(err)
	hold := func(on string) error {
		return b.act(func(ctx context.Context, tx postgres.Tx, act *access.Record) error {
			return ledger.HoldOpen(ctx, tx, b.District, b.book, day(on))
		})
	}
	refused(t, hold("2026-05-31"), "ledger.month_closed", "posting_date")
	b.must(hold("2026-06-01"))
}
