package torture

import (
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"estateledger/civil"
	"estateledger/estate"
	"estateledger/estate/estatetest"
	"estateledger/postgres"
)

// TestBooksAreTheOracles runs random commands in any order and holds every
// answer and every figure to the oracle, which sees only the commands. A
// failure prints how to run the same commands again (-rapid.seed or
// -rapid.failfile).
func TestBooksAreTheOracles(t *testing.T) {
	commands := map[string]int{}
	rapid.Check(t, func(rt *rapid.T) {
		s := &sequence{TB: t}
		defer s.end()
		d := newDriver(s, rt)
		// rapid leans to what comes first by name.
		actions := map[string]func(*rapid.T){
			"": d.check, "a payment": d.pay, "another payment": d.pay, "bill": d.publishNow, "cash payment": d.pay, "close": d.closePeriod,
			"draft": d.draft, "give money back": d.reversePayment, "measure": d.measure, "pay": d.pay, "price": d.price, "publish": d.publishDraft,
			"register": d.register, "reopen": d.reopenPeriod, "repeat": d.repeat, "reverse charge": d.reverseCharge,
			"reverse payment": d.reversePayment, "sell": d.sell, "tomorrow": d.tomorrow, "withdraw": d.withdraw,
		}
		for name, action := range actions {
			if name != "" {
				actions[name] = func(t *rapid.T) { action(t); commands[name]++ }
			}
		}
		rt.Repeat(actions)
		d.checkBooks()
		d.verify()
	})
	t.Logf("commands: %v", commands)
}

// newDriver makes the town and an oracle that knows it: two estates, one billed
// from the day of entry, one from the next month and due on the tenth.
func newDriver(s *sequence, rt *rapid.T) *driver {
	today := civil.MustDate("2026-06-20")
	d := &driver{T: rt, town: build(s, postgres.TestDB(s), today), o: &oracle{today: today}, places: map[*oEstate]*place{}}
	for i, p := range d.town.places {
		e := &oEstate{feeFrom: estatetest.Entry, feeTo: civil.MustDate("2026-09-14")}
		if i == 1 {
			e.feeFrom, e.feeTo, e.dueDay = civil.MustDate("2023-10-01"), civil.MustDate("2027-12-31"), 10
			_, err := d.town.Service.RecordServiceContract(s.Context(), d.town.System, newKey(), estate.RecordServiceContract{District: d.town.District,
				EstateID: p.EstateID, ValidTo: e.feeTo, FeeStartRule: estate.NextMonth, DueDay: e.dueDay})
			must(s, err)
		}
		for _, u := range p.Units {
			d.o.addUnit(e, u.ID, u.Code, "residential", u.Area, "registry", []oTitle{{u.OwnershipID, civil.On(1900, 1, 1), civil.On(1900, 1, 1), true}})
		}
		d.o.estates = append(d.o.estates, e)
		d.places[e] = p
		d.setRate(e, p, oRate{"residential", estatetest.Entry, decimal.RequireFromString("0.65"), decimal.RequireFromString("0.06"), "FEN_HALF_UP"})
	}
	return d
}
