package estate_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"estateledger/access"
	"estateledger/civil"
	"estateledger/estate"
	"estateledger/estate/estatetest"
	"estateledger/fault"
	"estateledger/sheet"
)

// file uploads lines as a CSV of a kind and answers the request to import it.
func file(t *testing.T, f *estatetest.Fixture, actor access.Actor, kind estate.ImportKind, lines ...string) estate.ImportRequest {
	t.Helper()
	return upload(t, f, actor, f.District, kind, []byte(strings.Join(lines, "\n")+"\n"))
}

func upload(t *testing.T, f *estatetest.Fixture, actor access.Actor, district int64, kind estate.ImportKind, content []byte) estate.ImportRequest {
	t.Helper()
	up, err := f.Service.UploadImport(ctx, actor, district, 0, kind, "名册.csv", content)
	if err != nil {
		t.Fatal(err)
	}
	return estate.ImportRequest{District: district, FileID: up.FileID}
}

// dry runs the file without writing and fails on an error.
func dry(t *testing.T, f *estatetest.Fixture, actor access.Actor, req estate.ImportRequest) estate.ImportReport {
	t.Helper()
	report, err := f.Service.DryRunImport(ctx, actor, req)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// apply imports the file and fails unless it does what is wanted.
func apply(t *testing.T, f *estatetest.Fixture, actor access.Actor, req estate.ImportRequest, want estate.ImportCounts) {
	t.Helper()
	if got := dry(t, f, actor, req); got.ImportCounts != want {
		t.Fatalf("dry run %+v, want %+v; bad %+v; lines %+v", got.ImportCounts, want, got.Bad, got.Lines)
	}
	got := done[estate.ImportResult](t)(f.Service.ApplyImport(ctx, actor, estatetest.Key(), req))
	if got.ImportCounts != want {
		t.Fatalf("import %+v, want %+v", got.ImportCounts, want)
	}
}

// rejects fails unless the dry run names exactly these bad cells, as
// row/column/part of the reason, and the import writes nothing.
func rejects(t *testing.T, f *estatetest.Fixture, actor access.Actor, req estate.ImportRequest, want ...string) {
	t.Helper()
	report := dry(t, f, actor, req)
	var got []string
	for i, bad := range report.Bad {
		name := fmt.Sprintf("%d/%s/%s", bad.Row, bad.Column, bad.Message)
		if i < len(want) && strings.HasPrefix(name, want[i][:strings.LastIndex(want[i], "/")+1]) && strings.Contains(name, want[i][strings.LastIndex(want[i], "/")+1:]) {
			name = want[i]
		}
		got = append(got, name)
	}
	if !slices.Equal(got, want) {
		t.Errorf("bad cells\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	before := counted(t, f, "register_rows", nil)
	_, err := f.Service.ApplyImport(ctx, actor, estatetest.Key(), req)
	refused(t, err, "estate.import_refused", "file")
	if e, _ := fault.As(err); e != nil && len(e.Details) != len(want) {
		t.Errorf("the refusal names %d cells, want %d", len(e.Details), len(want))
	}
	if after := counted(t, f, "register_rows", nil); after != before {
		t.Errorf("a refused file wrote %d rows", after-before)
	}
}

func counts(rows, created, changed, unchanged int) estate.ImportCounts {
	return estate.ImportCounts{Rows: rows, Created: created, Changed: changed, Unchanged: unchanged}
}

func TestImportEstates(t *testing.T) {
	f := estatetest.New(t)
	lines := []string{"区,街道,社区,小区名称,建成年份,户数,建筑面积(㎡),有无电梯,改造类别",
		"柳塘区,青石街道,安和社区,安和二村,1998,320,25000.50,无,完善类",
		",白沙街道,,沙河花园,,,,,", ",,,机械厂宿舍,,90,,,", ",青石街道,安和社区,安和一村,1996,,,,"}
	apply(t, f, f.System, file(t, f, f.System, estate.ImportEstates, lines...), counts(4, 3, 0, 1))
	apply(t, f, f.System, file(t, f, f.System, estate.ImportEstates, lines...), counts(4, 0, 0, 4))
	lines[3], lines[4] = ",新街道,新社区,机械厂宿舍,1985,90,8300,,", ",,,安和一村,1997,,,有,"
	req := file(t, f, f.System, estate.ImportEstates, lines...)
	report := dry(t, f, f.System, req)
	want := []estate.FieldChange{{Field: "街道", Old: "未定", New: "新街道"}, {Field: "社区", Old: "未定", New: "新社区"},
		{Field: "建成年份", Old: "空", New: "1985"}, {Field: "建筑面积(㎡)", Old: "空", New: "8300.00"}}
	if len(report.Lines) != 2 || report.Lines[0].Row != 4 || !slices.Equal(report.Lines[0].Changes, want) {
		t.Errorf("%+v\nwant %+v", report.Lines, want)
	}
	apply(t, f, f.System, req, counts(4, 0, 2, 2))
	apply(t, f, f.System, file(t, f, f.System, estate.ImportEstates, lines...), counts(4, 0, 0, 4))
	if got := dry(t, f, f.System, file(t, f, f.System, estate.ImportEstates, append(lines, "合计,,,,,410,,,", "制表：某某,,,,,,,,")...)); got.Rows != 4 || len(got.Tail) != 2 {
		t.Errorf("below the sum: %+v", got)
	}
	list, err := f.Service.EstateList(ctx, f.System, f.District, estate.EstateFilter{Text: "机械厂宿舍"})
	if err != nil || len(list) != 1 || list[0].SubDistrictName != "新街道" || list[0].CommunityUnknown || *list[0].Units != 90 {
		t.Errorf("%+v, %v", list, err)
	}
}

func TestImportEstatesBadCells(t *testing.T) {
	f := estatetest.New(t)
	head := "区,街道,社区,小区名称,建成年份,户数,建筑面积(㎡),有无电梯"
	rejects(t, f, f.System, file(t, f, f.System, estate.ImportEstates, head,
		"柳塘区,青石街道,安和社区,甲村,1998,10,100,无", "东河区,,,乙村,,,,", ",,,丙村,31,,,", ",,,丁村,,-5,,", ",,,戊村,,,0,", ",,,己村,,,abc,",
		",,,庚村,,,,也许", ",,,,1990,,,", ",,,甲村,,,,", ",,,辛村,,,,", ",,,辛村,,,,"),
		"3/区/柳塘区", "4/建成年份/1900", "5/户数/0 到", "6/建筑面积(㎡)/大于 0", "7/建筑面积(㎡)/数字", "8/有无电梯/只能填", "9/小区名称/不能为空",
		"10/小区名称/第 2 行", "12/小区名称/第 11 行")
	street := f.Actors[access.SubDistrictRole]
	rejects(t, f, street, file(t, f, street, estate.ImportEstates, head, ",,,甲村,,,,", ",白沙街道,,乙村,,,,"), "3/街道/青石街道")
	rejects(t, f, manager(f), file(t, f, manager(f), estate.ImportEstates, head, ",,,甲村,,,,"), "2//街道或区")
	apply(t, f, street, file(t, f, street, estate.ImportEstates, head, ",,,甲村,,,,"), counts(1, 1, 0, 0))
}

// realEstates are the real estates of testdata, by province, city and district.
func realEstates(t *testing.T) (header []string, groups map[string][][]string, order []string) {
	t.Helper()
	content, err := os.ReadFile("testdata/real_estates.csv")
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(content)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	groups = map[string][][]string{}
	for _, row := range rows[1:] {
		name := row[3]
		if name == "" {
			name = row[2] + "（区未定）"
		}
		if groups[name] == nil {
			order = append(order, name)
		}
		groups[name] = append(groups[name], row)
	}
	return rows[0], groups, order
}

func TestTheRealEstatesGoIn(t *testing.T) {
	f := estatetest.New(t)
	header, groups, order := realEstates(t)
	total, incomplete := 0, 0
	for i, name := range order {
		made := done[estate.DistrictCreated](t)(f.Service.CreateDistrict(ctx, f.System, estatetest.Key(), estate.CreateDistrict{Code: fmt.Sprintf("R%03d", i), Name: name}))
		var b bytes.Buffer
		if err := csv.NewWriter(&b).WriteAll(append([][]string{header}, groups[name]...)); err != nil {
			t.Fatal(err)
		}
		n := len(groups[name])
		apply(t, f, f.System, upload(t, f, f.System, made.DistrictID, estate.ImportEstates, b.Bytes()), counts(n, n, 0, 0))
		apply(t, f, f.System, upload(t, f, f.System, made.DistrictID, estate.ImportEstates, b.Bytes()), counts(n, 0, 0, n))
		list, err := f.Service.EstateList(ctx, f.System, made.DistrictID, estate.EstateFilter{Limit: 200})
		if err != nil || len(list) != n {
			t.Fatalf("%s: %d estates, %v; want %d", name, len(list), err, n)
		}
		for _, e := range list {
			total++
			if slices.Contains(e.Missing(), "小区建筑面积不详") {
				incomplete++
			}
			if e.Name == "丽华二村" && (!e.Area.Equal(dec("256600")) || *e.Units != 3170 || *e.Stairs != 237 || *e.Buildings != 72 || e.SubDistrictName != estate.Unspecified) {
				t.Errorf("丽华二村: %+v", e)
			}
			if e.Name == "建安小区" && (e.SubDistrictName != "左家塘街道" || e.CommunityName != "官塘冲社区" || e.Area != nil) {
				t.Errorf("建安小区: %+v", e)
			}
		}
	}
	if total != 92 || incomplete == 0 || incomplete == total {
		t.Errorf("%d estates went in, %d without area", total, incomplete)
	}
}

func TestImportUnits(t *testing.T) {
	f := estatetest.New(t)
	lines := []string{"房号,楼层,用途,产权性质,建筑面积(㎡),面积来源,是否有电梯",
		"1栋1单元101,1,住宅,商品房,67.83,不动产登记,无", "3-1-101,1,,,55.10,实测,有", "3栋2单元 102室,,,,,,", "6幢底商-1,,商业,,120,,"}
	req := file(t, f, manager(f), estate.ImportUnits, lines...)
	rejects(t, f, manager(f), req, "2/小区名称/请填写", "3/小区名称/请填写", "4/小区名称/请填写", "5/小区名称/请填写")
	req.NodeID = f.EstateNode
	apply(t, f, manager(f), req, counts(4, 3, 1, 0))
	apply(t, f, manager(f), req, counts(4, 0, 0, 4))
	found, err := f.Service.FindUnits(ctx, manager(f), f.District, f.EstateID, "3-1-101")
	if err != nil || len(found) != 1 || !found[0].Area.Equal(dec("55.10")) || found[0].AreaSource != estate.Survey || !*found[0].HasLift || *found[0].Floor != 1 {
		t.Errorf("%+v, %v", found, err)
	}
	lines[2], lines[3] = "3-1-101,2,商铺,房改房,56.00,,无", "3栋2单元102,,,,48,,"
	req = file(t, f, manager(f), estate.ImportUnits, lines...)
	req.NodeID = f.EstateNode
	rejects(t, f, manager(f), req, "3/建筑面积(㎡)/面积生效日期")
	req.EffectiveFrom = day("2026-06-01")
	report := dry(t, f, manager(f), req)
	want := []estate.FieldChange{{Field: "楼层", Old: "1", New: "2"}, {Field: "用途", Old: "住宅", New: "商铺"}, {Field: "产权性质", Old: "不详", New: "已售公有住房"},
		{Field: "有无电梯", Old: "有", New: "无"}, {Field: "建筑面积(㎡)", Old: "55.10", New: "56.00"}}
	if len(report.Lines) != 2 || !slices.Equal(report.Lines[0].Changes, want) {
		t.Errorf("%+v\nwant %+v", report.Lines, want)
	}
	apply(t, f, manager(f), req, counts(4, 0, 2, 2))
	apply(t, f, manager(f), req, counts(4, 0, 0, 4))
	for on, size := range map[string]string{"2026-05-31": "55.10", "2026-06-01": "56.00"} {
		file, err := f.Service.UnitFile(ctx, manager(f), f.District, found[0].UnitID, civil.MustDate(on))
		if err != nil || !file.Area.Equal(dec(size)) {
			t.Errorf("on %s the area is %v, %v; want %s", on, file.Area, err, size)
		}
	}
}

func TestImportUnitsMatchesWhatIsMeant(t *testing.T) {
	f := estatetest.New(t)
	head := "小区,房号"
	apply(t, f, manager(f), file(t, f, manager(f), estate.ImportUnits, head, "安和一村,1栋101", "安和一村,5栋501", "安和一村,5栋502"), counts(3, 2, 0, 1))
	req := file(t, f, manager(f), estate.ImportUnits, head, "安和一村,5栋3单元501")
	report := dry(t, f, manager(f), req)
	if len(report.Lines) != 1 || !slices.Equal(report.Lines[0].Changes, []estate.FieldChange{{Field: "房号", Old: "5-0-501", New: "5-3-501"}}) {
		t.Errorf("%+v", report)
	}
	apply(t, f, manager(f), req, counts(1, 0, 1, 0))
	apply(t, f, manager(f), req, counts(1, 0, 0, 1))
	rejects(t, f, manager(f), file(t, f, manager(f), estate.ImportUnits, head,
		"安和一村,7栋701", "安和一村,7栋1单元701", "安和一村,1-1-101", "安和一村,1栋1单元101室", "安和一村,101", "沙河新村,1-1-102", "无此村,1-1-101", "安和一村,栋栋"),
		"3/房号/第 2 行", "5/房号/第 4 行", "6/房号/1-1-101、2-1-101", "7/小区名称/没有登记", "8/小区名称/没有登记", "9/房号/看不懂")
	rejects(t, f, manager(f), file(t, f, manager(f), estate.ImportUnits, head+",建筑面积,有无电梯,楼层,用途",
		"安和一村,8-1-101,-3,,,", "安和一村,8-1-102,100000,,,", "安和一村,8-1-103,67.835,,,", "安和一村,8-1-104,0,,,", "安和一村,8-1-105,,有,,", "安和一村,8-1-106,,无,,",
		"安和一村,8-1-107,,,0,", "安和一村,8-1-108,,,,宫殿", "安和一村,8-1-109,六十,,,"),
		"2/建筑面积(㎡)/大于 0", "3/建筑面积(㎡)/不能超过", "4/建筑面积(㎡)/两位小数", "5/建筑面积(㎡)/大于 0", "7/有无电梯/第 6 行", "8/楼层/楼层", "9/用途/只能填", "10/建筑面积(㎡)/数字")
}

func TestImportFilesAndTheirRefusals(t *testing.T) {
	f := estatetest.New(t)
	s, m := f.Service, manager(f)
	_, err := s.UploadImport(ctx, m, f.District, 0, "cars", "x.csv", []byte("a"))
	refused(t, err, "estate.import_kind", "kind")
	_, err = s.UploadImport(ctx, m, f.District, 0, estate.ImportUnits, "x.csv", nil)
	refused(t, err, "estate.file_empty", "file")
	_, err = s.UploadImport(ctx, m, f.District, 0, estate.ImportUnits, "x.csv", make([]byte, 20<<20+1))
	refused(t, err, "estate.file_too_large", "file")
	_, err = s.UploadImport(ctx, f.Actors[access.CompanyCashier], f.District, 0, estate.ImportUnits, "x.csv", []byte("a"))
	refused(t, err, "access.forbidden", "")
	_, err = s.UploadImport(ctx, m, f.District, f.Foreign.EstateNode, estate.ImportUnits, "x.csv", []byte("a"))
	refused(t, err, "access.forbidden", "")
	req := upload(t, f, m, f.District, estate.ImportUnits, []byte("PK\x03\x04 cut off"))
	if _, err := s.DryRunImport(ctx, m, req); fault.Of(err) != fault.KindInvalid && fault.Of(err) != fault.KindUnsupported {
		t.Errorf("a cut-off xlsx: %v", err)
	}
	if _, err := s.ApplyImport(ctx, m, estatetest.Key(), req); fault.Of(err) == fault.KindInternal || err == nil {
		t.Errorf("a cut-off xlsx: %v", err)
	}
	good := file(t, f, m, estate.ImportUnits, "小区,房号", "安和一村,3-1-101")
	_, err = s.DryRunImport(ctx, f.Foreign.Actors[access.CompanyManager], good)
	refused(t, err, "estate.file_not_found", "file")
	good.EffectiveFrom = day("2026-06-21")
	_, err = s.DryRunImport(ctx, m, good)
	refused(t, err, "estate.effective_future", "effective_from")
	good.EffectiveFrom = civil.Date{}
	key := estatetest.Key()
	first := done[estate.ImportResult](t)(s.ApplyImport(ctx, m, key, good))
	if n, err := estate.PurgeUploads(ctx, f.DB.App, time.Now().Add(time.Hour)); err != nil || n != 2 {
		t.Errorf("purged %d, %v", n, err)
	}
	again, err := s.ApplyImport(ctx, m, key, good)
	if err != nil || !again.Replayed || again.Result != first {
		t.Errorf("repeated after the file was purged: %+v, %v", again, err)
	}
}

func TestTemplatesReadBack(t *testing.T) {
	for kind := range estate.ImportKindNames {
		layout, known := kind.Layout()
		if !known {
			t.Fatalf("%s has no layout", kind)
		}
		var b bytes.Buffer
		if err := sheet.WriteTemplate(&b, layout); err != nil {
			t.Fatal(err)
		}
		summary, err := sheet.Read(ctx, sheet.Bytes("模板.xlsx", b.Bytes()), layout, sheet.DefaultLimits, func(*sheet.Row) error { return nil })
		if err != nil || !summary.Example || len(summary.Unknown) != 0 || summary.BadCells != 0 {
			t.Errorf("%s: %+v, %v", kind, summary, err)
		}
	}
}

func TestTwentyThousandUnitsTakeSeconds(t *testing.T) {
	f := estatetest.New(t)
	var units, owners bytes.Buffer
	units.WriteString("小区,房号,建筑面积\n")
	owners.WriteString("小区,房号,业主,手机号\n")
	for i := range 20000 {
		room := fmt.Sprintf("%d-%d-%d", i/200+11, i/50%4+1, 101+i%50)
		fmt.Fprintf(&units, "安和一村,%s,%d.50\n", room, 40+i%90)
		fmt.Fprintf(&owners, "安和一村,%s,业主%d,139%08d\n", room, i, i)
	}
	for _, c := range []struct {
		kind    estate.ImportKind
		content []byte
	}{{estate.ImportUnits, units.Bytes()}, {estate.ImportOwners, owners.Bytes()}} {
		req := upload(t, f, manager(f), f.District, c.kind, c.content)
		begun := time.Now()
		got := done[estate.ImportResult](t)(f.Service.ApplyImport(ctx, manager(f), estatetest.Key(), req))
		took := time.Since(begun)
		t.Logf("%d %s in %s", got.Created, c.kind, took)
		if got.ImportCounts != counts(20000, 20000, 0, 0) || took > 90*time.Second {
			t.Errorf("%s: %+v in %s", c.kind, got.ImportCounts, took)
		}
		if again := dry(t, f, manager(f), req); again.ImportCounts != counts(20000, 0, 0, 20000) {
			t.Errorf("%s again: %+v", c.kind, again.ImportCounts)
		}
	}
}
