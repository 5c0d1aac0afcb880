package pages

import (
	"estateledger/civil"
	"estateledger/ledger/money"
)

// JournalView is every entry in order, with the way down to document and act.
type JournalView struct {
	Filter        JournalFilter
	Books         []Option
	Months        []Option
	Accounts      []Option
	Entries       []EntryRow
	Debit, Credit money.Yuan // over all that match
	Pager         Pager
	ExportURL     string
}

// JournalFilter is the filter row.
type JournalFilter struct {
	Book    string `query:"book"`
	Month   string `query:"month"`
	Account string `query:"account"`
	Query   string `query:"q"` // room number or document number
}

// EntryRow is one entry: a debit and a credit of one amount.
type EntryRow struct {
	ID            int64
	Posting       civil.Date
	Business      civil.Date
	What          string // 收 7-1-502 物业费 2025-11
	Document      string // AH-01-2026-004817
	Debit, Credit string // code and name of the account
	DebitID       int64
	CreditID      int64
	DebitUnit     string // dimension in words
	CreditUnit    string
	Amount        money.Yuan
	Reversal      bool // 红字
}

// Page names the template.
func (JournalView) Page() string { return "journal" }

// EntryView is one entry with everything behind it.
type EntryView struct {
	Entry       EntryRow
	Book        string
	Owner       string
	Facts       []Pair
	DocumentURL string
	DocumentIs  string // 收据, 账单, 支出凭证
	ActID       int64
	ReversedBy  int64 // 0: stands
	Reverses    int64
	Siblings    []EntryRow // other entries of the same act
}

// Page names the template.
func (EntryView) Page() string { return "entry" }

// ActView is one act: who, when, what changed, which entries it posted.
type ActView struct {
	ID      int64
	What    string
	Facts   []Pair
	Changes []ActChange
	Entries []EntryRow
	Link    *Link // the document
}

// ActChange is one thing before and after.
type ActChange struct {
	Name, Before, After string
}

// Page names the template.
func (ActView) Page() string { return "act" }

// TrialBalanceView is one book as of a day: debits equal credits.
type TrialBalanceView struct {
	Filter    TrialBalanceFilter
	Books     []Option
	Book      string
	Owner     string
	From, To  civil.Date
	Known     string // as known at, in words; empty: now
	Accounts  []TrialRow
	Sum       TrialRow
	Sealed    string // 2026-05 已结账
	ExportURL string
}

// TrialBalanceFilter is the filter row.
type TrialBalanceFilter struct {
	Book string `query:"book"`
	From string `query:"from"`
	To   string `query:"to"`
}

// TrialRow is one account: opening, turnover, closing, each on its side. Level 0 is a kind of
// account with its subtotal.
type TrialRow struct {
	AccountID                   int64
	Code, Name                  string
	OpeningDebit, OpeningCredit money.Yuan
	Debit, Credit               money.Yuan
	ClosingDebit, ClosingCredit money.Yuan
	IsGroup                     bool
}

// Difference is what debits and credits differ by; anything but 0.00 is a defect.
func (v TrialBalanceView) Difference() money.Yuan {
	return v.Sum.ClosingDebit.Sub(v.Sum.ClosingCredit)
}

// Page names the template.
func (TrialBalanceView) Page() string { return "trial_balance" }

// AccountView is one account's movements with a running balance.
type AccountView struct {
	AccountID        int64
	Code, Name       string
	Book, Owner      string
	BookID           int64
	Filter           AccountFilter
	From, To         civil.Date
	Opening, Closing money.Yuan
	Debit, Credit    money.Yuan
	Side             string // 借 or 贷: the side on which the balance stands
	Lines            []AccountLine
	Pager            Pager
}

// AccountFilter is the filter row.
type AccountFilter struct {
	From string `query:"from"`
	To   string `query:"to"`
	Unit string `query:"unit"` // room number
}

// AccountLine is one movement of an account.
type AccountLine struct {
	EntryID       int64
	Posting       civil.Date
	What          string
	Document      string
	Against       string // the other account
	Unit          string
	Debit, Credit money.Yuan
	Balance       money.Yuan
	Reversal      bool
}

// Page names the template.
func (AccountView) Page() string { return "account" }

// PeriodsView is which months of a book are open, and how they were closed.
type PeriodsView struct {
	Filter   PeriodsFilter
	Books    []Option
	Book     string
	BookID   int64
	Months   []PeriodRow
	Next     *PeriodNext // the month that can be closed now
	Reopen   *PeriodRow  // the month the form asks about
	Form     PeriodForm
	Problems Problems
}

// PeriodsFilter is the filter row.
type PeriodsFilter struct {
	Book string `query:"book"`
}

// PeriodNext is the next month to close and what was checked.
type PeriodNext struct {
	Month   civil.Month
	Checks  []Check
	Blocked string // empty: it can be closed
}

// PeriodRow is one month.
type PeriodRow struct {
	Month   civil.Month
	Closed  bool
	Entries int
	Total   money.Yuan
	Who, At string
	Reason  string // of the last reopening
	Last    bool   // the latest closed month: only this one can be reopened
}

// PeriodForm is POST period_close and period_reopen.
type PeriodForm struct {
	Book   string `form:"book"`
	Month  string `form:"month"`
	Reason string `form:"reason"`
}

// Page names the template.
func (PeriodsView) Page() string { return "periods" }

// VoucherView is the form for an expense of a book.
type VoucherView struct {
	Books    []Option
	Expenses []Option // expense accounts
	Banks    []Option // cash and bank accounts
	Closed   civil.Month
	Form     VoucherForm
	Problems Problems
	Recent   []EntryRow
}

// VoucherForm is POST voucher_save.
type VoucherForm struct {
	Book     string `form:"book"`
	Account  string `form:"account"`
	Bank     string `form:"bank"`
	Amount   string `form:"amount"`
	Business string `form:"business_date"`
	Payee    string `form:"payee"`
	What     string `form:"what"`
	Document string `form:"document"`
}

// Page names the template.
func (VoucherView) Page() string { return "voucher" }
