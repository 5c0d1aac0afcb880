package estate

import (
	"fmt"
	"strings"

	"github.com/shopspring/decimal"

	"estateledger/civil"
)

// Use is what a unit is used for.
type Use string

// The uses of a unit.
const (
	Residential Use = "residential"
	Shop        Use = "shop"
	Garage      Use = "garage"
	OtherUse    Use = "other"
)

// UseNames gives the Chinese name of each use.
var UseNames = map[Use]string{Residential: "住宅", Shop: "商铺", Garage: "车库", OtherUse: "其他"}

// Tenure is the kind of right a unit is held by.
type Tenure string

// The tenures.
const (
	Commodity     Tenure = "commodity"
	SoldPublic    Tenure = "sold_public"
	PublicRental  Tenure = "public_rental"
	Resettlement  Tenure = "resettlement"
	UnknownTenure Tenure = "unknown"
)

// TenureNames gives the Chinese name of each tenure.
var TenureNames = map[Tenure]string{
	Commodity: "商品房", SoldPublic: "已售公有住房", PublicRental: "直管公房", Resettlement: "安置房", UnknownTenure: "不详",
}

// AreaSource says where a floor area was taken from, the surest first (法释
// 建筑物区分所有权 art. 8: registry, survey, contract).
type AreaSource string

// The sources of a floor area.
const (
	Registry AreaSource = "registry"
	Survey   AreaSource = "survey"
	Contract AreaSource = "contract"
	Stated   AreaSource = "stated"
)

// AreaSourceNames gives the Chinese name of each source.
var AreaSourceNames = map[AreaSource]string{Registry: "不动产登记", Survey: "实测", Contract: "合同", Stated: "自报"}

// Unit is a unit (房屋) with its area on the day that was asked for.
type Unit struct {
	UnitID     int64            `db:"unit_id" json:"unit_id,string"`
	EstateID   int64            `db:"estate_id" json:"estate_id,string"`
	EstateName string           `db:"estate_name" json:"estate_name"`
	Code       string           `db:"code" json:"code"`
	Building   string           `db:"building" json:"building"`
	Stair      string           `db:"stair" json:"stair"`
	Room       string           `db:"room" json:"room"`
	Floor      *int             `db:"floor" json:"floor"`
	Use        Use              `db:"use" json:"use"`
	Tenure     Tenure           `db:"tenure" json:"tenure"`
	HasLift    *bool            `db:"has_lift" json:"has_lift"`
	Area       *decimal.Decimal `db:"area" json:"area"` // m²; nil: not known
	AreaSource AreaSource       `db:"area_source" json:"area_source"`
}

// Name is the unit's number as people write it: 7栋1单元502室.
func (u Unit) Name() string {
	number, err := ParseRoom(u.Code)
	if err != nil {
		return u.Code
	}
	return number.String()
}

// NewUnit is a unit to register. Number is its room number as people write it.
type NewUnit struct {
	Number     string           `json:"number"`
	Floor      *int             `json:"floor"`
	Use        Use              `json:"use"`    // empty: residential
	Tenure     Tenure           `json:"tenure"` // empty: unknown
	HasLift    *bool            `json:"has_lift"`
	Area       *decimal.Decimal `json:"area"`
	AreaSource AreaSource       `json:"area_source"` // empty: stated
	AreaFrom   civil.Date       `json:"area_from"`   // zero: UnknownStart

	number RoomNumber
}

// CreateUnits is what registering units of an estate takes.
type CreateUnits struct {
	District int64     `json:"district_id,string"`
	EstateID int64     `json:"estate_id,string"`
	Units    []NewUnit `json:"units"`
}

// mostUnits bounds one request; larger sets come as a file.
const mostUnits = 5000

// check fills in what was left out and refuses bad units and doubles.
func (r *CreateUnits) check() error {
	if len(r.Units) == 0 || len(r.Units) > mostUnits {
		return invalid("units_count", fmt.Sprintf("一次可登记 1 到 %d 套房屋，更多请用文件导入。", mostUnits), "units")
	}
	seen := map[string]int{}
	for i := range r.Units {
		at := fmt.Sprintf("units[%d].", i)
		if err := r.Units[i].check(at); err != nil {
			return err
		}
		code := r.Units[i].number.Code()
		if other, double := seen[code]; double {
			return invalid("unit_double", fmt.Sprintf("第 %d 套和第 %d 套是同一房号 %s。", other+1, i+1, code), at+"number")
		}
		seen[code] = i
	}
	return nil
}

func (u *NewUnit) check(at string) error {
	var err error
	if u.number, err = ParseRoom(u.Number); err != nil {
		return invalid("room_number", err.Error(), at+"number")
	}
	if u.Use == "" {
		u.Use = Residential
	}
	if u.Tenure == "" {
		u.Tenure = UnknownTenure
	}
	if u.AreaSource == "" {
		u.AreaSource = Stated
	}
	if u.AreaFrom.IsZero() {
		u.AreaFrom = UnknownStart
	}
	switch {
	case UseNames[u.Use] == "":
		return invalid("use", "用途只能是"+namesOf(UseNames, Residential, Shop, Garage, OtherUse)+"。", at+"use")
	case TenureNames[u.Tenure] == "":
		return invalid("tenure", "产权性质只能是"+namesOf(TenureNames, Commodity, SoldPublic, PublicRental, Resettlement, UnknownTenure)+"。", at+"tenure")
	case AreaSourceNames[u.AreaSource] == "":
		return invalid("area_source", "面积来源只能是"+namesOf(AreaSourceNames, Registry, Survey, Contract, Stated)+"。", at+"area_source")
	case u.Floor != nil && (*u.Floor < -9 || *u.Floor == 0 || *u.Floor > 150):
		return invalid("floor", "楼层应在 -9 到 150 之间，没有 0 层。", at+"floor")
	case u.Area != nil:
		return CheckUnitArea(*u.Area, at+"area")
	}
	return nil
}

// namesOf lists the Chinese names of codes, in the order given.
func namesOf[K ~string](names map[K]string, codes ...K) string {
	words := make([]string, len(codes))
	for i, c := range codes {
		words[i] = names[c]
	}
	return strings.Join(words, "、")
}

// RecordArea corrects a unit's floor area from a day on. ValidFrom zero is
// allowed only for a unit's first area and means UnknownStart.
type RecordArea struct {
	District  int64           `json:"district_id,string"`
	UnitID    int64           `json:"unit_id,string"`
	ValidFrom civil.Date      `json:"valid_from"`
	Area      decimal.Decimal `json:"area"`
	Source    AreaSource      `json:"source"`
	Reason    string          `json:"reason"`
}

func (r *RecordArea) check(today civil.Date) error {
	r.Reason = strings.TrimSpace(r.Reason)
	switch {
	case AreaSourceNames[r.Source] == "":
		return invalid("area_source", "请选面积来源："+namesOf(AreaSourceNames, Registry, Survey, Contract, Stated)+"。", "source")
	case r.Reason == "":
		return invalid("reason_missing", "请写明更正的原因。", "reason")
	case r.ValidFrom.After(today):
		return invalid("area_future", "面积的生效日期不能晚于今天。", "valid_from")
	}
	return first(CheckUnitArea(r.Area, "area"), checkText("原因", r.Reason, "reason", 200))
}

// AreaRecord is one row of a unit's area history.
type AreaRecord struct {
	ValidFrom civil.Date      `db:"valid_from" json:"valid_from"`
	Version   int             `db:"version" json:"version"`
	Area      decimal.Decimal `db:"area" json:"area"`
	Source    AreaSource      `db:"source" json:"source"`
	Reason    string          `db:"reason" json:"reason"`
	ActID     int64           `db:"act_id" json:"act_id,string"`
}
