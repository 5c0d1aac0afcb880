package pages

import (
	"cmp"
	"slices"
	"strconv"

	"estateledger/ledger/money"
)

// RoomState is what a room's square says by colour and letter.
type RoomState string

// The states of a room in the 楼盘图.
const (
	RoomClear   RoomState = "clear"   // nothing owed
	RoomDue     RoomState = "due"     // owed, not yet due
	RoomOverdue RoomState = "overdue" // owed and due
	RoomNone    RoomState = "none"    // not billed: no area, no owner, excluded
)

// Letter is the state in one character, so that colour is never alone.
func (s RoomState) Letter() string {
	return map[RoomState]string{RoomClear: "清", RoomDue: "欠", RoomOverdue: "逾", RoomNone: "缺"}[s]
}

// Word is the state in words.
func (s RoomState) Word() string {
	return map[RoomState]string{RoomClear: "已缴清", RoomDue: "欠费未到期", RoomOverdue: "已逾期", RoomNone: "资料不全，没有出账"}[s]
}

// Tone is the tag of the state.
func (s RoomState) Tone() Tone {
	return map[RoomState]Tone{RoomClear: Good, RoomDue: Warn, RoomOverdue: Bad, RoomNone: Open}[s]
}

// Room is one unit of the grid as the register knows it. Floor 0 is unknown.
type Room struct {
	UnitID int64
	Stair  string
	Floor  int
	Name   string
	State  RoomState
	Owed   money.Yuan
}

// RoomGrid is one building: stairs side by side, floors from the top.
type RoomGrid struct {
	Stairs []RoomStair
	Floors []RoomFloor
	Counts []RoomCount
}

// RoomStair is a head over the rooms of one stair; Width is how many rooms its widest floor has.
type RoomStair struct {
	Name  string
	Width int
}

// RoomFloor is a row: per stair the rooms, filled up to the stair's width.
type RoomFloor struct {
	Name   string
	Stairs [][]*Room
}

// RoomCount is one entry of the legend.
type RoomCount struct {
	State RoomState
	Count int
}

// NewRoomGrid arranges the rooms of one building. Rooms without a floor stand in a last row of their own.
func NewRoomGrid(rooms []Room) RoomGrid {
	type place struct {
		floor int
		stair string
	}
	cells := map[place][]*Room{}
	var stairs []string
	var floors []int
	states := map[RoomState]int{}
	for i := range rooms {
		r := &rooms[i]
		at := place{r.Floor, r.Stair}
		cells[at] = append(cells[at], r)
		if !slices.Contains(stairs, r.Stair) {
			stairs = append(stairs, r.Stair)
		}
		if !slices.Contains(floors, r.Floor) {
			floors = append(floors, r.Floor)
		}
		states[r.State]++
	}
	slices.SortFunc(stairs, func(a, b string) int {
		return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
	})
	slices.SortFunc(floors, func(a, b int) int {
		switch {
		case a == b:
			return 0
		case a == 0:
			return 1
		case b == 0:
			return -1
		}
		return b - a
	})
	grid := RoomGrid{}
	for _, stair := range stairs {
		width := 1
		for _, floor := range floors {
			width = max(width, len(cells[place{floor, stair}]))
		}
		grid.Stairs = append(grid.Stairs, RoomStair{Name: stair, Width: width})
	}
	for _, floor := range floors {
		row := RoomFloor{Name: strconv.Itoa(floor) + " 层"}
		if floor == 0 {
			row.Name = "未定"
		}
		for _, stair := range grid.Stairs {
			cell := slices.Clone(cells[place{floor, stair.Name}])
			slices.SortFunc(cell, func(a, b *Room) int { return cmp.Compare(a.Name, b.Name) })
			for len(cell) < stair.Width {
				cell = append(cell, nil)
			}
			row.Stairs = append(row.Stairs, cell)
		}
		grid.Floors = append(grid.Floors, row)
	}
	for _, state := range []RoomState{RoomClear, RoomDue, RoomOverdue, RoomNone} {
		if states[state] > 0 {
			grid.Counts = append(grid.Counts, RoomCount{state, states[state]})
		}
	}
	return grid
}
