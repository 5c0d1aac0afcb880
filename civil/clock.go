package civil

import (
	"sync"
	"time"
	_ "time/tzdata" // intranet hosts and containers may have no zone files
)

// Shanghai is the zone in which the day of an instant is read.
var Shanghai = mustZone("Asia/Shanghai")

func mustZone(name string) *time.Location {
	zone, err := time.LoadLocation(name)
	if err != nil {
		panic(err)
	}
	return zone
}

// DateOf is the day of an instant in Shanghai.
func DateOf(t time.Time) Date { return fromTime(t.In(Shanghai)) }

// Clock gives the time; it is passed in, so that three years run in a second.
type Clock interface {
	Now() time.Time
	Today() Date
}

type systemClock struct{}

func (systemClock) Now() time.Time { return time.Now().In(Shanghai) }
func (systemClock) Today() Date    { return DateOf(time.Now()) }

// SystemClock is the machine's clock.
func SystemClock() Clock { return systemClock{} }

type fixedClock struct{ now time.Time }

func (c fixedClock) Now() time.Time { return c.now }
func (c fixedClock) Today() Date    { return DateOf(c.now) }

// FixedClock always stands at one moment, for tests.
func FixedClock(now time.Time) Clock { return fixedClock{now.In(Shanghai)} }

// StepClock is a clock that moves only when told, for the demo and for tests.
// It is safe for concurrent use.
type StepClock struct {
	mu  sync.Mutex
	now time.Time
}

// NewStepClock starts at nine in the morning of a day in Shanghai.
func NewStepClock(day Date) *StepClock {
	c := &StepClock{}
	c.SetDay(day)
	return c
}

// Now is the moment it stands at.
func (c *StepClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Today is the day it stands at.
func (c *StepClock) Today() Date { return DateOf(c.Now()) }

// Advance moves on by a duration.
func (c *StepClock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// Set moves to a moment, forwards or back.
func (c *StepClock) Set(now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = now.In(Shanghai)
}

// SetDay moves to nine in the morning of a day.
func (c *StepClock) SetDay(day Date) {
	c.Set(time.Date(day.Year(), time.Month(day.month), day.Day(), 9, 0, 0, 0, Shanghai))
}
