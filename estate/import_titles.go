package estate

import (
	"context"
	"strings"

	"estateledger/civil"
	"estateledger/postgres"
)

// latestTitle is the title of a unit that stands now.
type latestTitle struct {
	from, billFrom, billBefore civil.Date
	owners                     []titleOwner
}

type titleOwner struct {
	personRow
	Share
}

func (t *latestTitle) names() string {
	var names []string
	for _, o := range t.owners {
		names = append(names, o.Name)
	}
	return strings.Join(names, "、")
}

func readImportTitles(ctx context.Context, r postgres.Reader, p *importPlan, units []int64) (map[int64]*latestTitle, error) {
	var rows []struct {
		UnitID     int64      `db:"unit_id"`
		ValidFrom  civil.Date `db:"valid_from"`
		BillFrom   civil.Date `db:"bill_from"`
		BillBefore civil.Date `db:"bill_before"`
		titleOwner
	}
	err := r.Select(ctx, &rows, queries.Get("import_titles"), scoped(p.scope, map[string]any{"units": units}))
	titles := map[int64]*latestTitle{}
	for _, row := range rows {
		t := titles[row.UnitID]
		if t == nil {
			t = &latestTitle{from: row.ValidFrom, billFrom: row.BillFrom, billBefore: row.BillBefore}
			titles[row.UnitID] = t
		}
		if row.PersonID != 0 {
			t.owners = append(t.owners, row.titleOwner)
		}
	}
	return titles, err
}

// person is who a row means, unless it is the owner the unit has already.
func (s *ownerImport) person(line ownerLine) *filePerson {
	if line.hash != "" {
		return s.fileDocs[line.hash]
	}
	return &filePerson{personRow{Kind: line.person.Kind, Name: line.person.Name, Phone: line.person.Phone}, line.row}
}

// match pairs a unit's rows with the owners it has: by document number where
// both have one, else by name, which is enough within one title. It answers nil
// when they are not the same people.
func match(lines []ownerLine, owners []titleOwner) []*titleOwner {
	if len(lines) != len(owners) {
		return nil
	}
	pairs := make([]*titleOwner, len(lines))
	taken := map[int64]bool{}
	pair := func(fits func(ownerLine, titleOwner) bool) {
		for i, line := range lines {
			for j := range owners {
				if pairs[i] == nil && !taken[owners[j].PersonID] && fits(line, owners[j]) {
					pairs[i] = &owners[j]
					taken[owners[j].PersonID] = true
				}
			}
		}
	}
	pair(func(l ownerLine, o titleOwner) bool { return l.hash != "" && l.hash == o.Hash })
	pair(func(l ownerLine, o titleOwner) bool {
		return l.person.Name == o.Name && l.person.Phone == o.Phone && (l.hash == "" || o.Hash == "")
	})
	pair(func(l ownerLine, o titleOwner) bool { return l.person.Name == o.Name && (l.hash == "" || o.Hash == "") })
	for _, o := range pairs {
		if o == nil {
			return nil
		}
	}
	return pairs
}

// compare notes what a unit's rows say otherwise than its latest title.
func (s *ownerImport) compare(g *ownerGroup, t *latestTitle, p *importPlan) {
	if t == nil {
		from := g.validFrom
		if from.IsZero() {
			from = UnknownStart
		}
		s.newTitle(g, from, g.billFrom, p, true, change(nil, "业主", "", g.names()))
		return
	}
	pairs := match(g.lines, t.owners)
	if pairs == nil || len(t.owners) == 0 {
		s.changeOwners(g, t, p)
		return
	}
	var c []FieldChange
	repoint, shares := false, false
	for i, line := range g.lines {
		o := pairs[i]
		known := s.documents[line.hash]
		if line.hash != "" && o.Hash == "" && known.PersonID != 0 && known.PersonID != o.PersonID {
			c, repoint = change(c, "证件号", "未登记", "与已登记的"+known.Name+"是同一人"), true
			continue
		}
		c = append(c, s.learnPerson(o.personRow, line, p)...)
		if line.share != (Share{}) && line.share.rat().Cmp(o.rat()) != 0 {
			c, shares = change(c, "产权份额", o.Share.String(), line.share.String()), true
		}
	}
	if repoint || shares {
		s.correctTitle(g, t, pairs, p, c)
		return
	}
	if len(c) > 0 {
		s.noteLines(g, false, c, p)
	}
}

// learnPerson notes what a row knows of a person beyond the register.
func (s *ownerImport) learnPerson(o personRow, line ownerLine, p *importPlan) []FieldChange {
	var c []FieldChange
	learned, before := s.persons[o.PersonID]
	if !before {
		learned = o
	}
	if phone := line.person.Phone; phone != "" {
		if said, has := s.phones[o.PersonID]; has && said.person.Phone != phone {
			p.refuse(line.row, "phone", phone, "与第 %d 行是同一个人，手机号不同", said.row)
			return nil
		}
		s.phones[o.PersonID] = line
		c, learned.Phone = change(c, "手机号", o.Phone, phone), phone
	}
	if line.hash != "" && o.Hash == "" {
		c, learned.Hash = change(c, "证件号", "未登记", "已登记"), line.hash
		// Whoever else in the file has this number is this person from now on.
		s.documents[line.hash] = personRow{o.PersonID, o.Kind, o.Name, learned.Phone, line.hash}
		s.fileDocs[line.hash].PersonID = o.PersonID
	}
	if len(c) > 0 {
		s.persons[o.PersonID] = learned
	}
	return c
}

// changeOwners notes a change of owners, which needs the day it happened.
func (s *ownerImport) changeOwners(g *ownerGroup, t *latestTitle, p *importPlan) {
	from, first := p.effective(g.validFrom), g.lines[0]
	if len(t.owners) == 0 && from.IsZero() {
		from = t.from
	}
	switch {
	case from.IsZero():
		p.refuse(first.row, "name", first.person.Name, "这套房屋已登记业主“%s”；换业主请填写产权起始日", t.names())
		return
	case from.Before(t.from):
		p.refuse(first.row, "valid_from", from.String(), "这套房屋已登记 %s 起的产权，不能更早", t.from)
		return
	}
	bill, before := g.billFrom, t.billFrom
	if bill.IsZero() {
		bill = from
	}
	if from == t.from {
		before = t.billBefore
	}
	if !before.IsZero() && !bill.After(before) {
		p.refuse(first.row, "bill_from", bill.String(), "账单起始日必须晚于上一任业主的 %s", before)
		return
	}
	s.newTitle(g, from, bill, p, false, change(nil, "业主", t.names(), g.names()))
}

// correctTitle writes the same owners once more, with other shares or as the
// persons their documents say they are.
func (s *ownerImport) correctTitle(g *ownerGroup, t *latestTitle, pairs []*titleOwner, p *importPlan, c []FieldChange) {
	plan := titlePlan{title: titleRow{unit: g.unit.UnitID, from: t.from, billFrom: t.billFrom, basis: "导入更正"}}
	for i, line := range g.lines {
		person := &filePerson{personRow: pairs[i].personRow, row: line.row}
		if known := s.documents[line.hash]; line.hash != "" && known.PersonID != 0 {
			person = s.fileDocs[line.hash]
			s.learnPerson(known, line, p)
		}
		share := pairs[i].Share
		if line.share != (Share{}) {
			share = line.share
		}
		plan.people = append(plan.people, person)
		plan.title.owners = append(plan.title.owners, shareRow{Share: share})
	}
	s.titles = append(s.titles, plan)
	s.noteLines(g, false, c, p)
}

// newTitle plans a title of the file's people.
func (s *ownerImport) newTitle(g *ownerGroup, from, bill civil.Date, p *importPlan, created bool, c []FieldChange) {
	if bill.IsZero() {
		bill = from
	}
	owners := make([]OwnerShare, len(g.lines))
	for i, line := range g.lines {
		owners[i].Share = line.share
	}
	if err := completeShares(owners); err != nil {
		return // refused in checkGroup
	}
	plan := titlePlan{title: titleRow{unit: g.unit.UnitID, from: from, billFrom: bill, basis: g.basis}}
	for i, line := range g.lines {
		person := s.person(line)
		if known, has := s.documents[line.hash]; has && line.hash != "" {
			c = append(c, s.learnPerson(known, line, p)...)
		}
		plan.people = append(plan.people, person)
		plan.title.owners = append(plan.title.owners, shareRow{Share: owners[i].Share})
		s.people = append(s.people, person)
	}
	s.titles = append(s.titles, plan)
	s.noteLines(g, created, c, p)
}

// noteLines lists a unit's rows; the change stands at the first.
func (s *ownerImport) noteLines(g *ownerGroup, created bool, c []FieldChange, p *importPlan) {
	for _, line := range g.lines {
		p.line(line.row, g.unit.number().Code()+" "+line.person.Name, created, c)
		c = nil
	}
}

func (g *ownerGroup) names() string {
	var names []string
	for _, line := range g.lines {
		names = append(names, line.person.Name)
	}
	return strings.Join(names, "、")
}
