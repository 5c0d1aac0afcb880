package estate_test

import (
	"context"
	"testing"

	"estateledger/access"
	"estateledger/civil"
	"estateledger/estate/estatetest"
)

func TestFixtureStands(t *testing.T) {
	f := estatetest.New(t)
	ctx := context.Background()
	for role, actor := range f.Actors {
		list, err := f.Service.Units(ctx, actor, f.District, f.EstateID, civil.Date{}, "", 0)
		if err != nil || len(list) != len(f.Units) {
			t.Errorf("%s sees %d units, %v; want %d", role, len(list), err, len(f.Units))
		}
		if _, err := f.Service.Units(ctx, actor, f.District, f.Foreign.EstateID, civil.Date{}, "", 0); err == nil {
			t.Errorf("%s sees the foreign estate", role)
		}
	}
	if f.Actors[access.CompanyManager] == f.Foreign.Actors[access.CompanyManager] {
		t.Error("both tenants have one manager")
	}
}
