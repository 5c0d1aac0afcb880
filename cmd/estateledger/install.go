package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"estateledger/access"
	"estateledger/civil"
	"estateledger/estate"
	"estateledger/fault"
)

// install makes an empty database a real installation, with its first district
// and administrator; the password comes on standard input, so that it stands in
// no list of processes and no history.
func install(ctx context.Context, s settings, args []string) (err error) {
	if len(args) != 3 {
		return errUsage
	}
	code, name, login := args[0], args[1], args[2]
	db, err := connect(ctx, os.Stdout, s)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := db.migrate(ctx); err != nil {
		return err
	}
	in, err := access.Install(ctx, db.App, false)
	if err != nil {
		return err
	}
	if in.Demo {
		return fault.Conflict("cmd.is_demo", "这个数据库已经是演示库,不能改作正式使用。请换一个空库。")
	}
	fmt.Printf("请输入管理员 %s 的密码(至少 10 个字符):", login)
	password, err := bufio.NewReader(os.Stdin).ReadString('\n')
	if err != nil && password == "" {
		return fmt.Errorf("没有读到密码:%w", err)
	}
	gate := access.NewGate(db.App, civil.SystemClock(), false)
	defer gate.Close()
	made, err := (&estate.Service{Gate: gate}).CreateDistrict(ctx, in.System, "install:district:"+code, estate.CreateDistrict{Code: code, Name: name})
	if err != nil {
		return err
	}
	_, err = access.NewPeople(gate, civil.SystemClock()).CreateUser(ctx, in.System, made.Result.DistrictID, "install:user:"+login,
		access.NewUser{Login: login, Name: "管理员", Password: strings.TrimRight(password, "\r\n"), Role: access.Administrator, Node: made.Result.NodeID})
	if err != nil {
		return err
	}
	fmt.Printf("\n%s 已建立,管理员是 %s。现在可以 estateledger serve\n", name, login)
	return nil
}
