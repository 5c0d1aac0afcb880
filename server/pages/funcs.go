package pages

import (
	"crypto/rand"
	"encoding/hex"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"estateledger/civil"
	"estateledger/ledger/money"
)

// templateWords are the functions of every template. What they format is for the eye only.
var templateWords = map[string]any{
	"url":       URL,
	"key":       newKey,
	"yuan":      money.Format,
	"change":    formatChange,
	"capitals":  money.Capitals,
	"date":      formatDate,
	"day":       formatDay,
	"moment":    formatMoment,
	"month":     formatMonth,
	"monthword": formatMonthWord,
	"weekday":   formatWeekday,
	"area":      FormatArea,
	"rate":      formatRate,
	"count":     FormatCount,
	"percent":   FormatPercent,
	"share":     shareOfHundred,
	"tax":       formatTax,
	"add":       func(a, b int) int { return a + b },
	"isneg":     func(y money.Yuan) bool { return y.IsNegative() },
	"iszero":    func(y money.Yuan) bool { return y.IsZero() },
	"colour":    tone,

	"uses":        UseOptions,
	"roundings":   RoundingOptions,
	"statuses":    StatusOptions,
	"startrules":  StartRuleOptions,
	"modes":       ModeOptions,
	"channels":    ChannelOptions,
	"sources":     SourceOptions,
	"receiptsof":  countReceipts,
	"closedhint":  closedHint,
	"join":        func(parts ...string) string { return strings.Join(parts, "") },
	"duedays":     DueDayOptions,
	"checkitems":  checklistOptions,
	"importsteps": importSteps,
	"counttile":   func(name string, n int, unit, about string) Tile { return CountTile(name, n, unit, about, "") },
	"drawer":      func(title, back string) Drawer { return Drawer{Title: title, Back: back} },
}

// newKey makes the idempotency key of one form: a double click sends it twice, and the second is
// answered like the first.
func newKey() string {
	var random [16]byte
	_, _ = rand.Read(random[:]) // never fails: crypto/rand ends the program instead
	return hex.EncodeToString(random[:])
}

// formatChange shows a difference with its sign: +70.00, −439.06, 0.00.
func formatChange(y money.Yuan) string {
	if y.IsPositive() {
		return "+" + money.Format(y)
	}
	return money.Format(y)
}

func formatDate(d civil.Date) string {
	if d.IsZero() {
		return "—"
	}
	return d.String()
}

// formatDay leaves out the year: 06-20.
func formatDay(d civil.Date) string {
	if d.IsZero() {
		return "—"
	}
	return d.String()[5:]
}

func formatMoment(t time.Time) string {
	if t.IsZero() {
		return "—"
	}
	return t.In(civil.Shanghai).Format("2006-01-02 15:04")
}

func formatMonth(m civil.Month) string {
	if m.IsZero() {
		return "—"
	}
	return m.String()
}

// formatMonthWord says a month in words: 2026 年 7 月.
func formatMonthWord(m civil.Month) string {
	return strconv.Itoa(m.First().Year()) + " 年 " + strconv.Itoa(int(m.MonthOfYear())) + " 月"
}

func formatWeekday(d civil.Date) string {
	words := [...]string{"星期日", "星期一", "星期二", "星期三", "星期四", "星期五", "星期六"}
	return words[d.Weekday()]
}

// FormatArea shows square metres with two decimals and thousands separators; an unknown area is 未知.
func FormatArea(area decimal.NullDecimal) string {
	if !area.Valid {
		return "未知"
	}
	return groupThousands(area.Decimal.StringFixed(2))
}

// formatRate shows a price per square metre and month: two decimals, four where they are used.
func formatRate(rate decimal.Decimal) string {
	if rate.Equal(rate.Round(2)) {
		return rate.StringFixed(2)
	}
	return rate.StringFixed(4)
}

// FormatCount shows a number of things with thousands separators.
func FormatCount(n int) string { return groupThousands(strconv.Itoa(n)) }

// FormatPercent shows a ratio (0.335) as 33.5; without a whole to divide by it is —.
func FormatPercent(ratio decimal.NullDecimal) string {
	if !ratio.Valid {
		return "—"
	}
	return strings.Replace(ratio.Decimal.Shift(2).StringFixed(1), "-", "−", 1)
}

// shareOfHundred is the value of a progress element: 0 to 100.
func shareOfHundred(ratio decimal.NullDecimal) string {
	hundred := ratio.Decimal.Shift(2)
	switch {
	case !ratio.Valid || hundred.IsNegative():
		return "0"
	case hundred.GreaterThan(decimal.NewFromInt(100)):
		return "100"
	}
	return hundred.StringFixed(1)
}

// formatTax shows a tax rate (0.06) as 6 %.
func formatTax(rate decimal.Decimal) string { return rate.Shift(2).String() + " %" }

func groupThousands(digits string) string {
	whole, fraction, hasFraction := strings.Cut(digits, ".")
	sign := ""
	if strings.HasPrefix(whole, "-") {
		sign, whole = "−", whole[1:]
	}
	var grouped strings.Builder
	grouped.WriteString(sign)
	for i, digit := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			grouped.WriteByte(',')
		}
		grouped.WriteRune(digit)
	}
	if hasFraction {
		grouped.WriteString("." + fraction)
	}
	return grouped.String()
}

// tone is the class of a signed amount: what is missing is red, and its minus says it too.
func tone(y money.Yuan) string {
	if y.IsNegative() {
		return "bad"
	}
	return ""
}

// closedHint tells where a payment day in a closed month is posted.
func closedHint(closed civil.Month) string {
	if closed.IsZero() {
		return "记在付款日所在的月份"
	}
	return "结账到 " + closed.String() + "；付款日在那以前的，记在 " + closed.Add(1).String()
}
