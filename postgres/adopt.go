package postgres

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jmoiron/sqlx"
)

// postmaster is what a running server writes into postmaster.pid.
type postmaster struct {
	pid, port int
	status    string // starting, stopping, ready, standby
}

func (c *cluster) pidFile() string { return filepath.Join(c.data, "postmaster.pid") }

func (c *cluster) postmaster() (postmaster, bool) {
	text, err := os.ReadFile(c.pidFile())
	if err != nil {
		return postmaster{}, false
	}
	lines := append(strings.Split(string(text), "\n"), make([]string, 8)...)
	pid, err := strconv.Atoi(strings.TrimSpace(lines[0]))
	if err != nil {
		return postmaster{}, false
	}
	port, _ := strconv.Atoi(strings.TrimSpace(lines[3]))
	return postmaster{pid: pid, port: port, status: strings.TrimSpace(lines[7])}, true
}

func alive(pid int) bool {
	err := syscall.Kill(pid, 0)
	return err == nil || errors.Is(err, syscall.EPERM)
}

// adopt takes over a server that a killed service left running on the folder.
// A pid file whose process is gone is left for PostgreSQL itself, which checks
// by it that no backend is alive. One whose number belongs to something else by
// now (after a restart of the machine numbers come again) PostgreSQL would
// refuse for ever, so it is removed, once no process works in the folder.
func (c *cluster) adopt(ctx context.Context) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		pm, found := c.postmaster()
		if !found {
			return false, nil
		}
		if !alive(pm.pid) {
			return false, nil
		}
		stranger := c.isStranger(pm.pid)
		if stranger && !folderInUse(c.data) {
			return false, os.Remove(c.pidFile())
		}
		if pm.status == "ready" && !stranger {
			c.pid, c.port, c.exited = pm.pid, pm.port, nil
			if err := c.confirm(ctx); err != nil {
				return false, fmt.Errorf("数据目录上已有一个 PostgreSQL 在运行，但接管不了 (a server runs on %s but cannot be adopted): %w", c.data, err)
			}
			c.adopted = true
			return true, nil
		}
		select {
		case <-tick.C: // it is starting or stopping
		case <-ctx.Done():
			return false, fmt.Errorf("postgres: the server on %s stays in state %q: %w", c.data, pm.status, ctx.Err())
		}
	}
}

// isStranger tells from the process's working folder, which a postmaster sets
// to its data folder. Where that cannot be seen, the process counts as ours.
func (c *cluster) isStranger(pid int) bool {
	cwd, err := os.Readlink("/proc/" + strconv.Itoa(pid) + "/cwd")
	if err != nil {
		return false
	}
	real, err := filepath.EvalSymlinks(c.data)
	return err == nil && cwd != real
}

// folderInUse looks for a process that works in the data folder, such as a
// backend that outlived its postmaster.
func folderInUse(data string) bool {
	real, err := filepath.EvalSymlinks(data)
	if err != nil {
		return false
	}
	links, _ := filepath.Glob("/proc/[0-9]*/cwd")
	for _, l := range links {
		if cwd, err := os.Readlink(l); err == nil && cwd == real {
			return true
		}
	}
	return false
}

func (c *cluster) confirm(ctx context.Context) error {
	return c.asSuper(ctx, "postgres", func(db *sqlx.DB) error {
		var dir string
		if err := db.GetContext(ctx, &dir, adminQueries.Get("data_directory").q.sql); err != nil {
			return err
		}
		if dir != c.data {
			return fmt.Errorf("port %d serves %s", c.port, dir)
		}
		return nil
	})
}

// asSuper runs fn with one connection as the superuser.
func (c *cluster) asSuper(_ context.Context, database string, fn func(*sqlx.DB) error) error {
	cfg, err := parseDSN(c.superDSN(database), "estateledger server")
	if err != nil {
		return err
	}
	db, err := openPool(cfg, 1)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	return fn(db)
}
