package api

import (
	"estateledger/estate"
	"estateledger/server/web"
)

// units are the routes of units and who owns and uses them.
type units struct{ s *estate.Service }

func (g units) handlers() map[string]web.Handler {
	s := g.s
	return map[string]web.Handler{
		"api.units":        g.units,
		"api.unit_search":  g.search,
		"api.unit":         g.unit,
		"api.units_make":   write(s.CreateUnits, func(q *web.Request, r *estate.CreateUnits) error { return atPath(q, &r.District, &r.EstateID) }),
		"api.area_record":  write(s.RecordArea, func(q *web.Request, r *estate.RecordArea) error { return atPath(q, &r.District, &r.UnitID) }),
		"api.title_record": write(s.RecordOwnership, func(q *web.Request, r *estate.RecordOwnership) error { return atPath(q, &r.District, &r.UnitID) }),
		"api.occupant_record": write(s.RecordOccupant, func(q *web.Request, r *estate.RecordOccupant) error {
			return atPath(q, &r.District, &r.UnitID)
		}),
		"api.occupant_end": write(s.EndOccupant, func(q *web.Request, r *estate.EndOccupant) error {
			return both(atPath(q, &r.District, &r.UnitID), putParam(q, &r.OccupantID, "occupant"))
		}),
		"api.person_correct": write(s.CorrectPerson, func(q *web.Request, r *estate.CorrectPerson) error {
			return both(atPath(q, &r.District, &r.UnitID), putParam(q, &r.PersonID, "person"))
		}),
	}
}

// units are a page of an estate's units by building, stair and room.
func (g units) units(q *web.Request) error {
	var f web.Fields
	on, limit := f.Date("on", q.Query("on")), f.Count("limit", q.Query("limit", "50"), 1, 200)
	if err := f.Err(); err != nil {
		return err
	}
	found, err := g.s.Units(q.UserContext(), q.Actor(), q.District, q.ID, on, q.Query("after"), limit)
	if err != nil {
		return err
	}
	next := ""
	if n := len(found); n == limit {
		next = found[n-1].SortKey
	}
	return web.Items(q, found, next)
}

// search finds units by room number, name or telephone, in one estate or in the
// whole scope.
func (g units) search(q *web.Request) error {
	var f web.Fields
	at := f.ID("estate_id", q.Query("estate_id"))
	text := f.Need("text", q.Query("text"), "房号、姓名或电话")
	if err := f.Err(); err != nil {
		return err
	}
	found, err := g.s.FindUnits(q.UserContext(), q.Actor(), q.District, at, text)
	if err != nil {
		return err
	}
	return web.Items(q, found, "")
}

func (g units) unit(q *web.Request) error {
	var f web.Fields
	on := f.Date("on", q.Query("on"))
	if err := f.Err(); err != nil {
		return err
	}
	file, err := g.s.UnitFile(q.UserContext(), q.Actor(), q.District, q.ID, on)
	if err != nil {
		return err
	}
	return q.JSON(file)
}
