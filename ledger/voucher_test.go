package ledger_test

import (
	"context"
	"fmt"
	"testing"

	"estateledger/access"
	"estateledger/civil"
	"estateledger/estate/estatetest"
	"estateledger/ledger"
	"estateledger/ledger/money"
	"estateledger/postgres"
)

func TestAVoucherIsPostedWithItsPaper(t *testing.T) {
	b := newBooks(t)
	req := b.request("2026-06-10", ledger.ServiceCost, ledger.Cash, "88.00")
	req.Lines = append(req.Lines, ledger.VoucherLine{Debit: ledger.AdminExpense, Credit: ledger.Bank, Amount: money.MustYuan("12.50")})
	out, err := ledger.PostVoucher(context.Background(), b.Gate, b.accountant, b.District, estatetest.Key(), req)
	b.must(err)
	same(t, "total", out.Result.Total.String(), "100.50")
	same(t, "posting date", out.Result.PostingDate, day("2026-06-10"))
	lines := b.journal()
	same(t, "entries", len(lines), 2)
	for i, want := range []string{"主营业务成本 库存现金 88.00", "管理费用 银行存款 12.50"} {
		l := lines[i]
		same(t, "entry", fmt.Sprintf("%s %s %s", l.DebitName, l.CreditName, l.Amount), want)
		same(t, "document", l.SourceKind == ledger.FromVoucher && l.SourceID == out.Result.Voucher && l.ActID == out.ActID, true)
	}
	b.view(b.accountant, func(ctx context.Context, r postgres.Reader, s access.Scope) error {
		v, err := ledger.VoucherOf(ctx, r, s, out.Result.Voucher)
		same(t, "voucher", v.Summary+" "+v.Paper+" "+v.UserName+" "+v.BusinessDate.String(), "保洁用品 发票 0123 会计 2026-06-10")
		of, err2 := ledger.EntriesOfAct(ctx, r, s, b.book, out.ActID)
		same(t, "entries of the act", len(of), 2)
		b.must(err2)
		return err
	})
}

func TestVoucherRefusals(t *testing.T) {
	b := newBooks(t)
	post := func(actor access.Actor, req ledger.VoucherRequest) error {
		_, err := ledger.PostVoucher(context.Background(), b.Gate, actor, b.District, estatetest.Key(), req)
		return err
	}
	line := func(debit, credit, amount string) func(*ledger.VoucherRequest) {
		return func(r *ledger.VoucherRequest) {
			r.Lines = append(r.Lines, ledger.VoucherLine{Debit: debit, Credit: credit, Amount: money.MustYuan(amount)})
		}
	}
	for _, c := range []struct {
		what, code, field string
		change            func(*ledger.VoucherRequest)
	}{
		{"no summary", "ledger.summary_missing", "summary", func(r *ledger.VoucherRequest) { r.Summary = " \n" }},
		{"no date", "ledger.date_missing", "business_date", func(r *ledger.VoucherRequest) { r.BusinessDate = civil.Date{} }},
		{"tomorrow", "ledger.date_in_future", "business_date", func(r *ledger.VoucherRequest) { r.BusinessDate = day("2026-06-21") }},
		{"another century", "ledger.date_too_early", "business_date", func(r *ledger.VoucherRequest) { r.BusinessDate = day("1999-12-31") }},
		{"no lines", "ledger.no_lines", "lines", func(r *ledger.VoucherRequest) { r.Lines = nil }},
		{"a household's debt", "ledger.account_not_by_hand", "lines", line(ledger.Cash, ledger.Receivable, "1.00")},
		{"a household's prepayment", "ledger.account_not_by_hand", "lines", line(ledger.Prepayment, ledger.Cash, "1.00")},
		{"income of bills", "ledger.account_not_by_hand", "lines", line(ledger.Cash, ledger.ServiceIncome, "1.00")},
		{"an unknown account", "ledger.account_not_by_hand", "lines", line("gold", ledger.Cash, "1.00")},
		{"one account with itself", "ledger.same_account", "lines", line(ledger.Cash, ledger.Cash, "1.00")},
		{"nothing", "ledger.amount_not_positive", "amount", line(ledger.ServiceCost, ledger.Cash, "0.00")},
		{"less than nothing", "ledger.amount_not_positive", "amount", line(ledger.ServiceCost, ledger.Cash, "-5.00")},
		{"no such book", "ledger.book_not_found", "", func(r *ledger.VoucherRequest) { r.Book = 999999 }},
	} {
		t.Run(c.what, func(t *testing.T) {
			req := b.request("2026-06-10", ledger.ServiceCost, ledger.Cash, "88.00")
			c.change(&req)
			refused(t, post(b.accountant, req), c.code, c.field)
		})
	}
	for what, actor := range map[string]access.Actor{"the cashier": b.cashier, "the manager": b.manager, "the sub-district": b.Actors[access.SubDistrictRole],
		"another company's accountant": b.Foreign.Actors[access.CompanyAccountant]} {
		t.Run(what, func(t *testing.T) {
			refused(t, post(actor, b.request("2026-06-10", ledger.ServiceCost, ledger.Cash, "88.00")), "access.forbidden", "")
		})
	}
	same(t, "entries", len(b.journal()), 0)
}

func TestAVoucherOfAClosedMonthIsPostedInTheOpenOne(t *testing.T) {
	b := newBooks(t)
	b.voucher("2026-05-10", ledger.ServiceCost, ledger.Cash, "10.00")
	_, err := b.closeMonth("2026-05")
	b.must(err)
	for _, business := range []string{"2026-05-31", "2026-03-15"} { // March was passed over: it is closed with May
		posted := b.voucher(business, ledger.ServiceCost, ledger.Cash, "5.00")
		same(t, business, posted.PostingDate, day("2026-06-20"))
	}
	same(t, "May", b.balance(ledger.Cash, "2026-05-31"), "-10.00")
	same(t, "June", b.balance(ledger.Cash, "2026-06-30"), "-20.00")
	last := b.journal()[2]
	same(t, "business date", last.BusinessDate, day("2026-03-15"))
	// When today's month is closed too, the first open one takes it.
	b.Clock.SetDay(day("2026-07-02"))
	_, err = b.closeMonth("2026-06")
	b.must(err)
	b.Clock.SetDay(day("2026-06-25"))
	same(t, "a clock behind the books", b.voucher("2026-06-25", ledger.ServiceCost, ledger.Cash, "1.00").PostingDate, day("2026-07-01"))
}

func TestAVoucherIsBookedOnceByKey(t *testing.T) {
	b := newBooks(t)
	ctx, key, req := context.Background(), estatetest.Key(), b.request("2026-06-10", ledger.ServiceCost, ledger.Cash, "88.00")
	first, err := ledger.PostVoucher(ctx, b.Gate, b.accountant, b.District, key, req)
	b.must(err)
	again, err := ledger.PostVoucher(ctx, b.Gate, b.accountant, b.District, key, req)
	b.must(err)
	same(t, "replayed", again.Replayed && again.Result.Voucher == first.Result.Voucher, true)
	req.Paper = "发票 0124"
	_, err = ledger.PostVoucher(ctx, b.Gate, b.accountant, b.District, key, req)
	refused(t, err, "access.key_reused", "")
	same(t, "entries", len(b.journal()), 1)
}

func TestAReversalIsLinkedAndNeverReversed(t *testing.T) {
	b := newBooks(t)
	entry, _, err := b.post(ledger.Cash, 0, ledger.OpeningEquity, 0, "100.00", "2026-05-10")
	b.must(err)
	_, err = b.closeMonth("2026-05")
	b.must(err)
	b.must(b.reverse("2026-05-10", entry))
	lines := b.journal()
	same(t, "entries", len(lines), 2)
	same(t, "linked", lines[0].ReversalEntry == lines[1].EntryID && lines[1].ReversedEntry == entry, true)
	same(t, "same sides, in red", lines[1].DebitAccountID == lines[0].DebitAccountID && lines[1].Amount.String() == "-100.00", true)
	same(t, "in the open month", lines[1].PostingDate, day("2026-06-20"))
	if err := b.reverse("2026-06-20", lines[1].EntryID); !postgresRefuses(err, "23514") {
		t.Errorf("a reversal was reversed: %v", err)
	}
	if err := b.reverse("2026-06-20", entry); !postgresRefuses(err, "23505") {
		t.Errorf("an entry was reversed twice: %v", err)
	}
	same(t, "entries", len(b.journal()), 2)
	same(t, "cash", b.balance(ledger.Cash, "2026-06-30"), "0.00")
}

func TestAReversalIsNotPostedBeforeItsOriginal(t *testing.T) {
	b := newBooks(t)
	var entry int64
	b.must(b.act(func(ctx context.Context, tx postgres.Tx, act *access.Record) (err error) {
		entry, err = ledger.Post(ctx, tx, act, ledger.Movement{Book: b.book, Debit: b.accounts[ledger.Cash], Credit: b.accounts[ledger.OpeningEquity],
			Amount: money.MustYuan("7.00"), Business: day("2026-08-01"), Posting: day("2026-08-01"), Kind: ledger.FromOpening, Source: 1})
		return err
	}))
	b.must(b.reverse("2026-06-20", entry))
	same(t, "posting date", b.journal()[1].PostingDate, day("2026-08-01"))
	same(t, "July", b.balance(ledger.Cash, "2026-07-31"), "0.00")
}

// A holding is a condition: it moves with its entries and never falls below zero.
func TestAHoldingMovesWithItsEntries(t *testing.T) {
	b := newBooks(t)
	holding := func() string {
		var y money.Yuan
		b.sql(&y, "holding", map[string]any{"district": b.District, "account": b.accounts[ledger.Prepayment], "dimension": b.unit})
		return y.String()
	}
	in, _, err := b.post(ledger.Cash, 0, ledger.Prepayment, b.unit, "100.00", "2026-06-01")
	b.must(err)
	_, _, err = b.post(ledger.Prepayment, b.unit, ledger.Receivable, b.unit, "30.00", "2026-06-02")
	b.must(err)
	same(t, "held", holding(), "70.00")
	if _, _, err := b.post(ledger.Prepayment, b.unit, ledger.Receivable, b.unit, "70.01", "2026-06-03"); !postgres.Violates(err, "holding_not_negative") {
		t.Errorf("more was taken than is held: %v", err)
	}
	if err := b.reverse("2026-06-03", in); !postgres.Violates(err, "holding_not_negative") {
		t.Errorf("money that is spent was taken back: %v", err)
	}
	same(t, "held", holding(), "70.00")
	out := b.journal()[1].EntryID
	b.must(b.reverse("2026-06-03", out))
	b.must(b.reverse("2026-06-03", in))
	same(t, "held", holding(), "0.00")
}
