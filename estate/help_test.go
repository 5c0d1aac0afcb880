package estate_test

import (
	"context"
	"embed"
	"testing"

	"github.com/shopspring/decimal"

	"estateledger/access"
	"estateledger/civil"
	"estateledger/estate"
	"estateledger/estate/estatetest"
	"estateledger/fault"
	"estateledger/postgres"
)

//go:embed testdata/tests.sql
var sqlFiles embed.FS

var queries = postgres.MustLoad(sqlFiles)

var ctx = context.Background()

// counted runs a query of testdata/tests.sql that answers a number.
func counted(t *testing.T, f *estatetest.Fixture, query string, arg any) (n int64) {
	t.Helper()
	err := f.DB.App.Read(ctx, func(r postgres.Reader) error { return r.Get(ctx, &n, queries.Get(query), arg) })
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func dec(s string) decimal.Decimal { return decimal.RequireFromString(s) }

func area(s string) *decimal.Decimal {
	d := dec(s)
	return &d
}

func day(s string) civil.Date { return civil.MustDate(s) }

// refused fails the test unless the error has the code and names the field.
func refused(t *testing.T, err error, code, field string) {
	t.Helper()
	f, is := fault.As(err)
	if !is || f.Code != code || f.Field != field || f.Message == "" {
		t.Errorf("got %v (%+v); want %s at %q", err, f, code, field)
	}
}

func done[R any](t *testing.T) func(access.Outcome[R], error) R {
	return func(out access.Outcome[R], err error) R {
		t.Helper()
		if err != nil {
			f, _ := fault.As(err)
			t.Fatalf("%v %+v", err, f)
		}
		return out.Result
	}
}

func manager(f *estatetest.Fixture) access.Actor { return f.Actors[access.CompanyManager] }

// person is a title's only owner, new to the register.
func person(name string) []estate.OwnerShare {
	return []estate.OwnerShare{{Person: &estate.NewPerson{Name: name}}}
}
