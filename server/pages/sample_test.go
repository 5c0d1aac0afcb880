package pages

import (
	"time"

	"github.com/shopspring/decimal"

	"estateledger/civil"
	"estateledger/ledger/money"
)

// The sample figures are those of the worked estate 安和一村; people are invented.

func y(s string) money.Yuan             { return money.MustYuan(s) }
func d(s string) civil.Date             { return civil.MustDate(s) }
func m(s string) civil.Month            { return civil.MustMonth(s) }
func dec(s string) decimal.Decimal      { return decimal.RequireFromString(s) }
func some(s string) decimal.NullDecimal { return decimal.NewNullDecimal(dec(s)) }
func chosen(value, label string) Option { return Option{value, label} }
func everything(string) bool            { return true }
func nothing(string) bool               { return false }
func link(label, url string) Link       { return Link{label, url} }
func pair(name, value string) Pair      { return Pair{Name: name, Value: value} }
func line(what, detail, amount string) Line {
	return Line{What: what, Detail: detail, Amount: y(amount)}
}

var unknown decimal.NullDecimal

var sampleToday = d("2026-06-20")

func sampleShell() Shell {
	return Shell{
		User: User{Name: "沈晓雯", Role: "收费员", Organisation: "临湖城服物业"},
		CSRF: "csrf-token",
		Scope: Scope{Path: "柳塘街道", Name: "安和一村", Options: []ScopeOption{
			{"临湖区", "/?scope=1", 0, false}, {"柳塘街道", "/?scope=2", 1, false},
			{"安和一村", "/?scope=3", 2, true}, {"东河新村", "/?scope=4", 2, false},
		}},
		Today:   sampleToday,
		Now:     time.Date(2026, 6, 20, 1, 12, 0, 0, time.UTC),
		Estates: 12,
		Allowed: everything,
	}
}

func sampleHits() []HouseholdHit {
	return []HouseholdHit{
		{101, "安和一村", "7幢1单元502室", "7-1-502", "顾秀英", "138****5127", y("359.84")},
		{102, "春晖里", "2幢2单元303室", "2-2-303", "周海林", "139****0912", money.Zero},
		{103, "东河新村", "15幢3单元101室", "15-3-101", "许美娣", "", y("1028.16")},
	}
}

func sampleTiles() []Tile {
	owed := YuanTile("全部欠费", y("1486220.35"), "2,731 户，其中三年以上 96,415.20", "/arrears")
	owed.Tone = Bad
	return []Tile{
		YuanTile("6 月应收", y("197240.23"), "12 个小区，2,469 户没出账", "/bills"),
		YuanTile("6 月实收", y("66056.52"), "当期收缴率 33.5 %", "/receipts"),
		owed,
		YuanTile("今日收款", y("4286.55"), "38 笔：微信 2,914.20，现金 1,372.35", "/receipts"),
	}
}

func sampleProgress() Progress {
	return Progress{ID: 9, Title: "正在出账：7 月，12 个小区", Done: 3214, Total: 4908, State: "running", Started: "09:12 ", Message: "约还要 1 分钟。可以离开，好了在「今天」里告诉你。"}
}

func sampleJobs() []JobRow {
	return []JobRow{
		{ID: 9, Title: "出账 2026-07，12 个小区", Who: "周建国", Started: "2026-06-19 09:12", Took: "2 分 10 秒", Rows: 4908, State: Tag{Good, "做完了"}, Result: link("看结果", "/bills")},
		{ID: 8, Title: "导入 安和一村房屋.xlsx", Who: "管理员", Started: "2026-06-18 14:02", Took: "3 秒", Rows: 486, State: Tag{Bad, "没有做成"}, Message: "第 12 行面积写成 0"},
	}
}

func sampleEstateHead() EstateHead {
	return EstateHead{ID: 3, Name: "安和一村", SubDistrict: "柳塘街道", Facts: []string{
		"1996 年建，无电梯", "14 幢 38 单元 486 户", "38,642.57 ㎡", "柳塘街道安和社区", "2023-09-15 接管",
	}}
}

func sampleChecklist() []ChecklistItem {
	return []ChecklistItem{
		{"units", "房屋清册与面积", "present", "486 户 / 38,642.57 ㎡", d("2023-09-12")},
		{"owners", "业主联系方式", "present", "471 / 486 户", d("2023-09-12")},
		{"drawings", "竣工与管线图纸", "present", "", d("2023-09-10")},
		{"fire", "消防设施移交单", "present", "", d("2023-09-12")},
		{"meters", "公共电表、水表底数", "present", "14 块", d("2023-09-15")},
		{"parking", "停车位清册", "present", "150 个", d("2023-09-15")},
		{"fund", "维修资金首期清册", "missing", "61 / 486 户已补建", d("2023-09-15")},
		{"lift", "电梯资料", "not_applicable", "", d("2023-09-15")},
	}
}

func sampleRooms() RoomGrid {
	var rooms []Room
	id := int64(1000)
	for _, stair := range []string{"1单元", "2单元", "3单元"} {
		for floor := 6; floor >= 1; floor-- {
			for _, side := range []string{"01", "02"} {
				id++
				room := Room{UnitID: id, Stair: stair, Floor: floor, Name: string(rune('0'+floor)) + side, State: RoomClear}
				switch id % 7 {
				case 3:
					room.State, room.Owed = RoomOverdue, y("289.84")
				case 5:
					room.State, room.Owed = RoomDue, y("36.23")
				case 6:
					if floor == 4 {
						room.State = RoomNone
					}
				}
				rooms = append(rooms, room)
			}
		}
	}
	rooms = append(rooms, Room{UnitID: 1, Stair: "1单元", Name: "车库1", State: RoomNone})
	return NewRoomGrid(rooms)
}

func sampleAges() MoneyBar {
	return NewMoneyBar("欠费账龄",
		MoneySegment{Name: "3 个月以内", Amount: y("182310.40"), Colour: "age1"},
		MoneySegment{Name: "3 个月到 1 年", Amount: y("503118.22"), Colour: "age2"},
		MoneySegment{Name: "1 到 2 年", Amount: y("404376.53"), Colour: "age3"},
		MoneySegment{Name: "2 到 3 年", Amount: y("300000.00"), Colour: "age4"},
		MoneySegment{Name: "3 年以上", Amount: y("96415.20"), Colour: "age5"})
}

func sampleReceipts() []Receipt {
	return []Receipt{{
		SeriesID: 1, Number: "AH-01-2026-004817", Issued: sampleToday, Estate: "安和一村", Unit: "7幢1单元502室",
		Payer: "顾秀英", Book: "企业账", Area: some("72.46"),
		Lines:   []ReceiptLine{{"物业费", "2025-11 至 2026-06", "0.50", y("289.84")}},
		Total:   y("289.84"),
		Channel: "现金", Cashier: "沈晓雯", Remark: "物业费已缴清",
	}, {
		SeriesID: 2, Number: "AHG-01-2026-000962", Issued: sampleToday, Estate: "安和一村", Unit: "7幢1单元502室",
		Payer: "顾秀英", Book: "公共收益（代收）", Area: some("72.46"),
		Lines:   []ReceiptLine{{"停车费 B-037", "2026-06 部分", "70.00", y("10.16")}},
		Total:   y("10.16"),
		Channel: "现金", Cashier: "沈晓雯", Remark: "本期还欠 59.84 元",
	}}
}

func sampleCharges() ([]OpenCharge, OpenCharge) {
	var charges []OpenCharge
	for i, month := 0, m("2025-11"); i < 8; i, month = i+1, month.Add(1) {
		charges = append(charges, OpenCharge{
			ID: int64(500 + i), Period: month.String(), Item: "物业费", Book: "企业账", Due: month.Last(),
			Overdue: month.Last().Before(sampleToday), Owed: y("36.23"), Pays: y("36.23"), Left: money.Zero, Ticked: true,
		})
	}
	charges = append(charges, OpenCharge{ID: 508, Period: "2026-06", Item: "停车费 B-037", Book: "公共收益账", Due: d("2026-06-30"), Owed: y("70.00"), Pays: y("10.16"), Left: y("59.84"), Ticked: true})
	return charges, OpenCharge{Owed: y("359.84"), Pays: y("300.00"), Left: y("59.84")}
}

func sampleEntries() []EntryRow {
	return []EntryRow{
		{ID: 71, Posting: d("2026-06-20"), Business: d("2026-06-20"), What: "收 7-1-502 物业费 2025-11 至 2026-06", Document: "AH-01-2026-004817", Debit: "1001 库存现金", DebitID: 11, DebitUnit: "一号柜台", Credit: "1122 应收物业费", CreditID: 12, CreditUnit: "7-1-502", Amount: y("289.84")},
		{ID: 72, Posting: d("2026-06-19"), Business: d("2026-05-28"), What: "6 月账单 7-1-502", Document: "2026-06 出账", Debit: "1122 应收物业费", DebitID: 12, DebitUnit: "7-1-502", Credit: "6001 物业费收入", CreditID: 13, Amount: y("34.18")},
		{ID: 73, Posting: d("2026-06-18"), Business: d("2026-06-18"), What: "冲回 3-2-302 收款", Document: "AH-01-2026-004790", Debit: "1001 库存现金", DebitID: 11, DebitUnit: "一号柜台", Credit: "1122 应收物业费", CreditID: 12, CreditUnit: "3-2-302", Amount: y("-44.09"), Reversal: true},
	}
}

func sampleSteps(current int) []Step {
	return Steps(current, Step{Name: "试算", Detail: "12 / 12"}, Step{Name: "核对", Detail: "7 / 12"}, Step{Name: "发布", Detail: "7 / 12"}, Step{Name: "催缴", Detail: "07-31 后"}, Step{Name: "结账", Detail: "08-05 前"})
}
