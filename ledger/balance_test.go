package ledger_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"estateledger/access"
	"estateledger/civil"
	"estateledger/estate/estatetest"
	"estateledger/ledger"
	"estateledger/ledger/money"
	"estateledger/postgres"
)

// someYears posts movements on many days, in no order, reversals among them.
func (b *books) someYears(n int, seed uint64) {
	b.t.Helper()
	random := rand.New(rand.NewPCG(seed, 1))
	slugs := []string{ledger.Cash, ledger.Bank, ledger.ServiceCost, ledger.AdminExpense, ledger.OtherIncome, ledger.OpeningEquity}
	for i := range n {
		debit, credit := random.IntN(len(slugs)), random.IntN(len(slugs)-1)
		if credit >= debit {
			credit++
		}
		on := day("2025-11-15").AddDays(random.IntN(217)) // through 2026-06-19
		entry, _, err := b.post(slugs[debit], 0, slugs[credit], 0, money.Fen(1+random.Int64N(1000000)).String(), on.String())
		b.must(err)
		if i%7 == 0 {
			b.must(b.reverse(on.AddDays(random.IntN(3)).String(), entry))
		}
	}
}

// figures are a trial balance as text: opening, movement and closing.
func (b *books) trial(p civil.Period) string {
	b.t.Helper()
	var out []string
	b.view(b.accountant, func(ctx context.Context, r postgres.Reader, s access.Scope) error {
		lines, err := ledger.TrialBalance(ctx, r, s, b.book, p)
		sum := money.Zero
		for _, l := range lines {
			out = append(out, fmt.Sprintf("%s %s %s %s %s", l.Slug, l.Opening(), l.Debit, l.Credit, l.Closing()))
			sum = sum.Add(l.Closing())
		}
		same(b.t, "Σ of the closings", sum.String(), "0.00")
		return err
	})
	return strings.Join(out, "\n")
}

// trialByHand adds the same figures up from the journal.
func (b *books) trialByHand(lines []ledger.JournalLine, p civil.Period) string {
	b.t.Helper()
	opening, debit, credit := map[int64]money.Yuan{}, map[int64]money.Yuan{}, map[int64]money.Yuan{}
	for _, l := range lines {
		switch {
		case l.PostingDate.Before(p.From):
			opening[l.DebitAccountID] = opening[l.DebitAccountID].Add(l.Amount)
			opening[l.CreditAccountID] = opening[l.CreditAccountID].Sub(l.Amount)
		case !l.PostingDate.After(p.To):
			debit[l.DebitAccountID] = debit[l.DebitAccountID].Add(l.Amount)
			credit[l.CreditAccountID] = credit[l.CreditAccountID].Add(l.Amount)
		}
	}
	var out []string
	b.view(b.accountant, func(ctx context.Context, r postgres.Reader, s access.Scope) error {
		accounts, err := ledger.AccountsOf(ctx, r, s, b.book)
		for _, a := range accounts {
			o, d, c := opening[a.AccountID], debit[a.AccountID], credit[a.AccountID]
			out = append(out, fmt.Sprintf("%s %s %s %s %s", a.Slug, o, d, c, o.Add(d).Sub(c)))
		}
		return err
	})
	return strings.Join(out, "\n")
}

var spans = []civil.Period{
	{From: day("2026-01-01"), To: day("2026-03-31")}, {From: day("2026-02-10"), To: day("2026-04-17")},
	{From: day("2025-01-01"), To: day("2026-12-31")}, {From: day("2026-06-01"), To: day("2026-06-20")}, {From: day("2026-03-08"), To: day("2026-03-08")},
}

func TestATrialBalanceIsTheSumOfTheEntries(t *testing.T) {
	b := newBooks(t)
	b.someYears(60, 7)
	check := func(when string) {
		t.Helper()
		lines := b.journal()
		for _, p := range spans {
			if got, want := b.trial(p), b.trialByHand(lines, p); got != want {
				t.Errorf("%s, %s to %s:\n%s\nwant\n%s", when, p.From, p.To, got, want)
			}
		}
	}
	check("not rolled up")
	b.rollUp(b.DB.App)
	check("rolled up")
	b.someYears(15, 8) // into months that are rolled up already
	check("rolled up in part")
	same(t, "a roll-up takes what is new", b.rollUp(b.DB.App), 18)
	check("rolled up again")
	same(t, "nothing is new", b.rollUp(b.DB.App), 0)
}

func TestABalanceAsOfAnyDay(t *testing.T) {
	b := newBooks(t)
	b.someYears(40, 9)
	b.rollUp(b.DB.App)
	b.someYears(10, 10)
	lines := b.journal()
	for on := day("2025-11-10"); on.Before(day("2026-07-02")); on = on.AddDays(9) {
		want := money.Zero
		for _, l := range lines {
			if l.PostingDate.After(on) {
				continue
			}
			if l.DebitAccountID == b.accounts[ledger.Bank] {
				want = want.Add(l.Amount)
			}
			if l.CreditAccountID == b.accounts[ledger.Bank] {
				want = want.Sub(l.Amount)
			}
		}
		same(t, on.String(), b.balance(ledger.Bank, on.String()), want.String())
	}
}

func TestABalanceOfOneDimension(t *testing.T) {
	b := newBooks(t)
	for _, p := range [][2]string{{"2026-04-10", "10.00"}, {"2026-06-10", "5.00"}} {
		_, _, err := b.post(ledger.Cash, 0, ledger.Prepayment, b.unit, p[1], p[0])
		b.must(err)
	}
	b.rollUp(b.DB.App)
	_, _, err := b.post(ledger.Prepayment, b.unit, ledger.OtherIncome, 0, "2.00", "2026-04-20")
	b.must(err)
	b.view(b.accountant, func(ctx context.Context, r postgres.Reader, s access.Scope) error {
		for through, want := range map[string]string{"2026-04-09": "0.00", "2026-04-15": "-10.00", "2026-04-30": "-8.00", "2026-06-30": "-13.00"} {
			y, err := ledger.Balance(ctx, r, s, b.book, b.accounts[ledger.Prepayment], b.unit, day(through))
			b.must(err)
			same(t, through, y.String(), want)
			none, err := ledger.Balance(ctx, r, s, b.book, b.accounts[ledger.Prepayment], b.unit+1, day(through))
			b.must(err)
			same(t, "another unit", none.String(), "0.00")
		}
		return nil
	})
}

func TestTheJournalByPages(t *testing.T) {
	b := newBooks(t)
	b.someYears(20, 11)
	all := b.journal()
	f := ledger.JournalFilter{Book: b.book, Period: civil.Period{From: day("2025-01-01"), To: day("2026-12-31")}, Limit: 6}
	var got int
	b.view(b.accountant, func(ctx context.Context, r postgres.Reader, s access.Scope) error {
		for {
			page, err := ledger.Journal(ctx, r, s, f)
			if err != nil || len(page) == 0 {
				return err
			}
			for _, l := range page {
				same(t, "entry", l.EntryID, all[got].EntryID)
				got++
			}
			f.AfterDate, f.AfterEntry = page[len(page)-1].PostingDate, page[len(page)-1].EntryID
		}
	})
	same(t, "entries", got, len(all))
	b.view(b.accountant, func(ctx context.Context, r postgres.Reader, s access.Scope) error {
		months, err := ledger.MonthsOf(ctx, r, s, b.book)
		b.must(err)
		total, err := ledger.TotalOf(ctx, r, s, f)
		sum, entries := money.Zero, int64(0)
		for _, m := range months {
			sum, entries = sum.Add(m.Total), entries+m.Entries
		}
		same(t, "Σ months", fmt.Sprint(entries, " ", sum), fmt.Sprint(total.Entries, " ", total.Total))
		return err
	})
}

// A restored database has entries with transaction ids of another server, far
// ahead of its own: without renumbering, everything posted from now on would
// pass for rolled up.
func TestAfterARestoreEveryEntryCountsOnce(t *testing.T) {
	f := estatetest.New(t)
	b := booksIn(t, f)
	b.someYears(20, 12)
	b.rollUp(f.DB.App)
	b.someYears(10, 13) // 12 entries that the backup took before they were rolled up
	before := b.trial(spans[2])
	same(t, "entries the restore rolled up", b.restore(), 12)

	app, err := postgres.Open(context.Background(), postgres.Config{DSN: f.DB.AppDSN}) // a service that starts anew
	b.must(err)
	t.Cleanup(func() { _ = app.Close() })
	f.Gate = access.NewGate(app, f.Clock, true)
	same(t, "figures", b.trial(spans[2]), before)
	b.sameNumbers("restored", 35)
	b.verify(app)

	b.someYears(8, 14) // 10 entries
	lines := b.journal()
	same(t, "not rolled up", b.trial(spans[1]), b.trialByHand(lines, spans[1]))
	same(t, "new entries", b.rollUp(app), 10)
	same(t, "rolled up", b.trial(spans[1]), b.trialByHand(lines, spans[1]))
	b.sameNumbers("later", 45)
}

// rollUp rolls up until nothing is left and answers how many it took: another
// database of the server may hold a part of them back for a while.
func (b *books) rollUp(db *postgres.DB) (total int64) {
	b.t.Helper()
	for deadline := time.Now().Add(2 * time.Minute); ; time.Sleep(50 * time.Millisecond) {
		n, err := ledger.RollUp(context.Background(), db)
		b.must(err)
		total += n
		var left int
		b.must(b.DB.Super.Get(&left, "SELECT count(*) FROM entry e WHERE NOT EXISTS (SELECT 1 FROM entry_sequence s WHERE s.entry_id = e.entry_id)"))
		if left == 0 {
			return total
		}
		if time.Now().After(deadline) {
			b.t.Fatalf("%d entries were never rolled up", left)
		}
	}
}

// restore makes the database what pg_restore leaves, and renumbers it as the
// program does.
func (b *books) restore() (rolled int64) {
	b.t.Helper()
	tx, err := b.DB.Super.Beginx()
	b.must(err)
	for _, statement := range []string{"SET LOCAL session_replication_role = replica", testQueries.Get("older_cluster").Text(), testQueries.Get("older_tail").Text()} {
		_, err := tx.Exec(statement)
		b.must(err)
	}
	b.must(tx.Commit())
	ctx := context.Background()
	b.must(b.DB.Owner.Write(ctx, func(tx postgres.Tx) error { return tx.Get(ctx, &rolled, testQueries.Get("after_restore"), nil) }))
	return rolled
}

// sameNumbers holds the sequence to be dense and complete.
func (b *books) sameNumbers(when string, entries int64) {
	b.t.Helper()
	var n struct {
		Entries  int64 `db:"entries"`
		Numbered int64 `db:"numbered"`
		Last     int64 `db:"last_number"`
	}
	b.sql(&n, "numbered", map[string]any{"district": b.District})
	same(b.t, when+": entries", n.Entries, entries)
	same(b.t, when+": numbered", n.Numbered, entries)
	same(b.t, when+": last number", n.Last, entries)
}
