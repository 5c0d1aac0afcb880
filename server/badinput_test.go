package server_test

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"strings"
	"testing"

	"estateledger/access"
)

// by is the token of a role of the home tenant.
func (m *matrix) by(role access.Role) string {
	for _, c := range m.callers {
		if c.home && c.role == role {
			return "Authorization: Bearer " + c.token
		}
	}
	m.t.Fatalf("nobody is %s", role)
	return ""
}

func TestBadInputOfTheDomain(t *testing.T) {
	m := newMatrix(t)
	closed(m, nil, m.home)
	t.Run("is refused at its field and writes nothing", m.badFields)
	t.Run("a business date in a closed month is posted in the open one", m.lateVoucher)
	t.Run("a file that is none is refused", m.badFiles)
	t.Run("a form without its token is refused", m.forgedForms)
}

func (m *matrix) badFields(t *testing.T) {
	i := m.home
	unit, estate, book := "/api/v1/units/"+i["unit"], "/api/v1/estates/"+i["estate"], "/api/v1/books/"+i["book"]
	area := `{"valid_from":"2026-06-01","area":"%s","source":"survey","reason":"复测"}`
	rate := `{"use":"residential","valid_from":"2026-07-01","rate":"%s","vat_rate":"0.06","rounding":"FEN_HALF_UP","basis":"决定"}`
	pay := `{"counter_id":"` + i["counter"] + `","channel":"cash","amount":"%s"}`
	cases := []struct {
		what        string
		role        access.Role
		path, body  string
		status      int
		code, field string
	}{
		{"a negative area", access.CompanyManager, unit + "/areas", fmt.Sprintf(area, "-5"), 422, "", "area"},
		{"an absurd area", access.CompanyManager, unit + "/areas", fmt.Sprintf(area, "123456.78"), 422, "", "area"},
		{"an area that would take gigabytes", access.CompanyManager, unit + "/areas", fmt.Sprintf(area, "1e999999999"), 422, "server.number_huge", ""},
		{"31 June", access.CompanyManager, unit + "/areas", strings.Replace(fmt.Sprintf(area, "50"), "06-01", "06-31", 1), 422, "civil.date_invalid", "valid_from"},
		{"a rate of 50 for 0.50", access.CompanyAccountant, estate + "/rates", fmt.Sprintf(rate, "50"), 422, "", "rate"},
		{"a duplicate unit", access.CompanyManager, estate + "/units", `{"units":[{"number":"1栋1单元101"}]}`, 409, "", ""},
		{"a month of thirteen", access.CompanyAccountant, book + "/periods/close", `{"month":"2026-13"}`, 422, "civil.month_invalid", "month"},
		{"an amount with three decimals", access.CompanyCashier, unit + "/payments", fmt.Sprintf(pay, "1.005"), 422, "money.too_many_decimals", "amount"},
		{"an amount of nothing", access.CompanyCashier, unit + "/payments", fmt.Sprintf(pay, "0"), 422, "receivable.amount_not_positive", "amount"},
		{"an amount as a number", access.CompanyCashier, unit + "/payments", `{"counter_id":"1","channel":"cash","amount":5}`, 422, "server.json_type", "amount"},
		{"a channel that is none", access.CompanyCashier, unit + "/payments", strings.Replace(fmt.Sprintf(pay, "1"), "cash", "shells", 1), 422, "receivable.channel_unknown", "channel"},
		{"another unit than the address says", access.CompanyManager, unit + "/areas", strings.Replace(fmt.Sprintf(area, "50"), "{", `{"unit_id":"7",`, 1), 422, "server.address_differs", ""},
	}
	for _, c := range cases {
		before := m.digest()
		a := m.do(call{"POST", c.path, c.body, []string{m.by(c.role), key()}})
		a.want(t, c.what, c.status, c.code)
		problem := a.json(t)
		if field, _ := problem["field"].(string); c.field != "" && field != c.field {
			t.Errorf("%s: said at %q, want %q", c.what, field, c.field)
		}
		if detail, _ := problem["detail"].(string); !strings.ContainsAny(detail, "。，") || strings.Contains(detail, "失败") {
			t.Errorf("%s: %q is no sentence for a person", c.what, detail)
		}
		if tables := changed(before, m.digest()); len(tables) > 0 {
			t.Errorf("%s: refused, and %v have changed", c.what, tables)
		}
	}
}

func (m *matrix) lateVoucher(t *testing.T) {
	a := m.do(call{"POST", "/api/v1/books/" + m.home["book"] + "/vouchers", `{"business_date":"2026-05-20","summary":"电费",
		"lines":[{"debit":"service_cost","credit":"bank","amount":"88.00"}]}`, []string{m.by(access.CompanyAccountant), key()}})
	a.want(t, "a voucher of May in June", 201, "")
	if day, _ := a.json(t)["posting_date"].(string); !strings.HasPrefix(day, "2026-06") {
		t.Errorf("posted on %s", day)
	}
}

func (m *matrix) badFiles(t *testing.T) {
	for what, content := range map[string]string{
		"a picture":      "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
		"a cut-off xlsx": "PK\x03\x04\x14\x00\x06\x00\x08\x00",
		"nothing":        "",
	} {
		var b bytes.Buffer
		w := multipart.NewWriter(&b)
		part, err := w.CreateFormFile("file", "房屋.xlsx")
		m.must(err)
		_, err = part.Write([]byte(content))
		m.must(err)
		m.must(w.WriteField("kind", "units"))
		m.must(w.Close())
		by := []string{m.by(access.CompanyManager)}
		up := m.do(call{"POST", "/api/v1/imports", b.String(), append(by, "Content-Type: "+w.FormDataContentType())})
		if up.status == 201 {
			file, _ := up.json(t)["file_id"].(string)
			up = m.do(call{"GET", "/api/v1/imports/" + file, "", by})
		}
		if field, _ := up.json(t)["field"].(string); up.status < 400 || up.status >= 500 || field != "file" {
			t.Errorf("%s: %d %s", what, up.status, up.body)
		}
	}
}

func (m *matrix) forgedForms(t *testing.T) {
	cookie := "Cookie: el_session=" + strings.TrimPrefix(m.by(access.CompanyManager), "Authorization: Bearer ")
	form := func(token string) answer {
		body := "csrf=" + token + "&key=" + newKey() + "&area=50&source=survey&valid_from=2026-06-07&reason=x"
		return m.do(call{"POST", "/units/" + m.home["unit"] + "/area", body, []string{cookie, "Content-Type: application/x-www-form-urlencoded"}})
	}
	for what, token := range map[string]string{"none": "", "another": strings.Repeat("x", len(csrfToken))} {
		before := m.digest()
		a := form(token)
		if a.status != 403 || !strings.Contains(a.body, "刷新页面") || len(changed(before, m.digest())) > 0 {
			t.Errorf("with %s: %d %.200s", what, a.status, a.said())
		}
	}
	if a := form(csrfToken); a.status != 303 {
		t.Errorf("with its own: %d %.200s", a.status, a.said())
	}
	bad := m.do(call{"GET", "/units/" + m.foreign["unit"], "", []string{cookie}})
	if bad.status != 404 || !strings.Contains(bad.body, "<h1") || !strings.Contains(bad.header.Get("Content-Type"), "text/html") {
		t.Errorf("another tenant's page: %d %.200s", bad.status, bad.said())
	}
}
