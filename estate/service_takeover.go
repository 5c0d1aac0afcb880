package estate

import (
	"context"
	"fmt"

	"estateledger/access"
	"estateledger/civil"
	"estateledger/fault"
	"estateledger/postgres"
)

// TakeoverRecorded is the answer of RecordTakeover.
type TakeoverRecorded struct {
	TakeoverID int64 `json:"takeover_id,string"`
	// MissingItems counts what was not handed over.
	MissingItems int `json:"missing_items"`
}

// RecordTakeover records that a company enters an estate, with what was handed
// over. From the entry day on the estate belongs to the company's scope, and no
// longer to an earlier company's. Refused: estate.company_not_found,
// estate.entry_order, estate.same_company.
func (s *Service) RecordTakeover(ctx context.Context, actor access.Actor, key string, req RecordTakeover) (access.Outcome[TakeoverRecorded], error) {
	if err := req.check(s.Gate.Clock.Today()); err != nil {
		return access.Outcome[TakeoverRecorded]{}, err
	}
	p, err := s.atEstate(ctx, actor, req.District, req.EstateID)
	if err != nil {
		return access.Outcome[TakeoverRecorded]{}, err
	}
	c := access.Command{Actor: actor, District: req.District, Node: p.NodeID, Permission: access.TakeoverRecord,
		UseCase: "estate.record_takeover", Key: key, Request: req}
	return access.Act(ctx, s.Gate, c, func(ctx context.Context, tx postgres.Tx, act *access.Record) (TakeoverRecorded, error) {
		scope := scopeOf(act)
		if err := lock(ctx, tx, "lock_estate", scope, "estate", req.EstateID, estateNotFound); err != nil {
			return TakeoverRecorded{}, err
		}
		company, err := companyInScope(ctx, tx, scope, req.CompanyID)
		if err != nil {
			return TakeoverRecorded{}, err
		}
		earlier, err := readTakeovers(ctx, tx, scope, req.EstateID, civil.Date{})
		if err != nil {
			return TakeoverRecorded{}, err
		}
		if err := req.follows(earlier); err != nil {
			return TakeoverRecorded{}, err
		}
		if err := handOver(ctx, tx, act, p.NodeID, company.NodeID, earlier, req.EntryDate); err != nil {
			return TakeoverRecorded{}, err
		}
		if len(earlier) > 0 {
			act.Before(earlier[0])
		}
		act.After(req)
		done, err := insertTakeover(ctx, tx, act, req)
		if err != nil || s.OnTakeover == nil {
			return done, err
		}
		return done, s.OnTakeover.EstateTakenOver(ctx, tx, act, TakenOver{EstateID: req.EstateID, EstateName: p.Name, EstateNode: p.NodeID,
			CommunityNode: p.CommunityNode, CompanyID: company.CompanyID, CompanyName: company.Name, CompanyNode: company.NodeID, EntryDate: req.EntryDate})
	})
}

// follows refuses a takeover that does not come after the one in force; earlier
// ones come latest first.
func (r RecordTakeover) follows(earlier []Takeover) error {
	if len(earlier) == 0 {
		return nil
	}
	last := earlier[0]
	switch {
	case !r.EntryDate.After(last.EntryDate):
		return fault.Conflict("estate.entry_order", fmt.Sprintf("%s已于 %s 接管，新的进驻日期必须更晚。", last.CompanyName, last.EntryDate)).At("entry_date")
	case r.CompanyID == last.CompanyID:
		return fault.Conflict("estate.same_company", fmt.Sprintf("%s自 %s 起就是这个小区的物业公司。", last.CompanyName, last.EntryDate)).At("company_id")
	}
	return nil
}

// handOver moves the estate from the earlier company's scope to the new one's.
func handOver(ctx context.Context, tx postgres.Tx, act *access.Record, estate, company int64, earlier []Takeover, entry civil.Date) error {
	if len(earlier) > 0 {
		if err := access.EndLink(ctx, tx, act.District, estate, earlier[0].CompanyNode, entry.AddDays(-1)); err != nil {
			return err
		}
	}
	return access.Link(ctx, tx, act.District, estate, company, entry)
}

func insertTakeover(ctx context.Context, tx postgres.Tx, act *access.Record, req RecordTakeover) (TakeoverRecorded, error) {
	var done TakeoverRecorded
	err := tx.Get(ctx, &done.TakeoverID, queries.Get("insert_takeover"), map[string]any{
		"district": act.District, "estate": req.EstateID, "company": req.CompanyID, "entry_date": req.EntryDate,
		"cut_over_date": req.CutOverDate, "paper": req.Paper, "act": act.ActID,
	})
	if err != nil {
		return done, err
	}
	for _, item := range req.Items {
		if item.Status == Missing {
			done.MissingItems++
		}
	}
	return done, insertItems(ctx, tx, act, done.TakeoverID, civil.Min(req.EntryDate, act.Today), req.Items)
}

func insertItems(ctx context.Context, tx postgres.Tx, act *access.Record, takeover int64, on civil.Date, items []ItemNote) error {
	var codes, statuses, notes []string
	for _, item := range items {
		codes, statuses, notes = append(codes, item.Item), append(statuses, string(item.Status)), append(notes, item.Note)
	}
	_, err := tx.Exec(ctx, queries.Get("insert_takeover_items"), map[string]any{
		"district": act.District, "takeover": takeover, "noted_on": on, "items": codes, "statuses": statuses, "notes": notes, "act": act.ActID,
	})
	return err
}

func companyInScope(ctx context.Context, r postgres.Reader, s access.Scope, company int64) (Company, error) {
	var found []Company
	notFound := fault.NotFound("estate.company_not_found", "没有这家物业公司，或者它不在您的权限范围内。").At("company_id")
	if company == 0 {
		return Company{}, invalid("company_missing", "请选择物业公司。", "company_id")
	}
	err := r.Select(ctx, &found, queries.Get("companies"), scoped(s, map[string]any{"company": company}))
	if err != nil {
		return Company{}, err
	}
	if len(found) == 0 {
		return Company{}, notFound
	}
	return found[0], nil
}

// readTakeovers reads an estate's takeovers, latest first; on zero means all.
func readTakeovers(ctx context.Context, r postgres.Reader, s access.Scope, estate int64, on civil.Date) ([]Takeover, error) {
	takeovers := []Takeover{}
	err := r.Select(ctx, &takeovers, queries.Get("takeovers"), scoped(s, map[string]any{"estate": estate, "on": on}))
	return takeovers, err
}

// NoteTakeoverItem notes that an item is in another state from a day on, such as
// a document that turned up later. Refused: estate.takeover_not_found,
// estate.noted_on.
func (s *Service) NoteTakeoverItem(ctx context.Context, actor access.Actor, key string, req NoteTakeoverItem) (access.Outcome[struct{}], error) {
	if err := req.ItemNote.check(""); err != nil {
		return access.Outcome[struct{}]{}, err
	}
	p, err := s.atEstate(ctx, actor, req.District, req.EstateID)
	if err != nil {
		return access.Outcome[struct{}]{}, err
	}
	c := access.Command{Actor: actor, District: req.District, Node: p.NodeID, Permission: access.TakeoverRecord,
		UseCase: "estate.note_takeover_item", Key: key, Request: req}
	return access.Act(ctx, s.Gate, c, func(ctx context.Context, tx postgres.Tx, act *access.Record) (struct{}, error) {
		if err := lock(ctx, tx, "lock_estate", scopeOf(act), "estate", req.EstateID, estateNotFound); err != nil {
			return struct{}{}, err
		}
		on := req.NotedOn
		if on.IsZero() {
			on = act.Today
		}
		takeovers, err := readTakeovers(ctx, tx, scopeOf(act), req.EstateID, civil.Date{})
		if err != nil {
			return struct{}{}, err
		}
		for _, t := range takeovers {
			if t.TakeoverID != req.TakeoverID {
				continue
			}
			if on.After(act.Today) || on.Before(civil.Min(t.EntryDate, act.Today)) {
				return struct{}{}, invalid("noted_on", "登记日期应在进驻日期和今天之间。", "noted_on")
			}
			act.After(req)
			return struct{}{}, insertItems(ctx, tx, act, t.TakeoverID, on, []ItemNote{req.ItemNote})
		}
		return struct{}{}, fault.NotFound("estate.takeover_not_found", "这个小区没有这次接管。").At("takeover_id")
	})
}

// ContractRecorded is the answer of RecordServiceContract.
type ContractRecorded struct {
	ContractID int64      `json:"contract_id,string"`
	ValidFrom  civil.Date `json:"valid_from"`
	FeeStart   civil.Date `json:"fee_start"`
}

// RecordServiceContract records the contract of the company that has the estate.
// Refused: estate.not_taken_over, estate.contract_early, estate.contract_order,
// estate.dates_order.
func (s *Service) RecordServiceContract(ctx context.Context, actor access.Actor, key string, req RecordServiceContract) (access.Outcome[ContractRecorded], error) {
	if err := req.check(); err != nil {
		return access.Outcome[ContractRecorded]{}, err
	}
	p, err := s.atEstate(ctx, actor, req.District, req.EstateID)
	if err != nil {
		return access.Outcome[ContractRecorded]{}, err
	}
	c := access.Command{Actor: actor, District: req.District, Node: p.NodeID, Permission: access.TakeoverRecord,
		UseCase: "estate.record_service_contract", Key: key, Request: req}
	return access.Act(ctx, s.Gate, c, func(ctx context.Context, tx postgres.Tx, act *access.Record) (ContractRecorded, error) {
		scope := scopeOf(act)
		if err := lock(ctx, tx, "lock_estate", scope, "estate", req.EstateID, estateNotFound); err != nil {
			return ContractRecorded{}, err
		}
		takeovers, err := readTakeovers(ctx, tx, scope, req.EstateID, req.ValidFrom)
		if err != nil {
			return ContractRecorded{}, err
		}
		contracts, err := readContracts(ctx, tx, scope, req.EstateID)
		if err != nil {
			return ContractRecorded{}, err
		}
		k, err := req.contract(takeovers, contracts)
		if err != nil {
			return ContractRecorded{}, err
		}
		if len(contracts) > 0 {
			act.Before(contracts[0])
		}
		act.After(k)
		err = tx.Get(ctx, &k.ContractID, queries.Get("insert_contract"), map[string]any{
			"district": act.District, "estate": req.EstateID, "company": k.CompanyID, "version": k.Version, "valid_from": k.ValidFrom,
			"valid_to": k.ValidTo, "fee_start_rule": string(k.FeeStartRule), "fee_start": k.FeeStart, "due_day": k.DueDay, "paper": k.Paper,
			"act": act.ActID,
		})
		return ContractRecorded{k.ContractID, k.ValidFrom, k.FeeStart}, err
	})
}

// contract works out the contract from the takeovers on or before its first day
// and the contracts there are, both latest first.
func (r RecordServiceContract) contract(takeovers []Takeover, contracts []ServiceContract) (ServiceContract, error) {
	if len(takeovers) == 0 {
		return ServiceContract{}, NotTakenOver()
	}
	t := takeovers[0]
	k := ServiceContract{CompanyID: t.CompanyID, Version: 1, ValidFrom: r.ValidFrom, ValidTo: r.ValidTo, FeeStartRule: r.FeeStartRule,
		DueDay: r.DueDay, Paper: r.Paper}
	if k.ValidFrom.IsZero() {
		k.ValidFrom = t.EntryDate
	}
	if k.ValidTo.Before(k.ValidFrom) {
		return k, invalid("dates_order", "合同截止日期不能早于开始日期。", "valid_to")
	}
	if len(contracts) > 0 {
		latest := contracts[0]
		if k.ValidFrom.Before(latest.ValidFrom) {
			return k, fault.Conflict("estate.contract_order", fmt.Sprintf("已登记 %s 起的合同，新合同不能更早。", latest.ValidFrom)).At("valid_from")
		}
		if k.ValidFrom == latest.ValidFrom {
			k.Version = latest.Version + 1
		}
	}
	k.FeeStart = FeeStart(t.EntryDate, k.FeeStartRule, k.ValidFrom)
	return k, nil
}

func readContracts(ctx context.Context, r postgres.Reader, s access.Scope, estate int64) ([]ServiceContract, error) {
	contracts := []ServiceContract{}
	err := r.Select(ctx, &contracts, queries.Get("contracts"), scoped(s, map[string]any{"estate": estate}))
	return contracts, err
}
