package torture

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
	"testing"

	"estateledger/access"
	"estateledger/billing"
	"estateledger/civil"
	"estateledger/fault"
	"estateledger/ledger/money"
	"estateledger/postgres"
	"estateledger/receivable"
)

// serviceEnv holds the database's DSN for a test binary that is to be a service.
const serviceEnv = "TORTURE_SERVICE"

// order is what a clerk asks of the service.
type order struct {
	ID       int64        `json:"id"`
	Kind     string       `json:"kind"` // pay, bill, withdraw
	Key      string       `json:"key"`
	District int64        `json:"district"`
	Actor    access.Actor `json:"actor"`
	Unit     int64        `json:"unit"`
	Counter  int64        `json:"counter"`
	Amount   money.Yuan   `json:"amount"`
	Estate   int64        `json:"estate"`
	Month    civil.Month  `json:"month"`
	Run      int64        `json:"run"`
}

// answer is what the service says when the act is committed, or why not.
type answer struct {
	ID       int64  `json:"id"`
	Code     string `json:"code"`  // of a refusal, "" for done
	Again    bool   `json:"again"` // busy or unknown: to be asked again with the same key
	Replayed bool   `json:"replayed"`
	Payment  int64  `json:"payment"`
	Run      int64  `json:"run"`
	Count    int    `json:"count"`
}

// serve is the service: orders on standard input, one a line, answers on
// standard output, everything through the gate and a pool of its own.
func serve(dsn string) error {
	ctx := context.Background()
	db, err := postgres.Open(ctx, postgres.Config{DSN: dsn, MaxOpen: 16, Application: "torture"})
	if err != nil {
		return err
	}
	gate := access.NewGate(db, civil.FixedClock(crashDay), false)
	cashier := receivable.NewCashier(gate)
	var mu sync.Mutex
	out := json.NewEncoder(os.Stdout)
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		var o order
		if err := json.Unmarshal(lines.Bytes(), &o); err != nil {
			return err
		}
		go func() {
			a := fulfil(ctx, gate, cashier, o)
			mu.Lock()
			defer mu.Unlock()
			_ = out.Encode(a)
		}()
	}
	return lines.Err()
}

func fulfil(ctx context.Context, gate *access.Gate, cashier *receivable.Cashier, o order) answer {
	a := answer{ID: o.ID}
	var err error
	switch o.Kind {
	case "pay":
		var out access.Outcome[receivable.Paid]
		out, err = cashier.Pay(ctx, o.Actor, o.District, o.Key, receivable.PayRequest{UnitID: o.Unit, CounterID: o.Counter,
			Channel: receivable.ByCash, Amount: o.Amount, Note: o.Key})
		a.Replayed, a.Payment = out.Replayed, out.Result.PaymentID
	case "bill":
		var out access.Outcome[billing.RunResult]
		out, err = billing.PublishNow(ctx, gate, o.Actor, o.District, o.Key, billing.DraftRequest{Estate: o.Estate, Month: o.Month})
		a.Replayed, a.Run, a.Count = out.Replayed, out.Result.RunID, out.Result.Count
	case "withdraw":
		var out access.Outcome[billing.RunWithdrawn]
		out, err = billing.Withdraw(ctx, gate, o.Actor, o.District, o.Key, billing.WithdrawRequest{Run: o.Run, Reason: "重新出账"})
		a.Replayed, a.Run, a.Count = out.Replayed, out.Result.RunID, out.Result.Count
	default:
		err = fmt.Errorf("no such order: %q", o.Kind)
	}
	a.Code, a.Again = codeOf(err), fault.Of(err) == fault.KindBusy
	return a
}

// service is the running process, and who waits for an answer of it.
type service struct {
	cmd  *exec.Cmd
	in   io.WriteCloser
	mu   sync.Mutex
	wait map[int64]chan answer
	gone chan struct{}
}

func startService(t testing.TB, dsn string) *service {
	t.Helper()
	s := &service{cmd: exec.Command(os.Args[0]), wait: map[int64]chan answer{}, gone: make(chan struct{})}
	s.cmd.Env = append(os.Environ(), serviceEnv+"="+dsn)
	s.cmd.Stderr = os.Stderr
	in, err := s.cmd.StdinPipe()
	must(t, err)
	out, err := s.cmd.StdoutPipe()
	must(t, err)
	must(t, s.cmd.Start())
	s.in = in
	go s.listen(out)
	return s
}

// listen hands out the answers until the service is gone.
func (s *service) listen(out io.Reader) {
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		var a answer
		if json.Unmarshal(lines.Bytes(), &a) != nil {
			continue // the last line of a service that was killed
		}
		s.mu.Lock()
		if c := s.wait[a.ID]; c != nil {
			c <- a
			delete(s.wait, a.ID)
		}
		s.mu.Unlock()
	}
	_ = s.cmd.Wait()
	close(s.gone)
}

// ask sends an order and waits; false when the service died before it answered.
func (s *service) ask(o order) (answer, bool) {
	line, err := json.Marshal(o)
	if err != nil {
		panic(err)
	}
	heard := make(chan answer, 1)
	s.mu.Lock()
	s.wait[o.ID] = heard
	_, err = s.in.Write(append(line, '\n'))
	s.mu.Unlock()
	if err != nil {
		return answer{}, false
	}
	select {
	case a := <-heard:
		return a, true
	case <-s.gone:
		select {
		case a := <-heard: // it was said before the end
			return a, true
		default:
			return answer{}, false
		}
	}
}

// kill ends the service with -9.
func (s *service) kill() {
	_ = s.cmd.Process.Kill()
	<-s.gone
}
