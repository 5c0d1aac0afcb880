package screens

import (
	"context"

	"estateledger/access"
	"estateledger/civil"
	"estateledger/fault"
	"estateledger/postgres"
	"estateledger/server/pages"
	"estateledger/server/web"
)

// users are the pages by which people get in.
func (d *desk) users() map[string]web.Handler {
	return map[string]web.Handler{
		"users":           d.showUsers,
		"user_save":       d.saveUser,
		"user_disable":    d.disableUser,
		"user_enable":     d.enableUser,
		"user_password":   d.savePassword,
		"membership_save": d.saveMembership,
		"membership_end":  d.endMembership,
	}
}

// grantable are the roles that may be given, in the order in which they are asked
// for.
var grantable = []access.Role{access.CompanyManager, access.CompanyAccountant, access.CompanyCashier, access.SubDistrictRole, access.Committee,
	access.Auditor, access.Administrator}

// placeWords say what kind of place a role is given at.
var placeWords = map[access.NodeKind]string{access.DistrictNode: "区", access.SubDistrictNode: "街道", access.CommunityNode: "社区",
	access.CompanyNode: "公司", access.EstateNode: "小区"}

func (d *desk) showUsers(q *web.Request) error {
	drawer, user := q.Query("drawer"), id(q.Query("user"))
	form := pages.UserForm{From: d.gate.Clock.Today().String(), Role: string(access.CompanyCashier)}
	view, err := d.usersView(q, drawer, user, form, nil)
	if err != nil {
		return err
	}
	if drawer != "new" && view.For.ID == 0 {
		view.Drawer = ""
	}
	return d.show(q, view)
}

func (d *desk) usersView(q *web.Request, drawer string, user int64, form pages.UserForm, problems pages.Problems) (pages.UsersView, error) {
	form.Password = ""
	view := pages.UsersView{Drawer: drawer, Form: form, Problems: problems}
	for _, r := range grantable {
		view.Roles = append(view.Roles, pages.Option{Value: string(r), Label: access.RoleNames[r]})
	}
	err := d.read(q, func(ctx context.Context, r postgres.Reader, s access.Scope) error {
		managed, err := access.Users(ctx, r, s)
		if err != nil {
			return err
		}
		for _, u := range managed {
			row := userRow(u, s.Today)
			view.Users = append(view.Users, row)
			if u.UserID == user {
				view.For = row
			}
		}
		places, err := access.Places(ctx, r, s)
		for _, p := range places {
			view.Places = append(view.Places, pages.Option{Value: idText(p.Node), Label: placeWords[p.Kind] + "：" + p.Name})
		}
		return err
	})
	view.Pager = pages.Pager{Total: len(view.Users), Shown: len(view.Users)}
	return view, err
}

// userRow is a user with the roles that are or will be in force.
func userRow(u access.ManagedUser, today civil.Date) pages.UserRow {
	row := pages.UserRow{ID: u.UserID, Login: u.Login, Name: u.Name, Phone: u.Phone, Disabled: u.Disabled, LastSeen: "还没登录过"}
	if u.LastSeen != nil {
		row.LastSeen = clock(*u.LastSeen)
	}
	for _, m := range u.Memberships {
		if m.To.IsZero() || !m.To.Before(today) {
			row.Roles = append(row.Roles, pages.UserRole{ID: m.ID, Role: access.RoleNames[m.Role], Place: m.NodeName, From: m.From, Until: m.To})
		}
	}
	return row
}

// roleFields reads the part of a form that gives a role.
func roleFields(f *web.Fields, form pages.UserForm, today civil.Date) (node int64, from, until civil.Date, err error) {
	f.Need("valid_from", form.From, "从哪天起")
	node, from, until = f.ID("place", form.Place), f.Date("valid_from", form.From), f.Date("valid_to", form.Until)
	if err := f.Err(); err != nil {
		return node, from, until, err
	}
	if node == 0 {
		return node, from, until, fault.Invalid("server.place_missing", "请选范围。").At("place")
	}
	if !until.IsZero() && (until.Before(from) || until.Before(today)) {
		return node, from, until, fault.Invalid("server.dates_order", "到哪天不能早于从哪天起，也不能早于今天。").At("valid_to")
	}
	return node, from, until, nil
}

func (d *desk) saveUser(q *web.Request) error {
	var form pages.UserForm
	if err := q.BodyParser(&form); err != nil {
		return badForm(err)
	}
	var f web.Fields
	node, from, until, err := roleFields(&f, form, d.gate.Clock.Today())
	if err == nil {
		var out access.Outcome[access.UserCreated]
		out, err = q.People.CreateUser(q.UserContext(), q.Actor(), q.District, q.Key(), access.NewUser{Login: form.Login, Name: form.Name,
			Phone: form.Phone, Password: form.Password, Role: access.Role(form.Role), Node: node, From: from})
		if err == nil {
			err = d.endOn(q, out.Result.MembershipID, until)
		}
	}
	if err == nil {
		n := pages.Notice{Tone: pages.Good, Strong: "已新增 " + form.Name + "。", Text: "把用户名和初始密码交给本人，请他登录。"}
		return d.done(q, n, "users")
	}
	return d.again(q, renamed(err, userFields), func(p pages.Problems) (pages.View, error) { return d.usersView(q, "new", 0, form, p) })
}

// userFields are the form's names of what the use cases call otherwise.
var userFields = map[string]string{"last": "valid_to", "node": "place"}

// endOn gives a new role its last day, by an act of its own.
func (d *desk) endOn(q *web.Request, membership int64, last civil.Date) error {
	if last.IsZero() {
		return nil
	}
	_, err := q.People.EndMembership(q.UserContext(), q.Actor(), q.District, q.Key()+".end", membership, last)
	return err
}

func (d *desk) saveMembership(q *web.Request) error {
	user, err := q.ParamID("user")
	if err != nil {
		return err
	}
	var form pages.UserForm
	if err := q.BodyParser(&form); err != nil {
		return badForm(err)
	}
	var f web.Fields
	node, from, until, err := roleFields(&f, form, d.gate.Clock.Today())
	if err == nil {
		var out access.Outcome[access.MembershipGranted]
		out, err = q.People.AddMembership(q.UserContext(), q.Actor(), q.District, q.Key(), user, access.Role(form.Role), node, from)
		if err == nil {
			err = d.endOn(q, out.Result.MembershipID, until)
		}
	}
	if err == nil {
		return d.done(q, pages.Notice{Tone: pages.Good, Strong: "角色已加上：" + access.RoleNames[access.Role(form.Role)] + "。"}, "users")
	}
	return d.again(q, renamed(err, userFields), func(p pages.Problems) (pages.View, error) { return d.usersView(q, "role", user, form, p) })
}

func (d *desk) endMembership(q *web.Request) error {
	membership, err := q.ParamID("membership")
	if err != nil {
		return err
	}
	if _, err := q.People.EndMembership(q.UserContext(), q.Actor(), q.District, q.Key(), membership, civil.Date{}); err != nil {
		return d.usersRefused(q, err)
	}
	return d.done(q, pages.Notice{Tone: pages.Good, Strong: "角色已取消。", Text: "今天是最后一天。"}, "users")
}

// usersRefused says on the list why a button did nothing. What is not there, or
// not his, has no place on the list: 404.
func (d *desk) usersRefused(q *web.Request, err error) error {
	problems := pages.ProblemsOf(err)
	if len(problems) == 0 || fault.Of(err) == fault.KindNotFound {
		return err
	}
	return d.done(q, pages.Notice{Tone: pages.Bad, Strong: "没有办：", Text: problems[0].Message}, "users")
}

func (d *desk) disableUser(q *web.Request) error {
	return d.switchUser(q, q.People.DisableUser, "已停用。", "他马上退出登录，不能再进；记录都留着。")
}

func (d *desk) enableUser(q *web.Request) error {
	return d.switchUser(q, q.People.EnableUser, "已恢复。", "他可以用原来的密码登录。")
}

type switchUser func(ctx context.Context, actor access.Actor, district int64, key string, user int64) (access.Outcome[struct{}], error)

func (d *desk) switchUser(q *web.Request, change switchUser, what, meaning string) error {
	user, err := q.ParamID("user")
	if err != nil {
		return err
	}
	if _, err := change(q.UserContext(), q.Actor(), q.District, q.Key(), user); err != nil {
		return d.usersRefused(q, err)
	}
	return d.done(q, pages.Notice{Tone: pages.Good, Strong: what, Text: meaning}, "users")
}

func (d *desk) savePassword(q *web.Request) error {
	user, err := q.ParamID("user")
	if err != nil {
		return err
	}
	var form pages.UserForm
	if err := q.BodyParser(&form); err != nil {
		return badForm(err)
	}
	if _, err = q.People.SetPassword(q.UserContext(), q.Actor(), q.District, q.Key(), user, form.Password); err == nil {
		return d.done(q, pages.Notice{Tone: pages.Good, Strong: "密码已重设。", Text: "他已退出登录，要用新密码再进。"}, "users")
	}
	return d.again(q, err, func(p pages.Problems) (pages.View, error) { return d.usersView(q, "password", user, form, p) })
}
