package screens

import (
	"context"

	"estateledger/access"
	"estateledger/civil"
	"estateledger/fault"
	"estateledger/ledger"
	"estateledger/ledger/money"
	"estateledger/postgres"
	"estateledger/receivable"
	"estateledger/server/pages"
	"estateledger/server/web"
)

// closing are the pages that close months and book by hand.
func (d *desk) closing() map[string]web.Handler {
	return map[string]web.Handler{
		"periods":       func(q *web.Request) error { return d.showPeriods(q) },
		"period_close":  d.periodClose,
		"period_reopen": d.periodReopen,
		"voucher":       func(q *web.Request) error { return d.showVoucher(q) },
		"voucher_save":  d.voucherSave,
	}
}

func (d *desk) showPeriods(q *web.Request) error {
	view, err := d.periodsView(q, id(q.Query("book")), nil)
	if err != nil {
		return err
	}
	if month, err := civil.ParseMonth(q.Query("reopen")); err == nil {
		view.Form.Month = month.String()
		for i := range view.Months {
			if view.Months[i].Month == month {
				view.Reopen = &view.Months[i]
			}
		}
	}
	return d.show(q, view)
}

func (d *desk) periodsView(q *web.Request, wanted int64, problems pages.Problems) (pages.PeriodsView, error) {
	view := pages.PeriodsView{Problems: problems}
	err := d.read(q, func(ctx context.Context, r postgres.Reader, s access.Scope) error {
		books, err := ledger.Books(ctx, r, s)
		if err != nil || len(books) == 0 {
			return err
		}
		book := d.chosenBook(q, books)
		for _, b := range books {
			if b.BookID == wanted {
				book = b
			}
		}
		view.Books, view.Book, view.BookID = bookOptions(books), book.Name, book.BookID
		view.Filter.Book, view.Form.Book = idText(book.BookID), idText(book.BookID)
		months, err := ledger.MonthsOf(ctx, r, s, book.BookID)
		if err != nil {
			return err
		}
		events, err := ledger.PeriodEvents(ctx, r, s, book.BookID)
		if err != nil {
			return err
		}
		view.Months = periodRows(book, months, events)
		view.Next = nextToClose(book, months, s.Today)
		return nil
	})
	return view, err
}

// periodRows are the months with entries and how each was last closed or reopened.
func periodRows(book ledger.Book, months []ledger.MonthTotal, events []ledger.PeriodEvent) []pages.PeriodRow {
	var rows []pages.PeriodRow
	for _, m := range months {
		row := pages.PeriodRow{Month: m.Month, Entries: int(m.Entries), Total: m.Total,
			Closed: !book.ClosedThrough.IsZero() && !m.Month.After(book.ClosedThrough), Last: m.Month == book.ClosedThrough}
		for _, e := range events {
			if e.Month != m.Month {
				continue
			}
			if row.Who == "" {
				row.Who, row.At = e.UserName, e.At.In(civil.Shanghai).Format("2006-01-02 15:04")
			}
			if !e.Closed && row.Reason == "" {
				row.Reason = e.Reason
			}
		}
		rows = append(rows, row)
	}
	return rows
}

// nextToClose is the first open month with entries, and what stands in its way.
func nextToClose(book ledger.Book, months []ledger.MonthTotal, today civil.Date) *pages.PeriodNext {
	for i := len(months) - 1; i >= 0; i-- {
		m := months[i]
		if !book.ClosedThrough.IsZero() && !m.Month.After(book.ClosedThrough) {
			continue
		}
		next := &pages.PeriodNext{Month: m.Month, Checks: []pages.Check{
			{Tone: pages.Good, What: "每笔分录一借一贷，金额相同", Aside: money.Format(m.Total) + " 元"},
			{Tone: pages.Good, What: "以前的月份都已结账"},
			{Tone: pages.Good, What: "本月分录", Aside: countText(m.Entries) + " 笔"},
		}}
		if !m.Month.Last().Before(today) {
			next.Blocked = m.Month.String() + " 还没有过完,月底以后才能结账。"
		}
		return next
	}
	return nil
}

func (d *desk) periodClose(q *web.Request) error {
	return d.changePeriod(q, ledger.Close, "已结账", "这个月不能再记账;更正记在未结账的月份。")
}

func (d *desk) periodReopen(q *web.Request) error {
	return d.changePeriod(q, ledger.Reopen, "已反结账", "原因和经手人留在记录里。改好后请重新结账。")
}

type changePeriod func(ctx context.Context, g *access.Gate, actor access.Actor, district int64, key string, req ledger.CloseRequest) (access.Outcome[ledger.PeriodState], error)

func (d *desk) changePeriod(q *web.Request, change changePeriod, what, meaning string) error {
	var form pages.PeriodForm
	if err := q.BodyParser(&form); err != nil {
		return badForm(err)
	}
	var f web.Fields
	req := ledger.CloseRequest{Book: f.ID("book", form.Book), Month: f.Month("month", form.Month), Reason: form.Reason}
	err := f.Err()
	if err == nil {
		var out access.Outcome[ledger.PeriodState]
		out, err = change(q.UserContext(), d.gate, q.Actor(), q.District, q.Key(), req)
		if err == nil {
			n := pages.Notice{Tone: pages.Good, Strong: out.Result.Month.String() + " " + what + "。", Text: meaning}
			return d.done(q, n, "periods", "book", req.Book)
		}
	}
	return d.again(q, err, func(p pages.Problems) (pages.View, error) {
		view, err := d.periodsView(q, req.Book, p)
		view.Form = form
		return view, err
	})
}

// badForm is a body that is no form.
func badForm(err error) error {
	return fault.Invalid("server.form_broken", "表单内容读不出来,请刷新页面后重填。").Because(err)
}

func (d *desk) showVoucher(q *web.Request) error {
	view, err := d.voucherView(q, pages.VoucherForm{Book: q.Query("book"), Business: d.gate.Clock.Today().String()}, nil)
	if err != nil {
		return err
	}
	return d.show(q, view)
}

func (d *desk) voucherView(q *web.Request, form pages.VoucherForm, problems pages.Problems) (pages.VoucherView, error) {
	view := pages.VoucherView{Form: form, Problems: problems}
	err := d.read(q, func(ctx context.Context, r postgres.Reader, s access.Scope) error {
		books, err := ledger.Books(ctx, r, s)
		if err != nil || len(books) == 0 {
			return err
		}
		book := d.chosenBook(q, books)
		if view.Form.Book == "" {
			view.Form.Book = idText(book.BookID)
		}
		view.Books, view.Closed = bookOptions(books), book.ClosedThrough
		accounts, err := ledger.AccountsOf(ctx, r, s, book.BookID)
		if err != nil {
			return err
		}
		for _, a := range accounts {
			o := pages.Option{Value: a.Slug, Label: a.OfficialCode + " " + a.Name}
			switch {
			case a.Kind == ledger.Expense:
				view.Expenses = append(view.Expenses, o)
			case a.Slug == ledger.Cash || a.Slug == ledger.Bank:
				view.Banks = append(view.Banks, o)
			}
		}
		f := ledger.JournalFilter{Book: book.BookID, Period: civil.Period{From: s.Today.Month().Add(-1).First(), To: s.Today}, Limit: 500}
		lines, err := ledger.Journal(ctx, r, s, f)
		if err != nil {
			return err
		}
		var vouchers []ledger.JournalLine
		for i := len(lines) - 1; i >= 0 && len(vouchers) < 10; i-- {
			if lines[i].SourceKind == ledger.FromVoucher {
				vouchers = append(vouchers, lines[i])
			}
		}
		words, err := receivable.WordsOf(ctx, r, s, vouchers)
		for _, line := range vouchers {
			view.Recent = append(view.Recent, entryRow(line, words))
		}
		return err
	})
	return view, err
}

func (d *desk) voucherSave(q *web.Request) error {
	var form pages.VoucherForm
	if err := q.BodyParser(&form); err != nil {
		return badForm(err)
	}
	var f web.Fields
	f.Need("amount", form.Amount, "金额")
	f.Need("what", form.What, "用途")
	summary := form.What
	if form.Payee != "" {
		summary += "(" + form.Payee + ")"
	}
	req := ledger.VoucherRequest{Book: f.ID("book", form.Book), BusinessDate: f.Date("business_date", form.Business), Summary: summary,
		Paper: form.Document, Lines: []ledger.VoucherLine{{Debit: form.Account, Credit: form.Bank, Amount: f.Yuan("amount", form.Amount)}}}
	err := f.Err()
	if err == nil {
		var out access.Outcome[ledger.VoucherPosted]
		out, err = ledger.PostVoucher(q.UserContext(), d.gate, q.Actor(), q.District, q.Key(), req)
		if err == nil {
			n := pages.Notice{Tone: pages.Good, Strong: "已登记支出 " + money.Format(out.Result.Total) + " 元。", Text: "记账日期 " + out.Result.PostingDate.String() + "。"}
			return d.done(q, n, "voucher", "book", req.Book)
		}
	}
	return d.again(q, err, func(p pages.Problems) (pages.View, error) { return d.voucherView(q, form, p) })
}
