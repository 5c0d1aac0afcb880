package estate

import (
	"context"
	"strings"

	"estateledger/access"
	"estateledger/civil"
	"estateledger/postgres"
)

// UnitLine is a unit of a list with its owners on the day that was asked for.
type UnitLine struct {
	Unit
	SortKey string  `db:"sort_key" json:"after"` // what the next page comes after
	Owners  []Owner `db:"-" json:"owners"`
}

// Gap is something that units may lack.
type Gap string

// The gaps a list of units can be narrowed to; GapPhone are units with an owner
// without a telephone.
const (
	GapArea  Gap = "area"
	GapOwner Gap = "owner"
	GapPhone Gap = "phone"
)

// UnitFilter narrows a list of an estate's units; zero fields do not. On is the
// day that is shown, today when zero. After is the sort key of the last line of
// the page before.
type UnitFilter struct {
	Building string
	Gap      Gap
	On       civil.Date
	After    string
	Limit    int
}

// Units is a page of an estate's units by building, stair and room, as of a day
// (today when zero), after the sort key of the last line of the page before.
func (s *Service) Units(ctx context.Context, actor access.Actor, district, estate int64, on civil.Date, after string, limit int) ([]UnitLine, error) {
	lines, _, err := s.UnitsLike(ctx, actor, district, estate, UnitFilter{On: on, After: after, Limit: limit})
	return lines, err
}

// UnitsLike is a page of those units of an estate that a filter leaves, and how
// many they are on all pages.
func (s *Service) UnitsLike(ctx context.Context, actor access.Actor, district, estate int64, f UnitFilter) (lines []UnitLine, total int, err error) {
	scope := s.Gate.Scope(actor, district)
	arg := map[string]any{"estate": estate, "on": onOr(f.On, scope.Today), "building": f.Building, "gap": string(f.Gap), "after": f.After,
		"limit": pageSize(f.Limit)}
	err = access.View(ctx, s.Gate, func(ctx context.Context, r postgres.Reader) error {
		if _, err := estatePlace(ctx, r, scope, estate); err != nil {
			return err
		}
		if err := r.Get(ctx, &total, queries.Get("units_count"), scoped(scope, arg)); err != nil {
			return err
		}
		return readUnits(ctx, r, scope, "units", arg, &lines)
	})
	return lines, total, err
}

// readUnits reads the units of a query and their owners on its day.
func readUnits(ctx context.Context, r postgres.Reader, s access.Scope, query string, arg map[string]any, lines *[]UnitLine) error {
	*lines = []UnitLine{}
	if err := r.Select(ctx, lines, queries.Get(query), scoped(s, arg)); err != nil {
		return err
	}
	at := make(map[int64]int, len(*lines))
	ids := make([]int64, len(*lines))
	for i, u := range *lines {
		(*lines)[i].Owners = []Owner{}
		at[u.UnitID], ids[i] = i, u.UnitID
	}
	var owners []Owner
	if err := r.Select(ctx, &owners, queries.Get("owners_on"), scoped(s, map[string]any{"units": ids, "on": arg["on"]})); err != nil {
		return err
	}
	for _, o := range owners {
		o.mask()
		line := &(*lines)[at[o.UnitID]]
		line.Owners = append(line.Owners, o)
	}
	return nil
}

// OwnersOf gives the owners of units on a day, today when zero, by unit; names
// and telephones only where the actor may see residents.
func (s *Service) OwnersOf(ctx context.Context, actor access.Actor, district int64, units []int64, on civil.Date) (map[int64][]Owner, error) {
	owned := make(map[int64][]Owner, len(units))
	scope := s.Gate.Scope(actor, district)
	err := access.View(ctx, s.Gate, func(ctx context.Context, r postgres.Reader) error {
		var owners []Owner
		if err := r.Select(ctx, &owners, queries.Get("owners_on"), scoped(scope, map[string]any{"units": units, "on": onOr(on, scope.Today)})); err != nil {
			return err
		}
		for _, o := range owners {
			o.mask()
			owned[o.UnitID] = append(owned[o.UnitID], o)
		}
		return nil
	})
	return owned, err
}

// mostFound bounds the answers of a search.
const mostFound = 50

// FindUnits finds units by what a user types: a room number as people write it,
// an owner's or occupant's name, or four and more digits of a telephone. Names
// and telephones are found only where the actor may see residents. Estate 0
// means the whole scope.
func (s *Service) FindUnits(ctx context.Context, actor access.Actor, district, estate int64, text string) ([]UnitLine, error) {
	found := []UnitLine{}
	text = tidy(text)
	if text == "" {
		return found, nil
	}
	scope := s.Gate.Scope(actor, district)
	arg := map[string]any{"estate": estate, "on": scope.Today, "limit": mostFound, "text": text, "phone": phoneDigits(text)}
	err := access.View(ctx, s.Gate, func(ctx context.Context, r postgres.Reader) error {
		found = []UnitLine{}
		if n, err := ParseRoom(text); err == nil {
			arg["building"], arg["stair"], arg["room"] = n.Building, n.Stair, n.Room
			if err := readUnits(ctx, r, scope, "find_by_room", arg, &found); err != nil {
				return err
			}
		}
		var people []UnitLine
		if err := readUnits(ctx, r, scope, "find_by_person", arg, &people); err != nil {
			return err
		}
		found = appendNew(found, people)
		return nil
	})
	return found, err
}

// phoneDigits is the text as part of a telephone number, empty when it is none.
func phoneDigits(text string) string {
	digits := strings.NewReplacer("-", "", " ", "").Replace(text)
	if len(digits) < 4 || strings.ContainsFunc(digits, func(r rune) bool { return r < '0' || r > '9' }) {
		return ""
	}
	return digits
}

func appendNew(found, more []UnitLine) []UnitLine {
	seen := map[int64]bool{}
	for _, u := range found {
		seen[u.UnitID] = true
	}
	for _, u := range more {
		if !seen[u.UnitID] && len(found) < mostFound {
			found = append(found, u)
		}
	}
	return found
}

// UnitFile is everything the register says of a unit on a day.
type UnitFile struct {
	Unit
	Areas     []AreaRecord `json:"areas"`
	Titles    []Title      `json:"titles"`
	Occupants []Occupant   `json:"occupants"`
	// Owners are those of the day.
	Owners []Owner `json:"owners"`
}

// UnitFile shows a unit with its histories; facts and owners are those of a day,
// today when zero.
func (s *Service) UnitFile(ctx context.Context, actor access.Actor, district, unit int64, on civil.Date) (UnitFile, error) {
	var file UnitFile
	scope := s.Gate.Scope(actor, district)
	err := access.View(ctx, s.Gate, func(ctx context.Context, r postgres.Reader) (err error) {
		day := onOr(on, scope.Today)
		file = UnitFile{Owners: []Owner{}}
		arg := scoped(scope, map[string]any{"unit": unit, "on": day})
		if err := r.Get(ctx, &file.Unit, queries.Get("unit_by_id"), arg); err != nil {
			return orNotFound(err, unitNotFound)
		}
		if file.Areas, err = readAreas(ctx, r, scope, unit); err != nil {
			return err
		}
		if file.Titles, err = readTitles(ctx, r, scope, unit); err != nil {
			return err
		}
		if t, has := TitleOn(file.Titles, day); has {
			file.Owners = t.Owners
		}
		file.Occupants, err = readOccupants(ctx, r, scope, unit)
		return err
	})
	return file, err
}

// TitleOn is the title in force on a day; titles come latest first.
func TitleOn(titles []Title, on civil.Date) (Title, bool) {
	for _, t := range titles {
		if !t.ValidFrom.After(on) {
			return t, true
		}
	}
	return Title{}, false
}

// GridBuilding is a building of the room grid (楼盘图).
type GridBuilding struct {
	Name   string      `json:"name"`
	Stairs []GridStair `json:"stairs"`
}

// GridStair is a stair of the room grid.
type GridStair struct {
	Name    string     `json:"name"`
	HasLift *bool      `json:"has_lift"`
	Units   []GridUnit `json:"units"`
}

// GridUnit is a cell of the room grid.
type GridUnit struct {
	Unit
	OwnerKnown bool `db:"owner_known" json:"owner_known"`
}

// RoomGrid is the estate's units by building and stair on a day, today when
// zero; it names no resident.
func (s *Service) RoomGrid(ctx context.Context, actor access.Actor, district, estate int64, on civil.Date) ([]GridBuilding, error) {
	var units []GridUnit
	scope := s.Gate.Scope(actor, district)
	err := access.View(ctx, s.Gate, func(ctx context.Context, r postgres.Reader) error {
		if _, err := estatePlace(ctx, r, scope, estate); err != nil {
			return err
		}
		units = nil
		return r.Select(ctx, &units, queries.Get("grid"), scoped(scope, map[string]any{"estate": estate, "on": onOr(on, scope.Today)}))
	})
	return gridOf(units), err
}

// gridOf groups units, which come by building and stair.
func gridOf(units []GridUnit) []GridBuilding {
	grid := []GridBuilding{}
	for _, u := range units {
		if len(grid) == 0 || grid[len(grid)-1].Name != u.Building {
			grid = append(grid, GridBuilding{Name: u.Building})
		}
		b := &grid[len(grid)-1]
		if len(b.Stairs) == 0 || b.Stairs[len(b.Stairs)-1].Name != u.Stair {
			b.Stairs = append(b.Stairs, GridStair{Name: u.Stair, HasLift: u.HasLift})
		}
		st := &b.Stairs[len(b.Stairs)-1]
		st.Units = append(st.Units, u)
	}
	return grid
}
