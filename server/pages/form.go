package pages

import (
	"slices"

	"estateledger/civil"
	"estateledger/fault"
)

// Problem is what is wrong with one field of a form; Field is the name in the `form` tag, empty
// when it concerns the whole form.
type Problem struct {
	Field, Message string
}

// Problems is what a form lists above itself.
type Problems []Problem

// At is the first message for a field.
func (p Problems) At(field string) string {
	for _, one := range p {
		if one.Field == field {
			return one.Message
		}
	}
	return ""
}

// Whole is the message when the only problem concerns the whole form.
func (p Problems) Whole() string {
	if len(p) == 1 && p[0].Field == "" {
		return p[0].Message
	}
	return ""
}

// Option is one choice of a list: the value that is sent and the word that is shown.
type Option struct {
	Value, Label string
}

// Field is one labelled control. Templates build it with `field` and the words that follow it.
type Field struct {
	Kind, Name, Label, Value              string
	Hint, Unit, Placeholder, Autocomplete string
	InputMode, Icon, Class                string
	prefix                                string
	Options                               []Option
	Error                                 string
	Required, Free, Focus                 bool
}

// ID is the field's id in the page; a prefix keeps two forms on one page apart.
func (f Field) ID() string { return "f-" + f.prefix + f.Name }

// Described names the elements that explain the field, for those who listen.
func (f Field) Described() string {
	described := ""
	if f.Error != "" {
		described = f.ID() + "-error"
	}
	if f.Hint != "" {
		if described != "" {
			described += " "
		}
		described += f.ID() + "-hint"
	}
	return described
}

// fieldWords are the template functions that make a field:
//
//	{{template "field" (field "text" "name" "名称" .Form.Name | required | hint "…" | wrong .Problems)}}
var fieldWords = map[string]any{
	"field": func(kind, name, label, value string) Field {
		return Field{Kind: kind, Name: name, Label: label, Value: value}
	},
	"required":     func(f Field) Field { f.Required = true; return f },
	"free":         func(f Field) Field { f.Free = true; return f },
	"focus":        func(f Field) Field { f.Focus = true; return f },
	"hint":         func(text string, f Field) Field { f.Hint = text; return f },
	"unit":         func(text string, f Field) Field { f.Unit = text; return f },
	"example":      func(text string, f Field) Field { f.Placeholder = text; return f },
	"autocomplete": func(token string, f Field) Field { f.Autocomplete = token; return f },
	"keyboard":     func(mode string, f Field) Field { f.InputMode = mode; return f },
	"within":       func(prefix string, f Field) Field { f.prefix = prefix + "-"; return f },
	"leadicon":     func(icon string, f Field) Field { f.Icon = icon; return f },
	"class":        func(class string, f Field) Field { f.Class = class; return f },
	"options":      func(options []Option, f Field) Field { f.Options = options; return f },
	"wrong": func(problems Problems, f Field) Field {
		f.Error = problems.At(f.Name)
		return f
	},
}

// ProblemsOf turns a refusal of the domain into what the form shows: each message at its field. An
// error that is no refusal gives nothing; it is not the user's to mend.
func ProblemsOf(err error) Problems {
	refused, ok := fault.As(err)
	if !ok || refused.Kind == fault.KindInternal {
		return nil
	}
	var problems Problems
	for _, d := range refused.Details {
		if d.Field != "" {
			problems = append(problems, Problem{Field: d.Field, Message: d.Message})
		}
	}
	first := Problem{Field: refused.Field, Message: refused.Message}
	if (refused.Field != "" || len(problems) == 0) && !slices.Contains(problems, first) {
		problems = append(Problems{first}, problems...)
	}
	return problems
}

// MonthOptions lists months from the latest down to the earliest, for a select.
func MonthOptions(from, to civil.Month) []Option {
	var options []Option
	for m := to; !m.Before(from); m = m.Add(-1) {
		options = append(options, Option{m.String(), m.String()})
	}
	return options
}
