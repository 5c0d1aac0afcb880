package server

import (
	"context"
	"crypto/subtle"
	"net/url"
	"strconv"
	"strings"
	"sync"

	"github.com/gofiber/fiber/v2"

	"estateledger/access"
	"estateledger/fault"
	"estateledger/postgres"
	"estateledger/server/web"
)

const userLocal = "user"

// pass is the gate in front of one route: who, in which district, whether, at
// which node; only then the handler.
func (a *App) pass(r web.Route, h web.Handler) fiber.Handler {
	return func(c *fiber.Ctx) error {
		q := &web.Request{Ctx: c, Gate: a.gate, People: a.people, Route: r, Secure: c.Secure()}
		q.UseTable(a.Route)
		if r.Slow {
			ctx, cancel := context.WithTimeout(context.WithoutCancel(c.UserContext()), slowDeadline)
			defer cancel()
			c.SetUserContext(ctx)
		}
		if err := a.judge(q); err != nil {
			return a.refuse(q, err)
		}
		return h(q)
	}
}

// Route looks a route up by name.
func (a *App) Route(name string) (web.Route, bool) {
	r, known := a.table[name]
	return r, known
}

// refuse sends a person without a login to the login page and back afterwards;
// everybody else gets the refusal.
func (a *App) refuse(q *web.Request, err error) error {
	if q.Route.API() || fault.Of(err) != fault.KindUnauthenticated {
		return err
	}
	to := "/login"
	if q.Method() == fiber.MethodGet && q.Path() != "/" {
		to += "?next=" + url.QueryEscape(q.OriginalURL())
	}
	if q.Get("HX-Request") != "" {
		q.Set("HX-Redirect", to)
		return q.SendStatus(fiber.StatusUnauthorized)
	}
	return q.Redirect(to, fiber.StatusSeeOther)
}

func (a *App) judge(q *web.Request) error {
	if err := clean(q.Ctx); err != nil {
		return err
	}
	if err := sameOrigin(q); err != nil {
		return err
	}
	if q.Route.Place == web.Public {
		return nil
	}
	if err := a.who(q); err != nil {
		return err
	}
	if err := keyed(q); err != nil {
		return err
	}
	if q.Route.Place == web.Self {
		_ = chooseDistrict(q) // shown if there is one; none is needed
		return nil
	}
	if err := chooseDistrict(q); err != nil {
		return err
	}
	return a.whether(q)
}

// who finds the session by header or cookie. A session that came by cookie is
// proved by its token on everything that is not a mere look.
func (a *App) who(q *web.Request) error {
	byCookie := false
	if bearer, found := strings.CutPrefix(q.Get(fiber.HeaderAuthorization), "Bearer "); found {
		q.Token = strings.TrimSpace(bearer)
	} else if q.Token = q.Cookies(web.SessionCookie); q.Token != "" {
		byCookie = true
	}
	if q.Token == "" {
		return access.NotLoggedIn()
	}
	var err error
	if q.Session, err = a.people.SessionOf(q.UserContext(), q.Token); err != nil {
		return err
	}
	q.Locals(userLocal, q.Session.UserID)
	if byCookie && q.Method() != fiber.MethodGet && !proved(q) {
		return fault.Forbidden("server.csrf", "这个页面已经过期，这次没有办理。请刷新页面后再试。")
	}
	return nil
}

func proved(q *web.Request) bool {
	given := q.Get(web.CSRFHeader)
	if given == "" && !q.Route.API() {
		given = q.FormValue(web.CSRFField)
	}
	return subtle.ConstantTimeCompare([]byte(given), []byte(q.Session.CSRF)) == 1
}

// sameOrigin refuses what another site sends in the user's name, the login form
// included, which has no session to prove.
func sameOrigin(q *web.Request) error {
	if q.Method() == fiber.MethodGet {
		return nil
	}
	site := q.Get("Sec-Fetch-Site")
	sent := q.Get(fiber.HeaderOrigin)
	origin, err := url.Parse(sent)
	foreign := err != nil || (sent != "" && origin.Host != q.Hostname())
	if site == "cross-site" || site == "same-site" || foreign {
		return fault.Forbidden("server.foreign_site", "这个请求来自别的网站，没有办理。")
	}
	return nil
}

// keyed refuses an act without a key before anything is looked up.
func keyed(q *web.Request) error {
	if !q.Route.Writes() {
		return nil
	}
	if n := len(q.Key()); n < 8 || n > 200 {
		return fault.Invalid("access.key_length", "请求缺少幂等键，或幂等键不在 8 到 200 个字符之间。").At(web.KeyHeader)
	}
	return nil
}

// clean refuses what no text column holds, wherever it stands.
func clean(c *fiber.Ctx) error {
	bad := strings.Contains(c.OriginalURL(), "%00")
	if body := c.Request().Body(); !bad && len(body) > 0 && !strings.HasPrefix(c.Get(fiber.HeaderContentType), "multipart/") {
		text := string(body)
		bad = strings.ContainsRune(text, 0) || strings.Contains(text, "%00") || strings.Contains(text, `\u0000`)
	}
	if bad {
		return fault.Invalid("server.control_character", "内容里有不能保存的控制字符，请删去后再提交。")
	}
	return nil
}

// chooseDistrict takes the district of the header, then of the cookie, and
// otherwise the only or, for pages, the first one. A district without a
// membership is refused as if it did not exist.
func chooseDistrict(q *web.Request) error {
	wanted, said := q.Get(web.DistrictHeader), true
	if wanted == "" {
		wanted, said = q.Cookies(web.DistrictCookie), false
	}
	var districts []int64
	for _, m := range q.Session.Memberships {
		if len(districts) == 0 || districts[len(districts)-1] != m.District {
			districts = append(districts, m.District)
		}
		if strconv.FormatInt(m.District, 10) == wanted {
			q.District = m.District
		}
	}
	switch {
	case q.District != 0:
	case said:
		return fault.NotFound("server.district_unknown", "没有这个区，或者您在那里没有角色。").At(web.DistrictHeader)
	case len(districts) == 0:
		return fault.Forbidden("server.no_membership", "您的账号现在没有任何角色。请联系管理员开通。")
	case len(districts) > 1 && q.Route.API():
		return fault.Invalid("server.district_needed", "您在几个区都有角色，请在 X-District 里写明是哪个区。").At(web.DistrictHeader)
	default:
		q.District = districts[0]
	}
	return nil
}

// whether asks the table: the permission anywhere at all (else 403), then at
// the node of the place (else 404: what is out of scope does not exist).
func (a *App) whether(q *web.Request) error {
	holds, err := a.roles.of(q.UserContext(), a.gate, q.Session.In(q.District))
	if err != nil {
		return err
	}
	q.Holds = holds
	if q.Route.Place == web.Member {
		return nil
	}
	if !holds[q.Route.Permission] {
		return access.Forbidden()
	}
	if q.Route.Place == web.Somewhere {
		return nil
	}
	if q.ID, err = q.ParamID(q.Route.Place.Param()); err != nil {
		return err
	}
	return q.View(func(ctx context.Context, r postgres.Reader, s access.Scope) error {
		q.Node, err = nodeOf(ctx, r, s, q.Route, q.ID)
		return err
	})
}

// roleCache keeps which permissions a role has: they change only with the
// program.
type roleCache struct {
	mu    sync.Mutex
	roles map[access.Role][]access.Permission
}

// of joins the permissions of memberships.
func (rc *roleCache) of(ctx context.Context, g *access.Gate, held []access.Membership) (map[access.Permission]bool, error) {
	rc.mu.Lock()
	defer rc.mu.Unlock()
	if rc.roles == nil {
		err := access.View(ctx, g, func(ctx context.Context, r postgres.Reader) (err error) {
			rc.roles, err = access.RolePermissions(ctx, r)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	holds := map[access.Permission]bool{}
	for _, m := range held {
		for _, p := range rc.roles[m.Role] {
			holds[p] = true
		}
	}
	return holds, nil
}
