package paper

import (
	"bytes"
	"errors"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"estateledger/fault"
)

// rare holds the characters that names and amounts need and fonts lack: two of them beyond U+FFFF.
const rare = "𬱖 𫖯 㛃 䶮 ㎡ ￥ ¥ − ① √ ‰ × 〇 ·"

func receipt(name string) Document {
	return Document{
		Size:   A5Landscape,
		Footer: "本收据不作发票使用。查询电话 021-5500 0000",
		Blocks: []Block{
			Heading{"收 据"},
			Line{"编号 AH-01-2026-004817", "2026-06-20"},
			Line{"安和一村 7幢1单元502室", name},
			Line{"企业账", "72.46 ㎡"},
			Table{
				Columns: []Column{{Header: "项目"}, {Header: "账期"}, {Header: "单价", Right: true}, {Header: "金额，元", Right: true}},
				Rows:    [][]string{{"物业费", "2025-11 至 2026-06", "0.50", "289.84"}, {"停车费 B-037", "2026-06 部分", "70.00", "10.16"}},
				Total:   []string{"合计", "", "", "￥300.00"},
				Closing: []string{"人民币（大写） 叁佰元整"},
			},
			Line{"现金 · 收款人 沈晓雯", "物业费已缴清"},
			Signatures{[]string{"经办人", "财务", "客户确认"}},
			QR{Content: "https://example.invalid/r/AH-01-2026-004817", Millimetres: 20, Caption: "扫码核对收据"},
		},
	}
}

func longTable(rows int) Document {
	t := Table{Columns: []Column{{Header: "房号"}, {Header: "业主"}, {Header: "欠费起止"}, {Header: "备注"}, {Header: "欠费（元）", Right: true}}, Total: []string{"合计", "", "", "", "1,234,567.89"}}
	for range rows {
		t.Rows = append(t.Rows, []string{"7幢1单元502", "顾秀英", "2025-11 至 2026-06", "已上门两次，家中无人；电话联系后答应月底前到柜台缴清，另请核对去年多收的部分", "−1,234.50"})
	}
	return Document{Footer: "柳塘街道 安和一村 欠费明细", Blocks: []Block{
		Heading{"欠费明细表"}, Section{"一、住宅"},
		Fields{Columns: 2, Fields: []Field{{"小区", "安和一村"}, {"制表日期", "2026-06-20"}, {"地址", "柳塘街道平安路一百二十八弄一号至九十九号（含商铺、车库、会所等配套用房）"}, {"户数", "486"}}},
		Paragraph{Text: "以下各户截至制表日期尚未缴清物业费。\n请于收到后七日内缴纳；有异议的，请带上缴费凭证到服务中心核对。"},
		t,
		Paragraph{Text: "注：负数为预存抵扣。", Small: true},
	}}
}

func render(t *testing.T, documents ...Document) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := Write(&out, "测试", documents...); err != nil {
		t.Fatal(err)
	}
	// PAPER_OUT=folder keeps what the tests print, to look at.
	if folder := os.Getenv("PAPER_OUT"); folder != "" {
		name := strings.NewReplacer("/", "-", " ", "-").Replace(t.Name())
		if err := os.WriteFile(filepath.Join(folder, name+".pdf"), out.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return out.Bytes()
}

var pageObject = regexp.MustCompile(`/Type /Page\s`)

// text is the text of the pages as a reader's program takes it out; empty where no such program is installed.
func text(t *testing.T, pdf []byte) (string, bool) {
	t.Helper()
	if _, err := exec.LookPath("pdftotext"); err != nil {
		return "", false
	}
	file := filepath.Join(t.TempDir(), "a.pdf")
	if err := os.WriteFile(file, pdf, 0o644); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("pdftotext", "-layout", file, "-").CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return string(out), true
}

func TestReceipt(t *testing.T) {
	pdf := render(t, receipt("顾秀英"))
	if n := len(pageObject.FindAll(pdf, -1)); n != 1 {
		t.Errorf("%d pages, want 1", n)
	}
	if len(pdf) > 200_000 {
		t.Errorf("%d bytes: the whole font went in", len(pdf))
	}
	if shown, ok := text(t, pdf); ok {
		for _, want := range []string{"收据", "AH-01-2026-004817", "顾秀英", "72.46 ㎡", "289.84", "￥300.00", "叁佰元整", "客户确认：", "第 1 页，共 1 页", "不作发票使用", "扫码核对收据"} {
			if !strings.Contains(strings.ReplaceAll(shown, " ", ""), strings.ReplaceAll(want, " ", "")) {
				t.Errorf("%q is not on the receipt:\n%s", want, shown)
			}
		}
	}
}

func TestRareCharactersAreDrawn(t *testing.T) {
	plain := render(t, Document{Blocks: []Block{Paragraph{Text: "顾"}}})
	pdf := render(t, Document{Blocks: []Block{Paragraph{Text: rare}}})
	if len(pdf) < len(plain)+1000 {
		t.Errorf("%d bytes with, %d without rare characters: their shapes are not there", len(pdf), len(plain))
	}
	g, err := newGlyphs()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rare {
		if g.advance(r); r > 0x3000 && g.widths[r] != 1 {
			t.Errorf("%c is %v wide", r, g.widths[r])
		}
	}
	if g.err() != nil {
		t.Error(g.err())
	}
}

func TestCharacterThatTheFontLacksIsNamed(t *testing.T) {
	blocks := map[string]Block{
		"heading":    Heading{"😀"},
		"section":    Section{"😀"},
		"line":       Line{"a", "😀"},
		"fields":     Fields{Fields: []Field{{"业主", "王😀"}}},
		"paragraph":  Paragraph{Text: "x😀"},
		"header":     Table{Columns: []Column{{Header: "😀"}}},
		"cell":       Table{Columns: []Column{{Header: "a"}}, Rows: [][]string{{"😀"}}},
		"total":      Table{Columns: []Column{{Header: "a"}}, Total: []string{"😀"}},
		"closing":    Table{Columns: []Column{{Header: "a"}}, Closing: []string{"😀"}},
		"caption":    QR{Content: "a", Caption: "😀"},
		"signatures": Signatures{[]string{"😀"}},
	}
	documents := map[string]Document{"footer": {Footer: "😀"}, "stamp": {Stamp: "😀"}}
	for name, block := range blocks {
		documents[name] = Document{Blocks: []Block{block}}
	}
	for name, document := range documents {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			err := Write(&out, "t", receipt("顾秀英"), document)
			told, ok := fault.As(err)
			if !ok || told.Code != "paper.glyph_missing" || !strings.Contains(told.Message, "“😀”（U+1F600）") {
				t.Errorf("got %v", err)
			}
			if out.Len() > 0 {
				t.Error("something was written")
			}
		})
	}
	for _, r := range "\uE000\U00020000\uFFFF\u0007" {
		if err := Write(&bytes.Buffer{}, "t", Document{Blocks: []Block{Paragraph{Text: string(r)}}}); fault.Code(err) != "paper.glyph_missing" {
			t.Errorf("U+%04X: %v", r, err)
		}
	}
}

func TestCharactersThatWereNotLookedUpAreNotDropped(t *testing.T) {
	g, err := newGlyphs()
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if r := recover(); r != unchecked('😀') {
			t.Errorf("recovered %v", r)
		}
	}()
	pdf := newPDF("t")
	if err := pdf.AddTTFFontFromFontContainer(fontFamily, g.font.container); err != nil {
		t.Fatal(err)
	}
	draw(pdf, &Document{}, []*page{{texts: []textMark{{text: "😀", size: 10}}}})
	t.Error("the character was dropped in silence")
}

func TestLongTableRepeatsItsHead(t *testing.T) {
	pdf := render(t, longTable(60))
	pages := len(pageObject.FindAll(pdf, -1))
	if pages < 3 {
		t.Fatalf("%d pages", pages)
	}
	shown, ok := text(t, pdf)
	if !ok {
		return
	}
	for name, want := range map[string]int{"欠费（元）": pages, "−1,234.50": 60, "1,234,567.89": 1, "家中无人": 60} {
		if n := strings.Count(shown, name); n != want {
			t.Errorf("%s stands there %d times, want %d", name, n, want)
		}
	}
	for i, sheet := range strings.Split(strings.TrimSuffix(shown, "\f"), "\f") {
		if !strings.Contains(sheet, pageNumber(i+1, pages)) {
			t.Errorf("page %d has no number", i+1)
		}
	}
}

func TestRowHigherThanAPageGoesOn(t *testing.T) {
	long := strings.Repeat("逾期说明，", 2000)
	pdf := render(t, Document{Size: A5, Stamp: "作废", Blocks: []Block{Table{Columns: []Column{{Header: "序"}, {Header: "说\n明"}}, Rows: [][]string{{"1", long}, {"2", "完"}}}}})
	if shown, ok := text(t, pdf); ok {
		if n := strings.Count(strings.Join(strings.Fields(shown), ""), "逾期"); n < 1990 || n > 2000 {
			t.Errorf("%d of 2000 on paper", n)
		}
		if !strings.Contains(shown, "完") || !strings.Contains(shown, "作废") {
			t.Error("the row behind or the stamp is missing")
		}
	}
}

func TestDocumentsCountTheirOwnPages(t *testing.T) {
	pdf := render(t, receipt("甲"), longTable(40), receipt("乙"))
	if shown, ok := text(t, pdf); ok {
		if strings.Count(shown, "第 1 页，共 1 页") != 2 || !strings.Contains(shown, "第 4 页，共 4 页") {
			t.Errorf("page numbers:\n%v", regexp.MustCompile(`第 \d+ 页，共 \d+ 页`).FindAllString(shown, -1))
		}
	}
}

func TestManyReceiptsInOneFile(t *testing.T) {
	const count = 500
	documents := make([]Document, count)
	for i := range documents {
		documents[i] = receipt("顾秀英")
	}
	pdf := render(t, documents...)
	if n := len(pageObject.FindAll(pdf, -1)); n != count {
		t.Errorf("%d pages", n)
	}
	if len(pdf) > count*10_000 {
		t.Errorf("%d bytes: every receipt has a font of its own", len(pdf))
	}
}

func TestSameDocumentSameBytesAlsoAtTheSameTime(t *testing.T) {
	want := render(t, receipt(rare))
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			var out bytes.Buffer
			if err := Write(&out, "测试", receipt(rare)); err != nil || !bytes.Equal(out.Bytes(), want) {
				t.Errorf("%v, or other bytes", err)
			}
		})
	}
	wait.Wait()
}

func TestWrap(t *testing.T) {
	g, err := newGlyphs()
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		text  string
		width float64 // in characters
		want  []string
	}{
		{"物业服务费", 3, []string{"物业服", "务费"}},
		{"已缴清，谢谢", 3, []string{"已缴", "清，谢", "谢"}},
		{"（大写）叁佰", 4.5, []string{"（大写）", "叁佰"}},
		{"共欠￥1,234.50元", 7, []string{"共欠", "￥1,234.50元"}},
		{"pay 1234 now", 5, []string{"pay 1234", "now"}},
		{"310102199001011234", 4, nil}, // too wide for any line: cut
		{"甲\n\n乙", 9, []string{"甲", "", "乙"}},
		{"甲\u200B乙\t丙\r", 9, []string{"甲乙 丙"}},
		{"", 3, []string{""}},
	} {
		got := g.wrap(test.text, 10, test.width*10)
		if test.want == nil {
			if len(got) < 2 || strings.Join(got, "") != test.text {
				t.Errorf("%q became %q", test.text, got)
			}
			continue
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%q became %q, want %q", test.text, got, test.want)
		}
	}
}

func TestShareOfColumns(t *testing.T) {
	for _, test := range []struct{ needs, want []float64 }{
		{[]float64{10, 30}, []float64{25, 75}},
		{[]float64{10, 300}, []float64{10, 90}},
		{[]float64{10, 300, 40}, []float64{10, 50, 40}},
		{[]float64{200, 300}, []float64{50, 50}},
	} {
		if got := share(test.needs, 100); !slices.Equal(got, test.want) {
			t.Errorf("%v became %v, want %v", test.needs, got, test.want)
		}
	}
}

func TestMistakesOfTheProgram(t *testing.T) {
	for name, document := range map[string]Document{
		"row too short":  {Blocks: []Block{Table{Columns: []Column{{Header: "a"}, {Header: "b"}}, Rows: [][]string{{"1"}}}}},
		"total too long": {Blocks: []Block{Table{Columns: []Column{{Header: "a"}}, Total: []string{"1", "2"}}}},
		"no columns":     {Blocks: []Block{Table{}}},
	} {
		if err := Write(&bytes.Buffer{}, "t", document); err == nil {
			t.Errorf("%s was printed", name)
		}
	}
	if err := Write(&bytes.Buffer{}, "t"); err == nil {
		t.Error("nothing was printed")
	}
}

func TestQR(t *testing.T) {
	content, err := QRPNG("https://example.invalid/户/1", 240)
	if err != nil {
		t.Fatal(err)
	}
	picture, err := png.Decode(bytes.NewReader(content))
	if err != nil || picture.Bounds().Dx() != 240 {
		t.Fatalf("%v, %v", picture, err)
	}
	too := strings.Repeat("长", 2000)
	if _, err := QRPNG(too, 240); fault.Code(err) != "paper.qr_too_long" {
		t.Error(err)
	}
	err = Write(&bytes.Buffer{}, "t", Document{Blocks: []Block{QR{Content: too}}})
	if !errors.Is(err, fault.Invalid("paper.qr_too_long", "")) {
		t.Error(err)
	}
}

func TestFontLicenceGoesWithTheFont(t *testing.T) {
	if !strings.Contains(FontLicence(), "SIL OPEN FONT LICENSE") {
		t.Errorf("licence %.80q", FontLicence())
	}
}
