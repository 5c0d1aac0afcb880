package paper

import (
	"github.com/skip2/go-qrcode"

	"estateledger/fault"
)

// QRPNG draws a QR code (error correction M) as PNG with the given side in pixels, quiet zone included. Content
// that does not fit is a fault.Error paper.qr_too_long.
func QRPNG(content string, pixels int) ([]byte, error) {
	code, err := newQR(content)
	if err != nil {
		return nil, err
	}
	return code.PNG(pixels)
}

func newQR(content string) (*qrcode.QRCode, error) {
	code, err := qrcode.New(content, qrcode.Medium)
	if err != nil {
		return nil, fault.Invalid("paper.qr_too_long", "二维码内容为空或太长，放不下").Because(err)
	}
	return code, nil
}

// lay draws the code as areas, sharp at any size: one per run of dark modules.
func (q QR) lay(l *layout) {
	code, err := newQR(q.Content)
	if err != nil {
		l.fail(err)
		return
	}
	code.DisableBorder = true
	modules := code.Bitmap()
	side := millimetres(q.Millimetres)
	if side == 0 {
		side = millimetres(28)
	}
	module := side / float64(len(modules))
	quiet := 4 * module // the standard's quiet zone
	l.need(side + 2*quiet)
	x0, y0 := l.margin, l.y+quiet
	for row, line := range modules {
		for start := 0; start < len(line); start++ {
			if !line[start] {
				continue
			}
			end := start
			for end < len(line) && line[end] {
				end++
			}
			l.area(x0+float64(start)*module, y0+float64(row)*module, float64(end-start)*module, module, false)
			start = end
		}
	}
	q.caption(l, x0+side+quiet, y0, side)
	l.y += side + 2*quiet
}

func (q QR) caption(l *layout, x, y, side float64) {
	size := l.scale * 0.9
	width := l.margin + l.width() - x
	lines := l.glyphs.wrap(q.Caption, size, width)
	y += max((side-float64(len(lines))*l.lineHeight(size))/2, 0)
	for n, line := range lines {
		l.put(x, y+float64(n)*l.lineHeight(size), line, size, left, width)
	}
}
