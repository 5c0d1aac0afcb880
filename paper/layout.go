package paper

import "fmt"

// Lengths are in points from the upper left corner.

type align int

const (
	left align = iota
	centre
	right
)

// page is what stands on a page: drawn only when the number of pages is known.
type page struct {
	texts []textMark
	lines []lineMark
	areas []areaMark
}

type textMark struct {
	x, baseline, size float64
	text              string
	red               bool
}

type lineMark struct {
	x1, y1, x2, y2 float64
	red            bool
}

// areaMark is a filled rectangle: black for the modules of a QR code, light grey behind a table's head.
type areaMark struct {
	x, y, width, height float64
	grey                bool
}

// layout places the blocks of one document.
type layout struct {
	glyphs     *glyphs
	pages      []*page
	pageWidth  float64
	pageHeight float64
	margin     float64
	bottom     float64 // where the room for blocks ends
	scale      float64 // size of running text
	y          float64
	stamp      string
	footer     []string
	fault      error // the first block's fault
}

func newLayout(g *glyphs, document *Document) *layout {
	l := &layout{glyphs: g, stamp: clean(document.Stamp)}
	l.pageWidth, l.pageHeight = document.Size.points()
	l.margin, l.scale = millimetres(18), 10.5
	if document.Size == A5 || document.Size == A5Landscape {
		l.margin, l.scale = millimetres(12), 9.5
	}
	size := l.footSize()
	l.footer = g.wrap(document.Footer, size, l.width()-g.width(pageNumber(1000, 1000), size)-l.scale)
	l.bottom = l.footTop() - l.scale*0.5
	l.newPage()
	return l
}

func pageNumber(n, of int) string { return fmt.Sprintf("第 %d 页，共 %d 页", n, of) }

func (l *layout) footSize() float64 { return l.scale * 0.8 }

func (l *layout) footTop() float64 {
	return l.pageHeight - l.margin*0.6 - float64(len(l.footer))*l.lineHeight(l.footSize())
}

// foot sets the footer and the page's number on the last page.
func (l *layout) foot(n, of int) {
	y, size := l.footTop(), l.footSize()
	l.put(l.margin, y, pageNumber(n, of), size, right, l.width())
	for _, line := range l.footer {
		l.put(l.margin, y, line, size, left, l.width())
		y += l.lineHeight(size)
	}
}

func millimetres(n float64) float64 { return n * 72 / 25.4 }

// width is the room between the margins.
func (l *layout) width() float64 { return l.pageWidth - 2*l.margin }

func (l *layout) lineHeight(size float64) float64 { return size * 1.6 }

func (l *layout) page() *page { return l.pages[len(l.pages)-1] }

func (l *layout) newPage() {
	l.pages = append(l.pages, &page{})
	l.y = l.margin
	if l.stamp == "" {
		return
	}
	size := l.scale * 1.5
	wide := l.glyphs.width(l.stamp, size) + size
	x, y, high := l.pageWidth-l.margin-wide, l.margin*0.5, l.lineHeight(size)
	l.put(x, y, l.stamp, size, centre, wide)
	p := l.page()
	p.texts[len(p.texts)-1].red = true
	for _, edge := range [][4]float64{{x, y, x + wide, y}, {x, y + high, x + wide, y + high}, {x, y, x, y + high}, {x + wide, y, x + wide, y + high}} {
		p.lines = append(p.lines, lineMark{edge[0], edge[1], edge[2], edge[3], true})
	}
	l.y = max(l.y, y+high+2)
}

// need begins a new page if the height is not left on this one.
func (l *layout) need(height float64) {
	if l.y+height > l.bottom && l.y > l.margin*2 {
		l.newPage()
	}
}

// put sets one line of text into a box of the given width whose upper edge is y.
func (l *layout) put(x, y float64, text string, size float64, a align, width float64) {
	if text == "" {
		return
	}
	used := l.glyphs.width(text, size)
	switch a {
	case centre:
		x += (width - used) / 2
	case right:
		x += width - used
	}
	// Chinese characters reach from 0.12 below to 0.88 above the baseline: their middle is 0.38 above it.
	baseline := y + l.lineHeight(size)/2 + 0.38*size
	p := l.page()
	p.texts = append(p.texts, textMark{x: x, baseline: baseline, size: size, text: text})
}

// text sets running text over the full width, line by line.
func (l *layout) text(text string, size float64, a align) {
	height := l.lineHeight(size)
	for _, line := range l.glyphs.wrap(text, size, l.width()) {
		l.need(height)
		l.put(l.margin, l.y, line, size, a, l.width())
		l.y += height
	}
}

func (l *layout) line(x1, y1, x2, y2 float64) {
	p := l.page()
	p.lines = append(p.lines, lineMark{x1: x1, y1: y1, x2: x2, y2: y2})
}

func (l *layout) area(x, y, width, height float64, grey bool) {
	p := l.page()
	p.areas = append(p.areas, areaMark{x, y, width, height, grey})
}
