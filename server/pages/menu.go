package pages

import "slices"

// MenuGroup is one of the six groups of the left menu, with the pages a user may see.
type MenuGroup struct {
	Name, Icon, URL string
	Count           int
	Here            bool
	Items           []MenuItem
}

// MenuItem is one page of a group.
type MenuItem struct {
	Label, URL string
	Here       bool
}

type menuEntry struct {
	label, route string
	pages        []string // further pages that belong under it
}

var menuGroups = []struct {
	name, icon string
	entries    []menuEntry
}{
	{"今天", "today", []menuEntry{
		{"今天", "home", []string{"today", "street", "committee", "auditor", "admin", "search"}},
	}},
	{"收费", "bill", []menuEntry{
		{"出账", "runs", []string{"run"}},
		{"收款", "counter", []string{"payment"}},
		{"欠费", "arrears", nil},
		{"收据", "receipts", nil},
	}},
	{"资金", "bank", []menuEntry{
		{"序时账", "journal", []string{"entry", "act"}},
		{"试算表", "trial_balance", []string{"account"}},
		{"登记支出", "voucher", nil},
		{"结账", "periods", nil},
	}},
	{"小区", "estate", []menuEntry{
		{"小区档案", "estates", []string{"estate", "estate_units", "estate_fees", "estate_acts", "takeover", "unit", "unit_statement"}},
		{"导入", "import", []string{"import_check", "import_done"}},
	}},
	{"设置", "settings", []menuEntry{
		{"用户与角色", "users", nil},
		{"后台任务", "jobs", []string{"job"}},
	}},
}

// menuFor keeps what the user may open; a group without pages is left out.
func menuFor(shell Shell, page string) []MenuGroup {
	var menu []MenuGroup
	for _, g := range menuGroups {
		group := MenuGroup{Name: g.name, Icon: g.icon}
		for _, e := range g.entries {
			here := e.route == page || slices.Contains(e.pages, page)
			group.Here = group.Here || here
			if !shell.Can(e.route) {
				continue
			}
			address, err := URL(e.route)
			if err != nil {
				continue // a route with parameters is no menu entry; the test of the menu says so
			}
			group.Items = append(group.Items, MenuItem{Label: e.label, URL: address, Here: here})
		}
		if len(group.Items) == 0 {
			continue
		}
		group.URL = group.Items[0].URL
		if g.icon == "estate" {
			group.Count = shell.Estates
		}
		menu = append(menu, group)
	}
	return menu
}
