package laws

import (
	"regexp"
	"slices"
	"strings"
)

// use is what a piece of SQL does to a table, or a function it calls.
type use struct {
	verb string // insert, update, delete, read, call
	name string
	line int
}

// lexeme is a word in lower case (with its dots), a sign, or the mark for a literal.
type lexeme struct {
	text string
	line int
}

var (
	tokenPattern = regexp.MustCompile(`(?s)--[^\n]*|:[a-z_]\w*|/\*.*?\*/|'(?:[^']|'')*'|"[^"]*"|\$[a-z]*\$|\{\{?\w+\}?\}|[\pL_][\pL\pN_$]*(?:\.[\pL_][\pL\pN_$]*)*|\S`)
	wordPattern  = regexp.MustCompile(`^[\pL_]`)
)

// tokens cuts SQL into tokens. Comments go; the bodies of functions stay, for
// they are SQL too.
func tokens(text string) []lexeme {
	var all []lexeme
	for _, at := range tokenPattern.FindAllStringIndex(text, -1) {
		t := lexeme{strings.ToLower(text[at[0]:at[1]]), 1 + strings.Count(text[:at[0]], "\n")}
		switch {
		case strings.HasPrefix(t.text, "--"), strings.HasPrefix(t.text, "/*"), t.text[0] == '$' && len(t.text) > 1:
			continue
		case t.text[0] == '\'':
			t.text = "'"
		case t.text[0] == '"':
			t.text = strings.Trim(t.text, `"`)
		}
		all = append(all, t)
	}
	return all
}

func isWord(s string) bool { return s != "" && wordPattern.MatchString(s) }

// reader walks over tokens; inFrom says per depth of parentheses whether a comma
// there begins another table, before is the word in front of each parenthesis.
type reader struct {
	toks   []lexeme
	ctes   map[string]bool
	uses   []use
	inFrom []bool
	before []string
}

func (r *reader) at(i int) string {
	if i < 0 || i >= len(r.toks) {
		return ""
	}
	return r.toks[i].text
}

// endsFrom are the words that end a list of tables.
var endsFrom = words("where group order having limit offset union except intersect window returning set values select loop then ; on conflict for")

// usesOf reads which tables a text of SQL touches and which functions it calls.
// {{source}} and other marks are passed over.
func usesOf(text string) []use {
	r := &reader{toks: tokens(text), ctes: map[string]bool{}, inFrom: []bool{false}, before: []string{""}}
	for i := range r.toks {
		r.noteCTE(i)
	}
	for i := range r.toks {
		r.step(i)
	}
	return r.uses
}

// noteCTE notes a name given by WITH: name [(columns)] AS [NOT] [MATERIALIZED] (.
func (r *reader) noteCTE(i int) {
	if !isWord(r.at(i)) || !slices.Contains(words("with recursive ,"), r.at(i-1)) {
		return
	}
	j := i + 1
	if r.at(j) == "(" {
		for r.at(j) != ")" && r.at(j) != "" {
			j++
		}
		j++
	}
	if r.at(j) != "as" {
		return
	}
	for j++; r.at(j) == "not" || r.at(j) == "materialized"; j++ {
	}
	if r.at(j) == "(" {
		r.ctes[r.at(i)] = true
	}
}

func (r *reader) step(i int) {
	depth := len(r.inFrom) - 1
	word := r.at(i)
	switch word {
	case "(":
		r.inFrom, r.before = append(r.inFrom, false), append(r.before, r.at(i-1))
	case ")":
		if depth > 0 {
			r.inFrom, r.before = r.inFrom[:depth], r.before[:depth]
		}
	case ",":
		if r.inFrom[depth] {
			r.table(i+1, "read")
		}
	case "into":
		if r.at(i-1) == "insert" || r.at(i-1) == "merge" {
			r.table(i+1, "insert")
		}
	case "update":
		if !slices.Contains(words("for key do on or before after of"), r.at(i-1)) {
			r.table(i+1, "update")
		}
	case "truncate":
		r.table(i+1, "delete")
	case "from":
		switch {
		case r.at(i-1) == "delete":
			r.table(i+1, "delete")
		case r.at(i-1) == "distinct" || slices.Contains(words("extract substring trim overlay"), r.before[depth]):
		default:
			r.inFrom[depth] = true
			r.table(i+1, "read")
		}
	case "join":
		r.inFrom[depth] = true
		r.table(i+1, "read")
	case "using":
		if isWord(r.at(i+1)) && r.at(i+2) != "=" { // DELETE … USING; RAISE … USING option =
			r.table(i+1, "read")
		}
	default:
		if slices.Contains(endsFrom, word) && word != "on" {
			r.inFrom[depth] = false
		}
		if isWord(word) && r.at(i+1) == "(" {
			r.uses = append(r.uses, use{"call", word, r.toks[i].line})
		}
	}
}

// table notes the table named at i, unless it is a subquery, a function, a name
// of WITH, a mark, a sequence or what COPY and REVOKE take from.
func (r *reader) table(i int, verb string) {
	for slices.Contains(words("only lateral table"), r.at(i)) {
		i++
	}
	name := r.at(i)
	if !isWord(name) || r.ctes[name] || name == "stdin" || name == "public" || strings.HasSuffix(name, "_seq") || verb == "read" && r.at(i+1) == "(" {
		return
	}
	r.uses = append(r.uses, use{verb, name, r.toks[i].line})
}
