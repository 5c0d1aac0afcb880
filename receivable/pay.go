package receivable

import (
	"context"
	"errors"
	"strconv"
	"sync"

	"estateledger/access"
	"estateledger/civil"
	"estateledger/fault"
	"estateledger/ledger/money"
	"estateledger/postgres"
)

// Channel is how money reaches the counter.
type Channel string

// The channels. Cash goes to the counter's box, transfers to the bank, the
// others to the channel account until they arrive.
const (
	ByCash     Channel = "cash"
	ByWechat   Channel = "wechat"
	ByAlipay   Channel = "alipay"
	ByPOS      Channel = "pos"
	ByTransfer Channel = "transfer"
)

// ChannelNames gives each channel as users read it, ChannelOrder their order.
var (
	ChannelNames = map[Channel]string{ByCash: "现金", ByWechat: "微信", ByAlipay: "支付宝", ByPOS: "刷卡", ByTransfer: "转账"}
	ChannelOrder = []Channel{ByWechat, ByAlipay, ByCash, ByPOS, ByTransfer}
)

// ChargeID is a charge's id as JSON carries it.
type ChargeID int64

// MarshalText is the decimal form.
func (c ChargeID) MarshalText() ([]byte, error) { return strconv.AppendInt(nil, int64(c), 10), nil }

// UnmarshalText reads the decimal form.
func (c *ChargeID) UnmarshalText(b []byte) error {
	n, err := strconv.ParseInt(string(b), 10, 64)
	if err != nil || n <= 0 {
		return fault.Invalid("receivable.charge_id_invalid", "账单编号不对。").At("first")
	}
	*c = ChargeID(n)
	return nil
}

// PayRequest takes money for a unit at a counter. First names charges to be
// paid before all others, in that order (the payer's choice, Civil Code art.
// 560); the rest settles what is due first. What is left becomes a prepayment.
// Shown, when given, is the fingerprint of the Settlement the payer was shown:
// a payment that would settle anything else is refused.
// BusinessDate zero means the day it is taken on: the request stays the same
// when it is repeated after midnight.
type PayRequest struct {
	UnitID       int64      `json:"unit_id,string"`
	CounterID    int64      `json:"counter_id,string"`
	Channel      Channel    `json:"channel"`
	Amount       money.Yuan `json:"amount"`
	First        []ChargeID `json:"first,omitempty"`
	Shown        string     `json:"shown,omitempty"`
	BusinessDate civil.Date `json:"business_date"`
	Payer        string     `json:"payer,omitempty"`
	Note         string     `json:"note,omitempty"`
}

// hotPay is the request as receivable_pay reads it.
type hotPay struct {
	Book         int64      `json:"book"`
	Subject      int64      `json:"subject"`
	Counter      int64      `json:"counter"`
	Channel      Channel    `json:"channel"`
	Amount       money.Yuan `json:"amount"`
	First        []ChargeID `json:"first,omitempty"`
	Shown        string     `json:"shown,omitempty"`
	BusinessDate civil.Date `json:"business_date"`
	Payer        string     `json:"payer"`
	Note         string     `json:"note"`
}

// PaidPart is what a payment gave to one charge.
type PaidPart struct {
	ChargeID int64      `json:"charge_id,string"`
	Amount   money.Yuan `json:"amount"`
}

// Paid is the answer of a payment.
type Paid struct {
	PaymentID   int64      `json:"payment_id,string"`
	SeriesID    int64      `json:"series_id,string"`
	Number      int        `json:"number"`
	ReceiptNo   string     `json:"receipt_no"`
	Amount      money.Yuan `json:"amount"`
	Settled     money.Yuan `json:"settled"`
	Prepaid     money.Yuan `json:"prepaid"`
	PostingDate civil.Date `json:"posting_date"`
	Allocations []PaidPart `json:"allocations"`
}

// largestPayment bounds a single payment at a counter: beyond it somebody has
// typed a digit too many.
var largestPayment = money.MustYuan("1000000")

var payUseCase = access.HotUseCase{
	Query: queries.Get("pay"),
	Refusals: map[string]*fault.Error{
		"receivable.counter_not_here":    fault.Conflict("receivable.counter_not_here", "这个柜台不收这个小区的钱,或已经关闭。请换一个柜台。").At("counter_id"),
		"receivable.amount_not_positive": fault.Invalid("receivable.amount_not_positive", "金额要大于零。").At("amount"),
		"receivable.date_in_future":      fault.Invalid("receivable.date_in_future", "收款日期在将来,请改成今天或以前。").At("business_date"),
		"receivable.allocation_changed":  fault.Conflict("receivable.allocation_changed", "还没有收款:这笔钱现在冲的账期和刚才显示的不一样(改过金额,或者这一户刚有变动)。请照现在显示的核对后再收。"),
		"receivable.charge_not_open":     fault.Conflict("receivable.charge_not_open", "指定的账单已经撤回,或不是这一户的。请刷新后再收。").At("first"),
	},
}

// Cashier takes payments. It remembers which counter stands where, which never
// changes.
type Cashier struct {
	gate   *access.Gate
	places sync.Map // counter id → Counter
}

// NewCashier makes a cashier over the gate.
func NewCashier(g *access.Gate) *Cashier { return &Cashier{gate: g} }

// Pay takes a payment and answers the receipt's number and what it settled. It
// is a hot act: payments that wait at the same moment are committed together.
// Codes receivable.amount_not_positive, receivable.amount_too_large,
// receivable.channel_unknown, receivable.date_in_future,
// receivable.counter_not_here, receivable.charge_not_open,
// receivable.allocation_changed.
func (c *Cashier) Pay(ctx context.Context, actor access.Actor, district int64, key string, req PayRequest) (access.Outcome[Paid], error) {
	if err := req.check(); err != nil {
		return access.Outcome[Paid]{}, err
	}
	place, err := c.place(ctx, district, req.CounterID)
	if err != nil {
		return access.Outcome[Paid]{}, err
	}
	cmd := access.Command{Actor: actor, District: district, Node: place.PlaceNode, Permission: access.PaymentTake,
		UseCase: "receivable.pay", Key: key, Request: hotPay{Book: place.BookID, Subject: req.UnitID, Counter: req.CounterID,
			Channel: req.Channel, Amount: req.Amount, First: req.First, Shown: req.Shown, BusinessDate: req.BusinessDate, Payer: req.Payer, Note: req.Note}}
	return access.ActHot[Paid](ctx, c.gate, cmd, payUseCase)
}

func (req PayRequest) check() error {
	if _, ok := ChannelNames[req.Channel]; !ok {
		return fault.Invalid("receivable.channel_unknown", "请选择收款方式。").At("channel")
	}
	if req.Amount.Sign() <= 0 {
		return payUseCase.Refusals["receivable.amount_not_positive"]
	}
	if req.Amount.Cmp(largestPayment) > 0 {
		return fault.Invalid("receivable.amount_too_large", "一笔收款不能超过 1,000,000.00 元,请检查是否多写了几位。").At("amount")
	}
	if !req.BusinessDate.IsZero() && req.BusinessDate.Before(civil.On(2000, 1, 1)) {
		return fault.Invalid("receivable.date_too_early", "收款日期早于 2000 年,请检查。").At("business_date")
	}
	if len([]rune(req.Note)) > 200 || len([]rune(req.Payer)) > 60 {
		return fault.Invalid("receivable.text_too_long", "备注最多 200 字,缴款人最多 60 字。").At("note")
	}
	return nil
}

func (c *Cashier) place(ctx context.Context, district, counter int64) (Counter, error) {
	if known, ok := c.places.Load(counter); ok {
		return known.(Counter), nil
	}
	var place Counter
	err := access.View(ctx, c.gate, func(ctx context.Context, r postgres.Reader) error {
		return r.Get(ctx, &place, queries.Get("counter_place"), map[string]any{"district": district, "counter": counter})
	})
	if errors.Is(err, postgres.ErrNoRow) {
		return place, fault.NotFound("receivable.counter_not_found", "没有这个柜台。").At("counter_id")
	}
	if err == nil {
		c.places.Store(counter, place)
	}
	return place, err
}
