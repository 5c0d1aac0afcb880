package sheet

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
)

// stored makes an xlsx whose second line holds the given XML of one cell under the given header.
func stored(t *testing.T, header, cellXML string) Source {
	t.Helper()
	return storedIn(t, nil, header, cellXML)
}

func storedIn(t *testing.T, change func(*excelize.File), header, cellXML string) Source {
	t.Helper()
	src := book(t, change, []any{"房号", "建筑面积", header}, []any{"7-1-502", 1, "占位"})
	return repack(t, src, func(name string, content []byte) []byte {
		if name != "xl/worksheets/sheet1.xml" {
			return content
		}
		s := string(content)
		at := strings.Index(s, `<c r="C2"`)
		end := at + strings.Index(s[at:], "</c>") + 4
		return []byte(s[:at] + cellXML + s[end:])
	})
}

// TestStoredNumbers is the table of what spreadsheet programs leave in number cells.
func TestStoredNumbers(t *testing.T) {
	layout := Layout{Title: "t", Columns: []Column{
		{Key: "room", Header: "房号"},
		{Key: "n", Header: "数", Kind: Decimal},
	}}
	for raw, want := range map[string]string{
		"67.829999999999998":      "67.83",
		"0.30000000000000004":     "0.3",
		"44.089499999999994":      "44.0895",
		"9999999999.9899998":      "9999999999.99",
		"123456789.12999999":      "123456789.13",
		"4409.0000000000455":      "4409",
		"5.0000000000000003E-2":   "0.05",
		"-1.1100000000000001":     "-1.11",
		"1.3800001111E10":         "13800001111",
		"0.333333333333333":       "0.3333333333",
		"0.33333333333":           "0.33333333333", // 11 digits: as written
		"38642.57":                "38642.57",
		"1E-3":                    "0.001",
		"2.2204460492503131E-16":  "0",
		"4.9406564584124654E-324": "0",
	} {
		t.Run(raw, func(t *testing.T) {
			n, err := parseStored(raw)
			if err != nil || n.String() != want {
				t.Errorf("got %s, %v; want %s", n, err, want)
			}
			seen := false
			summary, err := Read(t.Context(), stored(t, "数", `<c r="C2"><v>`+raw+`</v></c>`), layout, Limits{}, func(r *Row) error {
				seen = r.Decimal("n").String() == want && r.Shown("n") == want
				return nil
			})
			if err != nil || summary.BadCells > 0 || !seen {
				t.Errorf("%v, %+v", err, summary)
			}
		})
	}
	for _, raw := range []string{"NaN", "Infinity", "1.7E308", "", "1e", "--1", "0x1"} {
		if n, err := parseStored(raw); err == nil {
			t.Errorf("%q was taken as %s", raw, n)
		}
	}
}

// TestStoredCells is the table of cell types, by the XML in the file.
func TestStoredCells(t *testing.T) {
	dateStyle := func(f *excelize.File) { // style 1 is a Chinese date, 2 a percentage, 3 a date with time
		for _, format := range []string{`yyyy"年"m"月"d"日"`, "0.00%", "yyyy/m/d h:mm:ss", "[Red]#,##0.00;[Blue]-0"} {
			if _, err := f.NewStyle(&excelize.Style{CustomNumFmt: &format}); err != nil {
				t.Fatal(err)
			}
		}
	}
	tests := []struct{ name, header, xml, want, bad string }{
		{"date", "入住日期", `<c r="C2" s="1"><v>46350</v></c>`, "2026-11-24", ""},
		{"date without its format", "入住日期", `<c r="C2"><v>46350</v></c>`, "2026-11-24", ""},
		{"date and time", "入住日期", `<c r="C2" s="3"><v>46350.713298611109</v></c>`, "2026-11-24", ""},
		{"last second", "入住日期", `<c r="C2" s="3"><v>46350.999999999</v></c>`, "2026-11-25", ""},
		{"digits as date", "入住日期", `<c r="C2"><v>20261124</v></c>`, "2026-11-24", ""},
		{"ISO date", "入住日期", `<c r="C2" t="d"><v>2026-11-24T00:00:00</v></c>`, "2026-11-24", ""},
		{"text date", "入住日期", `<c r="C2" t="str"><v>2026年11月24日</v></c>`, "2026-11-24", ""},
		{"1 March 1900", "入住日期", `<c r="C2" s="1"><v>61</v></c>`, "1900-03-01", ""},
		{"29 February 1900", "入住日期", `<c r="C2" s="1"><v>60</v></c>`, "", "应为日期"},
		{"year as date", "入住日期", `<c r="C2"><v>2026</v></c>`, "", "应为日期"},
		{"31 June", "入住日期", `<c r="C2" t="inlineStr"><is><t>2026-06-31</t></is></c>`, "", "没有这一天"},
		{"month from a date", "起始账期", `<c r="C2" s="1"><v>46204</v></c>`, "2026-07", ""},
		{"month from digits", "起始账期", `<c r="C2"><v>202607</v></c>`, "2026-07", ""},
		{"month from the 15th", "起始账期", `<c r="C2" s="1"><v>46218</v></c>`, "", "应为月份"},
		{"phone as number", "手机号", `<c r="C2"><v>13800001111</v></c>`, "13800001111", ""},
		{"phone as scientific", "手机号", `<c r="C2"><v>1.3800001111E+10</v></c>`, "13800001111", ""},
		{"id as number", "手机号", `<c r="C2"><v>3.1010219900101102E+17</v></c>`, "", "末尾几位已丢失"},
		{"id as text", "手机号", `<c r="C2" t="str"><v>310102199001011234</v></c>`, "310102199001011234", ""},
		{"leading zero", "手机号", `<c r="C2" t="inlineStr"><is><t>021-5500</t></is></c>`, "021-5500", ""},
		{"room turned into a date", "手机号", `<c r="C2" s="1"><v>36925</v></c>`, "", "当成了日期"},
		{"rich text", "业主姓名", `<c r="C2" t="inlineStr"><is><r><t>顾</t></r><r><t xml:space="preserve"> 秀英</t></r><rPh sb="0" eb="1"><t>gu</t></rPh></is></c>`, "顾 秀英", ""},
		{"escaped character", "业主姓名", `<c r="C2" t="str"><v>顾_x000D_秀英</v></c>`, "顾 秀英", ""},
		{"formula", "楼层", `<c r="C2"><f>2+3</f><v>5</v></c>`, "5", ""},
		{"formula without result", "楼层", `<c r="C2"><f>2+3</f></c>`, "", "公式没有算出结果"},
		{"formula with error", "楼层", `<c r="C2" t="e"><f>1/0</f><v>#DIV/0!</v></c>`, "", "公式没有算出结果"},
		{"floor 5.0", "楼层", `<c r="C2"><v>5.0000000000000009</v></c>`, "5", ""},
		{"boolean", "用途", `<c r="C2" t="b"><v>1</v></c>`, "", "只能填"},
		{"empty", "楼层", `<c r="C2" s="1"/>`, "0", ""},
		{"no reference", "楼层", `<c><v>5</v></c>`, "5", ""},
		{"prefixed XML", "楼层", `<x:c r="C2"><x:v>5</x:v></x:c>`, "5", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			rows, _ := mustRead(t, storedIn(t, dateStyle, test.header, test.xml))
			if len(rows) != 1 {
				t.Fatalf("%+v", rows)
			}
			g := rows[0]
			if test.bad != "" {
				if len(g.bad) != 1 || !strings.Contains(g.bad[0].Reason, test.bad) || g.bad[0].Row != 2 {
					t.Errorf("bad %+v, want %s", g.bad, test.bad)
				}
				return
			}
			value := map[string]string{"入住日期": g.entry, "起始账期": g.from, "手机号": g.phone, "业主姓名": g.owner, "楼层": string(rune('0' + g.floor)), "用途": g.use}[test.header]
			if len(g.bad) > 0 || value != test.want {
				t.Errorf("got %q (bad %+v), want %q", value, g.bad, test.want)
			}
		})
	}
}

func TestPercentMeansWhatTheUserSees(t *testing.T) {
	percent := func(f *excelize.File) { f.NewStyle(&excelize.Style{NumFmt: 10}) }
	for header, want := range map[string]string{"税率": "0.06", "税率(%)": "6"} {
		layout := Layout{Title: "t", Columns: []Column{{Key: "rate", Header: header, Kind: Decimal, Required: true}}}
		src := storedIn(t, percent, header, `<c r="C2" s="1"><v>0.06</v></c>`)
		_, err := Read(t.Context(), src, layout, Limits{}, func(r *Row) error {
			if r.Decimal("rate").String() != want || r.Shown("rate") != "6%" {
				t.Errorf("%s: %s shown %s", header, r.Decimal("rate"), r.Shown("rate"))
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	}
}

func TestCalendarOf1904(t *testing.T) {
	src := book(t, func(f *excelize.File) {
		yes := true
		f.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &yes})
		f.SetCellValue("Sheet1", "C2", time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC))
	}, []any{"房号", "建筑面积", "入住日期"}, []any{"1", 1})
	rows, _ := mustRead(t, src)
	if rows[0].entry != "2026-11-24" {
		t.Errorf("%+v", rows)
	}
}

func TestWorksheetIsChosen(t *testing.T) {
	src := book(t, func(f *excelize.File) {
		f.NewSheet("别的")
		f.SetSheetRow("别的", "A1", &[]any{"房号", "建筑面积"})
		f.SetSheetRow("别的", "A2", &[]any{"别的", 1})
		f.NewSheet("房屋")
		f.SetSheetRow("房屋", "B3", &[]any{"房号", "建筑面积"})
		f.SetSheetRow("房屋", "B5", &[]any{"房屋", 2})
	}, []any{"封面"})
	rows, summary := mustRead(t, src)
	if summary.Sheet != "房屋" || summary.HeaderRow != 3 || rows[0].number != 5 || rows[0].room != "房屋" {
		t.Errorf("%+v %+v", rows, summary)
	}
	layout := units
	layout.Sheet = "没有这张"
	rows, summary, err := readAll(t, src, layout, Limits{})
	if err != nil || summary.Sheet != "别的" || rows[0].room != "别的" {
		t.Errorf("%+v %+v %v", rows, summary, err)
	}
}

// TestManyRowsInLittleMemory writes a hundred thousand rows as our own export and reads them back.
func TestManyRowsInLittleMemory(t *testing.T) {
	const count = 100_000
	var out bytes.Buffer
	table := Table{Sheet: "房屋", Fields: []Field{{Header: "房号"}, {Header: "建筑面积(㎡)", Kind: Decimal, Total: true}, {Header: "手机号"}}}
	w, err := NewXLSX(&out, table)
	if err != nil {
		t.Fatal(err)
	}
	for range count {
		if err := w.Add("7-1-502", "67.83", "013800001111"); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	n := 0
	summary, err := Read(t.Context(), Bytes("a.xlsx", out.Bytes()), units, Limits{}, func(r *Row) error {
		n++
		if r.Decimal("area").String() != "67.83" || r.Text("phone") != "013800001111" || r.Number != n+1 {
			t.Fatalf("row %d: %v", r.Number, r.Cells())
		}
		return nil
	})
	if err != nil || n != count || summary.BadCells != 0 {
		t.Errorf("%d rows, %v, %+v", n, err, summary)
	}
	if len(summary.Tail) != 1 || !slices.Equal(summary.Tail[0], []string{"合计", "6783000", ""}) {
		t.Errorf("tail %q", summary.Tail)
	}
}
