package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"estateledger/access"
	"estateledger/civil"
	"estateledger/demo"
	"estateledger/fault"
	"estateledger/ledger"
	"estateledger/postgres"
)

// prepare makes an empty database a demo and plays it; an installation stays
// what it was made as. A demo that was cut short is thrown away and played anew.
func (db *database) prepare(ctx context.Context) (access.Installed, error) {
	in, err := access.Install(ctx, db.App, true)
	if err != nil || !in.Demo {
		return in, err
	}
	finished, err := demo.Finished(ctx, db.App)
	if err != nil || finished {
		return in, err
	}
	if !in.Fresh {
		if in, err = db.startOver(ctx); err != nil {
			return in, err
		}
	}
	return in, db.play(ctx, in.System)
}

// startOver empties a demo's database and makes it a demo again.
func (db *database) startOver(ctx context.Context) (access.Installed, error) {
	if err := db.needOwner(); err != nil {
		return access.Installed{}, err
	}
	if err := postgres.EmptyDatabase(ctx, db.OwnerDSN); err != nil {
		return access.Installed{}, err
	}
	if err := db.migrate(ctx); err != nil {
		return access.Installed{}, err
	}
	return access.Install(ctx, db.App, true)
}

func (db *database) play(ctx context.Context, system access.Actor) error {
	return stage(db.out, "装入演示数据:一个区、三个小区、十二个月", func() error {
		if err := demo.Load(ctx, db.App, system, civil.SystemClock().Today(), func(line string) { fmt.Fprintln(db.out, "  ", line) }); err != nil {
			return err
		}
		_, err := ledger.RollUp(ctx, db.App)
		return err
	})
}

// demoCommand is `demo reset`: it throws a demo away and plays it afresh. A
// database that is no demo is refused.
func demoCommand(ctx context.Context, s settings, args []string) (err error) {
	if len(args) != 1 || args[0] != "reset" {
		return errUsage
	}
	db, err := connect(ctx, os.Stdout, s)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := db.migrate(ctx); err != nil {
		return err
	}
	in, err := access.Install(ctx, db.App, true)
	if err != nil {
		return err
	}
	if !in.Demo {
		return fault.Conflict("cmd.no_demo", "这个数据库不是演示库,不能重置。演示数据只能装进空库。")
	}
	if in, err = db.startOver(ctx); err != nil {
		return err
	}
	if err := db.play(ctx, in.System); err != nil {
		return err
	}
	fmt.Println("演示数据已重新装入")
	return nil
}

// announceLogins prints one login per role of a demo.
func announceLogins(out io.Writer) {
	fmt.Fprintf(out, "\n演示账号(密码都是 %s)\n", demo.Password)
	for _, u := range demo.Logins {
		fmt.Fprintf(out, "  %-10s %s %s\n", u.Login, u.Name, access.RoleNames[u.Role])
	}
	fmt.Fprintln(out)
}
