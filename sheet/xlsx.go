package sheet

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"strings"

	"estateledger/fault"
)

// The reader is our own and not excelize's, because excelize's streaming reader tells neither whether a cell is
// text, number or date nor that a worksheet ends in the middle, unpacks every part before it gives the first row
// and is several times slower. What is written is written by excelize.

// workbook is an opened xlsx file.
type workbook struct {
	parts    map[string]*zip.File
	budget   int64 // bytes that may still be unpacked
	limit    int64
	sheets   []worksheetRef
	date1904 bool
	texts    []string
	looks    []look // per cell style
}

type worksheetRef struct {
	name, part string
	hidden     bool
}

func openWorkbook(src Source, limits Limits) (*workbook, error) {
	archive, err := zip.NewReader(src, src.Size)
	if err != nil {
		return nil, brokenXLSX(err)
	}
	w := &workbook{parts: make(map[string]*zip.File, len(archive.File)), budget: limits.MaxUnpacked, limit: limits.MaxUnpacked}
	for _, part := range archive.File {
		w.parts[strings.ToLower(strings.TrimPrefix(part.Name, "/"))] = part
	}
	main, err := w.mainPart()
	if err != nil {
		return nil, err
	}
	if err := w.readWorkbook(main); err != nil {
		return nil, err
	}
	return w, nil
}

func brokenXLSX(cause error) error {
	return fault.Invalid("sheet.broken_xlsx", "Excel 文件不完整或已损坏（可能没有传完），请用 Excel 或 WPS 打开确认后重新保存再上传").Because(cause)
}

// mainPart finds the workbook itself and refuses other kinds of files that are zip archives too.
func (w *workbook) mainPart() (string, error) {
	switch {
	case w.parts["xl/workbook.xml"] != nil:
		return "xl/workbook.xml", nil
	case w.parts["xl/workbook.bin"] != nil:
		return "", fault.Unsupported("sheet.not_a_spreadsheet", "这是二进制 Excel 文件（.xlsb），请另存为 .xlsx 后再上传")
	case w.parts["word/document.xml"] != nil:
		return "", fault.Unsupported("sheet.not_a_spreadsheet", "这是 Word 文档，不是表格，请上传 .xlsx 或 .csv 文件")
	}
	var found string
	err := w.each("_rels/.rels", func(e xml.StartElement, _ *partReader) error {
		if e.Name.Local == "Relationship" && strings.HasSuffix(attr(e, "Type"), "/officeDocument") {
			found = strings.ToLower(strings.TrimPrefix(attr(e, "Target"), "/"))
		}
		return nil
	})
	if err != nil && !errors.Is(err, errNoPart) {
		return "", err
	}
	if part := w.parts[found]; part == nil || !strings.HasPrefix(found, "xl/") {
		return "", fault.Unsupported("sheet.not_a_spreadsheet", "这是压缩包，不是 Excel 文件，请上传 .xlsx 或 .csv 文件")
	}
	return found, nil
}

// readWorkbook reads everything but the rows: names of worksheets, texts, styles.
func (w *workbook) readWorkbook(main string) error {
	dir := path.Dir(main)
	targets := map[string]string{}
	var texts, styles string
	err := w.each(dir+"/_rels/"+path.Base(main)+".rels", func(e xml.StartElement, _ *partReader) error {
		if e.Name.Local != "Relationship" {
			return nil
		}
		part := strings.ToLower(attr(e, "Target"))
		if strings.HasPrefix(part, "/") {
			part = part[1:]
		} else {
			part = path.Join(dir, part)
		}
		targets[attr(e, "Id")] = part
		switch kind := attr(e, "Type"); {
		case strings.HasSuffix(kind, "/sharedStrings"):
			texts = part
		case strings.HasSuffix(kind, "/styles"):
			styles = part
		}
		return nil
	})
	if err != nil {
		return brokenXLSX(err)
	}
	err = w.each(main, func(e xml.StartElement, _ *partReader) error {
		switch e.Name.Local {
		case "workbookPr":
			v := attr(e, "date1904")
			w.date1904 = v == "1" || v == "true"
		case "sheet":
			part := targets[attr(e, "id")]
			state := attr(e, "state")
			if strings.Contains(part, "/worksheets/") || w.parts[part] != nil {
				w.sheets = append(w.sheets, worksheetRef{attr(e, "name"), part, state != "" && state != "visible"})
			}
		}
		return nil
	})
	if err != nil {
		return brokenIfPlain(err)
	}
	if err := w.readStyles(styles); err != nil {
		return brokenIfPlain(err)
	}
	return brokenIfPlain(w.readTexts(texts))
}

var errNoPart = errors.New("the archive lacks a part")

// brokenIfPlain turns an error of the archive or its XML into what the user is told; errors that already say it
// stay as they are.
func brokenIfPlain(err error) error {
	if err == nil {
		return nil
	}
	if _, told := fault.As(err); told {
		return err
	}
	return brokenXLSX(err)
}

// each calls visit for every element of a part.
func (w *workbook) each(name string, visit func(xml.StartElement, *partReader) error) error {
	part, err := w.open(name)
	if err != nil {
		return err
	}
	defer part.Close()
	for {
		token, err := part.RawToken()
		if err == io.EOF {
			return part.whole()
		}
		if err != nil {
			return err
		}
		if start, ok := token.(xml.StartElement); ok {
			if err := visit(start, part); err != nil {
				return err
			}
		}
	}
}

func attr(e xml.StartElement, local string) string {
	for _, a := range e.Attr {
		if a.Name.Local == local {
			return a.Value
		}
	}
	return ""
}

// readTexts reads the workbook's table of texts. It is held in memory: cells refer to it by number.
func (w *workbook) readTexts(name string) error {
	if w.parts[name] == nil {
		return nil
	}
	var held int64
	return w.each(name, func(e xml.StartElement, part *partReader) error {
		if e.Name.Local != "si" {
			return nil
		}
		text, err := part.text("si")
		if err != nil {
			return err
		}
		if held += int64(len(text)) + 16; held > maxTexts {
			return fault.TooLarge("sheet.too_large", "表格里的文字太多，请分成几个文件上传")
		}
		w.texts = append(w.texts, text)
		return nil
	})
}

// maxTexts bounds the memory that the texts of one file may take.
const maxTexts = 256 << 20
