package sheet

import "strings"

// cell is one cell as the file has it. Its text is what the user sees, as far as the file tells.
type cell struct {
	text string
	kind cellKind
}

type cellKind int

const (
	textCell   cellKind = iota // written as text, or from a CSV
	numberCell                 // a number of an xlsx: text holds its digits as stored
	dateCell                   // a number of an xlsx shown as a date: text is 2026-11-24, with a time if it has one
	failedCell                 // a formula without a result: text says which
)

// rowSource hands over the lines of a file. The slice is valid until the next call; io.EOF ends it. The number
// is the line's as a spreadsheet program shows it.
type rowSource interface {
	next() (number int, cells []cell, err error)
}

// trim takes away what surrounds a value: blanks of any kind, invisible characters; lines inside a cell become
// one line.
func trim(s string) string {
	s = strings.TrimFunc(s, func(r rune) bool {
		return r <= ' ' || r == '\u00A0' || r == '\u3000' || invisible(r)
	})
	if strings.ContainsAny(s, "\r\n\t") {
		s = strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == '\r' || r == '\n' || r == '\t' }), " ")
	}
	return s
}

func blank(s string) bool { return s == "" || trim(s) == "" }
