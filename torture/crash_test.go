package torture

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"estateledger/civil"
	"estateledger/ledger"
	"estateledger/postgres"
)

// crashDay is when the battle is fought.
var crashDay = time.Date(2026, 6, 20, 9, 0, 0, 0, civil.Shanghai)

const (
	// lossyCommits of a thousand answers to COMMIT are lost, lossyOthers of all others.
	lossyCommits, lossyOthers = 40, 2
	// atLeastFlying acts are under way when something is killed.
	atLeastFlying = 8
)

// TestNothingIsLostOrDoubled lets clerks pay and bill through a service that is
// a process of its own, behind a proxy that loses replies, and kills the service
// and the database in turn, with -9, in the middle of their work. Then the same
// with the key check switched off: it must report what it had hidden.
// TORTURE_MINUTES makes the first part last so long.
func TestNothingIsLostOrDoubled(t *testing.T) {
	f := newField(t)
	b := newBattle(t, f.town, f.homes, f.startService())
	end := b.start(14)
	until := time.Now().Add(tortureTime())
	for kills := 0; kills < 10 || time.Now().Before(until); kills += 2 {
		f.killService(b)
		f.killDatabase(b)
	}
	end()
	b.service.kill()
	l := b.count()
	unknown := f.proxy.unknown.Load()
	t.Logf("%d replies lost on the way, %d of them of commits; %d acts answered from the first time; refused: %v", f.proxy.lost.Load(), unknown, b.replays, b.refused)
	fmt.Println(l)
	if l.acknowledged == 0 || l.lost != 0 || l.doubled != 0 {
		t.Errorf("after the battle: %s", l)
	}
	if unknown == 0 || b.replays == 0 {
		t.Errorf("%d unknown commits and %d replays: the battle tested nothing", unknown, b.replays)
	}
	f.verified(t)
	if !t.Failed() {
		f.withoutKeyCheck(t)
	}
}

// withoutKeyCheck is the red control.
func (f *field) withoutKeyCheck(t *testing.T) {
	f.exec(t, "key_check_off")
	f.exec(t, "key_check_off_trigger")
	b := newBattle(t, f.town, f.homes, f.startService())
	end := b.start(14)
	f.killService(b)
	f.killDatabase(b)
	end()
	b.service.kill()
	l := b.count()
	fmt.Println("key check off:", l)
	if l.doubled == 0 {
		t.Errorf("with the key check switched off the harness reports %s: it would not see a double", l)
	}
}

// tortureTime is how long to go on, from TORTURE_MINUTES.
func tortureTime() time.Duration {
	minutes, _ := strconv.ParseFloat(os.Getenv("TORTURE_MINUTES"), 64)
	return time.Duration(minutes * float64(time.Minute))
}

// field is where the battle is fought: a durable PostgreSQL, the proxy before
// it, and the town in it, which the test itself sees without the proxy.
type field struct {
	t      *testing.T
	dir    string
	server *postgres.Server
	proxy  *proxy
	db     *postgres.TestDatabase
	*town
	homes []int64
}

func newField(t *testing.T) *field {
	t.Helper()
	dir, err := os.MkdirTemp("/tmp", "estateledger-torture-")
	must(t, err)
	must(t, os.Chmod(dir, 0o711)) // the database's user must get to it
	f := &field{t: t, dir: filepath.Join(dir, "data"), proxy: startProxy(t, lossyCommits, lossyOthers), db: &postgres.TestDatabase{}}
	t.Cleanup(func() {
		f.disconnect()
		if f.server != nil {
			must(t, f.server.Stop(context.Background()))
		}
		must(t, os.RemoveAll(dir))
	})
	f.startDatabase()
	must(t, postgres.Migrate(t.Context(), f.server.OwnerDSN(), f.server.AppRole(), nil))
	f.town = build(t, f.db, civil.DateOf(crashDay))
	for _, p := range f.places {
		f.setRate(t, p, civil.On(2023, 9, 15), "0.65")
	}
	f.homes = f.populate(t, f.places[0], 24)
	f.populate(t, f.places[1], 24)
	return f
}

// startDatabase starts the server, anew on the same files after a kill.
func (f *field) startDatabase() {
	f.t.Helper()
	var err error
	f.server, err = postgres.StartServer(context.Background(), postgres.ServerOptions{DataDir: f.dir})
	must(f.t, err)
	_, port := f.postmaster()
	f.proxy.server.Store(int32(port))
	f.disconnect()
	f.db.App, err = postgres.Open(context.Background(), postgres.Config{DSN: f.server.AppDSN(), MaxOpen: 4})
	must(f.t, err)
	f.db.Owner, err = postgres.Open(context.Background(), postgres.Config{DSN: f.server.OwnerDSN(), MaxOpen: 2})
	must(f.t, err)
	if f.town != nil {
		f.town.Gate.DB = f.db.App
	}
}

func (f *field) disconnect() {
	for _, db := range []*postgres.DB{f.db.App, f.db.Owner} {
		if db != nil {
			_ = db.Close()
		}
	}
}

// postmaster is the server's process and port, as it wrote them down.
func (f *field) postmaster() (pid, port int) {
	f.t.Helper()
	text, err := os.ReadFile(filepath.Join(f.server.Folder(), "postmaster.pid"))
	must(f.t, err)
	lines := strings.Split(string(text), "\n")
	pid, err = strconv.Atoi(lines[0])
	must(f.t, err)
	port, err = strconv.Atoi(lines[3])
	must(f.t, err)
	return pid, port
}

func (f *field) startService() *service {
	return startService(f.t, f.server.AppDSN()+" port="+strconv.Itoa(f.proxy.port()))
}

// killService kills the service in the middle of its work and starts another.
func (f *field) killService(b *battle) {
	flying := b.await(60, atLeastFlying)
	b.service.kill()
	f.t.Logf("killed the service with %s", flying)
	b.relieve(f.startService())
}

// killDatabase kills the server and all its backends, and starts it again.
func (f *field) killDatabase(b *battle) {
	pid, _ := f.postmaster()
	flying := b.await(60, atLeastFlying)
	backends := childrenOf(pid)
	for _, victim := range append([]int{pid}, backends...) {
		_ = syscall.Kill(victim, syscall.SIGKILL)
	}
	f.t.Logf("killed PostgreSQL and its %d processes with %s", len(backends), flying)
	must(f.t, f.server.Stop(context.Background()))
	f.startDatabase()
}

// childrenOf are the processes a process has started.
func childrenOf(parent int) (children []int) {
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, path := range stats {
		text, err := os.ReadFile(path)
		if err != nil {
			continue // gone meanwhile
		}
		pid, rest, _ := strings.Cut(string(text), " ")
		fields := strings.Fields(rest[strings.LastIndex(rest, ")")+1:])
		if len(fields) > 1 && fields[1] == strconv.Itoa(parent) {
			child, _ := strconv.Atoi(pid)
			children = append(children, child)
		}
	}
	return children
}

// exec runs a statement of the tests as the owner of the tables.
func (f *field) exec(t *testing.T, query string) {
	t.Helper()
	must(t, f.db.Owner.Write(context.Background(), func(tx postgres.Tx) error {
		_, err := tx.Exec(context.Background(), queries.Get(query), nil)
		return err
	}))
}

// verified rolls up what is committed and lets the books search themselves.
func (f *field) verified(t *testing.T) {
	t.Helper()
	_, err := ledger.RollUp(context.Background(), f.db.App)
	must(t, err)
	f.town.verified(t)
}
