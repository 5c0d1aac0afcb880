package migrations

// Table says which room writes a table, how it is spread when the schema runs
// on several machines, and which writes the service's role is granted on it.
// migrate grants exactly this, and the laws' tests read it: SQL of another room
// that writes the table turns them red.
type Table struct {
	Name string
	// Room is the only folder whose SQL may write the table.
	Room string
	// Class is "reference" (small, on every node), "distributed" (everything
	// with money or residents, district_id first in every key) or "local".
	Class string
	// Writes lists the statements the service's role may use besides SELECT:
	// "insert", "update", "delete". An empty list means read only.
	Writes []string
	// Columns narrows "update" to these columns; empty means every column.
	Columns []string
}

var (
	insertOnly = []string{"insert"}
	mutable    = []string{"insert", "update"}
	passing    = []string{"insert", "update", "delete"}
)

// Catalogue lists every table of the schema. A table that is missing here is
// not granted to the service and fails a test.
var Catalogue = []Table{
	{"installation", "access", "reference", insertOnly, nil},
	{"scope_node", "access", "distributed", insertOnly, nil},
	{"scope_edge", "access", "distributed", mutable, []string{"valid_to"}},
	{"app_user", "access", "reference", mutable, nil},
	{"membership", "access", "distributed", mutable, []string{"valid_to"}},
	{"session", "access", "local", passing, nil},
	{"login_attempt", "access", "local", passing, nil},
	{"act", "access", "distributed", insertOnly, nil},

	{"district", "estate", "reference", insertOnly, nil},
	{"sub_district", "estate", "distributed", insertOnly, nil},
	{"community", "estate", "distributed", insertOnly, nil},
	{"property_company", "estate", "distributed", mutable, nil},
	{"estate", "estate", "distributed", mutable, nil},
	{"building", "estate", "distributed", insertOnly, nil},
	{"stair", "estate", "distributed", mutable, nil},
	{"unit", "estate", "distributed", mutable, nil},
	{"unit_area", "estate", "distributed", insertOnly, nil},
	{"person", "estate", "distributed", mutable, nil},
	{"ownership", "estate", "distributed", insertOnly, nil},
	{"ownership_share", "estate", "distributed", insertOnly, nil},
	{"occupant", "estate", "distributed", mutable, []string{"valid_to"}},
	{"takeover", "estate", "distributed", insertOnly, nil},
	{"takeover_item", "estate", "distributed", insertOnly, nil},
	{"service_contract", "estate", "distributed", insertOnly, nil},
	{"import_file", "estate", "distributed", passing, nil},

	{"legal_owner", "ledger", "distributed", insertOnly, nil},
	{"bank_account", "ledger", "distributed", insertOnly, nil},
	{"book", "ledger", "distributed", insertOnly, nil},
	{"account", "ledger", "distributed", insertOnly, nil},
	{"entry", "ledger", "distributed", insertOnly, nil},
	{"entry_reversal", "ledger", "distributed", insertOnly, nil},
	{"period_event", "ledger", "distributed", insertOnly, nil},
	{"entry_sequence", "ledger", "distributed", insertOnly, nil},
	{"ledger_tail", "ledger", "distributed", mutable, []string{"rolled_xid", "last_sequence"}},
	{"turnover", "ledger", "distributed", mutable, []string{"debit", "credit"}},
	{"holding", "ledger", "distributed", mutable, []string{"balance"}},
	{"voucher", "ledger", "distributed", insertOnly, nil},

	{"charge_item", "receivable", "reference", nil, nil},
	{"charge", "receivable", "distributed", mutable, []string{"state", "settled"}},
	{"counter", "receivable", "distributed", mutable, []string{"closed_on"}},
	{"receipt_series", "receivable", "distributed", mutable, []string{"last_number"}},
	{"payment", "receivable", "distributed", insertOnly, nil},
	{"payment_reversal", "receivable", "distributed", insertOnly, nil},
	{"allocation", "receivable", "distributed", insertOnly, nil},
	{"receipt", "receivable", "distributed", insertOnly, nil},

	{"fee_rate", "billing", "distributed", insertOnly, nil},
	{"bill_run", "billing", "distributed", mutable, nil},
	{"bill_run_exclusion", "billing", "distributed", passing, nil},

	{"progress", "jobs", "local", passing, nil},
	{"ticker_run", "jobs", "local", passing, nil},
}
