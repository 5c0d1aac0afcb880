package access

import (
	"context"
	"errors"
	"slices"

	"estateledger/civil"
	"estateledger/fault"
	"estateledger/postgres"
)

// moneyRoles decide over money or take it.
var moneyRoles = []Role{CompanyManager, CompanyAccountant, CompanyCashier}

// apart lists what one person may not be at the same time in one district: who
// takes money neither publishes, closes nor books expenses, and who hands out
// roles holds none over money.
var apart = []struct {
	one   Role
	other []Role
	why   string
}{
	{CompanyCashier, []Role{CompanyManager, CompanyAccountant}, "收钱的人不能同时管账：收费员不能兼项目经理或会计。"},
	{Administrator, moneyRoles, "管理员不能同时有管钱的角色（项目经理、会计、收费员）。"},
}

// heldMembership is a membership in force now or later.
type heldMembership struct {
	District int64      `db:"district_id"`
	ID       int64      `db:"membership_id"`
	User     int64      `db:"user_id"`
	Role     Role       `db:"role"`
	Node     int64      `db:"node_id"`
	From     civil.Date `db:"valid_from"`
	To       civil.Date `db:"valid_to"`
}

// MembershipGranted is the answer of AddMembership.
type MembershipGranted struct {
	MembershipID int64 `json:"membership_id,string"`
}

// AddMembership gives a user a role at a node from a day on. Refused: a role
// over money to oneself (access.grant_self), roles that one person may not
// combine (access.roles_apart), the system's role and unknown ones
// (access.role_unknown), the same role at the same place twice
// (access.membership_exists), a user the actor does not manage.
func (p *People) AddMembership(ctx context.Context, actor Actor, district int64, key string, user int64, role Role, node int64, from civil.Date) (Outcome[MembershipGranted], error) {
	if from.IsZero() {
		from = p.gate.Clock.Today()
	}
	request := struct {
		User int64
		Role Role
		Node int64
		From civil.Date
	}{user, role, node, from}
	c := Command{Actor: actor, District: district, Node: node, Permission: UsersManage, UseCase: "access.add_membership", Key: key, Request: request}
	return Act(ctx, p.gate, c, func(ctx context.Context, tx postgres.Tx, act *Record) (MembershipGranted, error) {
		var done MembershipGranted
		if _, err := lockUser(ctx, tx, user); err != nil {
			return done, err
		}
		if _, err := nodeOfUser(ctx, tx, act.scope(), user); err != nil {
			return done, err
		}
		id, err := grant(ctx, tx, act, user, role, node, from)
		act.After(request)
		return MembershipGranted{id}, err
	})
}

// grant judges and writes a membership inside an act whose node is the place.
func grant(ctx context.Context, tx postgres.Tx, act *Record, user int64, role Role, node int64, from civil.Date) (int64, error) {
	if _, named := RoleNames[role]; !named || role == System {
		return 0, fault.Invalid("access.role_unknown", "没有这个角色，请从列表里选。").At("role")
	}
	if user == act.Actor.UserID && slices.Contains(moneyRoles, role) {
		return 0, fault.Forbidden("access.grant_self", "不能给自己管钱的角色，请让另一位管理员来做。").At("role")
	}
	held, err := membershipsOf(ctx, tx, user, from)
	if err != nil {
		return 0, err
	}
	for _, m := range held {
		if m.District != act.District {
			continue
		}
		if m.Role == role && m.Node == node {
			return 0, fault.Conflict("access.membership_exists", "这个用户在这里已经有这个角色。").At("role")
		}
		if why, refused := mustBeApart(m.Role, role); refused {
			return 0, fault.Conflict("access.roles_apart", why).At("role")
		}
	}
	var id int64
	err = tx.Get(ctx, &id, queries.Get("insert_membership"), map[string]any{
		"district": act.District, "user": user, "role": string(role), "node": node, "valid_from": from,
	})
	return id, err
}

func mustBeApart(a, b Role) (string, bool) {
	for _, rule := range apart {
		if (a == rule.one && slices.Contains(rule.other, b)) || (b == rule.one && slices.Contains(rule.other, a)) {
			return rule.why, true
		}
	}
	return "", false
}

// membershipsOf are the user's memberships, in all districts, that are in force
// on a day or begin later.
func membershipsOf(ctx context.Context, tx postgres.Tx, user int64, on civil.Date) ([]heldMembership, error) {
	var held []heldMembership
	err := tx.Select(ctx, &held, queries.Get("memberships_of_user"), map[string]any{"user": user, "today": on})
	return held, err
}

func membershipNotFound() error {
	return fault.NotFound("access.membership_not_found", "没有这个角色记录，或者不归您管理。")
}

// nodeOfMembership is where a membership is, if the actor manages that place.
func (p *People) nodeOfMembership(ctx context.Context, actor Actor, district, membership int64) (node int64, err error) {
	scope := p.gate.Scope(actor, district)
	err = p.gate.DB.Read(ctx, func(r postgres.Reader) error {
		return r.Get(ctx, &node, queries.Get("node_of_membership"), struct {
			Scope
			Membership int64 `db:"membership"`
		}{scope, membership})
	})
	if errors.Is(err, postgres.ErrNoRow) {
		return 0, membershipNotFound()
	}
	return node, err
}

// EndMembership ends a membership with its last day, today when zero. Refused:
// a day in the past (access.end_past) or before its first
// (access.end_before_start), one already ended by then
// (access.membership_ended), the actor's own administration (access.end_self),
// so that no place is left without one by mistake.
func (p *People) EndMembership(ctx context.Context, actor Actor, district int64, key string, membership int64, last civil.Date) (Outcome[struct{}], error) {
	if last.IsZero() {
		last = p.gate.Clock.Today()
	}
	node, err := p.nodeOfMembership(ctx, actor, district, membership)
	if err != nil {
		return Outcome[struct{}]{}, err
	}
	request := struct {
		Membership int64
		Last       civil.Date
	}{membership, last}
	c := Command{Actor: actor, District: district, Node: node, Permission: UsersManage, UseCase: "access.end_membership", Key: key, Request: request}
	return Act(ctx, p.gate, c, func(ctx context.Context, tx postgres.Tx, act *Record) (struct{}, error) {
		var m heldMembership
		err := tx.Get(ctx, &m, queries.Get("membership"), map[string]any{"district": district, "membership": membership})
		if err != nil {
			return struct{}{}, err
		}
		if err := checkEnd(m, act, last); err != nil {
			return struct{}{}, err
		}
		ended, err := tx.Exec(ctx, queries.Get("end_membership"), map[string]any{"district": district, "membership": membership, "valid_to": last})
		if err == nil && ended == 0 {
			err = fault.Conflict("access.membership_ended", "这个角色到那一天已经结束了。")
		}
		act.Before(m)
		return struct{}{}, err
	})
}

func checkEnd(m heldMembership, act *Record, last civil.Date) error {
	switch {
	case m.User == act.Actor.UserID && m.Role == Administrator:
		return fault.Conflict("access.end_self", "不能结束自己的管理员角色，请让另一位管理员来做。")
	case m.Role == System:
		return membershipNotFound()
	case last.Before(act.Today):
		return fault.Invalid("access.end_past", "结束日期不能早于今天。").At("last")
	case last.Before(m.From):
		return fault.Invalid("access.end_before_start", "结束日期不能早于开始日期。").At("last")
	}
	return nil
}
