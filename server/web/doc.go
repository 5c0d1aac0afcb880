// Package web is what the JSON API and the pages share: the row of the route
// table, the request as the gate hands it on (who, in which district, at which
// node, under which key), and how a refusal is answered.
//
// It stands below server, which holds the table, the gate and the wiring, so
// that server/api and server/pages can be given to server without a cycle.
package web
