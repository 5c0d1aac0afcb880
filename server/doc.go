// Package server is the HTTP face: one table of routes (routes.go), the gate
// that every request passes (gate.go), and the service that ties the JSON API
// and the pages to them (server.go).
//
// Its invariants: a route that is not in the table cannot be registered; no
// handler runs before the gate has answered who, where and whether; an error
// that is no refusal is logged with the request's id and never shown.
package server
