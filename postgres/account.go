package postgres

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// account is the operating system's user a server runs as. PostgreSQL refuses
// to run as root, so under root it is "postgres", or nobody's number.
type account struct {
	uid, gid uint32
	other    bool // not the user this process runs as
}

func serverAccount() account {
	if os.Geteuid() != 0 {
		return account{uid: uint32(os.Geteuid()), gid: uint32(os.Getegid())}
	}
	a := account{uid: 65534, gid: 65534, other: true}
	if u, err := user.Lookup("postgres"); err == nil {
		uid, errU := strconv.ParseUint(u.Uid, 10, 32)
		gid, errG := strconv.ParseUint(u.Gid, 10, 32)
		if errU == nil && errG == nil {
			a.uid, a.gid = uint32(uid), uint32(gid)
		}
	}
	return a
}

// attributes put the server into a process group of its own, so that Ctrl-C in
// a terminal reaches the service alone, which then stops the server in order.
func (a account) attributes() *syscall.SysProcAttr {
	attr := &syscall.SysProcAttr{Setpgid: true}
	if a.other {
		attr.Credential = &syscall.Credential{Uid: a.uid, Gid: a.gid}
	}
	return attr
}

// own hands a file or folder to the account.
func (a account) own(path string) error {
	if !a.other {
		return nil
	}
	return os.Chown(path, int(a.uid), int(a.gid))
}

// reaches tells whether the account may pass through dir and all above it.
func (a account) reaches(dir string) bool {
	if !a.other {
		return true
	}
	real, err := filepath.EvalSymlinks(dir)
	if err != nil {
		return false
	}
	for {
		info, err := os.Stat(real)
		if err != nil || !a.passes(info) {
			return false
		}
		if real == filepath.Dir(real) {
			return true
		}
		real = filepath.Dir(real)
	}
}

func (a account) passes(info fs.FileInfo) bool {
	bit := fs.FileMode(0o001)
	if st, ok := info.Sys().(*syscall.Stat_t); ok {
		switch {
		case st.Uid == a.uid:
			bit = 0o100
		case st.Gid == a.gid:
			bit = 0o010
		}
	}
	return info.Mode()&bit != 0
}

// DataFolderError says that the data folder cannot be used.
type DataFolderError struct {
	Folder string
	Cause  error
}

func (e *DataFolderError) Error() string {
	cause := e.Cause
	var p *fs.PathError
	if errors.As(cause, &p) {
		cause = p.Err
	}
	return fmt.Sprintf("数据目录 %s 不可写 (the data folder is not writable): %v", e.Folder, cause)
}

func (e *DataFolderError) Unwrap() error { return e.Cause }

// makeFolder makes dir (passable but not listable for others, who need to get
// through it to what is theirs) and proves that it can be written.
func makeFolder(dir string) error {
	if err := os.MkdirAll(dir, 0o711); err != nil {
		return &DataFolderError{dir, err}
	}
	probe, err := os.CreateTemp(dir, ".write-probe-")
	if err != nil {
		return &DataFolderError{dir, err}
	}
	_ = probe.Close()
	return os.Remove(probe.Name())
}
