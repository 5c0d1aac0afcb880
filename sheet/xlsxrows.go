package sheet

import (
	"encoding/xml"
	"errors"
	"io"
	"strconv"
	"strings"
)

// xlsxRows reads the rows of one worksheet.
type xlsxRows struct {
	book   *workbook
	part   *partReader
	number int
	cells  []cell
	value  []byte
}

func (w *workbook) rows(ref worksheetRef) (*xlsxRows, error) {
	part, err := w.open(ref.part)
	if err != nil {
		return nil, brokenIfPlain(err)
	}
	return &xlsxRows{book: w, part: part}, nil
}

func (x *xlsxRows) Close() { x.part.Close() }

func (x *xlsxRows) next() (int, []cell, error) {
	for {
		token, err := x.part.RawToken()
		if err != nil {
			return 0, nil, brokenIfPlain(unexpected(err))
		}
		switch token := token.(type) {
		case xml.StartElement:
			if token.Name.Local != "row" {
				continue
			}
			if err := x.readRow(token); err != nil {
				return 0, nil, brokenIfPlain(unexpected(err))
			}
			return x.number, x.cells, nil
		case xml.EndElement:
			if token.Name.Local == "sheetData" {
				return 0, nil, x.finish()
			}
		}
	}
}

func unexpected(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// finish reads what follows the rows, because only at its end does the archive tell by a checksum whether what
// was unpacked is what was packed.
func (x *xlsxRows) finish() error {
	for {
		_, err := x.part.RawToken()
		if err == io.EOF {
			if err := x.part.whole(); err != nil {
				return brokenXLSX(err)
			}
			return io.EOF
		}
		if err != nil {
			return brokenIfPlain(err)
		}
	}
}

var errBadReference = errors.New("a row or cell has an impossible position")

// The format's own bounds: 1,048,576 rows of 16,384 columns.
const (
	maxSheetRow    = 1 << 20
	maxSheetColumn = 1 << 14
)

func (x *xlsxRows) readRow(row xml.StartElement) error {
	x.number++
	if r := attr(row, "r"); r != "" {
		n, err := strconv.Atoi(r)
		if err != nil || n < x.number || n > maxSheetRow {
			return errBadReference
		}
		x.number = n
	}
	x.cells = x.cells[:0]
	for {
		token, err := x.part.RawToken()
		if err != nil {
			return err
		}
		switch token := token.(type) {
		case xml.StartElement:
			if token.Name.Local == "c" {
				if err := x.readCell(token); err != nil {
					return err
				}
			}
		case xml.EndElement:
			if token.Name.Local == "row" {
				return nil
			}
		}
	}
}

// readCell reads one cell and puts it at its place in the row.
func (x *xlsxRows) readCell(start xml.StartElement) error {
	place := len(x.cells)
	kind, style := "", 0
	for _, a := range start.Attr {
		switch a.Name.Local {
		case "r":
			var ok bool
			if place, ok = columnOf(a.Value); !ok || place < len(x.cells) {
				return errBadReference
			}
		case "t":
			kind = a.Value
		case "s":
			style, _ = strconv.Atoi(a.Value)
		}
	}
	if place >= maxSheetColumn {
		return errBadReference
	}
	value, formula, err := x.readValue()
	if err != nil {
		return err
	}
	c, err := x.book.decode(kind, style, value, formula)
	if err != nil {
		return err
	}
	for len(x.cells) < place {
		x.cells = append(x.cells, cell{})
	}
	x.cells = append(x.cells, c)
	return nil
}

// readValue reads up to the end of the cell.
func (x *xlsxRows) readValue() (value string, formula bool, err error) {
	inValue := false
	x.value = x.value[:0]
	for {
		token, err := x.part.RawToken()
		if err != nil {
			return "", false, err
		}
		switch token := token.(type) {
		case xml.StartElement:
			switch token.Name.Local {
			case "v":
				inValue = true
			case "f":
				formula = true
			case "is":
				text, err := x.part.text("is")
				if err != nil {
					return "", false, err
				}
				x.value = append(x.value, text...)
			}
		case xml.CharData:
			if inValue {
				x.value = append(x.value, token...)
			}
		case xml.EndElement:
			switch token.Name.Local {
			case "v":
				inValue = false
			case "c":
				return string(x.value), formula, nil
			}
		}
	}
}

// decode makes a cell of what is stored, by the cell's type (ECMA-376 part 1, 18.18.11).
func (w *workbook) decode(kind string, style int, value string, formula bool) (cell, error) {
	switch kind {
	case "s":
		if value == "" {
			return cell{}, nil
		}
		n, err := strconv.Atoi(value)
		if err != nil || n < 0 || n >= len(w.texts) {
			return cell{}, errBadReference
		}
		return cell{text: w.texts[n]}, nil
	case "inlineStr":
		return cell{text: value}, nil
	case "str":
		return cell{text: unescape(value)}, nil
	case "b":
		if value == "1" {
			return cell{text: "TRUE"}, nil
		}
		return cell{text: "FALSE"}, nil
	case "e":
		return cell{text: value, kind: failedCell}, nil
	case "d":
		return cell{text: strings.TrimSuffix(strings.Replace(value, "T", " ", 1), " 00:00:00"), kind: dateCell}, nil
	}
	if value == "" {
		if formula {
			return cell{text: "公式", kind: failedCell}, nil
		}
		return cell{}, nil
	}
	return w.show(value, style), nil
}

// columnOf takes the column, counted from 0, from a reference like AB12.
func columnOf(reference string) (int, bool) {
	n, letters := 0, 0
	for ; letters < len(reference) && letters < 4; letters++ {
		c := reference[letters] | 0x20
		if c < 'a' || c > 'z' {
			break
		}
		n = n*26 + int(c-'a') + 1
	}
	return n - 1, letters > 0 && letters < 4 && n <= maxSheetColumn
}
