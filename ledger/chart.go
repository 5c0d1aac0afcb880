package ledger

// BookKind says whose money a book holds and what for.
type BookKind string

// The kinds of books.
const (
	CompanyEstate BookKind = "company_estate" // the property company's, per estate
	CompanyHead   BookKind = "company_head"   // the company's head office
	CommonIncome  BookKind = "common_income"  // the owners': common income of an estate
	Fund          BookKind = "fund"           // the owners': maintenance fund of an estate
	SubDistrict   BookKind = "sub_district"   // the sub-district's: subsidy and advances
)

// BookKindNames gives each kind as users read it.
var BookKindNames = map[BookKind]string{
	CompanyEstate: "企业账", CompanyHead: "企业总部账", CommonIncome: "公共收益账", Fund: "维修资金账", SubDistrict: "街道账",
}

// AccountKind decides on which side a balance stands.
type AccountKind string

// The kinds of accounts.
const (
	Asset     AccountKind = "asset"
	Liability AccountKind = "liability"
	Equity    AccountKind = "equity"
	Income    AccountKind = "income"
	Expense   AccountKind = "expense"
)

// Slugs name accounts in the program; the official code is data beside them.
const (
	Cash          = "cash"
	Bank          = "bank"
	Clearing      = "clearing"
	Receivable    = "receivable"
	Prepayment    = "prepayment"
	OutputTax     = "output_tax"
	AgencyMoney   = "agency_money"
	OpeningEquity = "opening_equity"
	ServiceIncome = "service_income"
	ServiceCost   = "service_cost"
	AdminExpense  = "admin_expense"
	OtherIncome   = "other_income"
)

// ChartLine is one account a new book of a kind gets.
type ChartLine struct {
	Slug         string
	Name         string
	Kind         AccountKind
	OfficialCode string
	// Holding: the balance per dimension is a condition and is kept as a row.
	Holding bool
}

// companyChart follows the account names and numbers of 小企业会计准则
// (财会〔2011〕17号), annex 1; 接管期初余额 is ours, for opening balances.
var companyChart = []ChartLine{
	{Cash, "库存现金", Asset, "1001", false},
	{Bank, "银行存款", Asset, "1002", false},
	{Clearing, "其他货币资金(待到账)", Asset, "1012", false},
	{Receivable, "应收账款", Asset, "1122", false},
	{Prepayment, "预收账款", Liability, "2203", true},
	{OutputTax, "应交税费", Liability, "2221", false},
	{AgencyMoney, "其他应付款(代收)", Liability, "2241", false},
	{OpeningEquity, "接管期初余额", Equity, "3199", false},
	{ServiceIncome, "主营业务收入", Income, "5001", false},
	{OtherIncome, "其他业务收入", Income, "5051", false},
	{ServiceCost, "主营业务成本", Expense, "5401", false},
	{AdminExpense, "管理费用", Expense, "5602", false},
}

// Charts gives the accounts a new book gets. A kind without a chart cannot be
// opened yet.
var Charts = map[BookKind][]ChartLine{
	CompanyEstate: companyChart,
	CompanyHead:   companyChart,
}

// SourceKind says what kind of document an entry comes from.
type SourceKind int16

// The kinds of documents behind entries; source_id is the document's id.
const (
	FromCharge           SourceKind = 1 // charge
	FromPayment          SourceKind = 2 // payment, and its prepayments applied at once
	FromPrepayment       SourceKind = 3 // prepayment applied to a charge: allocation
	FromPaymentReversal  SourceKind = 4 // payment that was reversed
	FromChargeWithdrawal SourceKind = 5 // charge that was withdrawn or reversed
	FromVoucher          SourceKind = 6 // voucher booked by hand
	FromOpening          SourceKind = 7 // opening at takeover
)

// SourceNames gives each kind of document as users read it.
var SourceNames = map[SourceKind]string{
	FromCharge: "账单", FromPayment: "收款", FromPrepayment: "预存抵扣", FromPaymentReversal: "收款冲回",
	FromChargeWithdrawal: "账单撤回", FromVoucher: "记账凭证", FromOpening: "接管期初",
}
