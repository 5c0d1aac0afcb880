package receivable_test

import (
	"context"
	"fmt"
	"testing"

	"estateledger/access"
	"estateledger/estate"
	"estateledger/estate/estatetest"
	"estateledger/ledger"
	"estateledger/postgres"
	"estateledger/receivable"
)

func (d *desk) openCounter(actor access.Actor, h home, code, name string) (receivable.Counter, error) {
	out, err := receivable.OpenCounter(context.Background(), d.Gate, actor, d.District, estatetest.Key(),
		receivable.OpenCounterRequest{EstateNode: h.node, Code: code, Name: name})
	return out.Result, err
}

func (d *desk) counters(h home) (list []receivable.Counter) {
	d.t.Helper()
	d.view(d.System, func(ctx context.Context, r postgres.Reader, s access.Scope) (err error) {
		list, err = receivable.CountersAt(ctx, r, s, h.node)
		return err
	})
	return list
}

func TestATakeoverOpensBookAndCounter(t *testing.T) {
	d := newDesk(t)
	d.view(d.accountant, func(ctx context.Context, r postgres.Reader, s access.Scope) error {
		book, err := ledger.BookOf(ctx, r, s, d.book)
		same(t, "book", book.Name+" "+book.OwnerName+" "+book.PlaceName+" "+string(book.Kind), d.name+"企业账 惠民物业 "+d.name+" company_estate")
		same(t, "opened", book.OpenedOn, day("2025-01-01"))
		return err
	})
	list := d.counters(d.home)
	same(t, "counters", len(list), 1)
	same(t, "counter", list[0].Code+" "+list[0].Name, fmt.Sprintf("E%d-01 %s柜台", d.estate, d.name))
	d.view(d.Actors[access.SubDistrictRole], func(ctx context.Context, r postgres.Reader, s access.Scope) error {
		_, err := ledger.BookOf(ctx, r, s, d.book) // the community watches it
		return err
	})
}

func TestAnEstateThatNobodyTookOverHasNoBook(t *testing.T) {
	d := newDesk(t)
	made, err := d.Service.CreateEstate(context.Background(), d.System, estatetest.Key(), estate.CreateEstate{District: d.District,
		CommunityID: d.CommunityID, Facts: estate.Facts{Name: "无人村"}})
	d.must(err)
	err = access.View(context.Background(), d.Gate, func(ctx context.Context, r postgres.Reader) error {
		_, err := receivable.BookOf(ctx, r, d.District, made.Result.NodeID, d.Clock.Today())
		return err
	})
	refused(t, err, "receivable.no_book", "")
	_, err = d.openCounter(d.System, home{node: made.Result.NodeID}, "WR-01", "柜台")
	refused(t, err, "receivable.no_book", "")
}

func TestACounterHasItsOwnCashBox(t *testing.T) {
	d := newDesk(t)
	second, err := d.openCounter(d.accountant, d.home, fmt.Sprintf("B%d-02", d.estate), "二号柜台")
	d.must(err)
	same(t, "counters", len(d.counters(d.home)), 2)
	box := func(counter int64) (dimension int64) {
		req := d.request(d.units[0], "1.00")
		req.CounterID = counter
		out, err := d.take(req)
		d.must(err)
		d.sql(func(ctx context.Context, r postgres.Reader) error {
			return r.Get(ctx, &dimension, testQueries.Get("cash_dimension"), map[string]any{"district": d.District, "act": out.ActID})
		})
		return dimension
	}
	one, two := box(d.counter), box(second.CounterID)
	same(t, "another box", one != two && one != 0 && two != 0, true)
}

func TestCounterRefusals(t *testing.T) {
	d := newDesk(t)
	elsewhere := d.found(d.CompanyID)
	_, err := d.openCounter(d.manager, d.home, fmt.Sprintf("C%d-02", d.estate), "二号柜台")
	d.must(err)
	for _, c := range []struct {
		what, code, name, refusal, field string
		actor                            access.Actor
		at                               home
	}{
		{"small letters", "ah-02", "柜台", "receivable.counter_code_invalid", "code", d.manager, d.home},
		{"no code", "", "柜台", "receivable.counter_code_invalid", "code", d.manager, d.home},
		{"Chinese", "安和-02", "柜台", "receivable.counter_code_invalid", "code", d.manager, d.home},
		{"a long code", "ABCDEFGHI", "柜台", "receivable.counter_code_invalid", "code", d.manager, d.home},
		{"no name", "AH-03", " ", "receivable.counter_name_missing", "name", d.manager, d.home},
		{"a code that is taken", fmt.Sprintf("C%d-02", d.estate), "另一个", "receivable.counter_code_taken", "code", d.manager, d.home},
		{"taken in another estate of the company", fmt.Sprintf("C%d-02", d.estate), "另一个", "receivable.counter_code_taken", "code", d.manager, elsewhere},
		{"the cashier", "AH-04", "柜台", "access.forbidden", "", d.cashier, d.home},
		{"another company", "AH-05", "柜台", "access.forbidden", "", d.Foreign.Actors[access.CompanyManager], d.home},
	} {
		t.Run(c.what, func(t *testing.T) {
			_, err := d.openCounter(c.actor, c.at, c.code, c.name)
			refused(t, err, c.refusal, c.field)
		})
	}
	same(t, "counters", len(d.counters(d.home)), 2)
}

// Another company takes over: the former one's counter takes no more money, its
// book is closed to the new one, and when it comes back it finds its own book.
func TestACompanyThatComesBackFindsItsBook(t *testing.T) {
	d := newDesk(t)
	d.bill("2026-05")
	paid := d.pay(d.units[0], "60.00").Result
	owed := d.openCharges(d.units[1])[0].ChargeID
	d.takeOver(d.home, d.Foreign.CompanyID, "2026-06-10")
	book, counter := d.bookAndCounter(d.home, "2026-06-20")
	same(t, "a book and a counter of its own", book != d.book && counter != d.counter && counter != 0, true)
	newCashier := d.Foreign.Actors[access.CompanyCashier]
	pay := func(actor access.Actor, counter int64) error {
		req := d.request(d.units[0], "10.00")
		req.CounterID = counter
		_, err := d.counterDesk.Pay(context.Background(), actor, d.District, estatetest.Key(), req)
		return err
	}
	refused(t, pay(d.cashier, d.counter), "access.forbidden", "")
	refused(t, pay(newCashier, d.counter), "receivable.counter_not_here", "counter_id")
	d.must(pay(newCashier, counter))
	same(t, "the former company's cash", d.balanceBy(d.accountant, ledger.Cash, "2026-06-30"), "60.00")
	list := d.counters(d.home)
	same(t, "counters to choose from", len(list) == 1 && list[0].CounterID == counter, true)

	d.formerBooksStayClosed(paid.PaymentID, owed)

	d.takeOver(d.home, d.CompanyID, "2026-06-15")
	again, old := d.bookAndCounter(d.home, "2026-06-20")
	same(t, "its book", again, d.book)
	same(t, "its counter", old, d.counter)
	d.must(pay(d.cashier, d.counter))
}

// formerBooksStayClosed: the new company sees and undoes nothing of the former
// one's debts and money; the former one reads and corrects its own.
func (d *desk) formerBooksStayClosed(payment, charge int64) {
	d.t.Helper()
	incoming, leaving := d.Foreign.Actors[access.CompanyAccountant], d.accountant
	d.view(incoming, func(ctx context.Context, r postgres.Reader, s access.Scope) error {
		_, err := receivable.ReceiptOf(ctx, r, s, payment)
		refused(d.t, err, "receivable.receipt_not_found", "")
		_, err = receivable.ChargeOf(ctx, r, s, charge)
		refused(d.t, err, "receivable.charge_not_found", "")
		total, err := receivable.ArrearsTotalOf(ctx, r, s, d.node)
		same(d.t, "arrears the new company sees", total.Open.String(), "0.00")
		return err
	})
	d.view(leaving, func(ctx context.Context, r postgres.Reader, s access.Scope) error {
		total, err := receivable.ArrearsTotalOf(ctx, r, s, d.node)
		same(d.t, "arrears of the former company", total.Open.String(), "90.11")
		return err
	})
	reverse := func(actor access.Actor) error {
		_, err := receivable.ReversePayment(context.Background(), d.Gate, actor, d.District, estatetest.Key(),
			receivable.ReversePaymentRequest{PaymentID: payment, Reason: "收错了"})
		return err
	}
	refused(d.t, reverse(incoming), "access.forbidden", "")
	refused(d.t, d.reverseCharge(incoming, charge, "别家的账单"), "access.forbidden", "")
	d.must(d.reverseCharge(leaving, charge, "离场结清"))
	d.must(reverse(leaving))
}
