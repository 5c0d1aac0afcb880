package main

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"syscall"
	"time"

	"estateledger/postgres"
)

//go:embed doctor.sql
var doctorFiles embed.FS

var doctorQueries = postgres.MustLoad(doctorFiles)

// finding is one line of the doctor: what was looked at, what it is, and what to do when it is not well.
type finding struct {
	subject, value, advice string // advice empty: well
}

type serverSettings struct {
	Version           string    `db:"version"`
	VersionNum        int       `db:"version_num"`
	TimeZone          string    `db:"time_zone"`
	Encoding          string    `db:"encoding"`
	Collation         string    `db:"collation"`
	Fsync             string    `db:"fsync"`
	SynchronousCommit string    `db:"synchronous_commit"`
	FullPageWrites    string    `db:"full_page_writes"`
	MaxConnections    string    `db:"max_connections"`
	Standbys          string    `db:"standbys"`
	Role              string    `db:"role"`
	Superuser         bool      `db:"superuser"`
	Now               time.Time `db:"now"`
}

// doctor prints every check and ends with 1 when one of them needs somebody.
func doctor(ctx context.Context, s settings, args []string) (err error) {
	if err := noArguments(args); err != nil {
		return err
	}
	db, err := connectBeside(ctx, os.Stdout, s)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	findings, err := examine(ctx, s, db)
	if err != nil {
		return err
	}
	return report(os.Stdout, findings)
}

func report(out io.Writer, findings []finding) error {
	unwell := 0
	for _, f := range findings {
		mark := "正常"
		if f.advice != "" {
			mark = "注意"
			unwell++
		}
		fmt.Fprintf(out, "%s  %s：%s\n", mark, f.subject, f.value)
		if f.advice != "" {
			fmt.Fprintf(out, "      %s\n", f.advice)
		}
	}
	if unwell > 0 {
		return fmt.Errorf("%d 项需要处理", unwell)
	}
	return nil
}

func examine(ctx context.Context, s settings, db *database) ([]finding, error) {
	var server serverSettings
	var mayChange bool
	err := db.App.Read(ctx, func(r postgres.Reader) error {
		if err := r.Get(ctx, &server, doctorQueries.Get("doctor_server"), nil); err != nil {
			return err
		}
		return r.Get(ctx, &mayChange, doctorQueries.Get("doctor_role"), nil)
	})
	if err != nil {
		return nil, err
	}
	findings := []finding{
		{"程序", runtime.Version() + " " + runtime.GOOS + "/" + runtime.GOARCH, ""},
	}
	findings = append(findings, examineServer(server, time.Now())...)
	findings = append(findings, examineRole(server, mayChange), examineDisk(s.Data))
	return findings, nil
}

// examineServer judges what PostgreSQL says about itself; now is this machine's clock.
func examineServer(server serverSettings, now time.Time) []finding {
	check := func(subject, value string, well bool, advice string) finding {
		if well {
			advice = ""
		}
		return finding{subject, value, advice}
	}
	apart := server.Now.Sub(now).Abs().Round(time.Millisecond)
	return []finding{
		check("PostgreSQL 版本", server.Version, server.VersionNum >= 150000,
			"需要 15 或更新的版本"),
		check("时区", server.TimeZone, server.TimeZone == postgres.Zone,
			"账务日期按北京时间，会话时区应为 "+postgres.Zone),
		check("字符编码", server.Encoding, server.Encoding == "UTF8",
			"数据库须以 UTF8 建立，否则生僻字存不进去"),
		check("排序规则", server.Collation, true, ""),
		check("fsync", server.Fsync, server.Fsync == "on",
			"关闭时断电会丢失已经确认的收款，请打开"),
		check("synchronous_commit", server.SynchronousCommit, server.SynchronousCommit != "off",
			"为 off 时崩溃会丢失已经确认的收款，请改为 on"),
		check("full_page_writes", server.FullPageWrites, server.FullPageWrites == "on",
			"关闭时断电可能损坏数据页，请打开"),
		check("同步备机", orWord(server.Standbys, "未设置（只有一份数据，请每天备份）"), true, ""),
		check("最大连接数", server.MaxConnections, true, ""),
		check("数据库与本机时钟相差", apart.String(), apart < 5*time.Second,
			"登记时间以数据库时钟为准，请校准两台机器的时间"),
	}
}

func examineRole(server serverSettings, mayChange bool) finding {
	f := finding{subject: "服务所用的数据库角色", value: server.Role}
	if server.Superuser || mayChange {
		f.advice = "这个角色能改动已入账的记录，请让 DATABASE_URL 使用服务角色"
	}
	return f
}

// examineDisk looks at the room left where the data folder is.
func examineDisk(folder string) finding {
	f := finding{subject: "数据目录所在磁盘 " + folder}
	var disk syscall.Statfs_t
	if err := syscall.Statfs(folder, &disk); err != nil {
		f.value, f.advice = err.Error(), "读不到数据目录"
		return f
	}
	free := disk.Bavail * uint64(disk.Bsize) >> 20
	f.value = fmt.Sprintf("剩余 %d MB", free)
	if free < 2048 {
		f.advice = "不足 2 GB，请清理磁盘或换更大的磁盘"
	}
	return f
}

func orWord(value, word string) string {
	if value == "" {
		return word
	}
	return value
}
