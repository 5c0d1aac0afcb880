package receivable

import (
	"context"
	"strings"

	"estateledger/access"
	"estateledger/civil"
	"estateledger/estate"
	"estateledger/ledger/money"
	"estateledger/postgres"
)

// ReceiptSearch chooses receipts by day of payment. EstateNode 0 is every estate
// the viewer may see; zero counter, channel and text do not restrict. Text is a
// part of the receipt's number or the beginning of a room number. Before is the
// last payment of the page before.
type ReceiptSearch struct {
	EstateNode int64
	Period     civil.Period
	Counter    int64
	Channel    Channel
	Text       string
	Before     int64
	Limit      int
}

type receiptSearchArg struct {
	access.Scope
	Node    int64      `db:"node"`
	From    civil.Date `db:"from"`
	To      civil.Date `db:"to"`
	Counter int64      `db:"counter"`
	Channel Channel    `db:"channel"`
	Text    string     `db:"text"`
	Code    string     `db:"code"`
	Before  int64      `db:"before_payment"`
	Limit   int        `db:"limit"`
}

func (f ReceiptSearch) arg(s access.Scope) receiptSearchArg {
	text := strings.TrimSpace(f.Text)
	return receiptSearchArg{s, f.EstateNode, f.Period.From, f.Period.To, f.Counter, f.Channel, text, roomCode(text), f.Before, f.Limit}
}

// roomCode is the normal form of a room number as people write it, or the text
// itself when it is none.
func roomCode(text string) string {
	if n, err := estate.ParseRoom(text); err == nil {
		return n.Code()
	}
	return text
}

// ReceiptRow is a receipt of a list with its owners and what it was for; First
// and Last are zero when it was all prepayment.
type ReceiptRow struct {
	Receipt
	Owners string     `db:"owners"`
	Items  string     `db:"items"`
	First  civil.Date `db:"first_day"`
	Last   civil.Date `db:"last_day"`
}

// PaidBy is the payer, or the owners when nobody else was named.
func (r ReceiptRow) PaidBy() string {
	if r.Payer != "" {
		return r.Payer
	}
	return r.Owners
}

// FindReceipts lists the receipts that a search chooses, newest first.
func FindReceipts(ctx context.Context, r postgres.Reader, s access.Scope, f ReceiptSearch) ([]ReceiptRow, error) {
	var rows []ReceiptRow
	err := r.Select(ctx, &rows, queries.Get("receipt_list"), f.arg(s))
	return rows, err
}

// ReceiptSum is what a channel brought: receipts that stand, and reversed ones.
type ReceiptSum struct {
	Channel     Channel    `db:"channel"`
	Count       int        `db:"count"`
	Amount      money.Yuan `db:"amount"`
	VoidedCount int        `db:"voided_count"`
	Voided      money.Yuan `db:"voided"`
}

// ReceiptSums adds up all receipts that a search chooses, whatever its page.
func ReceiptSums(ctx context.Context, r postgres.Reader, s access.Scope, f ReceiptSearch) ([]ReceiptSum, error) {
	var sums []ReceiptSum
	err := r.Select(ctx, &sums, queries.Get("receipt_sums"), f.arg(s))
	return sums, err
}

// CountersSeen lists the counters, closed ones too, of an estate, or of all the
// viewer may see (node 0).
func CountersSeen(ctx context.Context, r postgres.Reader, s access.Scope, estateNode int64) ([]Counter, error) {
	var counters []Counter
	err := r.Select(ctx, &counters, queries.Get("counter_list"), struct {
		access.Scope
		Node int64 `db:"node"`
	}{s, estateNode})
	return counters, err
}
