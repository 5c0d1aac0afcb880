package api

import (
	"context"
	"strings"

	"estateledger/access"
	"estateledger/civil"
	"estateledger/ledger"
	"estateledger/ledger/money"
	"estateledger/postgres"
	"estateledger/server/web"
)

// look runs one read and answers what it gives.
func look[T any](q *web.Request, read func(ctx context.Context, r postgres.Reader, s access.Scope) (T, error)) error {
	var out T
	err := q.View(func(ctx context.Context, r postgres.Reader, s access.Scope) (err error) {
		out, err = read(ctx, r, s)
		return err
	})
	if err != nil {
		return err
	}
	return q.JSON(out)
}

// list runs one read of rows and answers them.
func list[T any](q *web.Request, read func(ctx context.Context, r postgres.Reader, s access.Scope) ([]T, error)) error {
	return look(q, func(ctx context.Context, r postgres.Reader, s access.Scope) (web.List[T], error) {
		items, err := read(ctx, r, s)
		if items == nil {
			items = []T{}
		}
		return web.List[T]{Items: items}, err
	})
}

// period reads from and to; what is not said is this month's.
func period(q *web.Request, f *web.Fields) civil.Period {
	month := q.Gate.Clock.Today().Month()
	p := civil.Period{From: f.Date("from", q.Query("from")), To: f.Date("to", q.Query("to"))}
	if p.From.IsZero() {
		p.From = month.First()
	}
	if p.To.IsZero() {
		p.To = civil.Max(month.Last(), p.From)
	}
	return p
}

func books(q *web.Request) error { return list(q, ledger.Books) }

func book(q *web.Request) error {
	return look(q, func(ctx context.Context, r postgres.Reader, s access.Scope) (ledger.Book, error) {
		return ledger.BookOf(ctx, r, s, q.ID)
	})
}

func accounts(q *web.Request) error {
	return list(q, func(ctx context.Context, r postgres.Reader, s access.Scope) ([]ledger.Account, error) {
		return ledger.AccountsOf(ctx, r, s, q.ID)
	})
}

// trialLineOut is a line with its balances, debit positive.
type trialLineOut struct {
	ledger.TrialLine
	Opening money.Yuan `json:"opening"`
	Closing money.Yuan `json:"closing"`
}

func trialBalance(q *web.Request) error {
	var f web.Fields
	p := period(q, &f)
	if err := f.Err(); err != nil {
		return err
	}
	type trialOut struct {
		Period civil.Period   `json:"period"`
		Lines  []trialLineOut `json:"lines"`
		// Difference is the sum of the closings: 0.00, or the books are broken.
		Difference money.Yuan `json:"difference"`
	}
	return look(q, func(ctx context.Context, r postgres.Reader, s access.Scope) (trialOut, error) {
		lines, err := ledger.TrialBalance(ctx, r, s, q.ID, p)
		out := trialOut{Period: p, Lines: []trialLineOut{}}
		for _, l := range lines {
			out.Lines = append(out.Lines, trialLineOut{l, l.Opening(), l.Closing()})
			out.Difference = out.Difference.Add(l.Closing())
		}
		return out, err
	})
}

// journalFilter reads what chooses entries, and the cursor date,entry.
func journalFilter(q *web.Request, f *web.Fields) ledger.JournalFilter {
	j := ledger.JournalFilter{Book: q.ID, Period: period(q, f), Account: f.ID("account_id", q.Query("account_id")),
		Dimension: f.ID("dimension", q.Query("dimension")), Act: f.ID("act_id", q.Query("act_id")),
		SourceKind: ledger.SourceKind(f.Count("source_kind", q.Query("source_kind"), 1, 99)), Source: f.ID("source_id", q.Query("source_id")),
		Limit: f.Count("limit", q.Query("limit", "100"), 1, 500)}
	if after := q.Query("after"); after != "" {
		date, entry, _ := strings.Cut(after, ",")
		j.AfterDate, j.AfterEntry = f.Date("after", date), f.ID("after", entry)
	}
	return j
}

// nextEntry is the cursor behind a full page.
func nextEntry(lines []ledger.JournalLine, limit int) string {
	if len(lines) < limit {
		return ""
	}
	last := lines[len(lines)-1]
	return last.PostingDate.String() + "," + id(last.EntryID)
}

func journal(q *web.Request) error {
	var f web.Fields
	filter := journalFilter(q, &f)
	if err := f.Err(); err != nil {
		return err
	}
	type journalOut struct {
		web.List[ledger.JournalLine]
		Total ledger.JournalTotal `json:"total"`
	}
	return look(q, func(ctx context.Context, r postgres.Reader, s access.Scope) (journalOut, error) {
		var out journalOut
		lines, err := ledger.Journal(ctx, r, s, filter)
		if err != nil {
			return out, err
		}
		out.Items, out.Next = append([]ledger.JournalLine{}, lines...), nextEntry(lines, filter.Limit)
		out.Total, err = ledger.TotalOf(ctx, r, s, filter)
		return out, err
	})
}

// accountStatement is an account's entries with the balances around them, debit
// positive.
func accountStatement(q *web.Request) error {
	account, err := q.ParamID("account")
	if err != nil {
		return err
	}
	var f web.Fields
	filter := journalFilter(q, &f)
	if err := f.Err(); err != nil {
		return err
	}
	filter.Account = account
	type statementOut struct {
		web.List[ledger.JournalLine]
		Period  civil.Period `json:"period"`
		Opening money.Yuan   `json:"opening"`
		Closing money.Yuan   `json:"closing"`
	}
	return look(q, func(ctx context.Context, r postgres.Reader, s access.Scope) (statementOut, error) {
		out := statementOut{Period: filter.Period}
		lines, err := ledger.Journal(ctx, r, s, filter)
		if err != nil {
			return out, err
		}
		out.Items, out.Next = append([]ledger.JournalLine{}, lines...), nextEntry(lines, filter.Limit)
		out.Opening, err = ledger.Balance(ctx, r, s, q.ID, account, filter.Dimension, filter.Period.From.AddDays(-1))
		if err != nil {
			return out, err
		}
		out.Closing, err = ledger.Balance(ctx, r, s, q.ID, account, filter.Dimension, filter.Period.To)
		return out, err
	})
}

func periods(q *web.Request) error {
	return list(q, func(ctx context.Context, r postgres.Reader, s access.Scope) ([]ledger.PeriodEvent, error) {
		return ledger.PeriodEvents(ctx, r, s, q.ID)
	})
}

func closeRequest(q *web.Request) (ledger.CloseRequest, error) {
	var in struct {
		Month  string `json:"month"`
		Reason string `json:"reason"`
	}
	if err := q.Decode(&in); err != nil {
		return ledger.CloseRequest{}, err
	}
	var f web.Fields
	req := ledger.CloseRequest{Book: q.ID, Month: f.Month("month", f.Need("month", in.Month, "月份")), Reason: in.Reason}
	return req, f.Err()
}

func periodClose(q *web.Request) error {
	req, err := closeRequest(q)
	if err != nil {
		return err
	}
	out, err := ledger.Close(q.UserContext(), q.Gate, q.Actor(), q.District, q.Key(), req)
	return web.Done(q, out, err)
}

func periodReopen(q *web.Request) error {
	req, err := closeRequest(q)
	if err != nil {
		return err
	}
	out, err := ledger.Reopen(q.UserContext(), q.Gate, q.Actor(), q.District, q.Key(), req)
	return web.Done(q, out, err)
}

func voucherPost(q *web.Request) error {
	var in struct {
		BusinessDate string `json:"business_date"`
		Summary      string `json:"summary"`
		Paper        string `json:"paper"`
		Lines        []struct {
			Debit  string `json:"debit"`
			Credit string `json:"credit"`
			Amount string `json:"amount"`
		} `json:"lines"`
	}
	if err := q.Decode(&in); err != nil {
		return err
	}
	var f web.Fields
	req := ledger.VoucherRequest{Book: q.ID, BusinessDate: f.Date("business_date", in.BusinessDate), Summary: in.Summary, Paper: in.Paper}
	for _, l := range in.Lines {
		req.Lines = append(req.Lines, ledger.VoucherLine{Debit: l.Debit, Credit: l.Credit, Amount: f.Yuan("lines", l.Amount)})
	}
	if err := f.Err(); err != nil {
		return err
	}
	out, err := ledger.PostVoucher(q.UserContext(), q.Gate, q.Actor(), q.District, q.Key(), req)
	return web.Done(q, out, err)
}

func voucher(q *web.Request) error {
	return look(q, func(ctx context.Context, r postgres.Reader, s access.Scope) (ledger.Voucher, error) {
		return ledger.VoucherOf(ctx, r, s, q.ID)
	})
}
