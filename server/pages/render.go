package pages

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"maps"
	"path"
	"strings"
)

//go:embed templates
var templateFiles embed.FS

// View is the data of one page. Page names its template in templates/pages or templates/fragments.
type View interface {
	Page() string
}

// Renderer holds the parsed templates and the assets; it is safe for use by many requests at once.
type Renderer struct {
	pages  map[string]*template.Template
	frames map[string]string
	assets map[string]Asset
	byURL  map[string]Asset
}

// New parses every template once. An error is a fault of the program, found at start.
func New() (*Renderer, error) {
	assets, err := loadAssets()
	if err != nil {
		return nil, fmt.Errorf("pages: assets: %w", err)
	}
	r := &Renderer{pages: map[string]*template.Template{}, frames: map[string]string{}, assets: assets, byURL: map[string]Asset{}}
	for _, asset := range assets {
		r.byURL[asset.URL] = asset
	}
	words := template.FuncMap{"asset": func(name string) string { return assets[name].URL }}
	maps.Copy(words, templateWords)
	maps.Copy(words, fieldWords)
	common, err := template.New("").Funcs(words).Option("missingkey=error").
		ParseFS(templateFiles, "templates/*.html", "templates/parts/*.html")
	if err != nil {
		return nil, fmt.Errorf("pages: %w", err)
	}
	for folder, frame := range map[string]string{"pages": "layout", "fragments": "main"} {
		files, err := fs.Glob(templateFiles, "templates/"+folder+"/*.html")
		if err != nil {
			return nil, err
		}
		for _, file := range files {
			name := strings.TrimSuffix(path.Base(file), ".html")
			clone, err := common.Clone()
			if err == nil {
				_, err = clone.ParseFS(templateFiles, file)
			}
			if err != nil {
				return nil, fmt.Errorf("pages: %s: %w", name, err)
			}
			r.pages[name], r.frames[name] = clone, frame
		}
	}
	return r, nil
}

// Render writes a page. Nothing is written when the template fails, so that the caller can still
// answer with an error page.
func (r *Renderer) Render(w io.Writer, shell Shell, view View) error {
	page, known := r.pages[view.Page()]
	if !known {
		return fmt.Errorf("pages: no template %q", view.Page())
	}
	frame := r.frames[view.Page()]
	if frame == "layout" && shell.User.Name == "" {
		frame = "alone"
	}
	var out bytes.Buffer
	context := Context{Shell: shell, V: view, menu: menuFor(shell, view.Page())}
	if err := page.ExecuteTemplate(&out, frame, context); err != nil {
		return fmt.Errorf("pages: %s: %w", view.Page(), err)
	}
	_, err := out.WriteTo(w)
	return err
}

// Asset finds the file behind an address under /assets/; the answer may be cached for ever.
func (r *Renderer) Asset(url string) (Asset, bool) {
	asset, found := r.byURL[url]
	return asset, found
}
