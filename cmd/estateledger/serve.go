package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"syscall"
	"time"

	"estateledger/postgres"
)

// finishing bounds what requests under way may still take after Ctrl-C. A request's own deadline is shorter.
const finishing = 15 * time.Second

// service is the HTTP side: it serves until Shutdown, which lets requests under way finish.
type service interface {
	Serve(net.Listener) error
	Shutdown(context.Context) error
}

// serve starts everything in order, says where it is, and takes it down in reverse when ctx ends.
func serve(ctx context.Context, s settings, args []string) (err error) {
	if err := noArguments(args); err != nil {
		return err
	}
	out := os.Stdout
	// The port before the database: who cannot have it should not wait for a database first. What connects
	// meanwhile waits until the service is ready.
	listener, err := listen(s.Addr)
	if err != nil {
		return runningOr(s, err)
	}
	defer listener.Close()
	db, err := connect(ctx, out, s)
	if err != nil {
		return orStopped(ctx, err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := db.migrate(ctx); err != nil {
		return orStopped(ctx, err)
	}
	if err := postgres.CheckAppRole(ctx, db.App); err != nil {
		return orStopped(ctx, err)
	}
	installed, err := db.prepare(ctx)
	if err != nil {
		return orStopped(ctx, err)
	}
	web, stop, err := newService(ctx, db, s, installed.Demo)
	if err != nil {
		return orStopped(ctx, err)
	}
	defer stop()
	address := "http://" + listener.Addr().String()
	if db.server != nil {
		if err := db.server.Announce(address); err != nil {
			return err
		}
	}
	return run(ctx, out, web, listener, func() { announce(out, address, installed.Demo) })
}

// run serves until ctx ends, then stops taking requests and waits for those under way, within bounds.
func run(ctx context.Context, out io.Writer, web service, listener net.Listener, ready func()) error {
	ended := make(chan error, 1)
	go func() { ended <- web.Serve(listener) }()
	ready()
	select {
	case err := <-ended:
		return fmt.Errorf("服务意外停止：%w", err)
	case <-ctx.Done():
	}
	fmt.Fprintln(out, "正在停止…")
	bounded, cancel := context.WithTimeout(context.Background(), finishing)
	defer cancel()
	if err := web.Shutdown(bounded); err != nil {
		fmt.Fprintln(out, "仍有请求没有办完，不再等待；没有提交的不会留下")
	}
	return nil
}

// runningOr says "already running" instead of "port in use" where it is the same installation that has the port.
func runningOr(s settings, portTaken error) error {
	lock, err := postgres.LockData(s.Data)
	var running *postgres.AlreadyRunningError
	if errors.As(err, &running) {
		return err
	}
	if err == nil {
		err = lock.Release()
	}
	return errors.Join(err, portTaken)
}

// orStopped hides the error of a stage that Ctrl-C cut short: the user asked for it.
func orStopped(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// listen takes the address, or says in one line why it cannot be had.
func listen(addr string) (net.Listener, error) {
	listener, err := net.Listen("tcp", addr)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fmt.Errorf("端口已被占用：%s（port in use）。请停掉占用它的程序，或用 ESTATELEDGER_ADDR 换一个地址", addr)
	case errors.Is(err, syscall.EACCES):
		return nil, fmt.Errorf("没有权限监听 %s，请用 ESTATELEDGER_ADDR 换成 1024 以上的端口", addr)
	case err != nil:
		return nil, fmt.Errorf("无法监听 %s：%w", addr, err)
	}
	return listener, nil
}

func announce(out io.Writer, address string, isDemo bool) {
	fmt.Fprintf(out, "长管家已启动  %s\n", address)
	if isDemo {
		announceLogins(out)
	}
	fmt.Fprintln(out, "按 Ctrl-C 停止")
}
