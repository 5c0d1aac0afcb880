package screens_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"estateledger/billing"
	"estateledger/civil"
	"estateledger/estate/estatetest"
)

func TestTheHomeOfEachRole(t *testing.T) {
	w := newTown(t)
	w.bill("2026-05")
	w.bill("2026-06")
	for login, words := range map[string][]string{
		"manager":    {"2026 年 7 月账单", "还没试算：安和一村", "11 项接管资料", "安和一村", "6 月收缴率", "298.40"},
		"accountant": {"登记支出", "已发布", "没有过完还没结账的月份"},
		"cashier":    {"查户收款", "今天收款", "已到期的欠费"},
		"street":     {"接管覆盖", "1 / 1", "安和社区", "惠民物业", "不显示姓名"},
		"committee":  {"安和一村业主委员会", "2026 年 6 月物业费", "8 户", "2026 年 5 月", "物业费应收"},
		"auditor":    {"借贷差", "安和一村", "0.00", "今年"},
		"admin":      {"谁能登录", "用户", "没做成的任务"},
	} {
		p := w.as(login).get("/")
		p.says(words...)
		if login != "admin" && strings.Contains(p.text(), "沙河新村") {
			t.Errorf("%s sees the other company's estate", login)
		}
		if strings.Contains(p.text(), "王建国") {
			t.Errorf("the home of %s names a resident", login)
		}
	}
}

func TestTheChosenEstateIsRememberedAndBounded(t *testing.T) {
	w := newTown(t)
	v := w.as("manager")
	v.get("/?estate=0").says("安和一村")
	if got := v.cookies["el_estate"]; got != "0" {
		t.Errorf("the choice is not kept: %q", got)
	}
}

func TestLoginLogoutAndTheWayBack(t *testing.T) {
	w := newTown(t)
	w.users("cashier")
	v := &visitor{w, map[string]string{}, ""}
	p := v.send(http.MethodGet, "/estates?state=taken", nil)
	if to := p.header.Get("Location"); p.status != http.StatusSeeOther || to != "/login?next="+url.QueryEscape("/estates?state=taken") {
		t.Fatalf("without a login: %d %s", p.status, to)
	}
	v.get("/login?next=/estates").says("登录", "用户名")
	wrong := v.send(http.MethodPost, "/login", url.Values{"login": {"cashier"}, "password": {"wrong-password"}, "next": {"/estates"}})
	wrong.refuses(http.StatusUnauthorized, "用户名或密码不对")
	if strings.Contains(wrong.body, "wrong-password") {
		t.Error("the page repeats the password")
	}
	in := v.send(http.MethodPost, "/login", url.Values{"login": {"cashier"}, "password": {password}, "next": {"/estates"}})
	if to, p := v.follow(in); to != "/estates" {
		t.Errorf("login leads to %s", to)
	} else {
		p.says("小区档案", "安和一村")
	}
	away := v.send(http.MethodPost, "/login", url.Values{"login": {"cashier"}, "password": {password}, "next": {"//evil.example/"}})
	if to := away.header.Get("Location"); to != "/" {
		t.Errorf("login leads away to %s", to)
	}
	v = w.as("manager")
	_, out := v.follow(v.post("/logout"))
	out.says("已退出登录")
	if p := v.send(http.MethodGet, "/", nil); p.status != http.StatusSeeOther {
		t.Errorf("after the logout: %d", p.status)
	}
}

func TestTheLookIsKept(t *testing.T) {
	w := newTown(t)
	v := w.as("cashier")
	p := v.send(http.MethodGet, "/look?size=large&theme=pink", nil, "Referer", "http://estateledger.test/arrears?age=1")
	if to := p.header.Get("Location"); to != "/arrears?age=1" {
		t.Errorf("leads to %q", to)
	}
	if v.cookies["size"] != "large" || v.cookies["theme"] != "" {
		t.Errorf("cookies %v", v.cookies)
	}
	if p := v.get("/"); !strings.Contains(p.body, "size-large") {
		t.Error("the page is not large")
	}
	p = v.send(http.MethodGet, "/look?size=normal", nil, "Referer", "http://evil.example/x")
	if to := p.header.Get("Location"); to != "/" {
		t.Errorf("leads to %q", to)
	}
}

func TestSearchFindsHouseholdsAndWhatTheyOwe(t *testing.T) {
	w := newTown(t)
	w.bill("2026-05")
	v := w.as("accountant")
	v.get("/search").says("找住户")
	v.get("/search?q="+url.QueryEscape("1栋1单元101")).says("找到 1 户", "王建国", "138****5120", "33.92")
	v.get("/search?q=" + url.QueryEscape("沙河")).says("没有找到")
	v.get("/suggest?q="+url.QueryEscape("李桂英")).says("1-1-102", "欠 25.25")
	if p := v.get("/suggest?q=5127"); strings.Contains(p.body, "<html") {
		t.Error("the suggestions are a whole page")
	}
	w.as("street").send(http.MethodGet, "/search?q=101", nil).refuses(http.StatusForbidden, "没有权限")
}

func TestJobs(t *testing.T) {
	w := newTown(t)
	w.as("manager").get("/jobs").says("后台任务", "还没有任务")
	w.as("manager").send(http.MethodGet, "/jobs/77", nil).refuses(http.StatusNotFound, "没有找到")
}

func TestTheMonthThatWaitsToBeClosed(t *testing.T) {
	w := newTown(t)
	w.bill("2026-06")
	w.Clock.SetDay(civil.On(2026, 7, 3))
	w.as("accountant").get("/").says("2026 年 7 月账单", "2026-06 还没有结账", "去结账", "1 本账在 2026-06 或更早还没有结账")
	if p := w.as("cashier").get("/"); strings.Contains(p.text(), "去结账") {
		t.Error("the cashier is sent to close a month")
	}
}

func TestADraftWaitsForWhoPublishes(t *testing.T) {
	w := newTown(t)
	_, err := billing.CreateDraft(context.Background(), w.Gate, w.System, w.District, estatetest.Key(), billing.DraftRequest{Estate: w.EstateID, Month: civil.MonthOf(2026, 6)})
	w.must(err)
	w.as("manager").get("/").says("等核对：安和一村", "核对 安和一村", "安和一村 2026-06 账单等核对", "待核对", "298.40 元")
}
