package sheet

import (
	"encoding/xml"
	"io"
	"regexp"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"
)

// look is what a cell style shows a number as.
type look int

const (
	asNumber look = iota
	asDate
	asPercent
)

// readStyles notes which cell styles show a number as a date or as a percentage.
func (w *workbook) readStyles(name string) error {
	if w.parts[name] == nil {
		return nil
	}
	formats := map[string]string{}
	inCells := false
	part, err := w.open(name)
	if err != nil {
		return err
	}
	defer part.Close()
	for {
		token, err := part.RawToken()
		if err == io.EOF {
			return part.whole()
		}
		if err != nil {
			return err
		}
		switch token := token.(type) {
		case xml.StartElement:
			switch token.Name.Local {
			case "numFmt":
				formats[attr(token, "numFmtId")] = attr(token, "formatCode")
			case "cellXfs":
				inCells = true
			case "xf":
				if inCells {
					id := attr(token, "numFmtId")
					w.looks = append(w.looks, lookOf(id, formats[id]))
				}
			}
		case xml.EndElement:
			if token.Name.Local == "cellXfs" {
				inCells = false
			}
		}
	}
}

var notShown = regexp.MustCompile(`"[^"]*"|\[[^\]]*\]|\\.|_.|\*.`)

// lookOf judges a number format: by its code, or by its number where the code is built in (ECMA-376 part 1,
// 18.8.30; 27–36 and 50–58 are the Chinese and Japanese dates).
func lookOf(id, code string) look {
	if code != "" {
		positive, _, _ := strings.Cut(code, ";")
		shown := strings.ToLower(notShown.ReplaceAllString(positive, ""))
		switch {
		case strings.Contains(shown, "general"):
			return asNumber
		case strings.ContainsAny(shown, "ymdhs"):
			return asDate
		case strings.Contains(shown, "%"):
			return asPercent
		}
		return asNumber
	}
	n, err := strconv.Atoi(id)
	switch {
	case err != nil:
		return asNumber
	case n == 9 || n == 10:
		return asPercent
	case n >= 14 && n <= 22, n >= 27 && n <= 36, n >= 45 && n <= 47, n >= 50 && n <= 58:
		return asDate
	}
	return asNumber
}

// show turns a stored number into a cell by the look of its style.
func (w *workbook) show(raw string, style int) cell {
	c := cell{text: raw, kind: numberCell}
	if style < 0 || style >= len(w.looks) {
		return c
	}
	switch w.looks[style] {
	case asDate:
		if shown, ok := serialDate(raw, w.date1904); ok {
			return cell{text: shown, kind: dateCell}
		}
	case asPercent:
		if n, err := parseStored(raw); err == nil {
			return cell{text: n.Shift(2).String() + "%", kind: textCell}
		}
	}
	return c
}

var (
	secondsOfDay = decimal.NewFromInt(86400)
	firstSerial  = decimal.NewFromInt(1)
	lastSerial   = decimal.NewFromInt(2958466) // the day after 9999-12-31
)

// serialDate turns a spreadsheet's day number into 2026-11-24, with the time behind it if it has one. Numbers
// below 61 are refused: the spreadsheet's calendar has a 29 February 1900, days before are off by one.
func serialDate(raw string, date1904 bool) (string, bool) {
	n, err := parseStored(raw)
	if err != nil || n.LessThan(firstSerial) || n.GreaterThanOrEqual(lastSerial) {
		return "", false
	}
	day := n.Floor()
	seconds := n.Sub(day).Mul(secondsOfDay).Round(0).IntPart()
	number := int(day.IntPart())
	if date1904 {
		number += 1462
	}
	if seconds == 86400 {
		number, seconds = number+1, 0
	}
	if number < 61 {
		return "", false
	}
	shown := dayNumber(number)
	if seconds == 0 {
		return shown, true
	}
	return shown + " " + clock(seconds), true
}
