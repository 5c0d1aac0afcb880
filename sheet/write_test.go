package sheet

import (
	"bytes"
	"encoding/csv"
	"slices"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"
)

var arrears = Table{
	Sheet: "欠费", Lines: []string{"安和一村 欠费明细", "=截至 2026-06-20"},
	Fields: []Field{{Header: "房号"}, {Header: "手机号"}, {Header: "户数", Kind: Int, Total: true}, {Header: "欠费(元)", Kind: Decimal, Total: true}, {Header: "单价", Kind: Decimal, Places: 4}, {Header: "月份", Kind: Month}},
}

var arrearsLines = [][]string{
	{"7-1-502", "013800001111", "1", "0.10", "0.6500", "2026-05"},
	{"=HYPERLINK(\"x\")", "+8613800001111", "1", "-1234.50", "0.65", "2026-06"},
	{"-1层\"甲\"", "@a", "1", "9999999999.99", "", ""},
}

func write(t *testing.T, w Writer, err error, lines [][]string) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range lines {
		if err := w.Add(line...); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestCSVExport(t *testing.T) {
	var out bytes.Buffer
	w, err := NewCSV(&out, arrears)
	write(t, w, err, arrearsLines)
	want := "\xEF\xBB\xBF安和一村 欠费明细\r\n'=截至 2026-06-20\r\n房号,手机号,户数,欠费(元),单价,月份\r\n" +
		"7-1-502,013800001111,1,0.10,0.6500,2026-05\r\n" +
		"\"'=HYPERLINK(\"\"x\"\")\",'+8613800001111,1,-1234.50,0.65,2026-06\r\n" +
		"\"'-1层\"\"甲\"\"\",'@a,1,9999999999.99,,\r\n" +
		"合计,,3,9999998765.59,,\r\n"
	if out.String() != want {
		t.Errorf("got\n%s\nwant\n%s", out.String(), want)
	}
}

func TestXLSXExport(t *testing.T) {
	var out bytes.Buffer
	w, err := NewXLSX(&out, arrears)
	write(t, w, err, arrearsLines)
	file, err := excelize.OpenReader(bytes.NewReader(out.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for name, want := range map[string]string{
		"A1": "安和一村 欠费明细", "A2": "=截至 2026-06-20", "D3": "欠费(元)",
		"B4": "013800001111", "D4": "0.10", "E4": "0.6500", "F4": "2026-05",
		"A5": "=HYPERLINK(\"x\")", "D5": "-1,234.50", "D6": "9,999,999,999.99",
		"A7": "合计", "C7": "3", "D7": "9,999,998,765.59", "E7": "",
	} {
		if shown, err := file.GetCellValue("欠费", name); err != nil || shown != want {
			t.Errorf("%s is %q, want %q (%v)", name, shown, want, err)
		}
		if formula, _ := file.GetCellFormula("欠费", name); formula != "" {
			t.Errorf("%s has a formula", name)
		}
	}
	kinds := map[string]excelize.CellType{"B4": excelize.CellTypeInlineString, "D4": excelize.CellTypeUnset, "D7": excelize.CellTypeUnset}
	for name, want := range kinds {
		if kind, err := file.GetCellType("欠费", name); err != nil || kind != want {
			t.Errorf("%s has type %v, want %v (%v)", name, kind, want, err)
		}
	}
	panes, err := file.GetPanes("欠费")
	if err != nil || !panes.Freeze || panes.YSplit != 3 {
		t.Errorf("panes %+v, %v", panes, err)
	}
}

func TestExportRefusesWhatItCannotWrite(t *testing.T) {
	for _, open := range []func() (Writer, error){
		func() (Writer, error) { return NewXLSX(&bytes.Buffer{}, arrears) },
		func() (Writer, error) { return NewCSV(&bytes.Buffer{}, arrears) },
	} {
		for name, line := range map[string][]string{
			"too few cells": {"1"},
			"no number":     {"", "", "1", "abc", "", ""},
			"grouped":       {"", "", "1", "1,234.50", "", ""},
			"exponent":      {"", "", "1", "1E3", "", ""},
			"too long":      {strings.Repeat("字", 32768), "", "1", "1", "", ""},
		} {
			w, err := open()
			if err != nil {
				t.Fatal(err)
			}
			if err := w.Add(line...); err == nil {
				t.Errorf("%s was written", name)
			}
			if err := w.Close(); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// TestNumbersComeBackAsTheyWentOut: whatever decimal of up to 15 digits is exported is read back exactly.
func TestNumbersComeBackAsTheyWentOut(t *testing.T) {
	layout := Layout{Title: "t", Columns: []Column{{Key: "n", Header: "数", Kind: Decimal}}}
	rapid.Check(t, func(t *rapid.T) {
		var want []decimal.Decimal
		var out bytes.Buffer
		w, err := NewXLSX(&out, Table{Fields: []Field{{Header: "数", Kind: Decimal}}})
		if err != nil {
			t.Fatal(err)
		}
		for range 20 {
			n := decimal.New(rapid.Int64Range(-999_999_999_999_999, 999_999_999_999_999).Draw(t, "digits"), -rapid.Int32Range(0, 8).Draw(t, "places"))
			want = append(want, n)
			if err := w.Add(n.String()); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		i := 0
		_, err = Read(t.Context(), Bytes("a.xlsx", out.Bytes()), layout, Limits{}, func(r *Row) error {
			if !r.Decimal("n").Equal(want[i]) {
				t.Fatalf("%s came back as %s", want[i], r.Decimal("n"))
			}
			i++
			return nil
		})
		if err != nil || i != len(want) {
			t.Fatalf("%d of %d, %v", i, len(want), err)
		}
	})
}

func TestMoreDigitsThanFloatingPointHoldsStayText(t *testing.T) {
	if v := storable("1234567890123456.78"); v != "1234567890123456.78" {
		t.Errorf("stored as %v", v)
	}
}

func TestTemplate(t *testing.T) {
	var out bytes.Buffer
	if err := WriteTemplate(&out, units); err != nil {
		t.Fatal(err)
	}
	// Filled in by nobody it has no rows, and all of its headers are understood.
	rows, summary := mustRead(t, Bytes("模板.xlsx", out.Bytes()))
	if len(rows) != 0 || !summary.Example || len(summary.Unknown) > 0 || summary.Sheet != "房屋" {
		t.Errorf("%+v %+v", rows, summary)
	}
	file, err := excelize.OpenReader(bytes.NewReader(out.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if !slices.Equal(file.GetSheetList(), []string{"房屋", GuideSheet}) {
		t.Errorf("worksheets %v", file.GetSheetList())
	}
	for letter, isText := range map[string]bool{"C": true, "F": true, "G": true, "E": false, "D": false} {
		id, err := file.GetColStyle("房屋", letter)
		if err != nil {
			t.Fatal(err)
		}
		style, err := file.GetStyle(id)
		if err != nil || (style.NumFmt == textFormat) != isText {
			t.Errorf("column %s has format %d (%v)", letter, style.NumFmt, err)
		}
	}
	lists, err := file.GetDataValidations("房屋")
	if err != nil || len(lists) != 1 || lists[0].Sqref != "H2:H1048576" || lists[0].Formula1 != "\"住宅,商铺,车库\"" {
		t.Errorf("lists %+v, %v", lists, err)
	}
	guide, err := file.GetRows(GuideSheet)
	if err != nil || len(guide) != 4+len(units.Columns) {
		t.Fatalf("guide %v, %v", guide, err)
	}
	if want := []string{"房号", "必填", "文字", "7幢1单元502", "幢、单元、室", "房屋、房间号"}; !slices.Equal(guide[4], want) {
		t.Errorf("guide %v", guide[4])
	}
}

func TestCSVTemplate(t *testing.T) {
	var out bytes.Buffer
	if err := WriteCSVTemplate(&out, units); err != nil {
		t.Fatal(err)
	}
	if want := "\xEF\xBB\xBF" + headers + "\r\n7幢1单元502,顾秀英,13800001111,5,72.46,2026-11-24,2026-07,住宅\r\n"; out.String() != want {
		t.Errorf("%q", out.String())
	}
}

func TestRejectedRowsCanBeMendedAndReadAgain(t *testing.T) {
	var out bytes.Buffer
	rejected, err := NewRejected(&out, units)
	if err != nil {
		t.Fatal(err)
	}
	_, err = Read(t.Context(), csvOf("用途,房号,建筑面积,手机号", "别墅,7-1-502,六,013800001111", "住宅,=1,67.83,1"), units, Limits{}, func(r *Row) error {
		if r.Number == 3 {
			r.Refuse("", "重复")
		}
		return rejected.Add(r.Number, r.Cells(), r.Reasons())
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := rejected.Close(); err != nil {
		t.Fatal(err)
	}
	file, err := excelize.OpenReader(bytes.NewReader(out.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	lines, err := file.GetRows("房屋")
	if err != nil || len(lines) != 3 {
		t.Fatalf("%v, %v", lines, err)
	}
	want := []string{"7-1-502", "", "013800001111", "", "六", "", "", "别墅", "建筑面积(㎡)：“六”应为数字；用途：“别墅”只能填：住宅、商铺、车库", "2"}
	if !slices.Equal(lines[1], want) || lines[2][8] != "重复" || lines[0][8] != ReasonHeader {
		t.Errorf("%q", lines)
	}
	rows, summary := mustRead(t, Bytes("退回.xlsx", out.Bytes()))
	if len(rows) != 2 || len(summary.Unknown) > 0 || rows[1].room != "=1" {
		t.Errorf("%+v %+v", rows, summary)
	}
}

func TestOwnCSVExportReadsBack(t *testing.T) {
	var out bytes.Buffer
	w, err := NewCSV(&out, Table{Fields: []Field{{Header: "房号"}, {Header: "建筑面积", Kind: Decimal}}})
	write(t, w, err, [][]string{{"-1层甲", "-5.50"}})
	rows, _ := mustRead(t, Bytes("a.csv", out.Bytes()))
	if len(rows) != 1 || rows[0].room != "-1层甲" || rows[0].area != "-5.5" {
		t.Errorf("%+v", rows)
	}
	if _, err := csv.NewReader(bytes.NewReader(out.Bytes())).ReadAll(); err != nil {
		t.Error(err)
	}
}
