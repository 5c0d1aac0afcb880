package server

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"runtime/debug"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/compress"
	"github.com/google/uuid"

	"estateledger/fault"
	"estateledger/server/web"
)

const requestIDHeader = "X-Request-Id"

// around is what stands around every request, outermost first.
func (a *App) around() {
	a.fiber.Use(a.watch, headers, compress.New(compress.Config{Level: compress.LevelBestSpeed}), limitBody)
}

// watch gives the request its id and deadline, turns a panic into a failure,
// answers errors and writes one line to the log.
func (a *App) watch(c *fiber.Ctx) error {
	start := time.Now()
	id := uuid.NewString()
	c.Locals(requestIDHeader, id)
	c.Set(requestIDHeader, id)
	ctx, cancel := context.WithTimeout(c.UserContext(), requestDeadline)
	defer cancel()
	c.SetUserContext(ctx)
	err := guarded(c)
	if err != nil {
		if err := a.fail(c, err); err != nil {
			return err
		}
	}
	line := []any{"request", id, "method", c.Method(), "path", c.Path(), "status", c.Response().StatusCode(),
		"ms", time.Since(start).Milliseconds(), "user", userOf(c), "from", c.IP()}
	if c.Response().StatusCode() >= fiber.StatusInternalServerError {
		a.log.ErrorContext(ctx, "answered", append(line, "error", errorText(err))...)
		return nil
	}
	a.log.Log(ctx, levelOf(c), "answered", line...)
	return nil
}

// levelOf keeps the two checks that machines ask every few seconds out of the
// normal log.
func levelOf(c *fiber.Ctx) slog.Level {
	if p := c.Path(); p == "/healthz" || p == "/readyz" {
		return slog.LevelDebug
	}
	return slog.LevelInfo
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// guarded runs the rest of the chain; a panic becomes an error with its stack.
func guarded(c *fiber.Ctx) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return c.Next()
}

// fail answers an error: problem+json to the API, a page to a person.
func (a *App) fail(c *fiber.Ctx, err error) error {
	id, _ := c.Locals(requestIDHeader).(string)
	p := web.ProblemOf(err, id)
	c.Status(p.Status)
	if p.Status == fiber.StatusServiceUnavailable || p.Status == fiber.StatusTooManyRequests {
		c.Set(fiber.HeaderRetryAfter, retryAfter(p.Status))
	}
	if web.IsAPI(c.Path()) {
		return c.JSON(p, "application/problem+json")
	}
	return a.errors(c, p)
}

func retryAfter(status int) string {
	if status == fiber.StatusTooManyRequests {
		return "900"
	}
	return "2"
}

// headers says to the browser what a page may do: nothing from elsewhere.
func headers(c *fiber.Ctx) error {
	c.Set(fiber.HeaderContentSecurityPolicy, "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'")
	c.Set(fiber.HeaderXContentTypeOptions, "nosniff")
	c.Set(fiber.HeaderXFrameOptions, "DENY")
	c.Set(fiber.HeaderReferrerPolicy, "same-origin")
	c.Set("Cross-Origin-Opener-Policy", "same-origin")
	c.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
	// What a person sees is his alone; assets, which never change under their
	// address, say otherwise themselves.
	c.Set(fiber.HeaderCacheControl, "no-store")
	if c.Secure() {
		c.Set(fiber.HeaderStrictTransportSecurity, "max-age=31536000")
	}
	return c.Next()
}

// drainMost bounds how much of a body that is refused is still read, so that
// its sender gets to read the refusal.
const drainMost = 1 << 30

// limitBody reads the body before anything else happens. A handler must find it
// whole: what is left unread on the connection would be taken for the next
// request.
func limitBody(c *fiber.Ctx) error {
	if enc := c.Get(fiber.HeaderContentEncoding); enc != "" && enc != "identity" {
		drain(c)
		return fault.Unsupported("server.encoded_body", "不支持压缩过的请求内容，请原样发送。")
	}
	if !c.Request().IsBodyStream() {
		return c.Next()
	}
	if c.Request().Header.ContentLength() > web.TooLargeLimit {
		drain(c)
		return web.TooLarge()
	}
	body, err := io.ReadAll(io.LimitReader(c.Request().BodyStream(), web.TooLargeLimit+1))
	if err != nil {
		c.Context().SetConnectionClose()
		return fault.Invalid("server.body_cut_off", "内容没有传完整，请重新上传。").Because(err)
	}
	if len(body) > web.TooLargeLimit {
		drain(c)
		return web.TooLarge()
	}
	c.Request().SetBodyRaw(body)
	return c.Next()
}

// drain reads on and gives the connection up afterwards.
func drain(c *fiber.Ctx) {
	c.Context().SetConnectionClose()
	if c.Request().IsBodyStream() {
		_, _ = io.Copy(io.Discard, io.LimitReader(c.Request().BodyStream(), drainMost))
	}
}

// userOf is who asked, for the log; 0 when nobody is logged in.
func userOf(c *fiber.Ctx) int64 {
	id, _ := c.Locals(userLocal).(int64)
	return id
}
