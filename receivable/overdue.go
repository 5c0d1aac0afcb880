package receivable

import (
	"context"

	"estateledger/access"
	"estateledger/civil"
	"estateledger/ledger/money"
	"estateledger/postgres"
)

// OverdueFilter chooses households with debt past its due date. EstateNode 0 is
// every estate the viewer may see. Text is the beginning of a room number; Units
// are further units to be taken in, found by name or telephone. Age 1 to 5 is the
// age of the oldest part (up to 3, 12, 24, 36, over 36 months); 0 is any.
// AfterEstate and AfterKey are of the last line of the page before.
type OverdueFilter struct {
	EstateNode  int64
	Building    string
	Text        string
	Units       []int64
	Age         int
	AfterEstate int64
	AfterKey    string
	Limit       int
}

type overdueArg struct {
	access.Scope
	Node        int64   `db:"node"`
	Building    string  `db:"building"`
	Text        string  `db:"text"`
	Units       []int64 `db:"units"`
	Age         int     `db:"age"`
	AfterEstate int64   `db:"after_estate"`
	AfterKey    string  `db:"after_key"`
	Limit       int     `db:"limit"`
	ByBuilding  bool    `db:"by_building"`
}

func (f OverdueFilter) arg(s access.Scope) overdueArg {
	units := f.Units
	if units == nil {
		units = []int64{}
	}
	return overdueArg{s, f.EstateNode, f.Building, f.Text, units, f.Age, f.AfterEstate, f.AfterKey, f.Limit, f.EstateNode != 0}
}

// OverdueLine is a household whose debt is past its due date; Open is that part
// alone, Months counts its bills, First and Last are the days they cover.
type OverdueLine struct {
	UnitID      int64      `db:"unit_id"`
	Code        string     `db:"code"`
	EstateID    int64      `db:"estate_id"`
	EstateName  string     `db:"estate_name"`
	Building    string     `db:"building"`
	NoBuilding  bool       `db:"placeholder"`
	SortKey     string     `db:"sort_key"`
	Open        money.Yuan `db:"open"`
	Months      int        `db:"months"`
	EarliestDue civil.Date `db:"earliest_due"`
	First       civil.Date `db:"first_day"`
	Last        civil.Date `db:"last_day"`
	Age         int        `db:"age"`
	OverdueByAge
}

// OverdueByAge splits overdue debt by how long it is overdue.
type OverdueByAge struct {
	To3    money.Yuan `db:"to_3"`
	To12   money.Yuan `db:"to_12"`
	To24   money.Yuan `db:"to_24"`
	To36   money.Yuan `db:"to_36"`
	Over36 money.Yuan `db:"over_36"`
}

// Add is the sum of both.
func (a OverdueByAge) Add(b OverdueByAge) OverdueByAge {
	return OverdueByAge{a.To3.Add(b.To3), a.To12.Add(b.To12), a.To24.Add(b.To24), a.To36.Add(b.To36), a.Over36.Add(b.Over36)}
}

// Overdue lists the households that a filter chooses, by estate and room.
func Overdue(ctx context.Context, r postgres.Reader, s access.Scope, f OverdueFilter) ([]OverdueLine, error) {
	var lines []OverdueLine
	err := r.Select(ctx, &lines, queries.Get("overdue_page").Around(queries.Get("overdue")), f.arg(s))
	return lines, err
}

// OverdueGroup adds up the households of a building, or of an estate when the
// filter names none (Building is then empty).
type OverdueGroup struct {
	EstateID   int64      `db:"estate_id"`
	EstateName string     `db:"estate_name"`
	Building   string     `db:"building"`
	Households int        `db:"households"`
	Months     int        `db:"months"`
	Open       money.Yuan `db:"open"`
	OverdueByAge
}

// OverdueGroups adds up all households that a filter chooses, whatever its page.
func OverdueGroups(ctx context.Context, r postgres.Reader, s access.Scope, f OverdueFilter) ([]OverdueGroup, error) {
	var groups []OverdueGroup
	err := r.Select(ctx, &groups, queries.Get("overdue_groups").Around(queries.Get("overdue")), f.arg(s))
	return groups, err
}

// Building is a building of an estate; Placeholder when its units have none.
type Building struct {
	Name        string `db:"name"`
	Placeholder bool   `db:"placeholder"`
}

// BuildingsOf lists an estate's buildings.
func BuildingsOf(ctx context.Context, r postgres.Reader, s access.Scope, estateNode int64) ([]Building, error) {
	var buildings []Building
	err := r.Select(ctx, &buildings, queries.Get("estate_buildings"), struct {
		access.Scope
		Node int64 `db:"node"`
	}{s, estateNode})
	return buildings, err
}
