package screens

import (
	"context"
	"strings"

	"estateledger/access"
	"estateledger/ledger"
	"estateledger/postgres"
	"estateledger/receivable"
	"estateledger/server/pages"
	"estateledger/server/web"
)

// acts are the pages of what was done.
func (d *desk) acts() map[string]web.Handler {
	return map[string]web.Handler{"act": d.act}
}

// act shows one act: who, when, what changed, what it posted.
func (d *desk) act(q *web.Request) error {
	var view pages.ActView
	err := d.read(q, func(ctx context.Context, r postgres.Reader, s access.Scope) error {
		a, err := access.ActByID(ctx, r, s, q.ID)
		if err != nil {
			return err
		}
		lines, err := ledger.EntriesOfAct(ctx, r, s, 0, q.ID)
		if err != nil {
			return err
		}
		words, err := receivable.WordsOf(ctx, r, s, lines)
		if err != nil {
			return err
		}
		view = pages.ActView{ID: a.ActID, What: actName(a.UseCase), Facts: actFacts(a), Changes: actChanges(a), Link: actLink(a)}
		for _, line := range lines {
			view.Entries = append(view.Entries, entryRow(line, words))
		}
		return nil
	})
	if err != nil {
		return err
	}
	return d.show(q, view)
}

// actRow is an act as the list of an estate's changes shows it.
func actRow(a access.Audited) pages.ActRow {
	row := pages.ActRow{ID: a.ActID, At: clock(a.RecordedAt), Who: a.UserName, What: actName(a.UseCase), Detail: a.Place}
	var said []string
	for _, c := range atMost(actChanges(a), 3) {
		if c.After != "" {
			said = append(said, c.Name+" "+c.After)
		}
	}
	if len(said) > 0 {
		row.Detail = strings.Join(said, "，")
	}
	if link := actLink(a); link != nil && !strings.HasPrefix(link.URL, "/estates/") { // the estate is the page one is on
		row.URL = link.URL
	}
	return row
}
