package screens

import (
	"context"
	"net/url"

	"github.com/shopspring/decimal"

	"estateledger/access"
	"estateledger/civil"
	"estateledger/estate"
	"estateledger/postgres"
	"estateledger/receivable"
	"estateledger/server/pages"
	"estateledger/server/web"
)

// estateFiles are the pages of the estates and of one estate.
func (d *desk) estateFiles() map[string]web.Handler {
	return map[string]web.Handler{
		"estates":        d.showEstates,
		"estate":         d.showEstate,
		"estate_units":   d.showEstateUnits,
		"estate_fees":    d.showEstateFees,
		"estate_acts":    d.showEstateActs,
		"rate_save":      d.saveRate,
		"takeover":       d.showTakeover,
		"takeover_do":    d.recordTakeover,
		"checklist_save": d.saveChecklist,
	}
}

func (d *desk) showEstates(q *web.Request) error {
	view := pages.EstatesView{Filter: pages.EstatesFilter{Query: q.Query("q"), SubDistrict: q.Query("sub_district"), State: q.Query("state")}}
	subs, err := d.register.SubDistricts(q.UserContext(), q.Actor(), q.District)
	if err != nil {
		return err
	}
	view.SubDistricts = []pages.Option{{Value: "", Label: "全部"}}
	for _, s := range subs {
		view.SubDistricts = append(view.SubDistricts, pages.Option{Value: idText(s.SubDistrictID), Label: s.Name})
	}
	found, err := d.estatesLike(q, estate.EstateFilter{SubDistrictID: id(view.Filter.SubDistrict), Text: view.Filter.Query,
		Incomplete: view.Filter.State == "incomplete"})
	if err != nil {
		return err
	}
	month := d.gate.Clock.Today().Month()
	var sum receivable.Collection
	area := decimal.Zero
	err = d.read(q, func(ctx context.Context, r postgres.Reader, s access.Scope) error {
		collected, err := collectedAt(ctx, r, s, month, month)
		for _, e := range found {
			if view.Filter.State == "taken" && e.CompanyID == 0 || view.Filter.State == "waiting" && e.CompanyID != 0 {
				continue
			}
			c := collected[e.NodeID]
			sum, area = addCollection(sum, c), area.Add(e.UnitArea)
			view.Sum.Units += int(e.UnitCount)
			view.Estates = append(view.Estates, estateRow(e, c))
		}
		return err
	})
	if err != nil {
		return err
	}
	view.Sum.Area, view.Sum.Rate, view.Sum.Arrears = decimal.NewNullDecimal(area), ratio(sum.Collected, sum.Billed), sum.Overdue
	from := min(int(id(q.Query("from"))), len(view.Estates))
	view.Pager = pages.Pager{Total: len(view.Estates)}
	query := url.Values{"q": {view.Filter.Query}, "sub_district": {view.Filter.SubDistrict}, "state": {view.Filter.State}}
	view.Pager.Prev, view.Pager.Next = around("/estates", query, from, len(view.Estates))
	view.Estates = atMost(view.Estates[from:], pageSize)
	view.Pager.Shown = len(view.Estates)
	return d.show(q, view)
}

// around are the addresses of the pages before and after one that begins at a
// row; empty at the ends.
func around(path string, query url.Values, from, total int) (prev, next string) {
	at := func(n int) string {
		query.Set("from", countText(int64(n)))
		return path + "?" + query.Encode()
	}
	if from > 0 {
		prev = at(max(0, from-pageSize))
	}
	if from+pageSize < total {
		next = at(from + pageSize)
	}
	return prev, next
}

func estateRow(e estate.Estate, c receivable.Collection) pages.EstateRow {
	row := pages.EstateRow{ID: e.EstateID, Name: e.Name, SubDistrict: e.SubDistrictName, Community: e.CommunityName, Company: e.CompanyName,
		EntryDate: e.EntryDate, Units: int(e.UnitCount), Area: areaOf(e), Rate: ratio(c.Collected, c.Billed), Arrears: c.Overdue, State: stateOf(e)}
	if e.BuiltYear != nil {
		row.BuiltYear = *e.BuiltYear
	}
	return row
}

// head is what stands over every tab of an estate's file.
func head(f estate.EstateFile) pages.EstateHead {
	h := pages.EstateHead{ID: f.EstateID, Name: f.Name, SubDistrict: f.SubDistrictName, Waiting: f.CompanyID == 0}
	if built := builtWords(f.Facts); built != "" {
		h.Facts = append(h.Facts, built)
	}
	counts := ""
	if f.Buildings > 0 {
		counts = countText(int64(f.Buildings)) + " 幢 "
	}
	if f.UnitCount > 0 {
		h.Facts = append(h.Facts, counts+pages.FormatCount(int(f.UnitCount))+" 户")
		if area := areaOf(f.Estate); area.Valid {
			h.Facts = append(h.Facts, pages.FormatArea(area)+" ㎡")
		}
	}
	if f.CompanyID != 0 {
		h.Facts = append(h.Facts, f.CompanyName+" "+f.EntryDate.String()+" 进驻")
	}
	return h
}

// builtWords says when an estate was built and whether it has lifts, as far as
// that is known.
func builtWords(f estate.Facts) string {
	words := ""
	if f.BuiltYear != nil {
		words = countText(int64(*f.BuiltYear)) + " 年建"
	}
	if f.HasLift == nil {
		return words
	}
	if words != "" {
		words += "，"
	}
	if *f.HasLift {
		return words + "有电梯"
	}
	return words + "无电梯"
}

// fileOf is the estate of the address as it stands on a day, today when zero.
func (d *desk) fileOf(q *web.Request, on civil.Date) (estate.EstateFile, error) {
	return d.register.EstateFile(q.UserContext(), q.Actor(), q.District, q.ID, on)
}
