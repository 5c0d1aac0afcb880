package sheet

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"estateledger/fault"
)

// Summary says what was found in a file.
type Summary struct {
	// Sheet is the worksheet that was read; empty for a CSV.
	Sheet string
	// Encoding is UTF-8, GB18030 or UTF-16 for a CSV; empty for an xlsx.
	Encoding string
	// HeaderRow is the number of the line with the headers.
	HeaderRow int
	// Unknown are headers that mean nothing to the layout; their columns were not read.
	Unknown []string
	// Rows counts the rows handed over, BadRows those of them that had a bad cell.
	Rows, BadRows int
	// Bad lists bad cells up to Limits.MaxBadCells; BadCells counts all of them.
	Bad      []BadCell
	BadCells int
	// Example tells that the first row was the template's example, left in place, and was passed over.
	Example bool
	// Tail are the lines from the one that ended the data on (Layout.Tail), at most 20.
	Tail [][]string
}

// Err is nil if no cell was bad; otherwise a fault.Error of kind Invalid, code sheet.bad_cells, with the listed
// cells as details.
func (s *Summary) Err() error {
	if s.BadCells == 0 {
		return nil
	}
	err := fault.Invalid("sheet.bad_cells", fmt.Sprintf("有 %d 行填写不对，共 %d 处；一行都没有导入，请改好后重新上传", s.BadRows, s.BadCells))
	for _, bad := range s.Bad {
		err = err.With(bad.Detail())
	}
	return err
}

const (
	headerWithin = 30 // lines in which the headers are looked for
	tailKept     = 20
)

// Read finds the layout's columns in a file and calls each for every row that has a value in one of them, bad
// rows included (Row.Bad). A first row that repeats the template's example is passed over. An error of each ends the
// reading and is returned as it is.
//
// Errors, all fault.Error: sheet.too_large, sheet.too_many_rows (TooLarge); sheet.not_a_spreadsheet,
// sheet.old_xls, sheet.html_table (Unsupported); sheet.empty, sheet.broken_xlsx, sheet.broken_csv,
// sheet.bad_encoding, sheet.no_header, sheet.missing_columns, sheet.duplicate_header (Invalid). A file may turn
// out to be broken only at its end, after rows have been handed over: act on them in one transaction.
func Read(ctx context.Context, src Source, layout Layout, limits Limits, each func(*Row) error) (Summary, error) {
	limits = limits.orDefault()
	found, err := sniff(src, limits)
	if err != nil {
		return Summary{}, err
	}
	if found == formatCSV {
		rows, err := openCSV(src)
		if err != nil {
			return Summary{}, err
		}
		r := &reading{layout: &layout, limits: limits, rows: rows, summary: Summary{Encoding: rows.encoding}}
		if err := r.findHeader(); err != nil {
			return r.summary, err
		}
		err = r.readRows(ctx, each)
		return r.summary, err
	}
	book, err := openWorkbook(src, limits)
	if err != nil {
		return Summary{}, err
	}
	r, err := book.worksheetFor(&layout, limits)
	if err != nil {
		return Summary{}, err
	}
	defer r.rows.(*xlsxRows).Close()
	err = r.readRows(ctx, each)
	return r.summary, err
}

// reading is one table being read.
type reading struct {
	layout  *Layout
	limits  Limits
	rows    rowSource
	bound   binding
	summary Summary
	tail    bool
	lines   int
}

type line struct {
	number int
	cells  []cell
}

// worksheetFor chooses the worksheet: the one with the layout's name if there is one, else the first visible one
// with all required headers.
func (w *workbook) worksheetFor(layout *Layout, limits Limits) (*reading, error) {
	candidates := slices.DeleteFunc(slices.Clone(w.sheets), func(ref worksheetRef) bool { return ref.hidden || w.parts[ref.part] == nil })
	if named := slices.IndexFunc(candidates, func(ref worksheetRef) bool { return ref.name == layout.Sheet }); named > 0 {
		candidates[0], candidates[named] = candidates[named], candidates[0]
	}
	if len(candidates) == 0 {
		return nil, fault.Invalid("sheet.empty", "文件里没有能看到的工作表")
	}
	var first error
	for _, ref := range candidates {
		rows, err := w.rows(ref)
		if err != nil {
			return nil, err
		}
		r := &reading{layout: layout, limits: limits, rows: rows, summary: Summary{Sheet: ref.name}}
		if err = r.findHeader(); err == nil {
			return r, nil
		}
		rows.Close()
		if !anotherSheetMayDo(err) {
			return nil, err
		}
		if first == nil || isCode(first, "sheet.empty") || isCode(first, "sheet.no_header") && !isCode(err, "sheet.empty") {
			first = err
		}
	}
	return nil, first
}

func isCode(err error, code string) bool { return fault.Code(err) == code }

func anotherSheetMayDo(err error) bool {
	return isCode(err, "sheet.empty") || isCode(err, "sheet.no_header") || isCode(err, "sheet.missing_columns")
}

// findHeader takes the first of the first lines that has all required columns.
func (r *reading) findHeader() error {
	var best binding
	bestRow, seen := 0, 0
	var lines []line
	for len(lines) < headerWithin {
		number, cells, err := r.rows.next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		lines = append(lines, line{number, slices.Clone(cells)})
		if slices.ContainsFunc(cells, func(c cell) bool { return !blank(c.text) }) {
			seen++
		}
		b := bind(cells, r.layout)
		if b.bound > 0 && len(b.missing) == 0 && len(b.duplicates) == 0 {
			r.bound = b
			r.summary.HeaderRow, r.summary.Unknown = number, b.unknown
			return nil
		}
		if b.bound > best.bound {
			best, bestRow = b, number
		}
	}
	return r.noHeader(best, bestRow, seen)
}

func (r *reading) noHeader(best binding, row, seen int) error {
	switch {
	case seen == 0:
		return fault.Invalid("sheet.empty", "表格里什么都没有")
	case best.bound == 0, best.bound == 1 && len(best.missing) > 1:
		return fault.Invalid("sheet.no_header", fmt.Sprintf("前 %d 行里没有找到表头，需要的列：%s", headerWithin, strings.Join(r.requiredHeaders(), "、")))
	case len(best.duplicates) > 0:
		return fault.Invalid("sheet.duplicate_header", fmt.Sprintf("第 %d 行的表头里，“%s”出现了两次，不知道用哪一列", row, strings.Join(best.duplicates, "”“")))
	}
	message := fmt.Sprintf("第 %d 行的表头里缺少：%s", row, strings.Join(best.missing, "、"))
	if len(best.unknown) > 0 {
		message += "；没有认出的列：" + strings.Join(best.unknown[:min(10, len(best.unknown))], "、")
	}
	err := fault.Invalid("sheet.missing_columns", message)
	for _, header := range best.missing {
		err = err.With(fault.Detail{Row: row, Column: header, Message: "缺少这一列"})
	}
	return err
}

func (r *reading) requiredHeaders() []string {
	var headers []string
	for _, column := range r.layout.Columns {
		if column.Required {
			headers = append(headers, column.Header)
		}
	}
	return headers
}

func (r *reading) readRows(ctx context.Context, each func(*Row) error) error {
	row := &Row{layout: r.layout, values: make([]value, len(r.layout.Columns))}
	for {
		number, cells, err := r.rows.next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if r.lines++; r.lines > r.limits.MaxRows {
			return fault.TooLarge("sheet.too_many_rows", fmt.Sprintf("表格超过 %d 行，请分成几个文件上传", r.limits.MaxRows))
		}
		if r.lines%256 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if r.endsData(cells) {
			continue
		}
		if !row.fill(number, cells, r.bound.at) {
			continue
		}
		if r.summary.Rows == 0 && !r.summary.Example && row.isExample() {
			r.summary.Example = true
			continue
		}
		r.summary.Rows++
		if err := each(row); err != nil {
			return err
		}
		r.note(row)
	}
}

// note counts what is wrong with a row, after the caller has had its say.
func (r *reading) note(row *Row) {
	if len(row.Bad) == 0 {
		return
	}
	r.summary.BadRows++
	r.summary.BadCells += len(row.Bad)
	if free := r.limits.MaxBadCells - len(r.summary.Bad); free > 0 {
		r.summary.Bad = append(r.summary.Bad, row.Bad[:min(free, len(row.Bad))]...)
	}
}

// endsData tells whether the line is the one that ends the data or stands behind it.
func (r *reading) endsData(cells []cell) bool {
	if !r.tail {
		for _, c := range cells {
			if first := trim(c.text); first != "" {
				r.tail = slices.ContainsFunc(r.layout.Tail, func(tail string) bool { return strings.HasPrefix(first, tail) })
				break
			}
		}
	}
	if r.tail && len(r.summary.Tail) < tailKept {
		texts := make([]string, len(cells))
		for i, c := range cells {
			texts[i] = trim(c.text)
		}
		r.summary.Tail = append(r.summary.Tail, texts)
	}
	return r.tail
}
