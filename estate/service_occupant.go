package estate

import (
	"context"
	"fmt"

	"estateledger/access"
	"estateledger/fault"
	"estateledger/postgres"
)

// OccupantRecorded is the answer of RecordOccupant.
type OccupantRecorded struct {
	OccupantID int64 `json:"occupant_id,string"`
}

// RecordOccupant says who uses a unit from a day on. Refused:
// estate.occupant_exists, estate.document_name, estate.person_not_found.
func (s *Service) RecordOccupant(ctx context.Context, actor access.Actor, key string, req RecordOccupant) (access.Outcome[OccupantRecorded], error) {
	if err := req.check(); err != nil {
		return access.Outcome[OccupantRecorded]{}, err
	}
	p, err := s.atUnit(ctx, actor, req.District, req.UnitID)
	if err != nil {
		return access.Outcome[OccupantRecorded]{}, err
	}
	recorded := req
	recorded.Person = req.Person.recorded(req.District)
	c := access.Command{Actor: actor, District: req.District, Node: p.NodeID, Permission: access.RegisterWrite,
		UseCase: "estate.record_occupant", Key: key, Request: recorded}
	return access.Act(ctx, s.Gate, c, func(ctx context.Context, tx postgres.Tx, act *access.Record) (done OccupantRecorded, err error) {
		if err := lock(ctx, tx, "lock_unit", scopeOf(act), "unit", req.UnitID, unitNotFound); err != nil {
			return done, err
		}
		person, err := resolvePerson(ctx, tx, act, req.PersonID, req.Person, "")
		if err != nil {
			return done, err
		}
		others, err := readOccupants(ctx, tx, scopeOf(act), req.UnitID)
		if err != nil {
			return done, err
		}
		for _, o := range others {
			if o.PersonID == person && (o.ValidTo.IsZero() || !o.ValidTo.Before(req.ValidFrom)) && (req.ValidTo.IsZero() || !req.ValidTo.Before(o.ValidFrom)) {
				return done, fault.Conflict("estate.occupant_exists", "这个人在这段时间已经登记为使用人。").At("person_id")
			}
		}
		act.After(map[string]any{"person_id": person, "valid_from": req.ValidFrom, "valid_to": req.ValidTo})
		err = tx.Get(ctx, &done.OccupantID, queries.Get("insert_occupant"), map[string]any{
			"district": act.District, "unit": req.UnitID, "person": person, "valid_from": req.ValidFrom, "valid_to": req.ValidTo, "act": act.ActID,
		})
		return done, err
	})
}

func readOccupants(ctx context.Context, r postgres.Reader, s access.Scope, unit int64) ([]Occupant, error) {
	occupants := []Occupant{}
	err := r.Select(ctx, &occupants, queries.Get("occupants"), scoped(s, map[string]any{"unit": unit}))
	for i := range occupants {
		occupants[i].mask()
	}
	return occupants, err
}

// EndOccupant notes an occupant's last day. Refused: estate.occupant_not_found,
// estate.dates_order, estate.occupant_ended.
func (s *Service) EndOccupant(ctx context.Context, actor access.Actor, key string, req EndOccupant) (access.Outcome[struct{}], error) {
	p, err := s.atUnit(ctx, actor, req.District, req.UnitID)
	if err != nil {
		return access.Outcome[struct{}]{}, err
	}
	c := access.Command{Actor: actor, District: req.District, Node: p.NodeID, Permission: access.RegisterWrite,
		UseCase: "estate.end_occupant", Key: key, Request: req}
	return access.Act(ctx, s.Gate, c, func(ctx context.Context, tx postgres.Tx, act *access.Record) (struct{}, error) {
		if err := lock(ctx, tx, "lock_unit", scopeOf(act), "unit", req.UnitID, unitNotFound); err != nil {
			return struct{}{}, err
		}
		occupants, err := readOccupants(ctx, tx, scopeOf(act), req.UnitID)
		if err != nil {
			return struct{}{}, err
		}
		for _, o := range occupants {
			if o.OccupantID != req.OccupantID {
				continue
			}
			switch {
			case !o.ValidTo.IsZero():
				return struct{}{}, fault.Conflict("estate.occupant_ended", fmt.Sprintf("这个使用人已登记于 %s 搬离。", o.ValidTo)).At("last_day")
			case req.LastDay.IsZero() || req.LastDay.Before(o.ValidFrom):
				return struct{}{}, invalid("dates_order", "请填写搬离日期，不早于入住日期。", "last_day")
			}
			act.Before(o)
			_, err := tx.Exec(ctx, queries.Get("end_occupant"), map[string]any{
				"district": act.District, "unit": req.UnitID, "occupant": req.OccupantID, "last_day": req.LastDay,
			})
			return struct{}{}, err
		}
		return struct{}{}, fault.NotFound("estate.occupant_not_found", "这套房屋没有这个使用人。").At("occupant_id")
	})
}
