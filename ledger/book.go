package ledger

import (
	"context"
	"errors"

	"estateledger/access"
	"estateledger/civil"
	"estateledger/fault"
	"estateledger/postgres"
)

// OwnerKind says what kind of legal person owns money.
type OwnerKind string

// The kinds of legal owners.
const (
	CompanyOwner     OwnerKind = "company"
	OwnersOwner      OwnerKind = "owners"
	SubDistrictOwner OwnerKind = "sub_district"
)

// LegalOwner names the owner of a book and of bank accounts: the company, the
// owners of an estate, or the sub-district, by its scope node.
type LegalOwner struct {
	Kind OwnerKind
	Name string
	Node int64
}

// NewBook is what opening a book takes. Watchers are scope nodes besides the
// owner's from which the book may be seen, such as the estate's community.
type NewBook struct {
	Owner    LegalOwner
	Kind     BookKind
	Name     string
	Place    int64
	Watchers []int64
	OpenedOn civil.Date
}

// Opened is a book that was opened, with what a counter needs of it.
type Opened struct {
	Book       int64
	LegalOwner int64
	Node       int64
	Accounts   map[string]int64
}

// Open opens a book with the accounts of its kind. A book of the same owner,
// kind and place that is there already is answered as it is.
func Open(ctx context.Context, tx postgres.Tx, act *access.Record, n NewBook) (Opened, error) {
	chart, ok := Charts[n.Kind]
	if !ok {
		return Opened{}, fault.Invalid("ledger.no_chart", "这种账本还不能开立。").At("kind")
	}
	owner, err := ensureOwner(ctx, tx, act.District, n.Owner)
	if err != nil {
		return Opened{}, err
	}
	if _, err := tx.Exec(ctx, queries.Get("ensure_tail"), map[string]any{"district": act.District}); err != nil {
		return Opened{}, err
	}
	var there Book
	err = tx.Get(ctx, &there, queries.Get("book_at"), map[string]any{
		"district": act.District, "kind": string(n.Kind), "place": n.Place, "owner": owner,
	})
	if err == nil {
		accounts, err := Accounts(ctx, tx, act.District, there.BookID)
		return Opened{Book: there.BookID, LegalOwner: owner, Node: there.NodeID, Accounts: accounts}, err
	}
	if !errors.Is(err, postgres.ErrNoRow) {
		return Opened{}, err
	}
	return open(ctx, tx, act, n, owner, chart)
}

func open(ctx context.Context, tx postgres.Tx, act *access.Record, n NewBook, owner int64, chart []ChartLine) (Opened, error) {
	parents := append([]int64{n.Owner.Node}, n.Watchers...)
	node, err := access.AddNode(ctx, tx, act.District, access.BookNode, n.Name, parents, n.OpenedOn)
	if err != nil {
		return Opened{}, err
	}
	basis := "accrual"
	if n.Kind == Fund {
		basis = "cash" // 财会〔2020〕7号: the fund is kept on cash basis
	}
	o := Opened{LegalOwner: owner, Node: node}
	err = tx.Get(ctx, &o.Book, queries.Get("insert_book"), map[string]any{
		"district": act.District, "owner": owner, "kind": string(n.Kind), "basis": basis, "name": n.Name,
		"node": node, "place": n.Place, "opened_on": n.OpenedOn, "act": act.ActID,
	})
	if err != nil {
		return Opened{}, err
	}
	var slugs, names, kinds, codes []string
	var holdings []bool
	for _, line := range chart {
		slugs, names, kinds = append(slugs, line.Slug), append(names, line.Name), append(kinds, string(line.Kind))
		codes, holdings = append(codes, line.OfficialCode), append(holdings, line.Holding)
	}
	_, err = tx.Exec(ctx, queries.Get("insert_accounts"), map[string]any{
		"district": act.District, "book": o.Book, "slugs": slugs, "names": names, "kinds": kinds, "codes": codes, "holdings": holdings,
	})
	if err != nil {
		return Opened{}, err
	}
	o.Accounts, err = Accounts(ctx, tx, act.District, o.Book)
	return o, err
}

func ensureOwner(ctx context.Context, tx postgres.Tx, district int64, o LegalOwner) (int64, error) {
	arg := map[string]any{"district": district, "kind": string(o.Kind), "node": o.Node, "name": o.Name}
	var id int64
	err := tx.Get(ctx, &id, queries.Get("legal_owner_of"), arg)
	if errors.Is(err, postgres.ErrNoRow) {
		err = tx.Get(ctx, &id, queries.Get("insert_legal_owner"), arg)
	}
	return id, err
}

// BankAccountKind says where the money of an account lies.
type BankAccountKind string

// The kinds of bank accounts; a cash box is one.
const (
	CashBox        BankAccountKind = "cash"
	BankDeposit    BankAccountKind = "bank"
	ChannelAccount BankAccountKind = "clearing" // WeChat, Alipay, card terminal until it arrives
)

// EnsureBankAccount opens a bank account of a legal owner, or answers the one
// of that name. One account may serve several books of its owner.
func EnsureBankAccount(ctx context.Context, tx postgres.Tx, act *access.Record, owner int64, kind BankAccountKind, name, numberTail string) (int64, error) {
	arg := map[string]any{"district": act.District, "owner": owner, "kind": string(kind), "name": name, "number_tail": numberTail}
	var id int64
	err := tx.Get(ctx, &id, queries.Get("bank_account_named"), arg)
	if errors.Is(err, postgres.ErrNoRow) {
		err = tx.Get(ctx, &id, queries.Get("insert_bank_account"), arg)
	}
	return id, err
}
