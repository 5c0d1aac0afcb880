package server

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"

	"estateledger/access"
	"estateledger/civil"
	"estateledger/estate"
	"estateledger/receivable"
	"estateledger/server/api"
	"estateledger/server/pages"
	"estateledger/server/web"
)

// The patience of the service. A body of 30 MB may take as long as readTimeout;
// a handler's own work ends at requestDeadline.
const (
	readTimeout     = 2 * time.Minute
	writeTimeout    = 2 * time.Minute
	idleTimeout     = 2 * time.Minute
	requestDeadline = 30 * time.Second
	slowDeadline    = 5 * time.Minute
)

// Options are what the service stands on.
type Options struct {
	Gate *access.Gate
	// Estate and Cashier are the use cases that carry what cmd has wired to them.
	Estate  *estate.Service
	Cashier *receivable.Cashier
	// Log gets one line per request and everything that is not shown; the
	// default logger when nil.
	Log *slog.Logger
	// TrustedProxies are addresses or networks whose X-Real-IP and
	// X-Forwarded-Proto are believed. Empty: the connection's own address counts.
	TrustedProxies []string
	// Pages are the handlers of the pages by the name of their route, made with
	// the renderer. Without it only the API is served.
	Pages func(*pages.Renderer) map[string]web.Handler
}

// App is the service: it serves until Shutdown.
type App struct {
	fiber  *fiber.App
	gate   *access.Gate
	people *access.People
	log    *slog.Logger
	table  map[string]web.Route
	roles  roleCache
	errors errorPage
}

// New builds the service. It fails when a route of the table has no handler, or
// a handler no route: both are mistakes of the program.
func New(o Options) (*App, error) {
	if o.Log == nil {
		o.Log = slog.Default()
	}
	a := &App{gate: o.Gate, people: access.NewPeople(o.Gate, civil.SystemClock()), log: o.Log, table: map[string]web.Route{}, errors: plainErrorPage}
	a.fiber = fiber.New(fiber.Config{
		AppName:               "estateledger",
		DisableStartupMessage: true,
		Immutable:             true,
		CaseSensitive:         true,
		// The body is read by limitBody, which answers 413 while the client is
		// still sending; without streaming he would only see a reset connection.
		StreamRequestBody:            true,
		DisablePreParseMultipartForm: true,
		BodyLimit:                    web.TooLargeLimit,
		ReadTimeout:                  readTimeout,
		WriteTimeout:                 writeTimeout,
		IdleTimeout:                  idleTimeout,
		ErrorHandler:                 a.fail,
		ProxyHeader:                  proxyHeader(o.TrustedProxies),
		EnableTrustedProxyCheck:      true,
		TrustedProxies:               o.TrustedProxies,
	})
	a.around()
	renderer, err := pages.New()
	if err != nil {
		return nil, err
	}
	a.errors = errorPageOf(renderer, o.Log)
	routes, faces := Routes, []map[string]web.Handler{ownHandlers(a.gate, o.Log, renderer), api.Handlers(api.Services{Estate: o.Estate, Cashier: o.Cashier})}
	if o.Pages != nil {
		routes, faces = slices.Concat(Routes, PageRoutes), append(faces, o.Pages(renderer))
	}
	handlers, err := join(faces...)
	if err != nil {
		return nil, err
	}
	return a, a.register(routes, handlers)
}

func proxyHeader(trusted []string) string {
	if len(trusted) == 0 {
		return ""
	}
	return "X-Real-IP"
}

// join puts the handlers of the faces together.
func join(faces ...map[string]web.Handler) (map[string]web.Handler, error) {
	all := map[string]web.Handler{}
	for _, face := range faces {
		for name, h := range face {
			if _, taken := all[name]; taken {
				return nil, fmt.Errorf("server: two handlers are named %q", name)
			}
			all[name] = h
		}
	}
	return all, nil
}

// register is the only place where routes are registered.
func (a *App) register(routes []web.Route, handlers map[string]web.Handler) error {
	for _, r := range routes {
		h, known := handlers[r.Name]
		if !known {
			return fmt.Errorf("server: route %s %s has no handler %q", r.Method, r.Path, r.Name)
		}
		if _, taken := a.table[r.Name]; taken {
			return fmt.Errorf("server: two routes are named %q", r.Name)
		}
		a.table[r.Name] = r
		a.fiber.Add(r.Method, r.Path, a.pass(r, h))
	}
	for name := range handlers {
		if _, known := a.table[name]; !known {
			return fmt.Errorf("server: handler %q has no route", name)
		}
	}
	return nil
}

// Serve answers requests from the listener until Shutdown.
func (a *App) Serve(l net.Listener) error { return a.fiber.Listener(l) }

// Shutdown stops taking requests and waits for those under way, at most as long
// as ctx.
func (a *App) Shutdown(ctx context.Context) error { return a.fiber.ShutdownWithContext(ctx) }

// Test answers one request without a network.
func (a *App) Test(r *http.Request) (*http.Response, error) { return a.fiber.Test(r, -1) }

// Served lists what is registered, as "METHOD /path"; the middleware around
// every request is none of it.
func (a *App) Served() []string {
	var served []string
	for _, r := range a.fiber.GetRoutes(true) {
		if r.Method != fiber.MethodHead {
			served = append(served, r.Method+" "+r.Path)
		}
	}
	return served
}
