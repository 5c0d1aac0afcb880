package pages

import (
	"estateledger/civil"
	"estateledger/ledger/money"
)

func sampleRuns() RunsView {
	return RunsView{
		Estates: []Option{chosen("", "全部"), chosen("3", "安和一村")}, Months: append([]Option{{"", "全部"}}, MonthOptions(m("2026-05"), m("2026-07"))...),
		Places: []Option{chosen("3", "安和一村")}, Billable: MonthOptions(m("2026-05"), m("2026-07")), New: RunChoice{"3", "2026-07"},
		Runs: []RunRow{
			{31, 3, "安和一村", m("2026-07"), 474, 12, y("31026.95"), d("2026-07-31"), Tag{Info, "草稿，待核对"}, "06-19 沈晓雯", link("核对", "/bills/31")},
			{30, 3, "安和一村", m("2026-06"), 486, 0, y("31273.65"), d("2026-06-30"), Tag{Good, "已发布"}, "05-25 周建国", link("看账单", "/bills/30")},
		},
		Pager: Pager{Total: 2, Shown: 2},
	}
}

func sampleRun(state string) RunView {
	v := RunView{
		RunID: 31, EstateID: 3, Estate: "安和一村", Month: m("2026-07"), State: state, Units: 486, Billed: 474, Total: y("31026.95"),
		Last: m("2026-06"), LastTotal: y("31273.65"), Due: d("2026-07-31"),
		Skipped: []SkipGroup{
			{"面积待核", []SkippedUnit{{201, "2-1-101", "面积待核：登记 52.36，测绘 53.10", some("52.36"), y("26.18"), link("核面积", "/units/201?drawer=area")}, {203, "9-3-602", "面积待核：产权证没有扫描件", some("67.83"), y("33.92"), link("核面积", "/units/203?drawer=area")}}, 2, some("260.67"), y("130.34")},
			{"产权过户中", []SkippedUnit{{204, "5-2-303", "账单从哪天起归买方未定", some("67.83"), y("33.92"), link("定日期", "/units/204?drawer=owner")}}, 2, some("208.12"), y("104.07")},
			{"已有本期账单", []SkippedUnit{{205, "1-1-102", "已有 2026-07 物业费账单（05-08 导入）", some("52.36"), y("26.18"), link("看账单", "/units/205")}}, 2, some("192.84"), y("96.42")},
			{"单价未定", []SkippedUnit{{206, "6幢底商-1", "商铺单价没有生效日在 07-01 前的版本", some("120.05"), y("60.03"), link("补单价", "/estates/3?drawer=rate")}, {207, "6幢底商-2", "商铺单价没有生效日在 07-01 前的版本", some("96.40"), y("48.20"), link("补单价", "/estates/3?drawer=rate")}}, 0, some("216.45"), y("108.23")},
		},
		SkipArea: some("878.08"), SkipLast: y("439.06"),
		Bridge: []Line{
			line("6 月已发布", "486 户", "31273.65"),
			{What: "跳过 12 户", Detail: "原因逐户列在表里", Amount: y("-439.06"), Signed: true},
			{What: "新单价生效", Detail: "没有", Amount: money.Zero, Signed: true},
			{What: "面积更正 3 户", Detail: "3-1-401、10-2-302、9-1-101", Amount: y("192.36"), Signed: true},
			{What: "7 月试算", Detail: "474 户", Amount: y("31026.95"), Sum: true},
		},
		Items:   []RunItem{{"物业费 住宅", "企业账", 474, y("18858.83")}, {"物业费 商铺", "企业账", 151, y("12168.12")}},
		ItemSum: RunItem{Count: 625, Amount: y("31026.95")},
		Checks:  []Check{{Good, "同一户同一项同一账期只有一张", "0 张重复", ""}, {Good, "逐户相加等于合计", "差 0.00", ""}, {Bad, "2 户商铺没有单价", "补单价", "/estates/3?drawer=rate"}},
		Who:     "草稿：2026-06-19 09:12 沈晓雯",
	}
	switch state {
	case "preview":
		v.Steps = Steps(0, Step{Name: "试算", Detail: "现在"}, Step{Name: "核对"}, Step{Name: "发布", Detail: "业主才看得到"}, Step{Name: "催缴", Detail: "07-31 以后"}, Step{Name: "结账", Detail: "08-05 以前"})
	case "draft":
		v.Steps = Steps(1, Step{Name: "试算", Detail: "06-19 09:12"}, Step{Name: "核对", Detail: "现在"}, Step{Name: "发布", Detail: "业主才看得到"}, Step{Name: "催缴", Detail: "07-31 以后"}, Step{Name: "结账", Detail: "08-05 以前"})
	default:
		v.Steps, v.Skipped = Steps(3, Step{Name: "试算"}, Step{Name: "核对"}, Step{Name: "发布", Detail: "06-20"}, Step{Name: "催缴", Detail: "07-31 以后"}, Step{Name: "结账", Detail: "08-05 以前"}), nil
	}
	return v
}

func sampleCounter() CounterView {
	charges, sum := sampleCharges()
	return CounterView{
		Query: "7-1-502", Unit: &CounterUnit{101, "安和一村", "7幢1单元502室", "7-1-502", "顾秀英", "138****5127", some("72.46"), money.Zero},
		Charges: charges, Sum: sum, Form: PayForm{Unit: 101, Amount: "300.00", Mode: "oldest", Channel: "cash", Shown: "h"},
		Counters: []Option{chosen("1", "一号柜台")},
		Quick:    []QuickAmount{{"全部", y("359.84")}, {"只缴逾期", y("253.61")}, {"一年", y("434.76")}},
		Settled:  "2026-06", Left: y("59.84"), Previews: sampleReceipts(),
		Facts: []Pair{pair("预存", "0.00 元"), {Name: "上次缴费", Value: "217.38 元", Detail: "2025-11-08 微信"}, pair("减免", "没有")},
	}
}

func sampleCounterHits() CounterView {
	return CounterView{Query: "502", Hits: sampleHits()}
}

func samplePayment() PaymentView {
	receipts := sampleReceipts()
	return PaymentView{
		ID: 55, UnitID: 101, Estate: "安和一村", Unit: "7幢1单元502室", Amount: y("300.00"), Channel: "现金", Business: sampleToday, Cashier: "沈晓雯",
		Receipts: receipts, Settled: []SettledRow{{"2025-11 至 2026-06", "物业费", y("289.84"), money.Zero}, {"2026-06", "停车费 B-037", y("10.16"), y("59.84")}}, ActID: 95, JustPaid: true,
	}
}

func samplePaymentReversed() PaymentView {
	v := samplePayment()
	v.Receipts = v.Receipts[:1]
	v.Receipts[0].Voided = "2026-06-20 沈晓雯，金额收错"
	v.Reversed = &ReversalFact{"沈晓雯", "2026-06-20 10:42", "金额收错，应为 217.38", 96}
	return v
}

func sampleReceiptList() ReceiptsView {
	return ReceiptsView{
		Filter: ReceiptsFilter{From: "2026-06-20", To: "2026-06-20"}, Counters: []Option{chosen("", "全部"), chosen("1", "一号柜台")},
		Receipts: []ReceiptRow{
			{55, "AH-01-2026-004817", sampleToday, "安和一村", "7-1-502", "顾秀英", "2025-11 至 2026-06 物业费", "现金", "沈晓雯", y("289.84"), false},
			{54, "AH-01-2026-004816", sampleToday, "安和一村", "3-2-302", "许美娣", "2026-06 物业费", "微信", "沈晓雯", y("33.92"), true},
		},
		Count: 37, Sum: y("4286.55"), Voided: y("33.92"), ByChannel: []Pair{pair("现金", "1,372.35"), pair("微信", "2,914.20")}, Pager: Pager{Total: 38, Shown: 2, Next: "?after=54"}, ExportURL: "/receipts.xlsx",
	}
}

func sampleUnit() UnitView {
	charges, _ := sampleCharges()
	return UnitView{
		ID: 101, EstateID: 3, Estate: "安和一村", Name: "7幢1单元502室", Code: "7-1-502",
		Facts:     []Pair{pair("用途", "住宅"), pair("产权", "商品房"), pair("楼层", "5 层，无电梯"), pair("单价", "0.50 元/㎡·月")},
		Areas:     []AreaRow{{d("2026-03-01"), some("72.46"), "产权登记", "原登记抄错", true}, {d("2023-09-15"), some("72.00"), "合同", "", false}},
		Titles:    []TitleRow{{d("2019-05-08"), civil.Date{}, d("2019-06-01"), "顾秀英 1/2、陆建明 1/2", "138****5127", "不动产登记", true}, {d("1996-01-01"), d("2019-05-07"), d("2023-09-15"), "沈国平", "", "", false}},
		Occupants: []OccupantRow{{"王师傅", "137****0001", d("2025-01-01"), civil.Date{}}},
		Owed:      y("359.84"), Overdue: y("253.61"), Prepaid: money.Zero, Open: charges,
		Events: []UnitEvent{
			{d("2026-05-25"), Info, "2026-06 物业费账单", "缴款期限 2026-06-30", y("36.23"), true, "/bills/30"},
			{d("2025-11-08"), Good, "缴费，微信", "AH-01-2025-003310，2025-05 至 10", y("-217.38"), true, "/payments/41"},
			{d("2025-11-07"), Bad, "冲回收款", "金额收错", y("271.38"), true, "/payments/40"},
			{d("2025-03-01"), Plain, "更正面积 72.00 → 72.46", "产权登记", money.Zero, false, ""},
		},
		Pager: Pager{Total: 62, Shown: 4, Next: "?after=1"},
	}
}

func sampleStatement() StatementView {
	return StatementView{
		UnitID: 101, Estate: "安和一村", Unit: "7幢1单元502室", Owner: "顾秀英", Company: "临湖城服物业有限公司", From: d("2026-01-01"), To: sampleToday,
		Opening: y("72.46"), Closing: y("359.84"), Charged: y("287.38"), Paid: money.Zero, Prepaid: money.Zero,
		Lines: []StatementLine{
			{d("2026-01-25"), "2026-01 物业费", "", y("36.23"), money.Zero, y("108.69")},
			{d("2026-02-10"), "缴费，现金", "AH-01-2026-000120", money.Zero, y("36.23"), y("72.46")},
		},
	}
}

func sampleArrears() ArrearsView {
	row := func(id int64, code, owner, periods string, months int, owed string, age Tag) ArrearsRow {
		return ArrearsRow{UnitID: id, Code: code, Estate: "安和一村", Owner: owner, Phone: "138****5127", Periods: periods, Months: months, Owed: y(owed), Age: age}
	}
	return ArrearsView{
		AsOf: sampleToday, Estates: []Option{chosen("", "全部"), chosen("3", "安和一村")}, Buildings: []Option{chosen("", "全部"), chosen("1", "1幢")}, AgeRanges: []Option{chosen("", "全部"), chosen("3", "3 个月以内")}, Ages: sampleAges(),
		Tiles: []Tile{CountTile("欠费户", 2731, "户", "全部 4,908 户", ""), YuanTile("全部欠费", y("1486220.35"), "", ""), YuanTile("三年以上", y("96415.20"), "可能过诉讼时效，逐户催缴才能续", "")},
		Groups: []ArrearsGroup{
			{"1幢", []ArrearsRow{row(1, "1-1-102", "吴桂珍", "2026-01 至 06", 6, "157.08", Tag{Warn, "3 个月到 1 年"}), row(2, "1-2-301", "周海林", "2025-07 至 2026-06", 12, "407.04", Tag{Warn, "3 个月到 1 年"}), row(3, "1-3-502", "陆品芳", "2026-05 至 06", 2, "72.46", Tag{Open, "3 个月以内"})}, ArrearsRow{Code: "1幢", Units: 3, Months: 20, Owed: y("636.58")}},
			{"2幢", []ArrearsRow{row(4, "2-1-401", "沈国平", "2022-10 至 2026-06", 45, "712.32", Tag{Bad, "3 年以上"})}, ArrearsRow{Code: "2幢", Units: 1, Months: 45, Owed: y("712.32")}},
		},
		Sum: ArrearsRow{Units: 4, Months: 65, Owed: y("1348.90")}, Pager: Pager{Total: 2731, Shown: 4, Next: "?after=4"}, ExportURL: "/arrears.xlsx", WithNames: true,
	}
}

func sampleJournal() JournalView {
	return JournalView{
		Filter: JournalFilter{Book: "21", Month: "2026-06"}, Books: []Option{chosen("21", "安和一村企业账（临湖城服物业）")}, Months: MonthOptions(m("2026-01"), m("2026-06")), Accounts: []Option{chosen("", "全部"), chosen("11", "1001 库存现金")},
		Entries: sampleEntries(), Debit: y("279.93"), Credit: y("279.93"), Pager: Pager{Total: 18422, Shown: 3, Next: "?after=73"}, ExportURL: "/journal.xlsx",
	}
}

func sampleEntry() EntryView {
	entries := sampleEntries()
	return EntryView{
		Entry: entries[0], Book: "安和一村企业账", Owner: "临湖城服物业", Facts: []Pair{pair("记账日", "2026-06-20"), pair("业务日", "2026-06-20"), pair("记录时间", "2026-06-20 10:31"), pair("经手", "沈晓雯")},
		DocumentURL: "/payments/55", DocumentIs: "收据", ActID: 95, Siblings: entries[1:2],
	}
}

func sampleAct() ActView {
	return ActView{
		ID: 95, What: "更正 7-1-502 面积", Facts: []Pair{pair("谁", "沈晓雯"), pair("时间", "2026-06-20 10:31"), pair("在哪里", "安和一村")},
		Changes: []ActChange{{"面积", "72.00 ㎡（合同）", "72.46 ㎡（产权登记）"}, {"从哪天起", "", "2026-03-01"}}, Entries: sampleEntries()[:1], Link: &Link{"看这一户", "/units/101"},
	}
}

func sampleTrialBalance() TrialBalanceView {
	sum := TrialRow{OpeningDebit: y("398210.55"), OpeningCredit: y("398210.55"), Debit: y("42110.02"), Credit: y("42110.02"), ClosingDebit: y("417890.11"), ClosingCredit: y("417890.11")}
	return TrialBalanceView{
		Filter: TrialBalanceFilter{"21", "2026-06-01", "2026-06-20"}, Books: []Option{chosen("21", "安和一村企业账（临湖城服物业）")}, Book: "安和一村企业账", Owner: "临湖城服物业", From: d("2026-06-01"), To: sampleToday,
		Accounts: []TrialRow{
			{Name: "资产", OpeningDebit: y("398210.55"), Debit: y("23607.85"), Credit: y("3928.29"), ClosingDebit: y("417890.11"), IsGroup: true},
			{AccountID: 11, Code: "1001", Name: "库存现金", OpeningDebit: y("820.00"), Debit: y("4286.55"), ClosingDebit: y("5106.55")},
			{AccountID: 12, Code: "1122", Name: "应收物业费", OpeningDebit: y("397390.55"), Debit: y("19321.30"), Credit: y("3928.29"), ClosingDebit: y("412783.56")},
			{Name: "收入", OpeningCredit: y("398210.55"), Credit: y("38181.73"), ClosingCredit: y("417890.11"), IsGroup: true},
			{AccountID: 13, Code: "6001", Name: "物业费收入", OpeningCredit: y("398210.55"), Credit: y("38181.73"), ClosingCredit: y("417890.11")},
		},
		Sum: sum, Sealed: "结账到 2026-05", ExportURL: "/trial-balance.xlsx",
	}
}

func sampleTrialBalanceOff() TrialBalanceView {
	v := sampleTrialBalance()
	v.Sum.ClosingDebit = y("417890.12")
	return v
}

func sampleAccount() AccountView {
	return AccountView{
		AccountID: 12, Code: "1122", Name: "应收物业费", Book: "安和一村企业账", Owner: "临湖城服物业", BookID: 21, Filter: AccountFilter{"2026-06-01", "2026-06-20", ""}, From: d("2026-06-01"), To: sampleToday,
		Opening: y("397390.55"), Closing: y("412783.56"), Debit: y("19321.30"), Credit: y("3928.29"), Side: "借",
		Lines: []AccountLine{
			{72, d("2026-06-01"), "6 月账单", "2026-06 出账", "6001 物业费收入", "7-1-502", y("34.18"), money.Zero, y("397424.73"), false},
			{73, d("2026-06-18"), "冲回收款", "AH-01-2026-004790", "1001 库存现金", "3-2-302", money.Zero, y("-44.09"), y("397468.82"), true},
		},
		Pager: Pager{Total: 812, Shown: 2, Next: "?after=73"},
	}
}

func samplePeriods() PeriodsView {
	return PeriodsView{
		Filter: PeriodsFilter{"21"}, Books: []Option{chosen("21", "安和一村企业账（临湖城服物业）")}, Book: "安和一村企业账", BookID: 21,
		Next: &PeriodNext{Month: m("2026-06"), Checks: []Check{{Good, "试算平衡", "差 0.00", ""}, {Good, "6 月账单已发布", "486 户", ""}, {Warn, "今天还在 6 月", "07-01 以后再结", ""}}, Blocked: "6 月还没有过完，07-01 起才能结"},
		Months: []PeriodRow{
			{Month: m("2026-06"), Entries: 1210, Total: y("42110.02")},
			{Month: m("2026-05"), Closed: true, Entries: 1188, Total: y("40218.77"), Who: "钱芳", At: "2026-06-03 16:20", Last: true},
			{Month: m("2026-04"), Closed: true, Entries: 1190, Total: y("39977.01"), Who: "钱芳", At: "2026-05-04 15:02", Reason: "补记 4 月保洁费，05-03 重开"},
		},
		Reopen: &PeriodRow{Month: m("2026-05")},
	}
}

func sampleVoucher() VoucherView {
	return VoucherView{
		Books: []Option{chosen("21", "安和一村企业账（临湖城服物业）")}, Expenses: []Option{chosen("31", "6401 人工"), chosen("32", "6402 保洁")}, Banks: []Option{chosen("41", "工商银行 8812")}, Closed: m("2026-05"),
		Form: VoucherForm{Book: "21", Account: "32", Amount: "1200.505", Business: "2026-06-18", What: "6 月保洁费"}, Problems: Problems{{"amount", "金额最多两位小数"}}, Recent: sampleEntries(),
	}
}

func sampleUsers(drawer string) UsersView {
	return UsersView{
		Users: []UserRow{
			{1, "shenxw", "沈晓雯", "138****0001", []UserRole{{11, "收费员", "临湖城服物业", d("2024-01-01"), civil.Date{}}, {12, "会计", "东河新村", d("2025-01-01"), d("2026-12-31")}}, false, "2026-06-20 08:30"},
			{2, "zhoujg", "周建国", "", nil, true, "—"},
		},
		Pager: Pager{Total: 2, Shown: 2}, Roles: []Option{chosen("cashier", "收费员"), chosen("accountant", "会计")}, Places: []Option{chosen("3", "安和一村")},
		Drawer: drawer, For: UserRow{ID: 1, Name: "沈晓雯"}, Form: UserForm{From: "2026-06-20"},
	}
}
