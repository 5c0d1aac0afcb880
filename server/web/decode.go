package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"estateledger/fault"
)

// Decode reads a JSON body into a struct. Unknown fields are refused: a
// misspelt optional field would otherwise be an instruction ignored. What a
// value's own type refuses is said at its field.
func (q *Request) Decode(into any) error {
	if kind := q.Get(fiber.HeaderContentType); !strings.HasPrefix(kind, fiber.MIMEApplicationJSON) {
		return fault.Unsupported("server.not_json", "请求内容要是 JSON（Content-Type: application/json）。")
	}
	body := q.Request().Body()
	if err := noHugeNumbers(body); err != nil {
		return err
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return badJSON(err, body, reflect.TypeOf(into).Elem())
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return fault.Invalid("server.json_trailing", "JSON 后面还有多余的内容。")
	}
	return nil
}

func badJSON(err error, body []byte, into reflect.Type) error {
	if f, ok := fault.As(err); ok {
		if f.Field == "" {
			return f.At(fieldAt(body, into))
		}
		return f
	}
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) {
		return wrongType(wrong.Field)
	}
	if name, found := strings.CutPrefix(err.Error(), "json: unknown field "); found {
		return fault.Invalid("server.json_unknown_field", "没有这一项："+name+"，请对照接口说明。").At(strings.Trim(name, `"`))
	}
	if field := fieldAt(body, into); field != "" {
		return wrongType(field)
	}
	return fault.Invalid("server.json_broken", "JSON 写得不对，读不出来。").Because(err)
}

func wrongType(field string) error {
	return fault.Invalid("server.json_type", "这一项的类型不对：编号、金额、面积、日期都要写成带引号的文字。").At(field)
}

// fieldAt finds the field of an object that does not decode, by decoding each
// alone: encoding/json does not say where a type's own refusal came from.
func fieldAt(body []byte, into reflect.Type) string {
	var object map[string]json.RawMessage
	if json.Unmarshal(body, &object) != nil {
		return ""
	}
	names := make([]string, 0, len(object))
	for name := range object {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		alone, err := json.Marshal(map[string]json.RawMessage{name: object[name]})
		if err == nil && json.Unmarshal(alone, reflect.New(into).Interface()) != nil {
			return name
		}
	}
	return ""
}

// hugeExponent is a number that takes gigabytes to write out: decimals accept
// it, and comparing one would stop the service.
var hugeExponent = regexp.MustCompile(`^[+-]?[0-9.]+[eE][+-]?[0-9]{4,}$`)

func noHugeNumbers(body []byte) error {
	if !bytes.ContainsAny(body, "eE") {
		return nil
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	for {
		token, err := d.Token()
		if err != nil {
			return nil // what is broken is said by the decoding
		}
		var text string
		switch v := token.(type) {
		case json.Number:
			text = v.String()
		case string:
			text = strings.TrimSpace(v)
		}
		if hugeExponent.MatchString(text) {
			return fault.Invalid("server.number_huge", "这个数字大得不合理，请检查。")
		}
	}
}
