package demo

import (
	"context"
	"errors"
	"sync"

	"estateledger/access"
	"estateledger/civil"
	"estateledger/estate"
	"estateledger/ledger/money"
	"estateledger/receivable"
)

// atOnce is how many households stand at the counters at one moment.
const atOnce = 16

// payAll takes a day's payments as they would come in at several counters: hot
// acts that wait together are committed together.
func (l *life) payAll(ctx context.Context, payments []receivable.PayRequest) error {
	var (
		wg    sync.WaitGroup
		mu    sync.Mutex
		fails []error
		gate  = make(chan struct{}, atOnce)
	)
	for _, p := range payments {
		key := l.key("pay")
		gate <- struct{}{}
		wg.Go(func() {
			defer func() { <-gate }()
			if _, err := l.cashier.Pay(ctx, l.actors[access.CompanyCashier], l.district, key, p); err != nil {
				mu.Lock()
				fails = append(fails, err)
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	return errors.Join(fails...)
}

// events are what happens once: a receipt for the wrong room, a sale, a
// corrected area.
func (l *life) events(ctx context.Context, e *livingEstate, month civil.Month, today civil.Date) error {
	if e.name != plans[0].name {
		return nil
	}
	switch e.start(today).Month().Until(month) {
	case 2:
		return l.wrongRoom(ctx, e, month, today)
	case 4:
		return l.correctArea(ctx, e, month, today)
	case 5:
		return l.sale(ctx, e, month, today)
	}
	return nil
}

// wrongRoom takes money for the neighbour's room, reverses it, and takes it
// again for the right one: three rows, both numbers kept.
func (l *life) wrongRoom(ctx context.Context, e *livingEstate, month civil.Month, today civil.Date) error {
	if !l.day(month, 27, today) {
		return nil
	}
	pay := receivable.PayRequest{UnitID: e.units[41].id, CounterID: e.counter.CounterID, Channel: receivable.ByCash,
		Amount: money.MustYuan("45.06"), Payer: "代缴"}
	wrong, err := l.cashier.Pay(ctx, l.actors[access.CompanyCashier], l.district, l.key("pay"), pay)
	if err != nil {
		return err
	}
	_, err = receivable.ReversePayment(ctx, l.gate, l.actors[access.CompanyAccountant], l.district, l.key("reverse"),
		receivable.ReversePaymentRequest{PaymentID: wrong.Result.PaymentID, Reason: "收到隔壁房间名下,重新收到正确的房间"})
	if err != nil {
		return err
	}
	pay.UnitID = e.units[43].id
	_, err = l.cashier.Pay(ctx, l.actors[access.CompanyCashier], l.district, l.key("pay"), pay)
	return err
}

// correctArea corrects a flat after a survey; bills from that day on follow it.
func (l *life) correctArea(ctx context.Context, e *livingEstate, month civil.Month, today civil.Date) error {
	if !l.day(month, 12, today) {
		return nil
	}
	u := &e.units[60]
	u.area = u.area.Add(money.MustYuan("0.74").Decimal)
	_, err := l.estate.RecordArea(ctx, l.actors[access.CompanyManager], l.key("area"), estate.RecordArea{District: l.district, UnitID: u.id,
		ValidFrom: month.First(), Area: u.area, Source: estate.Survey, Reason: "重新测绘,原登记抄错"})
	return err
}

// sale moves a title; the debts stay with the seller, bills go to the buyer
// from the day they agreed on.
func (l *life) sale(ctx context.Context, e *livingEstate, month civil.Month, today civil.Date) error {
	if !l.day(month, 20, today) {
		return nil
	}
	name, phone := person(l.random, 1)
	_, err := l.estate.RecordOwnership(ctx, l.actors[access.CompanyManager], l.key("sale"), estate.RecordOwnership{District: l.district,
		UnitID: e.units[77].id, ValidFrom: l.clock.Today(), BillFrom: month.Add(1).First(), Basis: "房屋买卖,不动产转移登记",
		Owners: []estate.OwnerShare{{Person: &estate.NewPerson{Name: name, Phone: phone}}}})
	return err
}
