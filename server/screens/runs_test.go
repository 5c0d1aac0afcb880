package screens_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"estateledger/server/screens"
)

func TestARunIsPreviewedDraftedPublishedAndWithdrawn(t *testing.T) {
	w := newTown(t)
	w.bill("2026-05")
	v := w.as("accountant")
	v.get("/bills").says("出账记录", "已发布", "2026-05")
	estate := fmt.Sprint(w.EstateID)
	preview := v.get("/bills/preview?estate=" + estate + "&month=2026-06")
	preview.says("安和一村", "8 户，共 8 户", "298.40", "每一户都出了账", "系统替你查过", "存成草稿", "比 2026-05 0.00 元")
	to, draft := v.follow(v.post("/bills/draft", "estate", estate, "month", "2026-06"))
	draft.says("草稿存好了", "核对无误，发布", "298.40", "这次不给某一户出账")
	excluded := v.post(to+"/exclude", "unit", "9-9-909", "reason", "装修")
	excluded.refuses(http.StatusNotFound, "没有房号")
	excluded.atField("unit")
	noReason := v.post(to+"/exclude", "unit", "1-1-101", "reason", "")
	noReason.refuses(http.StatusUnprocessableEntity, "请填为什么这次不出账")
	noReason.atField("exclude-reason")
	_, less := v.follow(v.post(to+"/exclude", "unit", "1栋1单元101室", "reason", "面积有争议"))
	less.says("1栋1单元101室 这次不出账", "7 户，共 8 户", "264.48", "本次不出账：面积有争议")
	if p := w.as("cashier").post(to + "/publish"); p.status != http.StatusForbidden {
		t.Errorf("a cashier published: %d", p.status)
	}
	_, published := v.follow(v.post(to + "/publish"))
	published.says("已发布 7 张账单，264.48 元", "撤回这批账单", "没出账的 1 户", "还欠 264.48 元")
	v.get(to).says("发布：2026-06-20")
	none := v.post(to+"/withdraw", "reason", "")
	none.refuses(http.StatusUnprocessableEntity, "请写明撤回的原因")
	none.atField("reason")
	cashier := w.as("cashier")
	cashier.follow(cashier.pay(w.Units[1].ID, "50.50"))
	v.post(to+"/withdraw", "reason", "单价定错").refuses(http.StatusConflict, "已经有业主交了这些账单里的钱")
	id := regexp.MustCompile(`/payments/(\d+)`).FindStringSubmatch(v.get("/receipts").body)[1]
	v.follow(v.post("/payments/"+id+"/reverse", "reason", "先冲回"))
	_, withdrawn := v.follow(v.post(to+"/withdraw", "reason", "单价定错"))
	withdrawn.says("撤回了 7 张账单", "已撤回", "单价定错")
	v.get("/bills").says("已撤回", "看账单")
}

func TestADraftThatIsNoLongerTrueIsNotPublished(t *testing.T) {
	w := newTown(t)
	v := w.as("accountant")
	to, _ := v.follow(v.post("/bills/draft", "estate", fmt.Sprint(w.EstateID), "month", "2026-06"))
	w.correctArea(w.Units[0].ID, "70.00")
	v.get(to).says("现在不能发布", "试算以后有变动")
	v.post(to+"/publish").refuses(http.StatusConflict, "没有发布任何账单", "试算时：8 张、298.40 元", "现在：8 张、299.48 元")
	_, gone := v.follow(v.post(to+"/discard", "reason", "核对后退回"))
	gone.says("草稿作废了")
}

func TestAMonthIsChosenBeforeItIsPreviewed(t *testing.T) {
	w := newTown(t)
	v := w.as("accountant")
	nothing := v.send(http.MethodGet, "/bills/preview?estate=0&month=", nil)
	nothing.refuses(http.StatusUnprocessableEntity, "请填要出账的小区", "请填要出账的月份")
	late := v.send(http.MethodGet, fmt.Sprintf("/bills/preview?estate=%d&month=2027-07", w.EstateID), nil)
	late.refuses(http.StatusUnprocessableEntity, "最多提前一年出账")
	foreign := v.send(http.MethodGet, fmt.Sprintf("/bills/preview?estate=%d&month=2026-06", w.Foreign.EstateID), nil)
	foreign.refuses(http.StatusForbidden)
	if strings.Contains(foreign.text(), "沙河新村") {
		t.Error("the refusal names a foreign estate")
	}
	if p := w.as("cashier").send(http.MethodGet, "/bills", nil); p.status != http.StatusForbidden {
		t.Errorf("a cashier sees the runs: %d", p.status)
	}
}

func TestAnActSaysWhatChangedAndWhatItPosted(t *testing.T) {
	w := newTown(t)
	w.bill("2026-06")
	cashier, v := w.as("cashier"), w.as("auditor")
	to, _ := cashier.follow(cashier.pay(w.Units[0].ID, "20"))
	paid := v.get(strings.TrimSuffix(to, "?paid=1"))
	act := regexp.MustCompile(`/acts/(\d+)`).FindStringSubmatch(paid.body)
	if act == nil {
		t.Fatalf("the payment does not lead to its act: %s", paid.text())
	}
	page := v.get("/acts/" + act[1])
	page.says("收款", "收费员小王", "安和一村", "欠费 33.92 元 13.92 元", "收款方式 没有 现金", "记的账", "20.00", "看收据")
	if p := cashier.send(http.MethodGet, "/acts/"+act[1], nil); p.status != http.StatusForbidden {
		t.Errorf("a cashier reads the audit: %d", p.status)
	}
}

func TestEveryUseCaseHasAName(t *testing.T) {
	for _, useCase := range useCases(t) {
		if screens.ActName(useCase) == screens.ActName("") {
			t.Errorf("%s has no name", useCase)
		}
	}
}

// useCases are the names written in the rooms' commands.
func useCases(t *testing.T) []string {
	t.Helper()
	var names []string
	literal := regexp.MustCompile(`UseCase: +"([a-z]+\.[a-z_]+)"`)
	for _, room := range []string{"access", "billing", "estate", "ledger", "receivable"} {
		files, err := filepath.Glob("../../" + room + "/*.go")
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %d files, %v", room, len(files), err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range literal.FindAllStringSubmatch(string(text), -1) {
				if !strings.HasSuffix(file, "_test.go") {
					names = append(names, m[1])
				}
			}
		}
	}
	if len(names) < 20 {
		t.Fatalf("only %d use cases found", len(names))
	}
	return names
}
