package server

import (
	"slices"

	"estateledger/access"
	"estateledger/server/web"
)

// Routes is the table: everything that is served, who may, and where that is
// asked. Nothing else is registered; the access matrix is generated from it.
var Routes = slices.Concat(ownRoutes, apiRoutes)

// PageRoutes is the part of the table that the pages' handlers fill; New takes
// them by Options.Pages.
var PageRoutes = pageRoutes

// ownRoutes are what machines ask.
var ownRoutes = []web.Route{
	{Name: "healthz", Method: "GET", Path: "/healthz", Place: web.Public},
	{Name: "readyz", Method: "GET", Path: "/readyz", Place: web.Public},
	{Name: "asset", Method: "GET", Path: "/assets/:file", Place: web.Public},
}

// apiRoutes are the JSON API. Their names begin with api.
var apiRoutes = []web.Route{
	{Name: "api.openapi", Method: "GET", Path: "/api/v1/openapi.json", Place: web.Public},
	{Name: "api.login", Method: "POST", Path: "/api/v1/login", Place: web.Public, Keyless: true},
	{Name: "api.logout", Method: "POST", Path: "/api/v1/logout", Place: web.Self, Keyless: true},
	{Name: "api.me", Method: "GET", Path: "/api/v1/me", Place: web.Self},
	{Name: "api.districts", Method: "GET", Path: "/api/v1/districts", Place: web.Self},

	{Name: "api.users", Method: "GET", Path: "/api/v1/users", Permission: access.UsersManage, Place: web.Somewhere},
	{Name: "api.user_places", Method: "GET", Path: "/api/v1/users/places", Permission: access.UsersManage, Place: web.Somewhere},
	{Name: "api.user_create", Method: "POST", Path: "/api/v1/users", Permission: access.UsersManage, Place: web.Somewhere},
	{Name: "api.user_disable", Method: "POST", Path: "/api/v1/users/:user/disable", Permission: access.UsersManage, Place: web.Somewhere},
	{Name: "api.user_enable", Method: "POST", Path: "/api/v1/users/:user/enable", Permission: access.UsersManage, Place: web.Somewhere},
	{Name: "api.user_password", Method: "POST", Path: "/api/v1/users/:user/password", Permission: access.UsersManage, Place: web.Somewhere},
	{Name: "api.membership_add", Method: "POST", Path: "/api/v1/users/:user/memberships", Permission: access.UsersManage, Place: web.Somewhere},
	{Name: "api.membership_end", Method: "POST", Path: "/api/v1/memberships/:membership/end", Permission: access.UsersManage, Place: web.Somewhere},

	{Name: "api.acts", Method: "GET", Path: "/api/v1/acts", Permission: access.AuditRead, Place: web.Somewhere},
	{Name: "api.act", Method: "GET", Path: "/api/v1/acts/:act", Permission: access.AuditRead, Place: web.Act},
}
