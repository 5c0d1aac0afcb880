package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"estateledger/postgres"
)

// migrate brings schema, functions and grants to this version's state.
func migrate(ctx context.Context, s settings, args []string) (err error) {
	if err := noArguments(args); err != nil {
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
	if err := db.migrate(ctx); err != nil {
		return err
	}
	fmt.Printf("数据库结构已是第 %d 版\n", postgres.SchemaVersion())
	return nil
}
