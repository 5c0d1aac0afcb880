package paper

// Size is a paper size.
type Size int

// The paper sizes. Documents on A5 are set in smaller type.
const (
	A4 Size = iota
	A5
	A4Landscape
	A5Landscape
)

// points is the size in points (1/72 inch).
func (s Size) points() (width, height float64) {
	switch s {
	case A5:
		return 420, 595
	case A4Landscape:
		return 842, 595
	case A5Landscape:
		return 595, 420
	}
	return 595, 842
}

// Document is what is printed: blocks from top to bottom, over as many pages as they need. Each document begins
// on a page of its own and counts its own pages.
type Document struct {
	Size   Size
	Blocks []Block
	// Footer stands at the foot of every page, left of the page number.
	Footer string
	// Stamp stands framed in the upper right corner of every page: 作废, 补打.
	Stamp string
}

// Block is a part of a document: Heading, Section, Line, Fields, Paragraph, Table, QR, Signatures or Gap.
type Block interface {
	lay(*layout)
}

// Heading is the document's title, large and centred.
type Heading struct{ Text string }

// Section is the title of a part. It stays together with what follows.
type Section struct{ Text string }

// Line has one text at the left edge and one at the right edge.
type Line struct{ Left, Right string }

// Field is a value with its name.
type Field struct{ Label, Value string }

// Fields are values with their names, side by side in Columns columns (0 means 1), line after line.
type Fields struct {
	Columns int
	Fields  []Field
}

// Paragraph is running text; line breaks in it are kept.
type Paragraph struct {
	Text string
	// Small sets it in the size of remarks.
	Small bool
}

// Column is a column of a Table.
type Column struct {
	Header string
	// Right aligns numbers.
	Right bool
}

// Table has ruled columns as wide as their contents need. Its head is repeated on each page.
type Table struct {
	Columns []Column
	Rows    [][]string
	// Total is the last row, nil for none.
	Total []string
	// Closing are lines over the full width inside the frame, below the last row: an amount in capitals.
	Closing []string
}

// QR is a QR code with a caption to its right.
type QR struct {
	Content string
	// Millimetres is the side's length; 0 means 28.
	Millimetres float64
	Caption     string
}

// Signatures are names of signers with room to sign, side by side.
type Signatures struct{ Labels []string }

// Gap leaves room empty.
type Gap struct{ Millimetres float64 }

func (h Heading) lay(l *layout) {
	l.text(h.Text, l.scale*1.8, centre)
	l.y += l.scale * 0.6
}

func (s Section) lay(l *layout) {
	l.need(l.scale * 6)
	l.y += l.scale * 0.5
	l.text(s.Text, l.scale*1.2, left)
	l.y += l.scale * 0.2
}

// lay puts both texts on one line if they fit, else the right one below.
func (b Line) lay(l *layout) {
	leftText, rightText := clean(b.Left), clean(b.Right)
	gap := l.scale
	if l.glyphs.width(leftText, l.scale)+gap+l.glyphs.width(rightText, l.scale) > l.width() {
		l.text(leftText, l.scale, left)
		l.text(rightText, l.scale, right)
		return
	}
	height := l.lineHeight(l.scale)
	l.need(height)
	l.put(l.margin, l.y, leftText, l.scale, left, l.width())
	l.put(l.margin, l.y, rightText, l.scale, right, l.width())
	l.y += height
}

func (f Fields) lay(l *layout) {
	columns := max(f.Columns, 1)
	cell := l.width() / float64(columns)
	for start := 0; start < len(f.Fields); start += columns {
		row := f.Fields[start:min(start+columns, len(f.Fields))]
		wrapped := make([][]string, len(row))
		most := 1
		for i, field := range row {
			wrapped[i] = l.glyphs.wrap(field.Label+"："+field.Value, l.scale, cell-l.scale/2)
			most = max(most, len(wrapped[i]))
		}
		l.lines(wrapped, most, cell)
	}
}

// lines sets wrapped texts side by side.
func (l *layout) lines(wrapped [][]string, most int, cell float64) {
	height := l.lineHeight(l.scale)
	for n := range most {
		l.need(height)
		for i, lines := range wrapped {
			if n < len(lines) {
				l.put(l.margin+float64(i)*cell, l.y, lines[n], l.scale, left, cell)
			}
		}
		l.y += height
	}
}

func (p Paragraph) lay(l *layout) {
	size := l.scale
	if p.Small {
		size *= 0.85
	}
	l.text(p.Text, size, left)
	l.y += l.scale * 0.3
}

func (s Signatures) lay(l *layout) {
	height := l.lineHeight(l.scale) * 1.8
	l.need(height)
	cell := l.width() / float64(max(len(s.Labels), 1))
	for i, label := range s.Labels {
		x := l.margin + float64(i)*cell
		label = clean(label) + "："
		l.put(x, l.y+height-l.lineHeight(l.scale), label, l.scale, left, cell)
		from := x + l.glyphs.width(label, l.scale)
		l.line(from, l.y+height-2, x+cell-l.scale, l.y+height-2)
	}
	l.y += height + l.scale*0.3
}

func (g Gap) lay(l *layout) { l.y += millimetres(g.Millimetres) }
