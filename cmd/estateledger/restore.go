package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"estateledger/postgres"
)

// restore brings a backup into an empty database, or into a data folder that has none yet.
func restore(ctx context.Context, s settings, args []string) (err error) {
	folder, err := oneArgument(flag.NewFlagSet("restore", flag.ContinueOnError), args)
	if err != nil {
		return err
	}
	// Hashes first: an altered backup is refused before anything is started or made.
	m, err := readManifest(folder)
	if err != nil {
		return err
	}
	db, err := connect(ctx, os.Stdout, s)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := db.needOwner(); err != nil {
		return err
	}
	if err := restoreFrom(ctx, os.Stdout, db, folder, m); err != nil {
		return err
	}
	fmt.Printf("恢复完成，与清单逐项相符：%s 笔分录，%s 条操作记录，备份时间 %s\n",
		inAll(m.Totals, "entries"), inAll(m.Totals, "acts"), m.CreatedAt.Local().Format("2006-01-02 15:04:05"))
	return nil
}

// restoreFrom fills an empty database from a checked backup and compares what came out. Whatever goes wrong after
// the filling began, the database is emptied again: a half-restored one could be taken for the books.
func restoreFrom(ctx context.Context, out io.Writer, db *database, folder string, m Manifest) error {
	ctx, cancel := context.WithTimeout(ctx, copying)
	defer cancel()
	tool, err := pgTool("pg_restore", db.Bin)
	if err != nil {
		return err
	}
	if newest := postgres.SchemaVersion(); m.SchemaVersion > newest {
		return fmt.Errorf("备份的数据库结构是第 %d 版，本程序只到第 %d 版，请用更新的程序恢复", m.SchemaVersion, newest)
	}
	if err := mustBeEmpty(ctx, db); err != nil {
		return err
	}
	err = stage(out, "恢复数据库", func() error {
		return runTool(ctx, tool, db.OwnerDSN, "--no-owner", "--no-acl",
			"--exit-on-error", "--single-transaction", filepath.Join(folder, dumpName))
	})
	if err != nil {
		return err // one transaction: nothing stayed
	}
	if err := settleRestored(ctx, out, db, m); err != nil {
		return errors.Join(err, postgres.EmptyDatabase(context.WithoutCancel(ctx), db.OwnerDSN))
	}
	return nil
}

// settleRestored makes the restored rows a database that can be served: functions and grants of this version, a
// ledger numbered without the old cluster's transaction ids, and the totals of the manifest.
func settleRestored(ctx context.Context, out io.Writer, db *database, m Manifest) error {
	if err := db.migrate(ctx); err != nil {
		return err
	}
	err := db.Owner.Housekeep(ctx, "ledger_tail", func(tx postgres.Tx) error {
		_, err := tx.Exec(ctx, controlQueries.Get("renumber_after_restore"), nil)
		return err
	})
	if err != nil {
		return fmt.Errorf("账簿重新编号没有成功：%w", err)
	}
	var found []Total
	err = stage(out, "与清单核对", func() error {
		return db.Owner.Read(ctx, func(r postgres.Reader) (err error) {
			found, err = ControlTotals(ctx, r)
			return err
		})
	})
	if err != nil {
		return err
	}
	if lines := differences(m.Totals, found); len(lines) > 0 {
		return fmt.Errorf("恢复出的数据与备份清单不符，已清空，不能使用：\n  %s", strings.Join(lines, "\n  "))
	}
	return nil
}

func mustBeEmpty(ctx context.Context, db *database) error {
	things, err := thingsIn(ctx, db.Owner)
	if err != nil {
		return err
	}
	if things > 0 {
		return fmt.Errorf("只能恢复到空数据库，这里已有 %d 个表和序列。请换一个空的数据库，或用 ESTATELEDGER_DATA 指定新的数据目录", things)
	}
	return nil
}
