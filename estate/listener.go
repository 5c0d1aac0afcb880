package estate

import (
	"context"

	"estateledger/access"
	"estateledger/civil"
	"estateledger/postgres"
)

// TakenOver is what a takeover tells those who must act on it.
type TakenOver struct {
	EstateID      int64
	EstateName    string
	EstateNode    int64
	CommunityNode int64
	CompanyID     int64
	CompanyName   string
	CompanyNode   int64
	EntryDate     civil.Date
}

// TakeoverListener is told of a takeover within its act: what it does is done
// with the takeover or not at all. The rooms above implement it; cmd wires it.
type TakeoverListener interface {
	EstateTakenOver(ctx context.Context, tx postgres.Tx, act *access.Record, t TakenOver) error
}
