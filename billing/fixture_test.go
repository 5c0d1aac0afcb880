package billing_test

import (
	"context"
	"embed"
	"fmt"
	"testing"

	"github.com/shopspring/decimal"

	"estateledger/access"
	"estateledger/billing"
	"estateledger/civil"
	"estateledger/estate"
	"estateledger/estate/estatetest"
	"estateledger/fault"
	"estateledger/ledger/money"
	"estateledger/postgres"
	"estateledger/receivable"
)

//go:embed testdata/*.sql
var testFiles embed.FS

var testQueries = postgres.MustLoad(testFiles)

// desk is a company's billing desk: the district of estatetest and estates made
// as each test wants them.
type desk struct {
	*estatetest.Fixture
	t          testing.TB
	accountant access.Actor
	manager    access.Actor
}

// home is an estate taken over, with its book and units.
type home struct {
	estate, node, book, counter int64
	entry                       civil.Date
	units                       []int64
}

func newDesk(t testing.TB) *desk {
	t.Helper()
	f := estatetest.New(t)
	t.Cleanup(f.Gate.Close)
	f.Service.OnTakeover = receivable.Opener{}
	return &desk{Fixture: f, t: t, accountant: f.Actors[access.CompanyAccountant], manager: f.Actors[access.CompanyManager]}
}

func (d *desk) must(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

// found makes an estate of the desk's company, entered on a day, with a contract
// of 36 months and a unit of each area; an empty area is not known. Every unit
// has an owner from before the entry.
func (d *desk) found(name string, entry civil.Date, rule estate.FeeStartRule, areas ...string) home {
	d.t.Helper()
	return d.foundFrom(name, entry, entry, rule, areas...)
}

// foundFrom is found with a cut-over after the entry.
func (d *desk) foundFrom(name string, entry, cutOver civil.Date, rule estate.FeeStartRule, areas ...string) home {
	d.t.Helper()
	ctx, h := context.Background(), home{entry: entry}
	made, err := d.Service.CreateEstate(ctx, d.System, estatetest.Key(), estate.CreateEstate{District: d.District, CommunityID: d.CommunityID,
		Facts: estate.Facts{Name: name}})
	d.must(err)
	h.estate, h.node = made.Result.EstateID, made.Result.NodeID
	_, err = d.Service.RecordTakeover(ctx, d.System, estatetest.Key(), estate.RecordTakeover{District: d.District, EstateID: h.estate,
		CompanyID: d.CompanyID, EntryDate: entry, CutOverDate: cutOver})
	d.must(err)
	d.contract(h, civil.Date{}, civil.ServiceWindow(entry, 36).To, rule, 0)
	d.findBook(&h)
	if len(areas) > 0 {
		h.units = d.addUnits(h, estate.Residential, areas...)
		for _, u := range h.units {
			d.title(u, civil.Date{}, civil.Date{}, fmt.Sprintf("业主%d", u))
		}
	}
	return h
}

func (d *desk) contract(h home, from, to civil.Date, rule estate.FeeStartRule, dueDay int) {
	d.t.Helper()
	_, err := d.Service.RecordServiceContract(context.Background(), d.System, estatetest.Key(), estate.RecordServiceContract{
		District: d.District, EstateID: h.estate, ValidFrom: from, ValidTo: to, FeeStartRule: rule, DueDay: dueDay})
	d.must(err)
}

// findBook is the book and counter that the takeover opened.
func (d *desk) findBook(h *home) {
	d.t.Helper()
	d.view(func(ctx context.Context, r postgres.Reader, s access.Scope) error {
		book, err := receivable.BookOf(ctx, r, d.District, h.node, h.entry)
		if err != nil {
			return err
		}
		counters, err := receivable.CountersAt(ctx, r, s, h.node)
		h.book, h.counter = book.BookID, counters[0].CounterID
		return err
	})
}

var rooms int

func (d *desk) addUnits(h home, use estate.Use, areas ...string) []int64 {
	d.t.Helper()
	req := estate.CreateUnits{District: d.District, EstateID: h.estate}
	for _, text := range areas {
		rooms++
		u := estate.NewUnit{Number: fmt.Sprintf("%d-1-101", rooms), Use: use, Tenure: estate.Commodity}
		if text != "" {
			area := dec(text)
			u.Area, u.AreaSource = &area, estate.Registry
		}
		req.Units = append(req.Units, u)
	}
	made, err := d.Service.CreateUnits(context.Background(), d.System, estatetest.Key(), req)
	d.must(err)
	var ids []int64
	for _, u := range made.Result.Units {
		ids = append(ids, u.UnitID)
	}
	return ids
}

// title records who owns a unit from a day on, and is billed from another; no
// name says that the owner is not registered.
func (d *desk) title(unit int64, from, billFrom civil.Date, owner string) {
	d.t.Helper()
	req := estate.RecordOwnership{District: d.District, UnitID: unit, ValidFrom: from, BillFrom: billFrom}
	if owner != "" {
		req.Owners = []estate.OwnerShare{{Person: &estate.NewPerson{Name: owner}}}
	}
	_, err := d.Service.RecordOwnership(context.Background(), d.System, estatetest.Key(), req)
	d.must(err)
}

func (d *desk) area(unit int64, from civil.Date, area string) {
	d.t.Helper()
	_, err := d.Service.RecordArea(context.Background(), d.System, estatetest.Key(), estate.RecordArea{
		District: d.District, UnitID: unit, ValidFrom: from, Area: dec(area), Source: estate.Survey, Reason: "实测更正"})
	d.must(err)
}

func rateOf(h home, use estate.Use, from civil.Date, rate, vat string) billing.RateRequest {
	return billing.RateRequest{Estate: h.estate, Use: use, ValidFrom: from, Rate: dec(rate), VATRate: dec(vat), Rounding: money.FenHalfUp, Basis: "前期服务合同"}
}

func (d *desk) rate(h home, use estate.Use, from civil.Date, rate, vat string) {
	d.t.Helper()
	_, err := billing.SetRate(context.Background(), d.Gate, d.accountant, d.District, estatetest.Key(), rateOf(h, use, from, rate, vat))
	d.must(err)
}

func (d *desk) draft(h home, month civil.Month) billing.Drafted {
	d.t.Helper()
	out, err := billing.CreateDraft(context.Background(), d.Gate, d.accountant, d.District, estatetest.Key(), billing.DraftRequest{Estate: h.estate, Month: month})
	d.must(err)
	return out.Result
}

func (d *desk) publish(run int64) billing.RunResult {
	d.t.Helper()
	out, err := billing.Publish(context.Background(), d.Gate, d.manager, d.District, estatetest.Key(), billing.RunRequest{Run: run})
	d.must(err)
	return out.Result
}

// bill drafts a month, looks at it and publishes it.
func (d *desk) bill(h home, month civil.Month) billing.RunResult {
	d.t.Helper()
	return d.publish(d.draft(h, month).RunID)
}

func (d *desk) billNow(h home, month civil.Month) (billing.RunResult, error) {
	out, err := billing.PublishNow(context.Background(), d.Gate, d.System, d.District, estatetest.Key(), billing.DraftRequest{Estate: h.estate, Month: month})
	return out.Result, err
}

func (d *desk) preview(h home, month civil.Month) billing.Report {
	d.t.Helper()
	var rep billing.Report
	d.view(func(ctx context.Context, r postgres.Reader, s access.Scope) (err error) {
		rep, err = billing.Preview(ctx, r, s, h.estate, month)
		return err
	})
	return rep
}

// view reads as the accountant.
func (d *desk) view(read func(ctx context.Context, r postgres.Reader, s access.Scope) error) {
	d.t.Helper()
	d.must(access.View(context.Background(), d.Gate, func(ctx context.Context, r postgres.Reader) error {
		return read(ctx, r, d.Gate.Scope(d.accountant, d.District))
	}))
}

// chargeRow is a charge as it stands in the table.
type chargeRow struct {
	ChargeID    int64           `db:"charge_id"`
	DebtorID    int64           `db:"debtor_id"`
	RunID       int64           `db:"run_id"`
	Start       civil.Date      `db:"segment_start"`
	End         civil.Date      `db:"segment_end"`
	Due         civil.Date      `db:"due_date"`
	PostingDate civil.Date      `db:"posting_date"`
	State       int             `db:"state"`
	Days        int             `db:"days"`
	MonthDays   int             `db:"month_days"`
	Quantity    decimal.Decimal `db:"quantity"`
	UnitPrice   decimal.Decimal `db:"unit_price"`
	TaxRate     decimal.Decimal `db:"tax_rate"`
	Amount      money.Yuan      `db:"amount"`
	Tax         money.Yuan      `db:"tax_amount"`
	Settled     money.Yuan      `db:"settled"`
	Rounding    string          `db:"rounding"`
}

func (d *desk) charges(unit int64) []chargeRow {
	d.t.Helper()
	var rows []chargeRow
	d.sql(func(ctx context.Context, r postgres.Reader) error {
		return r.Select(ctx, &rows, testQueries.Get("charges_of"), map[string]any{"district": d.District, "unit": unit})
	})
	return rows
}

// sql reads what stands in the tables, past every view.
func (d *desk) sql(read func(ctx context.Context, r postgres.Reader) error) {
	d.t.Helper()
	ctx := context.Background()
	d.must(d.DB.Owner.Read(ctx, func(r postgres.Reader) error { return read(ctx, r) }))
}

// balance is the debit balance of an account of the estate's book.
func (d *desk) balance(h home, slug string) string {
	d.t.Helper()
	var y money.Yuan
	d.sql(func(ctx context.Context, r postgres.Reader) error {
		return r.Get(ctx, &y, testQueries.Get("book_balance"), map[string]any{"district": d.District, "book": h.book, "slug": slug})
	})
	return y.String()
}

// estateTotals are the live bills of an estate; once counts distinct unit and
// first day.
func (d *desk) estateTotals(h home) (count int, total string, once int) {
	d.t.Helper()
	var row struct {
		Count int        `db:"count"`
		Total money.Yuan `db:"total"`
		Once  int        `db:"once"`
	}
	d.sql(func(ctx context.Context, r postgres.Reader) error {
		return r.Get(ctx, &row, testQueries.Get("estate_charges"), map[string]any{"district": d.District, "estate": h.estate})
	})
	return row.Count, row.Total.String(), row.Once
}

func (d *desk) pay(h home, unit int64, amount string) receivable.Paid {
	d.t.Helper()
	cashier := receivable.NewCashier(d.Gate)
	out, err := cashier.Pay(context.Background(), d.Actors[access.CompanyCashier], d.District, estatetest.Key(), receivable.PayRequest{
		UnitID: unit, CounterID: h.counter, Channel: "cash", Amount: money.MustYuan(amount), BusinessDate: d.Clock.Today()})
	d.must(err)
	return out.Result
}

func dec(s string) decimal.Decimal { return decimal.RequireFromString(s) }

func day(s string) civil.Date { return civil.MustDate(s) }

func month(s string) civil.Month { return civil.MustMonth(s) }

// refused holds an error to a fault code and, when named, a field.
func refused(t testing.TB, err error, code, field string) {
	t.Helper()
	f, ok := fault.As(err)
	if !ok || f.Code != code || f.Field != field {
		t.Errorf("got %v at %q, want %s at %q", err, fieldOf(f), code, field)
	}
}

func fieldOf(f *fault.Error) string {
	if f == nil {
		return ""
	}
	return f.Field
}

// same holds a figure to what it must be.
func same[T comparable](t testing.TB, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}
