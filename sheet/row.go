package sheet

import (
	"github.com/shopspring/decimal"

	"estateledger/civil"
	"estateledger/fault"
)

// BadCell is a cell that cannot be read as its column wants it.
type BadCell struct {
	// Row is the line's number as the user's program shows it, from 1.
	Row int
	// Key and Header name the column; both are empty where the whole row is meant.
	Key, Header string
	// Value is what stands in the cell.
	Value string
	// Reason says in Chinese what is wrong with it.
	Reason string
}

// Detail is the bad cell as a detail of a fault.Error.
func (b BadCell) Detail() fault.Detail {
	return fault.Detail{Field: b.Key, Row: b.Row, Column: b.Header, Value: shorten(b.Value), Message: b.Reason}
}

// String is the bad cell in one sentence, without the row.
func (b BadCell) String() string {
	said := b.Reason
	if b.Value != "" {
		said = "“" + shorten(b.Value) + "”" + said
	}
	if b.Header != "" {
		said = b.Header + "：" + said
	}
	return said
}

func shorten(s string) string {
	const most = 40
	if runes := []rune(s); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return s
}

// Row is one line of data. It is valid only until the function that got it returns.
type Row struct {
	// Number is the line's number as the user's program shows it, from 1.
	Number int
	// Bad are the cells of this row that could not be read. Their values read as not given.
	Bad []BadCell

	layout *Layout
	values []value
}

// Given tells whether the column is in the file and its cell neither blank nor bad.
func (r *Row) Given(key string) bool { return r.values[r.layout.column(key)].given }

// Text is the cell of a Text column without surrounding blanks, "" if it is not given.
func (r *Row) Text(key string) string { return r.values[r.layout.column(key, Text)].text }

// Choice is the code of the word in a Choice column, "" if it is not given.
func (r *Row) Choice(key string) string { return r.values[r.layout.column(key, Choice)].text }

// Int is the number in an Int column, 0 if it is not given.
func (r *Row) Int(key string) int64 { return r.values[r.layout.column(key, Int)].whole }

// Decimal is the exact number in a Decimal column, zero if it is not given. It is not rounded, except for what
// the package's documentation says of numbers of spreadsheet programs.
func (r *Row) Decimal(key string) decimal.Decimal {
	return r.values[r.layout.column(key, Decimal)].decimal
}

// Date is the day in a Date column, the zero Date if it is not given.
func (r *Row) Date(key string) civil.Date { return r.values[r.layout.column(key, Date)].date }

// Month is the month in a Month column, the zero Month if it is not given.
func (r *Row) Month(key string) civil.Month { return r.values[r.layout.column(key, Month)].month }

// Shown is what stands in the cell, whether it could be read or not.
func (r *Row) Shown(key string) string { return r.values[r.layout.column(key)].shown }

// Cells are the cells as they stand in the file, in the order of the layout's columns, as Rejected takes them.
func (r *Row) Cells() []string {
	cells := make([]string, len(r.values))
	for i := range r.values {
		cells[i] = r.values[i].shown
	}
	return cells
}

// Refuse adds a bad cell that only the caller can see, such as a room number that is not in the register. An
// empty key means the whole row.
func (r *Row) Refuse(key, reason string) {
	bad := BadCell{Row: r.Number, Reason: reason}
	if key != "" {
		i := r.layout.column(key)
		bad.Key, bad.Header, bad.Value = key, r.layout.Columns[i].Header, r.values[i].shown
	}
	r.Bad = append(r.Bad, bad)
}

// Reasons are what is wrong with the row, one sentence per bad cell.
func (r *Row) Reasons() []string {
	reasons := make([]string, len(r.Bad))
	for i, bad := range r.Bad {
		reasons[i] = bad.String()
	}
	return reasons
}

// fill reads the row's cells; the answer is false for a line without any value.
func (r *Row) fill(number int, cells []cell, at []int) bool {
	r.Number, r.Bad = number, r.Bad[:0]
	empty := true
	for i := range r.layout.Columns {
		column := &r.layout.Columns[i]
		var c cell
		if place := at[i]; place >= 0 && place < len(cells) {
			c = cells[place]
		}
		if reason := r.values[i].read(c, column); reason != "" {
			r.Bad = append(r.Bad, BadCell{Row: number, Key: column.Key, Header: column.Header, Value: r.values[i].shown, Reason: reason})
		}
		empty = empty && r.values[i].shown == ""
	}
	return !empty
}

// isExample tells whether the row is the template's example, left in place.
func (r *Row) isExample() bool {
	some := false
	for i, column := range r.layout.Columns {
		if r.values[i].shown != column.Example {
			return false
		}
		some = some || column.Example != ""
	}
	return some
}
