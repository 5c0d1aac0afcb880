package paper

import "fmt"

// ruled is a table being laid out.
type ruled struct {
	*layout
	table  *Table
	widths []float64
	top    float64 // of the part on this page
	bare   bool    // the part on this page has no row yet
	pad    float64
}

func (t Table) lay(l *layout) {
	if len(t.Columns) == 0 {
		l.fail(fmt.Errorf("paper: a table without columns"))
		return
	}
	for _, row := range append(t.Rows[:len(t.Rows):len(t.Rows)], t.Total) {
		if row != nil && len(row) != len(t.Columns) {
			l.fail(fmt.Errorf("paper: a row of %d cells in a table of %d columns", len(row), len(t.Columns)))
			return
		}
	}
	r := &ruled{layout: l, table: &t, pad: l.scale * 0.4}
	r.measure()
	l.y += l.scale * 0.3
	l.need(r.height(1) * 3)
	r.head()
	for _, row := range t.Rows {
		r.row(row, false)
	}
	if t.Total != nil {
		r.row(t.Total, true)
	}
	for _, line := range t.Closing {
		r.wide(line)
	}
	r.close()
	l.y += l.scale * 0.5
}

// fail keeps the first mistake of the program.
func (l *layout) fail(err error) {
	if l.fault == nil {
		l.fault = err
	}
}

func (r *ruled) height(lines int) float64 {
	return float64(lines)*r.lineHeight(r.scale) + r.pad
}

// measure gives every column what its widest text needs. Room that is left goes to all in proportion; where
// there is too little, columns that need less than an equal share keep what they need and the others share.
func (r *ruled) measure() {
	needs := make([]float64, len(r.table.Columns))
	widen := func(row []string) {
		for i, text := range row {
			for _, line := range r.glyphs.wrap(text, r.scale, r.width()) {
				needs[i] = max(needs[i], r.glyphs.width(line, r.scale)+3*r.pad)
			}
		}
	}
	widen(r.headers())
	for _, row := range r.table.Rows {
		widen(row)
	}
	widen(r.table.Total)
	r.widths = share(needs, r.layout.width())
}

func share(needs []float64, width float64) []float64 {
	sum := 0.0
	for _, need := range needs {
		sum += need
	}
	widths := make([]float64, len(needs))
	if sum <= width {
		for i, need := range needs {
			widths[i] = need * width / sum
		}
		return widths
	}
	left, open := width, len(needs)
	for settled := true; settled; {
		settled = false
		for i, need := range needs {
			if widths[i] == 0 && need <= left/float64(open) {
				widths[i], left, open, settled = need, left-need, open-1, true
			}
		}
	}
	for i := range widths {
		if widths[i] == 0 {
			widths[i] = left / float64(open)
		}
	}
	return widths
}

func (r *ruled) headers() []string {
	headers := make([]string, len(r.table.Columns))
	for i, column := range r.table.Columns {
		headers[i] = column.Header
	}
	return headers
}

func (r *ruled) wrapRow(row []string) (cells [][]string, lines int) {
	cells = make([][]string, len(row))
	lines = 1
	for i, text := range row {
		cells[i] = r.glyphs.wrap(text, r.scale, r.widths[i]-2*r.pad)
		lines = max(lines, len(cells[i]))
	}
	return cells, lines
}

func (r *ruled) head() {
	r.top = r.y
	cells, lines := r.wrapRow(r.headers())
	r.area(r.margin, r.y, r.layout.width(), r.height(lines), true)
	r.line(r.margin, r.y, r.margin+r.layout.width(), r.y)
	r.cells(cells, 0, lines)
	r.bare = true
}

// row sets one row. One that is higher than what is left moves to the next page; one that is higher than a page
// goes on there.
func (r *ruled) row(row []string, total bool) {
	cells, lines := r.wrapRow(row)
	if r.y+r.height(lines) > r.bottom && !r.bare {
		r.turn()
	}
	if total {
		r.area(r.margin, r.y, r.layout.width(), r.height(lines), true)
	}
	for from := 0; from < lines; {
		fit := max(int((r.bottom-r.y-r.pad)/r.lineHeight(r.scale)), 1)
		to := min(from+fit, lines)
		r.cells(cells, from, to)
		r.bare = false
		if from = to; from < lines {
			r.turn()
		}
	}
}

// turn ends the part on this page and begins the next page with the head.
func (r *ruled) turn() {
	r.close()
	r.newPage()
	r.head()
}

// cells sets the lines from..to of each cell and rules off below.
func (r *ruled) cells(cells [][]string, from, to int) {
	x := r.margin
	for i, lines := range cells {
		a := left
		if r.table.Columns[i].Right {
			a = right
		}
		for n := from; n < min(to, len(lines)); n++ {
			r.put(x+r.pad, r.y+r.pad/2+float64(n-from)*r.lineHeight(r.scale), lines[n], r.scale, a, r.widths[i]-2*r.pad)
		}
		if x > r.margin {
			r.line(x, r.y, x, r.y+r.height(to-from))
		}
		x += r.widths[i]
	}
	r.y += r.height(to - from)
	r.line(r.margin, r.y, r.margin+r.layout.width(), r.y)
}

// wide sets a line over the full width inside the frame.
func (r *ruled) wide(text string) {
	lines := r.glyphs.wrap(text, r.scale, r.layout.width()-2*r.pad)
	if r.y+r.height(len(lines)) > r.bottom && !r.bare {
		r.turn()
	}
	for n, line := range lines {
		r.put(r.margin+r.pad, r.y+r.pad/2+float64(n)*r.lineHeight(r.scale), line, r.scale, left, r.layout.width())
	}
	r.y += r.height(len(lines))
	r.line(r.margin, r.y, r.margin+r.layout.width(), r.y)
}

// close draws the frame's sides.
func (r *ruled) close() {
	r.line(r.margin, r.top, r.margin, r.y)
	r.line(r.margin+r.layout.width(), r.top, r.margin+r.layout.width(), r.y)
}
