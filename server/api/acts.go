package api

import (
	"context"
	"encoding/json"
	"strconv"
	"time"

	"estateledger/access"
	"estateledger/postgres"
	"estateledger/server/web"
)

type actOut struct {
	ID         int64           `json:"act_id,string"`
	UseCase    string          `json:"use_case"`
	RecordedAt time.Time       `json:"recorded_at"`
	Node       int64           `json:"node_id,string"`
	Place      string          `json:"place"`
	UserName   string          `json:"user_name"`
	Key        string          `json:"key"`
	Before     json.RawMessage `json:"before"`
	After      json.RawMessage `json:"after"`
	Result     json.RawMessage `json:"result"`
}

func outAct(a access.Audited) actOut {
	return actOut{ID: a.ActID, UseCase: a.UseCase, RecordedAt: a.RecordedAt, Node: a.Node, Place: a.Place, UserName: a.UserName,
		Key: a.Key, Before: rawOrNull(a.Before), After: rawOrNull(a.After), Result: rawOrNull(a.Result)}
}

func rawOrNull(text string) json.RawMessage {
	if text == "" {
		return json.RawMessage("null")
	}
	return json.RawMessage(text)
}

// acts are what was done, newest first, over a node or everywhere.
func acts(q *web.Request) error {
	var f web.Fields
	page := access.ActsPage{Node: f.ID("node_id", q.Query("node_id")), BeforeAct: f.ID("before", q.Query("before")),
		Limit: f.Count("limit", q.Query("limit", "50"), 1, 200)}
	if err := f.Err(); err != nil {
		return err
	}
	out, next := []actOut{}, ""
	err := q.View(func(ctx context.Context, r postgres.Reader, s access.Scope) error {
		found, err := access.Acts(ctx, r, s, page)
		for _, a := range found {
			out = append(out, outAct(a))
		}
		if len(found) == page.Limit {
			next = strconv.FormatInt(found[len(found)-1].ActID, 10)
		}
		return err
	})
	if err != nil {
		return err
	}
	return web.Items(q, out, next)
}

func act(q *web.Request) error {
	var out actOut
	err := q.View(func(ctx context.Context, r postgres.Reader, s access.Scope) error {
		a, err := access.ActByID(ctx, r, s, q.ID)
		out = outAct(a)
		return err
	})
	if err != nil {
		return err
	}
	return q.JSON(out)
}
