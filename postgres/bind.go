package postgres

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	"github.com/jmoiron/sqlx/reflectx"
	"github.com/lib/pq"
)

var fieldNames = reflectx.NewMapperFunc("db", strings.ToLower)

// bind returns the values of the query's parameters out of arg: nil, a
// map[string]any, or a struct (or pointer to one) with db tags.
func bind(c *compiled, arg any) ([]any, error) {
	if len(c.params) == 0 {
		return nil, nil
	}
	look, err := lookup(arg)
	if err != nil {
		return nil, fmt.Errorf("query %s: %w", c.name, err)
	}
	values := make([]any, len(c.params))
	for i, name := range c.params {
		v, ok := look(name)
		if !ok {
			return nil, fmt.Errorf("query %s: no value for :%s in %T", c.name, name, arg)
		}
		if values[i], err = wireValue(v); err != nil {
			return nil, fmt.Errorf("query %s: :%s: %w", c.name, name, err)
		}
	}
	return values, nil
}

func lookup(arg any) (func(string) (any, bool), error) {
	switch a := arg.(type) {
	case nil:
		return nil, fmt.Errorf("has parameters but was given no argument")
	case map[string]any:
		return func(name string) (any, bool) { v, ok := a[name]; return v, ok }, nil
	}
	v := reflect.Indirect(reflect.ValueOf(arg))
	if !v.IsValid() || v.Kind() != reflect.Struct {
		return nil, fmt.Errorf("the argument is a %T, not a struct or map[string]any", arg)
	}
	fields := fieldNames.TypeMap(v.Type())
	return func(name string) (any, bool) {
		f := fields.GetByPath(name)
		if f == nil {
			return nil, false
		}
		return reflectx.FieldByIndexesReadOnly(v, f.Index).Interface(), true
	}, nil
}

// wireValue makes a slice an SQL array (a nil slice an empty one, because
// "= ANY(NULL)" would silently match nothing known) and raw JSON a string:
// in binary_parameters mode lib/pq would send bytes as jsonb's binary form.
func wireValue(v any) (any, error) {
	switch raw := v.(type) {
	case nil, driver.Valuer, []byte:
		return v, nil
	case json.RawMessage:
		if raw == nil {
			return nil, nil
		}
		return string(raw), nil
	}
	rv := reflect.ValueOf(v)
	if rv.Kind() != reflect.Slice {
		return v, nil
	}
	if rv.Type().Elem().Kind() == reflect.Uint8 {
		return rv.Bytes(), nil
	}
	if rv.IsNil() {
		return "{}", nil
	}
	return pq.Array(v).Value()
}

// List scans an SQL array column into a slice, for struct fields and for dest.
type List[T any] []T

// Scan implements sql.Scanner; NULL becomes a nil list.
func (l *List[T]) Scan(src any) error { return pq.Array((*[]T)(l)).Scan(src) }

// Value implements driver.Valuer; a nil list is sent as an empty array.
func (l List[T]) Value() (driver.Value, error) {
	return wireValue([]T(l))
}
