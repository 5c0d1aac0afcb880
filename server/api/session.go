package api

import (
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"estateledger/access"
	"estateledger/server/web"
)

// membershipOut is a role at a place as the API tells it.
type membershipOut struct {
	ID           int64       `json:"membership_id,string"`
	District     int64       `json:"district_id,string"`
	DistrictName string      `json:"district_name"`
	Role         access.Role `json:"role"`
	RoleName     string      `json:"role_name"`
	Node         int64       `json:"node_id,string"`
	NodeName     string      `json:"node_name"`
}

// sessionOut is who is logged in. CSRF must come back in X-CSRF-Token with
// every write that is authenticated by the cookie.
type sessionOut struct {
	UserID      int64           `json:"user_id,string"`
	Name        string          `json:"name"`
	Login       string          `json:"login"`
	CSRF        string          `json:"csrf"`
	Memberships []membershipOut `json:"memberships"`
}

func outSession(s access.Session) sessionOut {
	out := sessionOut{UserID: s.UserID, Name: s.Name, Login: s.Login, CSRF: s.CSRF, Memberships: []membershipOut{}}
	for _, m := range s.Memberships {
		out.Memberships = append(out.Memberships, membershipOut{ID: m.ID, District: m.District, DistrictName: m.DistrictName,
			Role: m.Role, RoleName: m.RoleName(), Node: m.Node, NodeName: m.NodeName})
	}
	return out
}

// login answers a token for the Authorization header, and sets the cookie too.
func login(q *web.Request) error {
	var in struct {
		Login    string `json:"login"`
		Password string `json:"password"`
	}
	if err := q.Decode(&in); err != nil {
		return err
	}
	opened, err := q.LogIn(in.Login, in.Password)
	if err != nil {
		return err
	}
	return q.JSON(struct {
		Token     string     `json:"token"`
		ExpiresAt time.Time  `json:"expires_at"`
		Session   sessionOut `json:"session"`
	}{opened.Token, opened.Expires, outSession(opened.Session)})
}

func logout(q *web.Request) error {
	if err := q.LogOut(); err != nil {
		return err
	}
	return q.SendStatus(fiber.StatusNoContent)
}

func me(q *web.Request) error { return q.JSON(outSession(q.Session)) }

// districts are the districts in which the user has a role.
func districts(q *web.Request) error {
	type districtOut struct {
		ID      string `json:"district_id"`
		Name    string `json:"name"`
		Current bool   `json:"current"`
	}
	var out []districtOut
	for _, m := range q.Session.Memberships {
		id := strconv.FormatInt(m.District, 10)
		if len(out) == 0 || out[len(out)-1].ID != id {
			out = append(out, districtOut{id, m.DistrictName, m.District == q.District})
		}
	}
	return web.Items(q, out, "")
}
