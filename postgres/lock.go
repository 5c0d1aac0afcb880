package postgres

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// AlreadyRunningError says that another process serves from the data folder.
type AlreadyRunningError struct {
	Folder  string
	Address string // where that process listens, "" while it is still starting
	PID     int
}

func (e *AlreadyRunningError) Error() string {
	where := ""
	if e.Address != "" {
		where = "，地址 (address) " + e.Address
	}
	return fmt.Sprintf("长管家已在运行 (already running)%s，进程号 (pid) %d，数据目录 (data folder) %s", where, e.PID, e.Folder)
}

// DataLock holds a data folder for one process. The kernel releases it when the
// process ends, however it ends.
type DataLock struct {
	file   *os.File
	folder string
}

// LockData makes the folder when it is missing and takes its lock. It returns
// an *AlreadyRunningError when another process holds it, a *DataFolderError
// when the folder cannot be written.
func LockData(dir string) (*DataLock, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	if err := makeFolder(dir); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(lockPath(dir), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, &DataFolderError{dir, err}
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		_ = f.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, runningService(dir)
		}
		return nil, &DataFolderError{dir, err}
	}
	l := &DataLock{file: f, folder: dir}
	return l, l.Announce("")
}

// Announce writes down where the service listens, for whoever is refused.
func (l *DataLock) Announce(address string) error {
	if err := l.file.Truncate(0); err != nil {
		return err
	}
	_, err := l.file.WriteAt([]byte(strconv.Itoa(os.Getpid())+"\n"+address+"\n"), 0)
	return err
}

// Release gives the folder back. The file stays: removing it would let two
// processes lock two files of the same name.
func (l *DataLock) Release() error {
	_ = l.file.Truncate(0)
	return l.file.Close()
}

func lockPath(dir string) string { return filepath.Join(dir, "estateledger.lock") }

func runningService(dir string) *AlreadyRunningError {
	e := &AlreadyRunningError{Folder: dir}
	text, err := os.ReadFile(lockPath(dir))
	if err == nil {
		lines := append(strings.Split(string(text), "\n"), "", "")
		e.PID, _ = strconv.Atoi(lines[0])
		e.Address = lines[1]
	}
	return e
}
