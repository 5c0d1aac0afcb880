package paper

import (
	_ "embed"
	"sync"

	"github.com/signintech/gopdf"
)

// The font is fetched, not kept in the repository. If the compiler finds no file below, run scripts/font.sh
// (`make build` and `make test` do): this file's name is part of the compiler's message and says so.

//go:embed font/NotoSansSC-Regular.ttf
var fontFile []byte

//go:embed font/OFL.txt
var fontLicence string

// FontLicence is the licence of the font inside the binary, which has to go with it (SIL Open Font License 1.1).
func FontLicence() string { return fontLicence }

const fontFamily = "Noto Sans SC"

// font is the parsed font: metrics to lay out by, and a container from which each PDF takes its copy. Both are
// only read once made, so that documents can be made at the same time.
type font struct {
	metrics   *gopdf.SubsetFontObj
	container *gopdf.FontContainer
}

// theFont parses the font once; it takes some 50 ms.
var theFont = sync.OnceValues(func() (*font, error) {
	f := &font{metrics: &gopdf.SubsetFontObj{}, container: &gopdf.FontContainer{}}
	if err := f.metrics.SetTTFData(fontFile); err != nil {
		return nil, err
	}
	// The layout looks every character up before it is drawn. One that comes here has missed that.
	option := gopdf.TtfOption{OnGlyphNotFound: func(r rune) { panic(unchecked(r)) }}
	return f, f.container.AddTTFFontDataWithOption(fontFamily, fontFile, option)
})

// unchecked is a character that reached the PDF without having been looked up in the font.
type unchecked rune
