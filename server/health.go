package server

import (
	"context"
	"log/slog"
	"time"

	"github.com/gofiber/fiber/v2"

	"estateledger/access"
	"estateledger/server/pages"
	"estateledger/server/web"
)

// readyPatience is how long the database may take to say that it is there.
const readyPatience = 2 * time.Second

// ownHandlers answer machines and browsers: healthz says that the process
// lives, readyz that it can do its work; an asset never changes under its
// address and may be kept for ever.
func ownHandlers(g *access.Gate, log *slog.Logger, renderer *pages.Renderer) map[string]web.Handler {
	return map[string]web.Handler{
		"healthz": func(q *web.Request) error { return q.SendString("ok\n") },
		"readyz": func(q *web.Request) error {
			ctx, cancel := context.WithTimeout(q.UserContext(), readyPatience)
			defer cancel()
			if err := g.DB.Ping(ctx); err != nil {
				log.WarnContext(ctx, "database not reachable", "error", err.Error())
				return q.Status(fiber.StatusServiceUnavailable).SendString("数据库暂时连接不上\n")
			}
			return q.SendString("ok\n")
		},
		"asset": func(q *web.Request) error {
			asset, found := renderer.Asset(q.Path())
			if !found {
				return web.NotFound()
			}
			q.Set(fiber.HeaderCacheControl, "public, max-age=31536000, immutable")
			q.Set(fiber.HeaderContentType, asset.ContentType)
			return q.Send(asset.Body)
		},
	}
}
