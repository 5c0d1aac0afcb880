package billing

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"estateledger/access"
	"estateledger/civil"
	"estateledger/estate"
	"estateledger/fault"
	"estateledger/ledger/money"
	"estateledger/postgres"
)

// MaxRate is the highest rate that is accepted, in yuan per m² and month: more
// than thirty times the fee of an old estate, so what is above it is a slip.
var MaxRate = decimal.NewFromInt(20)

// VATRates are the rates that a service fee may carry inside its price: none,
// small-scale with and without relief, general (VAT Law, in force 2026-01-01),
// lease.
var VATRates = []decimal.Decimal{
	decimal.Zero, decimal.New(1, -2), decimal.New(3, -2), decimal.New(6, -2), decimal.New(9, -2),
}

// RateRequest sets a service-fee rate of an estate for a use of units from a
// day on. Rate is yuan per m² and month, VAT inside, at most four decimals.
// Basis is the paper that fixes it: contract, decision, price list.
type RateRequest struct {
	Estate    int64           `json:"estate_id,string"`
	Use       estate.Use      `json:"use"`
	ValidFrom civil.Date      `json:"valid_from"`
	Rate      decimal.Decimal `json:"rate"`
	VATRate   decimal.Decimal `json:"vat_rate"`
	Rounding  money.Rule      `json:"rounding"`
	Basis     string          `json:"basis"`
}

// check refuses what cannot be a rate, each at its field.
func (r RateRequest) check() error {
	if estate.UseNames[r.Use] == "" {
		return fault.Invalid("billing.use_unknown", "请选择房屋用途：住宅、商铺、车库或其他。").At("use")
	}
	if r.ValidFrom.IsZero() {
		return fault.Invalid("billing.rate_date_missing", "请填写单价从哪一天起执行。").At("valid_from")
	}
	if r.Rate.Sign() <= 0 {
		return fault.Invalid("billing.rate_not_positive", "单价要大于 0 元/㎡·月。").At("rate")
	}
	if r.Rate.GreaterThan(MaxRate) {
		return fault.Invalid("billing.rate_too_high",
			"单价 "+r.Rate.String()+" 元/㎡·月超过上限 "+MaxRate.String()+" 元，是不是小数点点错了?请核对后重填。").At("rate")
	}
	if !r.Rate.Equal(r.Rate.Truncate(4)) {
		return fault.Invalid("billing.rate_decimals", "单价最多四位小数。").At("rate")
	}
	if !vatRateKnown(r.VATRate) {
		return fault.Invalid("billing.vat_rate_unknown", "增值税率只能是 0、1%、3%、6% 或 9%。").At("vat_rate")
	}
	if !r.Rounding.Valid() {
		return fault.Invalid("billing.rounding_unknown", "请选择账单金额怎样取整，例如四舍五入到分。").At("rounding")
	}
	if strings.TrimSpace(r.Basis) == "" {
		return fault.Invalid("billing.basis_missing", "请写明定价依据，例如合同编号或会议决定。").At("basis")
	}
	if utf8.RuneCountInString(r.Basis) > 200 {
		return fault.Invalid("billing.basis_too_long", "定价依据最多 200 个字。").At("basis")
	}
	return nil
}

func vatRateKnown(rate decimal.Decimal) bool {
	for _, known := range VATRates {
		if rate.Equal(known) {
			return true
		}
	}
	return false
}

// RateSet is the answer of SetRate. A version above 1 replaces an earlier rate
// of the same day.
type RateSet struct {
	RateID  int64 `json:"rate_id,string"`
	Version int   `json:"version"`
}

// SetRate sets a rate from a day on (permission rates.set at the estate). What
// is billed already stays as it was billed. Codes billing.use_unknown,
// rate_date_missing, rate_not_positive, rate_too_high, rate_decimals,
// vat_rate_unknown, rounding_unknown, basis_missing, basis_too_long,
// estate_not_found.
func SetRate(ctx context.Context, g *access.Gate, actor access.Actor, district int64, key string, req RateRequest) (access.Outcome[RateSet], error) {
	var none access.Outcome[RateSet]
	p, err := locate(ctx, g, district, req.Estate)
	if err != nil {
		return none, err
	}
	cmd := access.Command{Actor: actor, District: district, Node: p.NodeID, Permission: access.RatesSet,
		UseCase: "billing.set_rate", Key: key, Request: req}
	return access.Act(ctx, g, cmd, func(ctx context.Context, tx postgres.Tx, act *access.Record) (RateSet, error) {
		if err := req.check(); err != nil {
			return RateSet{}, err
		}
		if err := lockEstate(ctx, tx, district, req.Estate); err != nil {
			return RateSet{}, err
		}
		var row struct {
			RateID  int64 `db:"rate_id"`
			Version int   `db:"version"`
		}
		err := tx.Get(ctx, &row, queries.Get("insert_rate"), map[string]any{
			"district": district, "estate": req.Estate, "item": serviceFee, "use": req.Use, "valid_from": req.ValidFrom,
			"rate": req.Rate, "vat_rate": req.VATRate, "rounding": string(req.Rounding), "basis": strings.TrimSpace(req.Basis), "act": act.ActID,
		})
		act.After(req)
		return RateSet(row), err
	})
}

// Rate is a row of an estate's rate history.
type Rate struct {
	RateID    int64           `db:"rate_id" json:"rate_id,string"`
	Use       estate.Use      `db:"use" json:"use"`
	ValidFrom civil.Date      `db:"valid_from" json:"valid_from"`
	Version   int             `db:"version" json:"version"`
	Rate      decimal.Decimal `db:"rate" json:"rate"`
	VATRate   decimal.Decimal `db:"vat_rate" json:"vat_rate"`
	Rounding  money.Rule      `db:"rounding" json:"rounding"`
	Basis     string          `db:"basis" json:"basis"`
	// InForce says that it is the rate of the day that was asked for.
	InForce bool `db:"in_force" json:"in_force"`
	// Replaced says that a later version of the same day took its place.
	Replaced   bool      `db:"replaced" json:"replaced"`
	SetBy      string    `db:"set_by" json:"set_by"`
	RecordedAt time.Time `db:"recorded_at" json:"recorded_at"`
}

// UseName is the use as users read it.
func (r Rate) UseName() string { return estate.UseNames[r.Use] }

// Rates is the history of an estate's service-fee rates, by use, newest first,
// with the ones in force on a day marked. Permission estate.read.
func Rates(ctx context.Context, r postgres.Reader, s access.Scope, estate int64, on civil.Date) ([]Rate, error) {
	if _, err := readable(ctx, r, s, access.EstateRead, estate); err != nil {
		return nil, err
	}
	var rates []Rate
	err := r.Select(ctx, &rates, queries.Get("rates"), struct {
		access.Scope
		Estate int64      `db:"estate"`
		Item   int        `db:"item"`
		On     civil.Date `db:"on"`
	}{s, estate, serviceFee, on})
	return rates, err
}

// readable finds an estate for a view and refuses who may not read it.
func readable(ctx context.Context, r postgres.Reader, s access.Scope, permission access.Permission, estate int64) (place, error) {
	p, err := placeOf(ctx, r, s.District, estate)
	if err != nil {
		return p, err
	}
	return p, access.Require(ctx, r, s, permission, p.NodeID)
}
