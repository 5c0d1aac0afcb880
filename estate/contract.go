package estate

import (
	"strings"

	"estateledger/civil"
)

// FeeStartRule says from which day after the entry service is billed.
type FeeStartRule string

// The rules: from the day of entry, or from the first of the month after it.
const (
	Daily     FeeStartRule = "DAILY"
	NextMonth FeeStartRule = "NEXT_MONTH"
)

// FeeStartRuleNames gives the Chinese name of each rule.
var FeeStartRuleNames = map[FeeStartRule]string{Daily: "自进驻日按天计收", NextMonth: "自进驻次月一日起计收"}

// FeeStart is the first day that is billed: the day of entry, or the first of
// the following month, but no day before the contract begins.
func FeeStart(entry civil.Date, rule FeeStartRule, contractFrom civil.Date) civil.Date {
	start := entry
	if rule == NextMonth {
		start = entry.Month().Add(1).First()
	}
	return civil.Max(start, contractFrom)
}

// RecordServiceContract is what recording a service contract takes. The company
// is the one that has the estate on ValidFrom; ValidFrom zero means its entry
// date. The same ValidFrom as the latest contract corrects that contract. DueDay
// 0 means the last day of the month.
type RecordServiceContract struct {
	District     int64        `json:"district_id,string"`
	EstateID     int64        `json:"estate_id,string"`
	ValidFrom    civil.Date   `json:"valid_from"`
	ValidTo      civil.Date   `json:"valid_to"`
	FeeStartRule FeeStartRule `json:"fee_start_rule"`
	DueDay       int          `json:"due_day"`
	Paper        string       `json:"paper"`
}

func (r *RecordServiceContract) check() error {
	r.Paper = strings.TrimSpace(r.Paper)
	switch {
	case FeeStartRuleNames[r.FeeStartRule] == "":
		return invalid("fee_start_rule", "请选择从进驻日按天计收，或从次月一日起计收。", "fee_start_rule")
	case r.DueDay < 0 || r.DueDay > 28:
		return invalid("due_day", "缴费截止日是每月 1 到 28 日；0 表示当月最后一天。", "due_day")
	case r.ValidTo.IsZero():
		return invalid("date_missing", "请填写合同截止日期。", "valid_to")
	case !r.ValidFrom.IsZero() && r.ValidTo.Before(r.ValidFrom):
		return invalid("dates_order", "合同截止日期不能早于开始日期。", "valid_to")
	}
	return checkText("合同编号", r.Paper, "paper", 200)
}

// ServiceContract is a contract of an estate (物业服务合同).
type ServiceContract struct {
	ContractID   int64        `db:"contract_id" json:"contract_id,string"`
	CompanyID    int64        `db:"company_id" json:"company_id,string"`
	CompanyName  string       `db:"company_name" json:"company_name"`
	Version      int          `db:"version" json:"version"`
	ValidFrom    civil.Date   `db:"valid_from" json:"valid_from"`
	ValidTo      civil.Date   `db:"valid_to" json:"valid_to"`
	FeeStartRule FeeStartRule `db:"fee_start_rule" json:"fee_start_rule"`
	FeeStart     civil.Date   `db:"fee_start" json:"fee_start"`
	DueDay       int          `db:"due_day" json:"due_day"`
	Paper        string       `db:"paper" json:"paper"`
	ActID        int64        `db:"act_id" json:"act_id,string"`
}
