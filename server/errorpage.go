package server

import (
	"html/template"

	"github.com/gofiber/fiber/v2"

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
