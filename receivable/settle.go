package receivable

import (
	"context"
	"errors"

	"estateledger/access"
	"estateledger/civil"
	"estateledger/ledger/money"
	"estateledger/postgres"
)

// Settlement is what a sum would settle if it were taken now.
type Settlement struct {
	Lines []SettleLine
	// Prepays is what would be left and become a prepayment.
	Prepays money.Yuan
	// Shown is the fingerprint for PayRequest.Shown.
	Shown string
}

// SettleLine is an open charge and what the sum gives to it.
type SettleLine struct {
	Charge
	Pays money.Yuan `db:"pays"`
}

// Left is what would still be owed of the charge.
func (l SettleLine) Left() money.Yuan { return l.Open().Sub(l.Pays) }

// SettleRequest asks what a sum settles of a unit in a counter's book; First as
// in PayRequest. A zero amount only lists what is open.
type SettleRequest struct {
	Book   int64
	Unit   int64
	Amount money.Yuan
	First  []ChargeID
}

// Settle answers what a payment would do, by the function that posts it, without
// writing anything. Nothing is open for a viewer who may not take money there.
func Settle(ctx context.Context, r postgres.Reader, s access.Scope, req SettleRequest) (Settlement, error) {
	first := make([]int64, len(req.First))
	for i, id := range req.First {
		first[i] = int64(id)
	}
	arg := struct {
		access.Scope
		Book    int64      `db:"book"`
		Subject int64      `db:"subject"`
		Amount  money.Yuan `db:"amount"`
		First   []int64    `db:"first"`
	}{s, req.Book, req.Unit, req.Amount, first}
	var out Settlement
	if err := r.Select(ctx, &out.Lines, queries.Get("settle_lines"), arg); err != nil {
		return out, err
	}
	out.Prepays = req.Amount
	for _, line := range out.Lines {
		out.Prepays = out.Prepays.Sub(line.Pays)
	}
	err := r.Get(ctx, &out.Shown, queries.Get("settle_shown"), arg)
	if errors.Is(err, postgres.ErrNoRow) {
		err = nil
	}
	return out, err
}

// PayersAmong gives, of some units, those whose money the viewer may take, with
// what each owes.
func PayersAmong(ctx context.Context, r postgres.Reader, s access.Scope, units []int64) (map[int64]money.Yuan, error) {
	var rows []struct {
		UnitID int64      `db:"unit_id"`
		Open   money.Yuan `db:"open"`
	}
	err := r.Select(ctx, &rows, queries.Get("payers"), struct {
		access.Scope
		Units []int64 `db:"units"`
	}{s, units})
	owed := make(map[int64]money.Yuan, len(rows))
	for _, row := range rows {
		owed[row.UnitID] = row.Open
	}
	return owed, err
}

// LastPayment is the last payment of a unit that stands; its id is 0 when there
// is none.
type LastPayment struct {
	PaymentID    int64      `db:"payment_id"`
	Amount       money.Yuan `db:"amount"`
	Channel      Channel    `db:"channel"`
	BusinessDate civil.Date `db:"business_date"`
}

// LastPaymentOf finds it.
func LastPaymentOf(ctx context.Context, r postgres.Reader, s access.Scope, unit int64) (LastPayment, error) {
	var p LastPayment
	err := r.Get(ctx, &p, queries.Get("last_payment"), subjectArg{Scope: s, Subject: unit})
	if errors.Is(err, postgres.ErrNoRow) {
		err = nil
	}
	return p, err
}
