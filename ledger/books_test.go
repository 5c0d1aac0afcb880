package ledger_test

import (
	"context"
	"embed"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"estateledger/access"
	"estateledger/civil"
	"estateledger/estate"
	"estateledger/estate/estatetest"
	"estateledger/fault"
	"estateledger/ledger"
	"estateledger/ledger/money"
	"estateledger/postgres"
)

//go:embed testdata/*.sql
var testFiles embed.FS

var testQueries = postgres.MustLoad(testFiles)

// suite lets the tests of the package share one district: each test opens a book
// of its own in it.
type suite struct {
	cleanups []func()
	fixture  *estatetest.Fixture
	err      string
}

func (s *suite) Helper()                           {}
func (s *suite) Logf(format string, args ...any)   { fmt.Fprintf(os.Stderr, format+"\n", args...) }
func (s *suite) Fatalf(format string, args ...any) { s.err = fmt.Sprintf(format, args...) }
func (s *suite) Cleanup(f func())                  { s.cleanups = append(s.cleanups, f) }

var shared suite

func TestMain(m *testing.M) {
	code := m.Run()
	for _, cleanup := range shared.cleanups {
		cleanup()
	}
	os.Exit(code)
}

// books is a book of the company about an estate of its own, with the clock at
// estatetest.Today.
type books struct {
	*estatetest.Fixture
	t                            testing.TB
	accountant, manager, cashier access.Actor
	place, book, node            int64
	accounts                     map[string]int64
	unit                         int64
}

var places int

func newBooks(t testing.TB) *books {
	t.Helper()
	if shared.fixture == nil {
		db := postgres.TestDB(&shared)
		if shared.err != "" {
			t.Fatal(shared.err)
		}
		shared.fixture = estatetest.Build(t, db)
	}
	return booksIn(t, shared.fixture)
}

// booksIn opens a book in a fixture. What it holds when the test ends must agree
// with what is stored beside it.
func booksIn(t testing.TB, f *estatetest.Fixture) *books {
	t.Helper()
	f.Clock.SetDay(estatetest.Today)
	b := &books{Fixture: f, t: t, accountant: f.Actors[access.CompanyAccountant], manager: f.Actors[access.CompanyManager], cashier: f.Actors[access.CompanyCashier]}
	places++
	ctx := context.Background()
	made, err := f.Service.CreateEstate(ctx, f.System, estatetest.Key(), estate.CreateEstate{District: f.District, CommunityID: f.CommunityID,
		Facts: estate.Facts{Name: fmt.Sprintf("账村%d", places)}})
	b.must(err)
	b.place = made.Result.NodeID
	units, err := f.Service.CreateUnits(ctx, f.System, estatetest.Key(), estate.CreateUnits{District: f.District, EstateID: made.Result.EstateID,
		Units: []estate.NewUnit{{Number: "1-1-101", Tenure: estate.Commodity}}})
	b.must(err)
	b.unit = units.Result.Units[0].UnitID
	opened, err := b.open(ledger.CompanyEstate)
	b.must(err)
	b.book, b.node, b.accounts = opened.Book, opened.Node, opened.Accounts
	t.Cleanup(func() { b.verify(f.DB.App) })
	return b
}

// documentsElsewhere are the checks of what other rooms keep beside the entries:
// these tests post without their documents.
var documentsElsewhere = "12 13 14 15 16"

func (b *books) verify(db *postgres.DB) {
	b.t.Helper()
	findings, err := ledger.Verify(context.Background(), db)
	b.must(err)
	for _, f := range findings {
		if !slices.Contains(strings.Fields(documentsElsewhere), f.Check[:2]) {
			b.t.Errorf("the books disagree: %s %s: %s: %s, but %s", f.Check, f.Title, f.Subject, f.Expected, f.Found)
		}
	}
}

func (b *books) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

// act does something in an act of the district's system user.
func (b *books) act(do func(ctx context.Context, tx postgres.Tx, act *access.Record) error) error {
	cmd := access.Command{Actor: b.System, District: b.District, Node: b.CompanyNode, Permission: access.BooksOpen, UseCase: "test", Key: estatetest.Key()}
	_, err := access.Act(context.Background(), b.Gate, cmd, func(ctx context.Context, tx postgres.Tx, act *access.Record) (int, error) {
		return 0, do(ctx, tx, act)
	})
	return err
}

func (b *books) open(kind ledger.BookKind) (opened ledger.Opened, err error) {
	err = b.act(func(ctx context.Context, tx postgres.Tx, act *access.Record) (err error) {
		opened, err = ledger.Open(ctx, tx, act, ledger.NewBook{Owner: ledger.LegalOwner{Kind: ledger.CompanyOwner, Name: "惠民物业", Node: b.CompanyNode},
			Kind: kind, Name: "账村企业账", Place: b.place, Watchers: []int64{b.CommunityNode}, OpenedOn: day("2025-01-01")})
		return err
	})
	return opened, err
}

// post posts an opening movement on the day its business date is posted on, and
// answers the entry.
func (b *books) post(debit string, debitDimension int64, credit string, creditDimension int64, amount, business string) (entry int64, posting civil.Date, err error) {
	err = b.act(func(ctx context.Context, tx postgres.Tx, act *access.Record) (err error) {
		if posting, err = ledger.PostingDate(ctx, tx, act, b.book, day(business)); err != nil {
			return err
		}
		entry, err = ledger.Post(ctx, tx, act, ledger.Movement{Book: b.book, Debit: b.accounts[debit], DebitDimension: debitDimension,
			Credit: b.accounts[credit], CreditDimension: creditDimension, Amount: money.MustYuan(amount), Business: day(business), Posting: posting,
			Kind: ledger.FromOpening, Source: 1})
		return err
	})
	return entry, posting, err
}

func (b *books) reverse(business string, entries ...int64) error {
	return b.act(func(ctx context.Context, tx postgres.Tx, act *access.Record) error {
		return ledger.Reverse(ctx, tx, act, b.book, entries, day(business), ledger.FromOpening, 1)
	})
}

// request is a voucher of one line, as the accountant books it.
func (b *books) request(business, debit, credit, amount string) ledger.VoucherRequest {
	return ledger.VoucherRequest{Book: b.book, BusinessDate: day(business), Summary: "保洁用品", Paper: "发票 0123",
		Lines: []ledger.VoucherLine{{Debit: debit, Credit: credit, Amount: money.MustYuan(amount)}}}
}

func (b *books) voucher(business, debit, credit, amount string) ledger.VoucherPosted {
	b.t.Helper()
	out, err := ledger.PostVoucher(context.Background(), b.Gate, b.accountant, b.District, estatetest.Key(), b.request(business, debit, credit, amount))
	b.must(err)
	return out.Result
}

func (b *books) closeMonth(m string) (ledger.PeriodState, error) {
	out, err := ledger.Close(context.Background(), b.Gate, b.accountant, b.District, estatetest.Key(), ledger.CloseRequest{Book: b.book, Month: month(m)})
	return out.Result, err
}

func (b *books) reopen(m, reason string) (ledger.PeriodState, error) {
	out, err := ledger.Reopen(context.Background(), b.Gate, b.manager, b.District, estatetest.Key(), ledger.CloseRequest{Book: b.book, Month: month(m), Reason: reason})
	return out.Result, err
}

// view reads as an actor.
func (b *books) view(actor access.Actor, read func(ctx context.Context, r postgres.Reader, s access.Scope) error) {
	b.t.Helper()
	b.must(access.View(context.Background(), b.Gate, func(ctx context.Context, r postgres.Reader) error {
		return read(ctx, r, b.Gate.Scope(actor, b.District))
	}))
}

func (b *books) balance(slug, through string) string {
	b.t.Helper()
	var y money.Yuan
	b.view(b.accountant, func(ctx context.Context, r postgres.Reader, s access.Scope) (err error) {
		y, err = ledger.Balance(ctx, r, s, b.book, b.accounts[slug], 0, day(through))
		return err
	})
	return y.String()
}

// journal is every entry of the book.
func (b *books) journal() (lines []ledger.JournalLine) {
	b.t.Helper()
	b.view(b.accountant, func(ctx context.Context, r postgres.Reader, s access.Scope) (err error) {
		lines, err = ledger.Journal(ctx, r, s, ledger.JournalFilter{Book: b.book, Period: civil.Period{From: day("2000-01-01"), To: day("2040-12-31")}, Limit: 500})
		return err
	})
	return lines
}

// sql reads what stands in the tables, past every view.
func (b *books) sql(dest any, query string, arg map[string]any) {
	b.t.Helper()
	ctx := context.Background()
	b.must(b.DB.Owner.Read(ctx, func(r postgres.Reader) error { return r.Get(ctx, dest, testQueries.Get(query), arg) }))
}

// change runs a statement as a role of the database.
func (b *books) change(db *postgres.DB, query string) error {
	ctx := context.Background()
	return db.Write(ctx, func(tx postgres.Tx) error {
		_, err := tx.Exec(ctx, testQueries.Get(query), map[string]any{"district": b.District, "book": b.book})
		return err
	})
}

// untilWaiting returns when n sessions wait for an advisory lock; it fails when
// done is closed before.
func (b *books) untilWaiting(n int, done <-chan struct{}) {
	b.t.Helper()
	for waiting := 0; waiting < n; {
		select {
		case <-done:
			b.t.Fatal("nobody waited")
		default:
			b.sql(&waiting, "waiting_for_locks", nil)
		}
	}
}

func inParallel(n int, do func(i int) error) []error {
	errs := make([]error, n)
	var wg sync.WaitGroup
	for i := range errs {
		wg.Go(func() { errs[i] = do(i) })
	}
	wg.Wait()
	return errs
}

func day(s string) civil.Date { return civil.MustDate(s) }

func month(s string) civil.Month { return civil.MustMonth(s) }

// refused holds an error to a fault code and a field.
func refused(t testing.TB, err error, code, field string) {
	t.Helper()
	f, ok := fault.As(err)
	if !ok || f.Code != code || f.Field != field {
		t.Errorf("got %v, want %s at %q", err, code, field)
	}
}

// same holds a figure to what it must be.
func same[T comparable](t testing.TB, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

func TestABookIsOpenedOnce(t *testing.T) {
	b := newBooks(t)
	again, err := b.open(ledger.CompanyEstate)
	b.must(err)
	same(t, "book", again.Book, b.book)
	same(t, "node", again.Node, b.node)
	same(t, "accounts", maps.Equal(again.Accounts, b.accounts), true)
	head, err := b.open(ledger.CompanyHead)
	b.must(err)
	same(t, "another kind is another book", head.Book != b.book && head.Accounts[ledger.Cash] != b.accounts[ledger.Cash], true)
	same(t, "of the same owner", head.LegalOwner, again.LegalOwner)
	for _, kind := range []ledger.BookKind{ledger.Fund, "pocket_money"} {
		_, err := b.open(kind)
		refused(t, err, "ledger.no_chart", "kind")
	}
}

func TestABookHasTheAccountsOfItsKind(t *testing.T) {
	b := newBooks(t)
	b.view(b.accountant, func(ctx context.Context, r postgres.Reader, s access.Scope) error {
		accounts, err := ledger.AccountsOf(ctx, r, s, b.book)
		chart := ledger.Charts[ledger.CompanyEstate]
		same(t, "accounts", len(accounts), len(chart))
		for i, a := range accounts {
			line := chart[slices.IndexFunc(chart, func(l ledger.ChartLine) bool { return l.Slug == a.Slug })]
			same(t, a.Slug, a.Name+" "+a.OfficialCode+" "+string(a.Kind), line.Name+" "+line.OfficialCode+" "+string(line.Kind))
			same(t, "by number", i == 0 || accounts[i-1].OfficialCode < a.OfficialCode, true)
			one, book, err := ledger.AccountOf(ctx, r, s, a.AccountID)
			same(t, "one account", one == a && book == b.book && err == nil, true)
		}
		return err
	})
}

func TestABankAccountIsOpenedOnce(t *testing.T) {
	b := newBooks(t)
	b.must(b.act(func(ctx context.Context, tx postgres.Tx, act *access.Record) error {
		opened, err := ledger.Open(ctx, tx, act, ledger.NewBook{Owner: ledger.LegalOwner{Kind: ledger.CompanyOwner, Node: b.CompanyNode}, Kind: ledger.CompanyEstate, Place: b.place})
		b.must(err)
		one, err := ledger.EnsureBankAccount(ctx, tx, act, opened.LegalOwner, ledger.BankDeposit, "基本户", "6688")
		b.must(err)
		two, err := ledger.EnsureBankAccount(ctx, tx, act, opened.LegalOwner, ledger.BankDeposit, "基本户", "6688")
		same(t, "account", one, two)
		return err
	}))
}

func TestBooksOfOthersAreNotThere(t *testing.T) {
	b := newBooks(t)
	posted := b.voucher("2026-06-10", ledger.ServiceCost, ledger.Cash, "88.00")
	line := b.journal()[0]
	june := month("2026-06").Period()
	for what, actor := range map[string]access.Actor{"a foreign accountant": b.Foreign.Actors[access.CompanyAccountant],
		"a foreign sub-district": b.Foreign.Actors[access.SubDistrictRole], "the cashier": b.cashier, "nobody": {}} {
		t.Run(what, func(t *testing.T) {
			b.view(actor, func(ctx context.Context, r postgres.Reader, s access.Scope) error {
				_, err := ledger.BookOf(ctx, r, s, b.book)
				refused(t, err, "ledger.book_not_found", "")
				_, _, err = ledger.AccountOf(ctx, r, s, b.accounts[ledger.Cash])
				refused(t, err, "ledger.account_not_found", "")
				_, err = ledger.EntryPlaceOf(ctx, r, s, line.EntryID)
				refused(t, err, "ledger.entry_not_found", "")
				_, err = ledger.VoucherOf(ctx, r, s, posted.Voucher)
				refused(t, err, "ledger.voucher_not_found", "")
				trial, err1 := ledger.TrialBalance(ctx, r, s, b.book, june)
				lines, err2 := ledger.Journal(ctx, r, s, ledger.JournalFilter{Book: b.book, Period: june})
				total, err3 := ledger.TotalOf(ctx, r, s, ledger.JournalFilter{Book: b.book, Period: june})
				same(t, "figures", len(trial)+len(lines)+int(total.Entries), 0)
				balance, err4 := ledger.Balance(ctx, r, s, b.book, b.accounts[ledger.Cash], 0, day("2026-06-30"))
				same(t, "balance", balance.String(), "0.00")
				for _, err := range []error{err1, err2, err3, err4} {
					b.must(err)
				}
				return nil
			})
		})
	}
	b.view(b.Actors[access.SubDistrictRole], func(ctx context.Context, r postgres.Reader, s access.Scope) error {
		book, err := ledger.BookOf(ctx, r, s, b.book) // the community watches the book
		same(t, "owner", book.OwnerName, "惠民物业")
		return err
	})
}
