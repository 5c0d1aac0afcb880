package server_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"estateledger/access"
)

// form is a body that is the same for every tenant, as name, value, name, value.
func form(pairs ...string) func(ids) url.Values {
	return func(i ids) url.Values {
		v := url.Values{}
		for at := 0; at < len(pairs); at += 2 {
			v.Add(pairs[at], fill(pairs[at+1], i))
		}
		return v
	}
}

// pageSamples is the catalogue of the pages: what somebody sees or sends in a
// browser. {name} is filled in with the tenant's id.
var pageSamples = map[string]sample{
	"login":    {},
	"login_do": {form: form("login", "elsewhere", "password", password)},
	"logout":   {form: form(), after: backIn},
	"home":     {}, "look": {query: "?size=large"}, "search": {query: "?q=101"}, "suggest": {query: "?q=101"},

	"estates": {}, "estate": {}, "estate_units": {}, "estate_fees": {}, "estate_acts": {}, "takeover": {},
	"rate_save": {form: form("use", "residential", "rate", "0.56", "vat", "6", "rounding", "FEN_HALF_UP", "valid_from", "2026-06-02", "basis", "业主大会决定")},
	"takeover_do": {only: []access.Role{access.SubDistrictRole}, prepare: untaken, form: form("company", "{company}", "entry_date", "2026-06-01",
		"cut_over_date", "2026-06-01", "contract_from", "2026-06-01", "contract_months", "36", "fee_start_rule", "DAILY", "due_day", "0")},
	"checklist_save": {form: form("item", "unit_list", "status", "missing", "note", "借出去了", "noted_on", "2026-06-19")},

	"unit": {}, "unit_statement": {},
	"area_save":     {form: form("area", "67.95", "source", "survey", "valid_from", "2026-06-03", "reason", "复测")},
	"owner_save":    {form: form("name", "再卖一次", "valid_from", "2026-06-04", "bill_from", "2026-06-04", "basis", "买卖")},
	"occupant_save": {form: form("name", "又一租客", "valid_from", "2026-06-05")},

	"import": {}, "import_template": {}, "import_upload": {upload: true},
	"import_check":   {own: true, query: "?estate={estate}", prepare: uploaded},
	"import_confirm": {own: true, prepare: uploaded, form: form("estate", "{estate}", "effective_from", "2026-06-20", "rows", "1")},

	"runs": {}, "run_preview": {query: "?estate={estate}&month=2026-06"}, "run": {},
	"run_draft":    {form: form("estate", "{estate}", "month", "2027-04")},
	"run_exclude":  {prepare: drafted, form: form("unit", "1-1-102", "reason", "在办减免")},
	"run_publish":  {prepare: drafted, form: form()},
	"run_discard":  {prepare: drafted, form: form()},
	"run_withdraw": {prepare: published, form: form("reason", "单价错了")},

	"counter":         {query: "?unit={unit}"},
	"counter_preview": {form: form("unit", "{unit}", "amount", "3", "mode", "oldest", "channel", "cash", "counter", "{counter}")},
	"counter_pay":     {prepare: shown, form: form("unit", "{unit}", "amount", "3", "mode", "oldest", "channel", "cash", "counter", "{counter}", "shown", "{shown}")},
	"receipts":        {}, "receipts_export": {}, "payment": {}, "receipt_pdf": {}, "arrears": {}, "arrears_export": {},
	"payment_reverse": {form: form("reason", "收错了户"), prepare: samples["api.payment_reverse"].prepare},

	"journal": {query: "?book={book}"}, "journal_export": {query: "?book={book}"}, "entry": {}, "act": {},
	"trial_balance": {query: "?book={book}"}, "trial_balance_export": {query: "?book={book}"}, "account": {}, "periods": {query: "?book={book}"},
	"period_close":  {form: form("book", "{book}", "month", "2026-05"), prepare: opened},
	"period_reopen": {form: form("book", "{book}", "month", "2026-05", "reason", "补记一笔"), prepare: closed},
	"voucher":       {query: "?book={book}"},
	"voucher_save":  {form: form("book", "{book}", "account", "service_cost", "bank", "bank", "amount", "18.00", "business_date", "2026-06-18", "what", "灯泡")},

	"users": {},
	"user_save": {form: func(i ids) url.Values {
		return form("login", "p"+text(keys.Add(1)), "name", "新人", "password", password, "role", "auditor", "place", "{company_node}", "valid_from", "2026-06-20")(i)
	}},
	"user_disable": {form: form(), prepare: newUser}, "user_enable": {form: form(), prepare: newUser},
	"user_password":   {form: form("password", "another-long-one"), prepare: newUser},
	"membership_save": {form: form("role", "committee", "place", "{estate_node}", "valid_from", "2026-06-20"), prepare: newUser},
	"membership_end":  {form: form(), prepare: newUser},
	"jobs":            {}, "job": {own: true, prepare: func(m *matrix, c *caller, i ids) { ownWork(m, c, i); i["job"] = i["progress"] }},
}

var shownField = regexp.MustCompile(`name="shown" value="([^"]*)"`)

// shown is what the cashier's page said the money would settle: money is taken
// only for what was seen.
func shown(m *matrix, _ *caller, i ids) {
	for _, c := range m.callers {
		if c.home && c.role == access.CompanyCashier {
			a := m.do(call{"GET", "/counter?amount=3&mode=oldest&unit=" + i["unit"], "", []string{"Cookie: el_session=" + c.token}})
			if found := shownField.FindStringSubmatch(a.body); found != nil {
				i["shown"] = found[1]
				return
			}
			m.t.Fatalf("the counter shows nothing: %d", a.status)
		}
	}
}

// toLogin tells whether a page has sent the caller to the login.
func (a answer) toLogin() bool {
	return a.status == http.StatusSeeOther && strings.HasPrefix(a.header.Get("Location"), "/login")
}

var problemsOfPage = regexp.MustCompile(`(?s)<div class="problems".*?</div>|<h1.*?</h1>`)

// said is the body of an answer, or what a page says is wrong.
func (a answer) said() string {
	if found := problemsOfPage.FindAllString(a.body, 3); found != nil {
		return strings.Join(found, " ")
	}
	return a.body
}
