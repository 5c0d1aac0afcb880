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

// The states of a charge.
const (
	stateLive      = 1
	stateWithdrawn = 2
	stateReversed  = 3
)

// allocation is what settled what.
type allocation struct {
	AllocationID int64      `db:"allocation_id"`
	ChargeID     int64      `db:"charge_id"`
	PaymentID    int64      `db:"payment_id"`
	Amount       money.Yuan `db:"amount"`
}

// lockedCharge is a charge under lock.
type lockedCharge struct {
	ChargeID    int64      `db:"charge_id"`
	SubjectID   int64      `db:"subject_id"`
	BookID      int64      `db:"book_id"`
	RunID       int64      `db:"run_id"`
	Amount      money.Yuan `db:"amount"`
	Settled     money.Yuan `db:"settled"`
	State       int        `db:"state"`
	PostingDate civil.Date `db:"posting_date"`
}

// Withdraw takes back all live charges of a run that nobody has paid: entries
// are reversed, what prepayments had settled goes back to them, the charges
// leave the key so that the months can be billed again. Code
// receivable.run_paid when a payment has settled one of them.
func Withdraw(ctx context.Context, tx postgres.Tx, act *access.Record, book, run int64, business civil.Date) (int, error) {
	if _, err := HoldDebts(ctx, tx, act, book, business); err != nil {
		return 0, err
	}
	var charges []lockedCharge
	err := tx.Select(ctx, &charges, queries.Get("lock_run_charges"), map[string]any{"district": act.District, "book": book, "run": run})
	if err != nil || len(charges) == 0 {
		return 0, err
	}
	ids := make([]int64, len(charges))
	for i, c := range charges {
		ids[i] = c.ChargeID
	}
	return len(ids), cancel(ctx, tx, act, book, run, ids, business, stateWithdrawn)
}

// ReverseChargeRequest reverses one wrong charge.
type ReverseChargeRequest struct {
	ChargeID int64  `json:"charge_id,string"`
	Reason   string `json:"reason"`
}

// ReverseCharge reverses a single charge that no payment has settled. Codes
// receivable.reason_missing, receivable.charge_not_live, receivable.run_paid.
func ReverseCharge(ctx context.Context, g *access.Gate, actor access.Actor, district int64, key string, req ReverseChargeRequest) (access.Outcome[ReverseChargeRequest], error) {
	var none access.Outcome[ReverseChargeRequest]
	if strings.TrimSpace(req.Reason) == "" {
		return none, reasonMissing()
	}
	var place struct {
		Book int64 `db:"book_id"`
		Node int64 `db:"node_id"`
	}
	err := access.View(ctx, g, func(ctx context.Context, r postgres.Reader) error {
		return r.Get(ctx, &place, queries.Get("charge_place"), map[string]any{"district": district, "charge": req.ChargeID, "today": g.Clock.Today()})
	})
	if errors.Is(err, postgres.ErrNoRow) {
		return none, fault.NotFound("receivable.charge_not_found", "没有这笔账单,或您不能查看它。")
	}
	if err != nil {
		return none, err
	}
	cmd := access.Command{Actor: actor, District: district, Node: place.Node, Permission: access.ChargeReverse,
		UseCase: "receivable.reverse_charge", Key: key, Request: req}
	return access.Act(ctx, g, cmd, func(ctx context.Context, tx postgres.Tx, act *access.Record) (ReverseChargeRequest, error) {
		if _, err := HoldDebts(ctx, tx, act, place.Book, act.Today); err != nil {
			return req, err
		}
		var c lockedCharge
		if err := tx.Get(ctx, &c, queries.Get("lock_charge"), map[string]any{"district": district, "charge": req.ChargeID}); err != nil {
			return req, err
		}
		if c.State != stateLive {
			return req, fault.Conflict("receivable.charge_not_live", "这笔账单已经撤回或冲销。")
		}
		act.Before(map[string]any{"amount": c.Amount, "settled": c.Settled})
		return req, cancel(ctx, tx, act, c.BookID, c.ChargeID, []int64{c.ChargeID}, act.Today, stateReversed)
	})
}

func reasonMissing() error {
	return fault.Invalid("receivable.reason_missing", "请写明原因,它会一直留在记录里。").At("reason")
}

// cancel takes locked live charges out of the books.
func cancel(ctx context.Context, tx postgres.Tx, act *access.Record, book, source int64, charges []int64, business civil.Date, state int) error {
	arg := map[string]any{"district": act.District, "charges": charges, "state": state}
	var paid int
	if err := tx.Get(ctx, &paid, queries.Get("paid_charges"), arg); err != nil {
		return err
	}
	if paid > 0 {
		return fault.Conflict("receivable.run_paid", "已经有业主交了这些账单里的钱,不能撤回。请先冲回相应的收款。")
	}
	var applied []allocation
	if err := tx.Select(ctx, &applied, queries.Get("live_allocations"), arg); err != nil {
		return err
	}
	if err := takeBack(ctx, tx, act, book, applied, business, ledger.FromChargeWithdrawal, source); err != nil {
		return err
	}
	entries, err := ledger.EntriesOf(ctx, tx, act.District, book, ledger.FromCharge, charges, civil.On(1900, 1, 1))
	if err != nil {
		return err
	}
	if len(entries) > 0 {
		if err := ledger.Reverse(ctx, tx, act, book, entries, business, ledger.FromChargeWithdrawal, source); err != nil {
			return err
		}
	}
	if _, err := tx.Exec(ctx, queries.Get("set_state"), arg); err != nil {
		return err
	}
	if len(applied) == 0 {
		return nil
	}
	accounts, err := ledger.Accounts(ctx, tx, act.District, book)
	if err != nil {
		return err
	}
	_, _, err = applyPrepayments(ctx, tx, act, book, 0, accounts)
	return err
}

// takeBack undoes allocations and, where they came from a prepayment, reverses
// their entries, which gives the money back to the prepayment.
func takeBack(ctx context.Context, tx postgres.Tx, act *access.Record, book int64, back []allocation, business civil.Date, kind ledger.SourceKind, source int64) error {
	if len(back) == 0 {
		return nil
	}
	var ids, applied []int64
	for _, a := range back {
		ids = append(ids, a.AllocationID)
		if a.PaymentID == 0 {
			applied = append(applied, a.AllocationID)
		}
	}
	arg := map[string]any{"district": act.District, "allocations": ids, "act": act.ActID, "business": business}
	for _, step := range []string{"take_back", "unsettle"} {
		if _, err := tx.Exec(ctx, queries.Get(step), arg); err != nil {
			return err
		}
	}
	if len(applied) == 0 {
		return nil
	}
	entries, err := ledger.EntriesOf(ctx, tx, act.District, book, ledger.FromPrepayment, applied, civil.On(1900, 1, 1))
	if err != nil {
		return err
	}
	return ledger.Reverse(ctx, tx, act, book, entries, business, kind, source)
}
