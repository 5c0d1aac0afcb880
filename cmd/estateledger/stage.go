package main

import (
	"fmt"
	"io"
	"time"
)

// stage runs work. What takes over two seconds is announced by its name, and again every ten with the time so far,
// so that nobody wonders whether it hangs; what is quicker stays silent.
func stage(out io.Writer, name string, work func() error) error {
	started := time.Now()
	done := make(chan error, 1)
	go func() { done <- work() }()
	wait := 2 * time.Second
	for {
		select {
		case err := <-done:
			return err
		case <-time.After(wait):
			fmt.Fprintf(out, "… %s（%d 秒）\n", name, int(time.Since(started).Seconds()))
			wait = 10 * time.Second
		}
	}
}
