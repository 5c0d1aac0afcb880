package pages

import (
	"estateledger/civil"
	"estateledger/ledger/money"
)

func sampleToday1() TodayView {
	rows := []TodayEstate{
		{3, "安和一村", "柳塘街道", 486, Tag{Info, "待核对"}, y("19321.29"), y("4134.76"), some("0.214"), y("412890.11")},
		{4, "东河新村", "柳塘街道", 628, Tag{Good, "已发布"}, y("23368.58"), y("7875.21"), some("0.337"), y("318402.77")},
		{5, "纺工二村", "柳塘街道", 512, Tag{Good, "已发布"}, y("21357.53"), y("5958.75"), some("0.279"), y("295110.02")},
		{6, "桃园新村", "北塔街道", 301, Tag{Open, "没出账"}, y("9674.52"), y("948.10"), some("0.098"), y("201338.90")},
		{7, "府前花园", "北塔街道", 220, Tag{Good, "已发布"}, y("18275.99"), y("10216.28"), some("0.559"), y("58478.55")},
	}
	return TodayView{
		Today: sampleToday, Month: m("2026-07"), Steps: sampleSteps(1),
		NextWhat: "等核对：安和一村、南园新村、石桥小区、和平里、建工新村。", NextWhy: "发布前业主看不到；已发布的 7 个小区不受影响。",
		NextDo: link("核对 安和一村", "/bills/31"),
		Past:   "6 月账单 197,240.23 元已于 05-25 全部发布，缴款期限 06-30；5 月已结账，06-03 周建国。",
		Recent: sampleHits(), Tiles: sampleTiles(),
		Work: []WorkRow{
			{Bad, "石桥小区 12 户缺面积。", "缺面积不能出账，上月少收 439.06 元", "沈晓雯", d("2026-06-17"), link("补面积", "/estates/8/units")},
			{Warn, "安和一村缺 2 项接管资料。", "维修资金首期清册、房改售房单位", "周建国", d("2026-06-16"), link("补资料", "/estates/3")},
			{Info, "5 月还没有结账。", "安和一村企业账", "钱芳", civil.Date{}, link("去结账", "/periods")},
		},
		Running: []Progress{sampleProgress()},
		Estates: rows, Total: TodayEstate{Units: 2147, Billed: y("91997.91"), Received: y("29133.10"), Rate: some("0.317"), Arrears: y("1286220.35")},
	}
}

func sampleStreet() StreetView {
	return StreetView{
		Name: "柳塘街道", Today: sampleToday, Month: m("2026-06"), TakenOver: 3, Total: 5, Units: 1626, Area: some("128640.12"),
		Tiles: []Tile{
			CountTile("户数", 1626, "户", "已接管 3 个小区", ""),
			PercentTile("6 月收缴率", some("0.281"), "应收 64,047.40，实收 17,968.72", ""),
			YuanTile("全部欠费", y("1026402.90"), "1,020 户，不显示姓名", "/arrears"),
		},
		Estates: []StreetEstate{
			{3, "安和一村", "安和社区", "临湖城服物业", d("2023-09-15"), 486, some("38642.57"), some("0.214"), y("412890.11"), Tag{Good, "已接管"}},
			{4, "东河新村", "东河社区", "临湖城服物业", d("2024-03-01"), 628, some("46737.16"), some("0.337"), y("318402.77"), Tag{Good, "已接管"}},
			{5, "纺工二村", "纺工社区", "临湖城服物业", d("2024-07-01"), 512, some("42715.06"), some("0.279"), y("295110.02"), Tag{Warn, "资料不全"}},
			{9, "西桥里", "未定", "", civil.Date{}, 188, unknown, unknown, money.Zero, Tag{Open, "待接管"}},
			{10, "老粮站宿舍", "未定", "", civil.Date{}, 0, unknown, unknown, money.Zero, Tag{Open, "待接管"}},
		},
		Sum:   StreetEstate{Units: 1814, Area: some("128094.79"), Rate: some("0.281"), Arrears: y("1026402.90")},
		Pager: Pager{Total: 5, Shown: 5},
	}
}

func sampleCommittee() CommitteeView {
	return CommitteeView{
		Estate: "安和一村", EstateID: 3, Today: sampleToday, Month: m("2026-06"),
		Billed: y("19321.29"), Received: y("4134.76"), Rate: some("0.214"), Units: 486, Owing: 312, Arrears: y("412890.11"),
		Ages:   []AgeBucket{{"逾期 3 个月以内", y("41210.30"), Plain}, {"3 个月到 1 年", y("133880.41"), Warn}, {"1 到 3 年", y("201338.90"), Warn}, {"3 年以上", y("36460.50"), Bad}},
		Recent: []FeeMonth{{Month: m("2026-05"), Charged: y("19321.29"), Received: y("6800.00"), Rate: some("0.3519")}, {Month: m("2026-04"), Charged: y("19321.29"), Received: y("7010.22"), Rate: some("0.363")}},
		Income: []Line{
			line("物业费应收", "1 到 5 月", "96606.45"), line("物业费实收", "其中追回旧欠 11,320.00", "38204.11"),
			{What: "服务支出", Detail: "人工、保洁、绿化、设施", Amount: y("-202873.50")},
			{What: "今年结余", Amount: y("-106267.05"), Sum: true},
		},
		Closed: m("2026-05"),
		Facts:  []Pair{pair("户数", "486 户"), pair("面积", "38,642.57 ㎡"), pair("物业公司", "临湖城服物业"), pair("进驻日", "2023-09-15"), pair("物业费单价", "0.50 元/㎡·月")},
	}
}

func sampleAuditor() AuditorView {
	return AuditorView{
		Today: sampleToday,
		Estates: []AuditorEstate{
			{3, "安和一村", 486, 312, y("115927.74"), y("42338.87"), some("0.365"), y("412890.11")},
			{4, "东河新村", 628, 330, y("140211.48"), y("71507.85"), some("0.51"), y("318402.77")},
		},
		Sum: AuditorEstate{Units: 1114, Owing: 642, Billed: y("256139.22"), Received: y("113846.72"), Rate: some("0.444"), Arrears: y("731292.88")},
		Books: []AuditorBook{
			{21, "安和一村企业账", "临湖城服物业", m("2026-05"), 18422, money.Zero},
			{22, "东河新村企业账", "临湖城服物业", civil.Month{}, 20110, y("0.01")},
		},
	}
}

func sampleAdmin() AdminView {
	return AdminView{
		Today:   sampleToday,
		Tiles:   []Tile{CountTile("用户", 14, "人", "停用 2 人", "/users"), CountTile("今天登录", 9, "人", "失败 3 次", ""), CountTile("小区", 12, "个", "3 个资料不全", "/estates"), CountTile("没做成的任务", 1, "个", "导入 1", "/jobs")},
		Running: []Progress{sampleProgress()},
		Work:    []WorkRow{{Warn, "2 个小区缺社区。", "导入时记成“未定”", "管理员", d("2026-06-18"), link("去补", "/estates")}},
		Jobs:    sampleJobs(),
	}
}
