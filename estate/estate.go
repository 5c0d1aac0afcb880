package estate

import (
	"fmt"
	"strings"

	"github.com/shopspring/decimal"

	"estateledger/civil"
)

// RenovationClass is the class of an estate's renovation.
type RenovationClass string

// The classes of renovation.
const (
	Basic    RenovationClass = "basic"
	Improved RenovationClass = "improved"
	Extended RenovationClass = "extended"
)

// RenovationNames gives the Chinese name of each class.
var RenovationNames = map[RenovationClass]string{Basic: "基础类", Improved: "完善类", Extended: "提升类"}

// Facts are what the register says of an estate as a whole. The stated figures
// are the source's words about the estate, not sums of its units; nil means that
// nobody knows.
type Facts struct {
	Name            string           `db:"name" json:"name"`
	Address         string           `db:"address" json:"address"`
	BuiltYear       *int             `db:"built_year" json:"built_year"`
	RenovationClass RenovationClass  `db:"renovation_class" json:"renovation_class"`
	RenovationCost  *decimal.Decimal `db:"renovation_cost" json:"renovation_cost"` // yuan per m²
	CompletionDate  civil.Date       `db:"completion_date" json:"completion_date"`
	HasLift         *bool            `db:"has_lift" json:"has_lift"`
	Buildings       *int             `db:"buildings_stated" json:"buildings_stated"`
	Stairs          *int             `db:"stairs_stated" json:"stairs_stated"`
	Units           *int             `db:"units_stated" json:"units_stated"`
	Area            *decimal.Decimal `db:"area_stated" json:"area_stated"` // m²
	Source          string           `db:"source" json:"source"`
}

var (
	maxEstateArea     = decimal.RequireFromString("99999999.99")
	maxRenovationCost = decimal.RequireFromString("99999999.99")
)

// check brings the texts into shape and refuses what cannot be; today bounds
// years and days that must have passed.
func (f *Facts) check(today civil.Date) error {
	f.Name, f.Address, f.Source = tidy(f.Name), tidy(f.Address), strings.TrimSpace(f.Source)
	err := first(checkName("小区名称", f.Name, "name"), checkText("地址", f.Address, "address", 200), checkText("来源", f.Source, "source", 500),
		checkCount("楼栋数", f.Buildings, 2000, "buildings_stated"), checkCount("单元数", f.Stairs, 20000, "stairs_stated"),
		checkCount("户数", f.Units, 100000, "units_stated"))
	switch {
	case err != nil:
		return err
	case f.BuiltYear != nil && (*f.BuiltYear < 1900 || *f.BuiltYear > today.Year()):
		return invalid("built_year", fmt.Sprintf("建成年份应在 1900 到 %d 之间。", today.Year()), "built_year")
	case f.RenovationClass != "" && RenovationNames[f.RenovationClass] == "":
		return invalid("renovation_class", "改造类别只能是基础类、完善类或提升类。", "renovation_class")
	case f.RenovationCost != nil && f.RenovationCost.IsNegative():
		return invalid("renovation_cost", "改造造价不能是负数。", "renovation_cost")
	case f.RenovationCost != nil && (f.RenovationCost.GreaterThan(maxRenovationCost) || !f.RenovationCost.Equal(f.RenovationCost.Truncate(2))):
		return invalid("renovation_cost", "改造造价(元/㎡)不合常理或多于两位小数，请核对。", "renovation_cost")
	case f.Area != nil && (f.Area.Sign() <= 0 || f.Area.GreaterThan(maxEstateArea)):
		return invalid("area_absurd", "小区建筑面积必须大于 0、不超过 99,999,999.99 ㎡；不知道请留空。", "area_stated")
	case f.Area != nil && !f.Area.Equal(f.Area.Truncate(2)):
		return invalid("area_decimals", "小区建筑面积最多两位小数。", "area_stated")
	case f.CompletionDate.After(today):
		return invalid("completion_date", "改造完工日期不能晚于今天。", "completion_date")
	}
	return nil
}

// Estate is an estate where it lies, with the company that has it on the day
// that was asked for.
type Estate struct {
	EstateID        int64  `db:"estate_id" json:"estate_id,string"`
	NodeID          int64  `db:"node_id" json:"node_id,string"`
	CommunityID     int64  `db:"community_id" json:"community_id,string"`
	CommunityName   string `db:"community_name" json:"community_name"`
	SubDistrictID   int64  `db:"sub_district_id" json:"sub_district_id,string"`
	SubDistrictName string `db:"sub_district_name" json:"sub_district_name"`
	// CommunityUnknown and SubDistrictUnknown tell that the level is a placeholder.
	CommunityUnknown   bool `db:"community_unknown" json:"community_unknown"`
	SubDistrictUnknown bool `db:"sub_district_unknown" json:"sub_district_unknown"`
	Facts
	CompanyID   int64      `db:"company_id" json:"company_id,string"` // 0: not taken over
	CompanyName string     `db:"company_name" json:"company_name"`
	EntryDate   civil.Date `db:"entry_date" json:"entry_date"`
	// UnitCount and UnitArea (m²) are of the registered units; UnitsWithoutArea
	// says how many of them the area leaves out.
	UnitCount        int64           `db:"unit_count" json:"unit_count"`
	UnitArea         decimal.Decimal `db:"unit_area" json:"unit_area"`
	UnitsWithoutArea int64           `db:"units_without_area" json:"units_without_area"`
}

// Missing names, in Chinese, what the register does not know of the estate; an
// estate that misses nothing is complete.
func (e Estate) Missing() []string {
	missing := []string{}
	add := func(is bool, what string) {
		if is {
			missing = append(missing, what)
		}
	}
	add(e.SubDistrictUnknown, "街道未定")
	add(e.CommunityUnknown, "社区未定")
	add(e.Area == nil, "小区建筑面积不详")
	add(e.BuiltYear == nil, "建成年份不详")
	add(e.UnitCount == 0, "房屋未登记")
	add(e.UnitsWithoutArea > 0, fmt.Sprintf("%d 套房屋面积不详", e.UnitsWithoutArea))
	return missing
}

// CreateEstate is what adding an estate takes. Without CommunityID it hangs
// under the placeholder community of SubDistrictID, without that under the
// placeholder of both.
type CreateEstate struct {
	District      int64 `json:"district_id,string"`
	SubDistrictID int64 `json:"sub_district_id,string"`
	CommunityID   int64 `json:"community_id,string"`
	Facts
}

// CorrectEstate replaces the facts of an estate; what stood before stays in the
// act's record.
type CorrectEstate struct {
	District int64 `json:"district_id,string"`
	EstateID int64 `json:"estate_id,string"`
	Facts
}

// PlaceEstate moves an estate from where its sub-district or community was not
// known to where it lies.
type PlaceEstate struct {
	District    int64 `json:"district_id,string"`
	EstateID    int64 `json:"estate_id,string"`
	CommunityID int64 `json:"community_id,string"`
}
