package sheet

import (
	"slices"
	"strings"
	"unicode"
)

// plain brings a header or a number to the form in which two spellings compare equal: full-width signs become
// half-width, blanks of any kind and invisible characters vanish, letters become small.
func plain(s string) string {
	return strings.ToLower(strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r), invisible(r):
			return -1
		case r >= '！' && r <= '～':
			return r - '！' + '!'
		case r == '−':
			return '-'
		}
		return r
	}, s))
}

// invisible characters come along when people copy from web pages and chats.
func invisible(r rune) bool {
	return r >= '\u200B' && r <= '\u200F' || r == '\u2060' || r == '\uFEFF'
}

// title is a header taken apart: the name, and what stands in brackets behind it.
type title struct {
	whole, base, unit string
}

var unitSpelling = strings.NewReplacer("㎡", "m2", "m²", "m2", "平方米", "m2", "平米", "m2", "立方米", "m3", "m³", "m3", "㎥", "m3",
	"人民币", "元", "rmb", "元", "cny", "元", "·", "/", ".", "/", "每", "/", "％", "%")

// remarks in brackets say nothing about the unit.
var remarks = []string{"必填", "选填", "可空", "可不填", "文本", "文本格式", "数字", "日期", "下拉选择"}

func parseTitle(header string) title {
	whole := strings.Trim(strings.NewReplacer("*", "", ":", "", "【", "(", "】", ")", "[", "(", "]", ")").Replace(plain(header)), "`'")
	t := title{whole: whole, base: whole}
	for {
		open := strings.IndexByte(t.base, '(')
		if open < 0 {
			break
		}
		end := strings.IndexByte(t.base[open:], ')')
		if end < 0 {
			break
		}
		inside := t.base[open+1 : open+end]
		t.base = t.base[:open] + t.base[open+end+1:]
		if !slices.Contains(remarks, inside) {
			t.unit += canonicalUnit(inside)
		}
	}
	return t
}

// canonicalUnit makes 元/㎡·月 and 元/月/平方米 the same.
func canonicalUnit(unit string) string {
	parts := strings.Split(unitSpelling.Replace(unit), "/")
	slices.Sort(parts[1:])
	return strings.Join(parts, "/")
}

// unitsOfOne may stand behind a number whose column names no unit: they do not change its size. 万元, 亩 or
// 元/年 do, so that a file with them is not understood rather than misunderstood.
var unitsOfOne = []string{"", "元", "m2", "m3", "户", "个", "个月", "次", "度", "吨"}

// fits tells whether a file's header means a column that is called want.
func (t title) fits(want title, kind Kind) bool {
	if t.base != want.base || t.base == "" {
		return false
	}
	if t.unit == want.unit {
		return true
	}
	if t.unit != "" && want.unit != "" {
		return false
	}
	number := kind == Int || kind == Decimal
	return !number || slices.Contains(unitsOfOne, t.unit)
}

// binding is the result of holding a line of a file against a layout.
type binding struct {
	at         []int // per column of the layout: its place in the file, -1 if it is not there
	bound      int
	missing    []string // headers of required columns that are not there
	duplicates []string // headers that two columns of the file claim
	unknown    []string // headers of the file that mean nothing to the layout
}

// bind matches a line's cells with the layout's columns: headers that are spelled the same win; the rest is
// compared without the bracketed unit.
func bind(cells []cell, layout *Layout) binding {
	b := binding{at: make([]int, len(layout.Columns))}
	for i := range b.at {
		b.at[i] = -1
	}
	names := columnTitles(layout)
	taken := make([]bool, len(cells))
	for _, exactly := range []bool{true, false} {
		for place, c := range cells {
			if taken[place] || blank(c.text) || c.kind == numberCell {
				continue
			}
			header := parseTitle(c.text)
			for i, wanted := range names {
				if !slices.ContainsFunc(wanted, func(want title) bool {
					return exactly && header.whole == want.whole || !exactly && header.fits(want, layout.Columns[i].Kind)
				}) {
					continue
				}
				taken[place] = true
				if b.at[i] >= 0 {
					b.duplicates = append(b.duplicates, layout.Columns[i].Header)
					break
				}
				b.at[i] = place
				b.bound++
				break
			}
		}
	}
	b.describe(cells, taken, layout)
	return b
}

func columnTitles(layout *Layout) [][]title {
	names := make([][]title, len(layout.Columns))
	for i, column := range layout.Columns {
		names[i] = append(names[i], parseTitle(column.Header))
		for _, alias := range column.Aliases {
			names[i] = append(names[i], parseTitle(alias))
		}
	}
	return names
}

func (b *binding) describe(cells []cell, taken []bool, layout *Layout) {
	for i, column := range layout.Columns {
		if column.Required && b.at[i] < 0 {
			b.missing = append(b.missing, column.Header)
		}
	}
	for place, c := range cells {
		name := strings.TrimSpace(c.text)
		if !taken[place] && name != "" && name != ReasonHeader && name != LineHeader {
			b.unknown = append(b.unknown, name)
		}
	}
}
