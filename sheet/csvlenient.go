package sheet

import (
	"bufio"
	"io"
	"strings"
)

// lenientRecords reads lines whose quotes break the rules: quotes inside a value, blanks between a closing quote
// and the separator. A value never goes beyond its line here.
type lenientRecords struct {
	lines  *bufio.Scanner
	comma  string
	number int
	fields []string
}

func newLenient(text io.Reader, comma rune) *lenientRecords {
	lines := bufio.NewScanner(text)
	lines.Buffer(nil, 16<<20)
	return &lenientRecords{lines: lines, comma: string(comma)}
}

func (l *lenientRecords) read() (int, []string, error) {
	if !l.lines.Scan() {
		if l.lines.Err() != nil {
			return 0, nil, brokenCSV(l.number + 1)
		}
		return 0, nil, io.EOF
	}
	l.number++
	l.fields = l.fields[:0]
	rest, more := l.lines.Text(), true
	for more {
		var field string
		if opened := strings.TrimLeft(rest, " \t"); strings.HasPrefix(opened, `"`) && l.comma != "\t" {
			var closed bool
			if field, rest, more, closed = l.quoted(opened[1:]); !closed {
				return 0, nil, brokenCSV(l.number)
			}
		} else {
			field, rest, more = strings.Cut(rest, l.comma)
		}
		l.fields = append(l.fields, field)
	}
	return l.number, l.fields, nil
}

// quoted takes a value up to the quote behind which a separator or the line's end comes.
func (l *lenientRecords) quoted(s string) (field, rest string, more, closed bool) {
	for at := 0; at < len(s); at++ {
		if s[at] != '"' {
			continue
		}
		if strings.HasPrefix(s[at+1:], `"`) && !l.ends(s[at+2:]) {
			at++
			continue
		}
		if l.ends(s[at+1:]) {
			_, rest, more = strings.Cut(s[at+1:], l.comma)
			return strings.ReplaceAll(s[:at], `""`, `"`), rest, more, true
		}
	}
	return "", "", false, false
}

// ends tells whether only blanks come before the next separator or the line's end.
func (l *lenientRecords) ends(s string) bool {
	s = strings.TrimLeft(s, " \t\r")
	return s == "" || strings.HasPrefix(s, l.comma)
}
