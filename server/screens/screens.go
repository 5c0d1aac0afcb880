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
	// Logins are shown on the login page; of a demo only.
	Logins []pages.DemoLogin
}

// Handlers gives the handler of every page by the name of its route.
func Handlers(s Services) func(*pages.Renderer) map[string]web.Handler {
	return func(renderer *pages.Renderer) map[string]web.Handler {
		d := &desk{pages: renderer, gate: s.Gate, demo: s.Demo, logins: s.Logins, services: services{s.Estate, s.Cashier}}
		all := map[string]web.Handler{}
		for _, group := range []map[string]web.Handler{
			d.entrance(), d.home(), d.estateFiles(), d.households(), d.users(), d.imports(),
			d.books(), d.closing(), d.atCounter(), d.payments(), d.arrearsPages(), d.runsPages(), d.acts(),
		} {
			maps.Copy(all, group)
		}
		return all
	}
}

// placesLocal keeps the places of a request: frame and page both ask for them.
const placesLocal = "screens.places"

// places are the estates the user may see.
func (d *desk) places(q *web.Request) ([]place, error) {
	if known, ok := q.Locals(placesLocal).([]place); ok {
		return known, nil
	}
	list, err := d.register.EstatePlaces(q.UserContext(), q.Actor(), q.District)
	places := make([]place, 0, len(list))
	for _, e := range list {
		places = append(places, place{ID: e.EstateID, Name: e.Name, SubDistrict: e.SubDistrictName, Node: e.NodeID})
	}
	if err == nil {
		q.Locals(placesLocal, places)
	}
	return places, err
}
