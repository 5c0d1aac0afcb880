package estate

import (
	"fmt"
	"strings"
	"time"

	"estateledger/civil"
	"estateledger/fault"
)

// ItemStatus is the state of a thing that should be handed over.
type ItemStatus string

// The states of a checklist item.
const (
	Present       ItemStatus = "present"
	Missing       ItemStatus = "missing"
	NotApplicable ItemStatus = "not_applicable"
)

// ItemStatusNames gives the Chinese name of each state.
var ItemStatusNames = map[ItemStatus]string{Present: "已移交", Missing: "缺失", NotApplicable: "不适用"}

// ChecklistItem is a thing that should be handed over at a takeover (承接查验).
type ChecklistItem struct {
	Code string `json:"code"`
	Name string `json:"name"`
}

// ChecklistItems are the things every takeover asks for, in the order of the
// printed list (Civil Code art. 949; 物业管理条例 art. 29 and 37).
var ChecklistItems = []ChecklistItem{
	{"completion_drawings", "竣工总平面图及单体竣工图"},
	{"network_drawings", "地下管网竣工图"},
	{"renovation_acceptance", "改造工程竣工验收资料"},
	{"equipment_papers", "共用设施设备安装、使用和维护资料"},
	{"warranty_papers", "质量保修文件和使用说明"},
	{"fire_papers", "消防设施验收和检测资料"},
	{"lift_papers", "电梯登记和年检资料"},
	{"unit_list", "房屋面积及业主清册"},
	{"service_rooms", "物业管理用房及钥匙、门禁"},
	{"fee_accounts", "物业费欠费和预收清单"},
	{"common_income_accounts", "公共收益账目和经营合同"},
	{"fund_accounts", "维修资金账目"},
}

// ChecklistName is the Chinese name of an item's code.
func ChecklistName(code string) (string, bool) {
	for _, item := range ChecklistItems {
		if item.Code == code {
			return item.Name, true
		}
	}
	return "", false
}

// ItemNote says in which state an item is.
type ItemNote struct {
	Item   string     `json:"item"`
	Status ItemStatus `json:"status"`
	Note   string     `json:"note"`
}

func (n *ItemNote) check(at string) error {
	n.Note = strings.TrimSpace(n.Note)
	if _, known := ChecklistName(n.Item); !known {
		return invalid("checklist_item", "交接清单里没有这一项。", at+"item")
	}
	if ItemStatusNames[n.Status] == "" {
		return invalid("item_status", "请选择"+namesOf(ItemStatusNames, Present, Missing, NotApplicable)+"之一。", at+"status")
	}
	return checkText("备注", n.Note, at+"note", 500)
}

// RecordTakeover is what recording a takeover takes. CutOverDate zero means
// EntryDate; it is the first day this register's bills may cover, older debts
// come in as opening. What Items does not name is noted as missing.
type RecordTakeover struct {
	District    int64      `json:"district_id,string"`
	EstateID    int64      `json:"estate_id,string"`
	CompanyID   int64      `json:"company_id,string"`
	EntryDate   civil.Date `json:"entry_date"`
	CutOverDate civil.Date `json:"cut_over_date"`
	Paper       string     `json:"paper"`
	Items       []ItemNote `json:"items"`
}

func (r *RecordTakeover) check(today civil.Date) error {
	r.Paper = strings.TrimSpace(r.Paper)
	if r.CutOverDate.IsZero() {
		r.CutOverDate = r.EntryDate
	}
	switch {
	case r.EntryDate.IsZero():
		return invalid("entry_missing", "请填写进驻日期。", "entry_date")
	case r.EntryDate.After(today.AddDays(366)):
		return invalid("entry_far", "进驻日期不能晚于一年以后，请核对。", "entry_date")
	case r.EntryDate.Before(civil.On(1994, 1, 1)):
		return invalid("entry_early", "进驻日期早于 1994 年，请核对。", "entry_date")
	case r.CutOverDate.Before(r.EntryDate):
		return invalid("cut_over_early", "启用日期不能早于进驻日期。", "cut_over_date")
	case r.CutOverDate.After(today.AddDays(366)):
		return invalid("cut_over_far", "启用日期不能晚于一年以后，请核对。", "cut_over_date")
	}
	if err := checkText("依据文件", r.Paper, "paper", 200); err != nil {
		return err
	}
	return r.completeItems()
}

// completeItems notes every item that was not named as missing.
func (r *RecordTakeover) completeItems() error {
	named := map[string]ItemNote{}
	for i := range r.Items {
		at := fmt.Sprintf("items[%d].", i)
		note := r.Items[i]
		if err := note.check(at); err != nil {
			return err
		}
		if _, double := named[note.Item]; double {
			return invalid("item_double", "交接清单的同一项出现了两次。", at+"item")
		}
		named[note.Item] = note
	}
	items := make([]ItemNote, len(ChecklistItems))
	for i, item := range ChecklistItems {
		note, has := named[item.Code]
		if !has {
			note = ItemNote{Item: item.Code, Status: Missing}
		}
		items[i] = note
	}
	r.Items = items
	return nil
}

// NoteTakeoverItem says that an item of the takeover in force is in another
// state from a day on; NotedOn zero means today.
type NoteTakeoverItem struct {
	District   int64      `json:"district_id,string"`
	EstateID   int64      `json:"estate_id,string"`
	TakeoverID int64      `json:"takeover_id,string"`
	NotedOn    civil.Date `json:"noted_on"`
	ItemNote
}

// Takeover is a takeover as it stood on a day.
type Takeover struct {
	TakeoverID  int64           `db:"takeover_id" json:"takeover_id,string"`
	EstateID    int64           `db:"estate_id" json:"estate_id,string"`
	CompanyID   int64           `db:"company_id" json:"company_id,string"`
	CompanyName string          `db:"company_name" json:"company_name"`
	CompanyNode int64           `db:"company_node" json:"company_node,string"`
	EntryDate   civil.Date      `db:"entry_date" json:"entry_date"`
	CutOverDate civil.Date      `db:"cut_over_date" json:"cut_over_date"`
	Paper       string          `db:"paper" json:"paper"`
	ActID       int64           `db:"act_id" json:"act_id,string"`
	RecordedBy  string          `db:"recorded_by" json:"recorded_by"`
	RecordedAt  *time.Time      `db:"recorded_at" json:"recorded_at"` // nil within its own act
	Items       []ChecklistLine `json:"items"`
}

// ChecklistLine is an item of a takeover in the state of a day.
type ChecklistLine struct {
	TakeoverID int64      `db:"takeover_id" json:"-"`
	Item       string     `db:"item" json:"item"`
	Name       string     `db:"-" json:"name"`
	Status     ItemStatus `db:"status" json:"status"`
	Note       string     `db:"note" json:"note"`
	NotedOn    civil.Date `db:"noted_on" json:"noted_on"`
}

// NotTakenOver is the refusal where an estate has no takeover on a day.
func NotTakenOver() error {
	return fault.Conflict("estate.not_taken_over", "这个小区还没有登记接管，请先登记接管。")
}
