package fault

import (
	"errors"
	"fmt"
)

// Kind decides the HTTP status and how a caller should react.
type Kind int

// The kinds of faults, with the HTTP status each becomes.
const (
	KindInternal        Kind = iota // 500: a defect or a broken part; the message says nothing of it
	KindInvalid                     // 422: the input is wrong; Field says where
	KindNotFound                    // 404: it does not exist, or not for this user
	KindForbidden                   // 403: the user may not do this here
	KindUnauthenticated             // 401: nobody is logged in
	KindConflict                    // 409: the state of things does not permit it
	KindTooLarge                    // 413: more than the limit
	KindUnsupported                 // 415: a file or body of the wrong kind
	KindBusy                        // 503: try again; repeating with the same key is safe
)

// Status is the HTTP status of a kind.
func (k Kind) Status() int {
	return [...]int{500, 422, 404, 403, 401, 409, 413, 415, 503}[k]
}

// Detail is one of several faults of an input, such as a bad cell of a file.
// Row counts from 1 as the user sees it; 0 means no row.
type Detail struct {
	Field   string `json:"field,omitempty"`
	Row     int    `json:"row,omitempty"`
	Column  string `json:"column,omitempty"`
	Value   string `json:"value,omitempty"`
	Message string `json:"message"`
}

// Error is a fault. Values are never changed after they are made: At, With and
// Because return copies.
type Error struct {
	Kind    Kind
	Code    string // stable, "room.reason"
	Message string // Chinese, what happened and what to do
	Field   string // name of the form or JSON field, empty for the whole
	Details []Detail
	cause   error
}

// Error is for logs: code, message and cause.
func (e *Error) Error() string {
	if e.cause != nil {
		return fmt.Sprintf("%s: %s: %v", e.Code, e.Message, e.cause)
	}
	return e.Code + ": " + e.Message
}

// Unwrap gives the cause, if any.
func (e *Error) Unwrap() error { return e.cause }

// Is makes two faults of the same code equal for errors.Is.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Code == e.Code
}

// At names the field the fault stands at.
func (e *Error) At(field string) *Error {
	c := *e
	c.Field = field
	return &c
}

// With adds details.
func (e *Error) With(details ...Detail) *Error {
	c := *e
	c.Details = append(append([]Detail(nil), e.Details...), details...)
	return &c
}

// Because keeps the error that led here, for the log.
func (e *Error) Because(err error) *Error {
	c := *e
	c.cause = err
	return &c
}

// Invalid says the input is wrong.
func Invalid(code, message string) *Error {
	return &Error{Kind: KindInvalid, Code: code, Message: message}
}

// NotFound says it does not exist, or not for this user.
func NotFound(code, message string) *Error {
	return &Error{Kind: KindNotFound, Code: code, Message: message}
}

// Forbidden says the user may not do this here.
func Forbidden(code, message string) *Error {
	return &Error{Kind: KindForbidden, Code: code, Message: message}
}

// Unauthenticated says nobody is logged in.
func Unauthenticated(code, message string) *Error {
	return &Error{Kind: KindUnauthenticated, Code: code, Message: message}
}

// Conflict says the state of things does not permit it.
func Conflict(code, message string) *Error {
	return &Error{Kind: KindConflict, Code: code, Message: message}
}

// TooLarge says it is more than the limit.
func TooLarge(code, message string) *Error {
	return &Error{Kind: KindTooLarge, Code: code, Message: message}
}

// Unsupported says a file or body is of the wrong kind.
func Unsupported(code, message string) *Error {
	return &Error{Kind: KindUnsupported, Code: code, Message: message}
}

// Busy says to try again; with the same key nothing is done twice.
func Busy(code, message string) *Error { return &Error{Kind: KindBusy, Code: code, Message: message} }

// Internal hides a defect behind a sentence and keeps the cause for the log.
func Internal(code, message string) *Error {
	return &Error{Kind: KindInternal, Code: code, Message: message}
}

// As finds the fault in an error chain.
func As(err error) (*Error, bool) { return errors.AsType[*Error](err) }

// Of is the kind of an error: KindInternal for everything that is no fault.
func Of(err error) Kind {
	if e, ok := As(err); ok {
		return e.Kind
	}
	return KindInternal
}

// Code is the code of an error, empty for everything that is no fault.
func Code(err error) string {
	if e, ok := As(err); ok {
		return e.Code
	}
	return ""
}
