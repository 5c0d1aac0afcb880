package screens

import (
	"bytes"
	"context"

	"estateledger/access"
	"estateledger/civil"
	"estateledger/estate"
	"estateledger/fault"
	"estateledger/jobs"
	"estateledger/postgres"
	"estateledger/server/pages"
	"estateledger/server/web"
	"estateledger/sheet"
)

// imports are the three steps by which a file comes in.
func (d *desk) imports() map[string]web.Handler {
	return map[string]web.Handler{
		"import":          d.showImport,
		"import_upload":   d.upload,
		"import_template": d.importTemplate,
		"import_check":    d.checkImport,
		"import_confirm":  d.confirmImport,
	}
}

// importKinds are the lists that can be imported, in the order they are needed.
var importKinds = []pages.ImportKind{
	{Code: string(estate.ImportEstates), Name: "小区清册", Says: "街道、社区、小区，建成年份、户数、面积"},
	{Code: string(estate.ImportUnits), Name: "房屋清册", Says: "栋、单元、室，面积和来源，用途、产权"},
	{Code: string(estate.ImportOwners), Name: "业主清册", Says: "房号、姓名、电话、份额、从哪天起"},
}

func kindName(k estate.ImportKind) string {
	for _, one := range importKinds {
		if one.Code == string(k) {
			return one.Name
		}
	}
	return "清册"
}

const (
	// largeImport is how many rows are written in the background: more would
	// keep the browser waiting too long.
	largeImport = 5000
	// mostChanges and mostCells bound what a dry run lists.
	mostChanges = 50
	mostCells   = 100
)

func (d *desk) showImport(q *web.Request) error {
	form := pages.ImportForm{Kind: q.Query("kind", string(estate.ImportUnits)), Estate: q.Query("estate"), From: d.gate.Clock.Today().String()}
	view, err := d.importView(q, form, nil)
	if err != nil {
		return err
	}
	return d.show(q, view)
}

func (d *desk) importView(q *web.Request, form pages.ImportForm, problems pages.Problems) (pages.ImportView, error) {
	view := pages.ImportView{Kinds: importKinds, Form: form, Problems: problems, Estates: []pages.Option{{Value: "", Label: "按文件里的小区名"}}}
	places, err := d.places(q)
	if err != nil {
		return view, err
	}
	for _, p := range places {
		view.Estates = append(view.Estates, pages.Option{Value: idText(p.ID), Label: p.Name})
	}
	err = d.read(q, func(ctx context.Context, r postgres.Reader, s access.Scope) error {
		work, err := jobs.ProgressOf(ctx, r, s, recentJobs)
		for _, p := range work {
			if p.Kind == importJob {
				view.Recent = append(view.Recent, jobRow(q, p))
			}
		}
		return err
	})
	return view, err
}

// importJob is the kind of long work that imports are.
const importJob = "import"

// importPlace is the scope node of the estate that the form names, 0 without one.
func (d *desk) importPlace(q *web.Request, estateID string) (int64, error) {
	if estateID == "" {
		return 0, nil
	}
	places, err := d.places(q)
	for _, p := range places {
		if idText(p.ID) == estateID {
			return p.Node, err
		}
	}
	if err == nil {
		err = fault.NotFound("server.estate_unknown", "没有这个小区，或者它不在您负责的范围里。请从列表里选。").At("estate")
	}
	return 0, err
}

func (d *desk) upload(q *web.Request) error {
	var form pages.ImportForm
	if err := q.BodyParser(&form); err != nil {
		return badForm(err)
	}
	var f web.Fields
	f.Date("effective_from", form.From)
	err := f.Err()
	var up estate.Upload
	if err == nil {
		up, err = d.takeFile(q, form)
	}
	if err == nil {
		return d.to(q, "import_check", up.FileID, "estate", form.Estate, "from", form.From)
	}
	return d.again(q, err, func(p pages.Problems) (pages.View, error) { return d.importView(q, form, p) })
}

func (d *desk) takeFile(q *web.Request, form pages.ImportForm) (estate.Upload, error) {
	node, err := d.importPlace(q, form.Estate)
	if err != nil {
		return estate.Upload{}, err
	}
	name, content, err := q.Upload("file")
	if err != nil {
		return estate.Upload{}, err
	}
	return d.register.UploadImport(q.UserContext(), q.Actor(), q.District, node, estate.ImportKind(form.Kind), name, content)
}

func (d *desk) importTemplate(q *web.Request) error {
	kind := estate.ImportKind(q.Params("kind"))
	layout, known := kind.Layout()
	if !known {
		return web.NotFound()
	}
	var file bytes.Buffer
	if err := sheet.WriteTemplate(&file, layout); err != nil {
		return err
	}
	return q.File(kindName(kind)+"模板.xlsx", xlsxType, file.Bytes(), false)
}

// importRequest is the file of the address with what the form said about it.
func (d *desk) importRequest(q *web.Request, form pages.ImportConfirm) (estate.ImportRequest, error) {
	file, err := q.ParamID("file")
	if err != nil {
		return estate.ImportRequest{}, err
	}
	node, err := d.importPlace(q, form.Estate)
	if err != nil {
		return estate.ImportRequest{}, err
	}
	req := estate.ImportRequest{District: q.District, NodeID: node, FileID: file, EffectiveFrom: d.gate.Clock.Today()}
	if from, err := civil.ParseDate(form.From); err == nil {
		req.EffectiveFrom = from
	}
	return req, nil
}

func (d *desk) checkImport(q *web.Request) error {
	form := pages.ImportConfirm{Estate: q.Query("estate"), From: q.Query("from")}
	view, err := d.importCheckView(q, form, nil)
	if err != nil {
		again := pages.ImportForm{Kind: string(estate.ImportUnits), Estate: form.Estate, From: form.From}
		return d.again(q, renamed(err, nil), func(p pages.Problems) (pages.View, error) { return d.importView(q, again, p) })
	}
	return d.show(q, view)
}

func (d *desk) importCheckView(q *web.Request, form pages.ImportConfirm, problems pages.Problems) (pages.ImportCheckView, error) {
	req, err := d.importRequest(q, form)
	if err != nil {
		return pages.ImportCheckView{}, err
	}
	report, err := d.register.DryRunImport(q.UserContext(), q.Actor(), req)
	if err != nil {
		return pages.ImportCheckView{}, err
	}
	form.Rows = report.Rows
	view := pages.ImportCheckView{FileID: req.FileID, Form: form, File: report.FileName, Kind: kindName(report.Kind), Rows: report.Rows,
		Created: report.Created, Changed: report.Changed, Same: report.Unchanged, Refused: report.Refused, Problems: problems}
	for _, b := range atMost(report.Bad, mostCells) {
		view.Cells = append(view.Cells, pages.BadCell{Row: b.Row, Column: b.Column, Value: b.Value, Reason: b.Message})
	}
	view.MoreCells = len(report.Bad) - len(view.Cells)
	for _, column := range report.UnknownColumns {
		view.Marks = append(view.Marks, "没认出“"+column+"”这一列，不会导入。")
	}
	if n := len(report.Tail); n > 0 {
		view.Marks = append(view.Marks, "“合计”和它下面的 "+countText(int64(n))+" 行没有读。")
	}
	for _, l := range atMost(report.Lines, mostChanges) {
		view.Changes = append(view.Changes, importChanges(l)...)
	}
	return view, nil
}

// importChanges is a line of the file: one row for what is new, one for each
// field that changes.
func importChanges(l estate.ImportLine) []pages.ImportChange {
	if l.Created || len(l.Changes) == 0 {
		var facts []string
		for _, c := range l.Changes {
			if c.New != "" {
				facts = append(facts, c.Field+" "+c.New)
			}
		}
		return []pages.ImportChange{{Row: l.Row, What: l.What, Then: joinWords(facts...)}}
	}
	changes := make([]pages.ImportChange, len(l.Changes))
	for i, c := range l.Changes {
		changes[i] = pages.ImportChange{Row: l.Row, What: l.What + " " + c.Field, Before: c.Old, Then: c.New}
		if c.Old == "" {
			changes[i].Before = "（空）"
		}
	}
	return changes
}

func (d *desk) confirmImport(q *web.Request) error {
	var form pages.ImportConfirm
	if err := q.BodyParser(&form); err != nil {
		return badForm(err)
	}
	req, err := d.importRequest(q, form)
	if err == nil && form.Rows > largeImport {
		return d.importBehind(q, req, form.Rows)
	}
	var out access.Outcome[estate.ImportResult]
	if err == nil {
		out, err = d.register.ApplyImport(q.UserContext(), q.Actor(), q.Key(), req)
	}
	if err != nil {
		return d.again(q, renamed(err, nil), func(p pages.Problems) (pages.View, error) { return d.importCheckView(q, form, p) })
	}
	view := pages.ImportDoneView{File: kindName(out.Result.Kind), Kind: kindName(out.Result.Kind), Created: out.Result.Created,
		Changed: out.Result.Changed, Same: out.Result.Unchanged, ActID: out.ActID, Next: nextAfterImport(q, out.Result.Kind, form.Estate)}
	return d.show(q, view) // sent again it is answered by the act's own record: nothing is imported twice
}

// importBehind imports in the background and leads to its progress.
func (d *desk) importBehind(q *web.Request, req estate.ImportRequest, rows int) error {
	actor, key := q.Actor(), q.Key()
	job, err := jobs.Run(q.UserContext(), d.gate.DB, actor, q.District, importJob, "导入清册 "+countText(int64(rows))+" 行", int64(rows),
		func(ctx context.Context, _ *jobs.Work) (string, string, error) {
			out, err := d.register.ApplyImport(ctx, actor, key, req)
			r := out.Result
			return "新建 " + countText(int64(r.Created)) + " 行，更改 " + countText(int64(r.Changed)) + " 行，不变 " + countText(int64(r.Unchanged)) + " 行。",
				address("estates"), err
		})
	if err != nil {
		return err
	}
	return d.to(q, "job", job)
}

// nextAfterImport leads on: from estates to their units, from units to owners,
// from owners to the estate.
func nextAfterImport(q *web.Request, kind estate.ImportKind, estateID string) []pages.Link {
	see := pages.Link{Label: "看小区档案", URL: address("estates")}
	if place := id(estateID); place != 0 {
		see = pages.Link{Label: "看房屋", URL: address("estate_units", place)}
		if !q.Can("estate_units") {
			see.URL = address("estate", place)
		}
	}
	switch kind {
	case estate.ImportEstates:
		return []pages.Link{{Label: "导入房屋清册", URL: address("import", "kind", estate.ImportUnits)}, see}
	case estate.ImportUnits:
		return []pages.Link{{Label: "导入业主清册", URL: address("import", "kind", estate.ImportOwners, "estate", estateID)}, see}
	}
	return []pages.Link{see}
}
