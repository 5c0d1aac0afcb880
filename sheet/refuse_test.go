package sheet

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"estateledger/fault"
)

// repack copies an xlsx and lets change alter a part's content; nil drops the part.
func repack(t *testing.T, src Source, change func(name string, content []byte) []byte) Source {
	t.Helper()
	archive, err := zip.NewReader(src, src.Size)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, part := range archive.File {
		r, err := part.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if content = change(part.Name, content); content == nil {
			continue
		}
		entry, err := w.Create(part.Name)
		if err != nil {
			t.Fatal(err)
		}
		entry.Write(content)
	}
	w.Close()
	return Bytes(src.Name, out.Bytes())
}

func zipOf(t *testing.T, parts map[string]string) Source {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for name, content := range parts {
		entry, err := w.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(entry, content)
	}
	w.Close()
	return Bytes("包.xlsx", out.Bytes())
}

func smallBook(t *testing.T) Source {
	return book(t, nil, []any{"房号", "建筑面积"}, []any{"7-1-502", 67.83}, []any{"7-1-503", 67.83})
}

// TestUselessFiles is the table of whole files that cannot be taken, and the stable code of each refusal.
func TestUselessFiles(t *testing.T) {
	whole := smallBook(t)
	content := make([]byte, whole.Size)
	whole.ReadAt(content, 0)
	const sheet1 = "xl/worksheets/sheet1.xml"
	onSheet := func(f func(string) string) Source {
		return repack(t, whole, func(name string, content []byte) []byte {
			if name == sheet1 {
				return []byte(f(string(content)))
			}
			return content
		})
	}
	flipped := bytes.Clone(content)
	at := bytes.Index(flipped, []byte(sheet1)) + len(sheet1) + 60
	flipped[at] ^= 0x55

	tests := []struct {
		name   string
		src    Source
		limits Limits
		code   string
		kind   fault.Kind
	}{
		{"png", Bytes("a.xlsx", []byte("\x89PNG\r\n\x1a\n\x00\x00")), Limits{}, "sheet.not_a_spreadsheet", fault.KindUnsupported},
		{"jpeg", Bytes("a.csv", []byte("\xFF\xD8\xFF\xE0\x00\x10JFIF")), Limits{}, "sheet.not_a_spreadsheet", fault.KindUnsupported},
		{"bmp", Bytes("a.csv", []byte("BM\x36\x00\x00\x00")), Limits{}, "sheet.not_a_spreadsheet", fault.KindUnsupported},
		{"pdf", Bytes("a.xlsx", []byte("%PDF-1.7\n%\xE2\xE3")), Limits{}, "sheet.not_a_spreadsheet", fault.KindUnsupported},
		{"gzip", Bytes("a.csv", []byte("\x1F\x8B\x08\x00\x00\x00\x00\x00")), Limits{}, "sheet.not_a_spreadsheet", fault.KindUnsupported},
		{"rar", Bytes("a.xlsx", []byte("Rar!\x1A\x07\x00")), Limits{}, "sheet.not_a_spreadsheet", fault.KindUnsupported},
		{"binary", Bytes("a.csv", []byte("房号,建筑面积\n\x00\x01\x02")), Limits{}, "sheet.not_a_spreadsheet", fault.KindUnsupported},
		{"old xls", Bytes("a.xlsx", []byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")), Limits{}, "sheet.old_xls", fault.KindUnsupported},
		{"html as xls", Bytes("a.xls", []byte("\xEF\xBB\xBF\n <html><table><tr><td>房号</td></tr></table>")), Limits{}, "sheet.html_table", fault.KindUnsupported},
		{"xml as xls", Bytes("a.xls", []byte("<?xml version=\"1.0\"?><Workbook></Workbook>")), Limits{}, "sheet.html_table", fault.KindUnsupported},
		{"zip", zipOf(t, map[string]string{"a.txt": "a"}), Limits{}, "sheet.not_a_spreadsheet", fault.KindUnsupported},
		{"docx", zipOf(t, map[string]string{"word/document.xml": "<a/>"}), Limits{}, "sheet.not_a_spreadsheet", fault.KindUnsupported},
		{"xlsb", zipOf(t, map[string]string{"xl/workbook.bin": "x"}), Limits{}, "sheet.not_a_spreadsheet", fault.KindUnsupported},
		{"nothing", Bytes("a.csv", nil), Limits{}, "sheet.empty", fault.KindInvalid},
		{"only a BOM", Bytes("a.csv", utf8BOM), Limits{}, "sheet.empty", fault.KindInvalid},
		{"blank lines", Bytes("a.csv", []byte(",,\r\n , \r\n")), Limits{}, "sheet.empty", fault.KindInvalid},
		{"empty worksheet", book(t, nil), Limits{}, "sheet.empty", fault.KindInvalid},
		{"cut off at half", Bytes("a.xlsx", content[:len(content)/2]), Limits{}, "sheet.broken_xlsx", fault.KindInvalid},
		{"cut off by a byte", Bytes("a.xlsx", content[:len(content)-1]), Limits{}, "sheet.broken_xlsx", fault.KindInvalid},
		{"changed byte", Bytes("a.xlsx", flipped), Limits{}, "sheet.broken_xlsx", fault.KindInvalid},
		{"worksheet cut off", onSheet(func(s string) string { return s[:strings.Index(s, "</sheetData>")] }), Limits{}, "sheet.broken_xlsx", fault.KindInvalid},
		{"worksheet cut off in a row", onSheet(func(s string) string { return s[:strings.Index(s, `r="B3"`)] }), Limits{}, "sheet.broken_xlsx", fault.KindInvalid},
		{"worksheet ends too early", onSheet(func(s string) string { return s[:strings.Index(s, "</sheetData>")+12] }), Limits{}, "sheet.broken_xlsx", fault.KindInvalid},
		{"text number out of range", onSheet(func(s string) string { return strings.Replace(s, "<v>0</v>", "<v>99</v>", 1) }), Limits{}, "sheet.broken_xlsx", fault.KindInvalid},
		{"row number out of range", onSheet(func(s string) string { return strings.Replace(s, `r="3"`, `r="9999999"`, 1) }), Limits{}, "sheet.broken_xlsx", fault.KindInvalid},
		{"column out of range", onSheet(func(s string) string { return strings.Replace(s, `"A3"`, `"ZZZ3"`, 1) }), Limits{}, "sheet.broken_xlsx", fault.KindInvalid},
		{"no relations", repack(t, whole, func(name string, c []byte) []byte {
			if strings.HasSuffix(name, "workbook.xml.rels") {
				return nil
			}
			return c
		}), Limits{}, "sheet.broken_xlsx", fault.KindInvalid},
		{"too large", whole, Limits{MaxBytes: 100}, "sheet.too_large", fault.KindTooLarge},
		{"zip bomb", onSheet(func(s string) string {
			return strings.Replace(s, "</sheetData>", strings.Repeat("<row/>", 1_000_000)+"</sheetData>", 1)
		}), Limits{MaxUnpacked: 1 << 20}, "sheet.too_large", fault.KindTooLarge},
		{"zip bomb of empty rows", onSheet(func(s string) string {
			return strings.Replace(s, "</sheetData>", strings.Repeat("<row/>", 20_000)+"</sheetData>", 1)
		}), Limits{MaxRows: 10_000}, "sheet.too_many_rows", fault.KindTooLarge},
		{"one endless text", onSheet(func(s string) string {
			return strings.Replace(s, "</sheetData>", `<row r="9"><c t="inlineStr"><is><t>`+strings.Repeat("x", 3<<20)+"</t></is></c></row></sheetData>", 1)
		}), Limits{}, "sheet.broken_xlsx", fault.KindInvalid},
		{"too many rows", csvOf("房号,建筑面积", "1,1", "2,2", "3,3"), Limits{MaxRows: 2}, "sheet.too_many_rows", fault.KindTooLarge},
		{"no header", csvOf("甲,乙", "1,2"), Limits{}, "sheet.no_header", fault.KindInvalid},
		{"header after line 30", csvOf(strings.Repeat("x\r\n", 30)+headers, goodLine), Limits{}, "sheet.no_header", fault.KindInvalid},
		{"missing column", csvOf("房号,业主姓名,面积(亩)", "1,2,3"), Limits{}, "sheet.missing_columns", fault.KindInvalid},
		{"duplicate header", csvOf("房号,建筑面积,房屋", "1,2,3"), Limits{}, "sheet.duplicate_header", fault.KindInvalid},
		{"duplicate by unit", csvOf("房号,建筑面积,建筑面积(㎡)", "1,2,3"), Limits{}, "sheet.duplicate_header", fault.KindInvalid},
		{"BOM and GBK", Bytes("a.csv", []byte("\xEF\xBB\xBF房号,建筑面积\n\xB7\xBF,1")), Limits{}, "sheet.bad_encoding", fault.KindInvalid},
		{"quote never closed", csvOf("房号,建筑面积", "\"1,1", "2,2"), Limits{}, "sheet.broken_csv", fault.KindInvalid},
		{"hidden worksheet only", hidden(t), Limits{}, "sheet.missing_columns", fault.KindInvalid},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, _, err := readAll(t, test.src, units, test.limits)
			told, ok := fault.As(err)
			if !ok {
				t.Fatalf("got %v, want a fault", err)
			}
			if told.Code != test.code || told.Kind != test.kind {
				t.Errorf("got %s (%v) %s, want %s (%v)", told.Code, told.Kind, told.Message, test.code, test.kind)
			}
			if told.Message == "" || strings.ContainsAny(told.Message, "%{}") {
				t.Errorf("message %q", told.Message)
			}
		})
	}
}

// hidden has the right table only in a hidden worksheet.
func hidden(t *testing.T) Source {
	return book(t, func(f *excelize.File) {
		f.NewSheet("藏")
		f.SetSheetRow("藏", "A1", &[]any{"房号", "建筑面积"})
		f.SetSheetVisible("藏", false)
	}, []any{"房号", "业主姓名"}, []any{"1", "2"})
}

func TestMissingColumnsAreNamed(t *testing.T) {
	_, _, err := readAll(t, csvOf("标题", "房号,业主姓名,面积(亩)", "1,2,3"), units, Limits{})
	told, _ := fault.As(err)
	if told == nil || told.Message != "第 2 行的表头里缺少：建筑面积(㎡)；没有认出的列：面积(亩)" {
		t.Fatalf("%v", err)
	}
	if want := (fault.Detail{Row: 2, Column: "建筑面积(㎡)", Message: "缺少这一列"}); len(told.Details) != 1 || fmt.Sprint(told.Details[0]) != fmt.Sprint(want) {
		t.Errorf("details %+v", told.Details)
	}
}
