package pages

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"estateledger/civil"
	"estateledger/fault"
)

func TestURLFillsParametersThenQuery(t *testing.T) {
	for _, c := range []struct {
		route      string
		parameters []any
		want       string
	}{
		{"estate", []any{int64(3)}, "/estates/3"},
		{"estate", []any{int64(3), "drawer", "rate"}, "/estates/3?drawer=rate"},
		{"run_preview", []any{"estate", int64(3), "month", m("2026-07")}, "/bills/preview?estate=3&month=2026-07"},
		{"arrears", []any{"estate", int64(0), "q", ""}, "/arrears"},
		{"search", []any{"q", "7-1-502 & 顾"}, "/search?q=7-1-502+%26+%E9%A1%BE"},
		{"receipt_pdf", []any{int64(55)}, "/payments/55/receipt.pdf"},
	} {
		if got, err := URL(c.route, c.parameters...); err != nil || got != c.want {
			t.Errorf("%s: %q, %v; want %q", c.route, got, err, c.want)
		}
	}
	for name, bad := range map[string][]any{"nowhere": nil, "estate": nil, "arrears": {"estate"}} {
		if got, err := URL(name, bad...); err == nil {
			t.Errorf("%s gave %q instead of an error", name, got)
		}
	}
}

func TestRoutesAreUniqueAndFixedOnesComeBeforeThoseTheyWouldHide(t *testing.T) {
	names, places := map[string]bool{}, map[string]string{}
	for _, r := range Routes {
		place := r.Method + " " + r.Path
		if names[r.Name] || places[place] != "" {
			t.Errorf("%s %s twice", r.Name, place)
		}
		names[r.Name], places[place] = true, r.Name
	}
	at := func(name string) int { return slices.IndexFunc(Routes, func(r Route) bool { return r.Name == name }) }
	if at("run_preview") > at("run") || at("import_template") > at("import_check") {
		t.Error("a pattern stands before the fixed path that it would swallow")
	}
}

func TestMenuShowsWhatAUserMayOpen(t *testing.T) {
	shell := sampleShell()
	full := menuFor(shell, "run")
	if len(full) != 5 || !full[1].Here || full[1].Name != "收费" || !full[1].Items[0].Here || full[3].Count != 12 {
		t.Fatalf("full menu: %+v", full)
	}
	entries := 0
	for _, g := range menuGroups {
		entries += len(g.entries)
	}
	shown := 0
	for _, g := range full {
		shown += len(g.Items)
	}
	if shown != entries {
		t.Errorf("%d of %d entries shown: an entry's route has parameters or does not exist", shown, entries)
	}
	shell.Allowed = func(route string) bool { return route == "home" || route == "receipts" }
	if cashier := menuFor(shell, "receipts"); len(cashier) != 2 || len(cashier[1].Items) != 1 || cashier[1].URL != "/receipts" {
		t.Errorf("a user of two pages sees %+v", cashier)
	}
	shell.Allowed = nothing
	if none := menuFor(shell, "home"); len(none) != 0 {
		t.Errorf("a user of nothing sees %+v", none)
	}
}

func TestEveryPageBelongsToOneMenuGroup(t *testing.T) {
	r := newRenderer(t)
	alone := []string{"login", "error", "suggest"}
	for page := range r.pages {
		here := 0
		for _, g := range menuFor(sampleShell(), page) {
			if g.Here {
				here++
			}
		}
		if want := 1; slices.Contains(alone, page) {
			if here != 0 {
				t.Errorf("%s stands in a group", page)
			}
		} else if here != want {
			t.Errorf("%s stands in %d groups", page, here)
		}
	}
}

func TestRoomGridArrangesStairsAndFloors(t *testing.T) {
	grid := NewRoomGrid([]Room{
		{UnitID: 1, Stair: "10单元", Floor: 1, Name: "101", State: RoomClear},
		{UnitID: 2, Stair: "2单元", Floor: 2, Name: "202", State: RoomOverdue, Owed: y("1.00")},
		{UnitID: 3, Stair: "2单元", Floor: 2, Name: "201", State: RoomClear},
		{UnitID: 4, Stair: "2单元", Floor: 0, Name: "车库", State: RoomNone},
	})
	if len(grid.Stairs) != 2 || grid.Stairs[0].Name != "2单元" || grid.Stairs[0].Width != 2 || grid.Stairs[1].Width != 1 {
		t.Errorf("stairs %+v", grid.Stairs)
	}
	var floors []string
	for _, f := range grid.Floors {
		floors = append(floors, f.Name)
	}
	if got := strings.Join(floors, " "); got != "2 层 1 层 未定" {
		t.Errorf("floors %q", got)
	}
	top := grid.Floors[0].Stairs
	if top[0][0].Name != "201" || top[0][1].Name != "202" || top[1][0] != nil {
		t.Errorf("top floor %+v", top)
	}
	if len(grid.Counts) != 3 || grid.Counts[0] != (RoomCount{RoomClear, 2}) {
		t.Errorf("counts %+v", grid.Counts)
	}
}

func TestMoneyBarSumsToItsTotal(t *testing.T) {
	bar := sampleAges()
	if !bar.Total.Equal(y("1486220.35")) {
		t.Errorf("total %s", bar.Total)
	}
	if bar.Segments[0].Left != "0%" || bar.Segments[0].Width != "12.27%" || bar.Segments[1].Left != "12.27%" || !bar.Segments[1].Fits || bar.Segments[4].Fits {
		t.Errorf("%+v", bar.Segments)
	}
	if nothing := NewMoneyBar("空", MoneySegment{Name: "甲"}); nothing.Segments[0].Width != "0%" {
		t.Errorf("a part of nothing is %s wide", nothing.Segments[0].Width)
	}
}

func TestWindowBarCountsRemainingDaysAsAlertsDo(t *testing.T) {
	window := civil.Period{From: d("2023-09-15"), To: d("2026-09-14")}
	for today, want := range map[string]WindowBar{
		"2026-06-20": {Remaining: 86, Passed: 1009, Elapsed: "92%"},
		"2026-09-14": {Remaining: 0, Passed: 1095, Elapsed: "99%"},
		"2026-09-15": {Remaining: -1, Passed: 1096, Elapsed: "100%", IsPast: true},
		"2023-09-14": {Remaining: 1096, Passed: -1, Elapsed: "0%", NotStarted: true},
	} {
		got := NewWindowBar("合同", window, d(today), "")
		if got.Remaining != want.Remaining || got.Passed != want.Passed || got.Elapsed != want.Elapsed || got.IsPast != want.IsPast || got.NotStarted != want.NotStarted {
			t.Errorf("%s: %+v", today, got)
		}
	}
}

func TestFiguresForTheEye(t *testing.T) {
	for got, want := range map[string]string{
		FormatCount(0): "0", FormatCount(999): "999", FormatCount(4908): "4,908", FormatCount(1234567): "1,234,567", FormatCount(-1200): "−1,200",
		FormatArea(some("38642.57")):                  "38,642.57",
		FormatArea(some("100")):                       "100.00",
		FormatArea(unknown):                           "未知",
		FormatPercent(some("0.3519")):                 "35.2",
		FormatPercent(unknown):                        "—",
		formatRate(dec("0.5")):                        "0.50",
		formatRate(dec("0.505")):                      "0.5050",
		formatTax(dec("0.06")):                        "6 %",
		formatChange(y("70")):                         "+70.00",
		formatChange(y("-439.06")):                    "−439.06",
		formatMonthWord(m("2026-07")):                 "2026 年 7 月",
		formatDay(d("2026-06-20")):                    "06-20",
		formatWeekday(d("2026-06-20")):                "星期六",
		formatMoment(sampleShell().Now):               "2026-06-20 09:12",
		shareOfHundred(some("1.3")):                   "100",
		shareOfHundred(some("0.214")):                 "21.4",
		shareOfHundred(some("-0.1")):                  "0",
		shareOfHundred(decimal.NullDecimal{}):         "0",
		closedHint(m("2026-05")):                      "结账到 2026-05；付款日在那以前的，记在 2026-06",
		Look{Dark: true, Large: true}.Class():         "theme-dark size-large",
		Look{Close: true}.Class():                     "theme-light rows-close",
		User{Name: "沈晓雯"}.Face():                      "沈",
		ChannelWord("pos"):                            "刷卡",
		FormatPercent(some("-0.05")):                  "−5.0",
		formatDate(civil.Date{}):                      "—",
		formatMonth(civil.Month{}):                    "—",
		string(OpenCharge{Left: y("1")}.State().Tone): "open",
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestProblemsOfARefusalStandAtTheirFields(t *testing.T) {
	refusal := fault.Invalid("estate.form", "有几处不对").With(
		fault.Detail{Field: "rate", Message: "单价太高"}, fault.Detail{Field: "valid_from", Message: "月份已结账"})
	problems := ProblemsOf(refusal)
	if len(problems) != 2 || problems.At("rate") != "单价太高" || problems.At("vat") != "" || problems.Whole() != "" {
		t.Errorf("%+v", problems)
	}
	if one := ProblemsOf(fault.Conflict("run.changed", "预览之后有人改过")); one.Whole() != "预览之后有人改过" {
		t.Errorf("%+v", one)
	}
	if one := ProblemsOf(fault.Invalid("x.y", "没有这天").At("entry_date")); one.At("entry_date") != "没有这天" {
		t.Errorf("%+v", one)
	}
	if hidden := ProblemsOf(fault.Internal("x.y", "secret")); hidden != nil {
		t.Errorf("an internal fault was shown: %+v", hidden)
	}
}

func TestNothingIsWrittenWhenATemplateFails(t *testing.T) {
	r := newRenderer(t)
	var out bytes.Buffer
	if err := r.Render(&out, sampleShell(), strangeView{}); err == nil || out.Len() != 0 {
		t.Errorf("%v, %d bytes", err, out.Len())
	}
}

// strangeView names a template whose fields it does not have.
type strangeView struct{}

func (strangeView) Page() string { return "journal" }

func TestAssetsAreFoundByTheAddressOnThePage(t *testing.T) {
	r := newRenderer(t)
	page := string(render(t, r, sampleShell(), sampleJournal()))
	style := r.assets["app.css"]
	if !strings.Contains(page, style.URL) || !strings.Contains(page, r.assets["app.js"].URL) {
		t.Error("the page does not link its assets")
	}
	if found, ok := r.Asset(style.URL); !ok || found.ContentType != "text/css; charset=utf-8" || !bytes.Contains(found.Body, []byte(":root")) {
		t.Errorf("%v %s", ok, found.ContentType)
	}
	if _, ok := r.Asset("/assets/app.css"); ok {
		t.Error("an address without hash was answered")
	}
}

func TestWhatAUserMayNotDoHasNoButton(t *testing.T) {
	r := newRenderer(t)
	shell := sampleShell()
	for name, c := range map[string]struct {
		view   View
		action string
	}{
		"cashier cannot publish":       {sampleRun("draft"), "/bills/31/publish"},
		"cashier cannot close":         {samplePeriods(), "/periods/close"},
		"nobody reverses unasked":      {samplePayment(), "/payments/55/reverse"},
		"a reader cannot add a user":   {sampleUsers(""), "/users?drawer=new"},
		"a reader cannot take over":    {EstateView{EstateHead: EstateHead{ID: 3, Name: "西桥里"}, AsOf: sampleToday, Contract: ContractView{None: true}}, "/estates/3/takeover"},
		"a reader cannot correct area": {sampleUnit(), "/units/101?drawer=area"},
	} {
		view := c.view
		if e, ok := view.(EstateView); ok {
			e.Waiting = true
			view = e
		}
		shell.Allowed = everything
		if page := string(render(t, r, shell, view)); !strings.Contains(page, c.action) {
			t.Errorf("%s: the one who may has no way to %s", name, c.action)
		}
		shell.Allowed = nothing
		if page := string(render(t, r, shell, view)); strings.Contains(page, c.action) {
			t.Errorf("%s: %s is offered", name, c.action)
		}
	}
}
