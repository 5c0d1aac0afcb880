package screens

import (
	"bytes"
	"context"
	"net/url"
	"slices"
	"strconv"

	"estateledger/access"
	"estateledger/civil"
	"estateledger/ledger"
	"estateledger/ledger/money"
	"estateledger/postgres"
	"estateledger/receivable"
	"estateledger/server/pages"
	"estateledger/server/web"
	"estateledger/sheet"
)

// pageSize is how many rows a page of a long list holds.
const pageSize = 50

// exportSize bounds what one export holds; longer periods are exported month by
// month.
const exportSize = 500

const xlsxType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// books are the pages of the 资金 group that read.
func (d *desk) books() map[string]web.Handler {
	return map[string]web.Handler{
		"journal":              d.journal,
		"journal_export":       d.journalExport,
		"entry":                d.entry,
		"trial_balance":        d.trialBalance,
		"trial_balance_export": d.trialBalanceExport,
		"account":              d.account,
	}
}

// chosenBook is the book of the address, else that of the chosen estate, else
// the first the user may read.
func (d *desk) chosenBook(q *web.Request, books []ledger.Book) ledger.Book {
	wanted := id(q.Query("book"))
	here, _, err := d.estates(q)
	for _, b := range books {
		if b.BookID == wanted || wanted == 0 && err == nil && here != nil && b.PlaceNodeID == here.Node {
			return b
		}
	}
	if len(books) > 0 {
		return books[0]
	}
	return ledger.Book{}
}

func bookOptions(books []ledger.Book) []pages.Option {
	var options []pages.Option
	for _, b := range books {
		options = append(options, pages.Option{Value: idText(b.BookID), Label: b.Name})
	}
	return options
}

// journalPage is a journal with its words, before it becomes rows or a file.
type journalPage struct {
	books    []ledger.Book
	book     ledger.Book
	accounts []ledger.Account
	month    civil.Month
	lines    []ledger.JournalLine
	total    ledger.JournalTotal
	words    receivable.Words
}

func (d *desk) readJournal(q *web.Request, limit int) (journalPage, error) {
	var p journalPage
	err := d.read(q, func(ctx context.Context, r postgres.Reader, s access.Scope) error {
		var err error
		if p.books, err = ledger.Books(ctx, r, s); err != nil || len(p.books) == 0 {
			return err
		}
		p.book = d.chosenBook(q, p.books)
		p.month = s.Today.Month()
		if m, err := civil.ParseMonth(q.Query("month")); err == nil {
			p.month = m
		}
		if p.accounts, err = ledger.AccountsOf(ctx, r, s, p.book.BookID); err != nil {
			return err
		}
		f := ledger.JournalFilter{Book: p.book.BookID, Period: p.month.Period(), Account: id(q.Query("account")), Limit: limit,
			AfterEntry: id(q.Query("after"))}
		f.AfterDate, _ = civil.ParseDate(q.Query("after_date"))
		if code := q.Query("q"); code != "" {
			if f.Dimension, err = receivable.UnitNamed(ctx, r, s, p.book.PlaceNodeID, code); err != nil {
				return err
			}
		}
		if p.total, err = ledger.TotalOf(ctx, r, s, f); err != nil {
			return err
		}
		if p.lines, err = ledger.Journal(ctx, r, s, f); err != nil {
			return err
		}
		p.words, err = receivable.WordsOf(ctx, r, s, p.lines)
		return err
	})
	return p, err
}

func (d *desk) journal(q *web.Request) error {
	p, err := d.readJournal(q, pageSize)
	if err != nil {
		return err
	}
	view := pages.JournalView{
		Filter: pages.JournalFilter{Book: idText(p.book.BookID), Month: p.month.String(), Account: q.Query("account"), Query: q.Query("q")},
		Books:  bookOptions(p.books), Accounts: []pages.Option{{Value: "", Label: "全部科目"}},
		Debit: p.total.Total, Credit: p.total.Total,
		Pager: pages.Pager{Total: int(p.total.Entries), Shown: len(p.lines)},
	}
	today := d.gate.Clock.Today().Month()
	view.Months = pages.MonthOptions(p.month.Add(-24), maxMonth(today.Add(1), p.month))
	for _, a := range p.accounts {
		view.Accounts = append(view.Accounts, pages.Option{Value: idText(a.AccountID), Label: a.OfficialCode + " " + a.Name})
	}
	for _, line := range p.lines {
		view.Entries = append(view.Entries, entryRow(line, p.words))
	}
	query := url.Values{"book": {view.Filter.Book}, "month": {view.Filter.Month}, "account": {view.Filter.Account}, "q": {view.Filter.Query}}
	view.ExportURL = "/journal.xlsx?" + query.Encode()
	if n := len(p.lines); n == pageSize {
		query.Set("after", idText(p.lines[n-1].EntryID))
		query.Set("after_date", p.lines[n-1].PostingDate.String())
		view.Pager.Next = "/journal?" + query.Encode()
	}
	return d.show(q, view)
}

func maxMonth(a, b civil.Month) civil.Month {
	if a.Before(b) {
		return b
	}
	return a
}

func entryRow(line ledger.JournalLine, w receivable.Words) pages.EntryRow {
	document := w.Document(line)
	return pages.EntryRow{
		ID: line.EntryID, Posting: line.PostingDate, Business: line.BusinessDate, What: document.What, Document: document.Number,
		Debit: line.DebitCode + " " + line.DebitName, Credit: line.CreditCode + " " + line.CreditName,
		DebitID: line.DebitAccountID, CreditID: line.CreditAccountID,
		DebitUnit: w.Dimension(line.DebitDimension), CreditUnit: w.Dimension(line.CreditDimension),
		Amount: line.Amount, Reversal: line.ReversedEntry != 0,
	}
}

func (d *desk) journalExport(q *web.Request) error {
	p, err := d.readJournal(q, exportSize)
	if err != nil {
		return err
	}
	table := sheet.Table{Sheet: "序时账", Fields: []sheet.Field{
		{Header: "记账日"}, {Header: "业务日"}, {Header: "事由"}, {Header: "单据"}, {Header: "借方科目"}, {Header: "借方明细"},
		{Header: "贷方科目"}, {Header: "贷方明细"}, {Header: "金额(元)", Kind: sheet.Decimal, Places: 2, Total: true}, {Header: "红字"},
	}}
	return export(q, p.book.Name+" 序时账 "+p.month.String()+".xlsx", table, func(add func(cells ...string) error) error {
		for _, line := range p.lines {
			row := entryRow(line, p.words)
			mark := ""
			if row.Reversal {
				mark = "红字"
			}
			err := add(row.Posting.String(), row.Business.String(), row.What, row.Document, row.Debit, row.DebitUnit, row.Credit,
				row.CreditUnit, row.Amount.String(), mark)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// export answers a table as an xlsx file.
func export(q *web.Request, name string, table sheet.Table, rows func(add func(cells ...string) error) error) error {
	var file bytes.Buffer
	w, err := sheet.NewXLSX(&file, table)
	if err != nil {
		return err
	}
	if err := rows(w.Add); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	return q.File(name, xlsxType, file.Bytes(), false)
}

func (d *desk) entry(q *web.Request) error {
	var view pages.EntryView
	err := d.read(q, func(ctx context.Context, r postgres.Reader, s access.Scope) error {
		at, err := ledger.EntryPlaceOf(ctx, r, s, q.ID)
		if err != nil {
			return err
		}
		book, err := ledger.BookOf(ctx, r, s, at.Book)
		if err != nil {
			return err
		}
		lines, err := ledger.EntriesOfAct(ctx, r, s, at.Book, at.Act)
		if err != nil {
			return err
		}
		here := slices.IndexFunc(lines, func(l ledger.JournalLine) bool { return l.EntryID == q.ID })
		if here < 0 { // an act of thousands of entries: this one alone
			f := ledger.JournalFilter{Book: at.Book, Period: civil.Period{From: at.Posting, To: at.Posting}, Act: at.Act, AfterDate: at.Posting,
				AfterEntry: q.ID - 1, Limit: 1}
			if lines, err = ledger.Journal(ctx, r, s, f); err != nil {
				return err
			}
			here = 0
		}
		words, err := receivable.WordsOf(ctx, r, s, lines)
		if err != nil {
			return err
		}
		view = entryView(book, lines, here, words)
		return nil
	})
	if err != nil {
		return err
	}
	return d.show(q, view)
}

// entryView shows one entry among those of its act.
func entryView(book ledger.Book, lines []ledger.JournalLine, here int, words receivable.Words) pages.EntryView {
	line := lines[here]
	view := pages.EntryView{Entry: entryRow(line, words), Book: book.Name, Owner: book.OwnerName, ActID: line.ActID,
		DocumentIs: ledger.SourceNames[line.SourceKind], ReversedBy: line.ReversalEntry, Reverses: line.ReversedEntry}
	switch line.SourceKind {
	case ledger.FromPayment, ledger.FromPaymentReversal:
		view.DocumentURL, _ = pages.URL("payment", line.SourceID)
	case ledger.FromCharge:
		if line.DebitDimension != 0 {
			view.DocumentURL, _ = pages.URL("unit", line.DebitDimension)
		}
	}
	view.Facts = []pages.Pair{
		{Name: "业务日期", Value: line.BusinessDate.String()}, {Name: "记账日期", Value: line.PostingDate.String()},
		{Name: "登记时间", Value: line.RecordedAt.In(civil.Shanghai).Format("2006-01-02 15:04:05")},
	}
	for i, sibling := range lines {
		if i != here {
			view.Siblings = append(view.Siblings, entryRow(sibling, words))
		}
	}
	return view
}

// balancePage is a trial balance before it becomes rows or a file.
type balancePage struct {
	books  []ledger.Book
	book   ledger.Book
	period civil.Period
	lines  []ledger.TrialLine
}

func (d *desk) readTrialBalance(q *web.Request) (balancePage, error) {
	var p balancePage
	err := d.read(q, func(ctx context.Context, r postgres.Reader, s access.Scope) error {
		var err error
		if p.books, err = ledger.Books(ctx, r, s); err != nil || len(p.books) == 0 {
			return err
		}
		p.book = d.chosenBook(q, p.books)
		p.period = period(q, civil.Period{From: s.Today.Month().First(), To: s.Today})
		p.lines, err = ledger.TrialBalance(ctx, r, s, p.book.BookID, p.period)
		return err
	})
	return p, err
}

// period reads from and to of the address; what is missing or wrong is as given.
func period(q *web.Request, p civil.Period) civil.Period {
	if from, err := civil.ParseDate(q.Query("from")); err == nil {
		p.From = from
	}
	if to, err := civil.ParseDate(q.Query("to")); err == nil {
		p.To = to
	}
	if p.To.Before(p.From) {
		p.From, p.To = p.To, p.From
	}
	return p
}

var kindGroups = []struct {
	kind ledger.AccountKind
	name string
}{{ledger.Asset, "资产"}, {ledger.Liability, "负债"}, {ledger.Equity, "所有者权益"}, {ledger.Income, "收入"}, {ledger.Expense, "成本费用"}}

// trialRows are the accounts under their kinds, with a subtotal each, and the sum.
func trialRows(lines []ledger.TrialLine) (rows []pages.TrialRow, sum pages.TrialRow) {
	for _, g := range kindGroups {
		group := pages.TrialRow{Name: g.name, IsGroup: true}
		at := len(rows)
		rows = append(rows, group)
		for _, line := range lines {
			if line.Kind != g.kind {
				continue
			}
			row := pages.TrialRow{AccountID: line.AccountID, Code: line.OfficialCode, Name: line.Name, Debit: line.Debit, Credit: line.Credit}
			row.OpeningDebit, row.OpeningCredit = sides(line.Opening())
			row.ClosingDebit, row.ClosingCredit = sides(line.Closing())
			rows = append(rows, row)
			group, sum = addTrial(group, row), addTrial(sum, row)
		}
		rows[at] = group
	}
	sum.Name = "合计"
	return rows, sum
}

// sides puts a balance on its side: debit when positive.
func sides(balance money.Yuan) (debit, credit money.Yuan) {
	if balance.Sign() < 0 {
		return money.Zero, balance.Neg()
	}
	return balance, money.Zero
}

func addTrial(a, b pages.TrialRow) pages.TrialRow {
	a.OpeningDebit, a.OpeningCredit = a.OpeningDebit.Add(b.OpeningDebit), a.OpeningCredit.Add(b.OpeningCredit)
	a.Debit, a.Credit = a.Debit.Add(b.Debit), a.Credit.Add(b.Credit)
	a.ClosingDebit, a.ClosingCredit = a.ClosingDebit.Add(b.ClosingDebit), a.ClosingCredit.Add(b.ClosingCredit)
	return a
}

func (d *desk) trialBalance(q *web.Request) error {
	p, err := d.readTrialBalance(q)
	if err != nil {
		return err
	}
	view := pages.TrialBalanceView{Books: bookOptions(p.books), Book: p.book.Name, Owner: p.book.OwnerName, From: p.period.From, To: p.period.To,
		Filter: pages.TrialBalanceFilter{Book: idText(p.book.BookID), From: p.period.From.String(), To: p.period.To.String()}}
	if len(p.lines) > 0 {
		view.Accounts, view.Sum = trialRows(p.lines)
		view.ExportURL = "/trial-balance.xlsx?" + url.Values{"book": {view.Filter.Book}, "from": {view.Filter.From}, "to": {view.Filter.To}}.Encode()
	}
	if !p.book.ClosedThrough.IsZero() {
		view.Sealed = p.book.ClosedThrough.String() + " 及以前已结账"
	}
	return d.show(q, view)
}

func (d *desk) trialBalanceExport(q *web.Request) error {
	p, err := d.readTrialBalance(q)
	if err != nil {
		return err
	}
	amount := func(header string) sheet.Field {
		return sheet.Field{Header: header, Kind: sheet.Decimal, Places: 2, Total: true}
	}
	table := sheet.Table{Sheet: "试算表", Fields: []sheet.Field{{Header: "科目编号"}, {Header: "科目"}, amount("期初借方"), amount("期初贷方"),
		amount("本期借方"), amount("本期贷方"), amount("期末借方"), amount("期末贷方")}}
	rows, _ := trialRows(p.lines)
	return export(q, p.book.Name+" 试算表 "+p.period.To.String()+".xlsx", table, func(add func(cells ...string) error) error {
		for _, row := range rows {
			if row.IsGroup {
				continue
			}
			err := add(row.Code, row.Name, row.OpeningDebit.String(), row.OpeningCredit.String(), row.Debit.String(), row.Credit.String(),
				row.ClosingDebit.String(), row.ClosingCredit.String())
			if err != nil {
				return err
			}
		}
		return nil
	})
}

func (d *desk) account(q *web.Request) error {
	var view pages.AccountView
	err := d.read(q, func(ctx context.Context, r postgres.Reader, s access.Scope) error {
		account, bookID, err := ledger.AccountOf(ctx, r, s, q.ID)
		if err != nil {
			return err
		}
		book, err := ledger.BookOf(ctx, r, s, bookID)
		if err != nil {
			return err
		}
		p := period(q, civil.Period{From: s.Today.Month().First(), To: s.Today})
		f := ledger.JournalFilter{Book: bookID, Period: p, Account: account.AccountID, Limit: 500}
		if code := q.Query("unit"); code != "" {
			if f.Dimension, err = receivable.UnitNamed(ctx, r, s, book.PlaceNodeID, code); err != nil {
				return err
			}
		}
		opening, err := ledger.Balance(ctx, r, s, bookID, account.AccountID, f.Dimension, p.From.AddDays(-1))
		if err != nil {
			return err
		}
		total, err := ledger.TotalOf(ctx, r, s, f)
		if err != nil {
			return err
		}
		lines, err := ledger.Journal(ctx, r, s, f)
		if err != nil {
			return err
		}
		words, err := receivable.WordsOf(ctx, r, s, lines)
		if err != nil {
			return err
		}
		view = accountView(account, book, p, opening, lines, words)
		view.Filter.Unit = q.Query("unit")
		view.Pager = pages.Pager{Total: int(total.Entries), Shown: len(lines)}
		view.Closing, err = ledger.Balance(ctx, r, s, bookID, account.AccountID, f.Dimension, p.To)
		if !account.DebitSide() {
			view.Closing = view.Closing.Neg()
		}
		return err
	})
	if err != nil {
		return err
	}
	return d.show(q, view)
}

// accountView runs the balance down the lines, on the side the account stands.
func accountView(a ledger.Account, book ledger.Book, p civil.Period, opening money.Yuan, lines []ledger.JournalLine, words receivable.Words) pages.AccountView {
	view := pages.AccountView{AccountID: a.AccountID, Code: a.OfficialCode, Name: a.Name, Book: book.Name, Owner: book.OwnerName, BookID: book.BookID,
		Filter: pages.AccountFilter{From: p.From.String(), To: p.To.String()}, From: p.From, To: p.To, Opening: opening, Side: "借"}
	if !a.DebitSide() {
		view.Side, view.Opening = "贷", opening.Neg()
	}
	balance := view.Opening
	for _, l := range lines {
		row := entryRow(l, words)
		line := pages.AccountLine{EntryID: l.EntryID, Posting: l.PostingDate, What: row.What, Document: row.Document, Reversal: row.Reversal}
		if l.DebitAccountID == a.AccountID {
			line.Debit, line.Against, line.Unit = l.Amount, row.Credit, row.DebitUnit
		}
		if l.CreditAccountID == a.AccountID {
			line.Credit, line.Against, line.Unit = l.Amount, row.Debit, row.CreditUnit
		}
		change := line.Debit.Sub(line.Credit)
		if !a.DebitSide() {
			change = change.Neg()
		}
		balance = balance.Add(change)
		line.Balance = balance
		view.Debit, view.Credit = view.Debit.Add(line.Debit), view.Credit.Add(line.Credit)
		view.Lines = append(view.Lines, line)
	}
	return view
}

func countText(n int64) string { return strconv.FormatInt(n, 10) }
