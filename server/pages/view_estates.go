package pages

import (
	"github.com/shopspring/decimal"

	"estateledger/civil"
	"estateledger/ledger/money"
)

// EstatesView lists the estates a user sees.
type EstatesView struct {
	Filter       EstatesFilter
	SubDistricts []Option
	Estates      []EstateRow
	Sum          EstateRow // over all that match, not only this page
	Pager        Pager
	ExportURL    string
}

// EstatesFilter is the filter row; names are the query parameters.
type EstatesFilter struct {
	Query       string `query:"q"`
	SubDistrict string `query:"sub_district"`
	State       string `query:"state"` // "", taken, waiting, incomplete
}

// EstateRow is one estate of the list.
type EstateRow struct {
	ID                     int64
	Name                   string
	SubDistrict, Community string
	Company                string
	BuiltYear              int // 0: not known
	EntryDate              civil.Date
	Units                  int
	Area                   decimal.NullDecimal
	Rate                   decimal.NullDecimal
	Arrears                money.Yuan
	State                  Tag // 已接管, 待接管, 资料不全
}

// Page names the template.
func (EstatesView) Page() string { return "estates" }

// StateOptions are the choices of the state filter.
func (EstatesFilter) StateOptions() []Option {
	return []Option{{"", "全部"}, {"taken", "已接管"}, {"waiting", "待接管"}, {"incomplete", "资料不全"}}
}

// EstateHead is what stands over every tab of an estate's file.
type EstateHead struct {
	ID          int64
	Name        string
	SubDistrict string
	Facts       []string // 1996 年建，无电梯 / 14 幢 38 单元 486 户 / 38,642.57 ㎡
	Waiting     bool     // not taken over yet
}

// EstateView is the first tab of the file: how this estate stands.
type EstateView struct {
	EstateHead
	AsOf      civil.Date // the day the file shows
	IsPast    bool       // AsOf is not today
	Tiles     []Tile
	Facts     []Pair // company, contract, cut-over, renovation …
	Contract  ContractView
	Rates     []RateRow
	Checklist []ChecklistItem
	Takeovers []TakeoverRow // every takeover, the latest first
	Drawer    string        // "rate" or "checklist": the form that is open
	Rate      RateForm
	Check     ChecklistForm
	Problems  Problems
}

// Missing counts what the checklist lacks.
func (v EstateView) Missing() int {
	n := 0
	for _, item := range v.Checklist {
		if item.Status == "missing" {
			n++
		}
	}
	return n
}

// ContractView is the service contract in force, with its window.
type ContractView struct {
	Company  string
	Window   WindowBar
	FeeStart civil.Date
	Rule     string // 按天算首月, 次月起收
	DueDay   string // 每月最后一天, 每月 10 日
	Paper    string
	None     bool
}

// RateRow is one price in time.
type RateRow struct {
	Item, Use string
	Rate      decimal.Decimal // yuan per ㎡ and month, VAT inside
	VAT       decimal.Decimal // 0.06
	Rounding  string          // 四舍五入到分
	From      civil.Date
	Until     civil.Date // zero: still in force
	Basis     string
	State     Tag // 现行, 将生效, 已停用
}

// ChecklistItem is one paper of the handover.
type ChecklistItem struct {
	Code, Name string
	Status     string // present, missing, not_applicable
	Note       string
	Since      civil.Date
}

// Tone is the shape before the item.
func (c ChecklistItem) Tone() Tone {
	switch c.Status {
	case "present":
		return Good
	case "missing":
		return Bad
	}
	return Open
}

// TakeoverRow is one takeover of the estate.
type TakeoverRow struct {
	Company    string
	Entry      civil.Date
	CutOver    civil.Date
	By         string
	RecordedAt string
	ActID      int64
}

// Page names the template.
func (EstateView) Page() string { return "estate" }

// RateForm is a new price: POST rate_save.
type RateForm struct {
	Use      string `form:"use"` // residential, shop, garage, other
	Rate     string `form:"rate"`
	VAT      string `form:"vat"` // percent: 6
	Rounding string `form:"rounding"`
	From     string `form:"valid_from"`
	Basis    string `form:"basis"`
}

// ChecklistForm changes one line of the handover checklist: POST checklist_save.
type ChecklistForm struct {
	Item   string `form:"item"`
	Status string `form:"status"`
	Note   string `form:"note"`
	On     string `form:"noted_on"`
}

// UseOptions are the uses of a unit.
func UseOptions() []Option {
	return []Option{{"residential", "住宅"}, {"shop", "商铺"}, {"garage", "车库"}, {"other", "其他"}}
}

// RoundingOptions are the roundings a price may have.
func RoundingOptions() []Option {
	var options []Option
	for _, rule := range []money.Rule{money.FenHalfUp, money.FenUp, money.FenDown, money.JiaoHalfUp, money.JiaoUp, money.JiaoDown, money.YuanHalfUp, money.YuanUp, money.YuanDown} {
		options = append(options, Option{string(rule), money.RuleNames[rule]})
	}
	return options
}

// StatusOptions are the states of a checklist item.
func StatusOptions() []Option {
	return []Option{{"present", "已收到"}, {"missing", "缺"}, {"not_applicable", "没有这项"}}
}

// EstateUnitsView is the tab of houses and owners.
type EstateUnitsView struct {
	EstateHead
	Filter    UnitsFilter
	Buildings []Option
	Building  string // the building the grid shows
	Grid      RoomGrid
	Units     []UnitRow
	Pager     Pager
	ExportURL string
}

// UnitsFilter is the filter row of the houses.
type UnitsFilter struct {
	Building string `query:"building"`
	Query    string `query:"q"`
	Gap      string `query:"gap"` // "", area, owner, phone: what is missing
}

// GapOptions are the choices of the gap filter.
func (UnitsFilter) GapOptions() []Option {
	return []Option{{"", "全部"}, {"area", "缺面积"}, {"owner", "缺业主"}, {"phone", "缺电话"}}
}

// UnitRow is one house of the list.
type UnitRow struct {
	ID           int64
	Code         string
	Use, Tenure  string // in words
	Area         decimal.NullDecimal
	AreaSource   string
	Owner, Phone string // masked
	Owed         money.Yuan
	State        RoomState
}

// Page names the template.
func (EstateUnitsView) Page() string { return "estate_units" }

// EstateFeesView is the tab of collection, month by month.
type EstateFeesView struct {
	EstateHead
	Year   int
	Years  []Link
	Tiles  []Tile
	Ages   MoneyBar
	Months []FeeMonth
	Sum    FeeMonth
}

// FeeMonth is one month's bills and what came in for them.
type FeeMonth struct {
	Month     civil.Month
	RunID     int64 // 0: no run yet
	Billed    int   // units
	Skipped   int
	Charged   money.Yuan
	Received  money.Yuan // for this month's bills
	Open      money.Yuan
	Recovered money.Yuan // older arrears that came in during this month
	Rate      decimal.NullDecimal
	State     Tag
}

// Page names the template.
func (EstateFeesView) Page() string { return "estate_fees" }

// EstateActsView is the tab of changes: who did what, when.
type EstateActsView struct {
	EstateHead
	Acts  []ActRow
	Pager Pager
}

// ActRow is one act in words.
type ActRow struct {
	ID     int64
	At     string // moment
	Who    string
	What   string // 改单价
	Detail string
	URL    string // the document behind it
}

// Page names the template.
func (EstateActsView) Page() string { return "estate_acts" }

func checklistOptions(items []ChecklistItem) []Option {
	options := make([]Option, len(items))
	for i, item := range items {
		options[i] = Option{item.Code, item.Name}
	}
	return options
}
