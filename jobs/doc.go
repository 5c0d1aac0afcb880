// Package jobs runs what happens by itself and shows how far long work has
// come. It calls the rooms below and decides nothing.
//
// For now it is one node's ticker: it rolls up the ledger and clears away
// uploads nobody confirmed. Leases, catch-up and the page of jobs come with the
// subsidy window; nothing of the books depends on when a ticker fires.
package jobs
