package money_test

import (
	"context"
	"embed"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"estateledger/fault"
	"estateledger/ledger/money"
	"estateledger/postgres"
)

//go:embed testdata/money.sql
var testFiles embed.FS

var queries = postgres.MustLoad(testFiles)

// in runs a test's statements in one reading transaction: thousands of small
// questions to the database need no transaction each.
func in(t *testing.T, db *postgres.TestDatabase, ask func(ctx context.Context, r postgres.Reader)) {
	t.Helper()
	ctx := context.Background()
	if err := db.App.Read(ctx, func(r postgres.Reader) error { ask(ctx, r); return nil }); err != nil {
		t.Fatal(err)
	}
}

// refusal is what the database says to a question it must not answer; a read
// whose statement failed fails as a whole.
func refusal(db *postgres.TestDatabase, ask func(ctx context.Context, r postgres.Reader) error) error {
	ctx := context.Background()
	return db.App.Read(ctx, func(r postgres.Reader) error { return ask(ctx, r) })
}

func drawRule(t *rapid.T) money.Rule {
	return rapid.SampledFrom(slices.Sorted(maps.Keys(money.RuleNames))).Draw(t, "rule")
}

// drawAmount prefers what lies on and beside the limits of a rule.
func drawAmount(t *rapid.T) decimal.Decimal {
	if rapid.Bool().Draw(t, "at a limit") {
		half := decimal.New(5*rapid.Int64Range(-4000, 4000).Draw(t, "halves"), -3)
		return half.Add(decimal.New(rapid.Int64Range(-1, 1).Draw(t, "beside"), rapid.Int32Range(-12, -4).Draw(t, "by")))
	}
	return decimal.New(rapid.Int64Range(-1e15, 1e15).Draw(t, "digits"), rapid.Int32Range(-12, 0).Draw(t, "exponent"))
}

func TestRoundIsTheSameInSQL(t *testing.T) {
	db := postgres.TestDB(t)
	in(t, db, func(ctx context.Context, r postgres.Reader) {
		rapid.Check(t, func(t *rapid.T) {
			amount, rule := drawAmount(t), drawRule(t)
			var got money.Yuan
			if err := r.Get(ctx, &got, queries.Get("round"), map[string]any{"amount": amount, "rule": string(rule)}); err != nil {
				t.Fatal(err)
			}
			if want := money.Round(amount, rule); !got.Equal(want) {
				t.Fatalf("%s by %s: SQL %s, Go %s", amount, rule, got, want)
			}
		})
	})
}

func TestSplitIsTheSameInSQL(t *testing.T) {
	db := postgres.TestDB(t)
	in(t, db, func(ctx context.Context, r postgres.Reader) {
		rapid.Check(t, func(t *rapid.T) {
			total := money.Fen(rapid.Int64Range(-1e11, 1e11).Draw(t, "total"))
			scale := rapid.Int32Range(-4, 0).Draw(t, "scale")
			// few different weights, so that ties are common
			units := rapid.SliceOfN(rapid.OneOf(rapid.Int64Range(0, 5), rapid.Int64Range(0, 1e7)), 1, 30).
				Filter(func(units []int64) bool { return slices.Max(units) > 0 }).Draw(t, "weights")
			weights := make([]decimal.Decimal, len(units))
			for i, u := range units {
				weights[i] = decimal.New(u, scale)
			}
			want, err := money.Split(total, weights)
			if err != nil {
				t.Fatal(err)
			}
			got, err := splitInSQL(ctx, r, total.String(), weights)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.EqualFunc(got, want, money.Yuan.Equal) {
				t.Fatalf("%s over %v: SQL %v, Go %v", total, weights, got, want)
			}
		})
	})
}

func TestSplitRefusesTheSameInSQL(t *testing.T) {
	db := postgres.TestDB(t)
	for _, weights := range [][]decimal.Decimal{nil, {decimal.Zero, decimal.Zero}, {decimal.NewFromInt(3), decimal.NewFromInt(-1)}} {
		_, goErr := money.Split(money.MustYuan("10"), weights)
		err := refusal(db, func(ctx context.Context, r postgres.Reader) error {
			_, err := splitInSQL(ctx, r, "10.00", weights)
			return err
		})
		if err == nil || fault.Code(goErr) == "" || !strings.Contains(err.Error(), fault.Code(goErr)) {
			t.Errorf("%v: SQL %v, Go %v", weights, err, goErr)
		}
	}
	err := refusal(db, func(ctx context.Context, r postgres.Reader) error {
		_, err := splitInSQL(ctx, r, "10.005", []decimal.Decimal{decimal.NewFromInt(1)})
		return err
	})
	if err == nil || !strings.Contains(err.Error(), "not rounded to fen") {
		t.Errorf("a total with half a fen: %v", err)
	}
}

func TestAnUnknownRuleIsNoNullInSQL(t *testing.T) {
	db := postgres.TestDB(t)
	for _, rule := range []any{"FEN_HALF_EVEN", "", nil} {
		var got *string
		err := refusal(db, func(ctx context.Context, r postgres.Reader) error {
			return r.Get(ctx, &got, queries.Get("round"), map[string]any{"amount": "44.0895", "rule": rule})
		})
		if err == nil || !strings.Contains(err.Error(), "unknown rounding rule") {
			t.Errorf("rule %v: %v, %v", rule, got, err)
		}
	}
}

// A call that stays a call costs a million-row bill run several times the rounding.
func TestRoundIsInlined(t *testing.T) {
	db := postgres.TestDB(t)
	for _, name := range []string{"plan_with_a_rule_per_row", "plan_with_one_rule", "plan_of_a_prorated_bill"} {
		in(t, db, func(ctx context.Context, r postgres.Reader) {
			var lines []string
			if err := r.Select(ctx, &lines, queries.Get(name), nil); err != nil {
				t.Fatal(err)
			}
			plan := strings.Join(lines, "\n")
			if !strings.Contains(plan, "round(") || strings.Contains(plan, "money_round") {
				t.Errorf("%s calls the function:\n%s", name, plan)
			}
		})
	}
}

func splitInSQL(ctx context.Context, r postgres.Reader, total string, weights []decimal.Decimal) (parts []money.Yuan, err error) {
	words := make([]string, len(weights))
	for i, w := range weights {
		words[i] = w.String()
	}
	err = r.Select(ctx, &parts, queries.Get("split"), map[string]any{"total": total, "weights": "{" + strings.Join(words, ",") + "}"})
	return parts, err
}
