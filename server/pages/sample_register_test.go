package pages

import (
	"estateledger/civil"
	"estateledger/ledger/money"
)

func sampleEstates() EstatesView {
	return EstatesView{
		SubDistricts: []Option{chosen("", "全部"), chosen("2", "柳塘街道"), chosen("5", "北塔街道")},
		Estates: []EstateRow{
			{3, "安和一村", "柳塘街道", "安和社区", "临湖城服物业", 1996, d("2023-09-15"), 486, some("38642.57"), some("0.214"), y("412890.11"), Tag{Good, "已接管"}},
			{4, "东河新村", "柳塘街道", "东河社区", "临湖城服物业", 1992, d("2024-03-01"), 628, some("46737.16"), some("0.337"), y("318402.77"), Tag{Good, "已接管"}},
			{9, "西桥里", "柳塘街道", "未定", "", 0, civil.Date{}, 188, unknown, unknown, money.Zero, Tag{Warn, "资料不全"}},
		},
		Sum:       EstateRow{Units: 1302, Area: some("85379.73"), Rate: some("0.281"), Arrears: y("731292.88")},
		Pager:     Pager{Total: 12, Shown: 3, Next: "/estates?after=9"},
		ExportURL: "/estates.xlsx",
	}
}

func sampleEstate() EstateView {
	return EstateView{
		EstateHead: sampleEstateHead(), AsOf: sampleToday,
		Tiles: []Tile{
			YuanTile("6 月应收", y("19321.29"), "486 户，没出账 0 户", "/bills"),
			PercentTile("6 月收缴率", some("0.214"), "实收 4,134.76", "/estates/3/fees"),
			YuanTile("全部欠费", y("412890.11"), "312 户", "/arrears"),
			YuanTile("预存", y("3120.45"), "18 户", ""),
		},
		Facts:    []Pair{pair("建成", "1996 年，无电梯"), pair("改造", "完善类，600 元/㎡"), pair("竣工", "2023-08-20"), {Name: "进驻日", Value: "2023-09-15"}, pair("户数", "486 户（清册 486）"), pair("面积", "38,642.57 ㎡"), {Name: "缺面积", Value: "2 户", Tone: Bad, URL: "/estates/3/units?gap=area"}, pair("业主未登记", "15 户")},
		Contract: ContractView{Company: "临湖城服物业", Window: NewWindowBar("服务合同", civil.Period{From: d("2023-09-15"), To: d("2026-09-14")}, sampleToday, "36 个月；到期前 60 天要谈续签。"), FeeStart: d("2023-09-15"), Rule: "进驻当天起，首月按天算", DueDay: "当月最后一天", Paper: "合同 LH-2023-031"},
		Rates: []RateRow{
			{"物业费", "住宅", dec("0.65"), dec("0.06"), "四舍五入到分", d("2026-10-01"), civil.Date{}, "业主大会决定 2026-07-05", Tag{Info, "将生效"}},
			{"物业费", "住宅", dec("0.5"), dec("0.06"), "四舍五入到分", d("2023-09-15"), d("2026-09-30"), "前期物业服务合同第 8 条", Tag{Good, "现行"}},
		},
		Checklist: sampleChecklist(),
		Takeovers: []TakeoverRow{{"临湖城服物业", d("2023-09-15"), d("2023-09-15"), "周建国", "2023-09-15 10:22", 77}},
		Check:     ChecklistForm{Status: "present", On: sampleToday.String()},
	}
}

func sampleRateDrawer() EstateView {
	v := sampleEstate()
	v.Drawer = "rate"
	v.Rate = RateForm{Use: "residential", Rate: "6.50", VAT: "6", Rounding: "FEN_HALF_UP", From: "2026-05-01", Basis: "业主大会决定 2026-07-05"}
	v.Problems = Problems{{"rate", "单价要在 0.30 到 0.65 之间，是不是 0.65？"}, {"valid_from", "5 月已结账，最早 2026-06-01"}}
	return v
}

func sampleUnits() EstateUnitsView {
	return EstateUnitsView{
		EstateHead: sampleEstateHead(), Building: "3", Buildings: []Option{chosen("", "全部"), chosen("3", "3幢"), chosen("7", "7幢")}, Grid: sampleRooms(),
		Units: []UnitRow{
			{101, "7-1-502", "住宅", "商品房", some("72.46"), "产权登记", "顾秀英", "138****5127", y("359.84"), RoomOverdue},
			{102, "7-1-601", "住宅", "房改房", some("67.83"), "测绘", "周海林", "", money.Zero, RoomClear},
			{103, "7-1-602", "住宅", "商品房", unknown, "", "", "", money.Zero, RoomNone},
		},
		Pager:     Pager{Total: 486, Shown: 3, Prev: "/estates/3/units?before=101", Next: "/estates/3/units?after=103"},
		ExportURL: "/estates/3/units.xlsx",
	}
}

func sampleFees() EstateFeesView {
	return EstateFeesView{
		EstateHead: sampleEstateHead(), Year: 2026, Years: []Link{link("2025 年", "?year=2025"), link("2024 年", "?year=2024")},
		Tiles: []Tile{YuanTile("今年应收", y("115927.74"), "1 到 6 月", ""), PercentTile("今年收缴率", some("0.365"), "实收 42,338.87", ""), YuanTile("追回旧欠", y("11320.00"), "不算进收缴率", "")},
		Ages:  sampleAges(),
		Months: []FeeMonth{
			{m("2026-06"), 30, 486, 0, y("19321.29"), y("4134.76"), y("15186.53"), y("1210.00"), some("0.214"), Tag{Info, "收缴中"}},
			{m("2026-05"), 29, 486, 0, y("19321.29"), y("6800.00"), y("12521.29"), y("3000.00"), some("0.3519"), Tag{Good, "已结账"}},
			{m("2026-07"), 0, 0, 0, money.Zero, money.Zero, money.Zero, money.Zero, unknown, Tag{Open, "没出账"}},
		},
		Sum: FeeMonth{Charged: y("38642.58"), Received: y("10934.76"), Open: y("27707.82"), Rate: some("0.283"), Recovered: y("4210.00")},
	}
}

func sampleActs() EstateActsView {
	return EstateActsView{EstateHead: sampleEstateHead(), Acts: []ActRow{
		{91, "2026-06-19 09:12", "沈晓雯", "发布 2026-06 账单", "486 户，19,321.29 元", "/bills/30"},
		{77, "2023-09-15 10:22", "周建国", "登记接管", "进驻日 2023-09-15，缺 2 项资料", ""},
	}, Pager: Pager{Total: 128, Shown: 2, Next: "?after=77"}}
}

func sampleTakeover() TakeoverView {
	return TakeoverView{
		EstateHead: sampleEstateHead(), Companies: []Option{chosen("1", "临湖城服物业"), chosen("2", "惠安物业")}, Items: sampleChecklist(),
		Form: TakeoverForm{Company: "1", Entry: "2023-09-15", CutOver: "2023-06-31", From: "2023-09-15", Months: "36", StartRule: "DAILY", DueDay: "0", Rate: "0.50",
			Statuses: []string{"present", "present"}, Notes: []string{"486 户"}},
		Problems: Problems{{"cut_over_date", "建账日不对：6 月只有 30 天"}},
	}
}

func sampleImport() ImportView {
	return ImportView{
		Kinds:   []ImportKind{{"estates", "小区清册", "街道、社区、小区，建成年份、户数、面积"}, {"units", "房屋清册", "栋、单元、室，面积和来源，用途、产权"}, {"owners", "业主清册", "房号、姓名、电话、份额、从哪天起"}},
		Form:    ImportForm{Kind: "units"},
		Estates: []Option{chosen("", "按文件里的小区名"), chosen("3", "安和一村")}, Recent: sampleJobs(),
	}
}

func sampleImportCheck() ImportCheckView {
	return ImportCheckView{
		FileID: 5, File: "安和一村房屋.xlsx", Kind: "房屋清册", Rows: 489, Created: 480, Changed: 4, Same: 2, Refused: 3,
		Cells: []BadCell{{12, "建筑面积", "0", "面积要大于 0，不知道就空着"}, {44, "房号", "7-1-502", "和第 31 行是同一户"}, {80, "从哪天起", "2023-06-31", "6 月只有 30 天"}},
		Marks: []string{"没有“单元”一列的 6 户记成“未定”单元，以后可以补。"},
		Changes: []ImportChange{
			{2, "7-1-502 面积", "72.00", "72.46（产权登记）"}, {3, "7-1-503", "", "住宅，67.83 ㎡"},
		},
		MoreCells: 2,
	}
}

func sampleImportReady() ImportCheckView {
	v := sampleImportCheck()
	v.Refused, v.Cells, v.MoreCells = 0, nil, 0
	return v
}

func sampleImportDone() ImportDoneView {
	return ImportDoneView{File: "安和一村房屋.xlsx", Kind: "房屋清册", Created: 480, Changed: 4, Same: 2, ActID: 92, Next: []Link{link("看房屋", "/estates/3/units"), link("导入业主", "/imports")}}
}
