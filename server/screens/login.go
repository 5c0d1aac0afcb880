package screens

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"

	"estateledger/access"
	"estateledger/estate"
	"estateledger/postgres"
	"estateledger/receivable"
	"estateledger/server/pages"
	"estateledger/server/web"
)

// entrance are the pages around all others: login, look of the pages, search.
func (d *desk) entrance() map[string]web.Handler {
	return map[string]web.Handler{
		"login":    d.showLogin,
		"login_do": d.logIn,
		"logout":   d.logOut,
		"look":     d.changeLook,
		"search":   d.search,
		"suggest":  d.suggest,
	}
}

func (d *desk) showLogin(q *web.Request) error {
	return d.show(q, pages.LoginView{Form: pages.LoginForm{Next: q.Query("next")}, Logins: d.logins})
}

func (d *desk) logIn(q *web.Request) error {
	var form pages.LoginForm
	if err := q.BodyParser(&form); err != nil {
		return badForm(err)
	}
	_, err := q.LogIn(form.Login, form.Password)
	if err != nil {
		return d.again(q, err, func(p pages.Problems) (pages.View, error) {
			form.Password = ""
			return pages.LoginView{Form: form, Problems: p, Logins: d.logins}, nil
		})
	}
	next := "/"
	if localAddress(form.Next) {
		next = form.Next
	}
	return q.Redirect(next, fiber.StatusSeeOther)
}

func (d *desk) logOut(q *web.Request) error {
	if err := q.LogOut(); err != nil {
		return err
	}
	return d.done(q, pages.Notice{Tone: pages.Good, Strong: "已退出登录。"}, "login")
}

// looks are the cookies of the pages' look and the values each may have, the
// plain one first.
var looks = map[string][]string{"theme": {"light", "dark"}, "size": {"normal", "large"}, "rows": {"open", "close"}}

// changeLook keeps how the reader wants the pages, for a year, and leads back.
func (d *desk) changeLook(q *web.Request) error {
	for name, values := range looks {
		if wanted := q.Query(name); slices.Contains(values, wanted) {
			q.Cookie(&fiber.Cookie{Name: name, Value: wanted, Path: "/", SameSite: fiber.CookieSameSiteLaxMode, Secure: q.Secure,
				MaxAge: int(365 * 24 * time.Hour / time.Second)})
		}
	}
	back := "/"
	if from, err := url.Parse(q.Get(fiber.HeaderReferer)); err == nil && from.Host == q.Hostname() && localAddress(from.RequestURI()) {
		back = from.RequestURI()
	}
	return q.Redirect(back, fiber.StatusSeeOther)
}

// mostHits bounds the search page, mostSuggested the list under the search box.
const (
	mostHits      = 30
	mostSuggested = 8
)

func (d *desk) search(q *web.Request) error {
	view := pages.SearchView{Query: q.Query("q")}
	hits, err := d.hits(q, view.Query)
	if err != nil {
		return err
	}
	view.Hits, view.More = atMost(hits, mostHits), len(hits) > mostHits
	return d.show(q, view)
}

func (d *desk) suggest(q *web.Request) error {
	hits, err := d.hits(q, q.Query("q"))
	if err != nil {
		return err
	}
	return d.show(q, pages.SuggestView{Query: q.Query("q"), Hits: atMost(hits, mostSuggested)})
}

func atMost[T any](list []T, most int) []T { return list[:min(most, len(list))] }

// hits are the households that a text means, with what they owe; those of the
// chosen estate come first.
func (d *desk) hits(q *web.Request, text string) ([]pages.HouseholdHit, error) {
	found, err := d.register.FindUnits(q.UserContext(), q.Actor(), q.District, 0, text)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	here, _, err := d.estates(q)
	if err != nil {
		return nil, err
	}
	if here != nil {
		elsewhere := func(u estate.UnitLine) int {
			if u.EstateID == here.ID {
				return 0
			}
			return 1
		}
		slices.SortStableFunc(found, func(a, b estate.UnitLine) int { return cmp.Compare(elsewhere(a), elsewhere(b)) })
	}
	units := make([]int64, len(found))
	for i, u := range found {
		units[i] = u.UnitID
	}
	var owed map[int64]receivable.Owed
	err = d.read(q, func(ctx context.Context, r postgres.Reader, s access.Scope) (err error) {
		owed, err = receivable.OwedBy(ctx, r, s, units)
		return err
	})
	hits := make([]pages.HouseholdHit, len(found))
	for i, u := range found {
		hits[i] = pages.HouseholdHit{UnitID: u.UnitID, Estate: u.EstateName, Unit: u.Name(), Code: u.Code,
			Owner: estate.OwnerNames(u.Owners), Phone: firstPhone(u.Owners), Owed: owed[u.UnitID].Open}
	}
	return hits, err
}
