package sheet

import (
	"io"
	"strconv"
	"strings"
)

// Headers of the columns that a file of rejected rows has in addition. Read does not report them as unknown, so
// that the file can be mended and uploaded again.
const (
	ReasonHeader = "退回原因"
	LineHeader   = "原行号"
)

// Rejected writes the rows that were not taken to an xlsx: the layout's columns as they stood in the user's file,
// the reason and the row's number there.
type Rejected struct {
	out     Writer
	columns int
}

// NewRejected begins a file of rejected rows. Nothing goes to w before Close.
func NewRejected(w io.Writer, layout Layout) (*Rejected, error) {
	table := Table{Sheet: layout.Sheet}
	for _, column := range layout.Columns {
		table.Fields = append(table.Fields, Field{Header: column.Header, Kind: Text})
	}
	table.Fields = append(table.Fields, Field{Header: ReasonHeader, Kind: Text, Width: 60}, Field{Header: LineHeader, Kind: Text})
	out, err := NewXLSX(w, table)
	return &Rejected{out: out, columns: len(layout.Columns)}, err
}

// Add writes a row: cells as Row.Cells gives them, the reasons as Row.Reasons does, and the row's number.
func (r *Rejected) Add(number int, cells, reasons []string) error {
	line := make([]string, 0, r.columns+2)
	line = append(line, cells...)
	return r.out.Add(append(line, strings.Join(reasons, "；"), strconv.Itoa(number))...)
}

// Close writes the file.
func (r *Rejected) Close() error { return r.out.Close() }
