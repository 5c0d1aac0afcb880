package screens_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"estateledger/server/web"
)

// pay shows the counter a sum and takes it as shown; it answers where that leads.
// More pairs replace those of a cash payment, oldest first.
func (v *visitor) pay(unit int64, amount string, more ...string) page {
	v.t.Helper()
	form := map[string]string{"unit": fmt.Sprint(unit), "amount": amount, "mode": "oldest", "channel": "cash", "counter": fmt.Sprint(v.counter.CounterID)}
	for i := 0; i < len(more); i += 2 {
		form[more[i]] = more[i+1]
	}
	var pairs []string
	for name, value := range form {
		pairs = append(pairs, name, value)
	}
	shown := v.post("/counter/preview", pairs...)
	if shown.status != http.StatusOK {
		v.t.Fatalf("preview: %d %s", shown.status, shown.text())
	}
	return v.post("/counter", append(pairs, "shown", shown.hidden("shown"))...)
}

func TestTheCounterFindsAHouseholdAndShowsWhatASumSettles(t *testing.T) {
	w := newTown(t)
	w.bill("2026-05")
	w.bill("2026-06")
	v, unit := w.as("cashier"), w.Units[0]
	v.get("/counter").says("柜台收款")
	v.get("/counter?q="+url.QueryEscape("查无此人")).says("没有找到", "查无此人")
	v.get("/counter?q=" + url.QueryEscape("栋")).says("柜台收款")
	v.get("/counter?q="+url.QueryEscape("1-1-101")).says("安和一村 1栋1单元101室", "王建国", "67.84", "2026-05", "2026-06", "逾期")
	v.get("/counter?q="+url.QueryEscape("王建国")).says("1栋1单元101室", "138****5120")
	v.get("/counter?q=5127").says("2栋1单元202室", "周燕")
	both := v.get("/counter?q=101")
	both.says("找到 2 户", "1-1-101", "2-1-101", "67.84")
	full := v.get(fmt.Sprintf("/counter?unit=%d&amount=50", unit.ID))
	full.says("收 50.00 元，开 1 张收据", "结清", "部分", "还欠 17.84 元", "伍拾元整", "物业费结清到 2026-05")
	more := v.get(fmt.Sprintf("/counter?unit=%d&amount=100", unit.ID))
	more.says("转预存", "32.16", "已缴清", "2026-05 至 2026-06")
	if v.get(fmt.Sprintf("/counter?unit=%d", w.Units[1].ID)).hidden("shown") == more.hidden("shown") {
		t.Error("two allocations have one fingerprint")
	}
}

func TestChosenMonthsAreSettledFirst(t *testing.T) {
	w := newTown(t)
	w.bill("2026-05")
	w.bill("2026-06")
	v, unit := w.as("cashier"), w.Units[0]
	open := v.get(fmt.Sprintf("/counter?unit=%d&amount=33.92&mode=chosen", unit.ID))
	charges := regexp.MustCompile(`name="charge" value="(\d+)"`).FindAllStringSubmatch(open.body, -1)
	if len(charges) != 2 {
		t.Fatalf("%d charges to choose from", len(charges))
	}
	_, paid := v.follow(v.pay(unit.ID, "33.92", "mode", "chosen", "charge", charges[1][1]))
	paid.says("2026-06")
	if strings.Contains(paid.text(), "2026-05") {
		t.Errorf("the older month was settled though the payer named the other: %s", paid.text())
	}
}

func TestAPaymentIsTakenShownPrintedAndReversed(t *testing.T) {
	w := newTown(t)
	w.bill("2026-05")
	w.bill("2026-06")
	v, unit := w.as("cashier"), w.Units[0]
	to, paid := v.follow(v.pay(unit.ID, "50"))
	paid.says("收好了 50.00 元", "收了 50.00 元。", "伍拾元整", "2026-05", "还欠 17.84", w.counter.Code+"-2026-000001", "收下一户", "王建国")
	payment := strings.TrimSuffix(strings.TrimPrefix(to, "/payments/"), "?paid=1")
	again := v.get("/payments/" + payment)
	if strings.Contains(again.text(), "收了 50.00 元。") {
		t.Error("the notice comes a second time")
	}
	pdf := v.get("/payments/" + payment + "/receipt.pdf")
	if !strings.HasPrefix(pdf.body, "%PDF") || pdf.header.Get("Content-Type") != "application/pdf" {
		t.Errorf("the receipt is no PDF: %.20q", pdf.body)
	}
	if p := v.post("/payments/"+payment+"/reverse", "reason", "收错"); p.status != http.StatusForbidden {
		t.Errorf("a cashier reversed a payment: %d", p.status)
	}
	accountant := w.as("accountant")
	noReason := accountant.post("/payments/"+payment+"/reverse", "reason", " ")
	noReason.refuses(http.StatusUnprocessableEntity, "请写明原因")
	noReason.atField("reason")
	_, reversed := accountant.follow(accountant.post("/payments/"+payment+"/reverse", "reason", "金额收错，应为 67.84"))
	reversed.says("已冲回 50.00 元", "这笔收款已冲回", "金额收错，应为 67.84", "会计小王")
	accountant.post("/payments/"+payment+"/reverse", "reason", "再来一次").refuses(http.StatusConflict, "已经冲回过")
	v.get(fmt.Sprintf("/counter?unit=%d", unit.ID)).says("67.84", "没有缴过")
	list := v.get("/receipts")
	list.says(w.counter.Code+"-2026-000001", "已冲回", "有效 0 张合计", "另有冲回 50.00 元", "2026-05 至 2026-06 物业费")
}

func TestMoneyIsNotTakenOtherwiseThanShown(t *testing.T) {
	w := newTown(t)
	w.bill("2026-05")
	v, other := w.as("cashier"), w.as("cashier")
	unit := w.Units[0].ID
	form := []string{"unit", fmt.Sprint(unit), "amount", "33.92", "mode", "oldest", "channel", "cash", "counter", fmt.Sprint(w.counter.CounterID)}
	shown := v.post("/counter/preview", form...).hidden("shown")
	other.follow(other.pay(unit, "33.92"))
	refused := v.post("/counter", append(form, "shown", shown)...)
	refused.refuses(http.StatusConflict, "还没有收款", "和刚才显示的不一样", "这一户没有未缴账单")
	v.post("/counter", form...).refuses(http.StatusConflict, "还没有收款")
	_, paid := v.follow(v.post("/counter", append(form, "shown", refused.hidden("shown"))...))
	paid.says("收好了 33.92 元", "转预存")
}

func TestADoubleClickPaysOnce(t *testing.T) {
	w := newTown(t)
	w.bill("2026-05")
	v := w.as("cashier")
	form := url.Values{"unit": {fmt.Sprint(w.Units[0].ID)}, "amount": {"10"}, "mode": {"oldest"}, "channel": {"wechat"}, "counter": {fmt.Sprint(w.counter.CounterID)},
		web.CSRFField: {v.csrf}, web.KeyField: {"one-key-of-a-form"}}
	form.Set("shown", v.send(http.MethodPost, "/counter/preview", form).hidden("shown"))
	first, second := v.send(http.MethodPost, "/counter", form), v.send(http.MethodPost, "/counter", form)
	if first.header.Get("Location") == "" || first.header.Get("Location") != second.header.Get("Location") {
		t.Errorf("%d %q, then %d %q", first.status, first.header.Get("Location"), second.status, second.header.Get("Location"))
	}
	v.get("/receipts").says("有效 1 张合计", "微信 10.00")
}

func TestTheCounterRefusesAtTheField(t *testing.T) {
	w := newTown(t)
	w.bill("2026-05")
	v, unit := w.as("cashier"), fmt.Sprint(w.Units[0].ID)
	counter := fmt.Sprint(w.counter.CounterID)
	for name, c := range map[string]struct {
		form  []string
		field string
		say   string
	}{
		"no amount":      {[]string{"counter", counter, "channel", "cash"}, "amount", "请填金额"},
		"three decimals": {[]string{"amount", "1.005", "counter", counter, "channel", "cash"}, "amount", "金额"},
		"nothing":        {[]string{"amount", "0", "counter", counter, "channel", "cash"}, "amount", "金额要大于零"},
		"too much":       {[]string{"amount", "1000000.01", "counter", counter, "channel", "cash"}, "amount", "1,000,000.00"},
	} {
		t.Run(name, func(t *testing.T) {
			p := v.post("/counter", append([]string{"unit", unit, "mode", "oldest"}, c.form...)...)
			p.refuses(http.StatusUnprocessableEntity, c.say)
			p.atField(c.field)
		})
	}
	v.post("/counter", "unit", unit, "amount", "5", "mode", "oldest", "channel", "barter", "counter", counter, "shown", "x").
		refuses(http.StatusUnprocessableEntity, "请选择收款方式")
	v.post("/counter", "unit", unit, "amount", "5", "mode", "oldest", "channel", "cash", "shown", "x").refuses(http.StatusUnprocessableEntity, "柜台")
	preview := v.post("/counter/preview", "unit", unit, "amount", "1,5x")
	preview.refuses(http.StatusUnprocessableEntity)
	preview.atField("amount")
}

func TestTheCounterIsNotForOthersAndNotForForeignHouseholds(t *testing.T) {
	w := newTown(t)
	for _, login := range []string{"accountant", "auditor", "street", "committee", "admin"} {
		if p := w.as(login).send(http.MethodGet, "/counter", nil); p.status != http.StatusForbidden {
			t.Errorf("%s opens the counter: %d", login, p.status)
		}
	}
	v := w.as("cashier")
	foreign := fmt.Sprintf("/counter?unit=%d", w.Foreign.Units[0].ID)
	if p := v.send(http.MethodGet, foreign, nil); p.status != http.StatusNotFound {
		t.Errorf("a foreign household at the counter: %d", p.status)
	}
	if p := v.get("/counter?q=" + url.QueryEscape("沙河")); strings.Contains(p.text(), "沙河新村") {
		t.Error("the search finds foreign households")
	}
}

func TestReceiptsAreFilteredAddedUpAndExported(t *testing.T) {
	w := newTown(t)
	w.bill("2026-05")
	v := w.as("cashier")
	v.follow(v.pay(w.Units[0].ID, "33.92"))
	v.follow(v.pay(w.Units[1].ID, "25.25", "channel", "cash", "note", "代缴"))
	v.get("/receipts").says("有效 2 张合计", "59.17", "现金 59.17", "李桂英", "共 2 条")
	v.get("/receipts?q="+url.QueryEscape("1栋1单元102室")).says("有效 1 张合计", "25.25")
	v.get("/receipts?q=000001").says("有效 1 张合计", "33.92")
	v.get("/receipts?from=2026-06-01&to=2026-06-19").says("这段时间没有收据")
	v.get("/receipts?channel=wechat").says("这段时间没有收据")
	file := v.get("/receipts.xlsx")
	if !strings.HasPrefix(file.body, "PK") {
		t.Errorf("the export is no xlsx: %.10q", file.body)
	}
	if p := w.as("committee").send(http.MethodGet, "/receipts", nil); p.status != http.StatusForbidden {
		t.Errorf("the committee reads receipts: %d", p.status)
	}
}

func TestArrearsAreGroupedFilteredAndExported(t *testing.T) {
	w := newTown(t)
	for _, month := range []string{"2025-05", "2026-04", "2026-05", "2026-06"} {
		w.bill(month)
	}
	v := w.as("cashier")
	v.follow(v.pay(w.Units[0].ID, "101.77"))
	list := v.get(fmt.Sprintf("/arrears?estate=%d", w.EstateID))
	list.says("合计 7 户", "1栋 小计 3 户", "2栋 小计 4 户", "1 到 2 年", "2025-05 至 2026-05", "赵玉梅", "138****5125", "共 7 条")
	if strings.Contains(list.text(), "王建国") || strings.Contains(list.text(), "2025-05 至 2026-06") {
		t.Errorf("who owes nothing that is due, or what is not due, is in the list: %s", list.text())
	}
	v.get("/arrears?building=2").says("合计 4 户")
	v.get("/arrears?q="+url.QueryEscape("赵玉梅")).says("合计 1 户", "2-1-102")
	v.get("/arrears?q=2-1").says("合计 4 户")
	v.get("/arrears?age=1").says("没有欠费")
	v.get("/arrears?age=3&estate=0").says("合计 7 户")
	if file := v.get("/arrears.xlsx"); !strings.HasPrefix(file.body, "PK") {
		t.Errorf("the export is no xlsx: %.10q", file.body)
	}
	if p := w.as("street").send(http.MethodGet, "/arrears", nil); p.status != http.StatusForbidden {
		t.Errorf("the sub-district reads names of debtors: %d", p.status)
	}
}
