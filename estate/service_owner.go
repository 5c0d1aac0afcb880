package estate

import (
	"context"
	"encoding/hex"
	"fmt"

	"estateledger/access"
	"estateledger/civil"
	"estateledger/fault"
	"estateledger/postgres"
)

// TitleRecorded is the answer of RecordOwnership.
type TitleRecorded struct {
	OwnershipID int64      `json:"ownership_id,string"`
	ValidFrom   civil.Date `json:"valid_from"`
	BillFrom    civil.Date `json:"bill_from"`
}

// RecordOwnership records a unit's title from a day on; the earlier title ends
// the day before, its debts stay with it (rule 15). Refused:
// estate.date_missing, estate.title_earlier, estate.bill_from_order,
// estate.owner_double, estate.document_name, estate.person_not_found.
func (s *Service) RecordOwnership(ctx context.Context, actor access.Actor, key string, req RecordOwnership) (access.Outcome[TitleRecorded], error) {
	if err := req.check(s.Gate.Clock.Today()); err != nil {
		return access.Outcome[TitleRecorded]{}, err
	}
	p, err := s.atUnit(ctx, actor, req.District, req.UnitID)
	if err != nil {
		return access.Outcome[TitleRecorded]{}, err
	}
	c := access.Command{Actor: actor, District: req.District, Node: p.NodeID, Permission: access.RegisterWrite,
		UseCase: "estate.record_ownership", Key: key, Request: req.recorded()}
	return access.Act(ctx, s.Gate, c, func(ctx context.Context, tx postgres.Tx, act *access.Record) (TitleRecorded, error) {
		if err := lock(ctx, tx, "lock_unit", scopeOf(act), "unit", req.UnitID, unitNotFound); err != nil {
			return TitleRecorded{}, err
		}
		titles, err := readTitles(ctx, tx, scopeOf(act), req.UnitID)
		if err != nil {
			return TitleRecorded{}, err
		}
		from, billFrom, err := titleDates(titles, req.ValidFrom, req.BillFrom)
		if err != nil {
			return TitleRecorded{}, err
		}
		owners, err := resolveOwners(ctx, tx, act, req.Owners)
		if err != nil {
			return TitleRecorded{}, err
		}
		if len(titles) > 0 {
			act.Before(titles[0])
		}
		act.After(map[string]any{"valid_from": from, "bill_from": billFrom, "owners": owners})
		ids, err := insertTitles(ctx, tx, act, []titleRow{{req.UnitID, from, billFrom, req.Basis, owners}})
		return TitleRecorded{ids[req.UnitID], from, billFrom}, err
	})
}

// recorded is the request as the act keeps it: document numbers as hashes.
func (r RecordOwnership) recorded() any {
	owners := make([]OwnerShare, len(r.Owners))
	for i, o := range r.Owners {
		owners[i] = o
		owners[i].Person = o.Person.recorded(r.District)
	}
	r.Owners = owners
	return r
}

func (p *NewPerson) recorded(district int64) *NewPerson {
	if p == nil {
		return nil
	}
	kept := *p
	kept.Document = hex.EncodeToString(DocumentHash(district, p.Document))
	return &kept
}

// titleDates fills in and judges the days of a new title against the latest one;
// titles come latest first.
func titleDates(titles []Title, from, billFrom civil.Date) (civil.Date, civil.Date, error) {
	if from.IsZero() {
		if len(titles) > 0 {
			return from, billFrom, invalid("date_missing", "这套房屋已有业主，请填写新业主的产权起始日。", "valid_from")
		}
		from = UnknownStart
	}
	if billFrom.IsZero() {
		billFrom = from
	}
	if len(titles) > 0 && from.Before(titles[0].ValidFrom) {
		return from, billFrom, fault.Conflict("estate.title_earlier",
			fmt.Sprintf("这套房屋已登记 %s 起的产权，新产权不能更早。", titles[0].ValidFrom)).At("valid_from")
	}
	for _, earlier := range titles {
		if earlier.ValidFrom.Before(from) && !earlier.Superseded {
			if !billFrom.After(earlier.BillFrom) {
				return from, billFrom, invalid("bill_from_order",
					fmt.Sprintf("账单起始日必须晚于上一任业主的账单起始日 %s。", earlier.BillFrom), "bill_from")
			}
			break
		}
	}
	return from, billFrom, nil
}

func readTitles(ctx context.Context, r postgres.Reader, s access.Scope, unit int64) ([]Title, error) {
	titles := []Title{}
	arg := scoped(s, map[string]any{"unit": unit})
	if err := r.Select(ctx, &titles, queries.Get("titles"), arg); err != nil {
		return nil, err
	}
	var owners []Owner
	if err := r.Select(ctx, &owners, queries.Get("owners_of_unit"), arg); err != nil {
		return nil, err
	}
	at := map[int64]int{}
	for i := range titles {
		titles[i].Owners = []Owner{}
		at[titles[i].OwnershipID] = i
	}
	for _, o := range owners {
		o.mask()
		titles[at[o.OwnershipID]].Owners = append(titles[at[o.OwnershipID]].Owners, o)
	}
	return titles, nil
}

// shareRow is a person's share to write.
type shareRow struct {
	PersonID int64 `json:"person_id,string"`
	Share
}

// resolveOwners finds each owner's person: by id, by document number, or new.
func resolveOwners(ctx context.Context, tx postgres.Tx, act *access.Record, owners []OwnerShare) ([]shareRow, error) {
	shares := make([]shareRow, len(owners))
	seen := map[int64]bool{}
	for i, o := range owners {
		at := fmt.Sprintf("owners[%d].", i)
		id, err := resolvePerson(ctx, tx, act, o.PersonID, o.Person, at)
		if err != nil {
			return nil, err
		}
		if seen[id] {
			return nil, invalid("owner_double", "同一个人在共有人里出现了两次，请合并份额。", at+"person_id")
		}
		seen[id] = true
		shares[i] = shareRow{id, o.Share}
	}
	return shares, nil
}

// resolvePerson answers the id of a person of the register, by id or document
// number, or of a new one.
func resolvePerson(ctx context.Context, tx postgres.Tx, act *access.Record, id int64, n *NewPerson, at string) (int64, error) {
	if n == nil {
		p, err := personInScope(ctx, tx, scopeOf(act), id, 0)
		if err != nil {
			if f, ok := fault.As(err); ok {
				err = f.At(at + "person_id")
			}
			return 0, err
		}
		return p.PersonID, nil
	}
	hash := hex.EncodeToString(DocumentHash(act.District, n.Document))
	if hash != "" {
		known, err := personsByDocument(ctx, tx, scopeOf(act), []string{hash})
		if err != nil {
			return 0, err
		}
		if p, has := known[hash]; has {
			if p.Name != n.Name {
				return 0, documentName(at + "document")
			}
			return p.PersonID, nil
		}
	}
	ids, err := nextIDs(ctx, tx, 1)
	if err != nil {
		return 0, err
	}
	return ids[0], insertPersons(ctx, tx, act, []personRow{{ids[0], n.Kind, n.Name, n.Phone, hash}})
}

// documentName refuses a document number that is registered under another name,
// which it does not give away.
func documentName(field string) error {
	return fault.Conflict("estate.document_name", "这个证件号已经登记在另一个姓名下，请核对姓名和证件号。").At(field)
}

func personsByDocument(ctx context.Context, r postgres.Reader, s access.Scope, hashes []string) (map[string]personRow, error) {
	var rows []personRow
	if err := r.Select(ctx, &rows, queries.Get("persons_by_document"), scoped(s, map[string]any{"hashes": hashes})); err != nil {
		return nil, err
	}
	known := make(map[string]personRow, len(rows))
	for _, p := range rows {
		known[p.Hash] = p
	}
	return known, nil
}

func insertPersons(ctx context.Context, tx postgres.Tx, act *access.Record, rows []personRow) error {
	if len(rows) == 0 {
		return nil
	}
	_, err := tx.Exec(ctx, queries.Get("insert_persons"), personArgs(act, rows))
	return err
}

func updatePersons(ctx context.Context, tx postgres.Tx, act *access.Record, rows []personRow) error {
	if len(rows) == 0 {
		return nil
	}
	_, err := tx.Exec(ctx, queries.Get("update_persons"), personArgs(act, rows))
	return err
}

func personArgs(act *access.Record, rows []personRow) map[string]any {
	var ids []int64
	var kinds, names, phones, hashes []string
	for _, p := range rows {
		ids, kinds, names = append(ids, p.PersonID), append(kinds, string(p.Kind)), append(names, p.Name)
		phones, hashes = append(phones, p.Phone), append(hashes, p.Hash)
	}
	return map[string]any{"district": act.District, "act": act.ActID, "persons": ids, "kinds": kinds, "names": names, "phones": phones, "hashes": hashes}
}

// titleRow is a title to write.
type titleRow struct {
	unit           int64
	from, billFrom civil.Date
	basis          string
	owners         []shareRow
}

// insertTitles writes titles, at most one per unit, and answers their ids by unit.
func insertTitles(ctx context.Context, tx postgres.Tx, act *access.Record, rows []titleRow) (map[int64]int64, error) {
	ids := make(map[int64]int64, len(rows))
	if len(rows) == 0 {
		return ids, nil
	}
	var units []int64
	var starts, bills, bases []string
	for _, t := range rows {
		units, starts, bills, bases = append(units, t.unit), append(starts, t.from.String()), append(bills, t.billFrom.String()), append(bases, t.basis)
	}
	var made []struct {
		OwnershipID int64 `db:"ownership_id"`
		UnitID      int64 `db:"unit_id"`
	}
	err := tx.Select(ctx, &made, queries.Get("insert_titles"), map[string]any{
		"district": act.District, "act": act.ActID, "units": units, "starts": starts, "bills": bills, "bases": bases,
	})
	if err != nil {
		return nil, err
	}
	for _, m := range made {
		ids[m.UnitID] = m.OwnershipID
	}
	var titles, persons, numerators, denominators []int64
	for _, t := range rows {
		for _, o := range t.owners {
			titles, persons = append(titles, ids[t.unit]), append(persons, o.PersonID)
			numerators, denominators = append(numerators, int64(o.Numerator)), append(denominators, int64(o.Denominator))
		}
	}
	_, err = tx.Exec(ctx, queries.Get("insert_shares"), map[string]any{
		"district": act.District, "titles": titles, "persons": persons, "numerators": numerators, "denominators": denominators,
	})
	return ids, err
}

// CorrectPerson changes what is known of an owner or occupant of a unit. Empty
// Document leaves the known one.
type CorrectPerson struct {
	District int64  `json:"district_id,string"`
	UnitID   int64  `json:"unit_id,string"`
	PersonID int64  `json:"person_id,string"`
	Name     string `json:"name"`
	Phone    string `json:"phone"`
	Document string `json:"document"`
}

// CorrectPerson corrects name, telephone or document number of a person who has
// to do with the unit. Refused: estate.person_not_found, estate.document_taken.
func (s *Service) CorrectPerson(ctx context.Context, actor access.Actor, key string, req CorrectPerson) (access.Outcome[struct{}], error) {
	p, err := s.atUnit(ctx, actor, req.District, req.UnitID)
	if err != nil {
		return access.Outcome[struct{}]{}, err
	}
	n := NewPerson{Kind: Organisation, Name: req.Name, Phone: req.Phone, Document: req.Document}
	if err := n.check(""); err != nil {
		return access.Outcome[struct{}]{}, err
	}
	req.Name, req.Phone, req.Document = n.Name, n.Phone, hex.EncodeToString(DocumentHash(req.District, n.Document))
	c := access.Command{Actor: actor, District: req.District, Node: p.NodeID, Permission: access.RegisterWrite,
		UseCase: "estate.correct_person", Key: key, Request: req}
	return access.Act(ctx, s.Gate, c, func(ctx context.Context, tx postgres.Tx, act *access.Record) (struct{}, error) {
		before, err := personInScope(ctx, tx, scopeOf(act), req.PersonID, req.UnitID)
		if err != nil {
			return struct{}{}, err
		}
		if err := checkDocument(before.Kind, n.Document, "document"); err != nil {
			return struct{}{}, err
		}
		after := personRow{before.PersonID, before.Kind, req.Name, req.Phone, req.Document}
		act.Before(before)
		act.After(after)
		err = updatePersons(ctx, tx, act, []personRow{after})
		if postgres.Violates(err, "person_document") {
			err = fault.Conflict("estate.document_taken", "这个证件号已经登记在另一个人名下；如果是同一个人，请在产权里改选那个人。").At("document")
		}
		return struct{}{}, err
	})
}
