package paper

import (
	"fmt"
	"io"
	"strings"

	"github.com/signintech/gopdf"
)

// Write writes the documents as one PDF to w. The title is what a viewer shows in its window.
//
// A character that the font lacks is a fault.Error (paper.glyph_missing) that names it, and nothing is written;
// so is a QR code with too much in it (paper.qr_too_long). Other errors are mistakes of the program.
func Write(w io.Writer, title string, documents ...Document) (err error) {
	if len(documents) == 0 {
		return fmt.Errorf("paper: no document to write")
	}
	defer func() {
		switch r := recover().(type) {
		case nil:
		case unchecked:
			err = fmt.Errorf("paper: U+%04X reached the PDF without having been looked up in the font", rune(r))
		default:
			panic(r)
		}
	}()
	g, err := newGlyphs()
	if err != nil {
		return err
	}
	laid := make([][]*page, len(documents))
	for i := range documents {
		if laid[i], err = layOut(g, &documents[i]); err != nil {
			return err
		}
	}
	if err := g.err(); err != nil {
		return err
	}
	pdf := newPDF(title)
	if err := pdf.AddTTFFontFromFontContainer(fontFamily, g.font.container); err != nil {
		return err
	}
	for i := range documents {
		if err := draw(pdf, &documents[i], laid[i]); err != nil {
			return err
		}
	}
	_, err = pdf.WriteTo(w)
	return err
}

func newPDF(title string) *gopdf.GoPdf {
	pdf := &gopdf.GoPdf{}
	pdf.Start(gopdf.Config{PageSize: *gopdf.PageSizeA4})
	pdf.SetInfo(gopdf.PdfInfo{Title: titleOf(title), Creator: "estateledger"})
	return pdf
}

// titleOf replaces what the PDF library cannot put into a title.
func titleOf(title string) string {
	return strings.Map(func(r rune) rune {
		if r > 0xFFFF {
			return '〓'
		}
		return r
	}, title)
}

// layOut places a document's blocks and then, knowing how many pages there are, the foot of each.
func layOut(g *glyphs, document *Document) ([]*page, error) {
	l := newLayout(g, document)
	for _, block := range document.Blocks {
		block.lay(l)
	}
	if l.fault != nil {
		return nil, l.fault
	}
	pages := l.pages
	for i := range pages {
		l.pages = pages[:i+1]
		l.foot(i+1, len(pages))
	}
	return pages, nil
}

func draw(pdf *gopdf.GoPdf, document *Document, pages []*page) error {
	width, height := document.Size.points()
	for _, p := range pages {
		pdf.AddPageWithOption(gopdf.PageOption{PageSize: &gopdf.Rect{W: width, H: height}})
		for _, a := range p.areas {
			shade := uint8(0)
			if a.grey {
				shade = 0xF0
			}
			pdf.SetFillColor(shade, shade, shade)
			pdf.RectFromUpperLeftWithStyle(a.x, a.y, a.width, a.height, "F")
		}
		pdf.SetLineWidth(0.5)
		for _, s := range p.lines {
			pdf.SetStrokeColor(shadeOf(s.red, 0x50))
			pdf.Line(s.x1, s.y1, s.x2, s.y2)
		}
		for _, t := range p.texts {
			if err := pdf.SetFont(fontFamily, "", t.size); err != nil {
				return err
			}
			pdf.SetTextColor(shadeOf(t.red, 0))
			pdf.SetXY(t.x, t.baseline)
			if err := pdf.Text(t.text); err != nil {
				return err
			}
		}
	}
	return nil
}

// shadeOf is the red of stamps, or a grey.
func shadeOf(red bool, grey uint8) (r, g, b uint8) {
	if red {
		return 0xC0, 0x20, 0x20
	}
	return grey, grey, grey
}
