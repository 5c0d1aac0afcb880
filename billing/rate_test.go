package billing_test

import (
	"context"
	"strings"
	"testing"

	"estateledger/access"
	"estateledger/billing"
	"estateledger/civil"
	"estateledger/estate"
	"estateledger/estate/estatetest"
	"estateledger/fault"
	"estateledger/postgres"
)

func TestRateRefusals(t *testing.T) {
	d := newDesk(t)
	h := d.found("价村", day("2026-01-01"), estate.Daily)
	set := func(actor access.Actor, change func(*billing.RateRequest)) error {
		req := rateOf(h, estate.Residential, day("2026-07-01"), "0.50", "0.06")
		change(&req)
		_, err := billing.SetRate(context.Background(), d.Gate, actor, d.District, estatetest.Key(), req)
		return err
	}
	for _, c := range []struct {
		code, field string
		change      func(*billing.RateRequest)
	}{
		{"billing.rate_too_high", "rate", func(r *billing.RateRequest) { r.Rate = dec("50") }},
		{"billing.rate_too_high", "rate", func(r *billing.RateRequest) { r.Rate = dec("20.0001") }},
		{"billing.rate_not_positive", "rate", func(r *billing.RateRequest) { r.Rate = dec("0") }},
		{"billing.rate_not_positive", "rate", func(r *billing.RateRequest) { r.Rate = dec("-0.5") }},
		{"billing.rate_decimals", "rate", func(r *billing.RateRequest) { r.Rate = dec("0.50001") }},
		{"billing.vat_rate_unknown", "vat_rate", func(r *billing.RateRequest) { r.VATRate = dec("0.05") }},
		{"billing.vat_rate_unknown", "vat_rate", func(r *billing.RateRequest) { r.VATRate = dec("6") }},
		{"billing.rounding_unknown", "rounding", func(r *billing.RateRequest) { r.Rounding = "BANK" }},
		{"billing.basis_missing", "basis", func(r *billing.RateRequest) { r.Basis = " " }},
		{"billing.basis_too_long", "basis", func(r *billing.RateRequest) { r.Basis = strings.Repeat("据", 201) }},
		{"billing.use_unknown", "use", func(r *billing.RateRequest) { r.Use = "castle" }},
		{"billing.rate_date_missing", "valid_from", func(r *billing.RateRequest) { r.ValidFrom = civil.Date{} }},
		{"billing.estate_not_found", "", func(r *billing.RateRequest) { r.Estate = 999999 }},
	} {
		refused(t, set(d.accountant, c.change), c.code, c.field)
	}
	f, _ := fault.As(set(d.accountant, func(r *billing.RateRequest) { r.Rate = dec("50") }))
	if !strings.Contains(f.Message, "50") || !strings.Contains(f.Message, "上限 20 元") {
		t.Errorf("the message names neither rate nor limit: %s", f.Message)
	}
	refused(t, set(d.Actors[access.CompanyCashier], func(*billing.RateRequest) {}), "access.forbidden", "")
	refused(t, set(d.Foreign.Actors[access.CompanyManager], func(*billing.RateRequest) {}), "access.forbidden", "")
	d.must(set(d.accountant, func(r *billing.RateRequest) { r.Rate = dec("20") }))
}

func TestRateHistoryAndTheRateOfADay(t *testing.T) {
	d := newDesk(t)
	h := d.found("价村", day("2026-01-01"), estate.Daily)
	d.rate(h, estate.Residential, day("2026-01-01"), "0.50", "0.06")
	d.rate(h, estate.Residential, day("2026-07-01"), "0.60", "0.06")
	d.rate(h, estate.Residential, day("2026-07-01"), "0.65", "0.06") // corrects the day's rate
	d.rate(h, estate.Shop, day("2026-01-01"), "1.20", "0.06")
	for _, c := range []struct{ on, residential, shop string }{
		{"2025-12-31", "", ""}, {"2026-01-01", "0.5", "1.2"}, {"2026-06-30", "0.5", "1.2"}, {"2026-07-01", "0.65", "1.2"},
	} {
		d.view(func(ctx context.Context, r postgres.Reader, s access.Scope) error {
			rates, err := billing.Rates(ctx, r, s, h.estate, day(c.on))
			same(t, "rows", len(rates), 4)
			inForce := map[estate.Use]string{}
			for _, rate := range rates {
				if rate.InForce {
					inForce[rate.Use] = rate.Rate.String()
				}
				same(t, "replaced", rate.Replaced, rate.Rate.Equal(dec("0.6")))
			}
			same(t, c.on+" residential", inForce[estate.Residential], c.residential)
			same(t, c.on+" shop", inForce[estate.Shop], c.shop)
			return err
		})
	}
	err := access.View(context.Background(), d.Gate, func(ctx context.Context, r postgres.Reader) error {
		_, err := billing.Rates(ctx, r, d.Gate.Scope(d.Foreign.Actors[access.CompanyManager], d.District), h.estate, day("2026-07-01"))
		return err
	})
	refused(t, err, "access.forbidden", "")
}
