package estate

import (
	"testing"

	"pgregory.net/rapid"
)

func TestRoomNumbersAsPeopleWriteThem(t *testing.T) {
	for written, want := range map[string]RoomNumber{
		"1栋1单元101":       {"1", "1", "101"},
		"1幢1单元101室":      {"1", "1", "101"},
		"1-1-101":        {"1", "1", "101"},
		"1号楼1门101":       {"1", "1", "101"},
		"1栋101":          {"1", "", "101"},
		"6幢底商-1":         {"6", "", "底商-1"},
		"７栋１单元５０２室":      {"7", "1", "502"},
		"７－１－５０２":        {"7", "1", "502"},
		"7栋502":          {"7", "", "502"},
		"502室":           {"", "", "502"},
		"502":            {"", "", "502"},
		"502号":           {"", "", "502"},
		"1单元502":         {"", "1", "502"},
		"7-502":          {"7", "", "502"},
		"7-0-502":        {"7", "", "502"},
		"0-0-502":        {"", "", "502"},
		"07栋01单元0502":    {"7", "1", "502"},
		"7栋1-502":        {"7", "1", "502"},
		"7栋502-1":        {"7", "", "502-1"},
		"7-1单元502":       {"7", "1", "502"},
		"7#1单元502":       {"7", "1", "502"},
		"7#楼502":         {"7", "", "502"},
		"7号502室":         {"7", "", "502"},
		"十二栋三单元301":      {"12", "3", "301"},
		"二十栋101":         {"20", "", "101"},
		"A座1203":         {"A", "", "1203"},
		"b3-2-12a":       {"B3", "2", "12A"},
		"甲单元201":         {"", "甲", "201"},
		"482-2栋502":      {"482之2", "", "502"},
		"3栋门面2":          {"3", "", "门面2"},
		"3栋1门面":          {"3", "", "1门面"},
		"车库12":           {"", "", "车库12"},
		"底商-1":           {"", "", "底商-1"},
		"7栋1单元5层502":     {"7", "1", "502"},
		" 7 栋 1 单元 502 ": {"7", "1", "502"},
		"紫竹3栋2单元储藏室":     {"紫竹3", "2", "储藏室"},
	} {
		got, err := ParseRoom(written)
		if err != nil || got != want {
			t.Errorf("ParseRoom(%q) = %+v, %v; want %+v", written, got, err, want)
		}
	}
	for _, nonsense := range []string{"", "  ", "栋", "7栋", "7栋1单元", "0", "---", "7栋8栋502", "7栋1单元2单元502", "7*502", "🏠"} {
		if got, err := ParseRoom(nonsense); err == nil {
			t.Errorf("ParseRoom(%q) = %+v; want a refusal", nonsense, got)
		}
	}
}

func TestRoomCodeAndName(t *testing.T) {
	for n, want := range map[RoomNumber][2]string{
		{"7", "1", "502"}:  {"7-1-502", "7栋1单元502室"},
		{"7", "", "502"}:   {"7-0-502", "7栋502室"},
		{"", "", "502"}:    {"0-0-502", "502室"},
		{"6", "", "底商-1"}:  {"6-0-底商-1", "6栋底商-1"},
		{"3", "", "1门岗"}:   {"3-0-1门岗", "3栋1门岗"},
		{"7", "", "1-502"}: {"7-0-1-502", "7-0-1-502"},
	} {
		if n.Code() != want[0] || n.String() != want[1] {
			t.Errorf("%+v: %q %q, want %q", n, n.Code(), n.String(), want)
		}
	}
}

func TestRoomParsesWhatItFormats(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := RoomNumber{
			Building: rapid.StringMatching(`|[1-9][0-9]{0,2}[AB]?|[A-F][1-9]?|甲|东|紫竹[1-9]`).Draw(t, "building"),
			Stair:    rapid.StringMatching(`|[1-9][0-9]?|[A-D]|东|西`).Draw(t, "stair"),
			Room:     rapid.StringMatching(`[1-9][0-9]{1,3}[AB]?|底商-[1-9]|车库[1-9][0-9]?|[1-9]0[1-9]-[12]|储藏室|门面[1-9]`).Draw(t, "room"),
		}
		for _, written := range []string{n.Code(), n.String(), " " + n.Code() + " ", n.String() + "\u200b"} {
			if back, err := ParseRoom(written); err != nil || back != n {
				t.Fatalf("%+v wrote %q and read %+v, %v", n, written, back, err)
			}
		}
	})
}

func TestRoomNeverAnswersWhatItCannotReadBack(t *testing.T) {
	piece := rapid.SampledFrom([]string{"7", "1", "502", "0", "00", "栋", "幢", "座", "号", "号楼", "楼", "单元", "门", "梯", "室", "-", "—", "底商", "A", "甲", "十", "二", "#", " ", "层", "面"})
	rapid.Check(t, func(t *rapid.T) {
		s := ""
		for _, p := range rapid.SliceOfN(piece, 1, 8).Draw(t, "pieces") {
			s += p
		}
		n, err := ParseRoom(s)
		if err != nil {
			return
		}
		if back, err := ParseRoom(n.Code()); err != nil || back != n {
			t.Fatalf("%q read as %+v, whose code reads as %+v, %v", s, n, back, err)
		}
		if back, err := ParseRoom(n.String()); err != nil || back != n {
			t.Fatalf("%q read as %+v, whose name reads as %+v, %v", s, n, back, err)
		}
	})
}

func TestRoomFromColumns(t *testing.T) {
	for in, want := range map[[3]string]RoomNumber{
		{"7", "1", "502"}:       {"7", "1", "502"},
		{"7栋", "1单元", "502室"}:   {"7", "1", "502"},
		{"07号楼", "", "502"}:     {"7", "", "502"},
		{"7", "", "1-502"}:      {"7", "1", "502"},
		{"7", "1", "7-1-502"}:   {"7", "1", "502"},
		{"", "", "7栋1单元502"}:    {"7", "1", "502"},
		{"", "2", "502"}:        {"", "2", "502"},
		{"7", "1", "7栋1单元502室"}: {"7", "1", "502"},
		{"7", "2", "7-502"}:     {"7", "2", "502"},
		{"6", "", "底商-1"}:       {"6", "", "底商-1"},
	} {
		if got, err := JoinRoom(in[0], in[1], in[2]); err != nil || got != want {
			t.Errorf("JoinRoom%q = %+v, %v; want %+v", in, got, err, want)
		}
	}
	if got, err := JoinRoom("8", "1", "7栋1单元502"); err == nil {
		t.Errorf("contradicting columns read as %+v", got)
	}
}
