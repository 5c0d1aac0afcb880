package receivable

import (
	"context"
	"errors"
	"io"

	"github.com/shopspring/decimal"

	"estateledger/access"
	"estateledger/civil"
	"estateledger/fault"
	"estateledger/ledger/money"
	"estateledger/paper"
	"estateledger/postgres"
)

// Receipt is a receipt as lists show it. ReversedOn is zero while it stands.
type Receipt struct {
	PaymentID      int64      `db:"payment_id" json:"payment_id,string"`
	ReceiptNo      string     `db:"receipt_no" json:"receipt_no"`
	IssuedOn       civil.Date `db:"issued_on" json:"issued_on"`
	BusinessDate   civil.Date `db:"business_date" json:"business_date"`
	PostingDate    civil.Date `db:"posting_date" json:"posting_date,omitempty"`
	Channel        Channel    `db:"channel" json:"channel"`
	Amount         money.Yuan `db:"amount" json:"amount"`
	Prepaid        money.Yuan `db:"prepaid" json:"prepaid"`
	Payer          string     `db:"payer" json:"payer"`
	Note           string     `db:"note" json:"note"`
	UnitCode       string     `db:"unit_code" json:"unit_code"`
	SubjectID      int64      `db:"subject_id" json:"unit_id,string"`
	TakenBy        string     `db:"taken_by" json:"taken_by"`
	EstateName     string     `db:"estate_name" json:"estate_name"`
	ActID          int64      `db:"act_id" json:"act_id,string"`
	ReversedOn     civil.Date `db:"reversed_on" json:"reversed_on"`
	ReversalReason string     `db:"reversal_reason" json:"reversal_reason"`
	ReversedBy     string     `db:"reversed_by" json:"reversed_by,omitempty"`
	ReversalAct    int64      `db:"reversal_act" json:"reversal_act,string,omitempty"`
	BookName       string     `db:"book_name" json:"book_name,omitempty"`
	BookID         int64      `db:"book_id" json:"book_id,string"`
	PlaceNode      int64      `db:"place_node_id" json:"-"`
	Issuer         string     `db:"issuer" json:"issuer"`
}

// ReceiptPart is what a receipt settled. Open is what is owed of the charge
// today.
type ReceiptPart struct {
	ChargeID     int64           `db:"charge_id" json:"charge_id,string"`
	ItemName     string          `db:"item_name" json:"item_name"`
	SegmentStart civil.Date      `db:"segment_start" json:"segment_start"`
	SegmentEnd   civil.Date      `db:"segment_end" json:"segment_end"`
	Quantity     decimal.Decimal `db:"quantity" json:"quantity"`
	UnitPrice    decimal.Decimal `db:"unit_price" json:"unit_price"`
	Amount       money.Yuan      `db:"amount" json:"amount"`
	Charged      money.Yuan      `db:"charged" json:"charged"`
	Open         money.Yuan      `db:"open" json:"open"`
}

// ReceiptFile is a receipt with its parts, as page and paper show it.
type ReceiptFile struct {
	Receipt
	Owners   string        `json:"owners"`
	Parts    []ReceiptPart `json:"parts"`
	Capitals string        `json:"amount_in_words"`
}

// PaidBy is who the receipt names: the payer, or the owners when nobody else was
// named.
func (f ReceiptFile) PaidBy() string {
	if f.Payer != "" {
		return f.Payer
	}
	return f.Owners
}

// ReceiptFilter chooses receipts of an estate by day of payment. Before is the
// last payment of the page before.
type ReceiptFilter struct {
	EstateNode int64
	Period     civil.Period
	Before     int64
	Limit      int
}

// Receipts lists the receipts of an estate, newest first.
func Receipts(ctx context.Context, r postgres.Reader, s access.Scope, f ReceiptFilter) ([]Receipt, error) {
	if f.Limit <= 0 || f.Limit > 500 {
		f.Limit = 50
	}
	var receipts []Receipt
	err := r.Select(ctx, &receipts, queries.Get("receipts"), struct {
		access.Scope
		Node   int64      `db:"node"`
		From   civil.Date `db:"from"`
		To     civil.Date `db:"to"`
		Before int64      `db:"before_payment"`
		Limit  int        `db:"limit"`
	}{s, f.EstateNode, f.Period.From, f.Period.To, f.Before, f.Limit})
	return receipts, err
}

// ReceiptOf is the receipt of a payment; receivable.receipt_not_found when it
// is not there or not the viewer's.
func ReceiptOf(ctx context.Context, r postgres.Reader, s access.Scope, payment int64) (ReceiptFile, error) {
	var f ReceiptFile
	arg := struct {
		access.Scope
		Payment int64 `db:"payment"`
	}{s, payment}
	err := r.Get(ctx, &f.Receipt, queries.Get("receipt"), arg)
	if errors.Is(err, postgres.ErrNoRow) {
		return f, fault.NotFound("receivable.receipt_not_found", "没有这张收据,或您不能查看它。")
	}
	if err != nil {
		return f, err
	}
	if err := r.Select(ctx, &f.Parts, queries.Get("receipt_parts"), arg); err != nil {
		return f, err
	}
	f.Capitals = money.Capitals(f.Amount)
	err = r.Get(ctx, &f.Owners, queries.Get("owners_on"), subjectArg{Scope: s, Subject: f.SubjectID, On: f.BusinessDate})
	return f, err
}

// WriteReceipt prints a receipt as PDF on A5: what was settled, the amount in
// Chinese capitals, and a stamp when it has been reversed. A character the font
// lacks is an error, never a gap.
func WriteReceipt(w io.Writer, f ReceiptFile) error {
	table := paper.Table{Columns: []paper.Column{
		{Header: "项目"}, {Header: "账期"}, {Header: "面积 ㎡", Right: true}, {Header: "单价 元", Right: true}, {Header: "金额 元", Right: true},
	}}
	for _, p := range f.Parts {
		table.Rows = append(table.Rows, []string{p.ItemName, segmentText(p.SegmentStart, p.SegmentEnd),
			p.Quantity.StringFixed(2), p.UnitPrice.String(), money.Format(p.Amount)})
	}
	if f.Prepaid.Sign() > 0 {
		table.Rows = append(table.Rows, []string{"预存", "下期账单自动抵扣", "", "", money.Format(f.Prepaid)})
	}
	table.Total = []string{"合计", "", "", "", money.Format(f.Amount)}
	table.Closing = []string{"人民币(大写) " + f.Capitals}
	doc := paper.Document{Size: paper.A5Landscape, Blocks: []paper.Block{
		paper.Heading{Text: "收 据"},
		paper.Line{Left: "编号 " + f.ReceiptNo, Right: f.IssuedOn.String()},
		paper.Fields{Columns: 2, Fields: []paper.Field{{Label: "房号", Value: f.EstateName + " " + f.UnitCode}, {Label: "业主", Value: f.Owners},
			{Label: "缴款人", Value: f.PaidBy()}, {Label: "收款单位", Value: f.Issuer}}},
		table,
		paper.Line{Left: ChannelNames[f.Channel] + " · 收款人 " + f.TakenBy, Right: "收款日期 " + f.BusinessDate.String()},
	}}
	if !f.ReversedOn.IsZero() {
		doc.Stamp = "已冲回"
		doc.Blocks = append(doc.Blocks, paper.Paragraph{Text: "本收据已于 " + f.ReversedOn.String() + " 冲回,原因:" + f.ReversalReason + "。编号保留,不再有效。"})
	}
	return paper.Write(w, "收据 "+f.ReceiptNo, doc)
}

// segmentText names a whole month by its month and a part of one by its days.
func segmentText(from, to civil.Date) string {
	if from == from.Month().First() && to == from.Month().Last() {
		return from.Month().String()
	}
	return from.String() + " 至 " + to.String()
}

// Takings is what a cashier took on a day by one channel.
type Takings struct {
	TakenBy  string     `db:"taken_by" json:"taken_by"`
	Channel  Channel    `db:"channel" json:"channel"`
	Payments int        `db:"payments" json:"payments"`
	Amount   money.Yuan `db:"amount" json:"amount"`
	Reversed money.Yuan `db:"reversed" json:"reversed"`
}

// DayTakings lists what was taken in an estate on a day, by cashier and channel.
func DayTakings(ctx context.Context, r postgres.Reader, s access.Scope, estateNode int64, on civil.Date) ([]Takings, error) {
	var lines []Takings
	err := r.Select(ctx, &lines, queries.Get("day_takings"), struct {
		access.Scope
		Node int64      `db:"node"`
		On   civil.Date `db:"on"`
	}{s, estateNode, on})
	return lines, err
}
