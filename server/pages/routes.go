package pages

import (
	"fmt"
	"net/url"
	"strings"
)

// Route is one address of the pages. Name is what templates, menu and permission table refer to;
// Path is a Fiber pattern.
type Route struct {
	Name, Method, Path string
}

// Routes lists every address of the pages. The server registers exactly these, each with its permission.
var Routes = []Route{
	{"login", "GET", "/login"},
	{"login_do", "POST", "/login"},
	{"logout", "POST", "/logout"},
	{"home", "GET", "/"},
	{"look", "GET", "/look"},
	{"search", "GET", "/search"},
	{"suggest", "GET", "/suggest"},

	{"estates", "GET", "/estates"},
	{"estate", "GET", "/estates/:estate"},
	{"estate_units", "GET", "/estates/:estate/units"},
	{"estate_fees", "GET", "/estates/:estate/fees"},
	{"estate_acts", "GET", "/estates/:estate/acts"},
	{"rate_save", "POST", "/estates/:estate/rates"},
	{"takeover", "GET", "/estates/:estate/takeover"},
	{"takeover_do", "POST", "/estates/:estate/takeover"},
	{"checklist_save", "POST", "/estates/:estate/checklist"},

	{"unit", "GET", "/units/:unit"},
	{"unit_statement", "GET", "/units/:unit/statement"},
	{"area_save", "POST", "/units/:unit/area"},
	{"owner_save", "POST", "/units/:unit/owner"},
	{"occupant_save", "POST", "/units/:unit/occupant"},

	{"import", "GET", "/imports"},
	{"import_upload", "POST", "/imports"},
	{"import_template", "GET", "/imports/template/:kind"},
	{"import_check", "GET", "/imports/:file"},
	{"import_confirm", "POST", "/imports/:file/confirm"},

	{"runs", "GET", "/bills"},
	{"run_preview", "GET", "/bills/preview"},
	{"run_draft", "POST", "/bills/draft"},
	{"run", "GET", "/bills/:run"},
	{"run_exclude", "POST", "/bills/:run/exclude"},
	{"run_publish", "POST", "/bills/:run/publish"},
	{"run_discard", "POST", "/bills/:run/discard"},
	{"run_withdraw", "POST", "/bills/:run/withdraw"},

	{"counter", "GET", "/counter"},
	{"counter_preview", "POST", "/counter/preview"},
	{"counter_pay", "POST", "/counter"},
	{"receipts", "GET", "/receipts"},
	{"receipts_export", "GET", "/receipts.xlsx"},
	{"payment", "GET", "/payments/:payment"},
	{"receipt_pdf", "GET", "/payments/:payment/receipt.pdf"},
	{"payment_reverse", "POST", "/payments/:payment/reverse"},
	{"arrears", "GET", "/arrears"},
	{"arrears_export", "GET", "/arrears.xlsx"},

	{"journal", "GET", "/journal"},
	{"journal_export", "GET", "/journal.xlsx"},
	{"entry", "GET", "/entries/:entry"},
	{"act", "GET", "/acts/:act"},
	{"trial_balance", "GET", "/trial-balance"},
	{"trial_balance_export", "GET", "/trial-balance.xlsx"},
	{"account", "GET", "/accounts/:account"},
	{"periods", "GET", "/periods"},
	{"period_close", "POST", "/periods/close"},
	{"period_reopen", "POST", "/periods/reopen"},
	{"voucher", "GET", "/vouchers/new"},
	{"voucher_save", "POST", "/vouchers"},

	{"users", "GET", "/users"},
	{"user_save", "POST", "/users"},
	{"user_disable", "POST", "/users/:user/disable"},
	{"user_enable", "POST", "/users/:user/enable"},
	{"user_password", "POST", "/users/:user/password"},
	{"membership_save", "POST", "/users/:user/memberships"},
	{"membership_end", "POST", "/memberships/:membership/end"},
	{"jobs", "GET", "/jobs"},
	{"job", "GET", "/jobs/:job"},
}

var routeByName = func() map[string]Route {
	byName := make(map[string]Route, len(Routes))
	for _, r := range Routes {
		byName[r.Name] = r
	}
	return byName
}()

// URL is the address of a route: parameters fill the pattern in order, what is left are query
// pairs (name, value, name, value). A pair with an empty value or zero id is left out. An unknown
// name or a missing parameter is an error of the program and stops the rendering.
func URL(route string, parameters ...any) (string, error) {
	r, known := routeByName[route]
	if !known {
		return "", fmt.Errorf("pages: no route %q", route)
	}
	parts := strings.Split(r.Path, "/")
	for i, part := range parts {
		name, found := strings.CutPrefix(part, ":")
		if !found {
			continue
		}
		if len(parameters) == 0 {
			return "", fmt.Errorf("pages: route %q lacks %q", route, name)
		}
		parts[i] = url.PathEscape(fmt.Sprint(parameters[0]))
		parameters = parameters[1:]
	}
	if len(parameters)%2 != 0 {
		return "", fmt.Errorf("pages: route %q has a query name without value", route)
	}
	var query []string
	for i := 0; i < len(parameters); i += 2 {
		value := fmt.Sprint(parameters[i+1])
		if value == "" || value == "0" {
			continue
		}
		query = append(query, url.QueryEscape(fmt.Sprint(parameters[i]))+"="+url.QueryEscape(value))
	}
	address := strings.Join(parts, "/")
	if len(query) > 0 {
		address += "?" + strings.Join(query, "&")
	}
	return address, nil
}
