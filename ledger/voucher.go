package ledger

import (
	"context"
	"errors"
	"strings"

	"estateledger/access"
	"estateledger/civil"
	"estateledger/fault"
	"estateledger/ledger/money"
	"estateledger/postgres"
)

// VoucherLine moves an amount from one account to another, by slug.
type VoucherLine struct {
	Debit  string     `json:"debit"`
	Credit string     `json:"credit"`
	Amount money.Yuan `json:"amount"`
}

// VoucherRequest books an expense or another movement by hand, with its paper.
type VoucherRequest struct {
	Book         int64         `json:"book_id,string"`
	BusinessDate civil.Date    `json:"business_date"`
	Summary      string        `json:"summary"`
	Paper        string        `json:"paper"`
	Lines        []VoucherLine `json:"lines"`
}

// VoucherPosted is the answer: the voucher and the day it was posted on.
type VoucherPosted struct {
	Voucher     int64      `json:"voucher_id,string"`
	PostingDate civil.Date `json:"posting_date"`
	Total       money.Yuan `json:"total"`
}

// byHand are the accounts a voucher may touch. Receivables, prepayments and
// income from bills move only through their own documents, else a household's
// debt and the books would part.
var byHand = map[string]bool{
	Cash: true, Bank: true, Clearing: true, ServiceCost: true, AdminExpense: true, OtherIncome: true, OutputTax: true,
}

// PostVoucher books a voucher. The business date may lie in a closed month: it
// is then posted in the open one.
func PostVoucher(ctx context.Context, g *access.Gate, actor access.Actor, district int64, key string, req VoucherRequest) (access.Outcome[VoucherPosted], error) {
	var none access.Outcome[VoucherPosted]
	if err := req.check(); err != nil {
		return none, err
	}
	var node int64
	err := access.View(ctx, g, func(ctx context.Context, r postgres.Reader) error {
		var err error
		node, err = BookNode(ctx, r, district, req.Book)
		return err
	})
	if err != nil {
		return none, err
	}
	cmd := access.Command{Actor: actor, District: district, Node: node, Permission: access.VoucherPost,
		UseCase: "ledger.post_voucher", Key: key, Request: req}
	return access.Act(ctx, g, cmd, func(ctx context.Context, tx postgres.Tx, act *access.Record) (VoucherPosted, error) {
		return postVoucher(ctx, tx, act, req)
	})
}

func postVoucher(ctx context.Context, tx postgres.Tx, act *access.Record, req VoucherRequest) (VoucherPosted, error) {
	if req.BusinessDate.After(act.Today) {
		return VoucherPosted{}, fault.Invalid("ledger.date_in_future", "业务日期在将来,不能记账。").At("business_date")
	}
	posting, err := PostingDate(ctx, tx, act, req.Book, req.BusinessDate)
	if err != nil {
		return VoucherPosted{}, err
	}
	accounts, err := Accounts(ctx, tx, act.District, req.Book)
	if err != nil {
		return VoucherPosted{}, err
	}
	posted := VoucherPosted{PostingDate: posting}
	err = tx.Get(ctx, &posted.Voucher, queries.Get("insert_voucher"), map[string]any{
		"district": act.District, "book": req.Book, "business": req.BusinessDate, "summary": req.Summary,
		"paper": req.Paper, "user": act.Actor.UserID, "act": act.ActID,
	})
	if err != nil {
		return VoucherPosted{}, err
	}
	for _, line := range req.Lines {
		_, err := Post(ctx, tx, act, Movement{Book: req.Book, Debit: accounts[line.Debit], Credit: accounts[line.Credit],
			Amount: line.Amount, Business: req.BusinessDate, Posting: posting, Kind: FromVoucher, Source: posted.Voucher})
		if err != nil {
			return VoucherPosted{}, err
		}
		posted.Total = posted.Total.Add(line.Amount)
	}
	act.After(posted)
	return posted, nil
}

func (req VoucherRequest) check() error {
	if strings.TrimSpace(req.Summary) == "" {
		return fault.Invalid("ledger.summary_missing", "请写摘要:这笔钱用在哪里。").At("summary")
	}
	if req.BusinessDate.IsZero() {
		return fault.Invalid("ledger.date_missing", "请填业务日期。").At("business_date")
	}
	if req.BusinessDate.Before(civil.On(2000, 1, 1)) {
		return fault.Invalid("ledger.date_too_early", "业务日期早于 2000 年，请检查。").At("business_date")
	}
	if len(req.Lines) == 0 {
		return fault.Invalid("ledger.no_lines", "凭证至少要有一行。").At("lines")
	}
	for _, line := range req.Lines {
		if !byHand[line.Debit] || !byHand[line.Credit] {
			return fault.Invalid("ledger.account_not_by_hand", "应收、预收和物业费收入只随账单和收款变动,不能手工记账。").At("lines")
		}
		if line.Debit == line.Credit {
			return fault.Invalid("ledger.same_account", "借方和贷方不能是同一个科目。").At("lines")
		}
		if line.Amount.Sign() <= 0 {
			return fault.Invalid("ledger.amount_not_positive", "金额要大于零。").At("amount")
		}
	}
	return nil
}

// Voucher is a voucher as its page shows it.
type Voucher struct {
	VoucherID    int64      `db:"voucher_id" json:"voucher_id,string"`
	BusinessDate civil.Date `db:"business_date" json:"business_date"`
	Summary      string     `db:"summary" json:"summary"`
	Paper        string     `db:"paper" json:"paper"`
	UserName     string     `db:"user_name" json:"user_name"`
	ActID        int64      `db:"act_id" json:"act_id,string"`
}

// VoucherOf is one voucher; ledger.voucher_not_found when it is not there or
// not the viewer's.
func VoucherOf(ctx context.Context, r postgres.Reader, s access.Scope, id int64) (Voucher, error) {
	var v Voucher
	err := r.Get(ctx, &v, queries.Get("voucher"), struct {
		access.Scope
		Voucher int64 `db:"voucher"`
	}{s, id})
	if errors.Is(err, postgres.ErrNoRow) {
		return v, fault.NotFound("ledger.voucher_not_found", "没有这张凭证,或您不能查看它。")
	}
	return v, err
}
