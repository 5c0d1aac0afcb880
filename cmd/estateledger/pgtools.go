package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strings"

	"estateledger/postgres"
)

// pgTool finds pg_dump or pg_restore: beside the server's own programs, else the newest that Debian's packages
// put down, else on PATH. npm's server package carries neither.
func pgTool(name, serverBin string) (string, error) {
	folders, _ := filepath.Glob("/usr/lib/postgresql/*/bin")
	sort.Sort(sort.Reverse(sort.StringSlice(folders)))
	for _, folder := range append([]string{serverBin}, folders...) {
		if path := filepath.Join(folder, name); folder != "" && executable(path) {
			return path, nil
		}
	}
	if path, err := exec.LookPath(name); err == nil {
		return path, nil
	}
	return "", fmt.Errorf("找不到 %s，请安装 PostgreSQL 客户端程序：apt-get install -y postgresql-client-15", name)
}

func executable(path string) bool {
	info, err := os.Stat(path)
	return err == nil && !info.IsDir() && info.Mode()&0o111 != 0
}

// runTool runs one of PostgreSQL's programs against dsn. The DSN goes through the environment, never the command
// line, where every user of the machine could read the password.
func runTool(ctx context.Context, tool, dsn string, args ...string) error {
	environment, database, err := postgres.ClientEnvironment(dsn)
	if err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, tool, append([]string{"--dbname=" + database}, args...)...)
	cmd.Env = append(environment, "PATH="+os.Getenv("PATH"), "LC_ALL=C.UTF-8")
	var said bytes.Buffer
	cmd.Stderr = &said
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			return fmt.Errorf("%s 已中断：%w", filepath.Base(tool), ctx.Err())
		}
		return fmt.Errorf("%s 没有成功：%s", filepath.Base(tool), lastLine(said.String(), err))
	}
	return nil
}

// lastLine is the last thing a program complained about, or else err.
func lastLine(said string, err error) string {
	lines := strings.Split(strings.TrimSpace(said), "\n")
	if last := lines[len(lines)-1]; last != "" {
		return last
	}
	return err.Error()
}
