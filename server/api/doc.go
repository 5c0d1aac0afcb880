// Package api is the JSON face under /api/v1: it reads a request, calls a use
// case or a read, and answers its result. It decides nothing.
//
// Ids and amounts go out as strings, dates as 2026-11-25, months as 2026-07.
// Acts take an Idempotency-Key and answer 201, or 200 with Idempotent-Replayed.
// Refusals are problem+json. openapi/ describes all of it; a test holds it
// against the table of routes.
package api

import (
	"estateledger/access"
	"estateledger/server/web"
)

// Handlers are the handlers of the API by the name of their route.
func Handlers(g *access.Gate) map[string]web.Handler {
	return map[string]web.Handler{
		"api.openapi":   openAPI,
		"api.login":     login,
		"api.logout":    logout,
		"api.me":        me,
		"api.districts": districts,

		"api.users":          users,
		"api.user_places":    userPlaces,
		"api.user_create":    userCreate,
		"api.user_disable":   userDisable,
		"api.user_enable":    userEnable,
		"api.user_password":  userPassword,
		"api.membership_add": membershipAdd,
		"api.membership_end": membershipEnd,

		"api.acts": acts,
		"api.act":  act,
	}
}
