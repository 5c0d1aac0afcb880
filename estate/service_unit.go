package estate

import (
	"context"
	"errors"
	"strconv"

	"github.com/shopspring/decimal"

	"estateledger/access"
	"estateledger/civil"
	"estateledger/fault"
	"estateledger/postgres"
)

// UnitCreated names a unit that was registered.
type UnitCreated struct {
	UnitID   int64  `db:"unit_id" json:"unit_id,string"`
	EstateID int64  `db:"estate_id" json:"estate_id,string"`
	Code     string `db:"code" json:"code"`
}

// UnitsCreated is the answer of CreateUnits, in the order of the request.
type UnitsCreated struct {
	Units []UnitCreated `json:"units"`
}

// CreateUnits registers units of an estate with their areas; buildings and
// stairs come into being with them. Refused: estate.unit_exists.
func (s *Service) CreateUnits(ctx context.Context, actor access.Actor, key string, req CreateUnits) (access.Outcome[UnitsCreated], error) {
	if err := req.check(); err != nil {
		return access.Outcome[UnitsCreated]{}, err
	}
	p, err := s.atEstate(ctx, actor, req.District, req.EstateID)
	if err != nil {
		return access.Outcome[UnitsCreated]{}, err
	}
	c := access.Command{Actor: actor, District: req.District, Node: p.NodeID, Permission: access.RegisterImport,
		UseCase: "estate.create_units", Key: key, Request: req}
	return access.Act(ctx, s.Gate, c, func(ctx context.Context, tx postgres.Tx, act *access.Record) (UnitsCreated, error) {
		if err := lock(ctx, tx, "lock_estate", scopeOf(act), "estate", req.EstateID, estateNotFound); err != nil {
			return UnitsCreated{}, err
		}
		rows := make([]unitRow, len(req.Units))
		for i, u := range req.Units {
			rows[i] = unitRow{estate: req.EstateID, number: u.number, floor: u.Floor, use: u.Use, tenure: u.Tenure, hasLift: u.HasLift,
				area: u.Area, areaSource: u.AreaSource, areaFrom: u.AreaFrom}
		}
		made, err := insertUnits(ctx, tx, act, rows)
		if postgres.Violates(err, "unit_code") || postgres.Violates(err, "unit_room") {
			err = fault.Conflict("estate.unit_exists", "其中有已经登记的房号，请核对。").At("units")
		}
		act.After(map[string]int{"units": len(made)})
		return UnitsCreated{made}, err
	})
}

// unitRow is a unit to write, from a form or a file.
type unitRow struct {
	estate     int64
	number     RoomNumber
	floor      *int
	use        Use
	tenure     Tenure
	hasLift    *bool
	area       *decimal.Decimal
	areaSource AreaSource
	areaFrom   civil.Date
	areaReason string
}

// levelKey names a stair of an estate by its names.
type levelKey struct {
	estate          int64
	building, stair string
}

func keyOf(estate int64, n RoomNumber) levelKey {
	return levelKey{estate, orUnspecified(n.Building), orUnspecified(n.Stair)}
}

func orUnspecified(s string) string {
	if s == "" {
		return Unspecified
	}
	return s
}

// insertUnits writes units as one set each of buildings, stairs, units and areas,
// and answers them in the order of rows.
func insertUnits(ctx context.Context, tx postgres.Tx, act *access.Record, rows []unitRow) ([]UnitCreated, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	stairs, err := ensureStairs(ctx, tx, act, rows)
	if err != nil {
		return nil, err
	}
	var b struct {
		estates, stairs                     []int64
		rooms, codes, floors, uses, tenures []string
	}
	for _, u := range rows {
		b.estates, b.stairs = append(b.estates, u.estate), append(b.stairs, stairs[keyOf(u.estate, u.number)])
		b.rooms, b.codes, b.floors = append(b.rooms, u.number.Room), append(b.codes, u.number.Code()), append(b.floors, textOf(u.floor))
		b.uses, b.tenures = append(b.uses, string(u.use)), append(b.tenures, string(u.tenure))
	}
	var made []UnitCreated
	err = tx.Select(ctx, &made, queries.Get("insert_units"), map[string]any{
		"district": act.District, "act": act.ActID, "estates": b.estates, "stairs": b.stairs, "rooms": b.rooms, "codes": b.codes,
		"floors": b.floors, "uses": b.uses, "tenures": b.tenures,
	})
	if err != nil {
		return nil, err
	}
	type name struct {
		estate int64
		code   string
	}
	byName := make(map[name]UnitCreated, len(made))
	for _, m := range made {
		byName[name{m.EstateID, m.Code}] = m
	}
	var areas []areaRow
	for i, u := range rows {
		made[i] = byName[name{u.estate, u.number.Code()}]
		if u.area != nil {
			areas = append(areas, areaRow{made[i].UnitID, u.areaFrom, *u.area, u.areaSource, u.areaReason})
		}
	}
	if err := insertAreas(ctx, tx, act, areas); err != nil {
		return nil, err
	}
	return made, setLifts(ctx, tx, act, rows, stairs)
}

// ensureStairs finds or makes the buildings and stairs of units.
func ensureStairs(ctx context.Context, tx postgres.Tx, act *access.Record, rows []unitRow) (map[levelKey]int64, error) {
	var estates []int64
	var names []string
	for _, u := range rows {
		estates, names = append(estates, u.estate), append(names, orUnspecified(u.number.Building))
	}
	_, err := tx.Exec(ctx, queries.Get("insert_buildings"), map[string]any{
		"district": act.District, "estates": estates, "names": names, "unspecified": Unspecified,
	})
	if err != nil {
		return nil, err
	}
	levels, err := readLevels(ctx, tx, scopeOf(act), estates)
	if err != nil {
		return nil, err
	}
	var buildings []int64
	names = nil
	for _, u := range rows {
		k := keyOf(u.estate, u.number)
		if levels.stairs[k] == 0 {
			buildings, names = append(buildings, levels.buildings[levelKey{estate: k.estate, building: k.building}]), append(names, k.stair)
		}
	}
	if len(buildings) == 0 {
		return levels.stairs, nil
	}
	_, err = tx.Exec(ctx, queries.Get("insert_stairs"), map[string]any{
		"district": act.District, "buildings": buildings, "names": names, "unspecified": Unspecified,
	})
	if err != nil {
		return nil, err
	}
	levels, err = readLevels(ctx, tx, scopeOf(act), estates)
	return levels.stairs, err
}

// levelIDs are the buildings and stairs of estates by name.
type levelIDs struct {
	buildings map[levelKey]int64 // stair empty
	stairs    map[levelKey]int64
}

func readLevels(ctx context.Context, r postgres.Reader, s access.Scope, estates []int64) (levelIDs, error) {
	var rows []struct {
		EstateID   int64  `db:"estate_id"`
		BuildingID int64  `db:"building_id"`
		Building   string `db:"building"`
		StairID    int64  `db:"stair_id"`
		Stair      string `db:"stair"`
		HasLift    *bool  `db:"has_lift"`
	}
	ids := levelIDs{map[levelKey]int64{}, map[levelKey]int64{}}
	err := r.Select(ctx, &rows, queries.Get("levels"), scoped(s, map[string]any{"estates": distinct(estates)}))
	for _, row := range rows {
		ids.buildings[levelKey{estate: row.EstateID, building: row.Building}] = row.BuildingID
		if row.StairID != 0 {
			ids.stairs[levelKey{row.EstateID, row.Building, row.Stair}] = row.StairID
		}
	}
	return ids, err
}

// distinct keeps the first of equal ids.
func distinct(ids []int64) []int64 {
	seen, kept := map[int64]bool{}, []int64{}
	for _, id := range ids {
		if !seen[id] {
			seen[id] = true
			kept = append(kept, id)
		}
	}
	return kept
}

func textOf(n *int) string {
	if n == nil {
		return ""
	}
	return strconv.Itoa(*n)
}

// setLifts notes which stairs have a lift, where the rows say so.
func setLifts(ctx context.Context, tx postgres.Tx, act *access.Record, rows []unitRow, stairs map[levelKey]int64) error {
	said := map[int64]bool{}
	var ids []int64
	var lifts []bool
	for _, u := range rows {
		stair := stairs[keyOf(u.estate, u.number)]
		if u.hasLift != nil && !said[stair] {
			said[stair] = true
			ids, lifts = append(ids, stair), append(lifts, *u.hasLift)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	_, err := tx.Exec(ctx, queries.Get("set_lifts"), map[string]any{"district": act.District, "stairs": ids, "lifts": lifts})
	return err
}

// areaRow is an area to write.
type areaRow struct {
	unit   int64
	from   civil.Date
	area   decimal.Decimal
	source AreaSource
	reason string
}

func insertAreas(ctx context.Context, tx postgres.Tx, act *access.Record, rows []areaRow) error {
	if len(rows) == 0 {
		return nil
	}
	var units []int64
	var starts, areas, sources, reasons []string
	for _, r := range rows {
		units, starts, areas = append(units, r.unit), append(starts, r.from.String()), append(areas, r.area.String())
		sources, reasons = append(sources, string(r.source)), append(reasons, r.reason)
	}
	_, err := tx.Exec(ctx, queries.Get("insert_areas"), map[string]any{
		"district": act.District, "act": act.ActID, "units": units, "starts": starts, "areas": areas, "sources": sources, "reasons": reasons,
	})
	return err
}

// RecordArea corrects a unit's area from a day on; every earlier day keeps the
// area it had. Refused: estate.area_same, estate.date_missing.
func (s *Service) RecordArea(ctx context.Context, actor access.Actor, key string, req RecordArea) (access.Outcome[AreaRecord], error) {
	if err := req.check(s.Gate.Clock.Today()); err != nil {
		return access.Outcome[AreaRecord]{}, err
	}
	p, err := s.atUnit(ctx, actor, req.District, req.UnitID)
	if err != nil {
		return access.Outcome[AreaRecord]{}, err
	}
	c := access.Command{Actor: actor, District: req.District, Node: p.NodeID, Permission: access.RegisterWrite,
		UseCase: "estate.record_area", Key: key, Request: req}
	return access.Act(ctx, s.Gate, c, func(ctx context.Context, tx postgres.Tx, act *access.Record) (AreaRecord, error) {
		if err := lock(ctx, tx, "lock_unit", scopeOf(act), "unit", req.UnitID, unitNotFound); err != nil {
			return AreaRecord{}, err
		}
		history, err := readAreas(ctx, tx, scopeOf(act), req.UnitID)
		if err != nil {
			return AreaRecord{}, err
		}
		from := req.ValidFrom
		if from.IsZero() {
			if len(history) > 0 {
				return AreaRecord{}, invalid("date_missing", "这套房屋已有面积，更正请填写从哪一天起生效。", "valid_from")
			}
			from = UnknownStart
		}
		before, had := AreaOn(history, from)
		if had && before.Area.Equal(req.Area) && before.Source == req.Source {
			return AreaRecord{}, fault.Conflict("estate.area_same", "这一天登记的面积和来源本来就是这样，不用更正。").At("area")
		}
		if had {
			act.Before(before)
		}
		after := AreaRecord{ValidFrom: from, Version: nextVersion(history, from), Area: req.Area, Source: req.Source, Reason: req.Reason, ActID: act.ActID}
		act.After(after)
		return after, insertAreas(ctx, tx, act, []areaRow{{req.UnitID, from, req.Area, req.Source, req.Reason}})
	})
}

func readAreas(ctx context.Context, r postgres.Reader, s access.Scope, unit int64) ([]AreaRecord, error) {
	history := []AreaRecord{}
	err := r.Select(ctx, &history, queries.Get("areas"), scoped(s, map[string]any{"unit": unit}))
	return history, err
}

// AreaOn is the area in force on a day: the latest start on or before it, the
// highest version among equals; history comes latest first.
func AreaOn(history []AreaRecord, on civil.Date) (AreaRecord, bool) {
	for _, a := range history {
		if !a.ValidFrom.After(on) {
			return a, true
		}
	}
	return AreaRecord{}, false
}

func nextVersion(history []AreaRecord, from civil.Date) int {
	for _, a := range history {
		if a.ValidFrom == from {
			return a.Version + 1
		}
	}
	return 1
}

// personRow is a person as the register keeps him.
type personRow struct {
	PersonID int64      `db:"person_id"`
	Kind     PersonKind `db:"kind"`
	Name     string     `db:"name"`
	Phone    string     `db:"phone"`
	Hash     string     `db:"hash"` // hex, empty when no document is known
}

// personInScope finds a person the actor may see; unit 0 means any unit.
func personInScope(ctx context.Context, r postgres.Reader, s access.Scope, person, unit int64) (personRow, error) {
	var p personRow
	err := r.Get(ctx, &p, queries.Get("person_in_scope"), scoped(s, map[string]any{"person": person, "unit": unit}))
	if errors.Is(err, postgres.ErrNoRow) {
		return p, fault.NotFound("estate.person_not_found", "没有这个人，或者不在您的权限范围内。").At("person_id")
	}
	return p, err
}
