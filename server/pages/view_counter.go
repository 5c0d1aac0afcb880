package pages

import (
	"strconv"

	"github.com/shopspring/decimal"

	"estateledger/civil"
	"estateledger/ledger/money"
)

// CounterView is the counter: what this household owes, what this money settles, what the receipt
// says. Without a unit it is the search.
type CounterView struct {
	Query    string
	Hits     []HouseholdHit // several units match
	More     bool           // and more than are shown
	Unit     *CounterUnit   // the household at the counter
	Charges  []OpenCharge
	Sum      OpenCharge // Owed, Pays, Left over all
	Form     PayForm
	Counters []Option // cash desks the user may take money at
	Quick    []QuickAmount
	Settled  string     // 物业费结清到 2026-06
	Left     money.Yuan // still owed afterwards
	Prepays  money.Yuan // more than is owed: becomes a prepayment
	Previews []Receipt  // one per book
	Facts    []Pair     // 预存, 上次缴费 …
	Problems Problems
	Live     bool // answers typing: only the parts that depend on the amount are shown
}

// Amount is the form's amount as it was understood; zero when it was not.
func (v CounterView) Amount() money.Yuan {
	amount, err := money.ParseYuan(v.Form.Amount)
	if err != nil {
		return money.Zero
	}
	return amount
}

// ByChoice tells whether the payer names the charges.
func (v CounterView) ByChoice() bool { return v.Form.Mode == "chosen" }

// Overdue counts the charges past their due date.
func (v CounterView) Overdue() int {
	n := 0
	for _, c := range v.Charges {
		if c.Overdue {
			n++
		}
	}
	return n
}

// CounterUnit is the household at the counter.
type CounterUnit struct {
	ID      int64
	Estate  string
	Name    string // 7幢1单元502室
	Code    string
	Owner   string
	Phone   string // masked
	Area    decimal.NullDecimal
	Prepaid money.Yuan
}

// OpenCharge is one open charge with what this payment does to it.
type OpenCharge struct {
	ID      int64
	Period  string // 2026-06, 2023-09-15 至 09-30
	Item    string
	Book    string
	Due     civil.Date
	Overdue bool
	Owed    money.Yuan
	Pays    money.Yuan
	Left    money.Yuan
	Ticked  bool // chosen by the payer; ticked for all when oldest first
}

// State is what becomes of the charge.
func (c OpenCharge) State() Tag {
	switch {
	case c.Pays.IsZero():
		return Tag{Open, "不动"}
	case c.Left.IsZero():
		return Tag{Good, "结清"}
	}
	return Tag{Warn, "部分"}
}

// QuickAmount is an amount one click away.
type QuickAmount struct {
	Label  string // 全部
	Amount money.Yuan
}

// PayForm is POST counter_preview (what would it settle: the same page again, nothing written) and
// POST counter_pay (take it). GET counter takes unit and amount from the address. Charges are the
// ids ticked when Mode is chosen; Shown is the allocation the cashier saw, so that a household that
// somebody else just served is not paid differently than shown.
type PayForm struct {
	Unit    int64   `form:"unit" query:"unit"`
	Amount  string  `form:"amount" query:"amount"`
	Mode    string  `form:"mode" query:"mode"`       // oldest, chosen
	Channel string  `form:"channel" query:"channel"` // cash, wechat, alipay, pos, transfer
	Counter string  `form:"counter" query:"counter"`
	Note    string  `form:"note" query:"note"`
	Charges []int64 `form:"charge" query:"charge"`
	Shown   string  `form:"shown" query:"-"`
}

// ModeOptions are the two ways money is allocated (Civil Code 560, 561).
func ModeOptions() []Option {
	return []Option{{"oldest", "先旧后新"}, {"chosen", "业主指定账期"}}
}

// ChannelOptions are the ways money comes in.
func ChannelOptions() []Option {
	return []Option{{"cash", "现金"}, {"wechat", "微信"}, {"alipay", "支付宝"}, {"pos", "刷卡"}, {"transfer", "转账"}}
}

// ChannelWord is a channel in words.
func ChannelWord(channel string) string {
	for _, o := range ChannelOptions() {
		if o.Value == channel {
			return o.Label
		}
	}
	return "未知"
}

// Page names the template.
func (CounterView) Page() string { return "counter" }

// PaymentView is one payment with its receipts: to print, to hand over, to reverse.
type PaymentView struct {
	ID          int64
	UnitID      int64
	Estate      string
	Unit        string
	Amount      money.Yuan
	Prepaid     money.Yuan
	Channel     string // in words
	Business    civil.Date
	Cashier     string
	Receipts    []Receipt
	Settled     []SettledRow
	Reversed    *ReversalFact
	Reversible  string // empty: it can be reversed; else why not
	Reverse     ReasonForm
	Problems    Problems
	ActID       int64
	JustPaid    bool
	ShowReverse bool // the form is open
}

// SettledRow is one charge this payment settled, wholly or in part.
type SettledRow struct {
	Period, Item string
	Amount, Left money.Yuan
}

// ReversalFact says that the payment was taken back: by whom, when, why.
type ReversalFact struct {
	Who, At, Reason string
	ActID           int64
}

// Page names the template.
func (PaymentView) Page() string { return "payment" }

// ReceiptsView lists receipts of a day, a counter, a series.
type ReceiptsView struct {
	Filter    ReceiptsFilter
	Counters  []Option
	Receipts  []ReceiptRow
	Count     int
	Sum       money.Yuan // of receipts that stand, over all that match
	Voided    money.Yuan
	ByChannel []Pair
	Pager     Pager
	ExportURL string
}

// ReceiptsFilter is the filter row.
type ReceiptsFilter struct {
	From    string `query:"from"`
	To      string `query:"to"`
	Counter string `query:"counter"`
	Channel string `query:"channel"`
	Query   string `query:"q"`
}

// ChannelChoices are the channels with 全部 first.
func (ReceiptsFilter) ChannelChoices() []Option {
	return append([]Option{{"", "全部"}}, ChannelOptions()...)
}

// ReceiptRow is one receipt of the list.
type ReceiptRow struct {
	PaymentID int64
	Number    string
	Issued    civil.Date
	Estate    string
	Unit      string
	Payer     string
	For       string // 2025-11 至 2026-06 物业费
	Channel   string
	Cashier   string
	Amount    money.Yuan
	Voided    bool
}

// Page names the template.
func (ReceiptsView) Page() string { return "receipts" }

func countReceipts(receipts []Receipt) string { return strconv.Itoa(max(1, len(receipts))) }
