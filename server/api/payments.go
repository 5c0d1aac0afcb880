package api

import (
	"bytes"
	"context"

	"estateledger/access"
	"estateledger/civil"
	"estateledger/postgres"
	"estateledger/receivable"
	"estateledger/server/web"
)

// pay takes money at a counter for the unit of the path.
func pay(cashier *receivable.Cashier) web.Handler {
	return func(q *web.Request) error {
		var in struct {
			Counter      string   `json:"counter_id"`
			Channel      string   `json:"channel"`
			Amount       string   `json:"amount"`
			First        []string `json:"first"`
			BusinessDate string   `json:"business_date"`
			Payer        string   `json:"payer"`
			Note         string   `json:"note"`
		}
		if err := q.Decode(&in); err != nil {
			return err
		}
		var f web.Fields
		req := receivable.PayRequest{UnitID: q.ID, CounterID: f.ID("counter_id", f.Need("counter_id", in.Counter, "柜台")),
			Channel: receivable.Channel(in.Channel), Amount: f.Yuan("amount", f.Need("amount", in.Amount, "金额")),
			BusinessDate: f.Date("business_date", in.BusinessDate), Payer: in.Payer, Note: in.Note}
		for _, charge := range in.First {
			req.First = append(req.First, receivable.ChargeID(f.ID("first", f.Need("first", charge, "账单编号"))))
		}
		if err := f.Err(); err != nil {
			return err
		}
		out, err := cashier.Pay(q.UserContext(), q.Actor(), q.District, q.Key(), req)
		return web.Done(q, out, err)
	}
}

func counters(q *web.Request) error {
	return list(q, func(ctx context.Context, r postgres.Reader, s access.Scope) ([]receivable.Counter, error) {
		return receivable.CountersAt(ctx, r, s, q.Node)
	})
}

func counterOpen(q *web.Request) error {
	var in struct {
		Code string `json:"code"`
		Name string `json:"name"`
	}
	if err := q.Decode(&in); err != nil {
		return err
	}
	req := receivable.OpenCounterRequest{EstateNode: q.Node, Code: in.Code, Name: in.Name}
	out, err := receivable.OpenCounter(q.UserContext(), q.Gate, q.Actor(), q.District, q.Key(), req)
	return web.Done(q, out, err)
}

// receipts are an estate's receipts by day of payment, newest first.
func receipts(q *web.Request) error {
	var f web.Fields
	filter := receivable.ReceiptFilter{EstateNode: q.Node, Period: period(q, &f), Before: f.ID("before", q.Query("before")),
		Limit: f.Count("limit", q.Query("limit", "50"), 1, 500)}
	if err := f.Err(); err != nil {
		return err
	}
	return look(q, func(ctx context.Context, r postgres.Reader, s access.Scope) (web.List[receivable.Receipt], error) {
		found, err := receivable.Receipts(ctx, r, s, filter)
		out := web.List[receivable.Receipt]{Items: append([]receivable.Receipt{}, found...)}
		if n := len(found); n == filter.Limit {
			out.Next = id(found[n-1].PaymentID)
		}
		return out, err
	})
}

func receiptOf(q *web.Request) (f receivable.ReceiptFile, err error) {
	err = q.View(func(ctx context.Context, r postgres.Reader, s access.Scope) error {
		f, err = receivable.ReceiptOf(ctx, r, s, q.ID)
		return err
	})
	if f.Parts == nil {
		f.Parts = []receivable.ReceiptPart{}
	}
	return f, err
}

func payment(q *web.Request) error {
	f, err := receiptOf(q)
	if err != nil {
		return err
	}
	return q.JSON(f)
}

func receiptPDF(q *web.Request) error {
	f, err := receiptOf(q)
	if err != nil {
		return err
	}
	var page bytes.Buffer
	if err := receivable.WriteReceipt(&page, f); err != nil {
		return err
	}
	return q.File("收据 "+f.ReceiptNo+".pdf", "application/pdf", page.Bytes(), true)
}

// reason reads a body that says only why.
func reason(q *web.Request) (string, error) {
	var in struct {
		Reason string `json:"reason"`
	}
	err := q.Decode(&in)
	return in.Reason, err
}

func paymentReverse(q *web.Request) error {
	why, err := reason(q)
	if err != nil {
		return err
	}
	req := receivable.ReversePaymentRequest{PaymentID: q.ID, Reason: why}
	out, err := receivable.ReversePayment(q.UserContext(), q.Gate, q.Actor(), q.District, q.Key(), req)
	return web.Done(q, out, err)
}

func chargeReverse(q *web.Request) error {
	why, err := reason(q)
	if err != nil {
		return err
	}
	req := receivable.ReverseChargeRequest{ChargeID: q.ID, Reason: why}
	out, err := receivable.ReverseCharge(q.UserContext(), q.Gate, q.Actor(), q.District, q.Key(), req)
	return web.Done(q, out, err)
}

// takings are what was taken in an estate on a day, by cashier and channel.
func takings(q *web.Request) error {
	var f web.Fields
	on := f.Date("on", q.Query("on"))
	if err := f.Err(); err != nil {
		return err
	}
	if on == (civil.Date{}) {
		on = q.Gate.Clock.Today()
	}
	return list(q, func(ctx context.Context, r postgres.Reader, s access.Scope) ([]receivable.Takings, error) {
		return receivable.DayTakings(ctx, r, s, q.Node, on)
	})
}
