package postgres_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"estateledger/postgres"
)

const serveEnv = "POSTGRES_TEST_SERVE"

// TestMain lets the test binary be the service that a test kills.
func TestMain(m *testing.M) {
	if dir := os.Getenv(serveEnv); dir != "" {
		s, err := postgres.StartServer(bg, postgres.ServerOptions{DataDir: dir})
		if err == nil {
			err = s.Announce("127.0.0.1:8080")
		}
		fmt.Println("serving", err)
		time.Sleep(time.Minute)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// reachable is a folder that the server's user can get to, unlike t.TempDir().
func reachable(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/tmp", "estateledger-server-")
	must(t, err)
	must(t, os.Chmod(dir, 0o711))
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return filepath.Join(dir, "data")
}

func start(t *testing.T, dir string) *postgres.Server {
	t.Helper()
	s, err := postgres.StartServer(bg, postgres.ServerOptions{DataDir: dir})
	must(t, err)
	t.Cleanup(func() {
		if s != nil {
			_ = stop(s)
		}
	})
	return s
}

func stop(s *postgres.Server) error {
	ctx, cancel := context.WithTimeout(bg, 20*time.Second)
	defer cancel()
	return s.Stop(ctx)
}

func open(t *testing.T, dsn string) *postgres.DB {
	t.Helper()
	db, err := postgres.Open(bg, postgres.Config{DSN: dsn, Deadline: 5 * time.Second})
	must(t, err)
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// serveAndKill runs a service on dir and kills it with -9, which leaves its
// database server without a parent. It returns the server's process.
func serveAndKill(t *testing.T, dir string) (orphan int) {
	t.Helper()
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), serveEnv+"="+dir)
	out, err := child.StdoutPipe()
	must(t, err)
	must(t, child.Start())
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil || line != "serving <nil>\n" {
		t.Fatalf("the child said %q, %v", line, err)
	}
	_, err = postgres.StartServer(bg, postgres.ServerOptions{DataDir: dir})
	var running *postgres.AlreadyRunningError
	if !errors.As(err, &running) || running.Address != "127.0.0.1:8080" || running.PID != child.Process.Pid || strings.Contains(err.Error(), "\n") {
		t.Errorf("a second start gave %v", err)
	}
	must(t, child.Process.Kill())
	_ = child.Wait()
	return postmasterOf(t, dir)
}

func postmasterOf(t *testing.T, dir string) (pid int) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "postgres", "postmaster.pid"))
	must(t, err)
	_, err = fmt.Sscan(string(text), &pid)
	must(t, err)
	return pid
}

// One cluster goes through its life: made, used, stopped, started, orphaned,
// adopted, killed, recovered.
func TestServerLife(t *testing.T) {
	dir := reachable(t)
	must(t, os.MkdirAll(filepath.Join(dir, "postgres.new", "base"), 0o755)) // an interrupted initdb
	s := start(t, dir)
	owner := open(t, s.OwnerDSN())
	must(t, tryExec(owner, "create_note", nil))
	must(t, tryExec(owner, "allow_note", nil))
	app := open(t, s.AppDSN())
	must(t, tryExec(app, "add_note", one))
	if err := tryExec(app, "create_raise", nil); err == nil {
		t.Error("the service's role may create")
	}
	must(t, postgres.CheckAppRole(bg, app))
	if err := open(t, s.AppDSN()+" password=wrong").Ping(bg); err == nil {
		t.Error("a wrong password was let in")
	}
	for file, mode := range map[string]fs.FileMode{"secrets.json": 0o600, "estateledger.lock": 0o600, "postgres.log": 0o600, "postgres": 0o700} {
		if info, err := os.Stat(filepath.Join(dir, file)); err != nil || info.Mode().Perm() != mode {
			t.Errorf("%s: %v, %v", file, info, err)
		}
	}
	if _, err := postgres.StartServer(bg, postgres.ServerOptions{DataDir: dir}); !errors.As(err, new(*postgres.AlreadyRunningError)) {
		t.Errorf("a second start gave %v", err)
	}
	beside, err := postgres.AttachServer(bg, dir)
	must(t, err)
	must(t, open(t, beside.AppDSN()).Ping(bg))
	must(t, stop(s))
	if err := app.Ping(bg); err == nil {
		t.Error("the server outlived Stop")
	}
	if _, err := postgres.AttachServer(bg, dir); err == nil {
		t.Error("attached to a stopped server")
	}

	// A pid file with the number of some other process.
	must(t, os.WriteFile(filepath.Join(dir, "postgres", "postmaster.pid"), fmt.Appendf(nil, "%d\n", os.Getpid()), 0o600))
	orphan := serveAndKill(t, dir)
	s = start(t, dir)
	if !s.Adopted() || postmasterOf(t, dir) != orphan {
		t.Error("the orphan was not adopted")
	}
	if n := get[int](t, open(t, s.AppDSN()), "count_notes", nil); n != 1 {
		t.Errorf("%d rows after adoption", n)
	}

	must(t, syscall.Kill(orphan, syscall.SIGKILL))
	must(t, stop(s))
	s = start(t, dir)
	if s.Adopted() {
		t.Error("adopted a dead server")
	}
	if n := get[int](t, open(t, s.AppDSN()), "count_notes", nil); n != 1 {
		t.Errorf("%d rows after a crash", n)
	}
	must(t, stop(s))
}

func TestServerStaysOutOfTemporaryAndClosedFolders(t *testing.T) {
	closed := t.TempDir() // 0700: only its owner gets in
	dir := filepath.Join(closed, "data")
	var said []string
	s, err := postgres.StartServer(bg, postgres.ServerOptions{DataDir: dir, Progress: func(l string) { said = append(said, l) }})
	must(t, err)
	defer func() { must(t, stop(s)) }()
	if os.Geteuid() != 0 {
		if s.Folder() != filepath.Join(dir, "postgres") {
			t.Errorf("folder %s", s.Folder())
		}
		return
	}
	home := filepath.Dir(s.Folder())
	defer func() { _ = os.RemoveAll(home) }()
	pointer, err := os.ReadFile(filepath.Join(dir, "postgres.location"))
	if err != nil || filepath.Dir(home) != "/var/lib/estateledger" || string(pointer) != home+"\n" || !strings.Contains(strings.Join(said, "\n"), home) {
		t.Errorf("home %s, pointer %q, %v, said %q", home, pointer, err, said)
	}
}

func TestDataFolderThatCannotBeWritten(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	must(t, os.WriteFile(file, nil, 0o600))
	for _, dir := range []string{filepath.Join(file, "data"), "/proc/estateledger"} {
		_, err := postgres.StartServer(bg, postgres.ServerOptions{DataDir: dir})
		var folder *postgres.DataFolderError
		if !errors.As(err, &folder) || !strings.Contains(err.Error(), dir) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v", dir, err)
		}
	}
}

func TestNoServerProgram(t *testing.T) {
	t.Setenv("PG_BIN", t.TempDir())
	_, err := postgres.StartServer(bg, postgres.ServerOptions{DataDir: reachable(t)})
	if !errors.Is(err, postgres.ErrNoServer) {
		t.Errorf("got %v", err)
	}
}

// The process that started an ephemeral server is gone: so is the server.
func TestEphemeralServerEndsWithItsProcess(t *testing.T) {
	child := exec.Command("go", "run", "./testpg", "--", "sh", "-c", "echo $ESTATELEDGER_TEST_PG; exit 3")
	child.Env = append(os.Environ(), postgres.TestServerEnv+"=")
	out, err := child.Output()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || !strings.Contains(string(exit.Stderr), "exit status 3") {
		t.Fatalf("the command's end was not passed on: %v", err)
	}
	db := open(t, strings.TrimSpace(string(out)))
	for range 200 {
		if err = db.Ping(bg); err != nil {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Error("the server outlived its process")
}
