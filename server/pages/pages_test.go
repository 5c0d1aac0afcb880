package pages

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

var gallery = flag.String("gallery", "", "write every page of the gallery into this folder")

// samples are the pages as their users see them, by the name of the picture.
func samples() map[string]View {
	return map[string]View{
		"login":             LoginView{Form: LoginForm{Login: "shenxw", Next: "/counter"}, Problems: Problems{{"", "用户名或密码不对"}}, Logins: []DemoLogin{{"收费员", "cashier", "demo-cashier"}, {"会计", "accountant", "demo-accountant"}}},
		"error-403":         ErrorView{403, "这一页不归你看", "你的角色里没有这一项。需要的话，请管理员给你加角色。", "", link("回到今天", "/")},
		"error-404":         ErrorView{404, "没有这一页", "地址不对，或者它不在你能看的范围里。", "", link("回到今天", "/")},
		"error-500":         ErrorView{500, "出了错，没有做成", "什么都没有写进去。再试一次；还不行就找管理员。", "req-8f3a", link("再试一次", "/")},
		"search":            SearchView{Query: "502", Hits: sampleHits(), More: true},
		"suggest":           SuggestView{Query: "502", Hits: sampleHits()},
		"today":             sampleToday1(),
		"today-dark":        sampleToday1(),
		"estate-units-dark": sampleUnits(),
		"counter-large":     sampleCounter(),
		"street":            sampleStreet(),
		"committee":         sampleCommittee(),
		"auditor":           sampleAuditor(),
		"admin":             sampleAdmin(),
		"jobs":              JobsView{Running: []Progress{sampleProgress()}, Jobs: sampleJobs(), Tickers: []JobRow{{Title: "余额汇总", Who: "系统", Started: "2026-06-20 10:30", Took: "1 秒", Rows: 214, State: Tag{Good, "正常"}}}, Pager: Pager{Total: 2, Shown: 2}},
		"job":               JobView{Progress: sampleProgress(), Facts: []Pair{pair("谁", "周建国"), pair("开始", "2026-06-19 09:12")}},
		"estates":           sampleEstates(),
		"estate":            sampleEstate(),
		"estate-rate":       sampleRateDrawer(),
		"estate-units":      sampleUnits(),
		"estate-fees":       sampleFees(),
		"estate-acts":       sampleActs(),
		"takeover":          sampleTakeover(),
		"import":            sampleImport(),
		"import-check":      sampleImportCheck(),
		"import-ready":      sampleImportReady(),
		"import-done":       sampleImportDone(),
		"runs":              sampleRuns(),
		"run-preview":       sampleRun("preview"),
		"run-draft":         sampleRun("draft"),
		"run-published":     sampleRun("published"),
		"counter":           sampleCounter(),
		"counter-search":    sampleCounterHits(),
		"payment":           samplePayment(),
		"payment-reversed":  samplePaymentReversed(),
		"receipts":          sampleReceiptList(),
		"unit":              sampleUnit(),
		"unit-statement":    sampleStatement(),
		"arrears":           sampleArrears(),
		"journal":           sampleJournal(),
		"entry":             sampleEntry(),
		"act":               sampleAct(),
		"trial-balance":     sampleTrialBalance(),
		"trial-balance-off": sampleTrialBalanceOff(),
		"account":           sampleAccount(),
		"periods":           samplePeriods(),
		"voucher":           sampleVoucher(),
		"users":             sampleUsers(""),
		"users-new":         sampleUsers("new"),
		"users-role":        sampleUsers("role"),
		"users-password":    sampleUsers("password"),
	}
}

func shellFor(name string) Shell {
	shell := sampleShell()
	switch {
	case name == "login":
		return Shell{CSRF: "before-login"}
	case name == "committee":
		shell.User = User{Name: "郑阿根", Role: "业委会主任", Organisation: "安和一村"}
		shell.Look.Large = true
		visible := []string{"home", "estate", "logout"}
		shell.Allowed = func(route string) bool { return slices.Contains(visible, route) }
	case name == "street":
		shell.User = User{Name: "陆文琪", Role: "物管科", Organisation: "柳塘街道"}
	case strings.HasSuffix(name, "-dark"):
		shell.Look.Dark = true
	case strings.HasSuffix(name, "-large"):
		shell.Look.Large = true
	case name == "payment":
		shell.Notice = &Notice{Tone: Good, Strong: "收了 300.00 元，", Text: "两张收据都存好了，可以打印。"}
	}
	return shell
}

func render(t *testing.T, r *Renderer, shell Shell, view View) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := r.Render(&out, shell, view); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func newRenderer(t *testing.T) *Renderer {
	t.Helper()
	r, err := New()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// Every page, as a user who may do everything and as one who may do nothing, keeps the laws of the
// pages: what a strict content policy, a screen reader and a double click need.
func TestEveryPageKeepsTheLaws(t *testing.T) {
	r := newRenderer(t)
	seen := map[string]bool{}
	for name, view := range samples() {
		seen[view.Page()] = true
		for kind, allowed := range map[string]func(string) bool{"all": everything, "none": nothing} {
			t.Run(name+"/"+kind, func(t *testing.T) {
				shell := shellFor(name)
				if shell.Allowed != nil && name != "committee" {
					shell.Allowed = allowed
				}
				for _, fault := range faultsOf(t, render(t, r, shell, view), name != "suggest") {
					t.Error(fault)
				}
			})
		}
	}
	for page := range r.pages {
		if !seen[page] {
			t.Errorf("template %q has no sample", page)
		}
	}
}

// The checker itself must see each fault, or a green page proves nothing.
func TestTheCheckerSeesFaults(t *testing.T) {
	good := `<main><h1>一</h1><form method="post"><input type="hidden" name="csrf" value="c"><input type="hidden" name="key" value="12345678"><label for="a">甲</label><input id="a" name="a"></form></main>`
	if faults := faultsOf(t, []byte(good), true); len(faults) != 0 {
		t.Fatalf("a good page was refused: %v", faults)
	}
	for name, change := range map[string][2]string{
		"style attribute": {`<h1>`, `<h1 style="color:red">`},
		"inline script":   {`</main>`, `<script>1</script></main>`},
		"event handler":   {`<h1>`, `<h1 onclick="x()">`},
		"two headings":    {`<h1>一</h1>`, `<h1>一</h1><h1>二</h1>`},
		"no label":        {`<label for="a">甲</label>`, ``},
		"no key":          {`<input type="hidden" name="key" value="12345678">`, ``},
		"no csrf":         {`<input type="hidden" name="csrf" value="c">`, ``},
		"one id twice":    {`</main>`, `<p id="a"></p></main>`},
		"nothing in it":   {`<label for="a">甲</label>`, `<label for="a">甲</label>&lt;no value&gt;`},
	} {
		if faults := faultsOf(t, []byte(strings.Replace(good, change[0], change[1], 1)), true); len(faults) != 1 {
			t.Errorf("%s: %v", name, faults)
		}
	}
}

func faultsOf(t *testing.T, page []byte, whole bool) []string {
	t.Helper()
	document, err := html.Parse(bytes.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var faults []string
	headings, ids, labels := 0, map[string]int{}, map[string]bool{}
	var controls, forms []*html.Node
	walk(document, func(n *html.Node) {
		if n.Type == html.TextNode && (strings.Contains(n.Data, "<no value>") || strings.Contains(n.Data, "%!")) {
			faults = append(faults, "not filled: "+n.Data)
		}
		if n.Type != html.ElementNode {
			return
		}
		for _, a := range n.Attr {
			if a.Key == "style" || strings.HasPrefix(a.Key, "on") || strings.HasPrefix(a.Key, "hx-on") {
				faults = append(faults, fmt.Sprintf("<%s %s=…> breaks the content policy", n.Data, a.Key))
			}
			if strings.Contains(a.Val, "ZgotmplZ") {
				faults = append(faults, "unsafe value in "+a.Key)
			}
		}
		if id := attribute(n, "id"); id != "" {
			ids[id]++
		}
		switch n.Data {
		case "h1":
			headings++
		case "style":
			faults = append(faults, "inline style sheet")
		case "script":
			if attribute(n, "src") == "" {
				faults = append(faults, "inline script")
			}
		case "label":
			labels[attribute(n, "for")] = true
		case "input", "select", "textarea":
			controls = append(controls, n)
		case "form":
			if attribute(n, "method") == "post" {
				forms = append(forms, n)
			}
		}
	})
	if whole && headings != 1 {
		faults = append(faults, fmt.Sprintf("%d h1", headings))
	}
	for id, n := range ids {
		if n > 1 {
			faults = append(faults, fmt.Sprintf("id %q %d times", id, n))
		}
	}
	for _, c := range controls {
		if !labelled(c, labels) {
			faults = append(faults, "no label: "+attribute(c, "name"))
		}
	}
	for _, f := range forms {
		for _, needed := range []string{"csrf", "key"} {
			if hidden(f, needed) == "" {
				faults = append(faults, fmt.Sprintf("form %s lacks %s", attribute(f, "action"), needed))
			}
		}
	}
	return faults
}

func labelled(control *html.Node, labels map[string]bool) bool {
	if attribute(control, "type") == "hidden" || attribute(control, "aria-label") != "" || labels[attribute(control, "id")] && attribute(control, "id") != "" {
		return true
	}
	for parent := control.Parent; parent != nil; parent = parent.Parent {
		if parent.Data == "label" {
			return true
		}
	}
	return false
}

func hidden(form *html.Node, name string) (value string) {
	walk(form, func(n *html.Node) {
		if n.Data == "input" && attribute(n, "name") == name && attribute(n, "type") == "hidden" {
			value = attribute(n, "value")
		}
	})
	return value
}

func walk(n *html.Node, visit func(*html.Node)) {
	visit(n)
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		walk(c, visit)
	}
}

func attribute(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// What a handler parses must be what the page sends: each `form` tag has its control, each control
// its tag.
func TestFormTagsAreTheFieldsOfThePages(t *testing.T) {
	r := newRenderer(t)
	for _, c := range []struct {
		sample, action string
		form           any
	}{
		{"login", "/login", LoginForm{}},
		{"estate-rate", "/estates/3/rates", RateForm{}},
		{"takeover", "/estates/3/takeover", TakeoverForm{}},
		{"import", "/imports", ImportForm{}},
		{"run-draft", "/bills/31/exclude", ExcludeForm{}},
		{"run-published", "/bills/31/withdraw", ReasonForm{}},
		{"payment-open", "/payments/55/reverse", ReasonForm{}},
		{"periods", "/periods/reopen", PeriodForm{}},
		{"counter", "/counter", PayForm{}},
		{"voucher", "/vouchers", VoucherForm{}},
		{"users-new", "/users", UserForm{}},
		{"import-ready", "/imports/5/confirm", ImportConfirm{}},
		{"unit-area", "/units/101/area", AreaForm{}},
		{"unit-owner", "/units/101/owner", OwnerForm{}},
		{"unit-occupant", "/units/101/occupant", OccupantForm{}},
		{"estate-checklist", "/estates/3/checklist", ChecklistForm{}},
	} {
		t.Run(c.sample, func(t *testing.T) {
			view := samples()[c.sample]
			switch c.sample {
			case "counter":
				counter := sampleCounter()
				counter.Form.Mode = "chosen"
				view = counter
			case "payment-open":
				view = samplePayment()
			case "unit-area", "unit-owner", "unit-occupant":
				unit := sampleUnit()
				unit.Drawer = strings.TrimPrefix(c.sample, "unit-")
				view = unit
			case "estate-checklist":
				estate := sampleEstate()
				estate.Drawer = "checklist"
				view = estate
			}
			page := render(t, r, shellFor(c.sample), view)
			for _, fault := range faultsOf(t, page, true) {
				t.Error(fault)
			}
			sent := fieldsOf(t, page, c.action)
			if sent == nil {
				t.Fatalf("no form to %s", c.action)
			}
			var parsed []string
			for i := range reflect.TypeOf(c.form).NumField() {
				parsed = append(parsed, reflect.TypeOf(c.form).Field(i).Tag.Get("form"))
			}
			for _, name := range parsed {
				if !slices.Contains(sent, name) {
					t.Errorf("the page sends no %q", name)
				}
			}
			for _, name := range sent {
				if !slices.Contains(parsed, name) && !slices.Contains([]string{"csrf", "key", "file"}, name) {
					t.Errorf("nothing takes %q", name)
				}
			}
		})
	}
}

func fieldsOf(t *testing.T, page []byte, action string) (names []string) {
	t.Helper()
	document, err := html.Parse(bytes.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	id := ""
	collect := func(n *html.Node) {
		if name := attribute(n, "name"); name != "" && n.Data != "button" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	walk(document, func(n *html.Node) {
		if n.Data == "form" && attribute(n, "action") == action && attribute(n, "method") == "post" {
			id = attribute(n, "id")
			walk(n, collect)
		}
	})
	walk(document, func(n *html.Node) {
		if id != "" && attribute(n, "form") == id {
			collect(n)
		}
	})
	return names
}

// TestGallery writes every page as a file, for pictures: go test -run Gallery -gallery=dir.
func TestGallery(t *testing.T) {
	folder := *gallery
	if folder == "" {
		folder = t.TempDir()
	}
	r := newRenderer(t)
	if err := os.MkdirAll(filepath.Join(folder, "assets"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, asset := range r.assets {
		if err := os.WriteFile(filepath.Join(folder, filepath.FromSlash(asset.URL)), asset.Body, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for name, view := range samples() {
		page := bytes.ReplaceAll(render(t, r, shellFor(name), view), []byte(`"/assets/`), []byte(`"assets/`))
		if err := os.WriteFile(filepath.Join(folder, name+".html"), page, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	written, err := filepath.Glob(filepath.Join(folder, "*.html"))
	if err != nil || len(written) < len(samples()) {
		t.Fatalf("%d files, %v", len(written), err)
	}
}
