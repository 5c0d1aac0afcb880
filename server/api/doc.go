// Package api is the JSON face under /api/v1: it reads a request, calls a use
// case or a read, and answers its result. It decides nothing.
//
// Ids and amounts go out as strings, dates as 2026-11-25, months as 2026-07; a
// date that is not there is an empty string. Acts take an Idempotency-Key and
// answer 201, or 200 with Idempotent-Replayed. Refusals are problem+json.
// openapi/ describes all of it; a test holds it against the table of routes.
package api

import (
	"maps"

	"estateledger/estate"
	"estateledger/receivable"
	"estateledger/server/web"
)

// Services are the use cases that the API calls besides those that need only
// the gate.
type Services struct {
	Estate  *estate.Service
	Cashier *receivable.Cashier
}

// Handlers are the handlers of the API by the name of their route.
func Handlers(s Services) map[string]web.Handler {
	handlers := map[string]web.Handler{
		"api.openapi":   openAPI,
		"api.login":     login,
		"api.logout":    logout,
		"api.me":        me,
		"api.districts": districts,

		"api.books":             books,
		"api.book":              book,
		"api.accounts":          accounts,
		"api.trial_balance":     trialBalance,
		"api.journal":           journal,
		"api.account_statement": accountStatement,
		"api.periods":           periods,
		"api.period_close":      periodClose,
		"api.period_reopen":     periodReopen,
		"api.voucher_post":      voucherPost,
		"api.voucher":           voucher,

		"api.open_charges":        openCharges,
		"api.charges":             charges,
		"api.charge":              charge,
		"api.charge_reverse":      chargeReverse,
		"api.household_statement": householdStatement,
		"api.arrears":             arrears,
		"api.arrears_total":       arrearsTotal,
		"api.collections":         collections,

		"api.pay":             pay(s.Cashier),
		"api.counters":        counters,
		"api.counter_open":    counterOpen,
		"api.receipts":        receipts,
		"api.takings":         takings,
		"api.payment":         payment,
		"api.receipt_pdf":     receiptPDF,
		"api.payment_reverse": paymentReverse,

		"api.users":          users,
		"api.user_places":    userPlaces,
		"api.user_create":    userCreate,
		"api.user_disable":   userDisable,
		"api.user_enable":    userEnable,
		"api.user_password":  userPassword,
		"api.membership_add": membershipAdd,
		"api.membership_end": membershipEnd,

		"api.acts":       acts,
		"api.act":        act,
		"api.progresses": progresses,
		"api.progress":   progress,
		"api.tickers":    tickers,
	}
	maps.Copy(handlers, register{s.Estate}.handlers())
	maps.Copy(handlers, units{s.Estate}.handlers())
	maps.Copy(handlers, imports{s.Estate}.handlers())
	maps.Copy(handlers, bills())
	return handlers
}
