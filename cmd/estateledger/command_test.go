package main

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"
)

func noEnvironment(string) string { return "" }

func TestUnknownCommandsAndArgumentsAreNotUnderstood(t *testing.T) {
	for _, args := range [][]string{nil, {"help"}, {"serv"}, {"serve", "now"}, {"backup"}, {"restore", "a", "b"}, {"backup", "-x", "a"}} {
		var said bytes.Buffer
		if code := dispatch(context.Background(), args, noEnvironment, &said); code != 2 {
			t.Errorf("%v ended with %d, want 2", args, code)
		}
		if !strings.Contains(said.String(), "estateledger") {
			t.Errorf("%v was not told how to use it: %q", args, said.String())
		}
	}
}

func TestUsageNamesEveryCommand(t *testing.T) {
	var said bytes.Buffer
	usage(&said)
	for _, c := range commands {
		if !strings.Contains(said.String(), c.name) || !strings.Contains(said.String(), c.zh) || !strings.Contains(said.String(), c.en) {
			t.Errorf("%s is missing in:\n%s", c.name, said.String())
		}
	}
}

func TestAddressIsCheckedBeforeAnythingStarts(t *testing.T) {
	for _, addr := range []string{"8080", "localhost", "127.0.0.1:web", "127.0.0.1:70000", "a:b:c"} {
		_, err := readSettings(func(name string) string {
			return map[string]string{"ESTATELEDGER_ADDR": addr}[name]
		})
		if err == nil || !strings.Contains(err.Error(), addr) {
			t.Errorf("address %q: %v", addr, err)
		}
	}
	s, err := readSettings(noEnvironment)
	if err != nil || s.Addr != "127.0.0.1:8080" || !strings.HasSuffix(s.Data, "/data") {
		t.Errorf("without environment: %+v, %v", s, err)
	}
}

func TestOnlyLongStagesAreAnnounced(t *testing.T) {
	var said bytes.Buffer
	if err := stage(&said, "快的", func() error { return nil }); err != nil || said.Len() > 0 {
		t.Fatalf("a quick stage said %q, %v", said.String(), err)
	}
	wait := make(chan struct{})
	time.AfterFunc(2100*time.Millisecond, func() { close(wait) })
	if err := stage(&said, "慢的", func() error { <-wait; return nil }); err != nil || !strings.Contains(said.String(), "慢的") {
		t.Fatalf("a slow stage said %q, %v", said.String(), err)
	}
}
