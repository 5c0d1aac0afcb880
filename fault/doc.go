// Package fault is the one error type that users meet: a kind, which decides the
// HTTP status and how a caller should react; a stable code "room.reason" for
// machines; a Chinese sentence for people, which says what happened and what to
// do; the field it stands at.
//
// Every other error is internal: it is logged and its text is never shown.
package fault
