package sheet

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"

	"github.com/xuri/excelize/v2"
)

// GuideSheet is the name of a template's second worksheet.
const GuideSheet = "填写说明"

const templateSheet = "数据"

// WriteTemplate writes an xlsx to fill in: the headers, the example as first row, every column that is not a
// number in text format (so that ids, phones, room numbers and dates stay as typed), a list to choose from for
// Choice columns, and a second worksheet that explains each column. Read passes over the example if it is left.
func WriteTemplate(w io.Writer, layout Layout) error {
	file := excelize.NewFile()
	defer file.Close()
	data := layout.Sheet
	if data == "" {
		data = templateSheet
	}
	if err := file.SetSheetName("Sheet1", data); err != nil {
		return err
	}
	styles, err := newStyles(file)
	if err != nil {
		return err
	}
	if err := templateData(file, data, &layout, styles); err != nil {
		return err
	}
	if err := templateGuide(file, &layout, styles); err != nil {
		return err
	}
	return file.Write(w)
}

func templateData(file *excelize.File, data string, layout *Layout, styles styles) error {
	for i, column := range layout.Columns {
		letter, err := excelize.ColumnNumberToName(i + 1)
		if err != nil {
			return err
		}
		style := styles.text
		if column.Kind == Int || column.Kind == Decimal {
			style = styles.plain
		}
		header := styles.header
		if column.Required {
			header = styles.required
		}
		steps := []error{
			file.SetColStyle(data, letter, style),
			file.SetColWidth(data, letter, letter, widthOf(column.Header, column.Example)),
			file.SetCellStr(data, letter+"1", column.Header),
			file.SetCellStyle(data, letter+"1", letter+"1", header),
			file.SetCellStr(data, letter+"2", column.Example),
			file.SetCellStyle(data, letter+"2", letter+"2", styles.text),
			offerChoices(file, data, letter, &column),
		}
		for _, err := range steps {
			if err != nil {
				return err
			}
		}
	}
	return file.SetPanes(data, &headFrozen)
}

var headFrozen = excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}

// offerChoices gives the column's cells a list to choose from. Excel takes no list above 255 characters; the
// guide names the words in any case.
func offerChoices(file *excelize.File, data, letter string, column *Column) error {
	words := column.words()
	if column.Kind != Choice || len(strings.Join(words, ",")) > 255 {
		return nil
	}
	list := excelize.NewDataValidation(true)
	list.SetSqref(fmt.Sprintf("%s2:%s%d", letter, letter, maxSheetRow))
	if err := list.SetDropList(words); err != nil {
		return err
	}
	return file.AddDataValidation(data, list)
}

func templateGuide(file *excelize.File, layout *Layout, styles styles) error {
	if _, err := file.NewSheet(GuideSheet); err != nil {
		return err
	}
	lines := [][]string{
		{layout.Title + " " + GuideSheet},
		{"从第 2 行起填写，第 2 行是例子，请删掉或改成自己的数据。底色深的列必须填。列的先后可以调换，多余的列不会读。"},
		{},
		{"列名", "必填", "填什么", "例子", "说明", "也认的列名"},
	}
	for _, column := range layout.Columns {
		required := "可空"
		if column.Required {
			required = "必填"
		}
		lines = append(lines, []string{column.Header, required, column.wanted(), column.Example, column.Note, strings.Join(column.Aliases, "、")})
	}
	for i, line := range lines {
		for j, text := range line {
			name, err := excelize.CoordinatesToCellName(j+1, i+1)
			if err != nil {
				return err
			}
			if err := file.SetCellStr(GuideSheet, name, text); err != nil {
				return err
			}
		}
	}
	if err := file.SetCellStyle(GuideSheet, "A4", "F4", styles.header); err != nil {
		return err
	}
	for letter, width := range map[string]float64{"A": 20, "B": 8, "C": 36, "D": 20, "E": 48, "F": 32} {
		if err := file.SetColWidth(GuideSheet, letter, letter, width); err != nil {
			return err
		}
	}
	return nil
}

// wanted says in Chinese what a column's cells look like.
func (c *Column) wanted() string {
	switch c.Kind {
	case Int:
		return "整数"
	case Decimal:
		return "数字，可带小数"
	case Date:
		return "日期，写成 2026-11-24 的样子"
	case Month:
		return "月份，写成 2026-07 的样子"
	case Choice:
		return "只能填：" + strings.Join(c.words(), "、")
	}
	return "文字"
}

// WriteCSVTemplate writes the headers and the example as CSV: UTF-8 with byte order mark and CRLF, which Excel
// opens without garbling.
func WriteCSVTemplate(w io.Writer, layout Layout) error {
	if _, err := w.Write(utf8BOM); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	headers, example := make([]string, len(layout.Columns)), make([]string, len(layout.Columns))
	for i, column := range layout.Columns {
		headers[i], example[i] = column.Header, guardText(column.Example)
	}
	if err := out.WriteAll([][]string{headers, example}); err != nil {
		return err
	}
	return out.Error()
}
