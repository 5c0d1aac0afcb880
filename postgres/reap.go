package postgres

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// reapScript waits for the end of its input, which comes when the process that
// holds the other end of the pipe is gone, however it went; then it ends the
// server and removes its folder.
const reapScript = `read _; kill -QUIT "$1" 2>/dev/null; n=0
while kill -0 "$1" 2>/dev/null && [ $n -lt 200 ]; do sleep 0.05; n=$((n+1)); done; rm -rf "$2"`

// reapAfterExit makes sure that an ephemeral server does not outlive this
// process, not even after a panic or kill -9. The pipe's end is never closed
// here; the kernel does it.
func reapAfterExit(pid int, folder string) error {
	r, w, err := os.Pipe()
	if err != nil {
		return err
	}
	cmd := exec.Command("/bin/sh", "-c", reapScript, "reap", strconv.Itoa(pid), folder)
	cmd.Stdin = r
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("postgres: cannot watch over the test server: %w", err)
	}
	keepOpen = append(keepOpen, w)
	_ = r.Close()
	go func() { _ = cmd.Wait() }()
	return nil
}

var keepOpen []*os.File

const ephemeralPrefix = "estateledger-test-"

// ephemeralFolder makes a folder named after this process and clears those of
// processes that are gone, in case their reaper was killed with them.
func ephemeralFolder(a account) (string, error) {
	base := ephemeralBase(a)
	old, _ := filepath.Glob(filepath.Join(base, ephemeralPrefix+"*"))
	for _, folder := range old {
		number, _, _ := strings.Cut(strings.TrimPrefix(filepath.Base(folder), ephemeralPrefix), "-")
		if pid, err := strconv.Atoi(number); err == nil && !alive(pid) && !folderInUse(filepath.Join(folder, "postgres")) {
			_ = os.RemoveAll(folder)
		}
	}
	folder, err := os.MkdirTemp(base, ephemeralPrefix+strconv.Itoa(os.Getpid())+"-")
	if err != nil {
		return "", err
	}
	return folder, os.Chmod(folder, 0o711)
}

// ephemeralBase prefers memory: copying the template, hundreds of small files,
// takes a sixth of the time there.
func ephemeralBase(a account) string {
	const memory, enough = "/dev/shm", 2 << 30
	var fs syscall.Statfs_t
	if a.reaches(memory) && syscall.Statfs(memory, &fs) == nil && uint64(fs.Bavail)*uint64(fs.Bsize) >= enough {
		if probe, err := os.MkdirTemp(memory, ephemeralPrefix); err == nil {
			_ = os.Remove(probe)
			return memory
		}
	}
	if base := os.TempDir(); a.reaches(base) {
		return base
	}
	return "/tmp"
}
