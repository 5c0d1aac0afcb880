package billing

import (
	"context"
	"errors"
	"fmt"

	"estateledger/access"
	"estateledger/civil"
	"estateledger/fault"
	"estateledger/ledger/money"
	"estateledger/postgres"
	"estateledger/receivable"
)

// RunState says how far a run has come.
type RunState string

// The states of a run. A discarded draft was thrown away or replaced by a newer
// one; nothing was ever owed from it.
const (
	Draft     RunState = "draft"
	Published RunState = "published"
	Withdrawn RunState = "withdrawn"
	Discarded RunState = "discarded"
)

// RunStateNames gives each state as users read it.
var RunStateNames = map[RunState]string{Draft: "草稿，待核对", Published: "已发布", Withdrawn: "已撤回", Discarded: "已作废"}

// monthsAhead is how far ahead of today a month may be billed: a yearly
// prepayment is the sum of its twelve bills.
const monthsAhead = 12

// DraftRequest asks for the bills of an estate's month.
type DraftRequest struct {
	Estate int64       `json:"estate_id,string"`
	Month  civil.Month `json:"month"`
}

// Drafted is a draft with the figures that publishing will hold it to. RunID 0
// and NothingToBill: every day of the month is billed already, or held back for
// a reason that the preview names.
type Drafted struct {
	RunID         int64       `json:"run_id,string"`
	Estate        int64       `json:"estate_id,string"`
	Month         civil.Month `json:"month"`
	DueDate       civil.Date  `json:"due_date"`
	Count         int         `json:"count"`
	Total         money.Yuan  `json:"total"`
	NothingToBill bool        `json:"nothing_to_bill"`
}

// runRow is a run as its use cases read it.
type runRow struct {
	RunID        int64       `db:"run_id"`
	EstateID     int64       `db:"estate_id"`
	NodeID       int64       `db:"node_id"`
	BookID       int64       `db:"book_id"`
	Month        civil.Month `db:"month"`
	State        RunState    `db:"state"`
	DueDate      civil.Date  `db:"due_date"`
	PreviewCount int         `db:"preview_count"`
	PreviewTotal money.Yuan  `db:"preview_total"`
	PreviewHash  []byte      `db:"preview_hash"`
	PublishedOn  civil.Date  `db:"published_on"`
	Count        int         `db:"count"`
	Total        money.Yuan  `db:"total"`
}

// CreateDraft computes an estate's month and keeps the parameters and figures
// (permission bill.draft). There is one draft per estate and month: a newer one
// replaces it and keeps its exclusions. Nothing is owed from a draft. Codes
// billing.month_missing, billing.month_ahead, receivable.no_book.
func CreateDraft(ctx context.Context, g *access.Gate, actor access.Actor, district int64, key string, req DraftRequest) (access.Outcome[Drafted], error) {
	p, err := locate(ctx, g, district, req.Estate)
	if err != nil {
		return access.Outcome[Drafted]{}, err
	}
	cmd := access.Command{Actor: actor, District: district, Node: p.NodeID, Permission: access.BillDraft,
		UseCase: "billing.draft", Key: key, Request: req}
	return access.Act(ctx, g, cmd, func(ctx context.Context, tx postgres.Tx, act *access.Record) (Drafted, error) {
		book, err := openRun(ctx, tx, act, p, req.Month)
		if err != nil {
			return Drafted{}, err
		}
		return draft(ctx, tx, act, req, book)
	})
}

// openRun takes the estate's run lock, checks the month and finds the book.
func openRun(ctx context.Context, tx postgres.Tx, act *access.Record, p place, month civil.Month) (int64, error) {
	if err := checkMonth(month, act.Today); err != nil {
		return 0, err
	}
	if err := lockEstate(ctx, tx, act.District, p.EstateID); err != nil {
		return 0, err
	}
	book, err := receivable.BookOf(ctx, tx, act.District, p.NodeID, month.Last())
	return book.BookID, err
}

func checkMonth(month civil.Month, today civil.Date) error {
	if month.IsZero() {
		return fault.Invalid("billing.month_missing", "请选择要出账的月份。").At("month")
	}
	if last := today.Month().Add(monthsAhead); month.After(last) {
		return fault.Invalid("billing.month_ahead", "最多提前一年出账，现在最晚可以出 "+last.String()+" 的账单。").At("month")
	}
	return nil
}

func draft(ctx context.Context, tx postgres.Tx, act *access.Record, req DraftRequest, book int64) (Drafted, error) {
	own := map[string]any{"district": act.District, "estate": req.Estate, "book": book, "month": req.Month, "act": act.ActID}
	var earlier int64
	if err := tx.Get(ctx, &earlier, queries.Get("open_draft"), own); err != nil {
		return Drafted{}, err
	}
	f, err := figuresOf(ctx, tx, runArg(act.District, req.Estate, book, earlier, req.Month, act.Today))
	if err != nil {
		return Drafted{}, err
	}
	if earlier != 0 {
		own["run"] = earlier
		if _, err := tx.Exec(ctx, queries.Get("discard_draft"), own); err != nil {
			return Drafted{}, err
		}
	}
	out := Drafted{Estate: req.Estate, Month: req.Month, DueDate: f.Due, Count: f.Count, Total: f.Total, NothingToBill: f.Count == 0}
	if f.Count == 0 {
		return out, nil
	}
	if err := tx.Get(ctx, &out.RunID, queries.Get("new_run_id"), nil); err != nil {
		return Drafted{}, err
	}
	own["run"], own["earlier"], own["due_date"] = out.RunID, earlier, f.Due
	own["count"], own["total"], own["hash"] = f.Count, f.Total, f.Hash
	for _, step := range []string{"insert_draft", "carry_exclusions"} {
		if _, err := tx.Exec(ctx, queries.Get(step), own); err != nil {
			return Drafted{}, err
		}
	}
	act.After(out)
	return out, nil
}

// locateRun finds a run before an act on it.
func locateRun(ctx context.Context, g *access.Gate, district, run int64) (runRow, error) {
	var row runRow
	err := access.View(ctx, g, func(ctx context.Context, r postgres.Reader) error {
		var err error
		row, err = readRun(ctx, r, district, run)
		return err
	})
	return row, err
}

func readRun(ctx context.Context, r postgres.Reader, district, run int64) (runRow, error) {
	var row runRow
	err := r.Get(ctx, &row, queries.Get("run"), map[string]any{"district": district, "run": run})
	if errors.Is(err, postgres.ErrNoRow) {
		return row, fault.NotFound("billing.run_not_found", "没有这次出账，或您不能查看它。")
	}
	return row, err
}

// lockRun takes the run lock of the run's estate and reads the run as it is now.
func lockRun(ctx context.Context, tx postgres.Tx, district int64, before runRow) (runRow, error) {
	if err := lockEstate(ctx, tx, district, before.EstateID); err != nil {
		return runRow{}, err
	}
	return readRun(ctx, tx, district, before.RunID)
}

// notADraft is the refusal of what only a draft allows.
func notADraft(row runRow) error {
	switch row.State {
	case Published:
		return fault.Conflict("billing.run_published", row.Month.String()+" 的这次出账已经发布，不能再改。")
	case Withdrawn:
		return fault.Conflict("billing.run_withdrawn", row.Month.String()+" 的这次出账已经撤回，请重新试算。")
	default:
		return fault.Conflict("billing.run_discarded", "这份试算已经作废或被新的试算代替，请打开最新的一份。")
	}
}

// RunRequest names a run.
type RunRequest struct {
	Run int64 `json:"run_id,string"`
}

// DiscardDraft throws a draft away (permission bill.draft). A draft already
// discarded is answered as it is. Codes billing.run_not_found,
// billing.run_published, billing.run_withdrawn.
func DiscardDraft(ctx context.Context, g *access.Gate, actor access.Actor, district int64, key string, req RunRequest) (access.Outcome[RunRequest], error) {
	before, err := locateRun(ctx, g, district, req.Run)
	if err != nil {
		return access.Outcome[RunRequest]{}, err
	}
	cmd := access.Command{Actor: actor, District: district, Node: before.NodeID, Permission: access.BillDraft,
		UseCase: "billing.discard_draft", Key: key, Request: req}
	return access.Act(ctx, g, cmd, func(ctx context.Context, tx postgres.Tx, act *access.Record) (RunRequest, error) {
		row, err := lockRun(ctx, tx, district, before)
		if err != nil || row.State == Discarded {
			return req, err
		}
		if row.State != Draft {
			return req, notADraft(row)
		}
		act.Before(map[string]any{"count": row.PreviewCount, "total": row.PreviewTotal})
		_, err = tx.Exec(ctx, queries.Get("discard_draft"), map[string]any{"district": district, "run": req.Run})
		return req, err
	})
}

// ExcludeRequest leaves a unit out of a draft, with the reason, or takes it in
// again.
type ExcludeRequest struct {
	Run    int64  `json:"run_id,string"`
	Unit   int64  `json:"unit_id,string"`
	Reason string `json:"reason"`
}

// figuresText says what a run comes to, for a message.
func figuresText(count int, total money.Yuan) string {
	return fmt.Sprintf("%d 张、%s 元", count, money.Format(total))
}
