package estate

import (
	"context"
	"fmt"
	"strconv"

	"github.com/shopspring/decimal"

	"estateledger/access"
	"estateledger/fault"
	"estateledger/postgres"
	"estateledger/sheet"
)

// estateImport takes estates in. A blank cell says nothing: it never overwrites
// what the register knows.
type estateImport struct {
	rows    []estateLine
	creates []int // indexes of rows
	updates []estateUpdate
}

type estateLine struct {
	row               int
	street, community string
	facts             Facts
}

type estateUpdate struct {
	estate importEstate
	facts  Facts
	moved  bool
	street string
	to     string // community
}

// factColumns maps the fields of a refusal to the columns of the file.
var factColumns = map[string]string{
	"name": "name", "address": "address", "built_year": "built_year", "renovation_class": "renovation_class",
	"renovation_cost": "renovation_cost", "completion_date": "completion_date", "buildings_stated": "buildings",
	"stairs_stated": "stairs", "units_stated": "households", "area_stated": "area", "source": "source",
}

func (s *estateImport) take(row *sheet.Row, p *importPlan) {
	line := estateLine{row: row.Number, street: tidy(row.Text("street")), community: tidy(row.Text("community"))}
	line.facts = Facts{
		Name: row.Text("name"), Address: row.Text("address"), BuiltYear: intCell(row, "built_year"),
		RenovationClass: RenovationClass(row.Choice("renovation_class")), RenovationCost: decimalCell(row, "renovation_cost"),
		CompletionDate: row.Date("completion_date"), HasLift: boolCell(row, "has_lift"), Buildings: intCell(row, "buildings"),
		Stairs: intCell(row, "stairs"), Units: intCell(row, "households"), Area: decimalCell(row, "area"), Source: row.Text("source"),
	}
	if err := line.facts.check(p.scope.Today); err != nil && len(row.Bad) == 0 {
		f, _ := fault.As(err)
		refuseRow(row, factColumns[f.Field], err)
	}
	s.checkPlace(row, &line, p)
	if len(row.Bad) == 0 {
		s.rows = append(s.rows, line)
	}
}

// checkPlace holds a row against the place the import stands at.
func (s *estateImport) checkPlace(row *sheet.Row, line *estateLine, p *importPlan) {
	switch access.NodeKind(p.place.Kind) {
	case access.DistrictNode, access.SubDistrictNode, access.CommunityNode:
	default:
		row.Refuse("", "小区由街道或区登记，请用街道或区的账号导入")
		return
	}
	if d := tidy(row.Text("district")); d != "" && d != p.place.DistrictName {
		row.Refuse("district", fmt.Sprintf("这次导入的是%s", p.place.DistrictName))
	}
	if line.street == "" {
		line.street = p.place.SubDistrictName
	}
	if line.community == "" {
		line.community = p.place.CommunityName
	}
	if p.place.SubDistrictName != "" && line.street != p.place.SubDistrictName {
		row.Refuse("street", fmt.Sprintf("这次导入的是%s", p.place.SubDistrictName))
	}
	if p.place.CommunityName != "" && line.community != p.place.CommunityName {
		row.Refuse("community", fmt.Sprintf("这次导入的是%s", p.place.CommunityName))
	}
	for key, name := range map[string]string{"street": line.street, "community": line.community} {
		if name != "" && name != Unspecified {
			refuseRow(row, key, checkName("名称", name, key))
		}
	}
	line.street, line.community = known(line.street), known(line.community)
}

// known makes the placeholder's name what it stands for: nothing.
func known(level string) string {
	if level == Unspecified {
		return ""
	}
	return level
}

func intCell(row *sheet.Row, key string) *int {
	if !row.Given(key) {
		return nil
	}
	n := row.Int(key)
	if n > 1<<31-1 || n < -1<<31 {
		row.Refuse(key, "数字太大")
		return nil
	}
	v := int(n)
	return &v
}

func decimalCell(row *sheet.Row, key string) *decimal.Decimal {
	if !row.Given(key) {
		return nil
	}
	d := row.Decimal(key)
	return &d
}

func boolCell(row *sheet.Row, key string) *bool {
	if !row.Given(key) {
		return nil
	}
	yes := row.Choice(key) == "yes"
	return &yes
}

func (s *estateImport) judge(_ context.Context, _ postgres.Reader, p *importPlan) error {
	created, met := map[string][]int{}, map[int64]int{}
	for i, line := range s.rows {
		found, several := p.matchEstate(line)
		if several > 1 {
			p.refuse(line.row, "name", line.facts.Name, "有 %d 个同名的小区，请写明街道和社区", several)
			continue
		}
		if found == nil {
			if other := s.double(created[line.facts.Name], line); other != 0 {
				p.refuse(line.row, "name", line.facts.Name, "与第 %d 行同名，街道和社区没有写明不同", other)
				continue
			}
			created[line.facts.Name] = append(created[line.facts.Name], i)
			s.creates = append(s.creates, i)
			p.line(line.row, line.facts.Name, true, nil)
			continue
		}
		if other, double := met[found.EstateID]; double {
			p.refuse(line.row, "name", line.facts.Name, "与第 %d 行是同一个小区", other)
			continue
		}
		met[found.EstateID] = line.row
		s.compare(line, *found, p)
	}
	return nil
}

// double answers the row among those of the same name that may mean the same
// estate, 0 when none does.
func (s *estateImport) double(rows []int, line estateLine) int {
	for _, i := range rows {
		if o := s.rows[i]; may(o.street, line.street) && may(o.community, line.community) {
			return o.row
		}
	}
	return 0
}

// may tells whether two names of a level can mean the same: they are equal, or
// one is not known.
func may(a, b string) bool { return a == "" || b == "" || a == b }

// matchEstate finds the estate a row means: of that name, and where both know a
// level it must be the same. It answers how many fit when it is not one.
func (p *importPlan) matchEstate(line estateLine) (*importEstate, int) {
	var fits, exact []*importEstate
	for _, i := range p.byName[line.facts.Name] {
		e := &p.estates[i]
		street, community := e.levels()
		if may(line.street, street) && may(line.community, community) {
			fits = append(fits, e)
		}
		if line.street == street && line.community == community {
			exact = append(exact, e)
		}
	}
	if len(exact) == 1 {
		return exact[0], 1
	}
	if len(fits) == 1 {
		return fits[0], 1
	}
	return nil, len(fits)
}

// levels are the names of the street and community, empty for placeholders.
func (e importEstate) levels() (street, community string) {
	if !e.SubDistrictUnknown {
		street = e.SubDistrictName
	}
	if !e.CommunityUnknown {
		community = e.CommunityName
	}
	return street, community
}

// compare notes what a row knows better than the register.
func (s *estateImport) compare(line estateLine, e importEstate, p *importPlan) {
	street, community := e.levels()
	up := estateUpdate{estate: e, facts: e.Facts, street: street, to: community}
	var changes []FieldChange
	if street == "" && line.street != "" {
		changes, up.moved, up.street = change(changes, "街道", Unspecified, line.street), true, line.street
	}
	if community == "" && line.community != "" {
		changes, up.moved, up.to = change(changes, "社区", Unspecified, line.community), true, line.community
	}
	changes = append(changes, up.facts.learn(line.facts)...)
	if len(changes) == 0 {
		return
	}
	s.updates = append(s.updates, up)
	p.line(line.row, e.Name, false, changes)
}

// learn takes over what the other facts say and answers what changed.
func (f *Facts) learn(n Facts) []FieldChange {
	var c []FieldChange
	text := func(field string, to *string, from string) {
		if from != "" {
			c, *to = change(c, field, *to, from), from
		}
	}
	number := func(field string, to **int, from *int) {
		if from != nil {
			c, *to = change(c, field, textOf(*to), strconv.Itoa(*from)), from
		}
	}
	exact := func(field string, to **decimal.Decimal, from *decimal.Decimal) {
		if from != nil {
			c, *to = change(c, field, fixed(*to), fixed(from)), from
		}
	}
	text("地址", &f.Address, n.Address)
	number("建成年份", &f.BuiltYear, n.BuiltYear)
	number("楼栋数", &f.Buildings, n.Buildings)
	number("单元数", &f.Stairs, n.Stairs)
	number("户数", &f.Units, n.Units)
	exact("建筑面积(㎡)", &f.Area, n.Area)
	exact("改造造价(元/㎡)", &f.RenovationCost, n.RenovationCost)
	if n.RenovationClass != "" {
		c, f.RenovationClass = change(c, "改造类别", RenovationNames[f.RenovationClass], RenovationNames[n.RenovationClass]), n.RenovationClass
	}
	if !n.CompletionDate.IsZero() {
		c, f.CompletionDate = change(c, "改造完工日期", f.CompletionDate.String(), n.CompletionDate.String()), n.CompletionDate
	}
	if n.HasLift != nil {
		c, f.HasLift = change(c, "有无电梯", liftName(f.HasLift), liftName(n.HasLift)), n.HasLift
	}
	text("来源", &f.Source, n.Source)
	return c
}

// fixed writes a decimal with two places, empty for none.
func fixed(d *decimal.Decimal) string {
	if d == nil {
		return ""
	}
	return d.StringFixed(2)
}

func liftName(has *bool) string {
	switch {
	case has == nil:
		return ""
	case *has:
		return "有"
	}
	return "无"
}

func (s *estateImport) write(ctx context.Context, tx postgres.Tx, act *access.Record, p *importPlan) error {
	levels := levelMaker{root: p.place.DistrictNode, streets: map[string]SubDistrict{}, communities: map[[2]string]Community{}}
	for _, i := range s.creates {
		line := s.rows[i]
		community, err := levels.community(ctx, tx, act, line.street, line.community)
		if err != nil {
			return err
		}
		if _, err := insertEstate(ctx, tx, act, community, line.facts); err != nil {
			return err
		}
	}
	for _, up := range s.updates {
		if up.moved {
			to, err := levels.community(ctx, tx, act, up.street, up.to)
			if err != nil {
				return err
			}
			from := place{EstateID: up.estate.EstateID, NodeID: up.estate.NodeID, CommunityNode: up.estate.CommunityNode}
			if err := moveEstate(ctx, tx, act, from, to); err != nil {
				return err
			}
		}
		if err := updateEstate(ctx, tx, act, up.estate.EstateID, up.facts); err != nil {
			return err
		}
	}
	return nil
}

// levelMaker finds or makes streets and communities by name, each once.
type levelMaker struct {
	root        int64
	streets     map[string]SubDistrict
	communities map[[2]string]Community
}

func (m levelMaker) community(ctx context.Context, tx postgres.Tx, act *access.Record, street, community string) (Community, error) {
	key := [2]string{orUnspecified(street), orUnspecified(community)}
	if c, has := m.communities[key]; has {
		return c, nil
	}
	sub, has := m.streets[key[0]]
	if !has {
		var err error
		if sub, err = ensureSubDistrict(ctx, tx, act, m.root, key[0]); err != nil {
			return Community{}, err
		}
		m.streets[key[0]] = sub
	}
	c, err := ensureCommunity(ctx, tx, act, sub, key[1])
	m.communities[key] = c
	return c, err
}
