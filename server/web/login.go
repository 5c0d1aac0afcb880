package web

import (
	"time"

	"github.com/gofiber/fiber/v2"

	"estateledger/access"
)

// LogIn checks the password, opens a session and sets its cookie.
func (q *Request) LogIn(login, password string) (access.Opened, error) {
	opened, err := q.People.Login(q.UserContext(), access.Credentials{
		Login: login, Password: password, Address: q.IP(), Agent: q.Get(fiber.HeaderUserAgent),
	})
	if err != nil {
		return opened, err
	}
	q.setCookie(SessionCookie, opened.Token, opened.Expires)
	return opened, nil
}

// LogOut ends the session and takes its cookie back.
func (q *Request) LogOut() error {
	q.setCookie(SessionCookie, "", time.Unix(0, 0))
	return q.People.Logout(q.UserContext(), q.Token)
}

// ChooseDistrict remembers a district among several for the following requests;
// the gate checks it against the memberships each time.
func (q *Request) ChooseDistrict(id string) {
	q.setCookie(DistrictCookie, id, time.Time{})
}

// setCookie sets a cookie that no script reads and no other site sends along
// with a write.
func (q *Request) setCookie(name, value string, expires time.Time) {
	q.Cookie(&fiber.Cookie{Name: name, Value: value, Path: "/", Expires: expires, HTTPOnly: true,
		SameSite: fiber.CookieSameSiteLaxMode, Secure: q.Secure})
}
