package ledger_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"estateledger/access"
	"estateledger/civil"
	"estateledger/estate/estatetest"
	"estateledger/ledger"
	"estateledger/ledger/money"
	"estateledger/postgres"
)

func TestMonthsCloseInOrder(t *testing.T) {
	b := newBooks(t)
	b.voucher("2026-03-10", ledger.ServiceCost, ledger.Cash, "10.00")
	b.voucher("2026-05-10", ledger.ServiceCost, ledger.Cash, "20.00")
	b.voucher("2026-05-11", ledger.ServiceCost, ledger.Cash, "2.50")
	_, err := b.closeMonth("2026-05")
	refused(t, err, "ledger.earlier_month_open", "month")
	_, err = b.closeMonth("2026-06")
	refused(t, err, "ledger.month_not_over", "month")
	_, err = b.closeMonth("2026-03")
	b.must(err)
	may, err := b.closeMonth("2026-05") // April holds nothing
	b.must(err)
	same(t, "May", fmt.Sprintf("%s %v %d %s", may.Month, may.Closed, may.Entries, may.Total), "2026-05 true 2 22.50")
	for _, m := range []string{"2026-05", "2026-04", "2026-03"} {
		_, err = b.closeMonth(m)
		refused(t, err, "ledger.already_closed", "month")
	}
}

func TestAMonthIsOverAfterItsLastDay(t *testing.T) {
	b := newBooks(t)
	b.Clock.SetDay(day("2026-06-30"))
	_, err := b.closeMonth("2026-06")
	refused(t, err, "ledger.month_not_over", "month")
	b.Clock.SetDay(day("2026-07-01"))
	state, err := b.closeMonth("2026-06")
	b.must(err)
	same(t, "an empty month", state.Entries, 0)
}

func TestReopenOnlyTheLastClosedMonth(t *testing.T) {
	b := newBooks(t)
	b.voucher("2026-03-10", ledger.ServiceCost, ledger.Cash, "10.00")
	_, err := b.reopen("2026-03", "还没结过")
	refused(t, err, "ledger.not_last_closed", "month")
	for _, m := range []string{"2026-03", "2026-04"} {
		_, err := b.closeMonth(m)
		b.must(err)
	}
	_, err = b.reopen("2026-04", "  ")
	refused(t, err, "ledger.reason_missing", "reason")
	_, err = b.reopen("2026-03", "跳过四月")
	refused(t, err, "ledger.not_last_closed", "month")
	_, err = b.reopen("2026-04", "漏记电费")
	b.must(err)
	same(t, "posted into April again", b.voucher("2026-04-15", ledger.ServiceCost, ledger.Cash, "3.00").PostingDate, day("2026-04-15"))
	same(t, "March stays closed", b.voucher("2026-03-15", ledger.ServiceCost, ledger.Cash, "4.00").PostingDate, day("2026-06-20"))
	again, err := b.closeMonth("2026-04")
	b.must(err)
	same(t, "April", again.Entries, 1)

	var events []string
	b.view(b.accountant, func(ctx context.Context, r postgres.Reader, s access.Scope) error {
		list, err := ledger.PeriodEvents(ctx, r, s, b.book)
		for _, e := range list {
			events = append(events, fmt.Sprintf("%s %d %v %d %s%s by %s", e.Month, e.EventNo, e.Closed, e.Entries, e.Total, e.Reason, e.UserName))
		}
		return err
	})
	same(t, "events", strings.Join(events, "; "), "2026-04 3 true 1 3.00 by 会计; 2026-04 2 false 0 0.00漏记电费 by 项目经理; "+
		"2026-04 1 true 0 0.00 by 会计; 2026-03 1 true 1 10.00 by 会计")
	b.view(b.accountant, func(ctx context.Context, r postgres.Reader, s access.Scope) error {
		book, err := ledger.BookOf(ctx, r, s, b.book)
		same(t, "closed through", book.ClosedThrough, month("2026-04"))
		return err
	})
}

func TestPeriodRefusals(t *testing.T) {
	b := newBooks(t)
	ctx := context.Background()
	request := ledger.CloseRequest{Book: b.book, Month: month("2026-05"), Reason: "理由"}
	for what, actor := range map[string]access.Actor{"the manager": b.manager, "the cashier": b.cashier,
		"another company's accountant": b.Foreign.Actors[access.CompanyAccountant]} {
		t.Run(what, func(t *testing.T) {
			_, err := ledger.Close(ctx, b.Gate, actor, b.District, estatetest.Key(), request)
			refused(t, err, "access.forbidden", "")
		})
	}
	for what, actor := range map[string]access.Actor{"the accountant": b.accountant, "another company's manager": b.Foreign.Actors[access.CompanyManager]} {
		t.Run(what, func(t *testing.T) {
			_, err := ledger.Reopen(ctx, b.Gate, actor, b.District, estatetest.Key(), request)
			refused(t, err, "access.forbidden", "")
		})
	}
	_, err := ledger.Close(ctx, b.Gate, b.accountant, b.District, estatetest.Key(), ledger.CloseRequest{Book: b.book, Month: civil.Month{}})
	refused(t, err, "ledger.month_missing", "month")
	_, err = ledger.Close(ctx, b.Gate, b.accountant, b.District, estatetest.Key(), ledger.CloseRequest{Book: 999999, Month: month("2026-05")})
	refused(t, err, "ledger.book_not_found", "")
}

func TestTwoClerksCloseOneMonthAtOnce(t *testing.T) {
	b := newBooks(t)
	b.voucher("2026-05-10", ledger.ServiceCost, ledger.Cash, "20.00")
	closed := 0
	for _, err := range inParallel(4, func(int) error { _, err := b.closeMonth("2026-05"); return err }) {
		if err == nil {
			closed++
			continue
		}
		refused(t, err, "ledger.already_closed", "month")
	}
	same(t, "closed", closed, 1)
}

// A posting under way keeps its month open: the close waits for it and counts
// it; who comes after the close is posted in the open month.
func TestACloseWaitsForAPostingUnderWay(t *testing.T) {
	b := newBooks(t)
	posted, goOn := make(chan error, 1), make(chan struct{})
	early := make(chan error, 1)
	go func() {
		early <- b.act(func(ctx context.Context, tx postgres.Tx, act *access.Record) error {
			posting, err := ledger.PostingDate(ctx, tx, act, b.book, day("2026-05-31"))
			if err == nil {
				_, err = ledger.Post(ctx, tx, act, ledger.Movement{Book: b.book, Debit: b.accounts[ledger.Cash], Credit: b.accounts[ledger.OpeningEquity],
					Amount: money.MustYuan("11.00"), Business: day("2026-05-31"), Posting: posting, Kind: ledger.FromOpening, Source: 1})
			}
			posted <- err
			<-goOn
			return err
		})
	}()
	b.must(<-posted)

	var state ledger.PeriodState
	var closeErr, lateErr error
	var late civil.Date
	closed, lateDone := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(closed)
		state, closeErr = b.closeMonth("2026-05")
	}()
	b.untilWaiting(1, closed)
	go func() {
		defer close(lateDone)
		_, late, lateErr = b.post(ledger.Cash, 0, ledger.OpeningEquity, 0, "5.00", "2026-05-31")
	}()
	b.untilWaiting(2, lateDone)
	close(goOn)
	b.must(<-early)
	<-closed
	<-lateDone
	b.must(closeErr)
	b.must(lateErr)
	same(t, "the close counted what was under way", fmt.Sprint(state.Entries, " ", state.Total), "1 11.00")
	same(t, "who came later", late, day("2026-06-20"))
	same(t, "May", b.balance(ledger.Cash, "2026-05-31"), "11.00")
}
