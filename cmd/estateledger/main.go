// Command estateledger is the whole product in one binary: flags, environment and wiring. What it does is in the
// rooms it wires; here stand only the order of things and the words on the terminal.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"estateledger/fault"
)

// command is one word after `estateledger`.
type command struct {
	name, arguments string
	zh, en          string
	run             func(ctx context.Context, s settings, args []string) error
}

var commands = []command{
	{"serve", "", "启动数据库和服务", "start database and service", serve},
	{"install", "CODE NAME LOGIN", "把空库建成正式库:区划代码、区名、管理员", "make an empty database a real installation", install},
	{"demo", "reset", "重新装入演示数据", "throw the demo away and play it afresh", demoCommand},
	{"migrate", "", "把数据库结构更新到本版本", "bring schema, functions and grants up to date", migrate},
	{"backup", "FOLDER", "备份到一个新文件夹", "write dump and manifest into a new folder", backup},
	{"restore", "FOLDER", "把备份恢复到空数据库", "restore a backup into an empty database", restore},
	{"verify", "", "核对全部账目，指出每处差异", "derive every balance again and name each difference", verify},
	{"doctor", "", "检查数据库和机器的设置", "check the settings of server and machine", doctor},
	{"bench", "[--households N] [--rounds N] [--only GOAL]", "与数据库极限对比测速", "measure against the limit of the machine", measure},
}

func main() {
	ending := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) { // under nohup it is, and stays so
		ending = append(ending, syscall.SIGHUP)
	}
	ctx, stop := signal.NotifyContext(context.Background(), ending...)
	// A second signal ends the process at once: whoever sends it no longer wants to wait.
	context.AfterFunc(ctx, stop)
	os.Exit(dispatch(ctx, os.Args[1:], os.Getenv, os.Stderr))
}

// dispatch runs one command. 0: done; 1: it could not be done, and one line on complaints says why; 2: it was not
// understood.
func dispatch(ctx context.Context, args []string, getenv func(string) string, complaints io.Writer) int {
	if len(args) == 0 || args[0] == "help" || args[0] == "-h" || args[0] == "--help" {
		usage(complaints)
		return 2
	}
	for _, c := range commands {
		if c.name != args[0] {
			continue
		}
		s, err := readSettings(getenv)
		if err == nil {
			err = c.run(ctx, s, args[1:])
		}
		switch {
		case err == nil:
			return 0
		case errors.Is(err, flag.ErrHelp), errors.Is(err, errUsage):
			fmt.Fprintf(complaints, "用法 usage: estateledger %s %s\n", c.name, c.arguments)
			return 2
		default:
			fmt.Fprintln(complaints, "estateledger:", inWords(err))
			return 1
		}
	}
	fmt.Fprintf(complaints, "estateledger: 没有 %q 这个命令 (unknown command)\n", args[0])
	usage(complaints)
	return 2
}

// errUsage: the arguments do not fit the command.
var errUsage = errors.New("wrong arguments")

// inWords is what the terminal shows of an error: a refusal in the words meant for people, with its cause, because
// here the operator reads; anything else in full.
func inWords(err error) string {
	refusal, ok := fault.As(err)
	if !ok {
		return err.Error()
	}
	if cause := refusal.Unwrap(); cause != nil {
		return refusal.Message + "（" + cause.Error() + "）"
	}
	return refusal.Message
}

func usage(out io.Writer) {
	fmt.Fprint(out, "长管家 estateledger\n\n")
	for _, c := range commands {
		fmt.Fprintf(out, "  %-9s %-24s %s (%s)\n", c.name, c.arguments, c.zh, c.en)
	}
	fmt.Fprint(out, "\n设置见环境变量 (settings come from the environment): "+
		"ESTATELEDGER_ADDR, ESTATELEDGER_DATA, DATABASE_URL, DATABASE_OWNER_URL; docs/deployment.md\n")
}

// oneArgument parses flags of set and wants exactly one argument after them.
func oneArgument(set *flag.FlagSet, args []string) (string, error) {
	set.SetOutput(io.Discard)
	if err := set.Parse(args); err != nil || set.NArg() != 1 {
		return "", errUsage
	}
	return set.Arg(0), nil
}

// noArguments refuses anything after the command.
func noArguments(args []string) error {
	if len(args) > 0 {
		return errUsage
	}
	return nil
}
