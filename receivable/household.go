package receivable

import (
	"context"
	"errors"

	"github.com/shopspring/decimal"

	"estateledger/access"
	"estateledger/civil"
	"estateledger/fault"
	"estateledger/ledger/money"
	"estateledger/postgres"
)

// Charge is a debt as its page shows it, with what it was computed from:
// quantity × unit price × days ÷ days of the month, rounded once by the rule.
type Charge struct {
	ChargeID     int64           `db:"charge_id" json:"charge_id,string"`
	ItemID       int             `db:"item_id" json:"-"`
	ItemCode     string          `db:"item_code" json:"item"`
	ItemName     string          `db:"item_name" json:"item_name"`
	SegmentStart civil.Date      `db:"segment_start" json:"segment_start"`
	SegmentEnd   civil.Date      `db:"segment_end" json:"segment_end"`
	DueDate      civil.Date      `db:"due_date" json:"due_date"`
	PostingDate  civil.Date      `db:"posting_date" json:"posting_date"`
	Amount       money.Yuan      `db:"amount" json:"amount"`
	Settled      money.Yuan      `db:"settled" json:"settled"`
	TaxAmount    money.Yuan      `db:"tax_amount" json:"tax_amount"`
	TaxRate      decimal.Decimal `db:"tax_rate" json:"tax_rate"`
	Quantity     decimal.Decimal `db:"quantity" json:"quantity"`
	UnitPrice    decimal.Decimal `db:"unit_price" json:"unit_price"`
	Days         int             `db:"days" json:"days"`
	MonthDays    int             `db:"month_days" json:"month_days"`
	Rounding     money.Rule      `db:"rounding" json:"rounding"`
	State        int             `db:"state" json:"state"`
	RunID        int64           `db:"run_id" json:"run_id,string"`
	DebtorID     int64           `db:"debtor_id" json:"debtor_id,string"`
	ActID        int64           `db:"act_id" json:"act_id,string"`
	BookID       int64           `db:"book_id" json:"book_id,string"`
}

// Open is what is still owed of it.
func (c Charge) Open() money.Yuan { return c.Amount.Sub(c.Settled) }

// Live says that it is neither withdrawn nor reversed.
func (c Charge) Live() bool { return c.State == stateLive }

// Month is the month its segment begins in, as users name the bill.
func (c Charge) Month() civil.Month { return c.SegmentStart.Month() }

// subjectArg asks about a unit.
type subjectArg struct {
	access.Scope
	Subject int64      `db:"subject"`
	Limit   int        `db:"limit"`
	On      civil.Date `db:"on"`
}

// OpenCharges lists what a unit owes, in the order in which money settles it.
func OpenCharges(ctx context.Context, r postgres.Reader, s access.Scope, unit int64) ([]Charge, error) {
	var charges []Charge
	err := r.Select(ctx, &charges, queries.Get("open_charges"), subjectArg{Scope: s, Subject: unit})
	return charges, err
}

// ChargesOf lists the charges of a unit, newest first, withdrawn ones included.
func ChargesOf(ctx context.Context, r postgres.Reader, s access.Scope, unit int64, limit int) ([]Charge, error) {
	var charges []Charge
	err := r.Select(ctx, &charges, queries.Get("charges_of"), subjectArg{Scope: s, Subject: unit, Limit: limit})
	return charges, err
}

// ChargeOf is one charge; receivable.charge_not_found when it is not there or
// not the viewer's.
func ChargeOf(ctx context.Context, r postgres.Reader, s access.Scope, id int64) (Charge, error) {
	var c Charge
	err := r.Get(ctx, &c, queries.Get("charge_by_id"), struct {
		access.Scope
		Charge int64 `db:"charge"`
	}{s, id})
	if errors.Is(err, postgres.ErrNoRow) {
		return c, fault.NotFound("receivable.charge_not_found", "没有这笔账单,或您不能查看它。")
	}
	return c, err
}

// PrepaymentOf is the money of a unit that has settled nothing yet.
func PrepaymentOf(ctx context.Context, r postgres.Reader, s access.Scope, unit int64) (money.Yuan, error) {
	var y money.Yuan
	err := r.Get(ctx, &y, queries.Get("prepayments_of"), subjectArg{Scope: s, Subject: unit})
	return y, err
}

// LineKind says what a line of a household statement is.
type LineKind string

// The kinds of lines.
const (
	LineBill            LineKind = "bill"
	LineWithdrawn       LineKind = "withdrawn"
	LineReversed        LineKind = "reversed"
	LinePayment         LineKind = "payment"
	LinePaymentReversed LineKind = "payment_reversed"
)

// LineNames gives each kind as users read it.
var LineNames = map[LineKind]string{
	LineBill: "账单", LineWithdrawn: "账单撤回", LineReversed: "账单冲销", LinePayment: "收款", LinePaymentReversed: "收款冲回",
}

// HouseholdLine is one event of a household: what it adds to the debt, and the
// debt after it; a negative balance is a prepayment.
type HouseholdLine struct {
	At      civil.Date `db:"at" json:"date"`
	Kind    LineKind   `db:"kind" json:"kind"`
	ID      int64      `db:"id" json:"id,string"`
	Text    string     `db:"text" json:"text"`
	Amount  money.Yuan `db:"amount" json:"amount"`
	ActID   int64      `db:"act_id" json:"act_id,string"`
	Balance money.Yuan `db:"-" json:"balance"`
}

// Statement is a household's account between two days: the balance before, the
// lines, the balance after.
type Statement struct {
	Period  civil.Period    `json:"period"`
	Opening money.Yuan      `json:"opening"`
	Lines   []HouseholdLine `json:"lines"`
	Closing money.Yuan      `json:"closing"`
}

// StatementOf gives a household's statement for a period. The opening line is
// there even when nothing happened.
func StatementOf(ctx context.Context, r postgres.Reader, s access.Scope, unit int64, p civil.Period) (Statement, error) {
	var lines []HouseholdLine
	if err := r.Select(ctx, &lines, queries.Get("household_lines"), subjectArg{Scope: s, Subject: unit}); err != nil {
		return Statement{}, err
	}
	out := Statement{Period: p}
	balance := money.Zero
	for _, line := range lines {
		balance = balance.Add(line.Amount)
		switch {
		case line.At.Before(p.From):
			out.Opening = balance
		case !line.At.After(p.To):
			line.Balance = balance
			out.Lines = append(out.Lines, line)
		}
	}
	out.Closing = out.Opening
	if n := len(out.Lines); n > 0 {
		out.Closing = out.Lines[n-1].Balance
	}
	return out, nil
}
