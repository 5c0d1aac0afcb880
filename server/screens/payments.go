package screens

import (
	"bytes"
	"context"
	"net/url"

	"github.com/shopspring/decimal"

	"estateledger/access"
	"estateledger/civil"
	"estateledger/estate"
	"estateledger/ledger/money"
	"estateledger/postgres"
	"estateledger/receivable"
	"estateledger/server/pages"
	"estateledger/server/web"
	"estateledger/sheet"
)

// payments are the pages of money taken and of its receipts.
func (d *desk) payments() map[string]web.Handler {
	return map[string]web.Handler{
		"payment":         d.payment,
		"receipt_pdf":     d.receiptPDF,
		"payment_reverse": d.paymentReverse,
		"receipts":        d.receipts,
		"receipts_export": d.receiptsExport,
	}
}

// paidSpan is what a payment gave to one charge; Partly when it did not settle it.
type paidSpan struct {
	item   string
	from   civil.Date
	to     civil.Date
	price  decimal.Decimal
	amount money.Yuan
	partly bool
}

// spanText names whole months by their months, other days by their dates.
func spanText(from, to civil.Date) string {
	switch {
	case from.IsZero():
		return ""
	case from != from.Month().First() || to != to.Month().Last():
		return from.String() + " 至 " + to.String()
	case from.Month() == to.Month():
		return from.Month().String()
	}
	return from.Month().String() + " 至 " + to.Month().String()
}

// joinSpans puts months in a row of one item and price together, as a receipt
// says them; what is paid in part stands alone.
func joinSpans(spans []paidSpan) []paidSpan {
	var joined []paidSpan
	for _, s := range spans {
		if n := len(joined); n > 0 {
			last := &joined[n-1]
			if last.item == s.item && last.price.Equal(s.price) && !last.partly && !s.partly && last.to.AddDays(1) == s.from {
				last.to, last.amount = s.to, last.amount.Add(s.amount)
				continue
			}
		}
		joined = append(joined, s)
	}
	return joined
}

func receiptLines(spans []paidSpan, prepaid money.Yuan) []pages.ReceiptLine {
	var lines []pages.ReceiptLine
	for _, s := range joinSpans(spans) {
		period := spanText(s.from, s.to)
		if s.partly {
			period += " 部分"
		}
		lines = append(lines, pages.ReceiptLine{Item: s.item, Period: period, Price: s.price.StringFixed(2), Amount: s.amount})
	}
	if prepaid.Sign() > 0 {
		lines = append(lines, pages.ReceiptLine{Item: "预存", Period: "下期账单自动用", Amount: prepaid})
	}
	return lines
}

// roomCode is the normal form of a room number as people write it; what is none
// stays as it is and is not found.
func roomCode(text string) string {
	n, err := estate.ParseRoom(text)
	if err != nil {
		return text
	}
	return n.Code()
}

// roomName is a room number as people write it.
func roomName(code string) string {
	n, err := estate.ParseRoom(code)
	if err != nil {
		return code
	}
	return n.String()
}

func (d *desk) payment(q *web.Request) error {
	view, err := d.paymentView(q, nil)
	if err != nil {
		return err
	}
	return d.show(q, view)
}

func (d *desk) receipt(q *web.Request) (f receivable.ReceiptFile, err error) {
	err = d.read(q, func(ctx context.Context, r postgres.Reader, s access.Scope) error {
		f, err = receivable.ReceiptOf(ctx, r, s, q.ID)
		return err
	})
	return f, err
}

func (d *desk) paymentView(q *web.Request, problems pages.Problems) (pages.PaymentView, error) {
	f, err := d.receipt(q)
	if err != nil {
		return pages.PaymentView{}, err
	}
	view := pages.PaymentView{ID: f.PaymentID, UnitID: f.SubjectID, Estate: f.EstateName, Unit: roomName(f.UnitCode), Amount: f.Amount,
		Prepaid: f.Prepaid, Channel: receivable.ChannelNames[f.Channel], Business: f.BusinessDate, Cashier: f.TakenBy, ActID: f.ActID,
		JustPaid: q.Query("paid") != "" && f.ReversedOn.IsZero(), Problems: problems, ShowReverse: len(problems) > 0}
	receipt := pages.Receipt{Number: f.ReceiptNo, Issued: f.IssuedOn, Estate: f.EstateName, Unit: view.Unit, Payer: f.PaidBy(), Book: f.Issuer,
		Total: f.Amount, Channel: view.Channel, Cashier: f.TakenBy, Remark: f.Note}
	var spans []paidSpan
	for _, p := range f.Parts {
		view.Settled = append(view.Settled, pages.SettledRow{Period: spanText(p.SegmentStart, p.SegmentEnd), Item: p.ItemName, Amount: p.Amount, Left: p.Open})
		spans = append(spans, paidSpan{p.ItemName, p.SegmentStart, p.SegmentEnd, p.UnitPrice, p.Amount, !p.Amount.Equal(p.Charged)})
		receipt.Area = decimal.NewNullDecimal(p.Quantity)
	}
	receipt.Lines = receiptLines(spans, f.Prepaid)
	if !f.ReversedOn.IsZero() {
		receipt.Voided = f.ReversedOn.String() + " " + f.ReversedBy + "，" + f.ReversalReason
		view.Reversed = &pages.ReversalFact{Who: f.ReversedBy, At: f.ReversedOn.String(), Reason: f.ReversalReason, ActID: f.ReversalAct}
	}
	view.Receipts = []pages.Receipt{receipt}
	return view, nil
}

func (d *desk) receiptPDF(q *web.Request) error {
	f, err := d.receipt(q)
	if err != nil {
		return err
	}
	var page bytes.Buffer
	if err := receivable.WriteReceipt(&page, f); err != nil {
		return err
	}
	return q.File("收据 "+f.ReceiptNo+".pdf", "application/pdf", page.Bytes(), true)
}

func (d *desk) paymentReverse(q *web.Request) error {
	var form pages.ReasonForm
	if err := q.BodyParser(&form); err != nil {
		return badForm(err)
	}
	req := receivable.ReversePaymentRequest{PaymentID: q.ID, Reason: form.Reason}
	out, err := receivable.ReversePayment(q.UserContext(), d.gate, q.Actor(), q.District, q.Key(), req)
	if err == nil {
		n := pages.Notice{Tone: pages.Good, Strong: "已冲回 " + money.Format(out.Result.Amount) + " 元。",
			Text: countText(int64(out.Result.Reopened)) + " 笔账单恢复未缴，收据作废但保留编号。"}
		return d.done(q, n, "payment", q.ID)
	}
	return d.again(q, err, func(p pages.Problems) (pages.View, error) {
		view, err := d.paymentView(q, p)
		view.Reverse = form
		return view, err
	})
}

// receiptSearch reads the filter row; without dates it is today.
func (d *desk) receiptSearch(q *web.Request, limit int) (receivable.ReceiptSearch, error) {
	today := d.gate.Clock.Today()
	f := receivable.ReceiptSearch{Period: period(q, civil.Period{From: today, To: today}), Counter: id(q.Query("counter")),
		Channel: receivable.Channel(q.Query("channel")), Text: q.Query("q"), Before: id(q.Query("before")), Limit: limit}
	here, _, err := d.estates(q)
	if here != nil {
		f.EstateNode = here.Node
	}
	return f, err
}

func (d *desk) receipts(q *web.Request) error {
	f, err := d.receiptSearch(q, pageSize)
	if err != nil {
		return err
	}
	view := pages.ReceiptsView{Counters: []pages.Option{{Value: "", Label: "全部"}},
		Filter: pages.ReceiptsFilter{From: f.Period.From.String(), To: f.Period.To.String(), Counter: q.Query("counter"), Channel: q.Query("channel"), Query: f.Text}}
	err = d.read(q, func(ctx context.Context, r postgres.Reader, s access.Scope) error {
		counters, err := receivable.CountersSeen(ctx, r, s, f.EstateNode)
		if err != nil {
			return err
		}
		for _, c := range counters {
			view.Counters = append(view.Counters, pages.Option{Value: idText(c.CounterID), Label: c.Name})
		}
		sums, err := receivable.ReceiptSums(ctx, r, s, f)
		if err != nil {
			return err
		}
		addReceiptSums(&view, sums)
		rows, err := receivable.FindReceipts(ctx, r, s, f)
		for _, row := range rows {
			view.Receipts = append(view.Receipts, receiptRow(row))
		}
		return err
	})
	if err != nil {
		return err
	}
	view.Pager.Shown = len(view.Receipts)
	query := url.Values{"from": {view.Filter.From}, "to": {view.Filter.To}, "counter": {view.Filter.Counter}, "channel": {view.Filter.Channel}, "q": {view.Filter.Query}}
	view.ExportURL = "/receipts.xlsx?" + query.Encode()
	if n := len(view.Receipts); n == pageSize {
		query.Set("before", idText(view.Receipts[n-1].PaymentID))
		view.Pager.Next = "/receipts?" + query.Encode()
	}
	return d.show(q, view)
}

// addReceiptSums adds up what stands, what was reversed, and each channel.
func addReceiptSums(view *pages.ReceiptsView, sums []receivable.ReceiptSum) {
	for _, channel := range receivable.ChannelOrder {
		for _, sum := range sums {
			if sum.Channel != channel {
				continue
			}
			view.Count, view.Sum, view.Voided = view.Count+sum.Count, view.Sum.Add(sum.Amount), view.Voided.Add(sum.Voided)
			view.Pager.Total += sum.Count + sum.VoidedCount
			view.ByChannel = append(view.ByChannel, pages.Pair{Name: receivable.ChannelNames[channel], Value: money.Format(sum.Amount)})
		}
	}
}

func receiptRow(r receivable.ReceiptRow) pages.ReceiptRow {
	row := pages.ReceiptRow{PaymentID: r.PaymentID, Number: r.ReceiptNo, Issued: r.IssuedOn, Estate: r.EstateName, Unit: r.UnitCode, Payer: r.PaidBy(),
		For: "预存", Channel: receivable.ChannelNames[r.Channel], Cashier: r.TakenBy, Amount: r.Amount, Voided: !r.ReversedOn.IsZero()}
	if !r.First.IsZero() {
		row.For = spanText(r.First, r.Last) + " " + r.Items
		if r.Prepaid.Sign() > 0 {
			row.For += "，余转预存"
		}
	}
	return row
}

// mostExported bounds a list of receipts that goes out as a file; longer times
// are exported in parts.
const mostExported = 20000

func (d *desk) receiptsExport(q *web.Request) error {
	f, err := d.receiptSearch(q, mostExported)
	if err != nil {
		return err
	}
	var rows []receivable.ReceiptRow
	err = d.read(q, func(ctx context.Context, r postgres.Reader, s access.Scope) error {
		rows, err = receivable.FindReceipts(ctx, r, s, f)
		return err
	})
	if err != nil {
		return err
	}
	days := f.Period.From.String() + " 至 " + f.Period.To.String()
	table := sheet.Table{Sheet: "收据", Lines: []string{"收据 " + days}, Fields: []sheet.Field{
		{Header: "收据号", Width: 22}, {Header: "开票日"}, {Header: "收款日"}, {Header: "小区"}, {Header: "房号"}, {Header: "付款人"}, {Header: "缴什么", Width: 32}, {Header: "方式"},
		{Header: "收款人"}, {Header: "有效金额(元)", Kind: sheet.Decimal, Places: 2, Total: true},
		{Header: "冲回金额(元)", Kind: sheet.Decimal, Places: 2, Total: true}, {Header: "冲回原因", Width: 24},
	}}
	return export(q, "收据 "+days+".xlsx", table, func(add func(cells ...string) error) error {
		for _, r := range rows {
			row := receiptRow(r)
			valid, voided := row.Amount.StringFixed(2), ""
			if row.Voided {
				valid, voided = "", valid
			}
			err := add(row.Number, row.Issued.String(), r.BusinessDate.String(), row.Estate, row.Unit, row.Payer, row.For, row.Channel, row.Cashier,
				valid, voided, r.ReversalReason)
			if err != nil {
				return err
			}
		}
		return nil
	})
}
