package torture

import (
	"bytes"
	"math/rand/v2"
	"net"
	"strconv"
	"sync/atomic"
	"testing"
)

// commitReply is how PostgreSQL says that a COMMIT is done.
var commitReply = []byte("COMMIT\x00")

// proxy stands between a service and PostgreSQL and loses replies: the server
// has done what it was told, and the service never hears of it. The address
// stays while the server behind it dies and comes back on another port.
type proxy struct {
	listener net.Listener
	server   atomic.Int32 // port
	// lossyCommits and lossyOthers are how many replies of a thousand get lost.
	lossyCommits, lossyOthers int
	// unknown counts commits that the server made and the service was not told of.
	unknown atomic.Int64
	lost    atomic.Int64
}

func startProxy(t *testing.T, lossyCommits, lossyOthers int) *proxy {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	must(t, err)
	p := &proxy{listener: l, lossyCommits: lossyCommits, lossyOthers: lossyOthers}
	go p.serve()
	t.Cleanup(func() { _ = l.Close() })
	return p
}

func (p *proxy) port() int { return p.listener.Addr().(*net.TCPAddr).Port }

func (p *proxy) serve() {
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return
		}
		go p.relay(client)
	}
}

func (p *proxy) relay(client net.Conn) {
	defer func() { _ = client.Close() }()
	server, err := net.Dial("tcp4", net.JoinHostPort("127.0.0.1", strconv.Itoa(int(p.server.Load()))))
	if err != nil {
		return
	}
	defer func() { _ = server.Close() }()
	go func() {
		defer func() { _ = server.Close() }()
		pass(server, client, nil)
	}()
	first := true
	pass(client, server, func(reply []byte) bool {
		if first { // the greeting: a connection that cannot be opened tests nothing
			first = false
			return true
		}
		return !p.loses(reply)
	})
}

// pass copies until an end closes or keep says no.
func pass(to, from net.Conn, keep func([]byte) bool) {
	buf := make([]byte, 64<<10)
	for {
		n, err := from.Read(buf)
		if err != nil {
			return
		}
		if keep != nil && !keep(buf[:n]) {
			return
		}
		if _, err := to.Write(buf[:n]); err != nil {
			return
		}
	}
}

func (p *proxy) loses(reply []byte) bool {
	committed := bytes.Contains(reply, commitReply)
	chance := p.lossyOthers
	if committed {
		chance = p.lossyCommits
	}
	if rand.IntN(1000) >= chance {
		return false
	}
	p.lost.Add(1)
	if committed {
		p.unknown.Add(1)
	}
	return true
}
