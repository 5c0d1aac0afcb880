package access_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"estateledger/access"
	"estateledger/civil"
	"estateledger/fault"
	"estateledger/postgres"
)

const password = "a-long-password"

// town is a district with two companies, an estate under the first, and an
// administrator of the district.
type town struct {
	t       *testing.T
	db      *postgres.TestDatabase
	gate    *access.Gate
	wall    *civil.StepClock
	people  *access.People
	system  access.Actor
	admin   access.Actor
	keys    int
	root    int64
	company [2]int64
	estate  int64
}

const district = 1

func newTown(t *testing.T) *town {
	t.Helper()
	db := postgres.TestDB(t)
	day, err := civil.ParseDate("2026-06-20")
	if err != nil {
		t.Fatal(err)
	}
	w := &town{t: t, db: db, wall: civil.NewStepClock(day)}
	w.gate = access.NewGate(db.App, civil.NewStepClock(day), false)
	w.people = access.NewPeople(w.gate, w.wall)
	ctx := context.Background()
	err = db.App.Write(ctx, func(tx postgres.Tx) (err error) {
		if w.system, err = access.CreateSystemUser(ctx, tx, "test"); err != nil {
			return err
		}
		if w.root, err = access.AddNode(ctx, tx, district, access.DistrictNode, "柳塘区", nil, day); err != nil {
			return err
		}
		for i := range w.company {
			name := fmt.Sprintf("第%d物业", i+1)
			if w.company[i], err = access.AddNode(ctx, tx, district, access.CompanyNode, name, []int64{w.root}, day); err != nil {
				return err
			}
		}
		if w.estate, err = access.AddNode(ctx, tx, district, access.EstateNode, "安和一村", []int64{w.company[0]}, day); err != nil {
			return err
		}
		return access.GrantSystem(ctx, tx, district, w.root, w.system, day)
	})
	if err != nil {
		t.Fatal(err)
	}
	w.admin = w.user(w.system, "admin", access.Administrator, w.root)
	return w
}

func (w *town) key() string {
	w.keys++
	return fmt.Sprintf("test-key-%d", w.keys)
}

func (w *town) user(by access.Actor, login string, role access.Role, node int64) access.Actor {
	w.t.Helper()
	out, err := w.people.CreateUser(context.Background(), by, district, w.key(),
		access.NewUser{Login: login, Name: "名" + login, Password: password, Role: role, Node: node})
	if err != nil {
		w.t.Fatalf("create %s: %v", login, err)
	}
	return access.Actor{UserID: out.Result.UserID, Name: "名" + login}
}

func (w *town) login(login, pass string) (access.Opened, error) {
	return w.people.Login(context.Background(), access.Credentials{Login: login, Password: pass, Address: "10.0.0.1", Agent: "test"})
}

func wantCode(t *testing.T, what string, err error, code string) {
	t.Helper()
	if fault.Code(err) != code {
		t.Errorf("%s: got %v, want code %s", what, err, code)
	}
}

func TestLoginOpensASessionThatKnowsWhoAndWhere(t *testing.T) {
	w := newTown(t)
	w.user(w.admin, "lin", access.CompanyCashier, w.company[0])
	o, err := w.login(" LIN ", password)
	if err != nil {
		t.Fatal(err)
	}
	s, err := w.people.SessionOf(context.Background(), o.Token)
	if err != nil {
		t.Fatal(err)
	}
	if s.Login != "lin" || s.CSRF == "" || len(s.Memberships) != 1 {
		t.Fatalf("session %+v", s)
	}
	m := s.Memberships[0]
	if m.DistrictName != "柳塘区" || m.NodeName != "第1物业" || m.RoleName() != "收费员" || m.NodeKind != access.CompanyNode {
		t.Errorf("membership %+v", m)
	}
	var stored int
	if err := w.db.Super.Get(&stored, "SELECT count(*) FROM session WHERE token_hash = convert_to($1, 'UTF8')", o.Token); err != nil || stored != 0 {
		t.Errorf("the token itself is stored: %d, %v", stored, err)
	}
	if err := w.people.Logout(context.Background(), o.Token); err != nil {
		t.Fatal(err)
	}
	_, err = w.people.SessionOf(context.Background(), o.Token)
	wantCode(t, "after logout", err, "access.not_logged_in")
}

func TestSessionEndsWhenIdleAndAfterADay(t *testing.T) {
	w := newTown(t)
	ctx := context.Background()
	o, err := w.login("admin", password)
	if err != nil {
		t.Fatal(err)
	}
	for range 3 { // used every seven hours: alive, until a day is over
		w.wall.Advance(7 * time.Hour)
		if _, err := w.people.SessionOf(ctx, o.Token); err != nil {
			t.Fatalf("used session: %v", err)
		}
	}
	w.wall.Advance(3*time.Hour + time.Minute)
	_, err = w.people.SessionOf(ctx, o.Token)
	wantCode(t, "after a day", err, "access.not_logged_in")

	if o, err = w.login("admin", password); err != nil {
		t.Fatal(err)
	}
	w.wall.Advance(8*time.Hour + time.Minute)
	_, err = w.people.SessionOf(ctx, o.Token)
	wantCode(t, "idle", err, "access.not_logged_in")
}

func TestWrongLoginsAreAllTheSame(t *testing.T) {
	w := newTown(t)
	disabled := w.user(w.admin, "gone", access.Auditor, w.root)
	if _, err := w.people.DisableUser(context.Background(), w.admin, district, w.key(), disabled.UserID); err != nil {
		t.Fatal(err)
	}
	cases := [][2]string{{"admin", "wrong-password"}, {"nobody", password}, {"gone", password}, {"system:test", password}, {"", ""}, {"a\x00b", password}}
	said := map[string]bool{}
	for _, c := range cases {
		_, err := w.login(c[0], c[1])
		wantCode(t, c[0], err, "access.wrong_login")
		said[err.Error()] = true
	}
	if len(said) != 1 {
		t.Errorf("different answers: %v", said)
	}
}

func TestTenFailuresLockALoginOut(t *testing.T) {
	w := newTown(t)
	for _, login := range []string{"admin", "nobody"} { // whether it exists or not
		var wg sync.WaitGroup
		codes := make(chan string, 30)
		for range 30 { // at once: none slips past the count
			wg.Go(func() {
				_, err := w.login(login, "wrong-password")
				codes <- fault.Code(err)
			})
		}
		wg.Wait()
		close(codes)
		count := map[string]int{}
		for c := range codes {
			count[c]++
		}
		if count["access.wrong_login"] != 10 || count["access.too_many_attempts"] != 20 {
			t.Errorf("%s: %v", login, count)
		}
	}
	_, err := w.login("admin", password)
	wantCode(t, "right password while locked out", err, "access.too_many_attempts")
	w.wall.Advance(15*time.Minute + time.Second)
	if _, err := w.login("admin", password); err != nil {
		t.Errorf("after the wait: %v", err)
	}
}

func TestAnAddressThatTriesManyLoginsIsLockedOut(t *testing.T) {
	w := newTown(t)
	for i := range 100 {
		_, err := w.login(fmt.Sprintf("guess%d", i), "x")
		wantCode(t, "guess", err, "access.wrong_login")
	}
	_, err := w.login("guess-more", "x")
	wantCode(t, "the next", err, "access.too_many_attempts")
	c := access.Credentials{Login: "admin", Password: password, Address: "10.0.0.2"}
	if _, err := w.people.Login(context.Background(), c); err != nil {
		t.Errorf("from another address: %v", err)
	}
}

func TestRolesThatOnePersonMayNotCombine(t *testing.T) {
	w := newTown(t)
	ctx := context.Background()
	lin := w.user(w.admin, "lin", access.CompanyCashier, w.company[0])
	grant := func(by, to access.Actor, role access.Role, node int64) error {
		_, err := w.people.AddMembership(ctx, by, district, w.key(), to.UserID, role, node, civil.Date{})
		return err
	}
	wantCode(t, "cashier and accountant", grant(w.admin, lin, access.CompanyAccountant, w.estate), "access.roles_apart")
	wantCode(t, "cashier and administrator", grant(w.admin, lin, access.Administrator, w.root), "access.roles_apart")
	wantCode(t, "money to oneself", grant(w.admin, w.admin, access.CompanyManager, w.root), "access.grant_self")
	wantCode(t, "the system's role", grant(w.admin, lin, access.System, w.root), "access.role_unknown")
	wantCode(t, "a role that does not exist", grant(w.admin, lin, "king", w.root), "access.role_unknown")
	wantCode(t, "the same again", grant(w.admin, lin, access.CompanyCashier, w.company[0]), "access.membership_exists")
	if err := grant(w.admin, lin, access.CompanyCashier, w.company[1]); err != nil {
		t.Errorf("a cashier of two companies: %v", err)
	}
	other := w.user(w.admin, "admin2", access.Administrator, w.root)
	wantCode(t, "money to an administrator", grant(other, w.admin, access.CompanyManager, w.root), "access.roles_apart")
	wantCode(t, "by a cashier", grant(lin, other, access.Auditor, w.company[0]), "access.forbidden")
	wantCode(t, "a user that does not exist", grant(w.admin, access.Actor{UserID: 999}, access.Auditor, w.root), "access.user_not_found")
	wantCode(t, "a system user", grant(w.admin, w.system, access.Auditor, w.root), "access.user_not_found")
}

func TestTwoGrantsAtOnceDoNotCombineWhatMustBeApart(t *testing.T) {
	w := newTown(t)
	for round := range 5 {
		who := w.user(w.admin, fmt.Sprintf("who%d", round), access.Auditor, w.root)
		errs := make([]error, 2)
		var wg sync.WaitGroup
		for i, role := range []access.Role{access.CompanyCashier, access.CompanyAccountant} {
			key := w.key()
			wg.Go(func() {
				_, errs[i] = w.people.AddMembership(context.Background(), w.admin, district, key, who.UserID, role, w.company[0], civil.Date{})
			})
		}
		wg.Wait()
		if (errs[0] == nil) == (errs[1] == nil) {
			t.Fatalf("round %d: %v and %v", round, errs[0], errs[1])
		}
	}
}

func TestAnAdministratorReachesOnlyWhoIsWhollyHis(t *testing.T) {
	w := newTown(t)
	ctx := context.Background()
	one := w.user(w.admin, "admin-one", access.Administrator, w.company[0])
	mine := w.user(one, "mine", access.CompanyCashier, w.estate)
	foreign := w.user(w.admin, "foreign", access.CompanyManager, w.company[1])
	both := w.user(w.admin, "both", access.CompanyManager, w.company[0])
	if _, err := w.people.AddMembership(ctx, w.admin, district, w.key(), both.UserID, access.CompanyManager, w.company[1], civil.Date{}); err != nil {
		t.Fatal(err)
	}
	set := func(user access.Actor) error {
		_, err := w.people.SetPassword(ctx, one, district, w.key(), user.UserID, "another-password")
		return err
	}
	wantCode(t, "foreign", set(foreign), "access.user_not_found")
	wantCode(t, "both", set(both), "access.user_elsewhere")
	_, err := w.people.CreateUser(ctx, one, district, w.key(), access.NewUser{Login: "spy", Name: "谍", Password: password, Role: access.Auditor, Node: w.company[1]})
	wantCode(t, "a user at a foreign place", err, "access.forbidden")
	_, err = w.people.DisableUser(ctx, one, district, w.key(), one.UserID)
	wantCode(t, "himself", err, "access.disable_self")

	o, err := w.login("mine", password)
	if err != nil {
		t.Fatal(err)
	}
	if err := set(mine); err != nil {
		t.Fatal(err)
	}
	_, err = w.people.SessionOf(ctx, o.Token)
	wantCode(t, "his session after the new password", err, "access.not_logged_in")
	_, err = w.login("mine", password)
	wantCode(t, "the old password", err, "access.wrong_login")
	if _, err := w.login("mine", "another-password"); err != nil {
		t.Errorf("the new password: %v", err)
	}

	var users []access.ManagedUser
	err = access.View(ctx, w.gate, func(ctx context.Context, r postgres.Reader) (err error) {
		users, err = access.Users(ctx, r, w.gate.Scope(one, district))
		return err
	})
	seen := ""
	for _, u := range users {
		seen += u.Login + " "
		if len(u.Memberships) != 1 {
			t.Errorf("%s shows %+v", u.Login, u.Memberships)
		}
	}
	if err != nil || seen != "admin-one both mine " {
		t.Errorf("the list of the company's administrator: %q, %v", seen, err)
	}
}

func TestEndingAMembership(t *testing.T) {
	w := newTown(t)
	ctx := context.Background()
	lin := w.user(w.admin, "lin", access.CompanyCashier, w.company[0])
	out, err := w.people.AddMembership(ctx, w.admin, district, w.key(), lin.UserID, access.CompanyCashier, w.company[1], civil.Date{})
	if err != nil {
		t.Fatal(err)
	}
	end := func(by access.Actor, id int64, last string) error {
		var day civil.Date
		if last != "" {
			day, err = civil.ParseDate(last)
		}
		_, err := w.people.EndMembership(ctx, by, district, w.key(), id, day)
		return err
	}
	id := out.Result.MembershipID
	wantCode(t, "in the past", end(w.admin, id, "2026-06-19"), "access.end_past")
	wantCode(t, "by the cashier", end(lin, id, ""), "access.membership_not_found")
	if err := end(w.admin, id, ""); err != nil {
		t.Fatal(err)
	}
	wantCode(t, "again", end(w.admin, id, ""), "access.membership_ended")
	wantCode(t, "unknown", end(w.admin, 999, ""), "access.membership_not_found")
}

func TestInputOfAUserIsCheckedAtItsField(t *testing.T) {
	w := newTown(t)
	good := access.NewUser{Login: "lin", Name: "林", Password: password, Role: access.Auditor, Node: w.root}
	cases := map[string]func(u *access.NewUser){
		"access.login_form login":           func(u *access.NewUser) { u.Login = "林" },
		"access.name_missing name":          func(u *access.NewUser) { u.Name = "  " },
		"access.password_short password":    func(u *access.NewUser) { u.Password = "short" },
		"access.password_long password":     func(u *access.NewUser) { u.Password = strings.Repeat("ab", 65) },
		"access.password_is_login password": func(u *access.NewUser) { u.Password = "lin-is-my-login" },
		"access.password_same password":     func(u *access.NewUser) { u.Password = strings.Repeat("1", 12) },
		"access.login_taken login":          func(u *access.NewUser) { u.Login = "Admin" },
		"access.phone_long phone":           func(u *access.NewUser) { u.Phone = strings.Repeat("1", 33) },
	}
	for want, spoil := range cases {
		u := good
		spoil(&u)
		_, err := w.people.CreateUser(context.Background(), w.admin, district, w.key(), u)
		f, ok := fault.As(err)
		if !ok || f.Code+" "+f.Field != want {
			t.Errorf("want %s, got %v", want, err)
		}
	}
	var stored int
	if err := w.db.Super.Get(&stored, "SELECT count(*) FROM act WHERE CAST(after AS text) LIKE '%'||$1||'%' OR CAST(result AS text) LIKE '%'||$1||'%'", password); err != nil || stored != 0 {
		t.Errorf("the password stands in an act: %d, %v", stored, err)
	}
}

func TestTheDemosUsersDoNotLogInElsewhere(t *testing.T) {
	w := newTown(t)
	w.db.Super.MustExec("UPDATE app_user SET demo = true WHERE login = 'admin'")
	_, err := w.login("admin", password)
	wantCode(t, "in production", err, "access.wrong_login")
	w.db.Super.MustExec("INSERT INTO installation (demo) VALUES (true)")
	if _, err := w.login("admin", password); err != nil {
		t.Errorf("in the demo: %v", err)
	}
	lin := w.user(w.admin, "lin", access.Auditor, w.root)
	var marked bool
	if err := w.db.Super.Get(&marked, "SELECT demo FROM app_user WHERE user_id = $1", lin.UserID); err != nil || !marked {
		t.Errorf("a user made in the demo is not marked: %v, %v", marked, err)
	}
}
