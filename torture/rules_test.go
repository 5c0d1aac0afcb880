package torture

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"estateledger/access"
	"estateledger/civil"
	"estateledger/ledger"
	"estateledger/ledger/money"
	"estateledger/postgres"
	"estateledger/receivable"
)

// journal reads the entries of a unit in a book, by what each moved.
func (w *town) journal(t testing.TB, p *place, f ledger.JournalFilter) []ledger.JournalLine {
	t.Helper()
	f.Book, f.Limit = p.book, 500
	if f.Period.IsEmpty() {
		f.Period = civil.Period{From: civil.On(2023, 1, 1), To: civil.On(2030, 12, 31)}
	}
	var lines []ledger.JournalLine
	w.read(t, p.accountant, func(ctx context.Context, r postgres.Reader, s access.Scope) (err error) {
		lines, err = ledger.Journal(ctx, r, s, f)
		return err
	})
	return lines
}

// statement is a unit's account from the first day to the last.
func (w *town) statement(t testing.TB, p *place, unit int64) receivable.Statement {
	t.Helper()
	var st receivable.Statement
	w.read(t, p.accountant, func(ctx context.Context, r postgres.Reader, s access.Scope) (err error) {
		st, err = receivable.StatementOf(ctx, r, s, unit, civil.Period{From: civil.On(2023, 1, 1), To: civil.On(2030, 12, 31)})
		return err
	})
	return st
}

// owes is the balance of a unit's receivable in the ledger.
func (w *town) owes(t testing.TB, p *place, unit int64) money.Yuan {
	t.Helper()
	var owed money.Yuan
	w.read(t, p.accountant, func(ctx context.Context, r postgres.Reader, s access.Scope) error {
		accounts, err := ledger.Accounts(ctx, r, s.District, p.book)
		if err != nil {
			return err
		}
		owed, err = ledger.Balance(ctx, r, s, p.book, accounts[ledger.Receivable], unit, civil.On(2030, 12, 31))
		return err
	})
	return owed
}

func equal[V comparable](t testing.TB, what string, got, want V) {
	t.Helper()
	if got != want {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

// TestRule19PaymentOrder: 100.00 over a penalty of 3.00 and three bills of 44.09.
func TestRule19PaymentOrder(t *testing.T) {
	w := build(t, postgres.TestDB(t), civil.MustDate("2026-06-20"))
	p := w.places[0]
	w.setRate(t, p, civil.On(2023, 9, 15), "0.65")
	for _, month := range []string{"2026-01", "2026-02", "2026-03"} {
		w.bill(t, p, month)
	}
	for _, c := range []struct {
		name   string
		unit   int64
		direct string // the month paid first, by the payer's choice
		want   string // what each debt got, oldest first
	}{
		{"undirected", p.Units[0].ID, "", "penalty 3.00, 2026-01 44.09, 2026-02 44.09, 2026-03 8.82"},
		{"March first", p.Units[4].ID, "2026-03", "penalty 3.00, 2026-01 44.09, 2026-02 8.82, 2026-03 44.09"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w.penalise(t, p, c.unit)
			var first []receivable.ChargeID
			for _, charge := range w.charges(t, p, c.unit) {
				if charge.Month().String() == c.direct && charge.ItemCode == "SERVICE_FEE" {
					first = append(first, receivable.ChargeID(charge.ChargeID))
				}
			}
			equal(t, "owed before", w.owes(t, p, c.unit).String(), "135.27")
			paid := w.pay(t, p, c.unit, "100.00", first...)
			equal(t, "settled", paid.Settled.String(), "100.00")
			equal(t, "prepaid", paid.Prepaid.String(), "0.00")
			equal(t, "charges", settledOf(w.charges(t, p, c.unit)), c.want)
			entries := w.journal(t, p, ledger.JournalFilter{SourceKind: ledger.FromPayment, Source: paid.PaymentID})
			equal(t, "entries", fmt.Sprint(len(entries), " ", entries[0].DebitName, " ", entries[0].CreditName, " ", entries[0].Amount), "1 库存现金 应收账款 100.00")
			equal(t, "owed after", w.owes(t, p, c.unit).String(), "35.27")
			equal(t, "statement", w.statement(t, p, c.unit).Closing.String(), "35.27")
		})
	}
	w.verified(t)
}

// penalise publishes a penalty of 3.00 for January's bill, due with it.
func (w *town) penalise(t testing.TB, p *place, unit int64) {
	t.Helper()
	c := access.Command{Actor: p.accountant, District: w.District, Node: p.EstateNode, Permission: access.BillPublish, UseCase: "torture.penalty", Key: newKey()}
	_, err := access.Act(context.Background(), w.Gate, c, func(ctx context.Context, tx postgres.Tx, act *access.Record) (receivable.Published, error) {
		return receivable.Publish(ctx, tx, act, receivable.Publication{Book: p.book, Source: queries.Get("penalty"),
			Arg: map[string]any{"unit": unit, "due": civil.On(2026, 1, 31), "posting": act.Today, "amount": money.MustYuan("3.00")}})
	})
	must(t, err)
}

// settledOf tells what each charge got, oldest first.
func settledOf(charges []receivable.Charge) string {
	slices.Reverse(charges)
	text := ""
	for _, c := range charges {
		if c.ItemCode == "LATE_PENALTY" {
			text = "penalty " + c.Settled.String() + text
			continue
		}
		text += ", " + c.Month().String() + " " + c.Settled.String()
	}
	return text
}

// TestRule37CorrectionsReverse: a receipt of 44.09 for the wrong room, found
// after its month was closed.
func TestRule37CorrectionsReverse(t *testing.T) {
	w := build(t, postgres.TestDB(t), civil.MustDate("2026-06-20"))
	p, ctx := w.places[0], context.Background()
	wrong, right := p.Units[0].ID, p.Units[4].ID
	w.setRate(t, p, civil.On(2023, 9, 15), "0.65")
	w.bill(t, p, "2026-05")
	mistaken := w.pay(t, p, wrong, "44.09")

	w.Clock.SetDay(civil.MustDate("2026-07-02"))
	june := civil.MonthOf(2026, 6)
	closed, err := ledger.Close(ctx, w.Gate, p.accountant, w.District, newKey(), ledger.CloseRequest{Book: p.book, Month: june})
	must(t, err)
	_, err = receivable.ReversePayment(ctx, w.Gate, p.accountant, w.District, newKey(),
		receivable.ReversePaymentRequest{PaymentID: mistaken.PaymentID, Reason: "收错了房号"})
	must(t, err)
	again, err := w.cashier.Pay(ctx, p.clerk, w.District, newKey(), receivable.PayRequest{UnitID: right, CounterID: p.counter,
		Channel: receivable.ByCash, Amount: money.MustYuan("44.09"), BusinessDate: civil.MustDate("2026-06-20")})
	must(t, err)

	var rows []string
	for _, e := range w.journal(t, p, ledger.JournalFilter{}) {
		if e.DebitName == "库存现金" {
			rows = append(rows, fmt.Sprint(e.PostingDate, " ", e.Amount, " unit ", e.CreditDimension))
		}
	}
	want := []string{fmt.Sprint("2026-06-20 44.09 unit ", wrong), fmt.Sprint("2026-07-02 -44.09 unit ", wrong), fmt.Sprint("2026-07-02 44.09 unit ", right)}
	if !slices.Equal(rows, want) {
		t.Errorf("rows of the cash account: %q, want %q", rows, want)
	}
	equal(t, "numbers", fmt.Sprint(mistaken.Number, " ", again.Result.Number), "1 2")
	w.checkReceipts(t, p, mistaken, again.Result)
	w.checkUntouched(t, p, closed.Result)
	equal(t, "the wrong room owes again", w.statement(t, p, wrong).Closing.String()+" "+w.owes(t, p, wrong).String(), "44.09 44.09")
	equal(t, "the right room owes nothing", w.statement(t, p, right).Closing.String()+" "+w.owes(t, p, right).String(), "0.00 0.00")
	w.checkImmutable(t, w.journal(t, p, ledger.JournalFilter{SourceKind: ledger.FromPayment, Source: mistaken.PaymentID})[0].EntryID)
	w.verified(t)
}

// checkReceipts says that both receipts are there under their numbers, the wrong
// one marked as reversed.
func (w *town) checkReceipts(t *testing.T, p *place, mistaken, right receivable.Paid) {
	t.Helper()
	for _, c := range []struct {
		paid     receivable.Paid
		reversed string
	}{{mistaken, "2026-07-02"}, {right, ""}} {
		w.read(t, p.accountant, func(ctx context.Context, r postgres.Reader, s access.Scope) error {
			file, err := receivable.ReceiptOf(ctx, r, s, c.paid.PaymentID)
			equal(t, "receipt", fmt.Sprint(file.ReceiptNo, " ", file.Amount, " ", file.ReversedOn), fmt.Sprint(c.paid.ReceiptNo, " 44.09 ", c.reversed))
			return err
		})
	}
}

// checkUntouched says that a closed month holds what it held when it was closed.
func (w *town) checkUntouched(t *testing.T, p *place, closed ledger.PeriodState) {
	t.Helper()
	w.read(t, p.accountant, func(ctx context.Context, r postgres.Reader, s access.Scope) error {
		now, err := ledger.TotalOf(ctx, r, s, ledger.JournalFilter{Book: p.book, Period: closed.Month.Period()})
		equal(t, "closed month", fmt.Sprint(now.Entries, " ", now.Total), fmt.Sprint(closed.Entries, " ", closed.Total))
		return err
	})
}

// checkImmutable tries to change and to remove what is posted: the service's
// role may not, and a trigger stops the owner of the tables.
func (w *town) checkImmutable(t *testing.T, entry int64) {
	t.Helper()
	for _, who := range []struct {
		name  string
		db    *postgres.DB
		state string
	}{{"service", w.DB.App, "42501"}, {"owner", w.DB.Owner, "23001"}} {
		for _, change := range []string{"change_amount", "change_nothing", "delete_entry", "delete_from_partition", "delete_payment", "delete_receipt"} {
			err := who.db.Write(context.Background(), func(tx postgres.Tx) error {
				_, err := tx.Exec(context.Background(), queries.Get(change), map[string]any{"district": w.District, "entry": entry})
				return err
			})
			var refused interface{ SQLState() string }
			if !errors.As(err, &refused) || refused.SQLState() != who.state {
				t.Errorf("%s by the %s: %v, want SQLSTATE %s", change, who.name, err, who.state)
			}
		}
	}
}
