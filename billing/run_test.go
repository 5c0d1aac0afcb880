package billing_test

import (
	"context"
	"strings"
	"sync"
	"testing"

	"estateledger/access"
	"estateledger/billing"
	"estateledger/civil"
	"estateledger/estate"
	"estateledger/estate/estatetest"
	"estateledger/fault"
	"estateledger/ledger"
	"estateledger/ledger/money"
	"estateledger/postgres"
	"estateledger/receivable"
)

// reasonOf is why a unit was skipped, empty when it was not.
func reasonOf(rep billing.Report, unit int64) string {
	for _, g := range rep.Skipped {
		for _, s := range g.Units {
			if s.UnitID == unit {
				return string(g.Reason)
			}
		}
	}
	return ""
}

var july = month("2026-07")

// village is an estate of three households with a rate of 0.65 at 6 %.
func (d *desk) village() home {
	h := d.found("安和二村", day("2026-01-01"), estate.Daily, "67.83", "50.50", "88.12")
	d.rate(h, estate.Residential, day("2026-01-01"), "0.65", "0.06")
	return h
}

func TestABillKeepsWhatItWasComputedFrom(t *testing.T) {
	d := newDesk(t)
	h := d.village()
	run := d.bill(h, july)
	same(t, "bills", run.Count, 3)
	same(t, "total", run.Total.String(), "134.20") // 44.09 + 32.83 + 57.28
	c := d.charges(h.units[0])[0]
	same(t, "run", c.RunID, run.RunID)
	same(t, "posting date of a month billed ahead", c.PostingDate, day("2026-07-01"))
	same(t, "due", c.Due, day("2026-07-31"))
	same(t, "rounding", c.Rounding, string(money.FenHalfUp))
	if !c.Quantity.Equal(dec("67.83")) || !c.UnitPrice.Equal(dec("0.65")) || c.DebtorID == 0 {
		t.Errorf("charge %+v", c)
	}
	same(t, "receivable", d.balance(h, ledger.Receivable), "134.20")
	same(t, "income and tax", d.balance(h, ledger.ServiceIncome)+" "+d.balance(h, ledger.OutputTax), "-126.60 -7.60")
}

func TestTheContractsDueDayHolds(t *testing.T) {
	d := newDesk(t)
	h := d.village()
	d.contract(h, civil.Date{}, day("2028-12-31"), estate.Daily, 10)
	d.bill(h, july)
	same(t, "due", d.charges(h.units[0])[0].Due, day("2026-07-10"))
}

func TestRoundingRuleOfTheRate(t *testing.T) {
	d := newDesk(t)
	h := d.found("角村", day("2026-01-01"), estate.Daily, "67.83")
	req := rateOf(h, estate.Residential, day("2026-01-01"), "0.65", "0.06")
	req.Rounding = money.JiaoHalfUp
	_, err := billing.SetRate(context.Background(), d.Gate, d.accountant, d.District, estatetest.Key(), req)
	d.must(err)
	d.bill(h, july) // the draft's hash and the published one agree on 44.10
	same(t, "amount", d.charges(h.units[0])[0].Amount.String(), "44.10")
}

func TestTwoClerksPublishOneDraftAtOnce(t *testing.T) {
	d := newDesk(t)
	h := d.village()
	draft := d.draft(h, july)
	results := inParallel(8, func() (billing.RunResult, error) {
		out, err := billing.Publish(context.Background(), d.Gate, d.manager, d.District, estatetest.Key(), billing.RunRequest{Run: draft.RunID})
		return out.Result, err
	})
	first := 0
	for _, r := range results {
		d.must(r.err)
		same(t, "count", r.Count, 3)
		same(t, "total", r.Total.String(), "134.20")
		if !r.Already {
			first++
		}
	}
	same(t, "publications", first, 1)
	count, total, once := d.estateTotals(h)
	same(t, "bills", count, 3)
	same(t, "billed once", once, 3)
	same(t, "total", total, "134.20")
	same(t, "receivable", d.balance(h, ledger.Receivable), "134.20")
}

func TestTwoClerksBillOneMonthAtOnce(t *testing.T) {
	d := newDesk(t)
	h := d.village()
	results := inParallel(8, func() (billing.RunResult, error) { return d.billNow(h, july) })
	first := 0
	for _, r := range results {
		d.must(r.err)
		if r.NothingToBill {
			same(t, "run of nothing", r.RunID, 0)
			continue
		}
		first++
		same(t, "count", r.Count, 3)
	}
	same(t, "publications", first, 1)
	count, total, _ := d.estateTotals(h)
	same(t, "bills", count, 3)
	same(t, "total", total, "134.20")
	same(t, "runs on record", strings.Join(d.states(h), ","), "published")
}

type parallelResult struct {
	billing.RunResult
	err error
}

func inParallel(n int, do func() (billing.RunResult, error)) []parallelResult {
	results := make([]parallelResult, n)
	var wg sync.WaitGroup
	for i := range results {
		wg.Go(func() { results[i].RunResult, results[i].err = do() })
	}
	wg.Wait()
	return results
}

func (d *desk) states(h home) []string {
	d.t.Helper()
	var states []string
	d.sql(func(ctx context.Context, r postgres.Reader) error {
		return r.Select(ctx, &states, testQueries.Get("run_states"), map[string]any{"district": d.District, "estate": h.estate})
	})
	return states
}

func TestASecondRunBillsOnlyWhatIsMissing(t *testing.T) {
	d := newDesk(t)
	h := d.village()
	late := d.addUnits(h, estate.Residential, "100.00")[0] // no owner yet
	same(t, "first run", d.bill(h, july).Count, 3)
	if got := d.draft(h, july); !got.NothingToBill {
		t.Errorf("nobody new, but a draft of %d", got.Count)
	}
	d.title(late, civil.Date{}, civil.Date{}, "新业主")
	second := d.bill(h, july)
	same(t, "second run", second.Count, 1)
	same(t, "second total", second.Total.String(), "65.00")
	count, total, once := d.estateTotals(h)
	same(t, "bills", count, 4)
	same(t, "billed once", once, 4)
	same(t, "total", total, "199.20")
	same(t, "a third run", d.draft(h, july).NothingToBill, true)
}

func TestPublishRefusesAPreviewThatChanged(t *testing.T) {
	d := newDesk(t)
	h := d.village()
	draft := d.draft(h, july)
	d.area(h.units[0], day("2026-05-01"), "70.00") // 45.50 instead of 44.09
	rep := d.preview(h, july)
	same(t, "stale draft", rep.Stale, true)
	same(t, "draft in the preview", rep.Draft, draft.RunID)
	_, err := billing.Publish(context.Background(), d.Gate, d.manager, d.District, estatetest.Key(), billing.RunRequest{Run: draft.RunID})
	refused(t, err, "billing.preview_changed", "")
	f, _ := fault.As(err)
	if len(f.Details) != 2 || !strings.Contains(f.Details[0].Message, "134.20") || !strings.Contains(f.Details[1].Message, "135.61") {
		t.Errorf("both figures are wanted: %+v", f.Details)
	}
	count, _, _ := d.estateTotals(h)
	same(t, "bills after the refusal", count, 0)
	same(t, "receivable after the refusal", d.balance(h, ledger.Receivable), "0.00")
	same(t, "publication after a new draft", d.bill(h, july).Total.String(), "135.61")
	same(t, "states", strings.Join(d.states(h), ","), "discarded,published")
}

// The total alone would not tell: two households change places.
func TestPublishRefusesAPreviewWithTheSameTotal(t *testing.T) {
	d := newDesk(t)
	h := d.found("换村", day("2026-01-01"), estate.Daily, "60.00", "80.00")
	d.rate(h, estate.Residential, day("2026-01-01"), "0.50", "0")
	draft := d.draft(h, july)
	d.area(h.units[0], day("2026-05-01"), "80.00")
	d.area(h.units[1], day("2026-05-01"), "60.00")
	_, err := billing.Publish(context.Background(), d.Gate, d.manager, d.District, estatetest.Key(), billing.RunRequest{Run: draft.RunID})
	refused(t, err, "billing.preview_changed", "")
}

func TestExclusionsHoldAndCarryOver(t *testing.T) {
	d := newDesk(t)
	ctx, h := context.Background(), d.village()
	draft := d.draft(h, july)
	out, err := billing.Exclude(ctx, d.Gate, d.accountant, d.District, estatetest.Key(), billing.ExcludeRequest{Run: draft.RunID, Unit: h.units[1], Reason: " 面积在核 "})
	d.must(err)
	same(t, "draft without one", out.Result.Total.String(), "101.37")
	rep := d.preview(h, july)
	same(t, "reason", reasonOf(rep, h.units[1]), "EXCLUDED")
	same(t, "why", rep.Skipped[0].Units[0].Why(july), "本次不出账：面积在核")
	again := d.draft(h, july)
	same(t, "a new draft keeps it", again.Count, 2)
	same(t, "published", d.publish(again.RunID).Count, 2)
	same(t, "the excluded unit", len(d.charges(h.units[1])), 0)
	same(t, "a run of the month later", d.bill(h, july).Total.String(), "32.83")
}

func TestIncludeTakesAUnitInAgain(t *testing.T) {
	d := newDesk(t)
	ctx, h := context.Background(), d.village()
	draft := d.draft(h, july)
	_, err := billing.Exclude(ctx, d.Gate, d.accountant, d.District, estatetest.Key(), billing.ExcludeRequest{Run: draft.RunID, Unit: h.units[1], Reason: "核"})
	d.must(err)
	out, err := billing.Include(ctx, d.Gate, d.accountant, d.District, estatetest.Key(), billing.RunUnitRequest{Run: draft.RunID, Unit: h.units[1]})
	d.must(err)
	same(t, "draft", out.Result.Total.String(), "134.20")
	same(t, "published", d.publish(draft.RunID).Count, 3)
}

func TestWithdrawGivesTheMonthBack(t *testing.T) {
	d := newDesk(t)
	ctx, h := context.Background(), d.village()
	run := d.bill(h, july)
	out, err := billing.Withdraw(ctx, d.Gate, d.manager, d.District, estatetest.Key(), billing.WithdrawRequest{Run: run.RunID, Reason: "单价录错"})
	d.must(err)
	same(t, "taken back", out.Result.Count, 3)
	same(t, "receivable", d.balance(h, ledger.Receivable), "0.00")
	same(t, "income", d.balance(h, ledger.ServiceIncome), "0.00")
	_, err = billing.Withdraw(ctx, d.Gate, d.manager, d.District, estatetest.Key(), billing.WithdrawRequest{Run: run.RunID, Reason: "再撤一次"})
	refused(t, err, "billing.run_not_published", "")
	same(t, "billed again", d.bill(h, july).Total.String(), "134.20")
	same(t, "receivable", d.balance(h, ledger.Receivable), "134.20")
	same(t, "rows kept", len(d.charges(h.units[0])), 2)
	d.view(func(ctx context.Context, r postgres.Reader, s access.Scope) error {
		file, err := billing.RunByID(ctx, r, s, run.RunID)
		same(t, "state", file.State, billing.Withdrawn)
		same(t, "because", file.WithdrawnBecause, "单价录错")
		same(t, "taken back", file.Charges.TakenBack, 3)
		return err
	})
}

func TestAPaidRunIsNotWithdrawn(t *testing.T) {
	d := newDesk(t)
	h := d.village()
	run := d.bill(h, july)
	d.pay(h, h.units[0], "10.00")
	_, err := billing.Withdraw(context.Background(), d.Gate, d.manager, d.District, estatetest.Key(), billing.WithdrawRequest{Run: run.RunID, Reason: "错"})
	refused(t, err, "receivable.run_paid", "")
	count, _, _ := d.estateTotals(h)
	same(t, "bills", count, 3)
}

func TestAPrepaymentIsUsedByTheNextRun(t *testing.T) {
	d := newDesk(t)
	h := d.village()
	d.pay(h, h.units[0], "100.00")
	run := d.bill(h, july)
	same(t, "applied", run.Applied, 1)
	same(t, "applied total", run.AppliedTotal.String(), "44.09")
	same(t, "settled", d.charges(h.units[0])[0].Settled.String(), "44.09")
	d.view(func(ctx context.Context, r postgres.Reader, s access.Scope) error {
		left, err := receivable.PrepaymentOf(ctx, r, s, h.units[0])
		same(t, "prepayment left", left.String(), "55.91")
		return err
	})
}

// A month that is over and closed is billed late: its business dates stay, the
// entries go into the open month.
func TestBillingAClosedMonthPostsInTheOpenOne(t *testing.T) {
	d := newDesk(t)
	h := d.village()
	_, err := ledger.Close(context.Background(), d.Gate, d.accountant, d.District, estatetest.Key(), ledger.CloseRequest{Book: h.book, Month: month("2026-05")})
	d.must(err)
	d.bill(h, month("2026-05"))
	c := d.charges(h.units[0])[0]
	same(t, "segment", c.Start, day("2026-05-01"))
	same(t, "posting date", c.PostingDate, estatetest.Today)
}

func TestRunRefusals(t *testing.T) {
	d := newDesk(t)
	ctx, h := context.Background(), d.village()
	run := d.bill(h, july)
	draft := d.draft(h, month("2026-08"))
	other := d.found("别村", day("2026-01-01"), estate.Daily, "50.00")
	newDraft := func(actor access.Actor, estate int64, m civil.Month) error {
		_, err := billing.CreateDraft(ctx, d.Gate, actor, d.District, estatetest.Key(), billing.DraftRequest{Estate: estate, Month: m})
		return err
	}
	publish := func(actor access.Actor, id int64) error {
		_, err := billing.Publish(ctx, d.Gate, actor, d.District, estatetest.Key(), billing.RunRequest{Run: id})
		return err
	}
	exclude := func(run, unit int64, reason string) error {
		_, err := billing.Exclude(ctx, d.Gate, d.accountant, d.District, estatetest.Key(), billing.ExcludeRequest{Run: run, Unit: unit, Reason: reason})
		return err
	}
	withdraw := func(id int64, reason string) error {
		_, err := billing.Withdraw(ctx, d.Gate, d.manager, d.District, estatetest.Key(), billing.WithdrawRequest{Run: id, Reason: reason})
		return err
	}
	cashier, foreign := d.Actors[access.CompanyCashier], d.Foreign.Actors[access.CompanyManager]

	refused(t, newDraft(d.accountant, h.estate, civil.Month{}), "billing.month_missing", "month")
	refused(t, newDraft(d.accountant, h.estate, month("2027-07")), "billing.month_ahead", "month")
	refused(t, newDraft(d.accountant, 999999, july), "billing.estate_not_found", "")
	refused(t, newDraft(d.accountant, d.EstateID, july), "receivable.no_book", "")
	refused(t, newDraft(cashier, h.estate, july), "access.forbidden", "")
	refused(t, newDraft(foreign, h.estate, july), "access.forbidden", "")
	refused(t, publish(cashier, draft.RunID), "access.forbidden", "")
	refused(t, publish(foreign, draft.RunID), "access.forbidden", "")
	refused(t, publish(d.manager, 999999), "billing.run_not_found", "")
	refused(t, exclude(draft.RunID, h.units[0], "  "), "billing.reason_missing", "reason")
	refused(t, exclude(draft.RunID, h.units[0], strings.Repeat("长", 201)), "billing.reason_too_long", "reason")
	refused(t, exclude(draft.RunID, other.units[0], "不是这里的"), "billing.unit_not_found", "unit")
	refused(t, exclude(run.RunID, h.units[0], "晚了"), "billing.run_published", "")
	refused(t, withdraw(run.RunID, " "), "billing.reason_missing", "reason")
	refused(t, withdraw(draft.RunID, "还没发布"), "billing.run_not_published", "")

	_, err := billing.DiscardDraft(ctx, d.Gate, d.accountant, d.District, estatetest.Key(), billing.RunRequest{Run: run.RunID})
	refused(t, err, "billing.run_published", "")
	_, err = billing.DiscardDraft(ctx, d.Gate, d.accountant, d.District, estatetest.Key(), billing.RunRequest{Run: draft.RunID})
	d.must(err)
	refused(t, publish(d.manager, draft.RunID), "billing.run_discarded", "")
	d.must(withdraw(run.RunID, "撤回"))
	refused(t, publish(d.manager, run.RunID), "billing.run_withdrawn", "")
}

func TestAReplayedKeyPublishesOnce(t *testing.T) {
	d := newDesk(t)
	h := d.village()
	draft, key := d.draft(h, july), estatetest.Key()
	for i := range 2 {
		out, err := billing.Publish(context.Background(), d.Gate, d.manager, d.District, key, billing.RunRequest{Run: draft.RunID})
		d.must(err)
		same(t, "replayed", out.Replayed, i == 1)
		same(t, "already", out.Result.Already, false)
		same(t, "count", out.Result.Count, 3)
	}
}

// What no run knows of, such as a bill made by hand, is still in the way by key.
func TestABillByHandIsNotDoubled(t *testing.T) {
	d := newDesk(t)
	h := d.village()
	ctx := context.Background()
	for i, from := range []string{"2026-07-01", "2026-07-20"} {
		d.must(d.DB.Owner.Write(ctx, func(tx postgres.Tx) error {
			_, err := tx.Exec(ctx, testQueries.Get("insert_charge"), map[string]any{
				"district": d.District, "book": h.book, "unit": h.units[i], "from": day(from), "to": day("2026-07-31")})
			return err
		}))
	}
	rep := d.preview(h, july)
	same(t, "same first day", reasonOf(rep, h.units[0]), "ALREADY_BILLED")
	same(t, "another first day", reasonOf(rep, h.units[1]), "OVERLAP")
	same(t, "billed", d.bill(h, july).Count, 1)
}
