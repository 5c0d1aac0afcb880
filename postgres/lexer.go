package postgres

import "strings"

// plainSQL calls visit for each stretch of text that is SQL proper, and skip for
// each stretch that must be passed over as a whole: literals, quoted names,
// dollar-quoted bodies (comment=false) and comments (comment=true).
func plainSQL(text string, visit func(part string), skip func(part string, comment bool)) {
	start := 0
	for i := 0; i < len(text); {
		end, comment := opaqueEnd(text, i)
		if end == i {
			i++
			continue
		}
		if start < i {
			visit(text[start:i])
		}
		skip(text[i:end], comment)
		i, start = end, end
	}
	if start < len(text) {
		visit(text[start:])
	}
}

// opaqueEnd returns where the literal, quoted name, dollar-quoted body or
// comment that begins at i ends, or i when none begins there.
func opaqueEnd(text string, i int) (end int, comment bool) {
	rest := text[i:]
	switch {
	case strings.HasPrefix(rest, "--"):
		return i + through(rest, 2, "\n"), true
	case strings.HasPrefix(rest, "/*"):
		return i + through(rest, 2, "*/"), true
	case rest[0] == '\'':
		escapes := i > 0 && (text[i-1] == 'E' || text[i-1] == 'e') && (i == 1 || !nameByte(text[i-2]))
		return i + quotedLen(rest, '\'', escapes), false
	case rest[0] == '"':
		return i + quotedLen(rest, '"', false), false
	case rest[0] == '$' && (i == 0 || !nameByte(text[i-1])):
		tag := dollarTag(rest)
		if tag == "" {
			return i, false
		}
		return i + through(rest, len(tag), tag), false
	}
	return i, false
}

// through returns the length of rest up to and including the next mark, which
// is looked for from offset from; the whole of rest when there is none.
func through(rest string, from int, mark string) int {
	if n := strings.Index(rest[from:], mark); n >= 0 {
		return from + n + len(mark)
	}
	return len(rest)
}

func quotedLen(rest string, quote byte, escapes bool) int {
	for n := 1; n < len(rest); n++ {
		switch {
		case escapes && rest[n] == '\\':
			n++
		case rest[n] == quote && n+1 < len(rest) && rest[n+1] == quote:
			n++
		case rest[n] == quote:
			return n + 1
		}
	}
	return len(rest)
}

func dollarTag(rest string) string {
	for n := 1; n < len(rest); n++ {
		if rest[n] == '$' {
			return rest[:n+1]
		}
		if !nameByte(rest[n]) || (n == 1 && rest[n] >= '0' && rest[n] <= '9') {
			return ""
		}
	}
	return ""
}

func nameByte(b byte) bool {
	return b == '_' || b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= 0x80
}

// splitStatements cuts a file of SQL at the semicolons that end statements and
// leaves comments and blank statements out. One statement per message is what
// Citus asks for, and an error then names the statement that failed.
func splitStatements(text string) []string {
	var all []string
	var one strings.Builder
	flush := func() {
		if s := strings.TrimSpace(one.String()); s != "" {
			all = append(all, s)
		}
		one.Reset()
	}
	plainSQL(text, func(part string) {
		for {
			before, after, found := strings.Cut(part, ";")
			one.WriteString(before)
			if !found {
				return
			}
			flush()
			part = after
		}
	}, func(part string, comment bool) {
		if comment {
			one.WriteByte('\n')
			return
		}
		one.WriteString(part)
	})
	flush()
	return all
}
