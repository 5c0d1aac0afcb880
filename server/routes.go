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

// ownRoutes are what machines and browsers ask.
var ownRoutes = []web.Route{
	{Name: "healthz", Method: "GET", Path: "/healthz", Place: web.Public},
	{Name: "readyz", Method: "GET", Path: "/readyz", Place: web.Public},
	{Name: "asset", Method: "GET", Path: "/assets/:asset", Place: web.Public},
}

// apiRoutes are the JSON API. Their names begin with api.
var apiRoutes = slices.Concat(
	[]web.Route{
		{Name: "api.openapi", Method: "GET", Path: "/api/v1/openapi.json", Place: web.Public},
		{Name: "api.login", Method: "POST", Path: "/api/v1/login", Place: web.Public, Keyless: true},
		{Name: "api.logout", Method: "POST", Path: "/api/v1/logout", Place: web.Self, Keyless: true},
		get("me", "/me", web.Self, ""),
		get("districts", "/districts", web.Self, ""),
	},
	[]web.Route{ // the register
		get("sub_districts", "/sub-districts", web.Somewhere, access.EstateRead),
		post("sub_district_make", "/sub-districts", web.Somewhere, access.RegisterImport),
		get("communities", "/communities", web.Somewhere, access.EstateRead),
		post("community_make", "/communities", web.Somewhere, access.RegisterImport),
		get("companies", "/companies", web.Somewhere, access.EstateRead),
		post("company_make", "/companies", web.Somewhere, access.RegisterImport),
		get("estates", "/estates", web.Somewhere, access.EstateRead),
		post("estate_make", "/estates", web.Somewhere, access.RegisterImport),
		get("estate", "/estates/:estate", web.Estate, access.EstateRead),
		post("estate_correct", "/estates/:estate/correction", web.Estate, access.RegisterImport),
		post("estate_place", "/estates/:estate/placement", web.Estate, access.RegisterImport),
		get("grid", "/estates/:estate/grid", web.Estate, access.EstateRead),
		get("heads", "/estates/:estate/heads", web.Estate, access.EstateRead),
		get("units", "/estates/:estate/units", web.Estate, access.RegisterRead),
		post("units_make", "/estates/:estate/units", web.Estate, access.RegisterImport),
		get("checklist", "/checklist", web.Somewhere, access.EstateRead),
		get("takeover", "/estates/:estate/takeover", web.Estate, access.EstateRead),
		post("takeover_record", "/estates/:estate/takeovers", web.Estate, access.TakeoverRecord),
		post("takeover_note", "/estates/:estate/takeovers/:takeover/items", web.Estate, access.TakeoverRecord),
		post("contract_record", "/estates/:estate/contracts", web.Estate, access.TakeoverRecord),
		get("unit_search", "/units", web.Somewhere, access.RegisterRead),
		get("unit", "/units/:unit", web.Unit, access.RegisterRead),
		post("area_record", "/units/:unit/areas", web.Unit, access.RegisterWrite),
		post("title_record", "/units/:unit/titles", web.Unit, access.RegisterWrite),
		post("occupant_record", "/units/:unit/occupants", web.Unit, access.RegisterWrite),
		post("occupant_end", "/units/:unit/occupants/:occupant/end", web.Unit, access.RegisterWrite),
		post("person_correct", "/units/:unit/persons/:person/correction", web.Unit, access.RegisterWrite),
	},
	[]web.Route{ // the books
		get("books", "/books", web.Somewhere, access.BooksRead),
		get("book", "/books/:book", web.Book, access.BooksRead),
		get("accounts", "/books/:book/accounts", web.Book, access.BooksRead),
		get("trial_balance", "/books/:book/trial-balance", web.Book, access.BooksRead),
		get("journal", "/books/:book/journal", web.Book, access.BooksRead),
		get("account_statement", "/books/:book/accounts/:account/statement", web.Book, access.BooksRead),
		get("periods", "/books/:book/periods", web.Book, access.BooksRead),
		post("period_close", "/books/:book/periods/close", web.Book, access.PeriodClose),
		post("period_reopen", "/books/:book/periods/reopen", web.Book, access.PeriodReopen),
		post("voucher_post", "/books/:book/vouchers", web.Book, access.VoucherPost),
		get("voucher", "/vouchers/:voucher", web.Voucher, access.BooksRead),
	},
	[]web.Route{ // files that fill the register
		get("import_template", "/imports/templates/:kind", web.Somewhere, access.RegisterImport),
		{Name: "api.import_upload", Method: "POST", Path: "/api/v1/imports", Place: web.Somewhere, Permission: access.RegisterImport, Keyless: true},
		slow(get("import_check", "/imports/:file", web.Somewhere, access.RegisterImport)),
		slow(post("import_apply", "/imports/:file/apply", web.Somewhere, access.RegisterImport)),
	},
	[]web.Route{ // rates and bills
		get("rates", "/estates/:estate/rates", web.Estate, access.EstateRead),
		post("rate_set", "/estates/:estate/rates", web.Estate, access.RatesSet),
		get("run_preview", "/estates/:estate/bills/preview", web.Estate, access.ReceivableRead),
		get("run_lines", "/estates/:estate/bills/lines", web.Estate, access.ReceivableRead),
		post("run_draft", "/estates/:estate/bills", web.Estate, access.BillDraft),
		get("runs", "/runs", web.Somewhere, access.ReceivableRead),
		get("run", "/runs/:run", web.Run, access.ReceivableRead),
		post("run_exclude", "/runs/:run/exclude", web.Run, access.BillDraft),
		post("run_include", "/runs/:run/include", web.Run, access.BillDraft),
		post("run_publish", "/runs/:run/publish", web.Run, access.BillPublish),
		post("run_discard", "/runs/:run/discard", web.Run, access.BillDraft),
		post("run_withdraw", "/runs/:run/withdraw", web.Run, access.BillWithdraw),
	},
	[]web.Route{ // who owes what
		get("open_charges", "/units/:unit/open-charges", web.Unit, access.ReceivableRead),
		get("charges", "/units/:unit/charges", web.Unit, access.ReceivableRead),
		get("household_statement", "/units/:unit/statement", web.Unit, access.ReceivableRead),
		get("charge", "/charges/:charge", web.Charge, access.ReceivableRead),
		post("charge_reverse", "/charges/:charge/reversal", web.Charge, access.ChargeReverse),
		get("arrears", "/estates/:estate/arrears", web.Estate, access.ReceivableRead),
		get("arrears_total", "/estates/:estate/arrears/total", web.Estate, access.ArrearsSummary),
		get("collections", "/collections", web.Somewhere, access.ArrearsSummary),
	},
	[]web.Route{ // the counter
		post("pay", "/units/:unit/payments", web.Unit, access.PaymentTake),
		get("counters", "/estates/:estate/counters", web.Estate, access.ReceivableRead),
		post("counter_open", "/estates/:estate/counters", web.Estate, access.CounterManage),
		get("receipts", "/estates/:estate/receipts", web.Estate, access.ReceivableRead),
		get("takings", "/estates/:estate/takings", web.Estate, access.ReceivableRead),
		get("payment", "/payments/:payment", web.Payment, access.ReceivableRead),
		get("receipt_pdf", "/payments/:payment/receipt.pdf", web.Payment, access.ReceivableRead),
		post("payment_reverse", "/payments/:payment/reversal", web.Payment, access.PaymentReverse),
	},
	[]web.Route{ // users and audit
		get("users", "/users", web.Somewhere, access.UsersManage),
		get("user_places", "/users/places", web.Somewhere, access.UsersManage),
		post("user_create", "/users", web.Somewhere, access.UsersManage),
		post("user_disable", "/users/:user/disable", web.Somewhere, access.UsersManage),
		post("user_enable", "/users/:user/enable", web.Somewhere, access.UsersManage),
		post("user_password", "/users/:user/password", web.Somewhere, access.UsersManage),
		post("membership_add", "/users/:user/memberships", web.Somewhere, access.UsersManage),
		post("membership_end", "/memberships/:membership/end", web.Somewhere, access.UsersManage),
		get("acts", "/acts", web.Somewhere, access.AuditRead),
		get("act", "/acts/:act", web.Act, access.AuditRead),
		get("progresses", "/progress", web.Member, ""),
		get("progress", "/progress/:progress", web.Member, ""),
		get("tickers", "/tickers", web.Somewhere, access.JobsRead),
	},
)

func get(name, path string, place web.Place, p access.Permission) web.Route {
	return web.Route{Name: "api." + name, Method: "GET", Path: "/api/v1" + path, Place: place, Permission: p}
}

func post(name, path string, place web.Place, p access.Permission) web.Route {
	return web.Route{Name: "api." + name, Method: "POST", Path: "/api/v1" + path, Place: place, Permission: p}
}

// slow lets a route take minutes.
func slow(r web.Route) web.Route {
	r.Slow = true
	return r
}
