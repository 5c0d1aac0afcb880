package demo_test

import (
	"context"
	"testing"

	"estateledger/access"
	"estateledger/civil"
	"estateledger/demo"
	"estateledger/estate"
	"estateledger/ledger"
	"estateledger/postgres"
	"estateledger/receivable"
)

// TestTheDemoIsALifeWithoutContradictions plays the demo as make run does and
// runs every consistency check on the result.
func TestTheDemoIsALifeWithoutContradictions(t *testing.T) {
	db := postgres.TestDB(t)
	ctx := context.Background()
	in, err := access.Install(ctx, db.App, true)
	if err != nil {
		t.Fatal(err)
	}
	if !in.Fresh || !in.Demo {
		t.Fatalf("an empty database became %+v", in)
	}
	today := civil.MustDate("2026-11-25")
	if err := demo.Load(ctx, db.App, in.System, today, func(line string) { t.Log(line) }); err != nil {
		t.Fatal(err)
	}
	if _, err := ledger.RollUp(ctx, db.App); err != nil {
		t.Fatal(err)
	}
	findings, err := ledger.Verify(ctx, db.App)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range findings {
		t.Errorf("%+v", f)
	}
	checkFigures(t, db, in.System, today)
}

// checkFigures holds the demo to what its plan says of 安和一村.
func checkFigures(t *testing.T, db *postgres.TestDatabase, system access.Actor, today civil.Date) {
	t.Helper()
	ctx := context.Background()
	gate := access.NewGate(db.App, civil.NewStepClock(today), true)
	defer gate.Close()
	service := &estate.Service{Gate: gate}
	districts, err := service.Districts(ctx, system)
	if err != nil || len(districts) != 1 {
		t.Fatalf("districts: %v, %v", districts, err)
	}
	estates, err := service.EstateList(ctx, system, districts[0].DistrictID, estate.EstateFilter{})
	if err != nil || len(estates) != 3 {
		t.Fatalf("estates: %d, %v", len(estates), err)
	}
	for _, e := range estates {
		if e.Name == "安和一村" && (e.UnitCount != 486 || e.UnitArea.StringFixed(2) != "38643.31") {
			t.Errorf("安和一村 has %d units of %s m²", e.UnitCount, e.UnitArea) // 38,642.57 and a correction of 0.74
		}
	}
	err = access.View(ctx, gate, func(ctx context.Context, r postgres.Reader) error {
		month := today.Month().Add(-1)
		lines, err := receivable.Collections(ctx, r, gate.Scope(system, districts[0].DistrictID), month, 0)
		for _, c := range lines {
			t.Logf("%s: billed %s, collected %s (%s %%), open %s of %d households", month, c.Billed, c.Collected, c.Rate(), c.Open, c.Debtors)
			if c.Billed.Sign() == 0 || c.Collected.Sign() == 0 {
				t.Errorf("an estate was not billed or not paid in %s", month)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
