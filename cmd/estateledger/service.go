package main

import (
	"context"

	"estateledger/access"
	"estateledger/civil"
	"estateledger/demo"
	"estateledger/estate"
	"estateledger/jobs"
	"estateledger/receivable"
	"estateledger/server"
	"estateledger/server/pages"
	"estateledger/server/screens"
)

// newService wires the rooms to one another and to their HTTP face, and starts what happens by itself. stop
// ends that and the gathering of hot acts; it is called when the last request has been answered.
func newService(ctx context.Context, db *database, s settings, isDemo bool) (web service, stop func(), err error) {
	gate := access.NewGate(db.App, civil.SystemClock(), false)
	register := &estate.Service{Gate: gate, OnTakeover: receivable.Opener{}}
	cashier := receivable.NewCashier(gate)
	handlers := screens.Handlers(screens.Services{Gate: gate, Estate: register, Cashier: cashier, Demo: isDemo, Logins: demoLogins(isDemo)})
	app, err := server.New(server.Options{Gate: gate, Estate: register, Cashier: cashier, Pages: handlers, TrustedProxies: s.TrustedProxies})
	if err != nil {
		gate.Close()
		return nil, nil, err
	}
	ticker, err := jobs.Start(ctx, db.App, jobs.Tasks)
	if err != nil {
		gate.Close()
		return nil, nil, err
	}
	return app, func() { ticker.Stop(); gate.Close() }, nil
}

// demoLogins are shown on the login page of a demo, one per role.
func demoLogins(isDemo bool) []pages.DemoLogin {
	if !isDemo {
		return nil
	}
	logins := make([]pages.DemoLogin, len(demo.Logins))
	for i, u := range demo.Logins {
		logins[i] = pages.DemoLogin{Role: access.RoleNames[u.Role], Login: u.Login, Password: demo.Password}
	}
	return logins
}
