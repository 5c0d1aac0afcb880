package postgres

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

const superuser = "postgres"

// cluster is one PostgreSQL data folder and the server program that runs on it.
type cluster struct {
	bin       string
	account   account
	data      string
	log       string
	password  string // of the superuser
	ephemeral bool
	settings  map[string]string

	port    int
	pid     int
	exited  chan struct{} // nil for an adopted server, which is no child
	adopted bool
}

// settingsDurable and settingsEphemeral differ in what a power cut may take.
func (c *cluster) serverSettings() map[string]string {
	s := map[string]string{
		"listen_addresses":        "127.0.0.1",
		"port":                    strconv.Itoa(c.port),
		"unix_socket_directories": "",
		"max_connections":         "100",
		"logging_collector":       "off",
		"log_min_messages":        "warning",
		"log_line_prefix":         "%m [%p] ",
		"timezone":                Zone,
		"log_timezone":            Zone,
	}
	if c.ephemeral {
		maps.Copy(s, map[string]string{
			"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off",
			"wal_level": "minimal", "max_wal_senders": "0", "autovacuum": "off",
			"checkpoint_timeout": "1h", "deadlock_timeout": "100ms", "max_connections": "200",
		})
	}
	maps.Copy(s, c.settings)
	return s
}

// initialise runs initdb beside the final place and moves the result there, so
// that an interrupted initdb never looks like a database.
func (c *cluster) initialise(ctx context.Context) error {
	if _, err := os.Stat(filepath.Join(c.data, "PG_VERSION")); err == nil {
		return nil
	}
	building := c.data + ".new"
	if err := os.RemoveAll(building); err != nil {
		return err
	}
	if err := os.Mkdir(building, 0o700); err != nil {
		return err
	}
	if err := c.account.own(building); err != nil {
		return err
	}
	secret := building + ".password"
	if err := os.WriteFile(secret, []byte(c.password+"\n"), 0o600); err != nil {
		return err
	}
	defer func() { _ = os.Remove(secret) }()
	if err := c.account.own(secret); err != nil {
		return err
	}
	args := []string{"-D", building, "-U", superuser, "--pwfile", secret, "-A", "scram-sha-256", "-E", "UTF8", "--locale=C"}
	if c.ephemeral {
		args = append(args, "--no-sync")
	} else {
		args = append(args, "--data-checksums")
	}
	cmd := exec.CommandContext(ctx, filepath.Join(c.bin, "initdb"), args...)
	c.prepare(cmd)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w: %s", err, lastLines(string(out), 4))
	}
	return os.Rename(building, c.data)
}

func (c *cluster) prepare(cmd *exec.Cmd) {
	cmd.SysProcAttr = c.account.attributes()
	cmd.Dir = filepath.Dir(c.data)
	cmd.Env = []string{"PATH=" + c.bin + ":/usr/bin:/bin", "LC_ALL=C", "HOME=" + filepath.Dir(c.data)}
}

// run adopts a server that already runs on the folder, or starts one.
func (c *cluster) run(ctx context.Context) error {
	if found, err := c.adopt(ctx); found || err != nil {
		return err
	}
	const tries = 8
	for n := 1; ; n++ {
		err := c.start(ctx)
		var early *startError
		if err == nil || !errors.As(err, &early) || !early.passing() || n == tries {
			return err
		}
		// The port went to somebody else, or backends of a killed server are
		// still letting go of its shared memory.
		select {
		case <-ctx.Done():
			return err
		case <-time.After(time.Duration(n) * 200 * time.Millisecond):
		}
	}
}

type startError struct{ log string }

func (e *startError) Error() string {
	return "PostgreSQL 没有启动成功 (PostgreSQL did not start): " + lastLines(e.log, 6)
}

func (e *startError) passing() bool {
	for _, sign := range []string{"could not bind", "Address already in use", "pre-existing shared memory", "could not create any TCP/IP sockets"} {
		if strings.Contains(e.log, sign) {
			return true
		}
	}
	return false
}

func (c *cluster) start(ctx context.Context) error {
	port, err := freePort()
	if err != nil {
		return err
	}
	c.port = port
	log, offset, err := openLog(c.log)
	if err != nil {
		return err
	}
	defer func() { _ = log.Close() }()
	settings := c.serverSettings()
	args := []string{"-D", c.data}
	for _, key := range slices.Sorted(maps.Keys(settings)) {
		args = append(args, "-c", key+"="+settings[key])
	}
	cmd := exec.Command(filepath.Join(c.bin, "postgres"), args...)
	c.prepare(cmd)
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("postgres: %w", err)
	}
	c.pid, c.exited = cmd.Process.Pid, make(chan struct{})
	go func(exited chan struct{}) { _ = cmd.Wait(); close(exited) }(c.exited)
	tick := time.NewTicker(15 * time.Millisecond)
	defer tick.Stop()
	for {
		if pm, ok := c.postmaster(); ok && pm.pid == c.pid && pm.status == "ready" {
			return nil
		}
		select {
		case <-c.exited:
			return &startError{textFrom(c.log, offset)}
		case <-ctx.Done():
			_ = syscall.Kill(c.pid, syscall.SIGINT)
			<-c.exited
			return ctx.Err()
		case <-tick.C:
		}
	}
}

// stop ends the server in order (fast shutdown: transactions under way are
// rolled back, everything is written) and waits; an ephemeral one at once.
// After the context's end a durable server is left to finish by itself.
func (c *cluster) stop(ctx context.Context) error {
	signal := syscall.SIGINT
	if c.ephemeral {
		signal = syscall.SIGQUIT
	}
	if err := syscall.Kill(c.pid, signal); err != nil && !errors.Is(err, syscall.ESRCH) {
		return fmt.Errorf("postgres: cannot stop the server: %w", err)
	}
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		if c.exited == nil {
			if pm, ok := c.postmaster(); !ok || pm.pid != c.pid || !alive(c.pid) {
				return nil
			}
		}
		select {
		case <-c.exited:
			return nil
		case <-ctx.Done():
			return fmt.Errorf("postgres: the server is still stopping: %w", ctx.Err())
		case <-tick.C:
		}
	}
}

func (c *cluster) superDSN(database string) string {
	return makeDSN("127.0.0.1", c.port, superuser, c.password, database)
}

func freePort() (int, error) {
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer func() { _ = l.Close() }()
	return l.Addr().(*net.TCPAddr).Port, nil
}

// openLog appends, and begins anew when the log has grown large.
func openLog(path string) (f *os.File, offset int64, err error) {
	const large = 16 << 20
	if info, err := os.Stat(path); err == nil && info.Size() > large {
		_ = os.Rename(path, path+".1")
	}
	f, err = os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return nil, 0, err
	}
	info, err := f.Stat()
	if err != nil {
		_ = f.Close()
		return nil, 0, err
	}
	return f, info.Size(), nil
}

func textFrom(path string, offset int64) string {
	text, err := os.ReadFile(path)
	if err != nil || int64(len(text)) < offset {
		return ""
	}
	return string(text[offset:])
}

func lastLines(text string, n int) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return strings.Join(lines[max(0, len(lines)-n):], " | ")
}
