package estate

import (
	"fmt"
	"math/big"
	"strings"

	"estateledger/civil"
)

// Share is a person's part of a title, a fraction.
type Share struct {
	Numerator   int `db:"numerator" json:"numerator"`
	Denominator int `db:"denominator" json:"denominator"`
}

func (s Share) rat() *big.Rat { return big.NewRat(int64(s.Numerator), int64(s.Denominator)) }

// String is 1/2, or 全部 for the whole.
func (s Share) String() string {
	if s.Numerator == s.Denominator {
		return "全部"
	}
	return fmt.Sprintf("%d/%d", s.Numerator, s.Denominator)
}

// OwnerShare is an owner of a title to record: a person of the register by id,
// or a new one. A new person whose document number is known already is that
// person. Without a fraction in any of a title's owners they share equally.
type OwnerShare struct {
	PersonID int64      `json:"person_id,string"`
	Person   *NewPerson `json:"person"`
	Share
}

// RecordOwnership is what recording a title takes. ValidFrom zero is allowed
// only for a unit's first title and means UnknownStart; BillFrom zero means
// ValidFrom. The same ValidFrom as the latest title corrects that title.
// Without owners the title says that the owner is not registered.
type RecordOwnership struct {
	District  int64        `json:"district_id,string"`
	UnitID    int64        `json:"unit_id,string"`
	ValidFrom civil.Date   `json:"valid_from"`
	BillFrom  civil.Date   `json:"bill_from"`
	Basis     string       `json:"basis"`
	Owners    []OwnerShare `json:"owners"`
}

func (r *RecordOwnership) check(today civil.Date) error {
	r.Basis = strings.TrimSpace(r.Basis)
	if r.ValidFrom.After(today) {
		return invalid("title_future", "产权起始日不能晚于今天。", "valid_from")
	}
	if err := checkText("依据", r.Basis, "basis", 200); err != nil {
		return err
	}
	owners := make([]OwnerShare, len(r.Owners))
	for i, o := range r.Owners {
		at := fmt.Sprintf("owners[%d].", i)
		if (o.PersonID == 0) == (o.Person == nil) {
			return invalid("owner_missing", "请选一个已登记的人，或填写新的业主。", at+"person_id")
		}
		if o.Person != nil {
			person := *o.Person
			if err := person.check(at + "person."); err != nil {
				return err
			}
			o.Person = &person
		}
		owners[i] = o
	}
	r.Owners = owners
	return completeShares(r.Owners)
}

// mostOwners bounds the owners of one title.
const mostOwners = 50

// completeShares gives equal shares where none were given and refuses shares
// that do not add up to the whole.
func completeShares(owners []OwnerShare) error {
	if len(owners) > mostOwners {
		return invalid("owners_count", fmt.Sprintf("一套房屋最多登记 %d 个共有人。", mostOwners), "owners")
	}
	given := 0
	for i, o := range owners {
		if o.Share == (Share{}) {
			continue
		}
		given++
		if o.Numerator <= 0 || o.Denominator < o.Numerator || o.Denominator > 1_000_000 {
			return invalid("share", "份额写成分数，大于 0、不超过 1，例如 1/2。", fmt.Sprintf("owners[%d].numerator", i))
		}
	}
	if given == 0 {
		for i := range owners {
			owners[i].Share = Share{1, len(owners)}
		}
		return nil
	}
	sum := new(big.Rat)
	for i, o := range owners {
		if o.Share == (Share{}) {
			return invalid("share_missing", "共有人的份额要么都填，要么都不填(平均)。", fmt.Sprintf("owners[%d].numerator", i))
		}
		sum.Add(sum, o.rat())
	}
	if sum.Cmp(big.NewRat(1, 1)) != 0 {
		return invalid("shares_sum", fmt.Sprintf("各共有人份额之和是 %s，应当正好是 1。", sum.RatString()), "owners")
	}
	return nil
}

// Title is who owns a unit from a day on, until the day before the next title.
type Title struct {
	OwnershipID int64      `db:"ownership_id" json:"ownership_id,string"`
	UnitID      int64      `db:"unit_id" json:"unit_id,string"`
	ValidFrom   civil.Date `db:"valid_from" json:"valid_from"`
	ValidTo     civil.Date `db:"valid_to" json:"valid_to"` // zero: still
	Version     int        `db:"version" json:"version"`
	BillFrom    civil.Date `db:"bill_from" json:"bill_from"`
	Basis       string     `db:"basis" json:"basis"`
	ActID       int64      `db:"act_id" json:"act_id,string"`
	// Superseded tells that a later version of the same day corrects this one.
	Superseded bool    `db:"superseded" json:"superseded"`
	Owners     []Owner `json:"owners"`
}

// Owner is a person with a share of a title; name and phone are masked for who
// may not see residents.
type Owner struct {
	OwnershipID int64      `db:"ownership_id" json:"-"`
	UnitID      int64      `db:"unit_id" json:"-"`
	PersonID    int64      `db:"person_id" json:"person_id,string"`
	Kind        PersonKind `db:"kind" json:"kind"`
	Name        string     `db:"name" json:"name"`
	Phone       string     `db:"phone" json:"phone"`
	HasDocument bool       `db:"has_document" json:"has_document"`
	Share
	Named bool `db:"named" json:"-"`
}

// OwnerNames joins the owners' names: 张三、李四; empty when nobody is registered.
func OwnerNames(owners []Owner) string {
	names := make([]string, len(owners))
	for i, o := range owners {
		names[i] = o.Name
	}
	return strings.Join(names, "、")
}

// mask hides names and phones unless the viewer may see residents.
func (o *Owner) mask() {
	if !o.Named {
		o.Name, o.Phone = MaskName(o.Name), MaskPhone(o.Phone)
	}
}
