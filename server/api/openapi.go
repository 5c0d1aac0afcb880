package api

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"sync"

	"github.com/gofiber/fiber/v2"
	"go.yaml.in/yaml/v4"

	"estateledger/server/web"
)

//go:embed openapi/*.yaml
var openAPIFiles embed.FS

// Document is the description of the API as JSON: the parts in openapi/ put
// together. It is written by hand; a test holds it against the routes.
var Document = sync.OnceValues(func() ([]byte, error) {
	names, err := fs.Glob(openAPIFiles, "openapi/*.yaml")
	if err != nil {
		return nil, err
	}
	whole := map[string]any{}
	for _, name := range names {
		text, err := fs.ReadFile(openAPIFiles, name)
		if err != nil {
			return nil, err
		}
		var part map[string]any
		if err := yaml.Unmarshal(text, &part); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if err := merge(whole, part); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return json.Marshal(whole)
})

// merge puts a part into the whole; what both have must be maps.
func merge(whole, part map[string]any) error {
	for key, value := range part {
		there, taken := whole[key]
		if !taken {
			whole[key] = value
			continue
		}
		a, aMap := there.(map[string]any)
		b, bMap := value.(map[string]any)
		if !aMap || !bMap {
			return fmt.Errorf("%q is described twice", key)
		}
		if err := merge(a, b); err != nil {
			return fmt.Errorf("%s: %w", key, err)
		}
	}
	return nil
}

func openAPI(q *web.Request) error {
	document, err := Document()
	if err != nil {
		return err
	}
	q.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSONCharsetUTF8)
	return q.Send(document)
}
