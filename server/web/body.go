package web

import (
	"io"
	"strings"

	"github.com/gofiber/fiber/v2"

	"estateledger/access"
	"estateledger/fault"
)

// List is how lists are answered. Next is the cursor of the next page, absent
// on the last one.
type List[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next,omitempty"`
}

// Items answers a list; a nil one is an empty one.
func Items[T any](q *Request, items []T, next string) error {
	if items == nil {
		items = []T{}
	}
	return q.JSON(List[T]{items, next})
}

// Done answers an act: 201 for a first answer, 200 and Idempotent-Replayed for
// one that is given again.
func Done[R any](q *Request, out access.Outcome[R], err error) error {
	if err != nil {
		return err
	}
	if out.Replayed {
		q.Set(ReplayedHeader, "true")
		return q.JSON(out.Result)
	}
	return q.Status(fiber.StatusCreated).JSON(out.Result)
}

// XLSX is the media type of a workbook.
const XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// File answers a document or table to save, or to show when inline.
func (q *Request) File(name, mime string, content []byte, inline bool) error {
	how := "attachment"
	if inline {
		how = "inline"
	}
	q.Set(fiber.HeaderContentType, mime)
	q.Set(fiber.HeaderContentDisposition, how+"; filename*=UTF-8''"+escapeName(name))
	return q.Send(content)
}

// escapeName is RFC 8187: everything but letters, digits and a few signs as %XX.
func escapeName(name string) string {
	var b strings.Builder
	for _, c := range []byte(name) {
		if c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || strings.IndexByte("-._~", c) >= 0 {
			b.WriteByte(c)
			continue
		}
		const hex = "0123456789ABCDEF"
		b.WriteByte('%')
		b.WriteByte(hex[c>>4])
		b.WriteByte(hex[c&15])
	}
	return b.String()
}

// Upload is a file of a multipart form.
func (q *Request) Upload(field string) (name string, content []byte, err error) {
	if !strings.HasPrefix(q.Get(fiber.HeaderContentType), fiber.MIMEMultipartForm) {
		return "", nil, fault.Unsupported("server.not_multipart", "请用文件上传（multipart/form-data）。").At(field)
	}
	header, err := q.FormFile(field)
	if err != nil {
		return "", nil, fault.Invalid("server.file_missing", "请选择要上传的文件。").At(field).Because(err)
	}
	file, err := header.Open()
	if err != nil {
		return "", nil, err
	}
	defer func() { _ = file.Close() }()
	content, err = io.ReadAll(file)
	return header.Filename, content, err
}
