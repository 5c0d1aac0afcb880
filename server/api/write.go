package api

import (
	"context"

	"estateledger/access"
	"estateledger/fault"
	"estateledger/server/web"
)

// useCase is an act of the domain that takes one request.
type useCase[Req, R any] func(ctx context.Context, actor access.Actor, key string, req Req) (access.Outcome[R], error)

// write answers a use case whose request is the JSON body. place puts in what
// the address says: the district and the ids of the path.
func write[Req, R any](do useCase[Req, R], place func(q *web.Request, req *Req) error) web.Handler {
	return func(q *web.Request) error {
		var req Req
		if err := q.Decode(&req); err != nil {
			return err
		}
		if err := place(q, &req); err != nil {
			return err
		}
		out, err := do(q.UserContext(), q.Actor(), q.Key(), req)
		return web.Done(q, out, err)
	}
}

// put fills in an id that the address says. A body that says another one is
// refused: one of the two is a mistake.
func put(into *int64, id int64) error {
	if *into != 0 && *into != id {
		return fault.Invalid("server.address_differs", "请求内容里的编号和地址里的不一致。")
	}
	*into = id
	return nil
}

// putParam is put with an id of the path besides the one the gate has looked at.
func putParam(q *web.Request, into *int64, name string) error {
	id, err := q.ParamID(name)
	if err != nil {
		return err
	}
	return put(into, id)
}

// both is the first error of two.
func both(a, b error) error {
	if a != nil {
		return a
	}
	return b
}

// gatedUseCase is an act of the domain that takes gate and district apart.
type gatedUseCase[Req, R any] func(ctx context.Context, g *access.Gate, actor access.Actor, district int64, key string, req Req) (access.Outcome[R], error)

// gated is write for a gated use case.
func gated[Req, R any](do gatedUseCase[Req, R], place func(q *web.Request, req *Req) error) web.Handler {
	return func(q *web.Request) error {
		here := func(ctx context.Context, actor access.Actor, key string, req Req) (access.Outcome[R], error) {
			return do(ctx, q.Gate, actor, q.District, key, req)
		}
		return write(here, place)(q)
	}
}
