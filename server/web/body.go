package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"

	"github.com/gofiber/fiber/v2"

	"estateledger/access"
	"estateledger/fault"
)

// Decode reads a JSON body into a struct. Unknown fields are refused: a
// misspelt optional field would otherwise be an instruction ignored.
func (q *Request) Decode(into any) error {
	if kind := q.Get(fiber.HeaderContentType); !strings.HasPrefix(kind, fiber.MIMEApplicationJSON) {
		return fault.Unsupported("server.not_json", "请求内容要是 JSON（Content-Type: application/json）。")
	}
	d := json.NewDecoder(bytes.NewReader(q.Request().Body()))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return badJSON(err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return fault.Invalid("server.json_trailing", "JSON 后面还有多余的内容。")
	}
	return nil
}

func badJSON(err error) error {
	if f, ok := fault.As(err); ok {
		return f
	}
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) {
		return fault.Invalid("server.json_type", "这一项的类型不对：编号、金额、日期都要写成带引号的文字。").At(wrong.Field)
	}
	if name, found := strings.CutPrefix(err.Error(), "json: unknown field "); found {
		return fault.Invalid("server.json_unknown_field", "没有这一项："+name+"，请对照接口说明。").At(strings.Trim(name, `"`))
	}
	return fault.Invalid("server.json_broken", "JSON 写得不对，读不出来。").Because(err)
}

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
