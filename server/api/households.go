package api

import (
	"context"
	"strings"

	"estateledger/access"
	"estateledger/civil"
	"estateledger/ledger/money"
	"estateledger/postgres"
	"estateledger/receivable"
	"estateledger/server/web"
)

// chargeOut is a charge with what is still owed of it.
type chargeOut struct {
	receivable.Charge
	Open money.Yuan `json:"open"`
}

// openCharges are what a unit owes, in the order in which money settles it,
// with its prepayment.
func openCharges(q *web.Request) error {
	type openOut struct {
		web.List[chargeOut]
		Prepayment money.Yuan `json:"prepayment"`
	}
	return look(q, func(ctx context.Context, r postgres.Reader, s access.Scope) (openOut, error) {
		var out openOut
		found, err := receivable.OpenCharges(ctx, r, s, q.ID)
		if err != nil {
			return out, err
		}
		out.Items = outCharges(found)
		out.Prepayment, err = receivable.PrepaymentOf(ctx, r, s, q.ID)
		return out, err
	})
}

func outCharges(found []receivable.Charge) []chargeOut {
	out := make([]chargeOut, 0, len(found))
	for _, c := range found {
		out = append(out, chargeOut{c, c.Open()})
	}
	return out
}

// charges are a unit's charges, newest first, withdrawn ones included.
func charges(q *web.Request) error {
	var f web.Fields
	limit := f.Count("limit", q.Query("limit", "60"), 1, 500)
	if err := f.Err(); err != nil {
		return err
	}
	return list(q, func(ctx context.Context, r postgres.Reader, s access.Scope) ([]chargeOut, error) {
		found, err := receivable.ChargesOf(ctx, r, s, q.ID, limit)
		return outCharges(found), err
	})
}

func charge(q *web.Request) error {
	return look(q, func(ctx context.Context, r postgres.Reader, s access.Scope) (chargeOut, error) {
		c, err := receivable.ChargeOf(ctx, r, s, q.ID)
		return chargeOut{c, c.Open()}, err
	})
}

// householdStatement is a unit's account for a period, a year back unless it is
// said.
func householdStatement(q *web.Request) error {
	var f web.Fields
	today := q.Gate.Clock.Today()
	p := civil.Period{From: f.Date("from", q.Query("from")), To: f.Date("to", q.Query("to"))}
	if err := f.Err(); err != nil {
		return err
	}
	if p.To.IsZero() {
		p.To = today
	}
	if p.From.IsZero() {
		p.From = p.To.Month().Add(-11).First()
	}
	return look(q, func(ctx context.Context, r postgres.Reader, s access.Scope) (receivable.Statement, error) {
		out, err := receivable.StatementOf(ctx, r, s, q.ID, p)
		if out.Lines == nil {
			out.Lines = []receivable.HouseholdLine{}
		}
		return out, err
	})
}

// arrears are the households of an estate that owe, worst first.
func arrears(q *web.Request) error {
	var f web.Fields
	filter := receivable.ArrearsFilter{EstateNode: q.Node, Code: q.Query("code"), OverdueOnly: q.QueryBool("overdue"),
		Limit: f.Count("limit", q.Query("limit", "50"), 1, 500)}
	if after := q.Query("after"); after != "" {
		open, unit, _ := strings.Cut(after, ",")
		filter.AfterOpen, filter.AfterUnit = f.Yuan("after", open), f.ID("after", unit)
	}
	if err := f.Err(); err != nil {
		return err
	}
	type arrearsOut struct {
		web.List[receivable.ArrearsLine]
		Total receivable.ArrearsTotal `json:"total"`
	}
	return look(q, func(ctx context.Context, r postgres.Reader, s access.Scope) (arrearsOut, error) {
		var out arrearsOut
		lines, err := receivable.Arrears(ctx, r, s, filter)
		if err != nil {
			return out, err
		}
		out.Items = append([]receivable.ArrearsLine{}, lines...)
		if n := len(lines); n == filter.Limit {
			out.Next = lines[n-1].Open.StringFixed(2) + "," + id(lines[n-1].UnitID)
		}
		out.Total, err = receivable.ArrearsTotalOf(ctx, r, s, q.Node)
		return out, err
	})
}

func arrearsTotal(q *web.Request) error {
	return look(q, func(ctx context.Context, r postgres.Reader, s access.Scope) (receivable.ArrearsTotal, error) {
		return receivable.ArrearsTotalOf(ctx, r, s, q.Node)
	})
}

// collections are how a month's bills are paid, per estate.
func collections(q *web.Request) error {
	var f web.Fields
	month := f.Month("month", q.Query("month"))
	if err := f.Err(); err != nil {
		return err
	}
	if month.IsZero() {
		month = q.Gate.Clock.Today().Month()
	}
	type collectionOut struct {
		receivable.Collection
		// Rate is in percent with one decimal, empty when nothing was billed.
		Rate string `json:"rate"`
	}
	return list(q, func(ctx context.Context, r postgres.Reader, s access.Scope) ([]collectionOut, error) {
		found, err := receivable.Collections(ctx, r, s, month, 0)
		var out []collectionOut
		for _, c := range found {
			out = append(out, collectionOut{c, c.Rate()})
		}
		return out, err
	})
}
