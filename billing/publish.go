package billing

import (
	"bytes"
	"context"
	"strings"

	"estateledger/access"
	"estateledger/civil"
	"estateledger/fault"
	"estateledger/ledger/money"
	"estateledger/postgres"
	"estateledger/receivable"
)

// RunResult is what publishing a run came to. Of two clerks who publish at
// once, the second gets the same run with Already; when there is nothing left
// to bill the answer is NothingToBill and not an error.
type RunResult struct {
	RunID       int64       `json:"run_id,string"`
	Estate      int64       `json:"estate_id,string"`
	Month       civil.Month `json:"month"`
	DueDate     civil.Date  `json:"due_date"`
	PublishedOn civil.Date  `json:"published_on"`
	Count       int         `json:"count"`
	Total       money.Yuan  `json:"total"`
	// Applied are the charges, or parts of them, that prepayments settled at once.
	Applied       int        `json:"applied"`
	AppliedTotal  money.Yuan `json:"applied_total"`
	Already       bool       `json:"already"`
	NothingToBill bool       `json:"nothing_to_bill"`
}

// Publish makes a draft owed (permission bill.publish). It computes the run
// again under the estate's lock and compares count, total and hash with the
// draft's; on a difference it publishes nothing and says both figures
// (billing.preview_changed). Other codes: billing.run_not_found,
// billing.run_withdrawn, billing.run_discarded, billing.already_billed.
func Publish(ctx context.Context, g *access.Gate, actor access.Actor, district int64, key string, req RunRequest) (access.Outcome[RunResult], error) {
	before, err := locateRun(ctx, g, district, req.Run)
	if err != nil {
		return access.Outcome[RunResult]{}, err
	}
	cmd := access.Command{Actor: actor, District: district, Node: before.NodeID, Permission: access.BillPublish,
		UseCase: "billing.publish", Key: key, Request: req}
	return access.Act(ctx, g, cmd, func(ctx context.Context, tx postgres.Tx, act *access.Record) (RunResult, error) {
		row, err := lockRun(ctx, tx, district, before)
		if err != nil {
			return RunResult{}, err
		}
		out := RunResult{RunID: row.RunID, Estate: row.EstateID, Month: row.Month, DueDate: row.DueDate}
		switch {
		case row.State == Published:
			out.Already, out.PublishedOn, out.Count, out.Total = true, row.PublishedOn, row.Count, row.Total
			return out, nil
		case row.State != Draft:
			return RunResult{}, notADraft(row)
		case row.PreviewCount == 0:
			out.NothingToBill = true
			return out, nil
		}
		return publishDraft(ctx, tx, act, row, out)
	})
}

func publishDraft(ctx context.Context, tx postgres.Tx, act *access.Record, row runRow, out RunResult) (RunResult, error) {
	done, err := publish(ctx, tx, act, row.EstateID, row.BookID, row.RunID, row.Month)
	if err != nil {
		return RunResult{}, err
	}
	if done.Count != row.PreviewCount || !done.Total.Equal(row.PreviewTotal) || !bytes.Equal(done.Hash, row.PreviewHash) {
		return RunResult{}, previewChanged(row, done)
	}
	out.take(done, act.Today)
	_, err = tx.Exec(ctx, queries.Get("mark_published"), map[string]any{
		"district": act.District, "run": row.RunID, "act": act.ActID, "published_on": act.Today, "count": done.Count, "total": done.Total,
	})
	act.After(out)
	return out, err
}

func (out *RunResult) take(done receivable.Published, on civil.Date) {
	out.PublishedOn, out.Count, out.Total = on, done.Count, done.Total
	out.Applied, out.AppliedTotal = done.Applied, done.AppliedTotal
}

// publish writes a run's charges and entries. The posting date is the later of
// the segment's first day and today, or the open month that ledger names
// instead of today.
func publish(ctx context.Context, tx postgres.Tx, act *access.Record, estate, book, run int64, month civil.Month) (receivable.Published, error) {
	posting, err := receivable.HoldDebts(ctx, tx, act, book, act.Today)
	if err != nil {
		return receivable.Published{}, err
	}
	done, err := receivable.Publish(ctx, tx, act, receivable.Publication{
		Book: book, Run: run, Source: queries.Get("run_segments"), Arg: runArg(act.District, estate, book, run, month, posting),
	})
	if postgres.Violates(err, "charge_once") {
		err = fault.Conflict("billing.already_billed", "有的户刚刚由别人开出了同一天起的账单，这次没有发布任何账单。请重新试算。").Because(err)
	}
	return done, err
}

// previewChanged is the refusal of a draft that is no longer what was seen.
func previewChanged(row runRow, now receivable.Published) error {
	message := "试算以后有变动，没有发布任何账单。请重新试算并核对。"
	if now.Count == row.PreviewCount && now.Total.Equal(row.PreviewTotal) {
		message = "试算以后有户的账单变了（合计碰巧没变），没有发布任何账单。请重新试算并核对。"
	}
	return fault.Conflict("billing.preview_changed", message).
		With(fault.Detail{Field: "preview", Message: "试算时：" + figuresText(row.PreviewCount, row.PreviewTotal)}).
		With(fault.Detail{Field: "now", Message: "现在：" + figuresText(now.Count, now.Total)})
}

// PublishNow bills an estate's month in one act, without a draft to look at
// (permission bill.publish): for jobs, the demo and measurements. What a draft
// of the month had excluded is not left out; its publication will then say that
// it changed.
func PublishNow(ctx context.Context, g *access.Gate, actor access.Actor, district int64, key string, req DraftRequest) (access.Outcome[RunResult], error) {
	p, err := locate(ctx, g, district, req.Estate)
	if err != nil {
		return access.Outcome[RunResult]{}, err
	}
	cmd := access.Command{Actor: actor, District: district, Node: p.NodeID, Permission: access.BillPublish,
		UseCase: "billing.publish_now", Key: key, Request: req}
	return access.Act(ctx, g, cmd, func(ctx context.Context, tx postgres.Tx, act *access.Record) (RunResult, error) {
		book, err := openRun(ctx, tx, act, p, req.Month)
		if err != nil {
			return RunResult{}, err
		}
		return publishNow(ctx, tx, act, req, book)
	})
}

func publishNow(ctx context.Context, tx postgres.Tx, act *access.Record, req DraftRequest, book int64) (RunResult, error) {
	out := RunResult{Estate: req.Estate, Month: req.Month}
	var run int64
	if err := tx.Get(ctx, &run, queries.Get("new_run_id"), nil); err != nil {
		return RunResult{}, err
	}
	done, err := publish(ctx, tx, act, req.Estate, book, run, req.Month)
	if err != nil {
		return RunResult{}, err
	}
	if done.Count == 0 {
		out.NothingToBill = true
		return out, nil
	}
	arg := map[string]any{"district": act.District, "estate": req.Estate, "book": book, "month": req.Month}
	if err := tx.Get(ctx, &out.DueDate, queries.Get("due_date"), arg); err != nil {
		return RunResult{}, err
	}
	out.RunID = run
	out.take(done, act.Today)
	arg["run"], arg["due_date"], arg["count"], arg["total"], arg["hash"] = run, out.DueDate, done.Count, done.Total, done.Hash
	arg["act"], arg["published_on"] = act.ActID, act.Today
	_, err = tx.Exec(ctx, queries.Get("insert_published"), arg)
	act.After(out)
	return out, err
}

// WithdrawRequest takes a published run back, with the reason.
type WithdrawRequest struct {
	Run    int64  `json:"run_id,string"`
	Reason string `json:"reason"`
}

// RunWithdrawn says how many bills were taken back and what they came to when
// they were published.
type RunWithdrawn struct {
	RunID int64      `json:"run_id,string"`
	Count int        `json:"count"`
	Total money.Yuan `json:"total"`
}

// Withdraw takes a published run back whole, as long as no payment has settled
// any of it (permission bill.withdraw): its entries are reversed, what
// prepayments had settled goes back to them, and the month can be billed again.
// Codes billing.reason_missing, billing.run_not_found, billing.run_not_published,
// receivable.run_paid.
func Withdraw(ctx context.Context, g *access.Gate, actor access.Actor, district int64, key string, req WithdrawRequest) (access.Outcome[RunWithdrawn], error) {
	before, err := locateRun(ctx, g, district, req.Run)
	if err != nil {
		return access.Outcome[RunWithdrawn]{}, err
	}
	cmd := access.Command{Actor: actor, District: district, Node: before.NodeID, Permission: access.BillWithdraw,
		UseCase: "billing.withdraw", Key: key, Request: req}
	return access.Act(ctx, g, cmd, func(ctx context.Context, tx postgres.Tx, act *access.Record) (RunWithdrawn, error) {
		if strings.TrimSpace(req.Reason) == "" {
			return RunWithdrawn{}, fault.Invalid("billing.reason_missing", "请写明撤回的原因，它会一直留在记录里。").At("reason")
		}
		row, err := lockRun(ctx, tx, district, before)
		if err != nil {
			return RunWithdrawn{}, err
		}
		if row.State != Published {
			return RunWithdrawn{}, fault.Conflict("billing.run_not_published", "这次出账没有发布，或已经撤回过了。")
		}
		count, err := receivable.Withdraw(ctx, tx, act, row.BookID, row.RunID, act.Today)
		if err != nil {
			return RunWithdrawn{}, err
		}
		out := RunWithdrawn{RunID: row.RunID, Count: count, Total: row.Total}
		act.Before(map[string]any{"state": row.State, "count": row.Count, "total": row.Total})
		act.After(map[string]any{"state": Withdrawn, "reason": strings.TrimSpace(req.Reason)})
		_, err = tx.Exec(ctx, queries.Get("mark_withdrawn"), map[string]any{"district": district, "run": row.RunID, "act": act.ActID})
		return out, err
	})
}
