package api

import (
	"context"
	"strings"

	"estateledger/access"
	"estateledger/estate"
	"estateledger/server/web"
)

// register are the routes of the register.
type register struct{ s *estate.Service }

func (g register) handlers() map[string]web.Handler {
	s := g.s
	return map[string]web.Handler{
		"api.sub_districts":     func(q *web.Request) error { return listed(q, s.SubDistricts) },
		"api.communities":       func(q *web.Request) error { return listed(q, s.Communities) },
		"api.companies":         func(q *web.Request) error { return listed(q, s.Companies) },
		"api.sub_district_make": write(s.CreateSubDistrict, func(q *web.Request, r *estate.CreateSubDistrict) error { return put(&r.District, q.District) }),
		"api.community_make":    write(s.CreateCommunity, func(q *web.Request, r *estate.CreateCommunity) error { return put(&r.District, q.District) }),
		"api.company_make":      write(s.CreateCompany, func(q *web.Request, r *estate.CreateCompany) error { return put(&r.District, q.District) }),

		"api.estates":        g.estates,
		"api.estate":         g.estate,
		"api.estate_make":    write(s.CreateEstate, func(q *web.Request, r *estate.CreateEstate) error { return put(&r.District, q.District) }),
		"api.estate_correct": write(s.CorrectEstate, func(q *web.Request, r *estate.CorrectEstate) error { return atPath(q, &r.District, &r.EstateID) }),
		"api.estate_place":   write(s.PlaceEstate, func(q *web.Request, r *estate.PlaceEstate) error { return atPath(q, &r.District, &r.EstateID) }),
		"api.grid":           g.grid,
		"api.heads":          g.heads,

		"api.takeover":        g.takeover,
		"api.takeover_record": write(s.RecordTakeover, func(q *web.Request, r *estate.RecordTakeover) error { return atPath(q, &r.District, &r.EstateID) }),
		"api.takeover_note": write(s.NoteTakeoverItem, func(q *web.Request, r *estate.NoteTakeoverItem) error {
			return both(atPath(q, &r.District, &r.EstateID), putParam(q, &r.TakeoverID, "takeover"))
		}),
		"api.contract_record": write(s.RecordServiceContract, func(q *web.Request, r *estate.RecordServiceContract) error {
			return atPath(q, &r.District, &r.EstateID)
		}),
		"api.checklist": checklist,
	}
}

// atPath fills in the district and the thing the path names.
func atPath(q *web.Request, district, id *int64) error {
	return both(put(district, q.District), put(id, q.ID))
}

// cursorMark parts a name from an id in a cursor; names hold no tab.
const cursorMark = "\t"

// estates are a page of the estates in the user's scope, by name.
func (g register) estates(q *web.Request) error {
	var f web.Fields
	filter := estate.EstateFilter{SubDistrictID: f.ID("sub_district_id", q.Query("sub_district_id")),
		CommunityID: f.ID("community_id", q.Query("community_id")), CompanyID: f.ID("company_id", q.Query("company_id")),
		Text: q.Query("text"), Incomplete: q.QueryBool("incomplete"), On: f.Date("on", q.Query("on")),
		Limit: f.Count("limit", q.Query("limit", "50"), 1, 200)}
	if after := q.Query("after"); after != "" {
		name, last, _ := strings.Cut(after, cursorMark)
		filter.After = estate.Cursor{Name: name, EstateID: f.ID("after", last)}
	}
	if err := f.Err(); err != nil {
		return err
	}
	found, err := g.s.EstateList(q.UserContext(), q.Actor(), q.District, filter)
	if err != nil {
		return err
	}
	type estateOut struct {
		estate.Estate
		Missing []string `json:"missing"`
	}
	out, next := []estateOut{}, ""
	for _, e := range found {
		out = append(out, estateOut{e, e.Missing()})
	}
	if n := len(found); n == filter.Limit {
		next = found[n-1].Name + cursorMark + id(found[n-1].EstateID)
	}
	return web.Items(q, out, next)
}

func (g register) estate(q *web.Request) error {
	var f web.Fields
	on := f.Date("on", q.Query("on"))
	if err := f.Err(); err != nil {
		return err
	}
	file, err := g.s.EstateFile(q.UserContext(), q.Actor(), q.District, q.ID, on)
	if err != nil {
		return err
	}
	return q.JSON(file)
}

// grid is the estate's rooms by building and stair; it names no resident.
func (g register) grid(q *web.Request) error {
	var f web.Fields
	on := f.Date("on", q.Query("on"))
	if err := f.Err(); err != nil {
		return err
	}
	buildings, err := g.s.RoomGrid(q.UserContext(), q.Actor(), q.District, q.ID, on)
	if err != nil {
		return err
	}
	return web.Items(q, buildings, "")
}

// heads are the numbers a vote is counted on.
func (g register) heads(q *web.Request) error {
	var f web.Fields
	on := f.Date("on", q.Query("on"))
	if err := f.Err(); err != nil {
		return err
	}
	h, err := g.s.HeadsCount(q.UserContext(), q.Actor(), q.District, q.ID, on)
	if err != nil {
		return err
	}
	return q.JSON(h)
}

// takeover is the takeover in force on a day with its checklist as it stood.
func (g register) takeover(q *web.Request) error {
	var f web.Fields
	on := f.Date("on", q.Query("on"))
	if err := f.Err(); err != nil {
		return err
	}
	t, err := g.s.TakeoverAsOf(q.UserContext(), q.Actor(), q.District, q.ID, on)
	if err != nil {
		return err
	}
	return q.JSON(t)
}

// checklist are the items of the handover list, for who fills one in.
func checklist(q *web.Request) error {
	type itemOut struct {
		Code string `json:"item"`
		Name string `json:"name"`
	}
	out := []itemOut{}
	for _, item := range estate.ChecklistItems {
		out = append(out, itemOut{item.Code, item.Name})
	}
	return web.Items(q, out, "")
}

// view is a list of the register that takes only the scope.
type view[T any] func(ctx context.Context, actor access.Actor, district int64) ([]T, error)

// listed answers a view of the register that takes only the scope.
func listed[T any](q *web.Request, read view[T]) error {
	items, err := read(q.UserContext(), q.Actor(), q.District)
	if err != nil {
		return err
	}
	return web.Items(q, items, "")
}
