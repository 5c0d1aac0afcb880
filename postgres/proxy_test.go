package postgres_test

import (
	"bytes"
	"net"
	"strconv"
	"sync"
	"testing"

	"estateledger/postgres"
)

// proxy stands between a pool and the server and interferes with the answer to
// the n-th message that contains mark.
type proxy struct {
	listener net.Listener
	server   string
	mark     []byte
	answer   func(client net.Conn, reply []byte)

	mu   sync.Mutex
	left int // how many answers are still to be interfered with
	seen int
}

// drop cuts the connection after the server has answered and before the client
// has heard it.
func drop(client net.Conn, _ []byte) { _ = client.Close() }

// withhold never passes the answer on, and keeps the connection.
func withhold(net.Conn, []byte) {}

func through(t *testing.T, dsn, mark string, times int, answer func(net.Conn, []byte)) (*proxy, string) {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{listener: l, server: net.JoinHostPort("127.0.0.1", strconv.Itoa(int(postgres.PortOf(dsn)))),
		mark: []byte(mark), left: times, answer: answer}
	go p.serve()
	t.Cleanup(func() { _ = l.Close() })
	_, port, _ := net.SplitHostPort(l.Addr().String())
	return p, postgres.UnderPort(dsn, port)
}

func (p *proxy) serve() {
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial("tcp4", p.server)
		if err != nil {
			_ = client.Close()
			return
		}
		go p.relay(client, server)
	}
}

func (p *proxy) relay(client, server net.Conn) {
	var mu sync.Mutex
	interfere := false
	go func() {
		defer func() { _ = server.Close() }()
		buf := make([]byte, 64<<10)
		for {
			n, err := client.Read(buf)
			if err != nil {
				return
			}
			if bytes.Contains(buf[:n], p.mark) && p.take() {
				mu.Lock()
				interfere = true
				mu.Unlock()
			}
			if _, err := server.Write(buf[:n]); err != nil {
				return
			}
		}
	}()
	defer func() { _ = client.Close() }()
	buf := make([]byte, 64<<10)
	for {
		n, err := server.Read(buf)
		if err != nil {
			return
		}
		mu.Lock()
		now := interfere
		mu.Unlock()
		if now {
			p.answer(client, buf[:n])
			continue
		}
		if _, err := client.Write(buf[:n]); err != nil {
			return
		}
	}
}

func (p *proxy) take() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.seen++
	p.left--
	return p.left >= 0
}

func (p *proxy) sent() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.seen
}
