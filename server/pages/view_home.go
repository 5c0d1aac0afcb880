package pages

import (
	"github.com/shopspring/decimal"

	"estateledger/civil"
	"estateledger/ledger/money"
)

// TodayView is the company's first page: what do I do next.
type TodayView struct {
	Today    civil.Date
	Month    civil.Month // whose bills are in hand
	Steps    []Step      // 试算 核对 发布 催缴 结账
	NextWhat string      // what waits and for whom: 等核对：安和一村、南园新村。
	NextWhy  string      // the consequence: 发布前业主看不到。
	NextDo   Link
	Past     string // how the last month ended
	Recent   []HouseholdHit
	Tiles    []Tile // 本月实收/应收, 全部欠费, 今日收款
	Work     []WorkRow
	Running  []Progress
	Estates  []TodayEstate
	Total    TodayEstate
}

// TodayEstate is one row of the estates of the company.
type TodayEstate struct {
	ID                int64
	Name, SubDistrict string
	Units             int
	State             Tag // of the month's bills
	Billed, Received  money.Yuan
	Rate              decimal.NullDecimal // current collection rate, 0..1
	Arrears           money.Yuan          // all due and unpaid
}

// Page names the template.
func (TodayView) Page() string { return "today" }

// StreetView is the sub-district's first page: takeover, households, collection, arrears.
type StreetView struct {
	Name             string
	Today            civil.Date
	Month            civil.Month
	TakenOver, Total int // estates
	Units            int
	Area             decimal.NullDecimal
	Tiles            []Tile
	Estates          []StreetEstate
	Sum              StreetEstate
	Pager            Pager
}

// StreetEstate is one row of a sub-district's estates.
type StreetEstate struct {
	ID                       int64
	Name, Community, Company string
	EntryDate                civil.Date // zero: waiting for takeover
	Units                    int
	Area                     decimal.NullDecimal
	Rate                     decimal.NullDecimal
	Arrears                  money.Yuan
	State                    Tag
}

// Page names the template.
func (StreetView) Page() string { return "street" }

// CommitteeView is the owners' committee's first page: big figures, few words, no names.
type CommitteeView struct {
	Estate   string
	EstateID int64
	Today    civil.Date
	Month    civil.Month
	Billed   money.Yuan
	Received money.Yuan
	Rate     decimal.NullDecimal
	Units    int
	Owing    int // households with due arrears
	Arrears  money.Yuan
	Ages     []AgeBucket
	Recent   []FeeMonth // the months before, the latest first
	Income   []Line     // the company's book of this estate, year to date
	Closed   civil.Month
	Facts    []Pair
}

// AgeBucket is a part of the arrears by how long they are overdue.
type AgeBucket struct {
	Name   string // 逾期 3 个月内
	Amount money.Yuan
	Tone   Tone
}

// Page names the template.
func (CommitteeView) Page() string { return "committee" }

// AuditorView is the auditor's first page: the estates and the books behind them, without names.
type AuditorView struct {
	Today   civil.Date
	Estates []AuditorEstate
	Sum     AuditorEstate
	Books   []AuditorBook
}

// AuditorEstate is one estate in figures.
type AuditorEstate struct {
	ID               int64
	Name             string
	Units, Owing     int
	Billed, Received money.Yuan // this year
	Rate             decimal.NullDecimal
	Arrears          money.Yuan
}

// AuditorBook is one book and how far it is closed.
type AuditorBook struct {
	ID         int64
	Name       string
	Owner      string
	ClosedTo   civil.Month // zero: no month closed
	Entries    int
	Difference money.Yuan // debit minus credit of the trial balance; 0.00 or something is wrong
}

// Page names the template.
func (AuditorView) Page() string { return "auditor" }

// AdminView is the administrator's first page: who can log in, and what the machine is doing.
type AdminView struct {
	Today   civil.Date
	Tiles   []Tile
	Work    []WorkRow
	Running []Progress
	Jobs    []JobRow
}

// JobRow is one recurring or long job.
type JobRow struct {
	ID       int64 // 0: a ticker, without a page
	Title    string
	Who      string
	Started  string // moment in words
	Took     string
	Rows     int
	State    Tag
	Message  string
	Result   Link
	Progress *Progress
}

// Page names the template.
func (AdminView) Page() string { return "admin" }

// JobsView lists long work and tickers.
type JobsView struct {
	Running []Progress
	Jobs    []JobRow
	Tickers []JobRow
	Pager   Pager
}

// Page names the template.
func (JobsView) Page() string { return "jobs" }

// JobView is one piece of long work, with a bar that moves.
type JobView struct {
	Progress Progress
	Facts    []Pair
}

// Page names the template.
func (JobView) Page() string { return "job" }
