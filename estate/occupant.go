package estate

import (
	"estateledger/civil"
)

// Occupant (使用人) is a person who uses a unit for a time, owner or not.
type Occupant struct {
	OccupantID int64      `db:"occupant_id" json:"occupant_id,string"`
	PersonID   int64      `db:"person_id" json:"person_id,string"`
	Name       string     `db:"name" json:"name"`
	Phone      string     `db:"phone" json:"phone"`
	ValidFrom  civil.Date `db:"valid_from" json:"valid_from"`
	ValidTo    civil.Date `db:"valid_to" json:"valid_to"` // zero: still
	Named      bool       `db:"named" json:"-"`
}

func (o *Occupant) mask() {
	if !o.Named {
		o.Name, o.Phone = MaskName(o.Name), MaskPhone(o.Phone)
	}
}

// RecordOccupant says that a person, by id or new, uses a unit from a day on;
// ValidTo zero leaves the end open.
type RecordOccupant struct {
	District  int64      `json:"district_id,string"`
	UnitID    int64      `json:"unit_id,string"`
	PersonID  int64      `json:"person_id,string"`
	Person    *NewPerson `json:"person"`
	ValidFrom civil.Date `json:"valid_from"`
	ValidTo   civil.Date `json:"valid_to"`
}

func (r *RecordOccupant) check() error {
	if (r.PersonID == 0) == (r.Person == nil) {
		return invalid("occupant_missing", "请选一个已登记的人，或填写新的使用人。", "person_id")
	}
	if r.Person != nil {
		person := *r.Person
		if err := person.check("person."); err != nil {
			return err
		}
		r.Person = &person
	}
	switch {
	case r.ValidFrom.IsZero():
		return invalid("date_missing", "请填写入住日期。", "valid_from")
	case !r.ValidTo.IsZero() && r.ValidTo.Before(r.ValidFrom):
		return invalid("dates_order", "搬离日期不能早于入住日期。", "valid_to")
	}
	return nil
}

// EndOccupant says on which day an occupant was there last.
type EndOccupant struct {
	District   int64      `json:"district_id,string"`
	UnitID     int64      `json:"unit_id,string"`
	OccupantID int64      `json:"occupant_id,string"`
	LastDay    civil.Date `json:"last_day"`
}
