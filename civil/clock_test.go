package civil_test

import (
	"sync"
	"testing"
	"time"

	"estateledger/civil"
)

func TestTheDayOfAnInstantIsTheDayInShanghai(t *testing.T) {
	for in, want := range map[string]string{
		"2026-11-24T15:59:59Z":      "2026-11-24",
		"2026-11-24T16:00:00Z":      "2026-11-25",
		"2026-11-25T00:00:00+08:00": "2026-11-25",
		"2026-11-24T23:30:00-05:00": "2026-11-25",
		"2025-12-31T16:00:00Z":      "2026-01-01",
	} {
		instant, err := time.Parse(time.RFC3339, in)
		if err != nil {
			t.Fatal(err)
		}
		if got := civil.DateOf(instant); got != day(want) {
			t.Errorf("%s is on %s, want %s", in, got, want)
		}
		if got := civil.FixedClock(instant); got.Today() != day(want) || !got.Now().Equal(instant) {
			t.Errorf("a clock fixed at %s stands at %s, %s", in, got.Now(), got.Today())
		}
	}
}

func TestSystemClockTellsShanghaiTime(t *testing.T) {
	before := time.Now()
	now := civil.SystemClock().Now()
	if now.Before(before.Truncate(0)) || time.Since(now) > time.Minute {
		t.Errorf("the system clock stands at %s, the machine at %s", now, before)
	}
	if _, offset := now.Zone(); offset != 8*3600 {
		t.Errorf("its zone is %s", now.Location())
	}
	first, today, last := civil.DateOf(time.Now()), civil.SystemClock().Today(), civil.DateOf(time.Now())
	if today.Before(first) || today.After(last) {
		t.Errorf("today is %s, not between %s and %s", today, first, last)
	}
}

func TestStepClockMovesOnlyWhenTold(t *testing.T) {
	c := civil.NewStepClock(day("2026-09-14"))
	if c.Today() != day("2026-09-14") || c.Now().Hour() != 9 || !c.Now().Equal(c.Now()) {
		t.Errorf("it starts at %s", c.Now())
	}
	c.Advance(15 * time.Hour)
	if c.Today() != day("2026-09-15") {
		t.Errorf("15 hours after nine in the morning: %s", c.Now())
	}
	c.SetDay(day("2026-03-18"))
	if c.Today() != day("2026-03-18") {
		t.Errorf("set back: %s", c.Now())
	}
	c.Set(time.Date(2026, 9, 14, 16, 0, 0, 0, time.UTC))
	if c.Today() != day("2026-09-15") || c.Now().Location() != civil.Shanghai {
		t.Errorf("set to an instant: %s", c.Now())
	}
}

func TestStepClockIsSharedByManyRoutines(t *testing.T) {
	c := civil.NewStepClock(day("2026-01-01"))
	start := c.Now()
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 500 {
				c.Advance(time.Second)
				if c.Now().Before(start) {
					t.Error("it went back")
				}
			}
		})
	}
	all.Wait()
	if moved := c.Now().Sub(start); moved != 4000*time.Second {
		t.Errorf("8 × 500 steps of a second moved it by %s", moved)
	}
}
