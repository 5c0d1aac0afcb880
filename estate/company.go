package estate

import (
	"regexp"
	"strings"
)

// Company is a property company (物业服务企业).
type Company struct {
	CompanyID  int64   `db:"company_id" json:"company_id,string"`
	Name       string  `db:"name" json:"name"`
	CreditCode *string `db:"credit_code" json:"credit_code"`
	Phone      *string `db:"phone" json:"phone"`
	NodeID     int64   `db:"node_id" json:"node_id,string"`
}

// CreateCompany is what adding a property company to a district takes.
// CreditCode is the 18-character 统一社会信用代码, empty when not known.
type CreateCompany struct {
	District   int64  `json:"district_id,string"`
	Name       string `json:"name"`
	CreditCode string `json:"credit_code"`
	Phone      string `json:"phone"`
}

var creditCode = regexp.MustCompile(`^[0-9A-HJ-NPQRTUWXY]{18}$`)

func (r *CreateCompany) check() error {
	r.Name, r.CreditCode, r.Phone = tidy(r.Name), strings.ToUpper(strings.TrimSpace(r.CreditCode)), strings.TrimSpace(r.Phone)
	if r.CreditCode != "" && !creditCode.MatchString(r.CreditCode) {
		return invalid("credit_code", "统一社会信用代码是 18 位数字和大写字母，请核对。", "credit_code")
	}
	return first(checkName("公司名称", r.Name, "name"), checkPhone(r.Phone, "phone"))
}
