package estate

import (
	"cmp"
	"context"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"estateledger/access"
	"estateledger/civil"
	"estateledger/fault"
	"estateledger/postgres"
	"estateledger/sheet"
)

// importSubject is a kind of file: it takes the rows, judges them against the
// register and writes what is to be written, as sets.
type importSubject interface {
	take(row *sheet.Row, p *importPlan)
	judge(ctx context.Context, r postgres.Reader, p *importPlan) error
	write(ctx context.Context, tx postgres.Tx, act *access.Record, p *importPlan) error
}

// importPlan is a file held against the register.
type importPlan struct {
	req     ImportRequest
	scope   access.Scope
	place   importPlace
	layout  sheet.Layout
	report  ImportReport
	estates []importEstate
	byName  map[string][]int // estates by name
	refused map[int]bool     // rows
}

// importEstate is an estate below the import's place.
type importEstate struct {
	EstateID           int64  `db:"estate_id"`
	NodeID             int64  `db:"node_id"`
	CommunityID        int64  `db:"community_id"`
	CommunityName      string `db:"community_name"`
	CommunityNode      int64  `db:"community_node"`
	CommunityUnknown   bool   `db:"community_unknown"`
	SubDistrictName    string `db:"sub_district_name"`
	SubDistrictUnknown bool   `db:"sub_district_unknown"`
	Facts
}

// planImport reads a file and works out what it would do. The dry run and the
// import itself take the very same way.
func planImport(ctx context.Context, r postgres.Reader, scope access.Scope, req ImportRequest) (*importPlan, importSubject, error) {
	file, err := readImportFile(ctx, r, scope, req.FileID)
	if err != nil {
		return nil, nil, err
	}
	if req.EffectiveFrom.After(scope.Today) {
		return nil, nil, invalid("effective_future", "更正的生效日期不能晚于今天。", "effective_from")
	}
	p := &importPlan{req: req, scope: scope, layout: importLayouts[file.Kind], refused: map[int]bool{}, byName: map[string][]int{}}
	p.report = ImportReport{Kind: file.Kind, FileName: file.Name, SHA256: hex.EncodeToString(file.SHA256), Lines: []ImportLine{},
		Bad: []fault.Detail{}, UnknownColumns: []string{}, Tail: []string{}}
	if p.place, err = readImportPlace(ctx, r, scope, req.NodeID); err != nil {
		return nil, nil, err
	}
	if err := p.readEstates(ctx, r); err != nil {
		return nil, nil, err
	}
	subject := newImportSubject(file.Kind)
	summary, err := sheet.Read(ctx, sheet.Bytes(file.Name, file.Content), p.layout, sheet.DefaultLimits, func(row *sheet.Row) error {
		subject.take(row, p)
		for _, bad := range row.Bad {
			p.add(bad.Row, bad.Detail())
		}
		return nil
	})
	if f, refused := fault.As(err); refused && f.Field == "" {
		err = f.At("file") // sheet knows no form
	}
	if err != nil {
		return nil, nil, err
	}
	p.report.Rows = summary.Rows
	p.report.UnknownColumns = append(p.report.UnknownColumns, summary.Unknown...)
	for _, cells := range summary.Tail {
		p.report.Tail = append(p.report.Tail, strings.TrimSpace(strings.Join(cells, " ")))
	}
	if err := subject.judge(ctx, r, p); err != nil {
		return nil, nil, err
	}
	p.count()
	return p, subject, nil
}

func newImportSubject(kind ImportKind) importSubject {
	switch kind {
	case ImportEstates:
		return &estateImport{}
	case ImportUnits:
		return &unitImport{}
	}
	return &ownerImport{}
}

func (p *importPlan) readEstates(ctx context.Context, r postgres.Reader) error {
	err := r.Select(ctx, &p.estates, queries.Get("import_estates"), scoped(p.scope, map[string]any{"node": p.place.NodeID}))
	for i, e := range p.estates {
		p.byName[e.Name] = append(p.byName[e.Name], i)
	}
	return err
}

// add notes a bad cell; its row is refused.
func (p *importPlan) add(row int, bad fault.Detail) {
	p.refused[row] = true
	p.report.Bad = append(p.report.Bad, bad)
}

// refuse notes what only the register or another row can tell.
func (p *importPlan) refuse(row int, key, value, format string, args ...any) {
	bad := sheet.BadCell{Row: row, Key: key, Value: value, Reason: fmt.Sprintf(format, args...)}
	for _, c := range p.layout.Columns {
		if c.Key == key {
			bad.Header = c.Header
		}
	}
	p.add(row, bad.Detail())
}

// refuseRow adds to a row still in hand what a check of the register found.
func refuseRow(row *sheet.Row, key string, err error) {
	if f, is := fault.As(err); is {
		row.Refuse(key, strings.TrimSuffix(f.Message, "。"))
		return
	}
	if err != nil {
		row.Refuse(key, err.Error())
	}
}

// line notes a row that creates or changes something.
func (p *importPlan) line(row int, what string, created bool, changes []FieldChange) {
	p.report.Lines = append(p.report.Lines, ImportLine{row, what, created, changes})
}

// count sums up: a row is refused, or creates, or changes, or does nothing.
func (p *importPlan) count() {
	p.report.Refused = len(p.refused)
	kept := p.report.Lines[:0]
	for _, l := range p.report.Lines {
		if p.refused[l.Row] {
			continue
		}
		kept = append(kept, l)
		if l.Created {
			p.report.Created++
		} else {
			p.report.Changed++
		}
	}
	p.report.Lines = kept
	p.report.Unchanged = p.report.Rows - p.report.Refused - p.report.Created - p.report.Changed
	slices.SortStableFunc(p.report.Bad, func(a, b fault.Detail) int { return cmp.Compare(a.Row, b.Row) })
	slices.SortStableFunc(p.report.Lines, func(a, b ImportLine) int { return cmp.Compare(a.Row, b.Row) })
}

// effective is the day a correction holds from: the row's own, or the request's.
func (p *importPlan) effective(own civil.Date) civil.Date {
	if own.IsZero() {
		return p.req.EffectiveFrom
	}
	return own
}

// sameEstate finds the estate that a row of units or owners names; a file about
// one estate need not name it.
func (p *importPlan) sameEstate(row *sheet.Row) (int64, bool) {
	name, community := tidy(row.Text("estate")), tidy(row.Text("community"))
	if name == "" {
		if p.place.Kind == string(access.EstateNode) && len(p.estates) == 1 {
			return p.estates[0].EstateID, true
		}
		row.Refuse("estate", "请填写小区名称")
		return 0, false
	}
	var fits []int64
	for _, i := range p.byName[name] {
		if e := p.estates[i]; community == "" || e.CommunityName == community {
			fits = append(fits, e.EstateID)
		}
	}
	switch len(fits) {
	case 1:
		return fits[0], true
	case 0:
		row.Refuse("estate", "没有登记这个小区，或者它不在您的权限范围内")
	default:
		row.Refuse("estate", fmt.Sprintf("有 %d 个同名的小区，请填写社区", len(fits)))
	}
	return 0, false
}

// change notes a field that differs.
func change(changes []FieldChange, field, old, new string) []FieldChange {
	if old == new {
		return changes
	}
	if old == "" {
		old = "空"
	}
	return append(changes, FieldChange{field, old, new})
}
