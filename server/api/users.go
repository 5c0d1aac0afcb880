package api

import (
	"context"
	"time"

	"estateledger/access"
	"estateledger/civil"
	"estateledger/postgres"
	"estateledger/server/web"
)

type managedMembershipOut struct {
	ID       int64       `json:"membership_id,string"`
	Role     access.Role `json:"role"`
	RoleName string      `json:"role_name"`
	Node     int64       `json:"node_id,string"`
	NodeName string      `json:"node_name"`
	From     civil.Date  `json:"valid_from"`
	To       civil.Date  `json:"valid_to"`
}

type userOut struct {
	ID          int64                  `json:"user_id,string"`
	Login       string                 `json:"login"`
	Name        string                 `json:"name"`
	Phone       string                 `json:"phone"`
	Disabled    bool                   `json:"disabled"`
	LastSeen    *time.Time             `json:"last_seen_at"`
	Memberships []managedMembershipOut `json:"memberships"`
}

// users are those with a role where the actor manages users.
func users(q *web.Request) error {
	out := []userOut{}
	err := q.View(func(ctx context.Context, r postgres.Reader, s access.Scope) error {
		found, err := access.Users(ctx, r, s)
		for _, u := range found {
			out = append(out, outUser(u))
		}
		return err
	})
	if err != nil {
		return err
	}
	return web.Items(q, out, "")
}

func outUser(u access.ManagedUser) userOut {
	out := userOut{ID: u.UserID, Login: u.Login, Name: u.Name, Phone: u.Phone, Disabled: u.Disabled, LastSeen: u.LastSeen}
	for _, m := range u.Memberships {
		out.Memberships = append(out.Memberships, managedMembershipOut{ID: m.ID, Role: m.Role, RoleName: access.RoleNames[m.Role],
			Node: m.Node, NodeName: m.NodeName, From: m.From, To: m.To})
	}
	return out
}

// userPlaces are the nodes where the actor may give roles.
func userPlaces(q *web.Request) error {
	type placeOut struct {
		Node int64           `json:"node_id,string"`
		Kind access.NodeKind `json:"kind"`
		Name string          `json:"name"`
	}
	out := []placeOut{}
	err := q.View(func(ctx context.Context, r postgres.Reader, s access.Scope) error {
		places, err := access.Places(ctx, r, s)
		for _, p := range places {
			out = append(out, placeOut(p))
		}
		return err
	})
	if err != nil {
		return err
	}
	return web.Items(q, out, "")
}

func userCreate(q *web.Request) error {
	var in struct {
		Login    string      `json:"login"`
		Name     string      `json:"name"`
		Phone    string      `json:"phone"`
		Password string      `json:"password"`
		Role     access.Role `json:"role"`
		Node     string      `json:"node_id"`
		From     string      `json:"valid_from"`
	}
	if err := q.Decode(&in); err != nil {
		return err
	}
	var f web.Fields
	u := access.NewUser{Login: in.Login, Name: in.Name, Phone: in.Phone, Password: in.Password, Role: in.Role,
		Node: f.ID("node_id", f.Need("node_id", in.Node, "在哪里任职")), From: f.Date("valid_from", in.From)}
	if err := f.Err(); err != nil {
		return err
	}
	out, err := q.People.CreateUser(q.UserContext(), q.Actor(), q.District, q.Key(), u)
	return web.Done(q, out, err)
}

func userDisable(q *web.Request) error {
	user, err := q.ParamID("user")
	if err != nil {
		return err
	}
	out, err := q.People.DisableUser(q.UserContext(), q.Actor(), q.District, q.Key(), user)
	return web.Done(q, out, err)
}

func userEnable(q *web.Request) error {
	user, err := q.ParamID("user")
	if err != nil {
		return err
	}
	out, err := q.People.EnableUser(q.UserContext(), q.Actor(), q.District, q.Key(), user)
	return web.Done(q, out, err)
}

func userPassword(q *web.Request) error {
	user, err := q.ParamID("user")
	if err != nil {
		return err
	}
	var in struct {
		Password string `json:"password"`
	}
	if err := q.Decode(&in); err != nil {
		return err
	}
	out, err := q.People.SetPassword(q.UserContext(), q.Actor(), q.District, q.Key(), user, in.Password)
	return web.Done(q, out, err)
}

func membershipAdd(q *web.Request) error {
	user, err := q.ParamID("user")
	if err != nil {
		return err
	}
	var in struct {
		Role access.Role `json:"role"`
		Node string      `json:"node_id"`
		From string      `json:"valid_from"`
	}
	if err := q.Decode(&in); err != nil {
		return err
	}
	var f web.Fields
	node, from := f.ID("node_id", f.Need("node_id", in.Node, "在哪里任职")), f.Date("valid_from", in.From)
	if err := f.Err(); err != nil {
		return err
	}
	out, err := q.People.AddMembership(q.UserContext(), q.Actor(), q.District, q.Key(), user, in.Role, node, from)
	return web.Done(q, out, err)
}

func membershipEnd(q *web.Request) error {
	membership, err := q.ParamID("membership")
	if err != nil {
		return err
	}
	var in struct {
		Last string `json:"last"`
	}
	if err := q.Decode(&in); err != nil {
		return err
	}
	var f web.Fields
	last := f.Date("last", in.Last)
	if err := f.Err(); err != nil {
		return err
	}
	out, err := q.People.EndMembership(q.UserContext(), q.Actor(), q.District, q.Key(), membership, last)
	return web.Done(q, out, err)
}
