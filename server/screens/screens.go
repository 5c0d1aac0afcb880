package screens

import (
	"maps"

	"estateledger/access"
	"estateledger/estate"
	"estateledger/receivable"
	"estateledger/server/pages"
	"estateledger/server/web"
)

// services are the use cases the pages call.
type services struct {
	register *estate.Service
	cashier  *receivable.Cashier
}

// Services are what the pages stand on.
type Services struct {
	Gate    *access.Gate
	Estate  *estate.Service
	Cashier *receivable.Cashier
	Demo    bool
}

// Handlers gives the handler of every page by the name of its route.
func Handlers(s Services) func(*pages.Renderer) map[string]web.Handler {
	return func(renderer *pages.Renderer) map[string]web.Handler {
		d := &desk{pages: renderer, gate: s.Gate, demo: s.Demo, services: services{s.Estate, s.Cashier}}
		all := map[string]web.Handler{}
		for _, group := range []map[string]web.Handler{
			d.books(), d.closing(), d.atCounter(), d.payments(), d.arrearsPages(), d.runsPages(), d.acts(),
		} {
			maps.Copy(all, group)
		}
		return all
	}
}

// mostPlaces bounds the scope switch; a district has some hundred estates.
const mostPlaces = 200

// places are the estates the user may see.
func (d *desk) places(q *web.Request) ([]place, error) {
	list, err := d.register.EstateList(q.UserContext(), q.Actor(), q.District, estate.EstateFilter{Limit: mostPlaces})
	places := make([]place, 0, len(list))
	for _, e := range list {
		places = append(places, place{ID: e.EstateID, Name: e.Name, SubDistrict: e.SubDistrictName, Node: e.NodeID})
	}
	return places, err
}
