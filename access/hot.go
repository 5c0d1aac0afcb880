package access

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"sync"

	"estateledger/civil"
	"estateledger/fault"
	"estateledger/postgres"
)

const (
	// hotBatch is how many waiting acts are committed together at most.
	hotBatch = 16
	// hotWriters is how many batches of one district may be under way at once.
	hotWriters = 2
	// hotQueue bounds what may wait; beyond it the caller is told to come back.
	hotQueue = 1024
)

// HotUseCase is a use case that lives in a SQL function over a JSON array of
// requests (fn_*.sql of its room). The function does what Act does — key,
// permission, scope, audit row — for each item, and answers a refusal as a
// result. Refusals gives the error of each code it may answer.
type HotUseCase struct {
	Query    postgres.Query
	Refusals map[string]*fault.Error
}

// hotItem is one act as the function reads it.
type hotItem struct {
	I          int        `json:"i"`
	Key        string     `json:"key"`
	User       int64      `json:"user"`
	Permission Permission `json:"permission"`
	Node       int64      `json:"node"`
	UseCase    string     `json:"use_case"`
	Hash       string     `json:"hash"`
	Today      civil.Date `json:"today"`
	Now        string     `json:"now"`
	Request    any        `json:"request"`
}

type hotAnswer struct {
	I       int             `json:"i"`
	Outcome string          `json:"outcome"`
	Act     int64           `json:"act"`
	Code    string          `json:"code"`
	Result  json.RawMessage `json:"result"`
}

type waiting struct {
	item   hotItem
	answer chan hotReply
}

type hotReply struct {
	answer hotAnswer
	err    error
}

// gatherer collects the acts of one use case in one district that wait at the
// same moment. It adds no delay: a lone act goes at once.
type gatherer struct {
	queue chan *waiting
}

type gatherers struct {
	mu    sync.Mutex
	byKey map[string]*gatherer
	stop  chan struct{}
	done  sync.WaitGroup
}

func newGatherers() *gatherers {
	return &gatherers{byKey: map[string]*gatherer{}, stop: make(chan struct{})}
}

// Close lets the hot acts under way finish and stops gathering.
func (g *Gate) Close() {
	g.hot.mu.Lock()
	select {
	case <-g.hot.stop:
	default:
		close(g.hot.stop)
	}
	g.hot.mu.Unlock()
	g.hot.done.Wait()
}

// ActHot does what Act does for a use case that many do at once: acts that wait
// at the same moment are judged and committed together, each acknowledged after
// its own commit. An answer that does not come in time may still have happened:
// repeating with the same key tells.
func ActHot[R any](ctx context.Context, g *Gate, c Command, h HotUseCase) (Outcome[R], error) {
	var out Outcome[R]
	hash, err := c.hash()
	if err != nil {
		return out, err
	}
	if err := c.check(); err != nil {
		return out, err
	}
	item := hotItem{Key: c.Key, User: c.Actor.UserID, Permission: c.Permission, Node: c.Node, UseCase: c.UseCase,
		Hash: hex.EncodeToString(hash), Today: g.Clock.Today(), Now: g.now(), Request: c.Request}
	for range 3 {
		answer, err := g.submit(ctx, c.District, h, item)
		if err != nil {
			return out, err
		}
		switch answer.Outcome {
		case "done", "replayed":
			out.ActID, out.Replayed = answer.Act, answer.Outcome == "replayed"
			return out, json.Unmarshal(answer.Result, &out.Result)
		case "refused":
			return out, h.refusal(answer.Code)
		}
	}
	return out, fault.Busy("access.busy", "同一请求正在处理,请稍候再试。")
}

// refusal is the error of a code the function answered.
func (h HotUseCase) refusal(code string) error {
	switch code {
	case "access.forbidden":
		return Forbidden()
	case "access.key_reused":
		return KeyReused()
	}
	if e, ok := h.Refusals[code]; ok {
		return e
	}
	return fmt.Errorf("hot act answered an unknown refusal %q", code)
}

// submit queues the act and waits for the answer of its batch.
func (g *Gate) submit(ctx context.Context, district int64, h HotUseCase, item hotItem) (hotAnswer, error) {
	w := &waiting{item: item, answer: make(chan hotReply, 1)}
	q := g.gatherer(district, h)
	select {
	case q.queue <- w:
	case <-g.hot.stop:
		return hotAnswer{}, fault.Busy("access.stopping", "服务正在停止,请稍候再试。")
	default:
		return hotAnswer{}, fault.Busy("access.queue_full", "现在收款的人太多,请稍候再试。")
	}
	select {
	case r := <-w.answer:
		return r.answer, r.err
	case <-ctx.Done():
		return hotAnswer{}, fault.Busy("access.unknown", "没有等到结果,可能已经入账。请用同一笔请求重试,不会重复记账。").Because(ctx.Err())
	}
}

func (g *Gate) gatherer(district int64, h HotUseCase) *gatherer {
	key := fmt.Sprintf("%d/%s", district, h.Query.Name())
	g.hot.mu.Lock()
	defer g.hot.mu.Unlock()
	if q, ok := g.hot.byKey[key]; ok {
		return q
	}
	q := &gatherer{queue: make(chan *waiting, hotQueue)}
	g.hot.byKey[key] = q
	for range hotWriters {
		g.hot.done.Add(1)
		go g.write(district, h, q)
	}
	return q
}

// write takes one waiting act and whatever else waits with it, until the gate
// closes and the queue is empty.
func (g *Gate) write(district int64, h HotUseCase, q *gatherer) {
	defer g.hot.done.Done()
	for {
		select {
		case first := <-q.queue:
			g.writeBatch(district, h, gather(first, q.queue))
		case <-g.hot.stop:
			for {
				select {
				case first := <-q.queue:
					g.writeBatch(district, h, gather(first, q.queue))
				default:
					return
				}
			}
		}
	}
}

func gather(first *waiting, queue chan *waiting) []*waiting {
	batch := []*waiting{first}
	for len(batch) < hotBatch {
		select {
		case next := <-queue:
			batch = append(batch, next)
		default:
			return batch
		}
	}
	return batch
}

// writeBatch commits a batch and gives each its answer. It runs on a context of
// its own: a caller who leaves must not undo his neighbours.
func (g *Gate) writeBatch(district int64, h HotUseCase, batch []*waiting) {
	items := make([]hotItem, len(batch))
	for i, w := range batch {
		items[i] = w.item
		items[i].I = i
	}
	answers, err := g.callHot(district, h, items)
	for i, w := range batch {
		if err != nil {
			w.answer <- hotReply{err: err}
			continue
		}
		w.answer <- hotReply{answer: answers[i]}
	}
}

func (g *Gate) callHot(district int64, h HotUseCase, items []hotItem) ([]hotAnswer, error) {
	body, err := json.Marshal(items)
	if err != nil {
		return nil, err
	}
	var text string
	arg := map[string]any{"district": district, "items": string(body)}
	if err := g.DB.WriteOnce(context.Background(), h.Query, arg, &text); err != nil {
		return nil, err
	}
	var unordered []hotAnswer
	if err := json.Unmarshal([]byte(text), &unordered); err != nil {
		return nil, err
	}
	answers := make([]hotAnswer, len(items))
	for _, a := range unordered {
		answers[a.I] = a
	}
	return answers, nil
}
