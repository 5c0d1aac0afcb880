package screens_test

import (
	"bytes"
	"context"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"estateledger/access"
	"estateledger/estate"
	"estateledger/estate/estatetest"
	"estateledger/receivable"
	"estateledger/server/web"
)

func TestEstatesAreListedAndFiltered(t *testing.T) {
	w := newTown(t)
	w.bill("2026-05")
	v := w.as("manager")
	v.get("/estates").says("安和一村", "青石街道", "惠民物业", "2023-09-15", "596.75", "已接管", "共 1 条")
	v.get("/estates?state=waiting").says("没有符合条件的小区")
	v.get("/estates?q=" + url.QueryEscape("安和") + "&state=taken").says("安和一村")
	v.get(fmt.Sprintf("/estates?sub_district=%d", w.SubDistrictID)).says("安和一村")
	if strings.Contains(v.get("/estates").text(), "沙河新村") {
		t.Error("the other company's estate is listed")
	}
}

func (w *town) estatePath(tail string) string { return fmt.Sprintf("/estates/%d%s", w.EstateID, tail) }

func TestTheFileOfAnEstate(t *testing.T) {
	w := newTown(t)
	w.bill("2026-05")
	v := w.as("manager")
	v.get(w.estatePath("")).says("1996 年建", "2 幢 8 户", "596.75", "惠民物业", "36 个月", "自进驻日按天计收", "当月最后一天", "0.50", "6 %", "现行",
		"缺 11 项，共 12 项", "房屋面积及业主清册", "系统", "6 月应收")
	v.get(w.estatePath("?as_of=2023-01-01")).says("这是 2023-01-01 当天的样子", "还没有接管", "没有生效的服务合同")
	v.get(w.estatePath("?as_of=2026-13-45")).says("接管资料")
	w.as("committee").get(w.estatePath("")).says("安和一村")
	v.send(http.MethodGet, fmt.Sprintf("/estates/%d", w.Foreign.EstateID), nil).refuses(http.StatusNotFound, "没有找到")
}

func TestUnitsAreDrawnListedAndSearched(t *testing.T) {
	w := newTown(t)
	w.bill("2026-05")
	w.bill("2026-06")
	v := w.as("cashier")
	p := v.get(w.estatePath("/units"))
	p.says("楼盘图", "1单元", "2 层", "已逾期 4 户", "67.84", "1-1-101", "王建国", "138****5120", "不动产登记", "共 8 条")
	if strings.Contains(p.text(), "13800135120") {
		t.Error("the list shows a whole telephone number")
	}
	v.get(w.estatePath("/units?building=2")).says("2-1-202", "共 4 条")
	v.get(w.estatePath("/units?gap=area")).says("没有房屋")
	v.get(w.estatePath("/units?q="+url.QueryEscape("周燕"))).says("2-1-202", "共 1 条")
	w.as("street").send(http.MethodGet, w.estatePath("/units"), nil).refuses(http.StatusForbidden)
}

func TestMonthsOfAnEstate(t *testing.T) {
	w := newTown(t)
	w.bill("2026-05")
	w.bill("2026-06")
	p := w.as("cashier").pay(w.Units[0].ID, "33.92")
	if p.status != http.StatusSeeOther {
		t.Fatalf("pay: %d %s", p.status, p.text())
	}
	v := w.as("manager")
	v.get(w.estatePath("/fees")).says("2026-06", "2026-05", "298.40", "收缴中", "33.92", "2026 年应收", "596.80", "3 个月内")
	v.get(w.estatePath("/fees?year=2025")).says("2025 年还没有账单")
}

func TestChangesOfAnEstateAreListed(t *testing.T) {
	w := newTown(t)
	w.bill("2026-05")
	w.as("manager").get(w.estatePath("/acts")).says("登记接管", "出账并发布", "定单价", "系统")
	w.as("cashier").send(http.MethodGet, w.estatePath("/acts"), nil).refuses(http.StatusForbidden)
}

func TestARateIsSetOrRefusedAtItsField(t *testing.T) {
	w := newTown(t)
	v := w.as("manager")
	if p := v.get(w.estatePath("?drawer=rate")); !strings.Contains(p.body, `value="2026-07-01"`) {
		t.Error("the form does not begin with the next month")
	}
	good := []string{"use", "residential", "rate", "0.65", "vat", "6", "rounding", "FEN_HALF_UP", "valid_from", "2026-10-01", "basis", "业主大会 2026-07-05"}
	for _, c := range []struct{ field, value, says string }{
		{"rate", "65", "超过上限"}, {"rate", "abc", "请填数字"}, {"rate", "", "请填单价"}, {"valid_from", "2026-06-31", "6 月"}, {"vat", "7", "增值税率"},
		{"basis", "", "定价依据"},
	} {
		p := v.post(w.estatePath("/rates"), replaced(good, c.field, c.value)...)
		p.refuses(http.StatusUnprocessableEntity, c.says)
		p.atField(c.field)
	}
	_, p := v.follow(v.post(w.estatePath("/rates"), good...))
	p.says("住宅物业费 0.65 元/㎡·月，2026-10-01 起", "将生效", "到 2026-09-30")
	w.as("cashier").post(w.estatePath("/rates"), good...).refuses(http.StatusForbidden)
}

// replaced is a form with one value changed.
func replaced(form []string, name, value string) []string {
	out := append([]string(nil), form...)
	for i := 0; i < len(out); i += 2 {
		if out[i] == name {
			out[i+1] = value
		}
	}
	return out
}

func TestAMissingPaperIsBrought(t *testing.T) {
	w := newTown(t)
	v := w.as("manager")
	v.get(w.estatePath("?drawer=checklist")).says("补接管资料")
	v.post(w.estatePath("/checklist"), "item", "fund_accounts", "status", "present", "noted_on", "2027-01-01").refuses(http.StatusUnprocessableEntity, "进驻日期和今天之间")
	_, p := v.follow(v.post(w.estatePath("/checklist"), "item", "fund_accounts", "status", "present", "noted_on", "2026-06-18", "note", "一册"))
	p.says("维修资金账目：已移交", "缺 10 项", "一册")
	v.get(w.estatePath("?as_of=2026-06-17")).says("缺 11 项")
}

func TestATakeoverWithContractAndRateInOneForm(t *testing.T) {
	w := newTown(t)
	w.Service.OnTakeover = receivable.Opener{}
	made, err := w.Service.CreateEstate(context.Background(), w.System, estatetest.Key(), estate.CreateEstate{District: w.District,
		CommunityID: w.CommunityID, Facts: estate.Facts{Name: "东河新村"}})
	w.must(err)
	w.user("chief", access.CompanyManager, w.DistrictNode)
	w.made["chief"] = true
	v, path := w.as("chief"), fmt.Sprintf("/estates/%d/takeover", made.Result.EstateID)
	v.get(path).says("登记接管", "惠民物业", "缴款期限", "单价依据")
	form := []string{"company", fmt.Sprint(w.CompanyID), "entry_date", "2026-06-01", "cut_over_date", "2026-06-01", "contract_from", "2026-06-01",
		"contract_months", "36", "fee_start_rule", "DAILY", "due_day", "10", "rate", "0.45", "rate_basis", "服务合同第 8 条", "contract_paper", "HM-7",
		"item", "unit_list", "status", "present", "note", "一册"}
	for _, c := range []struct{ field, value string }{{"entry_date", ""}, {"contract_months", "0"}, {"rate", "45"}, {"rate_basis", ""}, {"cut_over_date", "2026-05-01"}} {
		p := v.post(path, replaced(form, c.field, c.value)...)
		p.refuses(http.StatusUnprocessableEntity)
		p.atField(c.field)
	}
	late := v.post(path, replaced(form, "due_day", "31")...)
	late.refuses(http.StatusUnprocessableEntity, "1 到 28 日")
	_, p := v.follow(v.post(path, form...))
	p.says("接管已登记，进驻日 2026-06-01", "缺 11 项", "HM-7", "当月 10 日", "0.45", "36 个月")
	file, err := w.Service.EstateFile(context.Background(), w.System, w.District, made.Result.EstateID, w.Clock.Today())
	w.must(err)
	if len(file.Takeovers) != 1 || len(file.Contracts) != 1 {
		t.Errorf("%d takeovers, %d contracts", len(file.Takeovers), len(file.Contracts))
	}
	v.post(path, replaced(form, "entry_date", "2026-06-10")...).refuses(http.StatusUnprocessableEntity, "合同起日不能早于进驻日")
}

func TestAHousehold(t *testing.T) {
	w := newTown(t)
	w.bill("2026-05")
	w.bill("2026-06")
	w.as("cashier").pay(w.Units[0].ID, "40")
	unit := fmt.Sprintf("/units/%d", w.Units[0].ID)
	v := w.as("manager")
	v.get(unit).says("安和一村 1栋1单元101室", "27.84", "2026-06", "王建国", "13800135120", "67.83 ㎡", "收款", "账单 物业费 2026-05", "之后欠", "业主 王建国")
	v.get(unit+"/statement").says("物业费对账单", "1栋1单元101室", "王建国", "惠民物业", "期初", "67.84", "40.00", "27.84", "贰拾柒元捌角肆分")
	v.get(unit + "/statement?from=2026-06-01&to=2026-06-20").says("33.92")
	v.send(http.MethodGet, fmt.Sprintf("/units/%d", w.Foreign.Units[0].ID), nil).refuses(http.StatusNotFound)
	auditor := w.as("auditor").get(unit)
	if strings.Contains(auditor.text(), "更正面积") {
		t.Error("the auditor is offered a correction")
	}
}

func TestChangesOfAHousehold(t *testing.T) {
	w := newTown(t)
	unit := fmt.Sprintf("/units/%d", w.Units[0].ID)
	v := w.as("manager")
	for _, drawer := range []string{"area", "owner", "occupant"} {
		if p := v.get(unit + "?drawer=" + drawer); !strings.Contains(p.body, `action="`+unit+"/"+drawer+`"`) {
			t.Errorf("no form for %s", drawer)
		}
	}
	area := []string{"area", "72.46", "source", "registry", "valid_from", "2026-06-01", "reason", "产权证"}
	for _, c := range []struct{ field, value string }{{"area", "0"}, {"area", "-1"}, {"valid_from", "2026-02-30"}, {"reason", ""}} {
		p := v.post(unit+"/area", replaced(area, c.field, c.value)...)
		p.refuses(http.StatusUnprocessableEntity)
		p.atField(c.field)
	}
	_, p := v.follow(v.post(unit+"/area", area...))
	p.says("面积改为 72.46 ㎡", "产权证", "67.83")

	owner := []string{"name", "顾秀英 1/2、陆建明 1/2", "phone", "13900001234", "document", "", "valid_from", "2026-05-08", "bill_from", "2026-06-01", "basis", "不动产登记"}
	for _, c := range []struct{ field, value, at string }{{"name", "顾秀英 1/2、陆建明 1/3", "name"}, {"phone", "abc", "phone"}, {"document", "310101199001011234", "document"},
		{"valid_from", "2026-06-31", "valid_from"}, {"basis", "", "basis"}} {
		p := v.post(unit+"/owner", replaced(owner, c.field, c.value)...)
		p.refuses(http.StatusUnprocessableEntity)
		p.atField(c.at)
	}
	_, p = v.follow(v.post(unit+"/owner", owner...))
	p.says("已过户给", "顾秀英 1/2、陆建明 1/2", "账单从 2026-06-01 起", "2026-05-07", "王建国")

	_, p = v.follow(v.post(unit+"/occupant", "name", "小李", "phone", "13700001111", "valid_from", "2026-06-01"))
	p.says("已登记使用人 小李", "小李")
	bad := v.post(unit+"/occupant", "name", "小李", "valid_from", "2026-06-01", "valid_to", "2026-05-01")
	bad.refuses(http.StatusUnprocessableEntity)
	bad.atField("valid_to")
	w.as("cashier").post(unit+"/area", area...).refuses(http.StatusForbidden)
}

func TestUsersAndRoles(t *testing.T) {
	w := newTown(t)
	v := w.as("admin")
	v.get("/users").says("用户与角色", "管理员小王", "惠民物业")
	v.get("/users?drawer=new").says("新增用户", "收费员", "公司：惠民物业")
	form := []string{"login", "xiaochen", "name", "小陈", "password", "a-good-password", "role", "company_cashier", "place", fmt.Sprint(w.CompanyNode), "valid_from", "2026-06-20"}
	for _, c := range []struct{ field, value string }{{"login", "X Y"}, {"name", ""}, {"password", "short"}, {"place", ""}, {"valid_from", "x"}, {"role", "system"}} {
		p := v.post("/users", replaced(form, c.field, c.value)...)
		p.refuses(http.StatusUnprocessableEntity)
		p.atField(c.field)
	}
	_, p := v.follow(v.post("/users", form...))
	p.says("已新增 小陈", "xiaochen", "收费员 · 惠民物业", "还没登录过")
	user := p.near("xiaochen", `/users/(\d+)/disable`)
	v.post("/users/"+user+"/memberships", "role", "company_accountant", "place", fmt.Sprint(w.CompanyNode), "valid_from", "2026-06-20").
		refuses(http.StatusConflict, "收钱的人不能同时管账")
	_, p = v.follow(v.post("/users/"+user+"/memberships", "role", "committee", "place", fmt.Sprint(w.EstateNode), "valid_from", "2026-06-20", "valid_to", "2026-12-31"))
	p.says("角色已加上：业委会", "到 2026-12-31")
	v.post("/users/"+user+"/password", "password", "short").refuses(http.StatusUnprocessableEntity)
	_, p = v.follow(v.post("/users/"+user+"/password", "password", "another-password"))
	p.says("密码已重设")
	_, p = v.follow(v.post("/users/" + user + "/disable"))
	p.says("已停用")
	_, p = v.follow(v.post("/users/" + user + "/enable"))
	p.says("已恢复")
	_, p = v.follow(v.post("/memberships/" + p.near("xiaochen", `/memberships/(\d+)/end`) + "/end"))
	p.says("角色已取消")
	w.as("manager").send(http.MethodGet, "/users", nil).refuses(http.StatusForbidden)
}

func TestAFileIsTriedThenImported(t *testing.T) {
	w := newTown(t)
	v := w.as("manager")
	v.get("/imports").says("房屋清册", "业主清册", "安和一村")
	if p := v.get("/imports/template/units"); !strings.HasPrefix(p.body, "PK") {
		t.Error("the template is no workbook")
	}
	v.send(http.MethodGet, "/imports/template/cats", nil).refuses(http.StatusNotFound)
	v.upload("units", fmt.Sprint(w.EstateID), "").refuses(http.StatusUnprocessableEntity, "文件")
	bad := "房号,建筑面积(㎡)\n3-1-101,0\n3-1-102,60.5\n"
	_, p := v.follow(v.upload("units", fmt.Sprint(w.EstateID), bad))
	p.says("试导", "第 2 行", "不能写入")
	good := "房号,建筑面积(㎡),天气\n3-1-101,70.25\n3-1-102,60.5\n"
	to, p := v.follow(v.upload("units", fmt.Sprint(w.EstateID), good))
	p.says("写入后新建 2 行", "3-1-101", "天气")
	file := strings.TrimPrefix(to[:strings.Index(to, "?")], "/imports/")
	key := estatetest.Key()
	form := url.Values{web.CSRFField: {v.csrf}, web.KeyField: {key}, "estate": {fmt.Sprint(w.EstateID)}, "effective_from": {"2026-06-20"}, "rows": {"2"}}
	for range 2 { // sent twice it is done once
		done := v.send(http.MethodPost, "/imports/"+file+"/confirm", form)
		if done.status != http.StatusOK {
			t.Fatalf("confirm: %d %s", done.status, done.text())
		}
		done.says("导入完成", "导入业主清册")
	}
	v.get(w.estatePath("/units")).says("共 10 条", "3-1-102")
	w.as("cashier").send(http.MethodGet, "/imports", nil).refuses(http.StatusForbidden)
}

// upload sends a list as a browser sends a file.
func (v *visitor) upload(kind, estate, content string) page {
	v.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for name, value := range map[string]string{web.CSRFField: v.csrf, web.KeyField: estatetest.Key(), "kind": kind, "estate": estate, "effective_from": "2026-06-20"} {
		v.must(form.WriteField(name, value))
	}
	if content != "" {
		part, err := form.CreateFormFile("file", "清册.csv")
		v.must(err)
		_, err = part.Write([]byte(content))
		v.must(err)
	}
	v.must(form.Close())
	return v.sendBody(http.MethodPost, "/imports", &body, "Content-Type", form.FormDataContentType())
}
