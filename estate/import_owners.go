package estate

import (
	"context"
	"encoding/hex"
	"fmt"
	"math/big"
	"strings"

	"estateledger/access"
	"estateledger/civil"
	"estateledger/fault"
	"estateledger/postgres"
	"estateledger/sheet"
)

// ownerImport takes titles in: every unit's rows together are its owners.
type ownerImport struct {
	rows      []ownerLine
	groups    []*ownerGroup
	documents map[string]personRow // persons by hash of their document
	fileDocs  map[string]*filePerson
	persons   map[int64]personRow // to update
	phones    map[int64]ownerLine // the row that gave a person's telephone
	titles    []titlePlan
	people    []*filePerson // to insert
}

type ownerLine struct {
	row                 int
	estate              int64
	number              RoomNumber
	written             string
	person              NewPerson
	hash                string
	share               Share
	validFrom, billFrom civil.Date
	basis               string
}

// ownerGroup are the rows of one unit.
type ownerGroup struct {
	unit                *importUnit
	lines               []ownerLine
	validFrom, billFrom civil.Date
	basis               string
}

// filePerson is a person the file brings; id 0 until written.
type filePerson struct {
	personRow
	row int
}

type titlePlan struct {
	title  titleRow
	people []*filePerson
}

func (s *ownerImport) take(row *sheet.Row, p *importPlan) {
	line := ownerLine{row: row.Number, written: row.Shown("room"), validFrom: row.Date("valid_from"), billFrom: row.Date("bill_from"), basis: row.Text("basis")}
	line.estate, line.number = takeNumber(row, p)
	line.person = NewPerson{Kind: PersonKind(row.Choice("kind")), Name: row.Text("name"), Phone: row.Text("phone"), Document: row.Text("document")}
	if line.person.Name != "" {
		if err := line.person.check(""); err != nil {
			f, _ := fault.As(err)
			refuseRow(row, f.Field, err)
		}
	}
	line.hash = hex.EncodeToString(DocumentHash(p.scope.District, line.person.Document))
	if text := row.Text("share"); text != "" {
		var err error
		if line.share, err = parseShare(text); err != nil {
			refuseRow(row, "share", err)
		}
	}
	if line.validFrom.After(p.scope.Today) {
		row.Refuse("valid_from", "不能晚于今天")
	}
	if len(row.Bad) == 0 {
		s.rows = append(s.rows, line)
	}
}

// parseShare reads 1/2, 50%, 0.5 or 全部.
func parseShare(text string) (Share, error) {
	bad := fmt.Errorf("写成 1/2 或 50%% 的样子，大于 0、不超过 1")
	text = strings.NewReplacer("／", "/", "％", "%", " ", "").Replace(text)
	if text == "全部" {
		return Share{1, 1}, nil
	}
	number, percent := strings.CutSuffix(text, "%")
	if len(number) > 15 || strings.ContainsAny(number, "eE_+") {
		return Share{}, bad
	}
	r, ok := new(big.Rat).SetString(number)
	if !ok {
		return Share{}, bad
	}
	if percent {
		r.Quo(r, big.NewRat(100, 1))
	}
	if r.Sign() <= 0 || r.Cmp(big.NewRat(1, 1)) > 0 || !r.Denom().IsInt64() || r.Denom().Int64() > 1_000_000 {
		return Share{}, bad
	}
	return Share{int(r.Num().Int64()), int(r.Denom().Int64())}, nil
}

func (s *ownerImport) judge(ctx context.Context, r postgres.Reader, p *importPlan) error {
	if err := s.group(ctx, r, p); err != nil {
		return err
	}
	if err := s.readDocuments(ctx, r, p); err != nil {
		return err
	}
	var units []int64
	for _, g := range s.groups {
		units = append(units, g.unit.UnitID)
	}
	titles, err := readImportTitles(ctx, r, p, units)
	if err != nil {
		return err
	}
	s.persons, s.phones = map[int64]personRow{}, map[int64]ownerLine{}
	for _, g := range s.groups {
		if s.checkGroup(g, p) {
			s.compare(g, titles[g.unit.UnitID], p)
		}
	}
	return nil
}

// group finds each row's unit and puts the rows of one unit together.
func (s *ownerImport) group(ctx context.Context, r postgres.Reader, p *importPlan) error {
	estates := make([]int64, len(s.rows))
	for i, line := range s.rows {
		estates[i] = line.estate
	}
	index, err := readUnitIndex(ctx, r, p, estates)
	if err != nil {
		return err
	}
	at := map[int64]*ownerGroup{}
	for _, line := range s.rows {
		u, several := index.find(line.estate, line.number)
		switch {
		case len(several) > 0:
			p.refuse(line.row, "room", line.written, "有几套房屋都可能是它：%s，请写明楼栋和单元", strings.Join(several, "、"))
		case u == nil:
			p.refuse(line.row, "room", line.written, "没有登记这套房屋，请先导入房屋")
		default:
			g := at[u.UnitID]
			if g == nil {
				g = &ownerGroup{unit: u}
				at[u.UnitID] = g
				s.groups = append(s.groups, g)
			}
			g.lines = append(g.lines, line)
		}
	}
	return nil
}

// readDocuments looks up whom the file's document numbers belong to, and makes
// one person of the rows that share a number.
func (s *ownerImport) readDocuments(ctx context.Context, r postgres.Reader, p *importPlan) error {
	var hashes []string
	s.fileDocs = map[string]*filePerson{}
	for _, line := range s.rows {
		if line.hash == "" {
			continue
		}
		first, has := s.fileDocs[line.hash]
		switch {
		case !has:
			hashes = append(hashes, line.hash)
			s.fileDocs[line.hash] = &filePerson{personRow{Kind: line.person.Kind, Name: line.person.Name, Phone: line.person.Phone, Hash: line.hash}, line.row}
		case first.Name != line.person.Name:
			p.refuse(line.row, "document", "", "与第 %d 行证件号相同，姓名不同", first.row)
		case line.person.Phone != "" && first.Phone != "" && first.Phone != line.person.Phone:
			p.refuse(line.row, "phone", line.person.Phone, "与第 %d 行证件号相同，手机号不同", first.row)
		case first.Phone == "":
			first.Phone = line.person.Phone
		}
	}
	var err error
	if s.documents, err = personsByDocument(ctx, r, p.scope, hashes); err != nil {
		return err
	}
	for _, line := range s.rows {
		if known, has := s.documents[line.hash]; has && line.hash != "" && known.Name != line.person.Name {
			p.refuse(line.row, "document", "", "这个证件号已经登记在另一个姓名下")
		}
	}
	for hash, person := range s.fileDocs {
		if known, has := s.documents[hash]; has {
			person.PersonID = known.PersonID
		}
	}
	return nil
}

// checkGroup refuses rows of a unit that do not go together.
func (s *ownerImport) checkGroup(g *ownerGroup, p *importPlan) bool {
	ok := true
	seen := map[string]int{}
	for _, line := range g.lines {
		identity := "document " + line.hash
		if line.hash == "" {
			identity = "name " + line.person.Name + " " + line.person.Phone
		}
		if other, double := seen[identity]; double {
			p.refuse(line.row, "name", line.person.Name, "与第 %d 行是同一套房屋的同一个人", other)
			ok = false
		}
		seen[identity] = line.row
		ok = mergeDate(p, line.row, "valid_from", &g.validFrom, line.validFrom) && ok
		ok = mergeDate(p, line.row, "bill_from", &g.billFrom, line.billFrom) && ok
		if line.basis != "" {
			g.basis = line.basis
		}
		ok = ok && !p.refused[line.row]
	}
	if !ok {
		return false
	}
	owners := make([]OwnerShare, len(g.lines))
	for i, line := range g.lines {
		owners[i].Share = line.share
	}
	if err := completeShares(owners); err != nil {
		f, _ := fault.As(err)
		p.refuse(g.lines[0].row, "share", g.lines[0].share.text(), "%s", strings.TrimSuffix(f.Message, "。"))
		return false
	}
	return true
}

// text is the share as a cell, empty when none was given.
func (s Share) text() string {
	if s == (Share{}) {
		return ""
	}
	return s.String()
}

// mergeDate takes a day from one of a unit's rows; two different ones are refused.
func mergeDate(p *importPlan, row int, key string, into *civil.Date, day civil.Date) bool {
	switch {
	case day.IsZero() || *into == day:
	case into.IsZero():
		*into = day
	default:
		p.refuse(row, key, day.String(), "同一套房屋的共有人要写同一天（前面写的是 %s）", *into)
		return false
	}
	return true
}

func (s *ownerImport) write(ctx context.Context, tx postgres.Tx, act *access.Record, _ *importPlan) error {
	var fresh []*filePerson
	planned := map[*filePerson]bool{}
	for _, person := range s.people {
		if person.PersonID == 0 && !planned[person] {
			planned[person] = true
			fresh = append(fresh, person)
		}
	}
	ids, err := nextIDs(ctx, tx, len(fresh))
	if err != nil {
		return err
	}
	rows := make([]personRow, len(fresh))
	for i, person := range fresh {
		person.PersonID = ids[i]
		rows[i] = person.personRow
	}
	if err := insertPersons(ctx, tx, act, rows); err != nil {
		return err
	}
	rows = rows[:0]
	for _, person := range s.persons {
		rows = append(rows, person)
	}
	if err := updatePersons(ctx, tx, act, rows); err != nil {
		return err
	}
	titles := make([]titleRow, len(s.titles))
	for i, plan := range s.titles {
		for j, person := range plan.people {
			plan.title.owners[j].PersonID = person.PersonID
		}
		titles[i] = plan.title
	}
	_, err = insertTitles(ctx, tx, act, titles)
	return err
}
