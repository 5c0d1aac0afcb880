package api

import (
	"bytes"

	"estateledger/estate"
	"estateledger/server/web"
	"estateledger/sheet"
)

// imports are the routes of files that fill the register.
type imports struct{ s *estate.Service }

func (g imports) handlers() map[string]web.Handler {
	return map[string]web.Handler{
		"api.import_template": importTemplate,
		"api.import_upload":   g.upload,
		"api.import_check":    g.check,
		"api.import_apply": write(g.s.ApplyImport, func(q *web.Request, r *estate.ImportRequest) error {
			return both(put(&r.District, q.District), putParam(q, &r.FileID, "file"))
		}),
	}
}

// importTemplate is an empty file with the headers and an example line.
func importTemplate(q *web.Request) error {
	kind := estate.ImportKind(q.Params("kind"))
	layout, known := kind.Layout()
	if !known {
		return web.NotFound()
	}
	var file bytes.Buffer
	if err := sheet.WriteTemplate(&file, layout); err != nil {
		return err
	}
	return q.File(estate.ImportKindNames[kind]+"导入模板.xlsx", web.XLSX, file.Bytes(), false)
}

// upload keeps a file until its import; nothing of it is in the register yet.
func (g imports) upload(q *web.Request) error {
	name, content, err := q.Upload("file")
	if err != nil {
		return err
	}
	var f web.Fields
	node := f.ID("node_id", q.FormValue("node_id"))
	if err := f.Err(); err != nil {
		return err
	}
	up, err := g.s.UploadImport(q.UserContext(), q.Actor(), q.District, node, estate.ImportKind(q.FormValue("kind")), name, content)
	if err != nil {
		return err
	}
	return q.Status(201).JSON(up)
}

// check is the dry run: what the file would create, change and refuse.
func (g imports) check(q *web.Request) error {
	file, err := q.ParamID("file")
	if err != nil {
		return err
	}
	var f web.Fields
	req := estate.ImportRequest{District: q.District, FileID: file, NodeID: f.ID("node_id", q.Query("node_id")),
		EffectiveFrom: f.Date("effective_from", q.Query("effective_from"))}
	if err := f.Err(); err != nil {
		return err
	}
	report, err := g.s.DryRunImport(q.UserContext(), q.Actor(), req)
	if err != nil {
		return err
	}
	return q.JSON(report)
}
