package screens

import (
	"encoding/json"
	"slices"
	"strings"

	"estateledger/access"
	"estateledger/billing"
	"estateledger/civil"
	"estateledger/estate"
	"estateledger/ledger/money"
	"estateledger/receivable"
	"estateledger/server/pages"
)

// actNames says in words what each use case did. A test holds it complete over
// the use cases of the rooms.
var actNames = map[string]string{
	"access.add_membership": "给用户加角色", "access.create_user": "新增用户", "access.disable_user": "停用用户", "access.enable_user": "恢复用户",
	"access.end_membership": "结束用户的角色", "access.set_password": "重设密码",
	"billing.discard_draft": "草稿作废", "billing.draft": "试算存草稿", "billing.exclude": "这次不给一户出账", "billing.include": "这次照常给一户出账",
	"billing.publish": "发布账单", "billing.publish_now": "出账并发布", "billing.set_rate": "定单价", "billing.withdraw": "撤回账单",
	"estate.correct_estate": "更正小区资料", "estate.correct_person": "更正业主资料", "estate.create_community": "新增社区", "estate.create_company": "新增物业公司",
	"estate.create_district": "新增区", "estate.create_estate": "新增小区", "estate.create_sub_district": "新增街道", "estate.create_units": "登记房屋",
	"estate.end_occupant": "住户搬走", "estate.import": "导入房屋和业主", "estate.note_takeover_item": "记交接清单", "estate.place_estate": "小区改归社区",
	"estate.record_area": "更正面积", "estate.record_occupant": "登记住户", "estate.record_ownership": "登记产权", "estate.record_service_contract": "登记服务合同",
	"estate.record_takeover": "登记接管",
	"ledger.close_month":     "结账", "ledger.post_voucher": "登记支出", "ledger.reopen_month": "反结账",
	"receivable.open_counter": "开柜台", "receivable.pay": "收款", "receivable.reverse_charge": "冲销账单", "receivable.reverse_payment": "冲回收款",
}

// actName is what a use case did; one without a word of its own is called a change.
func actName(useCase string) string {
	if name := actNames[useCase]; name != "" {
		return name
	}
	return "登记变更"
}

// factNames are the facts of an act that are shown, by their name in the record,
// in the order in which they are shown. What is not here are ids and parameters
// that mean nothing to a reader.
var factNames = []struct{ key, name string }{
	{"name", "名称"}, {"login", "登录名"}, {"role", "角色"}, {"month", "账期"}, {"closed_through", "结账到"}, {"state", "状态"}, {"count", "账单"}, {"total", "合计"},
	{"amount", "金额"}, {"settled", "已缴"}, {"open", "欠费"}, {"prepaid", "预存"}, {"channel", "收款方式"}, {"business_date", "业务日期"}, {"posting_date", "记账日期"},
	{"reopened", "恢复未缴的账单"}, {"due_date", "缴款期限"}, {"published_on", "发布日期"}, {"rate", "单价"}, {"vat_rate", "税率"}, {"use", "用途"}, {"basis", "依据"},
	{"area", "面积"}, {"source", "面积来源"}, {"entry_date", "接管日期"}, {"valid_from", "从哪天起"}, {"valid_to", "到哪天止"}, {"bill_from", "账单归谁从哪天起"},
	{"fee_start_rule", "收费起始"}, {"due_day", "每月缴款日"}, {"item", "交接项目"}, {"status", "交接情况"}, {"units", "房屋"}, {"owners", "业主"}, {"paper", "文件"},
	{"summary", "用途说明"}, {"note", "备注"}, {"payer", "付款人"}, {"reason", "原因"}, {"built_year", "建成年份"}, {"households", "户数"}, {"code", "编号"},
}

// codeWords turns the codes of the record into words, by fact.
var codeWords = func() map[string]map[string]string {
	words := map[string]map[string]string{
		"state": {}, "channel": {}, "role": {}, "source": {}, "use": {}, "status": {"present": "有", "missing": "没有", "not_applicable": "不涉及"},
	}
	for k, v := range billing.RunStateNames {
		words["state"][string(k)] = v
	}
	for k, v := range receivable.ChannelNames {
		words["channel"][string(k)] = v
	}
	for k, v := range access.RoleNames {
		words["role"][string(k)] = v
	}
	for k, v := range estate.AreaSourceNames {
		words["source"][string(k)] = v
	}
	for k, v := range estate.UseNames {
		words["use"][string(k)] = v
	}
	words["fee_start_rule"] = map[string]string{}
	for k, v := range estate.FeeStartRuleNames {
		words["fee_start_rule"][string(k)] = v
	}
	return words
}()

var yuanFacts = []string{"amount", "settled", "open", "prepaid", "total"}

// actChanges sets what was beside what is, fact by fact.
func actChanges(a access.Audited) []pages.ActChange {
	before, after := factsOf(a.Before), factsOf(a.After)
	var changes []pages.ActChange
	for _, f := range factNames {
		was, is := before[f.key], after[f.key]
		if was != is {
			changes = append(changes, pages.ActChange{Name: f.name, Before: was, After: is})
		}
	}
	return changes
}

// factsOf reads a record into facts in words. Facts of an inner record, such as
// the request of a payment, count like its own unless it has its own.
func factsOf(record string) map[string]string {
	var raw map[string]any
	d := json.NewDecoder(strings.NewReader(record))
	d.UseNumber()
	if d.Decode(&raw) != nil {
		return nil
	}
	facts := map[string]string{}
	var inner []map[string]any
	for key, value := range raw {
		if deeper, is := value.(map[string]any); is {
			inner = append(inner, deeper)
			continue
		}
		if text := factText(key, value); text != "" {
			facts[key] = text
		}
	}
	for _, deeper := range inner {
		for key, value := range deeper {
			if text := factText(key, value); text != "" && facts[key] == "" {
				facts[key] = text
			}
		}
	}
	return facts
}

// factText is a value in words; empty for what has none.
func factText(key string, value any) string {
	switch v := value.(type) {
	case bool:
		if v {
			return "是"
		}
		return "否"
	case []any:
		if len(v) == 0 {
			return ""
		}
		return pages.FormatCount(len(v)) + " 项"
	case json.Number:
		return withUnit(key, v.String())
	case string:
		if word := codeWords[key][v]; word != "" {
			return word
		}
		if codeWords[key] != nil {
			return "" // a code nobody has a word for
		}
		return withUnit(key, v)
	}
	return ""
}

func withUnit(key, text string) string {
	switch {
	case text == "":
		return ""
	case slices.Contains(yuanFacts, key):
		if amount, err := money.ParseYuan(text); err == nil {
			return money.Format(amount) + " 元"
		}
		return text
	case key == "area":
		return text + " ㎡"
	case key == "rate":
		return text + " 元/㎡·月"
	case key == "count":
		return text + " 张"
	}
	return text
}

// actFacts says who did it, when and where.
func actFacts(a access.Audited) []pages.Pair {
	return []pages.Pair{
		{Name: "做了什么", Value: actName(a.UseCase)}, {Name: "谁", Value: a.UserName},
		{Name: "什么时候", Value: a.RecordedAt.In(civil.Shanghai).Format("2006-01-02 15:04:05")}, {Name: "在哪里", Value: a.Place},
	}
}

// actLink leads to the document that an act made or changed, if it has a page.
func actLink(a access.Audited) *pages.Link {
	for _, d := range []struct{ key, route, label string }{
		{"payment_id", "payment", "看收据"}, {"run_id", "run", "看这批账单"}, {"unit_id", "unit", "看这一户"}, {"estate_id", "estate", "看小区"},
	} {
		for _, record := range []string{a.Result, a.After, a.Before} {
			var ids map[string]any
			if json.Unmarshal([]byte(record), &ids) != nil {
				continue
			}
			text, _ := ids[d.key].(string)
			if n := id(text); n != 0 {
				address, err := pages.URL(d.route, n)
				if err == nil {
					return &pages.Link{Label: d.label, URL: address}
				}
			}
		}
	}
	return nil
}
