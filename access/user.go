package access

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"estateledger/civil"
	"estateledger/fault"
	"estateledger/postgres"
)

// loginPattern keeps logins to what is typed without an input method; they are
// compared in lower case.
var loginPattern = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{1,63}$`)

func validLogin(login string) bool { return loginPattern.MatchString(login) }

// NewUser is a user with his first membership: who is nowhere anything could
// not be found again by the one who made him.
type NewUser struct {
	Login    string
	Name     string
	Phone    string
	Password string
	Role     Role
	Node     int64
	From     civil.Date // zero: today
}

// UserCreated is the answer of CreateUser.
type UserCreated struct {
	UserID       int64 `json:"user_id,string"`
	MembershipID int64 `json:"membership_id,string"`
}

// CreateUser makes a user who can log in, with a first membership at u.Node.
// Refused: access.login_form, access.login_taken, access.name_missing,
// access.password_*, and what AddMembership refuses. The password's hash is
// made before the transaction and never stands in the act.
func (p *People) CreateUser(ctx context.Context, actor Actor, district int64, key string, u NewUser) (Outcome[UserCreated], error) {
	var none Outcome[UserCreated]
	u.Login, u.Name, u.Phone = strings.ToLower(strings.TrimSpace(u.Login)), strings.TrimSpace(u.Name), strings.TrimSpace(u.Phone)
	if u.From.IsZero() {
		u.From = p.gate.Clock.Today()
	}
	if err := u.check(); err != nil {
		return none, err
	}
	hash, err := hashPassword(ctx, u.Password)
	if err != nil {
		return none, err
	}
	request := u
	request.Password = "" // neither the act nor its hash may be a way to guess it
	c := Command{Actor: actor, District: district, Node: u.Node, Permission: UsersManage, UseCase: "access.create_user", Key: key, Request: request}
	return Act(ctx, p.gate, c, func(ctx context.Context, tx postgres.Tx, act *Record) (UserCreated, error) {
		var done UserCreated
		err := tx.Get(ctx, &done.UserID, queries.Get("insert_user"), map[string]any{
			"login": u.Login, "name": u.Name, "phone": u.Phone, "hash": hash,
		})
		if postgres.Violates(err, "app_user_login_key") {
			return done, fault.Conflict("access.login_taken", "这个用户名已经有人用了，请换一个。").At("login")
		}
		if err != nil {
			return done, err
		}
		done.MembershipID, err = grant(ctx, tx, act, done.UserID, u.Role, u.Node, u.From)
		act.After(request)
		return done, err
	})
}

func (u NewUser) check() error {
	if !validLogin(u.Login) {
		return fault.Invalid("access.login_form", "用户名要 2 到 64 个字符，只用小写字母、数字、点、横线和下划线，以字母或数字开头。").At("login")
	}
	if n := utf8.RuneCountInString(u.Name); n == 0 || n > 64 {
		return fault.Invalid("access.name_missing", "请填姓名，最多 64 个字。").At("name")
	}
	if len(u.Phone) > 32 {
		return fault.Invalid("access.phone_long", "电话太长，最多 32 个字符。").At("phone")
	}
	return checkPassword(u.Login, u.Password)
}

// userRow is a user as a use case locks him.
type userRow struct {
	UserID   int64  `db:"user_id"`
	Login    string `db:"login"`
	Name     string `db:"name"`
	Phone    string `db:"phone"`
	System   bool   `db:"system"`
	Disabled bool   `db:"disabled"`
}

// lockUser finds the user and keeps him until the act ends.
func lockUser(ctx context.Context, tx postgres.Tx, user int64) (userRow, error) {
	var u userRow
	err := tx.Get(ctx, &u, queries.Get("lock_user"), map[string]any{"user": user})
	if errors.Is(err, postgres.ErrNoRow) || (err == nil && u.System) {
		return u, UserNotFound()
	}
	return u, err
}

// UserNotFound is the refusal for a user who does not exist or whom the actor
// does not manage.
func UserNotFound() error {
	return fault.NotFound("access.user_not_found", "没有这个用户，或者不归您管理。")
}

// SetPassword gives a user another password and ends all his sessions. Only who
// manages every place where the user is something may do it: otherwise the
// administrator of one company could enter another's books. The password does
// not stand in the act, so a repeated key answers whatever the password is.
func (p *People) SetPassword(ctx context.Context, actor Actor, district int64, key string, user int64, password string) (Outcome[struct{}], error) {
	if err := checkPassword("", password); err != nil {
		return Outcome[struct{}]{}, err
	}
	hash, err := hashPassword(ctx, password)
	if err != nil {
		return Outcome[struct{}]{}, err
	}
	return p.changeUser(ctx, actor, district, key, "access.set_password", user,
		func(ctx context.Context, tx postgres.Tx, u userRow) error {
			if err := checkPassword(u.Login, password); err != nil {
				return err
			}
			return execAll(ctx, tx, map[string]any{"user": user, "hash": hash, "at": p.wall.Now()}, "set_password", "revoke_sessions")
		})
}

// DisableUser shuts a user out and ends all his sessions; nobody does it to
// himself (access.disable_self).
func (p *People) DisableUser(ctx context.Context, actor Actor, district int64, key string, user int64) (Outcome[struct{}], error) {
	if user == actor.UserID {
		return Outcome[struct{}]{}, fault.Conflict("access.disable_self", "不能停用自己的账号，请让另一位管理员来做。")
	}
	return p.setDisabled(ctx, actor, district, key, "access.disable_user", user, true)
}

// EnableUser lets a disabled user in again.
func (p *People) EnableUser(ctx context.Context, actor Actor, district int64, key string, user int64) (Outcome[struct{}], error) {
	return p.setDisabled(ctx, actor, district, key, "access.enable_user", user, false)
}

func (p *People) setDisabled(ctx context.Context, actor Actor, district int64, key, useCase string, user int64, disabled bool) (Outcome[struct{}], error) {
	return p.changeUser(ctx, actor, district, key, useCase, user, func(ctx context.Context, tx postgres.Tx, _ userRow) error {
		return execAll(ctx, tx, map[string]any{"user": user, "disabled": disabled, "at": p.wall.Now()}, "set_disabled", "revoke_sessions")
	})
}

// changeUser is the act around a change of the user himself, recorded at the
// first place where the actor manages him.
func (p *People) changeUser(ctx context.Context, actor Actor, district int64, key, useCase string, user int64,
	change func(context.Context, postgres.Tx, userRow) error) (Outcome[struct{}], error) {
	var node int64
	err := p.gate.DB.Read(ctx, func(r postgres.Reader) (err error) {
		node, err = nodeOfUser(ctx, r, p.gate.Scope(actor, district), user)
		return err
	})
	if err != nil {
		return Outcome[struct{}]{}, err
	}
	request := struct{ User int64 }{user}
	c := Command{Actor: actor, District: district, Node: node, Permission: UsersManage, UseCase: useCase, Key: key, Request: request}
	return Act(ctx, p.gate, c, func(ctx context.Context, tx postgres.Tx, act *Record) (struct{}, error) {
		u, err := lockUser(ctx, tx, user)
		if err != nil {
			return struct{}{}, err
		}
		if err := wholly(ctx, tx, act, user); err != nil {
			return struct{}{}, err
		}
		act.Before(u)
		return struct{}{}, change(ctx, tx, u)
	})
}

// nodeOfUser is the place of the user's first membership that the actor
// manages, ended ones included, so that it stays the same. Without one the user
// is not found: ids can be guessed, and to act on a user is to learn his name.
func nodeOfUser(ctx context.Context, r postgres.Reader, s Scope, user int64) (node int64, err error) {
	err = r.Get(ctx, &node, queries.Get("node_of_user"), struct {
		Scope
		User int64 `db:"user"`
	}{s, user})
	if errors.Is(err, postgres.ErrNoRow) {
		return 0, UserNotFound()
	}
	return node, err
}

// wholly refuses unless the actor manages every place of the user.
func wholly(ctx context.Context, tx postgres.Tx, act *Record, user int64) error {
	held, err := membershipsOf(ctx, tx, user, act.Today)
	if err != nil {
		return err
	}
	managed := 0
	for _, m := range held {
		if m.District != act.District {
			continue
		}
		if err := Require(ctx, tx, act.scope(), UsersManage, m.Node); err == nil {
			managed++
		} else if fault.Of(err) != fault.KindForbidden {
			return err
		}
	}
	switch {
	case managed == 0:
		return UserNotFound()
	case managed < len(held):
		return fault.Forbidden("access.user_elsewhere", "这个用户在别处也有角色，不归您一个人管理。请找上一级的管理员。")
	}
	return nil
}

func (r *Record) scope() Scope {
	return Scope{District: r.District, Actor: r.Actor.UserID, Today: r.Today}
}

// ManagedUser is a user as the administrator sees him.
type ManagedUser struct {
	UserID      int64
	Login, Name string
	Phone       string
	Disabled    bool
	LastSeen    *time.Time
	Memberships []ManagedMembership
}

// ManagedMembership is a role at a place with its time; To zero is open.
type ManagedMembership struct {
	ID       int64
	Role     Role
	Node     int64
	NodeName string
	From, To civil.Date
}

type managedRow struct {
	userRow
	MembershipID int64      `db:"membership_id"`
	Role         Role       `db:"role"`
	Node         int64      `db:"node_id"`
	NodeName     string     `db:"node_name"`
	From         civil.Date `db:"valid_from"`
	To           civil.Date `db:"valid_to"`
	LastSeen     *time.Time `db:"last_seen_at"`
}

// Users lists the users with a membership, past or present, at a place that the
// actor manages, by name.
func Users(ctx context.Context, r postgres.Reader, s Scope) ([]ManagedUser, error) {
	var rows []managedRow
	if err := r.Select(ctx, &rows, queries.Get("users_managed"), s); err != nil {
		return nil, err
	}
	users := []ManagedUser{}
	for _, row := range rows {
		if len(users) == 0 || users[len(users)-1].UserID != row.UserID {
			users = append(users, ManagedUser{UserID: row.UserID, Login: row.Login, Name: row.Name, Phone: row.Phone,
				Disabled: row.Disabled, LastSeen: row.LastSeen})
		}
		u := &users[len(users)-1]
		u.Memberships = append(u.Memberships, ManagedMembership{ID: row.MembershipID, Role: row.Role, Node: row.Node,
			NodeName: row.NodeName, From: row.From, To: row.To})
	}
	return users, nil
}

// Place is a node where the actor may give memberships.
type Place struct {
	Node int64    `db:"node_id"`
	Kind NodeKind `db:"kind"`
	Name string   `db:"name"`
}

// Places lists the nodes the actor manages users at.
func Places(ctx context.Context, r postgres.Reader, s Scope) ([]Place, error) {
	places := []Place{}
	err := r.Select(ctx, &places, queries.Get("nodes_managed"), s)
	return places, err
}
