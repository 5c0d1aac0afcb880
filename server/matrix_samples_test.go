package server_test

import (
	"context"
	"strconv"

	"estateledger/access"
	"estateledger/billing"
	"estateledger/civil"
	"estateledger/estate"
	"estateledger/ledger"
)

type object = map[string]any

// fixed is a body that is the same for every tenant.
func fixed(o object) func(ids) any { return func(ids) any { return o } }

// named is a body whose name nobody has used.
func named(o object) func(ids) any {
	return func(ids) any {
		with := object{"name": "名" + newKey()}
		for k, v := range o {
			with[k] = v
		}
		return with
	}
}

// samples is the catalogue: for each route a request that succeeds.
var samples = map[string]sample{
	"healthz":     {},
	"readyz":      {},
	"api.openapi": {},
	"asset":       {},
	"api.login":   {body: fixed(object{"login": "elsewhere", "password": password})},
	"api.logout":  {after: backIn},
	"api.me":      {}, "api.districts": {},

	"api.sub_districts": {}, "api.communities": {}, "api.companies": {shared: true}, "api.checklist": {}, "api.estates": {},
	"api.sub_district_make": {office: true, body: named(nil)},
	"api.company_make":      {office: true, body: named(nil)},
	"api.community_make": {only: []access.Role{access.SubDistrictRole}, body: func(i ids) any {
		return object{"sub_district_id": i["sub_district"], "name": "名" + newKey()}
	}},
	"api.estate_make": {only: []access.Role{access.SubDistrictRole}, body: func(i ids) any {
		return object{"community_id": i["community"], "name": "名" + newKey()}
	}},
	"api.estate": {}, "api.grid": {}, "api.heads": {}, "api.takeover": {}, "api.units": {}, "api.unit": {},
	"api.estate_correct": {body: fixed(object{"name": "安和一村", "built_year": 1997, "area_stated": "596.75"})},
	"api.estate_place":   {office: true, body: func(i ids) any { return object{"community_id": i["community"]} }, prepare: unplaced},
	"api.units_make":     {body: func(ids) any { return object{"units": []object{{"number": nextRoom(), "area": "66.60"}}} }},
	"api.takeover_record": {only: []access.Role{access.SubDistrictRole}, body: func(i ids) any {
		return object{"company_id": i["company"], "entry_date": "2026-06-01"}
	}, prepare: untaken},
	"api.takeover_note":   {body: fixed(object{"item": "unit_list", "status": "missing", "note": "又找不到了"})},
	"api.contract_record": {body: fixed(object{"valid_to": "2028-12-31", "fee_start_rule": "DAILY"})},
	"api.unit_search":     {query: "?text=101&estate_id={estate}"},
	"api.area_record":     {body: fixed(object{"valid_from": "2026-06-01", "area": "67.90", "source": "survey", "reason": "复测"})},
	"api.title_record":    {body: fixed(object{"valid_from": "2026-06-01", "basis": "买卖", "owners": []object{{"person": object{"name": "新业主"}}}})},
	"api.occupant_record": {body: fixed(object{"valid_from": "2026-06-01", "person": object{"name": "新租客"}})},
	"api.occupant_end":    {body: fixed(object{"last_day": "2026-06-19"}), prepare: newOccupant},
	"api.person_correct":  {body: fixed(object{"name": "王建國", "phone": "13800138000"})},

	"api.books": {}, "api.book": {}, "api.accounts": {}, "api.trial_balance": {}, "api.journal": {}, "api.account_statement": {},
	"api.periods": {}, "api.voucher": {},
	"api.period_close":  {body: fixed(object{"month": "2026-05"}), prepare: opened},
	"api.period_reopen": {body: fixed(object{"month": "2026-05", "reason": "补记一笔"}), prepare: closed},
	"api.voucher_post": {body: fixed(object{"business_date": "2026-06-18", "summary": "电费",
		"lines": []object{{"debit": "service_cost", "credit": "bank", "amount": "88.00"}}})},

	"api.open_charges": {}, "api.charges": {}, "api.household_statement": {}, "api.arrears": {}, "api.arrears_total": {}, "api.collections": {},

	"api.pay":      {body: func(i ids) any { return object{"counter_id": i["counter"], "channel": "wechat", "amount": "12.50"} }},
	"api.counters": {}, "api.receipts": {}, "api.takings": {}, "api.payment": {}, "api.receipt_pdf": {},
	"api.counter_open":    {body: func(ids) any { return object{"code": nextCounter(), "name": "二号柜台"} }},
	"api.payment_reverse": {body: fixed(object{"reason": "收错了户"}), prepare: func(m *matrix, _ *caller, i ids) { i["payment"] = m.pay(i) }},

	"api.charge": {}, "api.charge_reverse": {body: fixed(object{"reason": "算错了"}), prepare: func(m *matrix, _ *caller, i ids) { i["charge"] = m.unpaid(i) }},

	"api.import_template": {}, "api.import_upload": {upload: true},
	"api.import_check": {own: true, query: "?node_id={estate_node}", prepare: uploaded},
	"api.import_apply": {own: true, body: func(i ids) any { return object{"node_id": i["estate_node"]} }, prepare: uploaded},

	"api.rates": {}, "api.runs": {query: "?estate_id={estate}"}, "api.run": {},
	"api.rate_set": {body: fixed(object{"use": "residential", "valid_from": "2026-06-01", "rate": "0.55", "vat_rate": "0.06",
		"rounding": "FEN_HALF_UP", "basis": "业主大会决定"})},
	"api.run_preview": {query: "?month=2026-07"}, "api.run_lines": {query: "?month=2026-07"},
	"api.run_draft":    {body: fixed(object{"month": "2026-07"})},
	"api.run_exclude":  {body: func(i ids) any { return object{"unit_id": i["unit"], "reason": "在办减免"} }, prepare: drafted},
	"api.run_include":  {body: func(i ids) any { return object{"unit_id": i["unit"]} }, prepare: drafted},
	"api.run_publish":  {prepare: drafted},
	"api.run_discard":  {prepare: drafted},
	"api.run_withdraw": {body: fixed(object{"reason": "单价错了"}), prepare: published},

	"api.users": {}, "api.user_places": {},
	"api.user_create": {body: func(i ids) any {
		return object{"login": "u" + text(keys.Add(1)), "name": "新人", "password": password, "role": "auditor", "node_id": i["company_node"]}
	}},
	"api.user_disable":   {prepare: newUser},
	"api.user_enable":    {prepare: newUser},
	"api.user_password":  {body: fixed(object{"password": "another-long-one"}), prepare: newUser},
	"api.membership_add": {body: func(i ids) any { return object{"role": "committee", "node_id": i["estate_node"]} }, prepare: newUser},
	"api.membership_end": {body: fixed(object{}), prepare: newUser},

	"api.acts": {query: "?node_id={estate_node}"}, "api.act": {}, "api.progresses": {}, "api.progress": {own: true, prepare: ownWork}, "api.tickers": {},
}

func number(s string) int64 {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		panic(err)
	}
	return n
}

func nextRoom() string    { return "9栋1单元" + text(1000+keys.Add(1)) }
func nextCounter() string { return "C" + text(keys.Add(1)) }

// newUser gives the tenant a user with one membership that nobody has touched.
func newUser(m *matrix, _ *caller, i ids) {
	u := m.person(m.f.System, access.Auditor, number(i["company_node"]))
	i["user"], i["membership"] = text(u.UserID), text(u.MembershipID)
}

func newOccupant(m *matrix, _ *caller, i ids) {
	out, err := m.estates.RecordOccupant(context.Background(), m.f.System, newKey(), estate.RecordOccupant{District: m.f.District,
		UnitID: number(i["unit"]), Person: &estate.NewPerson{Name: "短租"}, ValidFrom: civil.On(2026, 3, 1)})
	m.must(err)
	i["occupant"] = text(out.Result.OccupantID)
}

// opened sees to it that May 2026 is open, closed that it is not.
func opened(m *matrix, _ *caller, i ids) {
	_, _ = ledger.Reopen(context.Background(), m.gate, m.f.System, m.f.District, newKey(),
		ledger.CloseRequest{Book: number(i["book"]), Month: civil.MonthOf(2026, 5), Reason: "重来"})
}

func closed(m *matrix, _ *caller, i ids) {
	_, _ = ledger.Close(context.Background(), m.gate, m.f.System, m.f.District, newKey(),
		ledger.CloseRequest{Book: number(i["book"]), Month: civil.MonthOf(2026, 5)})
}

// drafted is a draft of the first month that nothing has been billed of.
func drafted(m *matrix, _ *caller, i ids) {
	for month := civil.MonthOf(2026, 7); ; month = month.Add(1) {
		out, err := billing.CreateDraft(context.Background(), m.gate, m.f.System, m.f.District, newKey(),
			billing.DraftRequest{Estate: number(i["estate"]), Month: month})
		m.must(err)
		if !out.Result.NothingToBill {
			i["run"] = text(out.Result.RunID)
			return
		}
	}
}

// published is a run that nobody has paid anything of.
func published(m *matrix, _ *caller, i ids) {
	i["run"] = m.publish(i, civil.MonthOf(2027, 5))
}

// uploaded is a file of the caller himself.
func uploaded(m *matrix, c *caller, i ids) { i["file"] = m.upload(c.actor, i) }

// unplaced is an estate whose street and community nobody knows.
func unplaced(m *matrix, _ *caller, i ids) {
	made, err := m.estates.CreateEstate(context.Background(), m.f.System, newKey(), estate.CreateEstate{District: m.f.District,
		Facts: estate.Facts{Name: "未定" + newKey()}})
	m.must(err)
	i["estate"] = text(made.Result.EstateID)
}

// untaken is an estate of the tenant's community that no company has.
func untaken(m *matrix, _ *caller, i ids) {
	made, err := m.estates.CreateEstate(context.Background(), m.f.System, newKey(), estate.CreateEstate{District: m.f.District,
		CommunityID: number(i["community"]), Facts: estate.Facts{Name: "待接管" + newKey()}})
	m.must(err)
	i["estate"] = text(made.Result.EstateID)
}

// ownWork is a piece of long work of the caller himself.
func ownWork(m *matrix, c *caller, i ids) {
	i["progress"] = m.scalar("INSERT INTO progress (district_id, user_id, kind, title) SELECT district_id, user_id, 'test', '试' FROM membership WHERE user_id = $1 LIMIT 1 RETURNING progress_id", c.actor.UserID)
}

// backIn opens the caller's session again.
func backIn(m *matrix, c *caller) {
	m.f.DB.Super.MustExec("UPDATE session SET revoked_at = NULL WHERE user_id = $1", c.actor.UserID)
}
