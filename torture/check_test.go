package torture

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"pgregory.net/rapid"

	"estateledger/access"
	"estateledger/civil"
	"estateledger/ledger"
	"estateledger/ledger/money"
	"estateledger/postgres"
	"estateledger/receivable"
)

// bookedCharge is a charge as the table holds it.
type bookedCharge struct {
	ChargeID     int64      `db:"charge_id"`
	SubjectID    int64      `db:"subject_id"`
	RunID        int64      `db:"run_id"`
	DebtorID     int64      `db:"debtor_id"`
	SegmentStart civil.Date `db:"segment_start"`
	SegmentEnd   civil.Date `db:"segment_end"`
	DueDate      civil.Date `db:"due_date"`
	PostingDate  civil.Date `db:"posting_date"`
	Amount       money.Yuan `db:"amount"`
	TaxAmount    money.Yuan `db:"tax_amount"`
	Settled      money.Yuan `db:"settled"`
	State        int        `db:"state"`
}

func (d *driver) bookedCharges() (rows []bookedCharge) {
	d.look(func(ctx context.Context, r postgres.Reader, s access.Scope) error {
		return r.Select(ctx, &rows, queries.Get("charges"), s)
	})
	return rows
}

// check holds charges and prepayments to the oracle after every command, what
// takes longer to read after every few.
func (d *driver) check(*rapid.T) {
	d.steps++
	d.equal("charges", d.chargeLines(), d.o.chargeLines())
	d.equal("prepayments", d.prepaidLines(), d.o.prepaidLines())
	if d.steps%4 == 0 {
		d.checkBooks()
	}
	if d.steps%20 == 0 {
		d.verify()
	}
}

// checkBooks holds every account and the views to the oracle.
func (d *driver) checkBooks() {
	d.equal("turnovers", d.turnoverLines(), d.o.turnoverLines(d.places))
	d.checkViews()
}

// verify runs the product's own search for differences, before and after the
// roll-up, which must change no figure.
func (d *driver) verify() {
	ctx := context.Background()
	if _, err := ledger.RollUp(ctx, d.town.DB.App); err != nil {
		d.Fatalf("roll-up: %v", err)
	}
	findings, err := ledger.Verify(ctx, d.town.DB.App)
	if err != nil {
		d.Fatalf("verify: %v", err)
	}
	for _, f := range findings {
		d.Errorf("verify: %s %s: expected %s, found %s", f.Check, f.Subject, f.Expected, f.Found)
	}
}

// equal names the first lines that differ.
func (d *driver) equal(what string, got, want []string) {
	if slices.Equal(got, want) {
		return
	}
	var report []string
	for _, line := range got {
		if !slices.Contains(want, line) {
			report = append(report, "  books:  "+line)
		}
	}
	for _, line := range want {
		if !slices.Contains(got, line) {
			report = append(report, "  oracle: "+line)
		}
	}
	d.Fatalf("%s differ:\n%s", what, strings.Join(report, "\n"))
}

func (d *driver) chargeLines() []string {
	var lines []string
	for _, c := range d.bookedCharges() {
		lines = append(lines, fmt.Sprintf("charge %d unit %d run %d title %d %s..%s due %s posted %s amount %s tax %s settled %s state %d", c.ChargeID, c.SubjectID,
			c.RunID, c.DebtorID, c.SegmentStart, c.SegmentEnd, c.DueDate, c.PostingDate, c.Amount, c.TaxAmount, c.Settled, c.State))
	}
	slices.Sort(lines)
	return lines
}

func (o *oracle) chargeLines() []string {
	var lines []string
	for _, e := range o.estates {
		for _, u := range e.units {
			for _, c := range u.charges {
				lines = append(lines, fmt.Sprintf("charge %d unit %d run %d title %d %s..%s due %s posted %s amount %s tax %s settled %s state %d", c.id, u.id,
					c.run.id, c.title, c.start, c.end, c.due, c.posting, c.amount, c.tax, c.settled, c.state))
			}
		}
	}
	slices.Sort(lines)
	return lines
}

// accountKey names a column of figures: an account of a book, of a unit where
// it is one household's, in a month.
type accountKey struct {
	book  int64
	slug  string
	unit  int64
	month civil.Month
}

type sides struct{ debit, credit money.Yuan }

func lines(sums map[accountKey]sides) []string {
	var out []string
	for k, s := range sums {
		out = append(out, fmt.Sprintf("book %d %s unit %d %s: debit %s credit %s", k.book, k.slug, k.unit, k.month, s.debit, s.credit))
	}
	slices.Sort(out)
	return out
}

func (d *driver) turnoverLines() []string {
	var rows []struct {
		BookID    int64       `db:"book_id"`
		Slug      string      `db:"slug"`
		Dimension int64       `db:"dimension"`
		Month     civil.Month `db:"month"`
		Debit     money.Yuan  `db:"debit"`
		Credit    money.Yuan  `db:"credit"`
	}
	d.look(func(ctx context.Context, r postgres.Reader, s access.Scope) error {
		return r.Select(ctx, &rows, queries.Get("turnovers"), s)
	})
	sums := map[accountKey]sides{}
	for _, r := range rows {
		k := accountKey{r.BookID, r.Slug, r.Dimension, r.Month}
		if r.Slug != ledger.Receivable && r.Slug != ledger.Prepayment {
			k.unit = 0 // cash and bank carry their account as a dimension
		}
		s := sums[k]
		sums[k] = sides{s.debit.Add(r.Debit), s.credit.Add(r.Credit)}
	}
	return lines(sums)
}

func (o *oracle) turnoverLines(places map[*oEstate]*place) []string {
	sums := map[accountKey]sides{}
	for _, e := range o.estates {
		book := places[e].book
		for _, x := range e.entries {
			debit := accountKey{book, x.debit, x.debitDim, x.posting.Month()}
			s := sums[debit]
			sums[debit] = sides{s.debit.Add(x.amount), s.credit}
			credit := accountKey{book, x.credit, x.creditDim, x.posting.Month()}
			s = sums[credit]
			sums[credit] = sides{s.debit, s.credit.Add(x.amount)}
		}
	}
	return lines(sums)
}

func (d *driver) prepaidLines() []string {
	var rows []struct {
		Unit    int64      `db:"unit"`
		Balance money.Yuan `db:"balance"`
	}
	d.look(func(ctx context.Context, r postgres.Reader, s access.Scope) error {
		return r.Select(ctx, &rows, queries.Get("holdings"), s)
	})
	var out []string
	for _, r := range rows {
		out = append(out, fmt.Sprintf("unit %d: %s", r.Unit, r.Balance))
	}
	slices.Sort(out)
	return out
}

func (o *oracle) prepaidLines() []string {
	var out []string
	for _, e := range o.estates {
		for _, u := range e.units {
			if u.prepaid.Sign() != 0 {
				out = append(out, fmt.Sprintf("unit %d: %s", u.id, u.prepaid))
			}
		}
	}
	slices.Sort(out)
	return out
}

// checkViews holds what users see of one household and its book to the oracle:
// another one after every step.
func (d *driver) checkViews() {
	for i, e := range d.o.estates {
		u := e.units[(d.steps+i)%len(e.units)]
		d.checkHousehold(u, d.places[e])
		d.checkTrial(e, d.places[e])
	}
}

func (d *driver) checkHousehold(u *oUnit, p *place) {
	d.look(func(ctx context.Context, r postgres.Reader, s access.Scope) error {
		open, err := receivable.OpenCharges(ctx, r, s, u.id)
		if err != nil {
			return err
		}
		var got, want []string
		owed := money.Zero
		for _, c := range open {
			got = append(got, fmt.Sprint(c.ChargeID, " ", c.Open()))
		}
		for _, c := range u.openCharges(nil) {
			want = append(want, fmt.Sprint(c.id, " ", c.open()))
			owed = owed.Add(c.open())
		}
		if !slices.Equal(got, want) {
			d.Fatalf("unit %s owes %v in the view, %v by the oracle", u.code, got, want)
		}
		if owed.Sign() > 0 && u.prepaid.Sign() > 0 {
			d.Fatalf("the oracle itself: unit %s owes %s and has prepaid %s", u.code, owed, u.prepaid)
		}
		statement, err := receivable.StatementOf(ctx, r, s, u.id, civil.Period{From: civil.On(2023, 1, 1), To: civil.On(2099, 12, 31)})
		if err != nil {
			return err
		}
		if balance := owed.Sub(u.prepaid); !statement.Closing.Equal(balance) {
			d.Fatalf("unit %s: the statement closes at %s, the oracle at %s", u.code, statement.Closing, balance)
		}
		return nil
	})
}

// checkTrial holds the trial balance of the months up to today to the oracle's
// entries; it must come to nothing.
func (d *driver) checkTrial(e *oEstate, p *place) {
	period := civil.Period{From: d.o.today.Month().Add(-2).First(), To: d.o.today}
	want := map[string]money.Yuan{}
	for _, x := range e.entries {
		if !x.posting.After(period.To) {
			want[x.debit] = want[x.debit].Add(x.amount)
			want[x.credit] = want[x.credit].Sub(x.amount)
		}
	}
	d.look(func(ctx context.Context, r postgres.Reader, s access.Scope) error {
		trial, err := ledger.TrialBalance(ctx, r, s, p.book, period)
		total := money.Zero
		for _, l := range trial {
			total = total.Add(l.Closing())
			if !l.Closing().Equal(want[l.Slug]) {
				d.Fatalf("trial balance of %s on %s: %s, the oracle %s", l.Slug, period.To, l.Closing(), want[l.Slug])
			}
		}
		if total.Sign() != 0 {
			d.Fatalf("trial balance on %s comes to %s", period.To, total)
		}
		return err
	})
}
