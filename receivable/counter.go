package receivable

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"estateledger/access"
	"estateledger/civil"
	"estateledger/estate"
	"estateledger/fault"
	"estateledger/ledger"
	"estateledger/postgres"
)

// Counter is a cash desk of an estate's book.
type Counter struct {
	CounterID int64  `db:"counter_id" json:"counter_id,string"`
	Code      string `db:"code" json:"code"`
	Name      string `db:"name" json:"name"`
	BookID    int64  `db:"book_id" json:"book_id,string"`
	PlaceNode int64  `db:"place_node_id" json:"-"`
}

// BookInfo is the book an estate is billed in.
type BookInfo struct {
	BookID    int64  `db:"book_id" json:"book_id,string"`
	NodeID    int64  `db:"node_id" json:"-"`
	PlaceNode int64  `db:"place_node_id" json:"-"`
	Name      string `db:"name" json:"name"`
}

// BookOf is the book of the company that manages the estate on a day, by the
// estate's scope node; receivable.no_book when nobody has taken it over.
func BookOf(ctx context.Context, r postgres.Reader, district, estateNode int64, on civil.Date) (BookInfo, error) {
	var b BookInfo
	err := r.Get(ctx, &b, queries.Get("company_book"), map[string]any{"district": district, "node": estateNode, "on": on})
	if errors.Is(err, postgres.ErrNoRow) {
		return b, fault.Conflict("receivable.no_book", "这个小区还没有接管,没有账本可以收费。请先办理接管。")
	}
	return b, err
}

// Opener opens what a company needs to collect in an estate it has taken over:
// its book, a cash box, the bank and the channel account, and the first counter.
// It listens to takeovers.
type Opener struct{}

// EstateTakenOver opens book and counter in the act of the takeover. A company
// that comes back finds its old book.
func (Opener) EstateTakenOver(ctx context.Context, tx postgres.Tx, act *access.Record, t estate.TakenOver) error {
	_, err := OpenAtTakeover(ctx, tx, act, t)
	return err
}

// OpenAtTakeover is what Opener does; it answers the estate's first counter.
func OpenAtTakeover(ctx context.Context, tx postgres.Tx, act *access.Record, t estate.TakenOver) (Counter, error) {
	book, err := ledger.Open(ctx, tx, act, ledger.NewBook{
		Owner: ledger.LegalOwner{Kind: ledger.CompanyOwner, Name: t.CompanyName, Node: t.CompanyNode},
		Kind:  ledger.CompanyEstate, Name: t.EstateName + "企业账", Place: t.EstateNode,
		Watchers: []int64{t.CommunityNode}, OpenedOn: t.EntryDate,
	})
	if err != nil {
		return Counter{}, err
	}
	there, err := counterIn(ctx, tx, act.District, book.Book)
	if err != nil || there.CounterID != 0 {
		return there, err
	}
	return openCounter(ctx, tx, act, book.LegalOwner, book.Book, fmt.Sprintf("E%d-01", t.EstateID), t.EstateName+"柜台")
}

// counterIn is the first counter of a book; without one its id is 0.
func counterIn(ctx context.Context, tx postgres.Tx, district, book int64) (Counter, error) {
	var c Counter
	err := tx.Get(ctx, &c, queries.Get("first_counter"), map[string]any{"district": district, "book": book})
	if errors.Is(err, postgres.ErrNoRow) {
		return Counter{}, nil
	}
	return c, err
}

// openCounter opens a counter with a cash box of its own; the bank and channel
// accounts are shared by the counters of one owner.
func openCounter(ctx context.Context, tx postgres.Tx, act *access.Record, owner, book int64, code, name string) (Counter, error) {
	arg := map[string]any{"district": act.District, "owner": owner, "book": book, "code": code, "name": name}
	for _, a := range []struct {
		param, name string
		kind        ledger.BankAccountKind
	}{
		{"cash", name + "现金 " + code, ledger.CashBox},
		{"bank", "基本户", ledger.BankDeposit},
		{"clearing", "微信、支付宝与刷卡待到账", ledger.ChannelAccount},
	} {
		id, err := ledger.EnsureBankAccount(ctx, tx, act, owner, a.kind, a.name, "")
		if err != nil {
			return Counter{}, err
		}
		arg[a.param] = id
	}
	c := Counter{Code: code, Name: name, BookID: book}
	err := tx.Get(ctx, &c.CounterID, queries.Get("insert_counter"), arg)
	if postgres.Violates(err, "counter_code") {
		return c, fault.Conflict("receivable.counter_code_taken", "这个柜台编号已经用过,收据编号会混淆,请换一个。").At("code")
	}
	return c, err
}

// OpenCounterRequest opens one more counter for an estate.
type OpenCounterRequest struct {
	EstateNode int64  `json:"-"`
	Code       string `json:"code"`
	Name       string `json:"name"`
}

var counterCode = regexp.MustCompile(`^[A-Z0-9]{1,8}(-[A-Z0-9]{1,4})?$`)

// OpenCounter opens a counter; its code stands in the receipt numbers. Codes
// receivable.counter_code_invalid, receivable.counter_code_taken.
func OpenCounter(ctx context.Context, g *access.Gate, actor access.Actor, district int64, key string, req OpenCounterRequest) (access.Outcome[Counter], error) {
	if !counterCode.MatchString(req.Code) {
		return access.Outcome[Counter]{}, fault.Invalid("receivable.counter_code_invalid", "柜台编号用大写字母和数字,例如 AH-02。").At("code")
	}
	if strings.TrimSpace(req.Name) == "" {
		return access.Outcome[Counter]{}, fault.Invalid("receivable.counter_name_missing", "请填柜台名称。").At("name")
	}
	cmd := access.Command{Actor: actor, District: district, Node: req.EstateNode, Permission: access.CounterManage,
		UseCase: "receivable.open_counter", Key: key, Request: struct {
			Node       int64
			Code, Name string
		}{req.EstateNode, req.Code, req.Name}}
	return access.Act(ctx, g, cmd, func(ctx context.Context, tx postgres.Tx, act *access.Record) (Counter, error) {
		book, err := BookOf(ctx, tx, district, req.EstateNode, act.Today)
		if err != nil {
			return Counter{}, err
		}
		var owner struct {
			ID   int64  `db:"legal_owner_id"`
			Name string `db:"name"`
		}
		if err := tx.Get(ctx, &owner, queries.Get("counter_owner"), map[string]any{"district": district, "book": book.BookID}); err != nil {
			return Counter{}, err
		}
		return openCounter(ctx, tx, act, owner.ID, book.BookID, req.Code, req.Name)
	})
}

// CountersAt lists the open counters of an estate, by its scope node.
func CountersAt(ctx context.Context, r postgres.Reader, s access.Scope, estateNode int64) ([]Counter, error) {
	var counters []Counter
	err := r.Select(ctx, &counters, queries.Get("counters_at"), struct {
		access.Scope
		Node int64 `db:"node"`
	}{s, estateNode})
	return counters, err
}
