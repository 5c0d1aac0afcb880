package sheet

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"strconv"
	"strings"

	"estateledger/fault"
)

// partReader reads the XML of one part of the archive, token by token.
type partReader struct {
	*xml.Decoder
	guard *guardedReader
	file  io.Closer
	depth int
}

func (w *workbook) open(name string) (*partReader, error) {
	part := w.parts[name]
	if part == nil {
		return nil, errNoPart
	}
	file, err := part.Open()
	if err != nil {
		return nil, err
	}
	guard := &guardedReader{Reader: file, workbook: w, part: part}
	decoder := xml.NewDecoder(guard)
	return &partReader{Decoder: decoder, guard: guard, file: file}, nil
}

// RawToken is the decoder's, and counts open elements, which the decoder's own does not.
func (p *partReader) RawToken() (xml.Token, error) {
	token, err := p.Decoder.RawToken()
	switch token.(type) {
	case xml.StartElement:
		p.depth++
	case xml.EndElement:
		p.depth--
	}
	return token, err
}

// whole tells whether every element was closed when the part ended.
func (p *partReader) whole() error {
	if p.depth != 0 {
		return io.ErrUnexpectedEOF
	}
	return nil
}

func (p *partReader) Close() { p.file.Close() }

// guardedReader bounds what an archive may unpack to, and how long one piece of XML may be: the decoder holds a
// piece in memory.
type guardedReader struct {
	io.Reader
	workbook *workbook
	part     *zip.File
	piece    int
}

// maxPiece is far above a cell's 32,767 characters.
const maxPiece = 1 << 20

func (g *guardedReader) Read(p []byte) (int, error) {
	n, err := g.Reader.Read(p)
	if g.workbook.budget -= int64(n); g.workbook.budget < 0 {
		return 0, fault.TooLarge("sheet.too_large", "文件解压后超过 "+megabytes(g.workbook.limit)+"，请分成几个文件上传")
	}
	if last := bytes.LastIndexByte(p[:n], '<'); last >= 0 {
		g.piece = n - last
	} else if g.piece += n; g.piece > maxPiece {
		return 0, errors.New("one piece of XML is longer than any cell")
	}
	return n, err
}

func megabytes(n int64) string {
	if n < 1<<20 {
		return strconv.FormatInt(n/1024, 10) + " KB"
	}
	return strconv.FormatInt((n+1<<19)>>20, 10) + " MB"
}

// text joins the texts inside the element that has just begun, up to its end. Phonetic guides (rPh) are no part
// of the text.
func (p *partReader) text(element string) (string, error) {
	var one string
	var joined strings.Builder
	count, inside, phonetic := 0, false, 0
	for {
		token, err := p.RawToken()
		if err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		if err != nil {
			return "", err
		}
		switch token := token.(type) {
		case xml.StartElement:
			inside = token.Name.Local == "t"
			if token.Name.Local == "rPh" {
				phonetic++
			}
		case xml.CharData:
			if !inside || phonetic > 0 {
				continue
			}
			if count++; count == 1 {
				one = string(token)
				continue
			}
			if count == 2 {
				joined.WriteString(one)
			}
			joined.Write(token)
		case xml.EndElement:
			inside = false
			if token.Name.Local == "rPh" {
				phonetic--
			}
			if token.Name.Local == element {
				if count > 1 {
					one = joined.String()
				}
				return unescape(one), nil
			}
		}
	}
}

var escapedChar = regexp.MustCompile(`_x[0-9A-Fa-f]{4}_`)

// unescape undoes the file format's way to write characters that XML does not allow.
func unescape(s string) string {
	if !strings.Contains(s, "_x") {
		return s
	}
	return escapedChar.ReplaceAllStringFunc(s, func(code string) string {
		n, err := strconv.ParseUint(code[2:6], 16, 16)
		if err != nil {
			return code
		}
		return string(rune(n))
	})
}
