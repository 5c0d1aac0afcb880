package sheet

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/shopspring/decimal"
	"github.com/xuri/excelize/v2"

	"estateledger/fault"
)

// Field is a column of a table that goes out.
type Field struct {
	Header string
	// Kind decides how the cells are written: Text (also Choice, Date and Month) as text, so that ids and
	// phones keep every digit; Int and Decimal as numbers, Decimal shown as 1,234.50.
	Kind Kind
	// Places is the number of decimals shown in a Decimal column; 0 means 2. Nothing is rounded in the cell.
	Places int
	// Total adds the column up in the last line.
	Total bool
	// Width is the column's width in characters; 0 takes it from the header.
	Width int
}

// Table describes a table that goes out.
type Table struct {
	// Sheet is the worksheet's name.
	Sheet string
	// Lines stand above the headers: what this is, of whom, for which time.
	Lines  []string
	Fields []Field
}

// Writer writes a table line by line, with constant memory. Close must be called once; it writes the totals.
type Writer interface {
	// Add writes a line, one cell per field, as text: amounts as decimal strings, dates as 2026-11-24. A cell
	// of a number column may be empty.
	Add(cells ...string) error
	Close() error
}

// totalLabel stands in the first cell of the line with the totals.
const totalLabel = "合计"

// totals adds up the columns that want it, exactly.
type totals struct {
	table *Table
	sums  []decimal.Decimal
	any   bool
}

func newTotals(table *Table) *totals {
	t := &totals{table: table, sums: make([]decimal.Decimal, len(table.Fields))}
	for _, field := range table.Fields {
		t.any = t.any || field.Total
	}
	return t
}

// take checks a line and adds it. What is wrong with it is a mistake of the program, not of the user.
func (t *totals) take(cells []string) error {
	if len(cells) != len(t.table.Fields) {
		return fmt.Errorf("sheet: a line of %d cells for a table of %d columns", len(cells), len(t.table.Fields))
	}
	for i, field := range t.table.Fields {
		if utf8.RuneCountInString(cells[i]) > maxCellText {
			return fault.Invalid("sheet.cell_too_long", "“"+field.Header+"”一列有超过 32767 个字的内容，表格放不下")
		}
		if field.Kind != Decimal && field.Kind != Int || cells[i] == "" {
			continue
		}
		if !plainNumber.MatchString(cells[i]) {
			return fmt.Errorf("sheet: %q in the number column %s", cells[i], field.Header)
		}
		n, err := decimal.NewFromString(cells[i])
		if err != nil {
			return err
		}
		if field.Total {
			t.sums[i] = t.sums[i].Add(n)
		}
	}
	return nil
}

// line is the line with the totals; nil if no column wants one.
func (t *totals) line() []string {
	if !t.any {
		return nil
	}
	cells := make([]string, len(t.sums))
	for i, field := range t.table.Fields {
		switch {
		case field.Total && field.Kind == Int:
			cells[i] = t.sums[i].String()
		case field.Total:
			cells[i] = t.sums[i].StringFixed(max(int32(field.places()), -t.sums[i].Exponent()))
		case i == 0:
			cells[i] = totalLabel
		}
	}
	return cells
}

func (f *Field) places() int {
	if f.Places == 0 {
		return 2
	}
	return f.Places
}

// NewCSV writes the table as CSV to w: UTF-8 with byte order mark and CRLF. Texts that a spreadsheet program
// would take for a formula get an apostrophe in front.
func NewCSV(w io.Writer, table Table) (Writer, error) {
	if _, err := w.Write(utf8BOM); err != nil {
		return nil, err
	}
	out := &csvWriter{out: csv.NewWriter(w), table: &table, totals: newTotals(&table)}
	out.out.UseCRLF = true
	for _, text := range table.Lines {
		if err := out.out.Write([]string{guardText(text)}); err != nil {
			return nil, err
		}
	}
	headers := make([]string, len(table.Fields))
	for i, field := range table.Fields {
		headers[i] = field.Header
	}
	return out, out.out.Write(headers)
}

type csvWriter struct {
	out    *csv.Writer
	table  *Table
	totals *totals
}

func (c *csvWriter) Add(cells ...string) error {
	if err := c.totals.take(cells); err != nil {
		return err
	}
	return c.write(cells)
}

func (c *csvWriter) write(cells []string) error {
	guarded := make([]string, len(cells))
	for i, text := range cells {
		guarded[i] = text
		if kind := c.table.Fields[i].Kind; kind != Int && kind != Decimal {
			guarded[i] = guardText(text)
		}
	}
	return c.out.Write(guarded)
}

func (c *csvWriter) Close() error {
	if line := c.totals.line(); line != nil {
		if err := c.write(line); err != nil {
			return err
		}
	}
	c.out.Flush()
	return c.out.Error()
}

// guardText keeps a spreadsheet program from running a text of a CSV as a formula.
func guardText(text string) string {
	if startsFormula(text) {
		return "'" + text
	}
	return text
}

func startsFormula(text string) bool {
	first, _ := utf8.DecodeRuneInString(text)
	return text != "" && strings.ContainsRune("=+-@\t\r＝＋－＠", first)
}

// NewXLSX writes the table as xlsx to w, to which nothing goes before Close. The lines with text and the headers
// stay in view while the user scrolls.
func NewXLSX(w io.Writer, table Table) (Writer, error) {
	x := &xlsxWriter{w: w, table: &table, totals: newTotals(&table), file: excelize.NewFile()}
	if err := x.begin(); err != nil {
		x.file.Close()
		return nil, err
	}
	return x, nil
}

type xlsxWriter struct {
	w       io.Writer
	table   *Table
	totals  *totals
	file    *excelize.File
	stream  *excelize.StreamWriter
	styles  styles
	formats []int // style per column
	row     int
	cells   []any
}

func (x *xlsxWriter) begin() error {
	name := x.table.Sheet
	if name == "" {
		name = templateSheet
	}
	if err := x.file.SetSheetName("Sheet1", name); err != nil {
		return err
	}
	var err error
	if x.styles, err = newStyles(x.file); err != nil {
		return err
	}
	if x.stream, err = x.file.NewStreamWriter(name); err != nil {
		return err
	}
	headers := make([]any, len(x.table.Fields))
	for i, field := range x.table.Fields {
		style, err := x.styles.forField(x.file, &field)
		if err != nil {
			return err
		}
		width := float64(field.Width)
		if field.Width == 0 {
			width = widthOf(field.Header, "0,000,000.00")
		}
		if err := x.stream.SetColWidth(i+1, i+1, width); err != nil {
			return err
		}
		x.formats = append(x.formats, style)
		headers[i] = excelize.Cell{StyleID: x.styles.header, Value: field.Header}
	}
	above := len(x.table.Lines) + 1
	if err := x.stream.SetPanes(&excelize.Panes{Freeze: true, YSplit: above, TopLeftCell: "A" + strconv.Itoa(above+1), ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	for _, text := range x.table.Lines {
		if err := x.write([]any{text}); err != nil {
			return err
		}
	}
	return x.write(headers)
}

func (x *xlsxWriter) write(cells []any) error {
	x.row++
	return x.stream.SetRow("A"+strconv.Itoa(x.row), cells)
}

func (x *xlsxWriter) Add(cells ...string) error {
	if err := x.totals.take(cells); err != nil {
		return err
	}
	if x.row >= maxSheetRow-1 {
		return fault.TooLarge("sheet.too_many_rows", "超过 1048575 行，Excel 表格放不下，请缩小范围或导出 CSV")
	}
	return x.add(cells, x.formats)
}

func (x *xlsxWriter) add(cells []string, formats []int) error {
	x.cells = x.cells[:0]
	for i, text := range cells {
		c := excelize.Cell{StyleID: formats[i], Value: text}
		if text == "" {
			c.Value = nil
		} else if kind := x.table.Fields[i].Kind; kind == Int || kind == Decimal {
			c.Value = storable(text)
		}
		x.cells = append(x.cells, c)
	}
	return x.write(x.cells)
}

// storable makes a number cell's value of decimal digits. The file format knows floating point only: up to 15
// digits come out of it as they went in; more would change, so they stay text.
func storable(digits string) any {
	n, err := decimal.NewFromString(digits)
	if err != nil || n.NumDigits() > 15 {
		return digits
	}
	f, err := strconv.ParseFloat(digits, 64)
	if err != nil {
		return digits
	}
	return f
}

func (x *xlsxWriter) Close() error {
	defer x.file.Close()
	if line := x.totals.line(); line != nil {
		formats, err := x.styles.totals(x.file, x.table)
		if err != nil {
			return err
		}
		if err := x.add(line, formats); err != nil {
			return err
		}
	}
	if err := x.stream.Flush(); err != nil {
		return err
	}
	return x.file.Write(x.w)
}
