package sheet

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"

	"estateledger/fault"
)

// units is a layout with every kind of column.
var units = Layout{
	Title: "房屋导入", Sheet: "房屋",
	Columns: []Column{
		{Key: "room", Header: "房号", Aliases: []string{"房屋", "房间号"}, Required: true, Example: "7幢1单元502", Note: "幢、单元、室"},
		{Key: "owner", Header: "业主姓名", Aliases: []string{"业主名称", "业主"}, Example: "顾秀英"},
		{Key: "phone", Header: "手机号", Example: "13800001111"},
		{Key: "floor", Header: "楼层", Kind: Int, Example: "5"},
		{Key: "area", Header: "建筑面积(㎡)", Kind: Decimal, Required: true, Example: "72.46"},
		{Key: "entry", Header: "入住日期", Kind: Date, Example: "2026-11-24"},
		{Key: "from", Header: "起始账期", Kind: Month, Example: "2026-07"},
		{Key: "use", Header: "用途", Kind: Choice, Example: "住宅", Choices: []Option{
			{"住宅", "residential"}, {"商铺", "shop"}, {"店铺", "shop"}, {"车库", "garage"}}},
	},
	Tail: []string{"合计"},
}

// got is what a test keeps of a row.
type got struct {
	number                               int
	room, owner, phone, area, entry, use string
	floor                                int64
	from                                 string
	bad                                  []BadCell
	cells                                []string
}

func readAll(t *testing.T, src Source, layout Layout, limits Limits) ([]got, Summary, error) {
	t.Helper()
	var rows []got
	summary, err := Read(context.Background(), src, layout, limits, func(r *Row) error {
		g := got{number: r.Number, room: r.Text("room"), owner: r.Text("owner"), phone: r.Text("phone"), floor: r.Int("floor"),
			use: r.Choice("use"), bad: slices.Clone(r.Bad), cells: r.Cells()}
		if r.Given("area") {
			g.area = r.Decimal("area").String()
		}
		if r.Given("entry") {
			g.entry = r.Date("entry").String()
		}
		if r.Given("from") {
			g.from = r.Month("from").String()
		}
		rows = append(rows, g)
		return nil
	})
	return rows, summary, err
}

func mustRead(t *testing.T, src Source) ([]got, Summary) {
	t.Helper()
	rows, summary, err := readAll(t, src, units, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return rows, summary
}

func csvOf(lines ...string) Source { return Bytes("测试.csv", []byte(strings.Join(lines, "\r\n"))) }

// book makes an xlsx with excelize: values as Go values, one slice per line.
func book(t *testing.T, change func(*excelize.File), lines ...[]any) Source {
	t.Helper()
	file := excelize.NewFile()
	defer file.Close()
	for i, line := range lines {
		name, _ := excelize.CoordinatesToCellName(1, i+1)
		if err := file.SetSheetRow("Sheet1", name, &line); err != nil {
			t.Fatal(err)
		}
	}
	if change != nil {
		change(file)
	}
	var out bytes.Buffer
	if err := file.Write(&out); err != nil {
		t.Fatal(err)
	}
	return Bytes("测试.xlsx", out.Bytes())
}

const headers = "房号,业主姓名,手机号,楼层,建筑面积(㎡),入住日期,起始账期,用途"

const goodLine = "7-1-502,𬱖秀英,013800001111,5,67.83,2026/11/4,2026年7月,店铺"

func checkGood(t *testing.T, rows []got) {
	t.Helper()
	if len(rows) != 1 {
		t.Fatalf("%d rows, want 1: %+v", len(rows), rows)
	}
	g := rows[0]
	g.number, g.cells = 0, nil
	want := got{room: "7-1-502", owner: "𬱖秀英", phone: "013800001111", floor: 5, area: "67.83", entry: "2026-11-04", from: "2026-07", use: "shop"}
	if fmt.Sprint(g) != fmt.Sprint(want) {
		t.Errorf("got %+v, want %+v", g, want)
	}
}

func TestEncodingsOfCSV(t *testing.T) {
	text := headers + "\r\n" + goodLine + "\r\n"
	gb, err := simplifiedchinese.GB18030.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	utf16 := "\xFF\xFE"
	for _, r := range strings.ReplaceAll(strings.ReplaceAll(text, ",", "\t"), "𬱖", "頠") {
		utf16 += string([]byte{byte(r), byte(r >> 8)})
	}
	for name, test := range map[string]struct{ content, encoding string }{
		"UTF-8":         {text, "UTF-8"},
		"UTF-8 BOM":     {"\xEF\xBB\xBF" + text, "UTF-8"},
		"GB18030":       {gb, "GB18030"},
		"tabs":          {strings.ReplaceAll(text, ",", "\t"), "UTF-8"},
		"semicolons":    {strings.ReplaceAll(text, ",", ";"), "UTF-8"},
		"LF only":       {strings.ReplaceAll(text, "\r", ""), "UTF-8"},
		"no line break": {strings.TrimSpace(text), "UTF-8"},
		"UTF-16":        {utf16, "UTF-16"},
	} {
		t.Run(name, func(t *testing.T) {
			rows, summary := mustRead(t, Bytes("a.csv", []byte(test.content)))
			if summary.Encoding != test.encoding || summary.HeaderRow != 1 {
				t.Errorf("summary %+v", summary)
			}
			if name == "UTF-16" {
				rows[0].owner = strings.ReplaceAll(rows[0].owner, "頠", "𬱖")
			}
			checkGood(t, rows)
		})
	}
}

func TestUTF8AcrossPieces(t *testing.T) {
	// The check for UTF-8 works on pieces of 64 KB: characters may lie across their borders.
	for shift := range 4 {
		text := headers + "\n1," + strings.Repeat("x", shift) + strings.Repeat("业主", 20) + ",,,1,,,\n"
		text += strings.Repeat("二,"+strings.Repeat("𬱖", 100)+",,,2,,,\n", 1000)
		rows, summary := mustRead(t, Bytes("a.csv", []byte(text)))
		if summary.Encoding != "UTF-8" || len(rows) != 1001 {
			t.Fatalf("shift %d: %s, %d rows", shift, summary.Encoding, len(rows))
		}
	}
}

func TestHeaders(t *testing.T) {
	for name, header := range map[string]string{
		"as in the layout":    headers,
		"padded":              " 房号 ,业主 姓名,手机号\t,　楼层,建筑面积（㎡）,入住日期,起始账期,用途",
		"aliases":             "房屋,业主名称,手机号,楼层,建筑面积,入住日期,起始账期,用途",
		"stars and remarks":   "*房号(必填),业主姓名(可空),手机号（文本格式）,楼层,*建筑面积(平方米),入住日期:,起始账期,用途[下拉选择]",
		"square brackets":     "【房号】,业主姓名,手机号,楼层,建筑面积[㎡],入住日期,起始账期,用途",
		"full-width, quoted":  "“房号”,业主姓名,手机号,楼层,建筑面积（ｍ２）,入住日期,起始账期,用途",
		"unit after required": "房号,业主姓名,手机号,楼层,建筑面积(㎡)(必填),入住日期,起始账期,用途",
	} {
		t.Run(name, func(t *testing.T) {
			if name == "square brackets" || name == "full-width, quoted" {
				header = strings.NewReplacer("【房号】", "房号", "“房号”", "房号").Replace(header)
			}
			rows, summary := mustRead(t, csvOf(header, goodLine))
			if len(summary.Unknown) > 0 {
				t.Errorf("unknown %v", summary.Unknown)
			}
			checkGood(t, rows)
		})
	}
}

func TestHeaderFoundBehindPreambleAndInAnyOrder(t *testing.T) {
	rows, summary := mustRead(t, csvOf("柳塘街道 房屋清册,,", "", "制表日期：2026-11-24", "建筑面积(㎡),备注,房号", "67.83,无,7-1-502", "", "合计,67.83", "制表人,甲"))
	if summary.HeaderRow != 4 || len(rows) != 1 || rows[0].number != 5 || rows[0].area != "67.83" || rows[0].room != "7-1-502" {
		t.Errorf("rows %+v, summary %+v", rows, summary)
	}
	if !slices.Equal(summary.Unknown, []string{"备注"}) {
		t.Errorf("unknown %v", summary.Unknown)
	}
	if len(summary.Tail) != 2 || summary.Tail[0][1] != "67.83" {
		t.Errorf("tail %v", summary.Tail)
	}
}

func TestUnitThatChangesTheSizeIsNotTheColumn(t *testing.T) {
	layout := Layout{Title: "t", Columns: []Column{
		{Key: "a", Header: "金额", Kind: Decimal, Required: true},
		{Key: "p", Header: "单价(元/㎡·月)", Kind: Decimal},
	}}
	for header, want := range map[string]string{
		"金额(元),单价(元/月·㎡)":     "",
		"金额（人民币）,单价（元/平方米·月）": "",
		"金额,单价":        "",
		"金额(万元),单价":    "sheet.missing_columns",
		"金额,单价(元/㎡·年)": "unknown",
	} {
		summary, err := Read(context.Background(), csvOf(header, "1,2"), layout, Limits{}, func(*Row) error { return nil })
		switch {
		case want == "unknown":
			if err != nil || !slices.Equal(summary.Unknown, []string{"单价(元/㎡·年)"}) {
				t.Errorf("%s: %v, %v", header, summary.Unknown, err)
			}
		case want == "" && (err != nil || len(summary.Unknown) > 0):
			t.Errorf("%s: %v %v", header, summary.Unknown, err)
		case want != "" && !isCode(err, want):
			t.Errorf("%s: %v, want %s", header, err, want)
		}
	}
}

func TestSameNameWithTwoUnitsIsTwoColumns(t *testing.T) {
	layout := Layout{Title: "流水", Columns: []Column{
		{Key: "in", Header: "收入", Aliases: []string{"记账金额(收入)"}, Kind: Decimal},
		{Key: "out", Header: "支出", Aliases: []string{"记账金额(支出)"}, Kind: Decimal},
	}}
	_, err := Read(context.Background(), csvOf("记账金额(支出),记账金额(收入)", "1,2"), layout, Limits{}, func(r *Row) error {
		if r.Decimal("in").String() != "2" || r.Decimal("out").String() != "1" {
			t.Errorf("in %s, out %s", r.Decimal("in"), r.Decimal("out"))
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// TestBadCells is the table of faults: what stands in a cell of a CSV and what the user is told.
func TestBadCells(t *testing.T) {
	tests := []struct{ column, value, reason string }{
		{"房号", "", "不能为空"},
		{"房号", "　 ", "不能为空"},
		{"房号", "3.1E+17", "科学计数法"},
		{"房号", "7幢\uFFFD", "认不出的字"},
		{"手机号", "1.38E+10", "科学计数法"},
		{"楼层", "五", "应为数字"},
		{"楼层", "5.5", "应为整数"},
		{"楼层", "99999999999999999999", "数字太大"},
		{"建筑面积(㎡)", "", "不能为空"},
		{"建筑面积(㎡)", "-", "不能为空"},
		{"建筑面积(㎡)", "六十七", "应为数字"},
		{"建筑面积(㎡)", "67,83", "应为数字"},
		{"建筑面积(㎡)", "1,23,456", "应为数字"},
		{"建筑面积(㎡)", "6.783E+1", "科学计数法"},
		{"建筑面积(㎡)", "67.83.1", "应为数字"},
		{"建筑面积(㎡)", "NaN", "应为数字"},
		{"建筑面积(㎡)", "0x10", "应为数字"},
		{"建筑面积(㎡)", "--5", "应为数字"},
		{"建筑面积(㎡)", "67.83㎡", "应为数字"},
		{"建筑面积(㎡)", "123456789012345678901234567890", "应为数字"},
		{"入住日期", "2026-06-31", "没有这一天"},
		{"入住日期", "2026年2月29日", "没有这一天"},
		{"入住日期", "2026-13-01", "没有这一天"},
		{"入住日期", "26-11-24", "应为日期"},
		{"入住日期", "2026-11", "应为日期"},
		{"入住日期", "11/24/2026", "应为日期"},
		{"入住日期", "46350", "应为日期"},
		{"入住日期", "1026-11-24", "1900 至 2100"},
		{"入住日期", "去年", "应为日期"},
		{"起始账期", "2026-13", "没有这个月份"},
		{"起始账期", "2026-07-15", "应为月份"},
		{"起始账期", "7月", "应为月份"},
		{"用途", "别墅", "只能填：住宅、商铺、车库"},
	}
	names := strings.Split(headers, ",")
	for _, test := range tests {
		t.Run(test.column+" "+test.value, func(t *testing.T) {
			cells := strings.Split(goodLine, ",")
			place := slices.Index(names, test.column)
			cells[place] = `"` + test.value + `"`
			rows, summary := mustRead(t, csvOf(headers, goodLine, strings.Join(cells, ",")))
			if len(rows) != 2 || len(rows[0].bad) != 0 || len(rows[1].bad) != 1 {
				t.Fatalf("rows %+v", rows)
			}
			bad := rows[1].bad[0]
			if bad.Row != 3 || bad.Header != test.column || bad.Value != trim(test.value) || !strings.Contains(bad.Reason, test.reason) {
				t.Errorf("got %+v", bad)
			}
			if summary.Rows != 2 || summary.BadRows != 1 || summary.BadCells != 1 {
				t.Errorf("summary %+v", summary)
			}
			told, ok := fault.As(summary.Err())
			if !ok || told.Code != "sheet.bad_cells" || len(told.Details) != 1 || told.Details[0].Row != 3 {
				t.Errorf("error %+v", summary.Err())
			}
		})
	}
}

// TestGoodCells holds what people and banks write and what it means.
func TestGoodCells(t *testing.T) {
	tests := []struct{ column, value, want string }{
		{"建筑面积(㎡)", "1,234.50", "1234.5"},
		{"建筑面积(㎡)", "¥36.23", "36.23"},
		{"建筑面积(㎡)", "-￥1,000.00", "-1000"},
		{"建筑面积(㎡)", "36.23元", "36.23"},
		{"建筑面积(㎡)", "+10000.00", "10000"},
		{"建筑面积(㎡)", "６７．８３", "67.83"},
		{"建筑面积(㎡)", "−5", "-5"},
		{"建筑面积(㎡)", "`0.00000", "0"},
		{"建筑面积(㎡)", "13.40               \t", "13.4"},
		{"建筑面积(㎡)", "67.829999999999998", "67.829999999999998"}, // text is taken as written
		{"建筑面积(㎡)", "6%", "0.06"},
		{"楼层", "1,000", "1000"},
		{"楼层", "-1", "-1"},
		{"楼层", "5.00", "5"},
		{"楼层", "/", "0"},
		{"入住日期", "2026年11月24日", "2026-11-24"},
		{"入住日期", "2026.1.2", "2026-01-02"},
		{"入住日期", "20261124", "2026-11-24"},
		{"入住日期", "2026-11-24 17:07:09", "2026-11-24"},
		{"入住日期", "20261124 17:07:09", "2026-11-24"},
		{"入住日期", "2026-11-24T00:00:00", "2026-11-24"},
		{"入住日期", "2026 年 11 月 24 日", "2026-11-24"},
		{"入住日期", "2024-02-29", "2024-02-29"},
		{"起始账期", "2026/7", "2026-07"},
		{"起始账期", "202607", "2026-07"},
		{"起始账期", "2026 年 07 月", "2026-07"},
		{"用途", " 住 宅 ", "residential"},
		{"房号", "`7-1-502\t", "7-1-502"},
		{"房号", "'=7", "=7"},
		{"房号", "7幢\n502", "7幢 502"},
		{"房号", "1E5", "1E5"},
		{"房号", "7幢\"甲\"502", "7幢\"甲\"502"},
	}
	names := strings.Split(headers, ",")
	for _, test := range tests {
		t.Run(test.column+" "+test.value, func(t *testing.T) {
			cells := strings.Split(goodLine, ",")
			place := slices.Index(names, test.column)
			cells[place] = `"` + strings.ReplaceAll(test.value, `"`, `""`) + `"`
			rows, _ := mustRead(t, csvOf(headers, strings.Join(cells, ",")))
			if len(rows) != 1 || len(rows[0].bad) > 0 {
				t.Fatalf("rows %+v", rows)
			}
			g := rows[0]
			values := []string{g.room, g.owner, g.phone, fmt.Sprint(g.floor), g.area, g.entry, g.from, g.use}
			if values[place] != test.want {
				t.Errorf("got %q, want %q", values[place], test.want)
			}
		})
	}
}
