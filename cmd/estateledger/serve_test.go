package main

import (
	"bytes"
	"context"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"estateledger/postgres"
)

// dataFolder is one that the embedded server's user can reach even when the test runs as root.
func dataFolder(t *testing.T) string {
	t.Helper()
	folder, err := os.MkdirTemp("/tmp", "estateledger-serve-")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(folder, 0o711); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(folder) })
	return folder
}

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// in runs one command with these settings and returns its code and complaint.
func in(ctx context.Context, addr, data string, args ...string) (int, string) {
	var said bytes.Buffer
	code := dispatch(ctx, args, func(name string) string {
		return map[string]string{"ESTATELEDGER_ADDR": addr, "ESTATELEDGER_DATA": data}[name]
	}, &said)
	return code, said.String()
}

// begin starts serve and waits until it answers; end stops it and returns its exit code.
func begin(t *testing.T, addr, data string) (end func() int) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan int, 1)
	go func() {
		code, said := in(ctx, addr, data, "serve")
		if code != 0 {
			t.Errorf("serve ended with %d: %s", code, said)
		}
		ended <- code
	}()
	deadline := time.Now().Add(5 * time.Minute) // the first start plays the demo
	for !ready(addr) {
		if time.Now().After(deadline) {
			t.Fatal("the service was not ready after five minutes")
		}
		select {
		case code := <-ended:
			t.Fatalf("serve ended with %d before it was ready", code)
		case <-time.After(50 * time.Millisecond):
		}
	}
	return func() int { cancel(); return <-ended }
}

func ready(addr string) bool {
	client := http.Client{Timeout: time.Second}
	answer, err := client.Get("http://" + addr + "/readyz")
	if err != nil {
		return false
	}
	answer.Body.Close()
	return answer.StatusCode == http.StatusOK
}

func TestServeFromEmptyFolderToSecondStart(t *testing.T) {
	data, addr := dataFolder(t), freeAddress(t)
	end := begin(t, addr, data)

	t.Run("a second start says that one is running", func(t *testing.T) {
		for _, other := range []string{addr, freeAddress(t)} {
			code, said := in(context.Background(), other, data, "serve")
			if code != 1 || !strings.Contains(said, "已在运行") || !strings.Contains(said, addr) || strings.Count(said, "\n") != 1 {
				t.Errorf("%d, %q", code, said)
			}
		}
	})
	t.Run("another installation says that the port is taken", func(t *testing.T) {
		code, said := in(context.Background(), addr, dataFolder(t), "serve")
		if code != 1 || !strings.Contains(said, "端口已被占用") || strings.Count(said, "\n") != 1 {
			t.Errorf("%d, %q", code, said)
		}
	})
	t.Run("doctor and backup work beside it", func(t *testing.T) {
		if code, said := in(context.Background(), addr, data, "doctor"); code != 0 {
			t.Errorf("doctor: %d, %q", code, said)
		}
		folder := filepath.Join(t.TempDir(), "backup")
		if code, said := in(context.Background(), addr, data, "backup", folder); code != 0 {
			t.Errorf("backup: %d, %q", code, said)
		}
		if _, err := readManifest(folder); err != nil {
			t.Error(err)
		}
		if code, said := in(context.Background(), addr, data, "backup", folder); code != 1 || !strings.Contains(said, "已有文件") {
			t.Errorf("a backup was written over: %d, %q", code, said)
		}
	})

	if code := end(); code != 0 {
		t.Fatalf("serve ended with %d after Ctrl-C", code)
	}
	if _, err := os.Stat(filepath.Join(data, "postgres", "postmaster.pid")); !os.IsNotExist(err) {
		t.Errorf("the database was left running: %v", err)
	}
	begin(t, addr, data)()

	t.Run("a newer schema is refused", func(t *testing.T) {
		makeNewer(t, data)
		code, said := in(context.Background(), addr, data, "serve")
		if code != 1 || !strings.Contains(said, "比本程序新") || strings.Count(said, "\n") != 1 {
			t.Errorf("%d, %q", code, said)
		}
	})
}

// makeNewer records a migration that this program does not have.
func makeNewer(t *testing.T, data string) {
	t.Helper()
	ctx := context.Background()
	db, err := connect(ctx, os.Stdout, settings{Data: data})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	err = db.Owner.Housekeep(ctx, "partition", func(tx postgres.Tx) error {
		_, err := tx.Exec(ctx, testQueries.Get("record_newer_schema"), nil)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestServeRefusesAFolderThatCannotBeWritten(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	code, said := in(context.Background(), freeAddress(t), filepath.Join(file, "data"), "serve")
	if code != 1 || !strings.Contains(said, "不可写") || strings.Count(said, "\n") != 1 {
		t.Errorf("%d, %q", code, said)
	}
}
