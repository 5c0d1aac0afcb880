package sheet

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"

	"estateledger/fault"
)

// Source is a file to read: an upload kept on disk, or bytes.
type Source struct {
	io.ReaderAt
	// Size is the file's length in bytes.
	Size int64
	// Name is the file's name as the user knows it, for messages.
	Name string
}

// Bytes is a Source of bytes in memory.
func Bytes(name string, content []byte) Source {
	return Source{ReaderAt: bytes.NewReader(content), Size: int64(len(content)), Name: name}
}

// OpenFile is a Source of a file on disk, to be closed by the caller.
func OpenFile(path string) (Source, io.Closer, error) {
	file, err := os.Open(path)
	if err != nil {
		return Source{}, nil, err
	}
	info, err := file.Stat()
	if err != nil {
		file.Close()
		return Source{}, nil, err
	}
	return Source{ReaderAt: file, Size: info.Size(), Name: filepath.Base(path)}, file, nil
}

// Limits bound what a file may ask of the machine. A zero field takes the value of DefaultLimits.
type Limits struct {
	// MaxBytes is the largest file.
	MaxBytes int64
	// MaxUnpacked is how far an xlsx may grow when it is unpacked.
	MaxUnpacked int64
	// MaxRows is the largest number of data rows, blank ones included.
	MaxRows int
	// MaxBadCells is how many bad cells Summary lists; all of them are counted.
	MaxBadCells int
}

// DefaultLimits admit a year of bank statements or the register of a whole district.
var DefaultLimits = Limits{MaxBytes: 128 << 20, MaxUnpacked: 1 << 30, MaxRows: 600_000, MaxBadCells: 200}

func (l Limits) orDefault() Limits {
	if l.MaxBytes == 0 {
		l.MaxBytes = DefaultLimits.MaxBytes
	}
	if l.MaxUnpacked == 0 {
		l.MaxUnpacked = DefaultLimits.MaxUnpacked
	}
	if l.MaxRows == 0 {
		l.MaxRows = DefaultLimits.MaxRows
	}
	if l.MaxBadCells == 0 {
		l.MaxBadCells = DefaultLimits.MaxBadCells
	}
	return l
}

type format int

const (
	formatCSV format = iota
	formatXLSX
)

// foreign are kinds of files that people upload by mistake, known by their first bytes.
var foreign = []struct{ magic, code, message string }{
	{"\xD0\xCF\x11\xE0", "sheet.old_xls", "这是旧版 Excel（.xls、WPS 的 .et）或加了密码的文件，请另存为 .xlsx（不加密码）后再上传"},
	{"\x89PNG", "sheet.not_a_spreadsheet", "这是一张图片，不是表格，请上传 .xlsx 或 .csv 文件"},
	{"\xFF\xD8\xFF", "sheet.not_a_spreadsheet", "这是一张图片，不是表格，请上传 .xlsx 或 .csv 文件"},
	{"GIF8", "sheet.not_a_spreadsheet", "这是一张图片，不是表格，请上传 .xlsx 或 .csv 文件"},
	{"BM", "sheet.not_a_spreadsheet", "这是一张图片，不是表格，请上传 .xlsx 或 .csv 文件"},
	{"%PDF", "sheet.not_a_spreadsheet", "这是 PDF 文件，不是表格，请上传 .xlsx 或 .csv 文件"},
	{"Rar!", "sheet.not_a_spreadsheet", "这是压缩包，请解压后上传里面的 .xlsx 或 .csv 文件"},
	{"7z\xBC\xAF", "sheet.not_a_spreadsheet", "这是压缩包，请解压后上传里面的 .xlsx 或 .csv 文件"},
	{"\x1F\x8B", "sheet.not_a_spreadsheet", "这是压缩包，请解压后上传里面的 .xlsx 或 .csv 文件"},
}

// sniff tells from a file's content, not from its name, what it is.
func sniff(src Source, limits Limits) (format, error) {
	if src.Size > limits.MaxBytes {
		return 0, fault.TooLarge("sheet.too_large", "文件“"+src.Name+"”有 "+megabytes(src.Size)+"，最大 "+megabytes(limits.MaxBytes)+"，请分成几个文件上传")
	}
	head := make([]byte, 2048)
	n, err := src.ReadAt(head, 0)
	if err != nil && err != io.EOF {
		return 0, err
	}
	head = head[:n]
	if len(bytes.TrimSpace(bytes.TrimPrefix(head, utf8BOM))) == 0 {
		return 0, fault.Invalid("sheet.empty", "文件“"+src.Name+"”是空的")
	}
	if bytes.HasPrefix(head, []byte("PK\x03\x04")) || bytes.HasPrefix(head, []byte("PK\x05\x06")) {
		return formatXLSX, nil
	}
	if err := refuseForeign(head); err != nil {
		return 0, err
	}
	return formatCSV, nil
}

func refuseForeign(head []byte) error {
	utf16 := bytes.HasPrefix(head, utf16LE) || bytes.HasPrefix(head, utf16BE)
	for _, kind := range foreign {
		// "BM" may begin a text; a picture holds zero bytes.
		if bytes.HasPrefix(head, []byte(kind.magic)) && (len(kind.magic) > 2 || bytes.IndexByte(head, 0) >= 0) {
			return fault.Unsupported(kind.code, kind.message)
		}
	}
	if bytes.IndexByte(head, 0) >= 0 && !utf16 {
		return fault.Unsupported("sheet.not_a_spreadsheet", "这不是表格文件，请上传 .xlsx 或 .csv 文件")
	}
	text := strings.ToLower(string(bytes.TrimSpace(bytes.TrimPrefix(head, utf8BOM))))
	if strings.HasPrefix(text, "<") {
		return fault.Unsupported("sheet.html_table", "这是网页格式的文件（有些系统导出的“Excel”其实是网页），请用 Excel 或 WPS 打开后另存为 .xlsx 再上传")
	}
	if strings.HasPrefix(text, "{\\rtf") {
		return fault.Unsupported("sheet.not_a_spreadsheet", "这是文档，不是表格，请上传 .xlsx 或 .csv 文件")
	}
	return nil
}
