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

// Collection is how an estate's bills of a span of months are paid, apart from
// older debts recovered in those months, and what is open and overdue in all.
// ClosedThrough is the last closed month of the estate's book, zero when none is.
type Collection struct {
	NodeID         int64       `db:"node_id" json:"-"`
	BookID         int64       `db:"book_id" json:"book_id,string"`
	Billed         money.Yuan  `db:"billed" json:"billed"`
	Collected      money.Yuan  `db:"collected" json:"collected"`
	Households     int         `db:"households" json:"households"`
	Recovered      money.Yuan  `db:"recovered" json:"recovered"`
	Open           money.Yuan  `db:"open" json:"open"`
	Debtors        int         `db:"debtors" json:"debtors"`
	Overdue        money.Yuan  `db:"overdue" json:"overdue"`
	OverdueDebtors int         `db:"overdue_debtors" json:"overdue_debtors"`
	TakenToday     money.Yuan  `db:"taken_today" json:"taken_today"`
	PaymentsToday  int         `db:"payments_today" json:"payments_today"`
	Prepaid        money.Yuan  `db:"prepaid" json:"prepaid"`
	Prepayers      int         `db:"prepayers" json:"prepayers"`
	ClosedThrough  civil.Month `db:"closed_through" json:"closed_through"`
}

// Rate is the collection rate of the span's bills in percent with one decimal,
// half up; old arrears recovered do not count. Empty when nothing was billed.
func (c Collection) Rate() string {
	if c.Billed.Sign() == 0 {
		return ""
	}
	return c.Collected.Shift(2).DivRound(c.Billed.Decimal, 1).StringFixed(1)
}

// collectionArg asks for a span of months, of one estate or of all.
type collectionArg struct {
	access.Scope
	Month civil.Month `db:"month"`
	Until civil.Month `db:"until"`
	Node  int64       `db:"node"`
}

// Collections gives the collection of a month for every estate the viewer may
// see, or for one (estateNode ≠ 0).
func Collections(ctx context.Context, r postgres.Reader, s access.Scope, month civil.Month, estateNode int64) ([]Collection, error) {
	return CollectionsOver(ctx, r, s, month, month, estateNode)
}

// CollectionsOver is Collections for the months from first to last, both included.
func CollectionsOver(ctx context.Context, r postgres.Reader, s access.Scope, first, last civil.Month, estateNode int64) ([]Collection, error) {
	var lines []Collection
	err := r.Select(ctx, &lines, queries.Get("collection"), collectionArg{s, first, last.Add(1), estateNode})
	return lines, err
}

// MonthCollected is a month's bills of an estate and what has been collected of
// them; Recovered is what came in during the month for older ones.
type MonthCollected struct {
	Month      civil.Month `db:"month" json:"month"`
	Billed     money.Yuan  `db:"billed" json:"billed"`
	Collected  money.Yuan  `db:"collected" json:"collected"`
	Households int         `db:"households" json:"households"`
	Recovered  money.Yuan  `db:"recovered" json:"recovered"`
}

// CollectedByMonth lists the months from first to last of an estate that have
// bills or recovered arrears, the latest first.
func CollectedByMonth(ctx context.Context, r postgres.Reader, s access.Scope, estateNode int64, first, last civil.Month) ([]MonthCollected, error) {
	var months []MonthCollected
	err := r.Select(ctx, &months, queries.Get("collection_months"), collectionArg{s, first, last.Add(1), estateNode})
	return months, err
}

// Owed is what a unit owes, and how much of it is overdue.
type Owed struct {
	UnitID  int64      `db:"unit_id"`
	Open    money.Yuan `db:"open"`
	Overdue money.Yuan `db:"overdue"`
}

// OwedBy gives what each of some units owes, by unit; who owes nothing is not in it.
func OwedBy(ctx context.Context, r postgres.Reader, s access.Scope, units []int64) (map[int64]Owed, error) {
	var rows []Owed
	err := r.Select(ctx, &rows, queries.Get("owed_by_units"), struct {
		access.Scope
		Units []int64 `db:"units"`
	}{s, units})
	owed := make(map[int64]Owed, len(rows))
	for _, row := range rows {
		owed[row.UnitID] = row
	}
	return owed, err
}
