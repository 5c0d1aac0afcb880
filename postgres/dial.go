package postgres

import (
	"context"
	"net"
	"runtime"
	"syscall"
	"time"
)

// silence is how long a server may leave us without any sign of life before
// its connection counts as lost. lib/pq reads without a time limit, so a
// machine that vanishes in the middle of a statement would hold it for the
// kernel's quarter of an hour.
const silence = 30 * time.Second

// dialer implements pq.Dialer.
type dialer struct{}

func (dialer) dialer() *net.Dialer {
	return &net.Dialer{
		KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: silence / 3, Interval: silence / 6, Count: 4},
		Control: func(_, _ string, raw syscall.RawConn) error {
			if runtime.GOOS != "linux" {
				return nil
			}
			// Keep-alive is silent while sent data waits for its receipt;
			// this bounds that wait.
			const tcpUserTimeout = 0x12
			return raw.Control(func(fd uintptr) {
				_ = syscall.SetsockoptInt(int(fd), syscall.IPPROTO_TCP, tcpUserTimeout, int(silence.Milliseconds()))
			})
		},
	}
}

func (d dialer) Dial(network, address string) (net.Conn, error) {
	return d.dialer().Dial(network, address)
}

func (d dialer) DialTimeout(network, address string, timeout time.Duration) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	return d.DialContext(ctx, network, address)
}

func (d dialer) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	return d.dialer().DialContext(ctx, network, address)
}
