package receivable

import (
	"context"

	"estateledger/access"
	"estateledger/civil"
	"estateledger/ledger/money"
	"estateledger/postgres"
)

// Ageing splits open debt by how long it is overdue: not due yet, up to 3, 12,
// 24, 36 and over 36 months after the due date.
type Ageing struct {
	NotDue money.Yuan `db:"not_due" json:"not_due"`
	To3    money.Yuan `db:"to_3" json:"to_3"`
	To12   money.Yuan `db:"to_12" json:"to_12"`
	To24   money.Yuan `db:"to_24" json:"to_24"`
	To36   money.Yuan `db:"to_36" json:"to_36"`
	Over36 money.Yuan `db:"over_36" json:"over_36"`
}

// ArrearsLine is a household that owes.
type ArrearsLine struct {
	UnitID      int64      `db:"unit_id" json:"unit_id,string"`
	UnitCode    string     `db:"unit_code" json:"unit_code"`
	Open        money.Yuan `db:"open" json:"open"`
	Months      int        `db:"months" json:"charges"`
	EarliestDue civil.Date `db:"earliest_due" json:"earliest_due"`
	Ageing
}

// ArrearsTotal is the sum over an estate, from the same rows as the list.
type ArrearsTotal struct {
	Households int        `db:"households" json:"households"`
	Months     int        `db:"months" json:"charges"`
	Open       money.Yuan `db:"open" json:"open"`
	Ageing
}

// ArrearsFilter chooses households of an estate that owe. Code is a beginning
// of a room number such as "7-1". After is the last line of the page before.
type ArrearsFilter struct {
	EstateNode  int64
	Code        string
	OverdueOnly bool
	AfterOpen   money.Yuan
	AfterUnit   int64
	Limit       int
}

// Arrears lists the households of an estate that owe, worst first.
func Arrears(ctx context.Context, r postgres.Reader, s access.Scope, f ArrearsFilter) ([]ArrearsLine, error) {
	if f.Limit <= 0 || f.Limit > 10000 {
		f.Limit = 50
	}
	var lines []ArrearsLine
	err := r.Select(ctx, &lines, queries.Get("arrears"), struct {
		access.Scope
		Node        int64      `db:"node"`
		Code        string     `db:"code"`
		OverdueOnly bool       `db:"overdue_only"`
		AfterOpen   money.Yuan `db:"after_open"`
		AfterUnit   int64      `db:"after_unit"`
		Limit       int        `db:"limit"`
	}{s, f.EstateNode, f.Code, f.OverdueOnly, f.AfterOpen, f.AfterUnit, f.Limit})
	return lines, err
}

// ArrearsTotalOf is the total of an estate's open debt.
func ArrearsTotalOf(ctx context.Context, r postgres.Reader, s access.Scope, estateNode int64) (ArrearsTotal, error) {
	var t ArrearsTotal
	err := r.Get(ctx, &t, queries.Get("arrears_total"), struct {
		access.Scope
		Node int64 `db:"node"`
	}{s, estateNode})
	return t, err
}

// Collection is how an estate's bills of a month are paid, apart from older
// debts recovered in that month, and what is open in all.
type Collection struct {
	NodeID        int64      `db:"node_id" json:"-"`
	BookID        int64      `db:"book_id" json:"book_id,string"`
	Billed        money.Yuan `db:"billed" json:"billed"`
	Collected     money.Yuan `db:"collected" json:"collected"`
	Households    int        `db:"households" json:"households"`
	Recovered     money.Yuan `db:"recovered" json:"recovered"`
	Open          money.Yuan `db:"open" json:"open"`
	Debtors       int        `db:"debtors" json:"debtors"`
	TakenToday    money.Yuan `db:"taken_today" json:"taken_today"`
	PaymentsToday int        `db:"payments_today" json:"payments_today"`
}

// Rate is the collection rate of the month's bills in percent with one decimal,
// half up; old arrears recovered do not count. Empty when nothing was billed.
func (c Collection) Rate() string {
	if c.Billed.Sign() == 0 {
		return ""
	}
	return c.Collected.Shift(2).DivRound(c.Billed.Decimal, 1).StringFixed(1)
}

// Collections gives the collection of a month for every estate the viewer may
// see, or for one (estateNode ≠ 0).
func Collections(ctx context.Context, r postgres.Reader, s access.Scope, month civil.Month, estateNode int64) ([]Collection, error) {
	var lines []Collection
	err := r.Select(ctx, &lines, queries.Get("collection"), struct {
		access.Scope
		Month civil.Month `db:"month"`
		Node  int64       `db:"node"`
	}{s, month, estateNode})
	return lines, err
}
