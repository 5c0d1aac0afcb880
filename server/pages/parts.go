package pages

import (
	"strconv"

	"github.com/shopspring/decimal"

	"estateledger/civil"
	"estateledger/ledger/money"
)

// Tone is a state as class; the word beside it says the same.
type Tone string

// The tones. Good is done, Warn wants attention, Bad is overdue or refused, Info is in hand,
// Open is not yet, Plain is neither.
const (
	Good  Tone = "good"
	Warn  Tone = "warn"
	Bad   Tone = "bad"
	Info  Tone = "info"
	Open  Tone = "open"
	Plain Tone = "plain"
)

// Tag is a state in a word.
type Tag struct {
	Tone Tone
	Word string
}

// Tile is one figure with its name, unit, a sentence, and the list behind it.
type Tile struct {
	Name, Figure, Unit, About string
	Tone                      Tone // of the figure; empty is ink
	AboutTone                 Tone
	URL                       string
}

// YuanTile is a tile of money.
func YuanTile(name string, amount money.Yuan, about, url string) Tile {
	return Tile{Name: name, Figure: money.Format(amount), Unit: "元", About: about, URL: url}
}

// CountTile is a tile of things counted.
func CountTile(name string, n int, unit, about, url string) Tile {
	return Tile{Name: name, Figure: FormatCount(n), Unit: unit, About: about, URL: url}
}

// PercentTile is a tile of a ratio (0.335 is shown as 33.5 %).
func PercentTile(name string, ratio decimal.NullDecimal, about, url string) Tile {
	return Tile{Name: name, Figure: FormatPercent(ratio), Unit: "%", About: about, URL: url}
}

// WorkRow is a thing that waits: what, whose, since when, one button.
type WorkRow struct {
	Tone         Tone // Bad, Warn or Info
	What, Detail string
	Who          string
	Since        civil.Date
	Button       Link
}

// Step is one step of a stepper; State is done, now or later.
type Step struct {
	Name, Detail, State, URL string
}

// Steps marks what lies before the current step as done and what lies behind it as later.
func Steps(current int, steps ...Step) []Step {
	for i := range steps {
		switch {
		case i < current:
			steps[i].State = "done"
		case i == current:
			steps[i].State = "now"
		default:
			steps[i].State = "later"
		}
	}
	return steps
}

// Pager leads through a long list by keys, not by page numbers. Empty addresses are the ends; a Total
// of 0 has not been counted.
type Pager struct {
	Total      int
	Shown      int
	Prev, Next string
}

// Pair is a name with its value.
type Pair struct {
	Name, Value, Detail string
	Tone                Tone
	URL                 string
}

// Check is a line of a checklist.
type Check struct {
	Tone  Tone // Good, Warn, Bad or Open
	What  string
	Aside string
	URL   string
}

// Line is a thing and its amount.
type Line struct {
	What, Detail string
	Amount       money.Yuan
	Signed, Sum  bool
}

// Progress is long work: a bar, where it stands, and where to go when it is done.
type Progress struct {
	ID      int64
	Title   string
	Done    int
	Total   int
	State   string // running, done, failed
	Message string
	Link    Link // the result, when done
	Started string
}

// Ratio is how far the work is, 0 to 1.
func (p Progress) Ratio() decimal.NullDecimal {
	if p.Total == 0 {
		return decimal.NullDecimal{}
	}
	return decimal.NewNullDecimal(decimal.NewFromInt(int64(p.Done)).DivRound(decimal.NewFromInt(int64(p.Total)), 4))
}

// MoneySegment is one part of a money bar. Colour is fee, subsidy, common, fund, gap, good, warn,
// bad or plain; age1 to age5 for arrears, the older the deeper.
type MoneySegment struct {
	Name   string
	Amount money.Yuan
	Colour string
	Left   string // percent from the left edge, filled by NewMoneyBar
	Width  string
	Fits   bool // the amount can be written inside
}

// MoneyBar shows parts of a sum to scale, their amounts beside them; the parts sum to the total.
type MoneyBar struct {
	Label    string
	Total    money.Yuan
	Segments []MoneySegment
}

// NewMoneyBar lays the segments side by side. Parts of nothing have no width.
func NewMoneyBar(label string, segments ...MoneySegment) MoneyBar {
	bar := MoneyBar{Label: label, Segments: segments}
	for _, s := range segments {
		bar.Total = bar.Total.Add(s.Amount)
	}
	left := decimal.Zero
	for i := range bar.Segments {
		s := &bar.Segments[i]
		width := decimal.Zero
		if bar.Total.IsPositive() {
			width = s.Amount.Decimal.Shift(2).DivRound(bar.Total.Decimal, 2)
		}
		s.Left, s.Width = left.String()+"%", width.String()+"%"
		s.Fits = width.GreaterThan(decimal.NewFromInt(24))
		left = left.Add(width)
	}
	return bar
}

// WindowBar shows a period with today in it.
type WindowBar struct {
	Label      string
	Period     civil.Period
	Today      civil.Date
	Elapsed    string // percent
	Passed     int    // days gone
	Remaining  int    // last day minus today; negative once it is over
	Words      string // what the period means, in a sentence
	IsPast     bool
	NotStarted bool
}

// NewWindowBar measures in days; remaining days are the last day minus today.
func NewWindowBar(label string, period civil.Period, today civil.Date, words string) WindowBar {
	bar := WindowBar{Label: label, Period: period, Today: today, Words: words, Elapsed: "0%"}
	bar.Passed = period.From.DaysUntil(today)
	bar.Remaining = today.DaysUntil(period.To)
	bar.NotStarted, bar.IsPast = bar.Passed < 0, bar.Remaining < 0
	switch days := period.Days(); {
	case bar.IsPast:
		bar.Elapsed = "100%"
	case !bar.NotStarted && days > 0:
		bar.Elapsed = strconv.Itoa(bar.Passed*100/days) + "%"
	}
	return bar
}

// HouseholdHit is a unit found by room number, name or phone.
type HouseholdHit struct {
	UnitID       int64
	Estate, Unit string // 安和一村, 7幢1单元502室
	Code         string // 7-1-502
	Owner, Phone string // the phone masked: 138****5127
	Owed         money.Yuan
}

// Tag says the state of the work in a word.
func (p Progress) Tag() Tag {
	switch p.State {
	case "done":
		return Tag{Good, "做完了"}
	case "failed":
		return Tag{Bad, "没有做成"}
	}
	return Tag{Info, "正在做"}
}

// Empty says that there is nothing yet, and the next step.
type Empty struct {
	Title, Text string
	Button      *Link
}

// Receipt is one receipt as it is printed: one per book.
type Receipt struct {
	SeriesID     int64
	Number       string // AH-01-2026-004817; empty in a preview
	Issued       civil.Date
	Estate, Unit string
	Payer        string
	Book         string
	Area         decimal.NullDecimal
	Lines        []ReceiptLine
	Total        money.Yuan
	Channel      string // in words: 现金
	Cashier      string
	Remark       string // 物业费已缴清；余 12.30 元转预存
	Voided       string // when reversed: day, who, why
}

// ReceiptLine is one line of a receipt.
type ReceiptLine struct {
	Item, Period, Price string
	Amount              money.Yuan
}

// Drawer is the head of a form beside the page.
type Drawer struct {
	Title, Back string
}
