package sheet

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"estateledger/fault"
)

var (
	utf8BOM = []byte{0xEF, 0xBB, 0xBF}
	utf16LE = []byte{0xFF, 0xFE}
	utf16BE = []byte{0xFE, 0xFF}
)

// Names of encodings as Summary.Encoding has them.
const (
	encodingUTF8    = "UTF-8"
	encodingGB18030 = "GB18030"
	encodingUTF16   = "UTF-16"
)

// csvRows reads a text file with separated values.
type csvRows struct {
	records  records
	cells    []cell
	extra    int // line breaks inside earlier cells: the user's program shows such a line as one row
	encoding string
}

// records hands over the values of one line after the other, with the number of the text line it begins on.
type records interface {
	read() (line int, fields []string, err error)
}

type strictRecords struct{ *csv.Reader }

func (s strictRecords) read() (int, []string, error) {
	fields, err := s.Read()
	if err != nil {
		return 0, nil, err
	}
	line, _ := s.FieldPos(0)
	return line, fields, nil
}

func openCSV(src Source) (*csvRows, error) {
	encoding, skip, err := detectEncoding(src)
	if err != nil {
		return nil, err
	}
	text, comma, err := openText(src, encoding, skip)
	if err != nil {
		return nil, err
	}
	// Only a file that keeps the rules for quotes to its end may have values of several lines: elsewhere one of
	// them could be a stray quote that swallows the rest of the file.
	strict := newStrict(text, comma)
	for err == nil {
		_, err = strict.Read()
	}
	keepsRules := err == io.EOF
	if text, comma, err = openText(src, encoding, skip); err != nil {
		return nil, err
	}
	rows := &csvRows{encoding: encoding, records: newStrict(text, comma)}
	if !keepsRules {
		rows.records = newLenient(text, comma)
	}
	return rows, nil
}

func newStrict(text io.Reader, comma rune) strictRecords {
	reader := csv.NewReader(text)
	reader.Comma = comma
	reader.FieldsPerRecord = -1
	reader.ReuseRecord = true
	return strictRecords{reader}
}

// openText decodes the file from its beginning and guesses what separates its values.
func openText(src Source, encoding string, skip int64) (*bufio.Reader, rune, error) {
	var text io.Reader = io.NewSectionReader(src, skip, src.Size-skip)
	switch encoding {
	case encodingGB18030:
		text = transform.NewReader(text, simplifiedchinese.GB18030.NewDecoder())
	case encodingUTF16:
		text = transform.NewReader(text, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder())
	}
	buffered := bufio.NewReaderSize(text, 64<<10)
	head, err := buffered.Peek(32 << 10)
	if err != nil && err != io.EOF {
		return nil, 0, err
	}
	return buffered, separator(head), nil
}

// detectEncoding reads the file once: what is valid UTF-8 to the end is UTF-8, anything else is GB18030, which
// Chinese Excel and banks write.
func detectEncoding(src Source) (encoding string, skip int64, err error) {
	head := make([]byte, 3)
	n, err := src.ReadAt(head, 0)
	if err != nil && err != io.EOF {
		return "", 0, err
	}
	head = head[:n]
	switch {
	case bytes.HasPrefix(head, utf16LE), bytes.HasPrefix(head, utf16BE):
		return encodingUTF16, 0, nil
	case bytes.HasPrefix(head, utf8BOM):
		skip = 3
	}
	valid, err := validUTF8(io.NewSectionReader(src, skip, src.Size-skip))
	switch {
	case err != nil:
		return "", 0, err
	case valid:
		return encodingUTF8, skip, nil
	case skip > 0:
		return "", 0, fault.Invalid("sheet.bad_encoding", "文件开头标明是 UTF-8，里面却有别的编码的字，请用 Excel 打开后另存为 .xlsx 再上传")
	}
	return encodingGB18030, 0, nil
}

func validUTF8(r io.Reader) (bool, error) {
	buffer := make([]byte, 64<<10)
	kept := 0
	for {
		n, err := io.ReadFull(r, buffer[kept:])
		n += kept
		last := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
		if err != nil && !last {
			return false, err
		}
		end := n
		if !last {
			// The last character may go on in the next piece.
			for end = n - 1; end > n-utf8.UTFMax && !utf8.RuneStart(buffer[end]); end-- {
			}
		}
		if !utf8.Valid(buffer[:end]) {
			return false, nil
		}
		if last {
			return true, nil
		}
		kept = copy(buffer, buffer[end:n])
	}
}

// separator is the one of comma, tab and semicolon that separates most lines of the beginning into the most
// values.
func separator(head []byte) rune {
	best, most := ',', 0
	for _, candidate := range []rune{',', '\t', ';'} {
		count := 0
		for line := range strings.Lines(string(head)) {
			count += min(strings.Count(line, string(candidate)), 100)
		}
		if count > most {
			best, most = candidate, count
		}
	}
	return best
}

func (c *csvRows) next() (int, []cell, error) {
	line, fields, err := c.records.read()
	if err != nil {
		return 0, nil, err
	}
	number := line - c.extra
	c.cells = c.cells[:0]
	for _, field := range fields {
		if len(field) > maxCellText*utf8.UTFMax || strings.IndexByte(field, 0) >= 0 {
			return 0, nil, brokenCSV(number)
		}
		c.extra += strings.Count(field, "\n")
		c.cells = append(c.cells, cell{text: unguard(field)})
	}
	return number, c.cells, nil
}

func brokenCSV(number int) error {
	return fault.Invalid("sheet.broken_csv", fmt.Sprintf("第 %d 行读不下去：可能有一个双引号没有成对，或文件不是文本", number))
}

// unguard takes away what is put before a value so that a spreadsheet program leaves it alone: the backtick of
// WeChat's bills, the apostrophe of our own exports.
func unguard(field string) string {
	if len(field) > 0 && field[0] == '`' {
		return field[1:]
	}
	if len(field) > 1 && field[0] == '\'' && startsFormula(field[1:]) {
		return field[1:]
	}
	return field
}

// maxCellText is how many characters a cell of a spreadsheet may have.
const maxCellText = 32767
