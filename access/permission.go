package access

// Permission is the right to one kind of act or view, checked together with
// the scope node it is wanted for.
type Permission string

// The permissions of the product. fn_access.sql says which role holds which.
const (
	// EstateRead sees the estate's file without names of residents.
	EstateRead Permission = "estate.read"
	// RegisterRead sees units, owners, occupants and their telephones.
	RegisterRead Permission = "register.read"
	// RegisterWrite records areas, titles, occupants and corrections.
	RegisterWrite Permission = "register.write"
	// RegisterImport creates estates, units and owners, one by one or from a file.
	RegisterImport Permission = "register.import"
	// TakeoverRecord records that a company enters an estate, and its checklist.
	TakeoverRecord Permission = "takeover.record"
	// DistrictCreate makes a new district; only the installation itself does.
	DistrictCreate Permission = "district.create"
	// BooksRead sees trial balance, journal and account statements.
	BooksRead Permission = "books.read"
	// BooksOpen opens a book, a bank account or a cash box.
	BooksOpen Permission = "books.open"
	// RatesSet records a fee rate from a day on.
	RatesSet Permission = "rates.set"
	// BillDraft previews and drafts a bill run.
	BillDraft Permission = "bill.draft"
	// BillPublish publishes a drafted run.
	BillPublish Permission = "bill.publish"
	// BillWithdraw takes back a published run nobody has paid.
	BillWithdraw Permission = "bill.withdraw"
	// PeriodClose closes a month of a book.
	PeriodClose Permission = "period.close"
	// PeriodReopen opens the last closed month again, with a reason.
	PeriodReopen Permission = "period.reopen"
	// VoucherPost books an expense or another hand-made movement.
	VoucherPost Permission = "voucher.post"
	// PaymentTake takes money at a counter.
	PaymentTake Permission = "payment.take"
	// PaymentReverse reverses a wrong payment; never held by who takes money.
	PaymentReverse Permission = "payment.reverse"
	// ChargeReverse reverses a single wrong charge that nobody has paid.
	ChargeReverse Permission = "charge.reverse"
	// ReceivableRead sees what each household owes and paid.
	ReceivableRead Permission = "receivable.read"
	// ArrearsSummary sees totals of billing and collection without names.
	ArrearsSummary Permission = "arrears.summary"
	// CounterManage opens and closes counters.
	CounterManage Permission = "counter.manage"
	// UsersManage creates users and memberships; holds no money permission.
	UsersManage Permission = "users.manage"
	// JobsRead sees tickers and progress of others.
	JobsRead Permission = "jobs.read"
	// AuditRead sees the acts recorded over a node.
	AuditRead Permission = "audit.read"
)

// Permissions lists every permission; a test holds it equal to the roles in
// fn_access.sql, so that none is forgotten on either side.
var Permissions = []Permission{
	EstateRead, RegisterRead, RegisterWrite, RegisterImport, TakeoverRecord, DistrictCreate,
	BooksRead, BooksOpen, RatesSet, BillDraft, BillPublish, BillWithdraw, PeriodClose, PeriodReopen,
	VoucherPost, PaymentTake, PaymentReverse, ChargeReverse, ReceivableRead, ArrearsSummary,
	CounterManage, UsersManage, JobsRead, AuditRead,
}

// Role is a set of permissions given to a user at a scope node for a time.
type Role string

// The roles of the product.
const (
	CompanyManager    Role = "company_manager"
	CompanyAccountant Role = "company_accountant"
	CompanyCashier    Role = "company_cashier"
	SubDistrictRole   Role = "sub_district"
	Committee         Role = "committee"
	Auditor           Role = "auditor"
	Administrator     Role = "administrator"
	System            Role = "system"
)

// RoleNames gives the Chinese name of each role as users read it.
var RoleNames = map[Role]string{
	CompanyManager: "项目经理", CompanyAccountant: "会计", CompanyCashier: "收费员",
	SubDistrictRole: "街道", Committee: "业委会", Auditor: "审计", Administrator: "管理员", System: "系统",
}
