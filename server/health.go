package server

import (
	"context"
	"time"

	"github.com/gofiber/fiber/v2"

	"estateledger/server/web"
)

// readyPatience is how long the database may take to say that it is there.
const readyPatience = 2 * time.Second

// ownHandlers answer machines: healthz says that the process lives, readyz that
// it can do its work.
func (a *App) ownHandlers() map[string]web.Handler {
	return map[string]web.Handler{
		"healthz": func(q *web.Request) error { return q.SendString("ok\n") },
		"readyz": func(q *web.Request) error {
			ctx, cancel := context.WithTimeout(q.UserContext(), readyPatience)
			defer cancel()
			if err := a.gate.DB.Ping(ctx); err != nil {
				a.log.WarnContext(ctx, "database not reachable", "error", err.Error())
				return q.Status(fiber.StatusServiceUnavailable).SendString("数据库暂时连接不上\n")
			}
			return q.SendString("ok\n")
		},
	}
}
