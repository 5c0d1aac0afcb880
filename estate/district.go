package estate

import (
	"regexp"
	"strings"
)

// Unspecified is the name of the placeholder that stands for a level the source
// does not name.
const Unspecified = "未定"

// District (区) is the unit that everything of a tenant stays in.
type District struct {
	DistrictID int64  `db:"district_id" json:"district_id,string"`
	Code       string `db:"code" json:"code"`
	Name       string `db:"name" json:"name"`
	NodeID     int64  `db:"node_id" json:"node_id,string"`
}

// SubDistrict (街道).
type SubDistrict struct {
	SubDistrictID int64  `db:"sub_district_id" json:"sub_district_id,string"`
	Name          string `db:"name" json:"name"`
	Placeholder   bool   `db:"placeholder" json:"placeholder"`
	NodeID        int64  `db:"node_id" json:"node_id,string"`
}

// Community (社区).
type Community struct {
	CommunityID     int64  `db:"community_id" json:"community_id,string"`
	SubDistrictID   int64  `db:"sub_district_id" json:"sub_district_id,string"`
	SubDistrictName string `db:"sub_district_name" json:"sub_district_name"`
	Name            string `db:"name" json:"name"`
	Placeholder     bool   `db:"placeholder" json:"placeholder"`
	NodeID          int64  `db:"node_id" json:"node_id,string"`
}

// CreateDistrict is what founding a district takes. Code is its official
// division code (行政区划代码) or another short name that is used once.
type CreateDistrict struct {
	Code string `json:"code"`
	Name string `json:"name"`
}

var districtCode = regexp.MustCompile(`^[0-9A-Za-z-]{2,20}$`)

func (r *CreateDistrict) check() error {
	r.Code, r.Name = strings.TrimSpace(r.Code), tidy(r.Name)
	if !districtCode.MatchString(r.Code) {
		return invalid("district_code", "区划代码是 2 到 20 位数字或字母，例如 320206。", "code")
	}
	return checkName("区名", r.Name, "name")
}

// CreateSubDistrict is what adding a sub-district to a district takes.
type CreateSubDistrict struct {
	District int64  `json:"district_id,string"`
	Name     string `json:"name"`
}

func (r *CreateSubDistrict) check() error {
	r.Name = tidy(r.Name)
	return checkLevelName("街道名称", r.Name)
}

// CreateCommunity is what adding a community to a sub-district takes.
type CreateCommunity struct {
	District      int64  `json:"district_id,string"`
	SubDistrictID int64  `json:"sub_district_id,string"`
	Name          string `json:"name"`
}

func (r *CreateCommunity) check() error {
	r.Name = tidy(r.Name)
	return checkLevelName("社区名称", r.Name)
}

// checkLevelName keeps the placeholder's name for the placeholder.
func checkLevelName(what, name string) error {
	if name == Unspecified {
		return invalid("name_reserved", "“未定”由系统自动建立，请填写真实名称。", "name")
	}
	return checkName(what, name, "name")
}
