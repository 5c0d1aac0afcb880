package pages

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
)

//go:embed assets
var assetFiles embed.FS

// Asset is a file that the browser may keep for ever, because its name carries the hash of its content.
type Asset struct {
	URL         string // /assets/app.1f2e3d4c.css
	ContentType string
	Body        []byte
}

// loadAssets gathers style, scripts and icon. The style sheets become one file, in the order of
// their names. htmx comes from npm at build time; without it the pages work by links and forms.
func loadAssets() (map[string]Asset, error) {
	sheets, err := fs.Glob(assetFiles, "assets/css/*.css")
	if err != nil {
		return nil, err
	}
	var style []byte
	for _, name := range sheets {
		sheet, err := assetFiles.ReadFile(name)
		if err != nil {
			return nil, err
		}
		style = append(append(style, sheet...), '\n')
	}
	assets := map[string]Asset{"app.css": newAsset("app.css", style)}
	for name, file := range map[string]string{
		"app.js":   "assets/app.js",
		"mark.svg": "assets/mark.svg",
		"htmx.js":  "assets/vendor/htmx.min.js",
	} {
		body, err := assetFiles.ReadFile(file)
		if errors.Is(err, fs.ErrNotExist) && strings.HasPrefix(file, "assets/vendor/") {
			continue
		}
		if err != nil {
			return nil, err
		}
		assets[name] = newAsset(name, body)
	}
	return assets, nil
}

func newAsset(name string, body []byte) Asset {
	sum := sha256.Sum256(body)
	extension := path.Ext(name)
	kinds := map[string]string{
		".css": "text/css; charset=utf-8",
		".js":  "text/javascript; charset=utf-8",
		".svg": "image/svg+xml",
	}
	return Asset{
		URL:         fmt.Sprintf("/assets/%s.%s%s", strings.TrimSuffix(name, extension), hex.EncodeToString(sum[:4]), extension),
		ContentType: kinds[extension],
		Body:        body,
	}
}
