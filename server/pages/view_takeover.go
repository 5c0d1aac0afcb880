package pages

import "strconv"

// TakeoverView is the form by which a company takes an estate over.
type TakeoverView struct {
	EstateHead
	Companies []Option
	Items     []ChecklistItem // code and name; status and note come from the form
	Form      TakeoverForm
	Problems  Problems
}

// TakeoverForm is POST takeover_do. The checklist comes as three lists of equal length and order.
type TakeoverForm struct {
	Company   string   `form:"company"`
	Entry     string   `form:"entry_date"`
	CutOver   string   `form:"cut_over_date"`
	Paper     string   `form:"paper"`
	From      string   `form:"contract_from"`
	Months    string   `form:"contract_months"`
	StartRule string   `form:"fee_start_rule"` // DAILY, NEXT_MONTH
	DueDay    string   `form:"due_day"`        // 0 = last day of the month
	Contract  string   `form:"contract_paper"`
	Rate      string   `form:"rate"` // residential; others in the estate's file
	RateBasis string   `form:"rate_basis"`
	Items     []string `form:"item"`
	Statuses  []string `form:"status"`
	Notes     []string `form:"note"`
}

// Status is what the form says about item i; nothing said yet is missing, never guessed.
func (f TakeoverForm) Status(i int) string {
	if i < len(f.Statuses) && f.Statuses[i] != "" {
		return f.Statuses[i]
	}
	return "missing"
}

// Note is the remark on item i.
func (f TakeoverForm) Note(i int) string {
	if i < len(f.Notes) {
		return f.Notes[i]
	}
	return ""
}

// StartRuleOptions are the two ways a first month is billed.
func StartRuleOptions() []Option {
	return []Option{{"DAILY", "进驻当天起，首月按天算"}, {"NEXT_MONTH", "次月 1 日起收"}}
}

// DueDayOptions are the days on which a month's bill is due.
func DueDayOptions() []Option {
	options := []Option{{"0", "当月最后一天"}}
	for day := 1; day <= 28; day++ {
		options = append(options, Option{strconv.Itoa(day), "当月 " + strconv.Itoa(day) + " 日"})
	}
	return options
}

// Page names the template.
func (TakeoverView) Page() string { return "takeover" }
