package estate

import "estateledger/sheet"

// options offers the Chinese names of codes, in the order given, and further
// words for them.
func options[K ~string](names map[K]string, order []K, more ...sheet.Option) []sheet.Option {
	var list []sheet.Option
	for _, code := range order {
		list = append(list, sheet.Option{Word: names[code], Code: string(code)})
	}
	return append(list, more...)
}

var yesNo = []sheet.Option{
	{Word: "有", Code: "yes"}, {Word: "无", Code: "no"}, {Word: "是", Code: "yes"}, {Word: "否", Code: "no"},
	{Word: "没有", Code: "no"}, {Word: "1", Code: "yes"}, {Word: "0", Code: "no"},
}

var useOptions = options(UseNames, []Use{Residential, Shop, Garage, OtherUse},
	sheet.Option{Word: "住房", Code: "residential"}, sheet.Option{Word: "普通住宅", Code: "residential"},
	sheet.Option{Word: "商业", Code: "shop"}, sheet.Option{Word: "门面", Code: "shop"}, sheet.Option{Word: "店铺", Code: "shop"},
	sheet.Option{Word: "底商", Code: "shop"}, sheet.Option{Word: "商业用房", Code: "shop"},
	sheet.Option{Word: "车位", Code: "garage"}, sheet.Option{Word: "自行车库", Code: "garage"})

var tenureOptions = options(TenureNames, []Tenure{Commodity, SoldPublic, PublicRental, Resettlement, UnknownTenure},
	sheet.Option{Word: "商品住房", Code: "commodity"}, sheet.Option{Word: "房改房", Code: "sold_public"},
	sheet.Option{Word: "公有住房", Code: "sold_public"}, sheet.Option{Word: "已购公房", Code: "sold_public"},
	sheet.Option{Word: "公房", Code: "public_rental"}, sheet.Option{Word: "拆迁安置房", Code: "resettlement"},
	sheet.Option{Word: "回迁房", Code: "resettlement"}, sheet.Option{Word: "未知", Code: "unknown"})

var areaSourceOptions = options(AreaSourceNames, []AreaSource{Registry, Survey, Contract, Stated},
	sheet.Option{Word: "产证", Code: "registry"}, sheet.Option{Word: "房产证", Code: "registry"}, sheet.Option{Word: "登记", Code: "registry"},
	sheet.Option{Word: "测绘", Code: "survey"}, sheet.Option{Word: "购房合同", Code: "contract"}, sheet.Option{Word: "申报", Code: "stated"})

var renovationOptions = options(RenovationNames, []RenovationClass{Basic, Improved, Extended},
	sheet.Option{Word: "基础", Code: "basic"}, sheet.Option{Word: "完善", Code: "improved"}, sheet.Option{Word: "提升", Code: "extended"})

// totals end the rows of lists that were printed with a sum.
var totals = []string{"合计", "总计"}

var importLayouts = map[ImportKind]sheet.Layout{
	ImportEstates: {Title: "小区导入", Sheet: "小区", Columns: estateColumns, Tail: totals},
	ImportUnits:   {Title: "房屋导入", Sheet: "房屋", Columns: unitColumns, Tail: totals},
	ImportOwners:  {Title: "业主导入", Sheet: "业主", Columns: ownerColumns, Tail: totals},
}

var estateColumns = []sheet.Column{
	{Key: "district", Header: "区", Aliases: []string{"district", "区县", "所属区"}, Note: "可以不填；填了必须与导入的区一致"},
	{Key: "street", Header: "街道", Aliases: []string{"street", "街道名称", "所属街道", "镇街", "乡镇街道"}, Example: "示例街道", Note: "不知道就空着，登记为“未定”"},
	{Key: "community", Header: "社区", Aliases: []string{"community", "社区名称", "所属社区", "居委会"}, Example: "示例社区", Note: "不知道就空着，登记为“未定”"},
	{Key: "name", Header: "小区名称", Aliases: []string{"小区", "estate", "项目名称", "名称"}, Required: true, Example: "示例小区"},
	{Key: "address", Header: "地址", Aliases: []string{"address", "小区地址", "坐落"}, Example: "示例路1号"},
	{Key: "built_year", Header: "建成年份", Aliases: []string{"built_year", "建成年代", "建造年份", "竣工年份"}, Kind: sheet.Int, Example: "1996"},
	{Key: "buildings", Header: "楼栋数", Aliases: []string{"buildings", "栋数", "幢数", "楼幢数"}, Kind: sheet.Int, Example: "12"},
	{Key: "stairs", Header: "单元数", Aliases: []string{"units"}, Kind: sheet.Int, Example: "36"},
	{Key: "households", Header: "户数", Aliases: []string{"households", "总户数", "住户数"}, Kind: sheet.Int, Example: "486"},
	{Key: "area", Header: "建筑面积(㎡)", Aliases: []string{"area_m2", "总建筑面积", "面积"}, Kind: sheet.Decimal, Example: "38642.57", Note: "不知道就空着，不要填 0"},
	{Key: "renovation_class", Header: "改造类别", Kind: sheet.Choice, Choices: renovationOptions},
	{Key: "renovation_cost", Header: "改造造价(元/㎡)", Kind: sheet.Decimal},
	{Key: "completion_date", Header: "改造完工日期", Aliases: []string{"竣工日期", "完工日期"}, Kind: sheet.Date},
	{Key: "has_lift", Header: "有无电梯", Aliases: []string{"是否有电梯", "电梯"}, Kind: sheet.Choice, Choices: yesNo, Example: "无"},
	{Key: "source", Header: "来源", Aliases: []string{"source_id", "资料来源"}},
}

// placeColumns name a unit in files of units and owners.
var placeColumns = []sheet.Column{
	{Key: "estate", Header: "小区名称", Aliases: []string{"小区", "项目名称"}, Example: "示例小区", Note: "只导入一个小区时可以不填"},
	{Key: "community", Header: "社区", Aliases: []string{"社区名称", "所属社区"}, Note: "有同名小区时填写"},
	{Key: "building", Header: "楼栋", Aliases: []string{"楼号", "楼幢", "栋", "幢", "幢号", "栋号"}, Example: "1", Note: "也可以都写在房号里，如 1栋1单元101"},
	{Key: "stair", Header: "单元", Aliases: []string{"单元号", "梯"}, Example: "1"},
	{Key: "room", Header: "房号", Aliases: []string{"房间", "房屋", "室号", "房屋编号", "房间号", "门牌号"}, Required: true, Example: "101", Note: "1栋1单元101、1-1-101、1栋101 都认"},
}

var unitColumns = append(append([]sheet.Column{}, placeColumns...),
	sheet.Column{Key: "floor", Header: "楼层", Aliases: []string{"所在层", "层"}, Kind: sheet.Int, Example: "1"},
	sheet.Column{Key: "has_lift", Header: "有无电梯", Aliases: []string{"是否有电梯", "电梯"}, Kind: sheet.Choice, Choices: yesNo, Example: "无"},
	sheet.Column{Key: "use", Header: "用途", Aliases: []string{"房屋类型", "房屋用途"}, Kind: sheet.Choice, Choices: useOptions, Example: "住宅", Note: "不填按住宅"},
	sheet.Column{Key: "tenure", Header: "产权性质", Aliases: []string{"房屋性质"}, Kind: sheet.Choice, Choices: tenureOptions, Example: "商品房", Note: "不填为不详"},
	sheet.Column{Key: "area", Header: "建筑面积(㎡)", Aliases: []string{"面积", "房屋面积"}, Kind: sheet.Decimal, Example: "67.83", Note: "不知道就空着，不要填 0"},
	sheet.Column{Key: "area_source", Header: "面积来源", Kind: sheet.Choice, Choices: areaSourceOptions, Example: "不动产登记", Note: "不填为自报"},
	sheet.Column{Key: "area_from", Header: "面积生效日期", Kind: sheet.Date, Note: "更正已登记的面积时填写"},
)

var ownerColumns = append(append([]sheet.Column{}, placeColumns...),
	sheet.Column{Key: "name", Header: "业主姓名", Aliases: []string{"业主名称", "业主", "姓名", "产权人"}, Required: true, Example: "示例业主", Note: "共有人每人一行"},
	sheet.Column{Key: "kind", Header: "业主类型", Kind: sheet.Choice, Choices: options(PersonKindNames, []PersonKind{Natural, Organisation},
		sheet.Option{Word: "自然人", Code: "natural"}, sheet.Option{Word: "个人业主", Code: "natural"}, sheet.Option{Word: "企业", Code: "organisation"}, sheet.Option{Word: "公司", Code: "organisation"}),
		Example: "个人", Note: "不填按个人"},
	sheet.Column{Key: "phone", Header: "手机号", Aliases: []string{"电话", "联系电话", "手机", "联系方式"}, Example: "13800138000"},
	sheet.Column{Key: "document", Header: "证件号", Aliases: []string{"身份证号", "身份证", "证件号码", "统一社会信用代码"}, Note: "只保存不可还原的校验值；同一证件号才算同一个人"},
	sheet.Column{Key: "share", Header: "产权份额", Aliases: []string{"份额"}, Note: "如 1/2 或 50%；都不填为平均"},
	sheet.Column{Key: "valid_from", Header: "产权起始日", Aliases: []string{"产权登记日期"}, Kind: sheet.Date, Note: "换业主时必填"},
	sheet.Column{Key: "bill_from", Header: "账单起始日", Kind: sheet.Date, Note: "不填同产权起始日"},
	sheet.Column{Key: "basis", Header: "产权依据", Aliases: []string{"不动产权证号", "产权证号"}},
)
