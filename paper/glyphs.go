package paper

import (
	"fmt"
	"slices"
	"strings"

	"estateledger/fault"
)

// glyphs measures text and notes what the font cannot show.
type glyphs struct {
	font    *font
	widths  map[rune]float64 // in units of the font size
	missing []rune
}

func newGlyphs() (*glyphs, error) {
	f, err := theFont()
	if err != nil {
		return nil, err
	}
	return &glyphs{font: f, widths: map[rune]float64{}}, nil
}

// width is the text's width in points at a font size.
func (g *glyphs) width(text string, size float64) float64 {
	sum := 0.0
	for _, r := range text {
		sum += g.advance(r)
	}
	return sum * size
}

func (g *glyphs) advance(r rune) float64 {
	if width, known := g.widths[r]; known {
		return width
	}
	index, err := g.font.metrics.CharCodeToGlyphIndex(r)
	if (err != nil || index == 0) && !slices.Contains(g.missing, r) {
		g.missing = append(g.missing, r)
	}
	width := float64(g.font.metrics.GlyphIndexToPdfWidth(index)) / 1000
	g.widths[r] = width
	return width
}

// err names the characters that the font lacks.
func (g *glyphs) err() error {
	if len(g.missing) == 0 {
		return nil
	}
	named := make([]string, 0, len(g.missing))
	for _, r := range g.missing[:min(10, len(g.missing))] {
		named = append(named, fmt.Sprintf("“%c”（U+%04X）", r, r))
	}
	return fault.Invalid("paper.glyph_missing", "打印字体里没有这些字："+strings.Join(named, "、")+"，请核对姓名、房号等内容里的字后再打印")
}

// clean takes away what has no shape: zero-width characters that come along when people copy from web pages.
// Tabs become blanks.
func clean(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t':
			return ' '
		case r == '\r', r >= '\u200B' && r <= '\u200F', r == '\u2060', r == '\uFEFF':
			return -1
		}
		return r
	}, text)
}

// wrap breaks a text into lines of at most the given width: between Chinese characters, but not before closing
// or after opening punctuation; Latin words and numbers stay whole unless one alone is too wide.
func (g *glyphs) wrap(text string, size, width float64) []string {
	var lines []string
	for paragraph := range strings.SplitSeq(clean(text), "\n") {
		line, used := "", 0.0
		for _, piece := range pieces(paragraph) {
			// Blanks may hang over the edge.
			if line != "" && used+g.width(strings.TrimRight(piece, " "), size) > width {
				lines = append(lines, strings.TrimRight(line, " "))
				piece = strings.TrimLeft(piece, " ")
				line, used = "", 0
			}
			for g.width(strings.TrimRight(piece, " "), size) > width {
				head := g.fitting(piece, size, width)
				lines = append(lines, head)
				piece = piece[len(head):]
			}
			line, used = line+piece, used+g.width(piece, size)
		}
		lines = append(lines, strings.TrimRight(line, " "))
	}
	return lines
}

// fitting is the beginning of a piece that fits the width, at least one character.
func (g *glyphs) fitting(piece string, size, width float64) string {
	used := 0.0
	for at, r := range piece {
		if used += g.advance(r) * size; used > width && at > 0 {
			return piece[:at]
		}
	}
	return piece
}

const (
	closing = "，。、；：？！）》」』】〕”’…％‰℃㎡元)]},.;:?!%"
	opening = "（《「『【〔“‘￥¥([{"
)

// pieces cuts a paragraph where a line may break.
func pieces(paragraph string) []string {
	var cut []string
	start := 0
	var before rune
	for at, r := range paragraph {
		if at > 0 && mayBreak(before, r) {
			cut = append(cut, paragraph[start:at])
			start = at
		}
		before = r
	}
	return append(cut, paragraph[start:])
}

func mayBreak(before, after rune) bool {
	switch {
	case strings.ContainsRune(closing, after), strings.ContainsRune(opening, before):
		return false
	case before == ' ':
		return after != ' '
	case after == ' ':
		return false
	}
	return before >= 0x2E80 || after >= 0x2E80
}
