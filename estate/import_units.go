package estate

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"estateledger/access"
	"estateledger/civil"
	"estateledger/fault"
	"estateledger/postgres"
	"estateledger/sheet"
)

// importUnit is a unit of the register as an import meets it.
type importUnit struct {
	UnitID     int64            `db:"unit_id"`
	EstateID   int64            `db:"estate_id"`
	Building   string           `db:"building"`
	Stair      string           `db:"stair"`
	StairID    int64            `db:"stair_id"`
	Room       string           `db:"room"`
	Floor      *int             `db:"floor"`
	Use        Use              `db:"use"`
	Tenure     Tenure           `db:"tenure"`
	HasLift    *bool            `db:"has_lift"`
	Area       *decimal.Decimal `db:"area"`
	AreaSource AreaSource       `db:"area_source"`
	AreaFrom   civil.Date       `db:"area_from"`
}

func (u importUnit) number() RoomNumber {
	return RoomNumber{known(u.Building), known(u.Stair), u.Room}
}

// unitIndex finds units by estate and room.
type unitIndex map[unitKey][]*importUnit

type unitKey struct {
	estate int64
	room   string
}

func readUnitIndex(ctx context.Context, r postgres.Reader, p *importPlan, estates []int64) (unitIndex, error) {
	var units []importUnit
	err := r.Select(ctx, &units, queries.Get("import_units"), scoped(p.scope, map[string]any{"estates": distinct(estates)}))
	index := unitIndex{}
	for i := range units {
		k := unitKey{units[i].EstateID, units[i].Room}
		index[k] = append(index[k], &units[i])
	}
	return index, err
}

// find is the unit that a number means: the very same, or else the only one that
// differs in nothing both know. It answers how many fit when it is not one.
func (x unitIndex) find(estate int64, n RoomNumber) (*importUnit, []string) {
	var fits []*importUnit
	for _, u := range x[unitKey{estate, n.Room}] {
		have := u.number()
		if have == n {
			return u, nil
		}
		if may(have.Building, n.Building) && may(have.Stair, n.Stair) {
			fits = append(fits, u)
		}
	}
	if len(fits) == 1 {
		return fits[0], nil
	}
	var codes []string
	for _, u := range fits {
		codes = append(codes, u.number().Code())
	}
	return nil, codes
}

// unitImport takes units in.
type unitImport struct {
	rows    []unitLine
	creates []unitRow
	updates []unitUpdate
	areas   []areaRow
	lifts   []unitRow // only for their stairs
}

type unitLine struct {
	row int
	unitRow
	useGiven, tenureGiven, sourceGiven bool
	written                            string
}

type unitUpdate struct {
	unit   importUnit
	number RoomNumber
	floor  *int
	use    Use
	tenure Tenure
}

// takeNumber reads the estate and the room number of a row.
func takeNumber(row *sheet.Row, p *importPlan) (int64, RoomNumber) {
	estate, _ := p.sameEstate(row)
	n, err := JoinRoom(row.Text("building"), row.Text("stair"), row.Text("room"))
	if err != nil && row.Text("room") != "" {
		row.Refuse("room", strings.TrimSuffix(err.Error(), "。"))
	}
	return estate, n
}

func (s *unitImport) take(row *sheet.Row, p *importPlan) {
	line := unitLine{row: row.Number, written: row.Shown("room")}
	line.estate, line.number = takeNumber(row, p)
	line.useGiven, line.tenureGiven, line.sourceGiven = row.Given("use"), row.Given("tenure"), row.Given("area_source")
	form := NewUnit{Number: line.number.Code(), Floor: intCell(row, "floor"), Use: Use(row.Choice("use")), Tenure: Tenure(row.Choice("tenure")),
		HasLift: boolCell(row, "has_lift"), Area: decimalCell(row, "area"), AreaSource: AreaSource(row.Choice("area_source")), AreaFrom: row.Date("area_from")}
	line.areaFrom = form.AreaFrom
	if row.Given("area_from") && form.AreaFrom.After(p.scope.Today) {
		row.Refuse("area_from", "不能晚于今天")
	}
	if line.number.Room != "" {
		if err := form.check(""); err != nil {
			f, _ := fault.As(err)
			refuseRow(row, f.Field, err)
		}
	}
	line.floor, line.use, line.tenure, line.hasLift = form.Floor, form.Use, form.Tenure, form.HasLift
	line.area, line.areaSource = form.Area, form.AreaSource
	if len(row.Bad) == 0 {
		s.rows = append(s.rows, line)
	}
}

func (s *unitImport) judge(ctx context.Context, r postgres.Reader, p *importPlan) error {
	estates := make([]int64, len(s.rows))
	for i, line := range s.rows {
		estates[i] = line.estate
	}
	index, err := readUnitIndex(ctx, r, p, estates)
	if err != nil {
		return err
	}
	met, created := map[int64]int{}, map[unitKey][]unitLine{}
	lifts := map[levelKey]unitLine{}
	for _, line := range s.rows {
		u, several := index.find(line.estate, line.number)
		switch {
		case len(several) > 0:
			p.refuse(line.row, "room", line.written, "有几套房屋都可能是它：%s，请写明楼栋和单元", strings.Join(several, "、"))
		case u != nil && met[u.UnitID] != 0:
			p.refuse(line.row, "room", line.written, "与第 %d 行是同一套房屋", met[u.UnitID])
		case u != nil:
			met[u.UnitID] = line.row
			if checkLift(p, lifts, line, keyOf(u.EstateID, fuller(u.number(), line.number))) {
				s.compare(line, u, p)
			}
		default:
			k := unitKey{line.estate, line.number.Room}
			if other := sameUnit(created[k], line); other != 0 {
				p.refuse(line.row, "room", line.written, "与第 %d 行是同一套房屋，或没有写明楼栋、单元", other)
				continue
			}
			created[k] = append(created[k], line)
			if checkLift(p, lifts, line, keyOf(line.estate, line.number)) {
				s.create(line, p)
			}
		}
	}
	return nil
}

func sameUnit(lines []unitLine, line unitLine) int {
	for _, o := range lines {
		if may(o.number.Building, line.number.Building) && may(o.number.Stair, line.number.Stair) {
			return o.row
		}
	}
	return 0
}

// checkLift refuses a row that contradicts an earlier one about its stair.
func checkLift(p *importPlan, lifts map[levelKey]unitLine, line unitLine, stair levelKey) bool {
	if line.hasLift == nil {
		return true
	}
	earlier, has := lifts[stair]
	if !has {
		lifts[stair] = line
		return true
	}
	if *earlier.hasLift != *line.hasLift {
		p.refuse(line.row, "has_lift", liftName(line.hasLift), "同一单元在第 %d 行写的是“%s”", earlier.row, liftName(earlier.hasLift))
		return false
	}
	return true
}

// fuller completes a number by what the other knows of building and stair.
func fuller(n, more RoomNumber) RoomNumber {
	return RoomNumber{cmp.Or(n.Building, more.Building), cmp.Or(n.Stair, more.Stair), n.Room}
}

func (s *unitImport) create(line unitLine, p *importPlan) {
	u := line.unitRow
	if u.areaFrom.IsZero() {
		u.areaFrom = UnknownStart
	}
	s.creates = append(s.creates, u)
	p.line(line.row, u.number.Code(), true, nil)
}

// compare notes what a row says otherwise than the register; blank cells say
// nothing.
func (s *unitImport) compare(line unitLine, u *importUnit, p *importPlan) {
	up := unitUpdate{*u, fuller(u.number(), line.number), u.Floor, u.Use, u.Tenure}
	c := change(nil, "房号", u.number().Code(), up.number.Code())
	if line.floor != nil {
		c, up.floor = change(c, "楼层", textOf(u.Floor), textOf(line.floor)), line.floor
	}
	if line.useGiven {
		c, up.use = change(c, "用途", UseNames[u.Use], UseNames[line.use]), line.use
	}
	if line.tenureGiven {
		c, up.tenure = change(c, "产权性质", TenureNames[u.Tenure], TenureNames[line.tenure]), line.tenure
	}
	if len(c) > 0 {
		s.updates = append(s.updates, up)
	}
	if line.hasLift != nil && liftName(u.HasLift) != liftName(line.hasLift) {
		c = change(c, "有无电梯", liftName(u.HasLift), liftName(line.hasLift))
		s.lifts = append(s.lifts, unitRow{estate: u.EstateID, number: up.number, hasLift: line.hasLift})
	}
	c, ok := s.compareArea(c, line, u, p)
	if ok && len(c) > 0 {
		p.line(line.row, up.number.Code(), false, c)
	}
}

// compareArea notes an area that is new or corrected; a correction needs the day
// it holds from, because bills follow it.
func (s *unitImport) compareArea(c []FieldChange, line unitLine, u *importUnit, p *importPlan) ([]FieldChange, bool) {
	if line.area == nil {
		return c, true
	}
	a := areaRow{u.UnitID, p.effective(line.areaFrom), *line.area, line.areaSource, "导入"}
	switch {
	case u.Area == nil:
		if a.from.IsZero() {
			a.from = UnknownStart
		}
	case u.Area.Equal(*line.area):
		if !line.sourceGiven || u.AreaSource == line.areaSource {
			return c, true
		}
		a.from = u.AreaFrom
	case a.from.IsZero():
		p.refuse(line.row, "area", fixed(line.area), "与登记的 %s 不同；更正请填写面积生效日期", fixed(u.Area))
		return c, false
	case a.from.Before(u.AreaFrom):
		p.refuse(line.row, "area_from", a.from.String(), "已登记 %s 起的面积，更正不能更早生效", u.AreaFrom)
		return c, false
	case !line.sourceGiven:
		a.source = u.AreaSource
	}
	s.areas = append(s.areas, a)
	c = change(c, "建筑面积(㎡)", fixed(u.Area), fixed(line.area))
	return change(c, "面积来源", AreaSourceNames[u.AreaSource], AreaSourceNames[a.source]), true
}

func (s *unitImport) write(ctx context.Context, tx postgres.Tx, act *access.Record, _ *importPlan) error {
	if _, err := insertUnits(ctx, tx, act, s.creates); err != nil {
		return err
	}
	for i := range s.areas {
		s.areas[i].reason = fmt.Sprintf("文件导入（操作 %d）", act.ActID)
	}
	if err := insertAreas(ctx, tx, act, s.areas); err != nil {
		return err
	}
	return s.writeUpdates(ctx, tx, act)
}

func (s *unitImport) writeUpdates(ctx context.Context, tx postgres.Tx, act *access.Record) error {
	moved := slices.Clone(s.lifts)
	for _, up := range s.updates {
		moved = append(moved, unitRow{estate: up.unit.EstateID, number: up.number})
	}
	if len(moved) == 0 {
		return nil
	}
	stairs, err := ensureStairs(ctx, tx, act, moved)
	if err != nil {
		return err
	}
	if err := setLifts(ctx, tx, act, s.lifts, stairs); err != nil || len(s.updates) == 0 {
		return err
	}
	var units, at []int64
	var codes, floors, uses, tenures []string
	for _, up := range s.updates {
		units, at = append(units, up.unit.UnitID), append(at, stairs[keyOf(up.unit.EstateID, up.number)])
		codes, floors = append(codes, up.number.Code()), append(floors, textOf(up.floor))
		uses, tenures = append(uses, string(up.use)), append(tenures, string(up.tenure))
	}
	_, err = tx.Exec(ctx, queries.Get("update_units"), map[string]any{
		"district": act.District, "act": act.ActID, "units": units, "stairs": at, "codes": codes, "floors": floors, "uses": uses, "tenures": tenures,
	})
	return err
}
