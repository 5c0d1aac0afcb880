// Package torture holds no program, only tests that treat the product badly:
// random commands judged by an oracle, many clerks at once, and processes
// killed with -9 behind a proxy that loses replies.
//
// Its words: the oracle is a plain model of the books that knows only the
// commands it was given and never reads the database; a clerk is a goroutine
// that works for one person; a service is a process of its own through which
// clerks reach the database; an act is acknowledged when its clerk has heard
// the answer.
//
// Its invariants: whatever the order of commands and whatever dies in between,
// nothing acknowledged is lost, nothing is done twice, and the books agree with
// the oracle and with themselves.
package torture
