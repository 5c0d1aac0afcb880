package fault_test

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"testing"

	"estateledger/fault"
)

func TestEachKindHasItsConstructorAndStatus(t *testing.T) {
	for _, c := range []struct {
		make   func(code, message string) *fault.Error
		kind   fault.Kind
		status int
	}{
		{fault.Invalid, fault.KindInvalid, 422}, {fault.NotFound, fault.KindNotFound, 404},
		{fault.Forbidden, fault.KindForbidden, 403}, {fault.Unauthenticated, fault.KindUnauthenticated, 401},
		{fault.Conflict, fault.KindConflict, 409}, {fault.TooLarge, fault.KindTooLarge, 413},
		{fault.Unsupported, fault.KindUnsupported, 415}, {fault.Busy, fault.KindBusy, 503},
		{fault.Internal, fault.KindInternal, 500},
	} {
		err := c.make("room.reason", "账期已关。")
		if err.Kind != c.kind || err.Kind.Status() != c.status || err.Code != "room.reason" || err.Message != "账期已关。" {
			t.Errorf("kind %d, status %d: %+v", c.kind, c.status, err)
		}
		if fault.Of(fmt.Errorf("posting: %w", err)) != c.kind {
			t.Errorf("kind %d is lost when wrapped", c.kind)
		}
	}
}

func TestEveryOtherErrorIsInternal(t *testing.T) {
	for _, err := range []error{nil, io.EOF, fmt.Errorf("pq: %w", io.ErrUnexpectedEOF)} {
		if _, ok := fault.As(err); ok || fault.Of(err) != fault.KindInternal || fault.Code(err) != "" {
			t.Errorf("%v is taken for a fault", err)
		}
	}
}

func TestFaultsAreTheSameByCode(t *testing.T) {
	closed := fault.Conflict("ledger.period_closed", "账期已关。")
	other := fault.Conflict("ledger.period_closed", "2026 年 8 月已结账。").At("month")
	if !errors.Is(fmt.Errorf("posting: %w", other), closed) {
		t.Error("the same code with another sentence is another fault")
	}
	if errors.Is(fault.Conflict("ledger.book_missing", "账期已关。"), closed) || errors.Is(errors.New("disk full"), closed) {
		t.Error("another code is the same fault")
	}
}

func TestAdditionsAreCopies(t *testing.T) {
	base := fault.Invalid("sheet.bad_cells", "表格里有单元格填错了。")
	first := base.With(fault.Detail{Row: 3, Column: "面积", Message: "不是数字"})
	first.Details = slices.Grow(first.Details, 8) // room in which a second could write over a third
	second := first.With(fault.Detail{Row: 4, Message: "缺房号"})
	third := first.With(fault.Detail{Row: 5, Message: "缺姓名"})
	full := second.At("file").Because(io.ErrUnexpectedEOF)
	if base.Field != "" || base.Details != nil || base.Unwrap() != nil || second.Field != "" {
		t.Errorf("the first fault was changed: %+v", base)
	}
	if len(first.Details) != 1 || len(second.Details) != 2 || second.Details[1].Row != 4 || third.Details[1].Row != 5 {
		t.Errorf("details of one are seen in another: %v, %v, %v", first.Details, second.Details, third.Details)
	}
	got, ok := fault.As(fmt.Errorf("import: %w", full))
	if !ok || got.Field != "file" || got.Code != base.Code || got.Message != base.Message {
		t.Errorf("found %+v", got)
	}
	if !errors.Is(full, io.ErrUnexpectedEOF) {
		t.Error("the cause is lost")
	}
}

func TestTheLogSeesTheCauseAndTheUserDoesNot(t *testing.T) {
	err := fault.Busy("postgres.busy", "系统正忙，请稍后再试。").Because(errors.New("too many connections"))
	if got := err.Error(); got != "postgres.busy: 系统正忙，请稍后再试。: too many connections" {
		t.Errorf("log line: %s", got)
	}
	if err.Message != "系统正忙，请稍后再试。" {
		t.Errorf("message: %s", err.Message)
	}
}
