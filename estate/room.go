package estate

import (
	"errors"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// RoomNumber is a unit's number taken apart. An empty building or stair was not
// given: it stands for the placeholder 未定 and is never guessed.
type RoomNumber struct {
	Building, Stair, Room string
}

// notGiven stands in a code where a level is not known.
const notGiven = "0"

// Code is the normal form 7-1-502, unique in an estate; a level that was not
// given is 0: 7-0-502, 0-0-502.
func (n RoomNumber) Code() string {
	return orNotGiven(n.Building) + "-" + orNotGiven(n.Stair) + "-" + n.Room
}

func orNotGiven(s string) string {
	if s == "" {
		return notGiven
	}
	return s
}

// String is the number as people write it: 7栋1单元502室, 6栋底商-1. ParseRoom
// reads it back; where it could not, it is the code.
func (n RoomNumber) String() string {
	s := n.Room
	if plainRoom.MatchString(n.Room) {
		s += "室"
	}
	if n.Stair != "" {
		s = n.Stair + "单元" + s
	}
	if n.Building != "" {
		s = n.Building + "栋" + s
	}
	if back, err := parseRoom(s); err != nil || back != n {
		return n.Code()
	}
	return s
}

const han = `\p{Han}`

var (
	plainRoom     = regexp.MustCompile(`^[0-9A-Z]+$`)
	stairToken    = regexp.MustCompile(`^(?:[0-9]{1,2}[A-Z]?|[A-Z]|[甲乙丙丁戊东西南北中])$`)
	stairMarked   = regexp.MustCompile(`(?:^|-)([0-9]{1,2}[A-Z]?|[A-Z]|[甲乙丙丁戊东西南北中]|[一二三四五六七八九十]{1,3})(?:单元|门|梯)-?`)
	shopFront     = regexp.MustCompile(`门(?:面|市|头|岗|卫)`)
	buildingEnd   = regexp.MustCompile(`号楼|栋|幢|座`)
	houseNumber   = regexp.MustCompile(`^([0-9]{1,4}[A-Z]?)号(.+)$`)
	buildingDash  = regexp.MustCompile(`^(?:[0-9]{1,4}[A-Z]?|[A-Z][0-9]{0,3}|[甲乙丙丁戊东西南北中][0-9]{0,3})$`)
	buildingName  = regexp.MustCompile(`^[0-9A-Z` + han + `]{1,20}$`)
	roomName      = regexp.MustCompile(`^[0-9A-Z` + han + `()]+(?:-[0-9A-Z` + han + `()]+)*$`)
	roomEnd       = regexp.MustCompile(`([0-9A-Z])(?:室|户|房|号)$`)
	floorBefore   = regexp.MustCompile(`^[0-9]{1,2}层-?`)
	levelWord     = regexp.MustCompile(`栋|幢|座|号楼|单元`)
	reservedInBld = regexp.MustCompile(`栋|幢|座|号|单元|门|梯`)
	chineseNumber = regexp.MustCompile(`^([一二三四五六七八九])?(十)?([一二三四五六七八九])?$`)
)

var errRoom = errors.New("看不懂这个房号，请写成 7栋1单元502 或 7-1-502 的样子")

// ParseRoom reads a room number as people write it: 1栋1单元101, 1幢1单元101室,
// 1-1-101, 1号楼1门101, 1栋101, 101室, 6幢底商-1, with full-width digits and any
// dash. Its error is a Chinese sentence for the user. For every number it
// answers, ParseRoom(n.Code()) is n again.
func ParseRoom(s string) (RoomNumber, error) {
	n, err := parseRoom(s)
	if err != nil {
		return n, err
	}
	if back, err := parseRoom(n.Code()); err != nil || back != n {
		return RoomNumber{}, errRoom
	}
	return n, nil
}

// JoinRoom reads a room number whose levels stand in columns of their own;
// building and stair may be empty, and room may repeat them.
func JoinRoom(building, stair, room string) (RoomNumber, error) {
	building = buildingEnd.ReplaceAllString(foldRoom(building), "")
	stair = strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(foldRoom(stair), "单元"), "门"), "梯")
	alone, err := ParseRoom(room)
	if building == "" && stair == "" {
		return alone, err
	}
	if building == "" {
		return ParseRoom(stair + "单元" + room)
	}
	want, err2 := normalLevel(building)
	if err2 != nil {
		return RoomNumber{}, err2
	}
	if err == nil && alone.Building != "" && alone.Building == want {
		if wantStair, _ := normalLevel(stair); alone.Stair == "" || stair == "" || alone.Stair == wantStair {
			if alone.Stair == "" && stair != "" {
				return ParseRoom(building + "栋" + stair + "单元" + alone.Room)
			}
			return alone, nil
		}
	}
	if levelWord.MatchString(foldRoom(room)) && err == nil && alone.Building != "" {
		return RoomNumber{}, errors.New("房号里的楼栋或单元与楼栋、单元两列不一致")
	}
	if stair == "" {
		return ParseRoom(building + "栋" + room)
	}
	return ParseRoom(building + "栋" + stair + "单元" + room)
}

func parseRoom(s string) (RoomNumber, error) {
	s = foldRoom(s)
	if s == "" {
		return RoomNumber{}, errors.New("请填写房号")
	}
	if utf8.RuneCountInString(s) > 60 {
		return RoomNumber{}, errRoom
	}
	var n RoomNumber
	rest := s
	if at := buildingEnd.FindStringIndex(s); at != nil {
		n.Building, rest = strings.ReplaceAll(s[:at[0]], "-", "之"), strings.Trim(s[at[1]:], "-")
	} else if m := houseNumber.FindStringSubmatch(s); m != nil && !strings.HasPrefix(m[2], "-") {
		n.Building, rest = m[1], m[2]
	}
	if err := n.splitStair(rest, rest != s); err != nil {
		return RoomNumber{}, err
	}
	return n.normal()
}

// splitStair reads what follows the building; marked tells that a building was
// named by its word.
func (n *RoomNumber) splitStair(rest string, marked bool) error {
	if m := stairMarked.FindStringSubmatchIndex(rest); m != nil && !shopFront.MatchString(rest) {
		before := rest[:m[0]]
		if marked && before != "" {
			return errRoom
		}
		if before != "" {
			n.Building = before
		}
		n.Stair, n.Room = rest[m[2]:m[3]], floorBefore.ReplaceAllString(rest[m[1]:], "")
		return nil
	}
	if marked {
		n.Room = floorBefore.ReplaceAllString(rest, "")
		if head, tail, cut := strings.Cut(n.Room, "-"); cut && stairToken.MatchString(head) {
			n.Stair, n.Room = head, tail
		}
		return nil
	}
	switch parts := strings.SplitN(rest, "-", 3); {
	case len(parts) == 3 && stairToken.MatchString(parts[1]):
		n.Building, n.Stair, n.Room = parts[0], parts[1], parts[2]
	case len(parts) > 1 && buildingDash.MatchString(parts[0]):
		n.Building, n.Room = parts[0], strings.Join(parts[1:], "-")
	default:
		n.Room = rest
	}
	return nil
}

// normal brings the parts into the one form in which two spellings are equal.
func (n RoomNumber) normal() (RoomNumber, error) {
	var err error
	if n.Building, err = normalLevel(n.Building); err != nil {
		return RoomNumber{}, err
	}
	if n.Stair, err = normalLevel(n.Stair); err != nil {
		return RoomNumber{}, err
	}
	n.Room = roomEnd.ReplaceAllString(n.Room, "$1")
	if !strings.ContainsFunc(n.Room, func(r rune) bool { return r < '0' || r > '9' }) {
		n.Room = strings.TrimLeft(n.Room, "0")
	}
	if !roomName.MatchString(n.Room) || utf8.RuneCountInString(n.Room) > 20 || levelWord.MatchString(n.Room) {
		return RoomNumber{}, errRoom
	}
	return n, nil
}

// normalLevel is a building's or stair's name without leading zeros and with
// Chinese numerals as digits; 0 means that it was not given.
func normalLevel(s string) (string, error) {
	if s == "" {
		return "", nil
	}
	if !buildingName.MatchString(s) || reservedInBld.MatchString(s) {
		return "", errRoom
	}
	if m := chineseNumber.FindStringSubmatch(s); m != nil {
		s = arabic(m[1], m[2], m[3])
	}
	trimmed := strings.TrimLeft(s, "0")
	if trimmed == "" {
		return "", nil
	}
	if trimmed[0] >= '1' && trimmed[0] <= '9' {
		return trimmed, nil
	}
	return s, nil
}

// arabic writes a Chinese number below one hundred in digits.
func arabic(tens, ten, ones string) string {
	digit := func(s string) int { return strings.Index("一二三四五六七八九", s)/len("一") + 1 }
	value := 0
	switch {
	case tens != "" && (ten != "" || ones != ""):
		value = 10 * digit(tens)
	case tens != "":
		value = digit(tens)
	case ten != "":
		value = 10
	}
	if ones != "" {
		value += digit(ones)
	}
	return strconv.Itoa(value)
}

// foldRoom makes full-width signs half-width, small letters capital, every dash
// one dash, and drops blanks and what cannot be seen.
func foldRoom(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r), unicode.Is(unicode.Cf, r), unicode.IsControl(r):
			return -1
		case strings.ContainsRune("-‐‑‒–—―−－_/／ー", r):
			return '-'
		case r >= '！' && r <= '～':
			return unicode.ToUpper(r - '！' + '!')
		}
		return unicode.ToUpper(r)
	}, s)
	s = strings.NewReplacer("#楼", "栋", "#", "栋").Replace(s)
	for strings.Contains(s, "--") {
		s = strings.ReplaceAll(s, "--", "-")
	}
	return strings.Trim(s, "-")
}
