package receivable

import (
	"context"
	"errors"
	"strings"

	"estateledger/access"
	"estateledger/civil"
	"estateledger/fault"
	"estateledger/ledger"
	"estateledger/ledger/money"
	"estateledger/postgres"
)

// ReversePaymentRequest reverses a wrong payment, with the reason.
type ReversePaymentRequest struct {
	PaymentID int64  `json:"payment_id,string"`
	Reason    string `json:"reason"`
}

// PaymentReversed is the answer: what was taken back and where it was posted.
type PaymentReversed struct {
	PaymentID   int64      `json:"payment_id,string"`
	Amount      money.Yuan `json:"amount"`
	PostingDate civil.Date `json:"posting_date"`
	// Reopened is how many charges are open again because of it.
	Reopened int `json:"reopened"`
}

type paymentRow struct {
	PaymentID   int64      `db:"payment_id"`
	BookID      int64      `db:"book_id"`
	SubjectID   int64      `db:"subject_id"`
	Amount      money.Yuan `db:"amount"`
	Prepaid     money.Yuan `db:"prepaid"`
	PostingDate civil.Date `db:"posting_date"`
	Business    civil.Date `db:"business_date"`
	Node        int64      `db:"node_id"`
	Reversed    bool       `db:"reversed"`
}

// ReversePayment reverses a payment: its entries one to one, its allocations,
// its part of the household's prepayment. Where that prepayment has been used
// since, the newest uses are taken back first, and what is then left over
// settles the oldest debt again. Both receipt numbers stay on record. Codes
// receivable.reason_missing, receivable.payment_not_found,
// receivable.already_reversed.
func ReversePayment(ctx context.Context, g *access.Gate, actor access.Actor, district int64, key string, req ReversePaymentRequest) (access.Outcome[PaymentReversed], error) {
	var none access.Outcome[PaymentReversed]
	if strings.TrimSpace(req.Reason) == "" {
		return none, reasonMissing()
	}
	var p paymentRow
	err := access.View(ctx, g, func(ctx context.Context, r postgres.Reader) error {
		return r.Get(ctx, &p, queries.Get("payment_to_reverse"), map[string]any{"district": district, "payment": req.PaymentID, "today": g.Clock.Today()})
	})
	if errors.Is(err, postgres.ErrNoRow) {
		return none, fault.NotFound("receivable.payment_not_found", "没有这笔收款,或您不能查看它。")
	}
	if err != nil {
		return none, err
	}
	cmd := access.Command{Actor: actor, District: district, Node: p.Node, Permission: access.PaymentReverse,
		UseCase: "receivable.reverse_payment", Key: key, Request: req}
	return access.Act(ctx, g, cmd, func(ctx context.Context, tx postgres.Tx, act *access.Record) (PaymentReversed, error) {
		return reversePayment(ctx, tx, act, req)
	})
}

func reversePayment(ctx context.Context, tx postgres.Tx, act *access.Record, req ReversePaymentRequest) (PaymentReversed, error) {
	arg := map[string]any{"district": act.District, "payment": req.PaymentID, "today": act.Today}
	if _, err := tx.Exec(ctx, queries.Get("lock_payment"), arg); err != nil {
		return PaymentReversed{}, err
	}
	var p paymentRow
	if err := tx.Get(ctx, &p, queries.Get("payment_to_reverse"), arg); err != nil {
		return PaymentReversed{}, err
	}
	if p.Reversed {
		return PaymentReversed{}, fault.Conflict("receivable.already_reversed", "这笔收款已经冲回过了。")
	}
	arg["book"], arg["subject"] = p.BookID, p.SubjectID
	posting, err := HoldDebts(ctx, tx, act, p.BookID, act.Today)
	if err != nil {
		return PaymentReversed{}, err
	}
	var locked int
	if err := tx.Get(ctx, &locked, queries.Get("lock_subject_charges"), arg); err != nil {
		return PaymentReversed{}, err
	}
	accounts, err := ledger.Accounts(ctx, tx, act.District, p.BookID)
	if err != nil {
		return PaymentReversed{}, err
	}
	if err := freePrepayment(ctx, tx, act, p, accounts[ledger.Prepayment]); err != nil {
		return PaymentReversed{}, err
	}
	var settled []allocation
	if err := tx.Select(ctx, &settled, queries.Get("allocations_of_payment"), arg); err != nil {
		return PaymentReversed{}, err
	}
	if err := takeBack(ctx, tx, act, p.BookID, settled, act.Today, ledger.FromPaymentReversal, p.PaymentID); err != nil {
		return PaymentReversed{}, err
	}
	entries, err := ledger.EntriesOf(ctx, tx, act.District, p.BookID, ledger.FromPayment, []int64{p.PaymentID}, civil.On(1900, 1, 1))
	if err != nil {
		return PaymentReversed{}, err
	}
	if err := ledger.Reverse(ctx, tx, act, p.BookID, entries, act.Today, ledger.FromPaymentReversal, p.PaymentID); err != nil {
		return PaymentReversed{}, err
	}
	arg["business"], arg["posting"], arg["reason"], arg["user"], arg["act"] = act.Today, posting, req.Reason, act.Actor.UserID, act.ActID
	if _, err := tx.Exec(ctx, queries.Get("insert_reversal"), arg); err != nil {
		return PaymentReversed{}, err
	}
	if _, _, err := applyPrepayments(ctx, tx, act, p.BookID, p.SubjectID, accounts); err != nil {
		return PaymentReversed{}, err
	}
	out := PaymentReversed{PaymentID: p.PaymentID, Amount: p.Amount, PostingDate: posting, Reopened: len(settled)}
	act.Before(map[string]any{"amount": p.Amount, "prepaid": p.Prepaid})
	act.After(out)
	return out, nil
}

// freePrepayment takes back the newest uses of a household's prepayment until
// what this payment had prepaid is there again to be reversed.
func freePrepayment(ctx context.Context, tx postgres.Tx, act *access.Record, p paymentRow, account int64) error {
	if p.Prepaid.Sign() == 0 {
		return nil
	}
	arg := map[string]any{"district": act.District, "book": p.BookID, "subject": p.SubjectID, "prepayment": account}
	var there money.Yuan
	if err := tx.Get(ctx, &there, queries.Get("prepayment_balance"), arg); err != nil {
		return err
	}
	missing := p.Prepaid.Sub(there)
	if missing.Sign() <= 0 {
		return nil
	}
	var uses, back []allocation
	if err := tx.Select(ctx, &uses, queries.Get("applications_newest_first"), arg); err != nil {
		return err
	}
	for _, u := range uses {
		if missing.Sign() <= 0 {
			break
		}
		back, missing = append(back, u), missing.Sub(u.Amount)
	}
	return takeBack(ctx, tx, act, p.BookID, back, act.Today, ledger.FromPaymentReversal, p.PaymentID)
}
