package billing

import (
	"context"
	"strings"
	"unicode/utf8"

	"estateledger/access"
	"estateledger/fault"
	"estateledger/postgres"
)

// Exclude leaves a unit out of a draft and answers the draft's new figures
// (permission bill.draft). Codes billing.reason_missing, billing.reason_too_long,
// billing.unit_not_found, and the refusals of what is no draft.
func Exclude(ctx context.Context, g *access.Gate, actor access.Actor, district int64, key string, req ExcludeRequest) (access.Outcome[Drafted], error) {
	req.Reason = strings.TrimSpace(req.Reason)
	return changeExclusion(ctx, g, actor, district, key, req, "exclude", func() error {
		if req.Reason == "" {
			return fault.Invalid("billing.reason_missing", "请写明这一户为什么这次不出账。").At("reason")
		}
		if utf8.RuneCountInString(req.Reason) > 200 {
			return fault.Invalid("billing.reason_too_long", "原因最多 200 个字。").At("reason")
		}
		return nil
	})
}

// Include takes an excluded unit into the draft again; one that was not
// excluded changes nothing.
func Include(ctx context.Context, g *access.Gate, actor access.Actor, district int64, key string, req RunUnitRequest) (access.Outcome[Drafted], error) {
	return changeExclusion(ctx, g, actor, district, key, ExcludeRequest{Run: req.Run, Unit: req.Unit}, "include", func() error { return nil })
}

// RunUnitRequest names a unit of a draft.
type RunUnitRequest struct {
	Run  int64 `json:"run_id,string"`
	Unit int64 `json:"unit_id,string"`
}

func changeExclusion(ctx context.Context, g *access.Gate, actor access.Actor, district int64, key string, req ExcludeRequest,
	step string, check func() error) (access.Outcome[Drafted], error) {
	before, err := locateRun(ctx, g, district, req.Run)
	if err != nil {
		return access.Outcome[Drafted]{}, err
	}
	cmd := access.Command{Actor: actor, District: district, Node: before.NodeID, Permission: access.BillDraft,
		UseCase: "billing." + step, Key: key, Request: req}
	return access.Act(ctx, g, cmd, func(ctx context.Context, tx postgres.Tx, act *access.Record) (Drafted, error) {
		if err := check(); err != nil {
			return Drafted{}, err
		}
		row, err := lockRun(ctx, tx, district, before)
		if err != nil {
			return Drafted{}, err
		}
		if row.State != Draft {
			return Drafted{}, notADraft(row)
		}
		arg := map[string]any{"district": district, "estate": row.EstateID, "run": req.Run, "unit": req.Unit, "reason": req.Reason}
		var there bool
		if err := tx.Get(ctx, &there, queries.Get("unit_in_estate"), arg); err != nil {
			return Drafted{}, err
		}
		if !there {
			return Drafted{}, fault.NotFound("billing.unit_not_found", "这个小区没有这一户。").At("unit")
		}
		if _, err := tx.Exec(ctx, queries.Get(step), arg); err != nil {
			return Drafted{}, err
		}
		return refigure(ctx, tx, act, row)
	})
}

// refigure computes a draft again after its exclusions changed.
func refigure(ctx context.Context, tx postgres.Tx, act *access.Record, row runRow) (Drafted, error) {
	f, err := figuresOf(ctx, tx, runArg(act.District, row.EstateID, row.BookID, row.RunID, row.Month, act.Today))
	if err != nil {
		return Drafted{}, err
	}
	_, err = tx.Exec(ctx, queries.Get("update_preview"), map[string]any{
		"district": act.District, "run": row.RunID, "count": f.Count, "total": f.Total, "hash": f.Hash,
	})
	out := Drafted{RunID: row.RunID, Estate: row.EstateID, Month: row.Month, DueDate: row.DueDate, Count: f.Count, Total: f.Total, NothingToBill: f.Count == 0}
	act.Before(map[string]any{"count": row.PreviewCount, "total": row.PreviewTotal})
	act.After(out)
	return out, err
}
