package server

import (
	"bytes"
	"html/template"
	"log/slog"

	"github.com/gofiber/fiber/v2"

	"estateledger/server/pages"
	"estateledger/server/web"
)

// errorPage answers a refusal to a person.
type errorPage func(c *fiber.Ctx, p web.Problem) error

var plainError = template.Must(template.New("error").Parse(`<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>{{.Title}}</title></head>
<body><main><h1>{{.Title}}</h1><p>{{.Detail}}</p>{{with .Request}}<p>编号 {{.}}</p>{{end}}<p><a href="/">回到首页</a></p></main></body></html>
`))

// plainErrorPage needs nothing but itself, so that it still answers when
// everything else fails.
func plainErrorPage(c *fiber.Ctx, p web.Problem) error {
	c.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
	return plainError.Execute(c.Response().BodyWriter(), p)
}

// errorPageOf shows a refusal in the pages' look, alone and without a menu: the
// user may be unknown.
func errorPageOf(renderer *pages.Renderer, log *slog.Logger) errorPage {
	return func(c *fiber.Ctx, p web.Problem) error {
		look := pages.Look{Dark: c.Cookies("theme") == "dark", Large: c.Cookies("size") == "large", Close: c.Cookies("rows") == "close"}
		view := pages.ErrorView{Status: p.Status, Title: p.Title, Text: p.Detail, Request: p.Request, Button: pages.Link{Label: "回到首页", URL: "/"}}
		var page bytes.Buffer
		if err := renderer.Render(&page, pages.Shell{Look: look}, view); err != nil {
			log.Error("error page", "error", err.Error())
			return plainErrorPage(c, p)
		}
		c.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
		return c.Send(page.Bytes())
	}
}
