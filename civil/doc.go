// Package civil has dates without a time zone, months, periods and the clock.
//
// The law and the contracts count in days and months: a charge belongs to a
// month, a subsidy to a window of days, a debt expires on a day. None of these
// has an hour, so a [Date] is never converted through a time zone; only
// [DateOf] and the clocks read an instant, and always in Asia/Shanghai.
//
// A month in the database is a date column that holds the first of the month.
// The zero Date and Month mean "none" and are NULL there.
//
// No rule asks the machine for the time: whoever decides something by the day is
// given a [Clock] or the day itself, so that three years of an estate can be run
// in a second.
package civil
