package sheet

import (
	"strings"

	"github.com/xuri/excelize/v2"
)

// styles are the cell styles of the files we write.
type styles struct {
	plain, text, header, required int
}

const textFormat = 49 // the built-in format "@"

func newStyles(file *excelize.File) (styles, error) {
	var s styles
	head := func(colour string) *excelize.Style {
		return &excelize.Style{
			Font:      &excelize.Font{Bold: true},
			Fill:      excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{colour}},
			Alignment: &excelize.Alignment{Vertical: "center", WrapText: true},
			NumFmt:    textFormat,
		}
	}
	for _, wanted := range []struct {
		id    *int
		style *excelize.Style
	}{
		{&s.plain, &excelize.Style{}},
		{&s.text, &excelize.Style{NumFmt: textFormat}},
		{&s.header, head("E8EEF7")},
		{&s.required, head("BFD3F0")},
	} {
		id, err := file.NewStyle(wanted.style)
		if err != nil {
			return s, err
		}
		*wanted.id = id
	}
	return s, nil
}

// numberFormat is the format code of a number column; empty for texts.
func (f *Field) numberFormat() string {
	switch f.Kind {
	case Int:
		return "#,##0"
	case Decimal:
		return "#,##0." + strings.Repeat("0", f.places())
	}
	return ""
}

func (s styles) forField(file *excelize.File, field *Field) (int, error) {
	format := field.numberFormat()
	if format == "" {
		return s.text, nil
	}
	return file.NewStyle(&excelize.Style{CustomNumFmt: &format})
}

// totals are the styles of the line with the totals.
func (s styles) totals(file *excelize.File, table *Table) ([]int, error) {
	ids := make([]int, len(table.Fields))
	for i := range table.Fields {
		style := &excelize.Style{Font: &excelize.Font{Bold: true}, Border: []excelize.Border{{Type: "top", Style: 1, Color: "000000"}}}
		if format := table.Fields[i].numberFormat(); format != "" {
			style.CustomNumFmt = &format
		}
		id, err := file.NewStyle(style)
		if err != nil {
			return nil, err
		}
		ids[i] = id
	}
	return ids, nil
}

// widthOf is a column width in which the texts fit; Chinese characters count double.
func widthOf(texts ...string) float64 {
	widest := 8
	for _, text := range texts {
		width := 2
		for _, r := range text {
			if r > 0x2E7F {
				width++
			}
			width++
		}
		widest = max(widest, width)
	}
	return float64(min(widest, 60))
}
