package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"estateledger/postgres"
)

// copying bounds a dump or a restore: a district of a million households takes minutes, never this long.
const copying = 12 * time.Hour

// backup writes database.dump and manifest.json into a new folder, also beside a running service.
func backup(ctx context.Context, s settings, args []string) (err error) {
	folder, err := oneArgument(flag.NewFlagSet("backup", flag.ContinueOnError), args)
	if err != nil {
		return err
	}
	db, err := connectBeside(ctx, os.Stdout, s)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := db.needOwner(); err != nil {
		return err
	}
	m, err := backupInto(ctx, os.Stdout, db, folder)
	if err != nil {
		return err
	}
	fmt.Printf("备份完成：%s，%s 笔分录，%s 条操作记录，%d KB\n",
		folder, inAll(m.Totals, "entries"), inAll(m.Totals, "acts"), m.DumpBytes/1024)
	return nil
}

// backupInto takes dump and control totals from one snapshot, so that they agree while the service writes on.
func backupInto(ctx context.Context, out io.Writer, db *database, folder string) (Manifest, error) {
	ctx, cancel := context.WithTimeout(ctx, copying)
	defer cancel()
	m := Manifest{Format: manifestFormat, CreatedAt: time.Now().UTC().Truncate(time.Second)}
	tool, err := pgTool("pg_dump", db.Bin)
	if err != nil {
		return m, err
	}
	if err := makeEmptyFolder(folder); err != nil {
		return m, err
	}
	dump := filepath.Join(folder, dumpName)
	err = db.Owner.Read(ctx, func(r postgres.Reader) error {
		var snapshot string
		var server serverSettings
		if err := r.Get(ctx, &snapshot, controlQueries.Get("export_snapshot"), nil); err != nil {
			return err
		}
		if err := r.Get(ctx, &m.SchemaVersion, controlQueries.Get("stored_schema"), nil); err != nil {
			return err
		}
		if err := r.Get(ctx, &server, doctorQueries.Get("doctor_server"), nil); err != nil {
			return err
		}
		m.Server = server.Version
		err := stage(out, "清点", func() (err error) { m.Totals, err = ControlTotals(ctx, r); return err })
		if err != nil {
			return err
		}
		return stage(out, "导出数据库", func() error {
			return runTool(ctx, tool, db.OwnerDSN, "--format=custom", "--no-owner", "--no-acl",
				"--snapshot="+snapshot, "--file="+dump)
		})
	})
	if err != nil {
		return m, errors.Join(err, os.RemoveAll(folder))
	}
	if err := os.Chmod(dump, 0o600); err != nil {
		return m, err
	}
	if m.DumpSHA256, m.DumpBytes, err = hashFile(dump); err != nil {
		return m, err
	}
	return m, writeManifest(folder, m)
}

// makeEmptyFolder makes the backup's folder; an older backup is never written over.
func makeEmptyFolder(folder string) error {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return fmt.Errorf("备份文件夹 %s 建不了：%w", folder, err)
	}
	inside, err := os.ReadDir(folder)
	if err != nil {
		return err
	}
	if len(inside) > 0 {
		return fmt.Errorf("备份文件夹 %s 里已有文件，请换一个新的文件夹", folder)
	}
	return nil
}
