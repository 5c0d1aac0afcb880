package billing

import (
	"bytes"
	"context"
	"fmt"

	"github.com/shopspring/decimal"

	"estateledger/access"
	"estateledger/civil"
	"estateledger/estate"
	"estateledger/ledger/money"
	"estateledger/postgres"
	"estateledger/receivable"
)

// Report is an estate's month before it is published: what would be billed,
// who is not and why, how it differs from last month, and what was checked.
type Report struct {
	Estate     int64       `json:"estate_id,string"`
	EstateName string      `json:"estate_name"`
	Month      civil.Month `json:"month"`
	// Draft is the open draft of the month, 0 when there is none.
	Draft int64 `json:"draft_id,string"`
	// Stale says that the draft's figures are no longer what publishing would
	// write: it has to be made again.
	Stale   bool       `json:"stale"`
	DueDate civil.Date `json:"due_date"`
	// Units are the estate's, Billed those that this run bills.
	Units      int           `json:"units"`
	Billed     int           `json:"billed"`
	Count      int           `json:"count"`
	Total      money.Yuan    `json:"total"`
	Tax        money.Yuan    `json:"tax"`
	Hash       []byte        `json:"hash"`
	Uses       []UseTotal    `json:"uses"`
	Skipped    []SkipGroup   `json:"skipped"`
	Comparison Comparison    `json:"comparison"`
	Checks     []CheckResult `json:"checks"`
}

// UseTotal is what a kind of units is billed. Count are bills, of which a unit
// has several when something changes within the month.
type UseTotal struct {
	Use   estate.Use `db:"use" json:"use"`
	Units int        `db:"units" json:"units"`
	Count int        `db:"count" json:"count"`
	Total money.Yuan `db:"total" json:"total"`
	Tax   money.Yuan `db:"tax" json:"tax"`
}

// Name is the use as users read it.
func (u UseTotal) Name() string { return estate.UseNames[u.Use] }

// previewRow are the figures of a preview.
type previewRow struct {
	Count   int        `db:"count"`
	Units   int        `db:"units"`
	Total   money.Yuan `db:"total"`
	Tax     money.Yuan `db:"tax"`
	Due     civil.Date `db:"due_date"`
	Doubled int        `db:"doubled"`
	Hash    []byte     `db:"hash"`
}

type factsRow struct {
	Units          int `db:"units"`
	Rates          int `db:"rates"`
	RatesWithBasis int `db:"rates_with_basis"`
}

// previewArg are the parameters of a preview's queries, those of the run and
// whose eyes look. Every query asks for the permission over the estate itself.
func previewArg(ctx context.Context, r postgres.Reader, s access.Scope, estate int64, month civil.Month) (place, map[string]any, error) {
	p, err := readable(ctx, r, s, access.ReceivableRead, estate)
	if err != nil {
		return p, nil, err
	}
	if err := checkMonth(month, s.Today); err != nil {
		return p, nil, err
	}
	book, err := receivable.BookOf(ctx, r, s.District, p.NodeID, month.Last())
	if err != nil {
		return p, nil, err
	}
	arg := runArg(s.District, estate, book.BookID, 0, month, s.Today)
	arg["actor"], arg["today"] = s.Actor, s.Today
	var draft int64
	err = r.Get(ctx, &draft, queries.Get("open_draft"), arg)
	arg["run"] = draft
	return p, arg, err
}

// Preview computes an estate's month as publishing would, without writing
// anything; the exclusions of an open draft hold. Permission receivable.read.
// Codes billing.estate_not_found, billing.month_missing, billing.month_ahead,
// receivable.no_book.
func Preview(ctx context.Context, r postgres.Reader, s access.Scope, estate int64, month civil.Month) (Report, error) {
	p, arg, err := previewArg(ctx, r, s, estate, month)
	if err != nil {
		return Report{}, err
	}
	segments := queries.Get("run_segments")
	var f previewRow
	if err := r.Get(ctx, &f, queries.Get("preview_figures").Around(segments), arg); err != nil {
		return Report{}, err
	}
	rep := Report{Estate: estate, EstateName: p.Name, Month: month, Draft: arg["run"].(int64), DueDate: f.Due,
		Billed: f.Units, Count: f.Count, Total: f.Total, Tax: f.Tax, Hash: f.Hash}
	if err := r.Select(ctx, &rep.Uses, queries.Get("preview_by_use").Around(segments), arg); err != nil {
		return Report{}, err
	}
	var skips []Skip
	if err := r.Select(ctx, &skips, queries.Get("skips"), arg); err != nil {
		return Report{}, err
	}
	rep.Skipped = groupSkips(skips)
	var causes []bridgeRow
	if err := r.Select(ctx, &causes, queries.Get("bridge").Around(segments), arg); err != nil {
		return Report{}, err
	}
	rep.Comparison = compare(month, causes)
	var facts factsRow
	if err := r.Get(ctx, &facts, queries.Get("estate_facts"), arg); err != nil {
		return Report{}, err
	}
	rep.Units = facts.Units
	rep.Checks = checks(rep, f, facts, causes)
	return rep, rep.compareDraft(ctx, r, s)
}

// compareDraft says whether the open draft still is what would be published.
func (rep *Report) compareDraft(ctx context.Context, r postgres.Reader, s access.Scope) error {
	if rep.Draft == 0 {
		return nil
	}
	row, err := readRun(ctx, r, s.District, rep.Draft)
	rep.Stale = row.PreviewCount != rep.Count || !row.PreviewTotal.Equal(rep.Total) || !bytes.Equal(row.PreviewHash, rep.Hash)
	return err
}

// Line is one bill of a preview. Quantity is m², UnitPrice yuan per m² and
// month with VAT inside.
type Line struct {
	UnitID       int64           `db:"subject_id" json:"unit_id,string"`
	Code         string          `db:"code" json:"code"`
	Use          estate.Use      `db:"use" json:"use"`
	SegmentStart civil.Date      `db:"segment_start" json:"segment_start"`
	SegmentEnd   civil.Date      `db:"segment_end" json:"segment_end"`
	Days         int             `db:"days" json:"days"`
	MonthDays    int             `db:"month_days" json:"month_days"`
	Area         decimal.Decimal `db:"quantity" json:"area"`
	Rate         decimal.Decimal `db:"unit_price" json:"rate"`
	VATRate      decimal.Decimal `db:"tax_rate" json:"vat_rate"`
	Amount       money.Yuan      `db:"amount" json:"amount"`
	Tax          money.Yuan      `db:"tax_amount" json:"tax"`
}

// UseName is the unit's use as users read it.
func (l Line) UseName() string { return estate.UseNames[l.Use] }

// PreviewLines lists every bill that publishing would write, by room: the list
// that is checked against paper. Permission receivable.read; codes as Preview.
func PreviewLines(ctx context.Context, r postgres.Reader, s access.Scope, estate int64, month civil.Month) ([]Line, error) {
	_, arg, err := previewArg(ctx, r, s, estate, month)
	if err != nil {
		return nil, err
	}
	var lines []Line
	err = r.Select(ctx, &lines, queries.Get("preview_lines").Around(queries.Get("run_segments")), arg)
	return lines, err
}

// CheckResult is one thing the program looked at for the clerk. Figure is what
// it found, for people.
type CheckResult struct {
	Code   string `json:"code"`
	Text   string `json:"text"`
	OK     bool   `json:"ok"`
	Figure string `json:"figure"`
}

func checks(rep Report, f previewRow, facts factsRow, causes []bridgeRow) []CheckResult {
	var sum money.Yuan
	for _, u := range rep.Uses {
		sum = sum.Add(u.Total)
	}
	named, jumped, overlaps := rep.Billed, 0, 0
	for _, g := range rep.Skipped {
		for _, u := range g.Units {
			if !u.BilledNow {
				named++
			}
			if u.Reason == Overlap {
				overlaps++
			}
		}
	}
	for _, c := range causes {
		jumped += c.Jumped
	}
	return []CheckResult{
		{"ONCE", "同一户同一账期只有一张账单", f.Doubled == 0, fmt.Sprintf("%d 张重复", f.Doubled)},
		{"OVERLAP", "没有账期和已出账单重叠", overlaps == 0, fmt.Sprintf("%d 户", overlaps)},
		{"SUM", "分用途相加等于合计", sum.Equal(rep.Total), "差 " + money.Format(sum.Sub(rep.Total))},
		{"EVERYBODY", "每一户不是出账就是写明了原因", named == rep.Units, fmt.Sprintf("%d / %d 户", named, rep.Units)},
		{"BASIS", "单价都有定价依据", facts.RatesWithBasis == facts.Rates, fmt.Sprintf("%d / %d", facts.RatesWithBasis, facts.Rates)},
		{"JUMP", "没有哪一户比上月多一倍", jumped == 0, fmt.Sprintf("%d 户", jumped)},
	}
}
