package access

import (
	"context"
	"errors"
	"strings"
	"time"
	"unicode/utf8"

	"estateledger/fault"
	"estateledger/postgres"
)

// How often a wrong password may be tried. The address counts too, at a height
// that an office behind one address does not reach.
const (
	attemptWindow    = 15 * time.Minute
	attemptsLogin    = 10
	attemptsAddress  = 100
	agentLength      = 200
	addressLength    = 64
	tooManyAttempts  = "access.too_many_attempts"
	wrongCredentials = "access.wrong_login"
)

// Credentials are what the login form sends, and where it came from.
type Credentials struct {
	Login, Password string
	Address, Agent  string
}

// Opened is a session just opened: the token for the cookie or the header, and
// when it ends at the latest.
type Opened struct {
	Token   string
	Expires time.Time
	Session Session
}

// WrongLogin is the one answer to a wrong password, a login that does not
// exist, a disabled user and a user who cannot log in.
func WrongLogin() error {
	return fault.Unauthenticated(wrongCredentials, "用户名或密码不对。")
}

// TooManyAttempts is the answer while a login or an address is locked out,
// whether the login exists or not.
func TooManyAttempts() error {
	return fault.Busy(tooManyAttempts, "输错的次数太多，请过 15 分钟再试。忘记密码请找管理员重设。")
}

// Login opens a session. Ten failures of a login or a hundred of an address in
// 15 minutes lock it out (access.too_many_attempts); everything else that is
// wrong is access.wrong_login, in the same time.
//
// The try is written down as failed before the password is looked at, so that
// a hundred tries at once are counted as a hundred.
func (p *People) Login(ctx context.Context, c Credentials) (Opened, error) {
	login := strings.ToLower(strings.TrimSpace(c.Login))
	if !validLogin(login) || len(c.Password) > passwordMost*utf8.UTFMax {
		return Opened{}, WrongLogin()
	}
	attempt, err := p.recordAttempt(ctx, login, clip(c.Address, addressLength))
	if err != nil {
		return Opened{}, err
	}
	user, err := p.verify(ctx, login, c.Password)
	if err != nil {
		return Opened{}, err
	}
	return p.open(ctx, login, user, attempt, clip(c.Agent, agentLength))
}

// recordAttempt counts and writes the try under the login's lock.
func (p *People) recordAttempt(ctx context.Context, login, address string) (attempt int64, err error) {
	now := p.wall.Now()
	arg := map[string]any{"login": login, "address": address, "at": now, "since": now.Add(-attemptWindow)}
	err = p.gate.DB.Housekeep(ctx, "login_attempt", func(tx postgres.Tx) error {
		var locked bool
		if err := tx.Get(ctx, &locked, queries.Get("lock_login"), arg); err != nil {
			return err
		}
		var failed struct {
			ByLogin   int `db:"by_login"`
			ByAddress int `db:"by_address"`
		}
		if err := tx.Get(ctx, &failed, queries.Get("failures"), arg); err != nil {
			return err
		}
		if failed.ByLogin >= attemptsLogin || failed.ByAddress >= attemptsAddress {
			return TooManyAttempts()
		}
		return tx.Get(ctx, &attempt, queries.Get("insert_attempt"), arg)
	})
	return attempt, err
}

// verify computes one hash in every case.
func (p *People) verify(ctx context.Context, login, password string) (user int64, err error) {
	var found struct {
		UserID int64  `db:"user_id"`
		Hash   string `db:"hash"`
	}
	err = p.gate.DB.Read(ctx, func(r postgres.Reader) error {
		return r.Get(ctx, &found, queries.Get("user_by_login"), map[string]any{"login": login})
	})
	if err != nil && !errors.Is(err, postgres.ErrNoRow) {
		return 0, err
	}
	known := err == nil && found.Hash != ""
	if !known {
		if found.Hash, err = nobodysHash(); err != nil {
			return 0, err
		}
	}
	matches, err := passwordMatches(ctx, found.Hash, password)
	if err != nil {
		return 0, err
	}
	if !known || !matches {
		return 0, WrongLogin()
	}
	return found.UserID, nil
}

// open writes the session and takes the failure back.
func (p *People) open(ctx context.Context, login string, user, attempt int64, agent string) (Opened, error) {
	now := p.wall.Now()
	o := Opened{Expires: now.Add(sessionLife)}
	var err error
	if o.Token, err = newToken(); err != nil {
		return Opened{}, err
	}
	csrf, err := newToken()
	if err != nil {
		return Opened{}, err
	}
	err = p.gate.DB.Housekeep(ctx, "session", func(tx postgres.Tx) error {
		return execAll(ctx, tx, map[string]any{
			"token_hash": tokenHash(o.Token), "user": user, "csrf": csrf, "at": now, "expires_at": o.Expires, "agent": agent,
			"login": login, "attempt": attempt, "before": now.Add(-sessionKept),
		}, "insert_session", "attempt_succeeded", "forget_sessions", "forget_attempts")
	})
	if err != nil {
		return Opened{}, err
	}
	o.Session, err = p.SessionOf(ctx, o.Token)
	return o, err
}

// execAll runs statements one after the other with the same parameters.
func execAll(ctx context.Context, tx postgres.Tx, arg map[string]any, names ...string) error {
	for _, name := range names {
		if _, err := tx.Exec(ctx, queries.Get(name), arg); err != nil {
			return err
		}
	}
	return nil
}

// clip cuts what a client says about itself to what the column is for.
func clip(s string, most int) string {
	runes := []rune(strings.ToValidUTF8(s, ""))
	if len(runes) > most {
		runes = runes[:most]
	}
	return strings.ReplaceAll(string(runes), "\x00", "")
}
