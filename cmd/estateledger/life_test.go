package main

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"estateledger/access"
	"estateledger/billing"
	"estateledger/civil"
	"estateledger/estate"
	"estateledger/ledger"
	"estateledger/ledger/money"
	"estateledger/postgres"
	"estateledger/receivable"
)

// month is a first balanced month as it is lived: everything through use cases,
// everything that comes in a spreadsheet from a file.
type month struct {
	t        *testing.T
	gate     *access.Gate
	clock    *civil.StepClock
	estates  *estate.Service
	system   access.Actor
	district int64
	root     int64
	estate   estate.Estate
	book     int64
	counter  int64
	keys     int
}

func (m *month) key() string { m.keys++; return fmt.Sprintf("first-month-%03d", m.keys) }

func newMonth(t *testing.T, db *postgres.TestDatabase) *month {
	t.Helper()
	in, err := access.Install(t.Context(), db.App, true) // a demo, so that the clock may be stepped
	if err != nil {
		t.Fatal(err)
	}
	m := &month{t: t, clock: civil.NewStepClock(civil.MustDate("2026-06-10")), system: in.System}
	m.gate = access.NewGate(db.App, m.clock, true)
	t.Cleanup(m.gate.Close)
	m.estates = &estate.Service{Gate: m.gate, OnTakeover: receivable.Opener{}}
	made, err := m.estates.CreateDistrict(t.Context(), m.system, m.key(), estate.CreateDistrict{Code: "320299", Name: "临湖区"})
	m.must(err)
	m.district, m.root = made.Result.DistrictID, made.Result.NodeID
	return m
}

func (m *month) must(err error) {
	m.t.Helper()
	if err != nil {
		m.t.Fatal(err)
	}
}

// bring imports a file: upload, dry run, import, and once more to see that
// nothing changes.
func (m *month) bring(kind estate.ImportKind, lines ...string) {
	m.t.Helper()
	ctx := m.t.Context()
	for _, again := range []bool{false, true} {
		up, err := m.estates.UploadImport(ctx, m.system, m.district, m.root, kind, string(kind)+".csv", []byte(strings.Join(lines, "\n")))
		m.must(err)
		req := estate.ImportRequest{District: m.district, NodeID: m.root, FileID: up.FileID}
		report, err := m.estates.DryRunImport(ctx, m.system, req)
		m.must(err)
		if again && (report.Created != 0 || report.Changed != 0) {
			m.t.Fatalf("the same %s file again would create %d and change %d", kind, report.Created, report.Changed)
		}
		_, err = m.estates.ApplyImport(ctx, m.system, m.key(), req)
		m.must(err)
	}
}

// takeOver registers the estate from files and lets a company enter on 15 May.
func (m *month) takeOver() {
	ctx := m.t.Context()
	m.bring(estate.ImportEstates, "街道,社区,小区名称,建成年份,建筑面积(㎡)", "柳塘街道,安和社区,安和一村,1996,321.18")
	m.bring(estate.ImportUnits, "小区名称,房号,建筑面积(㎡)", "安和一村,1栋1单元101,67.83", "安和一村,1-1-102,50.50", "安和一村,1栋1单元201室,67.83", "安和一村,2-1-101,67.83", "安和一村,2-1-102,67.19")
	m.bring(estate.ImportOwners, "小区名称,房号,业主姓名,手机号", "安和一村,1-1-101,顾秀英,13800005127", "安和一村,1-1-102,陈𬱖,", "安和一村,1-1-201,李国平,", "安和一村,2-1-101,王建国,", "安和一村,2-1-102,王建国,")
	list, err := m.estates.EstateList(ctx, m.system, m.district, estate.EstateFilter{})
	m.must(err)
	m.estate = list[0]
	company, err := m.estates.CreateCompany(ctx, m.system, m.key(), estate.CreateCompany{District: m.district, Name: "临湖城服物业"})
	m.must(err)
	entry := civil.MustDate("2026-05-15")
	_, err = m.estates.RecordTakeover(ctx, m.system, m.key(), estate.RecordTakeover{District: m.district, EstateID: m.estate.EstateID,
		CompanyID: company.Result.CompanyID, EntryDate: entry, Items: []estate.ItemNote{{Item: "unit_list", Status: estate.Present}}})
	m.must(err)
	_, err = m.estates.RecordServiceContract(ctx, m.system, m.key(), estate.RecordServiceContract{District: m.district, EstateID: m.estate.EstateID,
		ValidTo: civil.ServiceWindow(entry, 36).To, FeeStartRule: estate.Daily})
	m.must(err)
	_, err = billing.SetRate(ctx, m.gate, m.system, m.district, m.key(), billing.RateRequest{Estate: m.estate.EstateID, Use: "residential", ValidFrom: entry,
		Rate: decimal.RequireFromString("0.65"), VATRate: decimal.RequireFromString("0.06"), Rounding: money.FenHalfUp, Basis: "物业服务合同"})
	m.must(err)
	m.must(access.View(ctx, m.gate, func(ctx context.Context, r postgres.Reader) error {
		counters, err := receivable.CountersAt(ctx, r, m.gate.Scope(m.system, m.district), m.estate.NodeID)
		m.counter, m.book = counters[0].CounterID, counters[0].BookID
		return err
	}))
}

// pay takes money for a room.
func (m *month) pay(cashier *receivable.Cashier, code, amount string) receivable.Paid {
	m.t.Helper()
	found, err := m.estates.FindUnits(m.t.Context(), m.system, m.district, m.estate.EstateID, code)
	m.must(err)
	out, err := cashier.Pay(m.t.Context(), m.system, m.district, m.key(), receivable.PayRequest{UnitID: found[0].UnitID, CounterID: m.counter,
		Channel: receivable.ByCash, Amount: money.MustYuan(amount)})
	m.must(err)
	return out.Result
}

// TestFirstBalancedMonth goes the whole way: takeover, import, bill, collect,
// reverse, close, trial balance zero, verify, backup, restore into an empty
// database with equal totals, and the service's own role goes on there.
func TestFirstBalancedMonth(t *testing.T) {
	ctx := t.Context()
	db := postgres.TestDB(t)
	m := newMonth(t, db)
	m.takeOver()
	run, err := billing.PublishNow(ctx, m.gate, m.system, m.district, m.key(), billing.DraftRequest{Estate: m.estate.EstateID, Month: civil.MustMonth("2026-05")})
	m.must(err)
	// 17 of 31 days: 67.83 × 0.65 × 17/31 = 24.18 thrice, 50.50 → 18.00, 67.19 → 23.95.
	if run.Result.Count != 5 || run.Result.Total.String() != "114.49" {
		t.Fatalf("May: %d bills, %s", run.Result.Count, run.Result.Total)
	}
	cashier := receivable.NewCashier(m.gate)
	m.pay(cashier, "1-1-101", "24.18")
	m.pay(cashier, "1-1-102", "30.00")
	wrong := m.pay(cashier, "2-1-101", "24.18")
	_, err = receivable.ReversePayment(ctx, m.gate, m.system, m.district, m.key(), receivable.ReversePaymentRequest{PaymentID: wrong.PaymentID, Reason: "收错房间"})
	m.must(err)
	m.pay(cashier, "2-1-102", "24.18")
	m.clock.SetDay(civil.MustDate("2026-07-02"))
	closed, err := ledger.Close(ctx, m.gate, m.system, m.district, m.key(), ledger.CloseRequest{Book: m.book, Month: civil.MustMonth("2026-06")})
	m.must(err)
	if !closed.Result.Closed {
		t.Fatalf("June is %+v", closed.Result)
	}
	checkMonth(t, m)
	mustVerify(t, db.App)

	folder := filepath.Join(t.TempDir(), "backup")
	manifest, err := backupInto(ctx, io.Discard, of(t, db), folder)
	m.must(err)
	goOnElsewhere(t, m, manifest, folder)
}

// checkMonth looks at the trial balance: it adds up to zero, and cash is what
// was taken and not given back.
func checkMonth(t *testing.T, m *month) {
	t.Helper()
	err := access.View(t.Context(), m.gate, func(ctx context.Context, r postgres.Reader) error {
		lines, err := ledger.TrialBalance(ctx, r, m.gate.Scope(m.system, m.district), m.book, civil.MustMonth("2026-06").Period())
		sum := money.Zero
		want := map[string]string{ledger.Cash: "78.36", ledger.Receivable: "48.36", ledger.Prepayment: "-12.23"}
		for _, line := range lines {
			sum = sum.Add(line.Closing())
			if w, has := want[line.Slug]; has && line.Closing().String() != w {
				t.Errorf("%s is %s, not %s", line.Name, line.Closing(), w)
			}
		}
		if len(lines) == 0 || sum.Sign() != 0 {
			t.Errorf("the trial balance of %d accounts adds up to %s", len(lines), sum)
		}
		return err
	})
	m.must(err)
}

func mustVerify(t *testing.T, db *postgres.DB) {
	t.Helper()
	findings, err := ledger.Verify(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range findings {
		t.Errorf("verify: %+v", f)
	}
}

// goOnElsewhere restores the backup and takes the next payment there, as the
// service's own role.
func goOnElsewhere(t *testing.T, m *month, manifest Manifest, folder string) {
	t.Helper()
	ctx := t.Context()
	elsewhere, empty := emptyDatabase(t)
	m.must(restoreFrom(ctx, io.Discard, empty, folder, manifest))
	m.must(postgres.CheckAppRole(ctx, elsewhere.App))
	var totals []Total
	m.must(elsewhere.App.Read(ctx, func(r postgres.Reader) (err error) { totals, err = ControlTotals(ctx, r); return err }))
	if !slices.Equal(totals, manifest.Totals) {
		t.Errorf("totals after the restore: %+v, of the backup: %+v", totals, manifest.Totals)
	}
	gate := access.NewGate(elsewhere.App, m.clock, true)
	defer gate.Close()
	m.gate, m.estates = gate, &estate.Service{Gate: gate, OnTakeover: receivable.Opener{}}
	if paid := m.pay(receivable.NewCashier(gate), "1-1-201", "24.18"); !strings.HasSuffix(paid.ReceiptNo, "-000005") {
		t.Errorf("the receipt after the restore is %s; four were issued before", paid.ReceiptNo)
	}
	if _, err := ledger.RollUp(ctx, elsewhere.App); err != nil {
		t.Fatal(err)
	}
	mustVerify(t, elsewhere.App)
}
