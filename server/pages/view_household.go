package pages

import (
	"github.com/shopspring/decimal"

	"estateledger/civil"
	"estateledger/ledger/money"
)

// UnitView is the household's file.
type UnitView struct {
	ID        int64
	EstateID  int64
	Estate    string
	Name      string // 7幢1单元502室
	Code      string
	Facts     []Pair // use, tenure, floor, lift
	Areas     []AreaRow
	Titles    []TitleRow
	Occupants []OccupantRow
	Owed      money.Yuan
	Overdue   money.Yuan
	Prepaid   money.Yuan
	Open      []OpenCharge
	Events    []UnitEvent // newest first
	Pager     Pager
	Drawer    string // "area", "owner", "occupant"
	Area      AreaForm
	Owner     OwnerForm
	Occupant  OccupantForm
	Problems  Problems
}

// Page names the template.
func (UnitView) Page() string { return "unit" }

// AreaRow is the floor area from a day on.
type AreaRow struct {
	From   civil.Date
	Area   decimal.NullDecimal
	Source string
	Reason string
	Now    bool
}

// TitleRow is a title: who owned the unit, from when to when.
type TitleRow struct {
	From, Until civil.Date // Until zero: still
	BillFrom    civil.Date
	Owners      string // 顾秀英 1/2、陆建明 1/2
	Phone       string
	Basis       string
	Now         bool
}

// OccupantRow is who lives there without owning it.
type OccupantRow struct {
	Name, Phone string
	From, Until civil.Date
}

// UnitEvent is one thing that happened: a bill, a payment, a reversal, a change of the register.
type UnitEvent struct {
	On     civil.Date
	Tone   Tone // Info bill, Good payment, Bad reversal, Plain register
	What   string
	Detail string
	Amount money.Yuan
	Signed bool // show the amount
	URL    string
}

// AreaForm is POST area_save: a correction from a day on.
type AreaForm struct {
	Area   string `form:"area"`
	Source string `form:"source"` // registry, survey, contract, stated
	From   string `form:"valid_from"`
	Reason string `form:"reason"`
}

// SourceOptions are where an area comes from, the best first.
func SourceOptions() []Option {
	return []Option{{"registry", "产权登记"}, {"survey", "测绘"}, {"contract", "合同"}, {"stated", "业主自报"}}
}

// OwnerForm is POST owner_save: the unit has a new owner from a day on.
type OwnerForm struct {
	Name     string `form:"name"`
	Phone    string `form:"phone"`
	Document string `form:"document"`
	From     string `form:"valid_from"`
	BillFrom string `form:"bill_from"`
	Basis    string `form:"basis"`
}

// OccupantForm is POST occupant_save.
type OccupantForm struct {
	Name  string `form:"name"`
	Phone string `form:"phone"`
	From  string `form:"valid_from"`
	Until string `form:"valid_to"`
}

// StatementView is the household's statement of account, a sheet of paper.
type StatementView struct {
	UnitID           int64
	Estate, Unit     string
	Owner            string
	Company          string
	From, To         civil.Date
	Opening, Closing money.Yuan // what was owed
	Charged, Paid    money.Yuan
	Prepaid          money.Yuan
	Lines            []StatementLine
}

// StatementLine is one movement of what a household owes.
type StatementLine struct {
	On       civil.Date
	What     string
	Document string     // receipt number
	Charged  money.Yuan // zero: not a charge
	Paid     money.Yuan
	Owed     money.Yuan // after this line
}

// Page names the template.
func (StatementView) Page() string { return "unit_statement" }

// ArrearsView is who owes, since when, how much.
type ArrearsView struct {
	AsOf      civil.Date
	Filter    ArrearsFilter
	Estates   []Option
	Buildings []Option // empty: no such filter
	AgeRanges []Option // empty: no such filter
	Ages      MoneyBar
	Tiles     []Tile
	Groups    []ArrearsGroup // by building or estate, with a subtotal each
	Sum       ArrearsRow
	Pager     Pager
	ExportURL string
	WithNames bool // whether this user may see names and phones
}

// ArrearsFilter is the filter row.
type ArrearsFilter struct {
	Estate   string `query:"estate"`
	Building string `query:"building"`
	Age      string `query:"age"`
	Query    string `query:"q"`
}

// ArrearsGroup is a part of the list with its subtotal; a Sum without Code is not shown.
type ArrearsGroup struct {
	Name string
	Rows []ArrearsRow
	Sum  ArrearsRow
}

// ArrearsRow is one household that owes.
type ArrearsRow struct {
	UnitID       int64
	Code         string
	Estate       string
	Owner, Phone string
	Periods      string // 2025-07 至 2026-06
	Months       int
	Units        int // in a sum: households
	Owed         money.Yuan
	Age          Tag
	OldestDue    civil.Date
}

// Page names the template.
func (ArrearsView) Page() string { return "arrears" }
