package screens

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/url"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"estateledger/access"
	"estateledger/fault"
	"estateledger/postgres"
	"estateledger/server/pages"
	"estateledger/server/web"
)

const (
	noticeCookie = "el_notice"
	estateCookie = "el_estate"
)

// desk holds what every page needs.
type desk struct {
	pages  *pages.Renderer
	gate   *access.Gate
	demo   bool
	logins []pages.DemoLogin
	services
}

// show renders a page inside the frame: menu, scope, user, the notice of what
// just happened.
func (d *desk) show(q *web.Request, view pages.View) error {
	shell, err := d.shell(q)
	if err != nil {
		return err
	}
	return d.send(q, fiber.StatusOK, shell, view)
}

// again shows a refused form with what the user typed and what is wrong. An
// error that is no refusal goes to the error page.
func (d *desk) again(q *web.Request, err error, view func(pages.Problems) (pages.View, error)) error {
	problems := pages.ProblemsOf(err)
	if len(problems) == 0 {
		return err
	}
	v, viewErr := view(problems)
	if viewErr != nil {
		return errors.Join(viewErr, err)
	}
	shell, shellErr := d.shell(q)
	if shellErr != nil {
		return shellErr
	}
	return d.send(q, fault.Of(err).Status(), shell, v)
}

func (d *desk) send(q *web.Request, status int, shell pages.Shell, view pages.View) error {
	var page bytes.Buffer
	if err := d.pages.Render(&page, shell, view); err != nil {
		return err
	}
	q.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
	q.Set(fiber.HeaderCacheControl, "no-store")
	return q.Status(status).Send(page.Bytes())
}

// done leads on after an act, with a notice of what happened.
func (d *desk) done(q *web.Request, notice pages.Notice, route string, parameters ...any) error {
	body, err := json.Marshal(notice)
	if err != nil {
		return err
	}
	q.Cookie(&fiber.Cookie{Name: noticeCookie, Value: base64.RawURLEncoding.EncodeToString(body), Path: "/", HTTPOnly: true,
		Secure: q.Secure, SameSite: fiber.CookieSameSiteLaxMode, MaxAge: 60})
	return d.to(q, route, parameters...)
}

// to redirects to a page by its name; query values come as one url.Values last.
func (d *desk) to(q *web.Request, route string, parameters ...any) error {
	var query url.Values
	if n := len(parameters); n > 0 {
		if v, ok := parameters[n-1].(url.Values); ok {
			query, parameters = v, parameters[:n-1]
		}
	}
	address, err := pages.URL(route, parameters...)
	if err != nil {
		return err
	}
	if len(query) > 0 {
		address += "?" + query.Encode()
	}
	return q.Redirect(address, fiber.StatusSeeOther)
}

// notice takes the notice of the act before, once.
func notice(q *web.Request) *pages.Notice {
	text := q.Cookies(noticeCookie)
	if text == "" {
		return nil
	}
	q.Cookie(&fiber.Cookie{Name: noticeCookie, Value: "", Path: "/", Expires: time.Unix(0, 0), HTTPOnly: true, Secure: q.Secure})
	body, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return nil
	}
	var n pages.Notice
	if json.Unmarshal(body, &n) != nil || n.Button != nil && !localAddress(n.Button.URL) {
		return nil
	}
	return &n
}

// localAddress says that an address stays in this service.
func localAddress(address string) bool {
	return len(address) > 0 && address[0] == '/' && (len(address) == 1 || address[1] != '/' && address[1] != '\\')
}

// shell is the frame for this user at this place.
func (d *desk) shell(q *web.Request) (pages.Shell, error) {
	now := d.gate.Clock.Now()
	shell := pages.Shell{
		CSRF: q.Session.CSRF, Notice: notice(q), Today: d.gate.Clock.Today(), Now: now, Demo: d.demo,
		Look:    pages.Look{Dark: q.Cookies("theme") == "dark", Large: q.Cookies("size") == "large", Close: q.Cookies("rows") == "close"},
		Allowed: q.Can,
	}
	if q.Session.UserID == 0 {
		return shell, nil
	}
	shell.User = pages.User{Name: q.Session.Name}
	if roles := q.Session.In(q.District); len(roles) > 0 {
		shell.User.Role, shell.User.Organisation = roles[0].RoleName(), roles[0].NodeName
	}
	here, all, err := d.estates(q)
	if err != nil {
		return shell, err
	}
	shell.Estates = len(all)
	shell.Scope = scopeSwitch(here, all)
	return shell, nil
}

// place is an estate the user may see, as the scope switch lists it.
type place struct {
	ID          int64
	Name        string
	SubDistrict string
	Node        int64
}

// scopeSwitch lets the user choose one estate or all of his.
func scopeSwitch(here *place, all []place) pages.Scope {
	s := pages.Scope{Name: "全部 " + strconv.Itoa(len(all)) + " 个小区"}
	s.Options = append(s.Options, pages.ScopeOption{Label: s.Name, URL: "?estate=0", Here: here == nil})
	for _, p := range all {
		s.Options = append(s.Options, pages.ScopeOption{Label: p.Name, URL: "?estate=" + strconv.FormatInt(p.ID, 10), Depth: 1, Here: here != nil && here.ID == p.ID})
	}
	if here != nil {
		s.Path, s.Name = here.SubDistrict, here.Name
	}
	return s
}

// estates are the estates of this user and the one he has chosen, by the
// address (?estate=), the path, or the cookie that remembers it; nil for all.
// A user of a single estate has always chosen it.
func (d *desk) estates(q *web.Request) (*place, []place, error) {
	all, err := d.places(q)
	if err != nil {
		return nil, nil, err
	}
	chosen := q.Query("estate")
	if chosen != "" {
		q.Cookie(&fiber.Cookie{Name: estateCookie, Value: chosen, Path: "/", HTTPOnly: true, Secure: q.Secure, SameSite: fiber.CookieSameSiteLaxMode})
	} else {
		chosen = q.Cookies(estateCookie)
	}
	if q.Route.Place == web.Estate {
		chosen = strconv.FormatInt(q.ID, 10)
	}
	for i := range all {
		if strconv.FormatInt(all[i].ID, 10) == chosen || len(all) == 1 {
			return &all[i], all, nil
		}
	}
	return nil, all, nil
}

// oneEstate is the chosen estate, or the first: for pages that speak of one.
func (d *desk) oneEstate(q *web.Request) (place, error) {
	here, all, err := d.estates(q)
	if err != nil {
		return place{}, err
	}
	if here != nil {
		return *here, nil
	}
	if len(all) == 0 {
		return place{}, fault.NotFound("server.no_estate", "您负责的范围里还没有小区。")
	}
	return all[0], nil
}

// read runs reads of a page in one snapshot.
func (d *desk) read(q *web.Request, reads ...func(ctx context.Context, r postgres.Reader, s access.Scope) error) error {
	return q.View(func(ctx context.Context, r postgres.Reader, s access.Scope) error {
		for _, one := range reads {
			if err := one(ctx, r, s); err != nil {
				return err
			}
		}
		return nil
	})
}

// id reads an id of the address; 0 when it is not there or none.
func id(text string) int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 {
		return 0
	}
	return n
}

func idText(n int64) string { return strconv.FormatInt(n, 10) }
