package access

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"time"

	"estateledger/civil"
	"estateledger/fault"
	"estateledger/postgres"
)

// How long a session lives: it ends after a working day without use, and after
// a day in any case.
const (
	sessionIdle = 8 * time.Hour
	sessionLife = 24 * time.Hour
	// sessionTouch is how often use is written down; more often would make
	// every look a write.
	sessionTouch = 5 * time.Minute
	// sessionKept is how long an ended session is kept for the administrator.
	sessionKept = 30 * 24 * time.Hour
)

// Session is who is logged in and what he is where.
type Session struct {
	UserID      int64
	Name, Login string
	// CSRF goes into every form of the session and must come back with it.
	CSRF        string
	Memberships []Membership
}

// Membership is a role at a place, as it is in force today.
type Membership struct {
	District     int64    `db:"district_id"`
	DistrictName string   `db:"district_name"`
	ID           int64    `db:"membership_id"`
	Role         Role     `db:"role"`
	Node         int64    `db:"node_id"`
	NodeKind     NodeKind `db:"kind"`
	NodeName     string   `db:"node_name"`
}

// RoleName is the role as users read it.
func (m Membership) RoleName() string { return RoleNames[m.Role] }

// Actor is the session's user as acts and reads take him.
func (s Session) Actor() Actor { return Actor{UserID: s.UserID, Name: s.Name} }

// In are the memberships in one district.
func (s Session) In(district int64) []Membership {
	var in []Membership
	for _, m := range s.Memberships {
		if m.District == district {
			in = append(in, m)
		}
	}
	return in
}

// People are the users of the installation: who they are, how they log in.
// wall is the clock on the wall: sessions and lock-outs run by it even where
// the business clock is a simulated one.
type People struct {
	gate *Gate
	wall civil.Clock
}

// NewPeople makes the users' use cases over a gate. wall is the real clock.
func NewPeople(g *Gate, wall civil.Clock) *People { return &People{gate: g, wall: wall} }

// tokenHash is what is stored of a token: a stolen table opens no session.
func tokenHash(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}

// newToken is 256 bits of chance, as URL-safe text.
func newToken() (string, error) {
	b := make([]byte, 32)
	if _, err := rand.Read(b); err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(b), nil
}

// NotLoggedIn is the refusal of a request that needs a login.
func NotLoggedIn() error {
	return fault.Unauthenticated("access.not_logged_in", "还没有登录，或者登录已经过期。请重新登录。")
}

// SessionOf finds the session of a token. One that was ended, idle for eight
// hours, a day old or whose user is disabled is refused (access.not_logged_in).
func (p *People) SessionOf(ctx context.Context, token string) (Session, error) {
	now := p.wall.Now()
	var found struct {
		UserID   int64     `db:"user_id"`
		CSRF     string    `db:"csrf"`
		LastSeen time.Time `db:"last_seen_at"`
		Login    string    `db:"login"`
		Name     string    `db:"name"`
	}
	var s Session
	err := p.gate.DB.Read(ctx, func(r postgres.Reader) error {
		err := r.Get(ctx, &found, queries.Get("session_by_token"), map[string]any{
			"token_hash": tokenHash(token), "at": now, "idle_since": now.Add(-sessionIdle),
		})
		if errors.Is(err, postgres.ErrNoRow) {
			return NotLoggedIn()
		}
		if err != nil {
			return err
		}
		s = Session{UserID: found.UserID, Name: found.Name, Login: found.Login, CSRF: found.CSRF}
		return r.Select(ctx, &s.Memberships, queries.Get("memberships_now"), map[string]any{
			"user": found.UserID, "today": p.gate.Clock.Today(),
		})
	})
	if err != nil {
		return Session{}, err
	}
	if now.Sub(found.LastSeen) > sessionTouch {
		err = p.gate.DB.Housekeep(ctx, "session", func(tx postgres.Tx) error {
			_, err := tx.Exec(ctx, queries.Get("touch_session"), map[string]any{"token_hash": tokenHash(token), "at": now})
			return err
		})
	}
	return s, err
}

// Logout ends the session of a token; an unknown or ended one is no error.
func (p *People) Logout(ctx context.Context, token string) error {
	return p.gate.DB.Housekeep(ctx, "session", func(tx postgres.Tx) error {
		_, err := tx.Exec(ctx, queries.Get("revoke_session"), map[string]any{"token_hash": tokenHash(token), "at": p.wall.Now()})
		return err
	})
}

// RolePermissions are the permissions of every role, as fn_access.sql has them.
// With a session's memberships they decide which menu and buttons are shown;
// whether here, Require and Act decide.
func RolePermissions(ctx context.Context, r postgres.Reader) (map[Role][]Permission, error) {
	var rows []struct {
		Role       Role       `db:"role"`
		Permission Permission `db:"permission"`
	}
	if err := r.Select(ctx, &rows, queries.Get("role_permissions"), nil); err != nil {
		return nil, err
	}
	roles := map[Role][]Permission{}
	for _, row := range rows {
		roles[row.Role] = append(roles[row.Role], row.Permission)
	}
	return roles, nil
}
