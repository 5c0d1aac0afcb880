package estate_test

import (
	"testing"

	"estateledger/civil"
	"estateledger/estate"
	"estateledger/estate/estatetest"
)

func TestImportOwners(t *testing.T) {
	f := estatetest.New(t)
	m := manager(f)
	apply(t, f, m, file(t, f, m, estate.ImportUnits, "小区,房号", "安和一村,3-1-101", "安和一村,3-1-102", "安和一村,3-1-103", "安和一村,3-1-104"), counts(4, 4, 0, 0))
	lines := []string{"小区,楼号,单元,房间,业主名称,手机号,身份证号,产权份额,产权起始日",
		"安和一村,3,1,101,吴大,13900000001,11010119900307002X,,", "安和一村,3,1,102,吴大,13900000001,11010119900307002X,,",
		"安和一村,3,1,103,吴大,,,1/3,", "安和一村,3,1,103,郑二,,,2/3,", "安和一村,3,1,104,和平公司,0510-8888888,,,2020-05-01", "安和一村,1,1,101,王建国,13800135120,,,"}
	req := file(t, f, m, estate.ImportOwners, lines...)
	apply(t, f, m, req, counts(6, 5, 0, 1))
	apply(t, f, m, req, counts(6, 0, 0, 6))
	if n := counted(t, f, "acts_mentioning", map[string]any{"text": "7002X"}); n != 0 {
		t.Errorf("%d acts keep a document number", n)
	}
	owner := func(room string) estate.UnitLine {
		found, err := f.Service.FindUnits(ctx, m, f.District, f.EstateID, room)
		if err != nil || len(found) != 1 || len(found[0].Owners) == 0 {
			t.Fatalf("%s: %+v, %v", room, found, err)
		}
		return found[0]
	}
	if a, b, c := owner("3-1-101").Owners[0], owner("3-1-102").Owners[0], owner("3-1-103").Owners[0]; a.PersonID != b.PersonID || a.PersonID == c.PersonID {
		t.Errorf("吴大 with the document is one, the namesake another: %d %d %d", a.PersonID, b.PersonID, c.PersonID)
	}
	if two := owner("3-1-103").Owners; len(two) != 2 || two[1].Share.String() != "2/3" {
		t.Errorf("%+v", two)
	}
	// A sale, a new telephone, and a document that proves who the namesake is.
	lines = []string{lines[0], "安和一村,3,1,101,新主,13900000009,,,2026-06-01", "安和一村,3,1,104,和平公司,0510-9999999,,,",
		"安和一村,3,1,103,吴大,,11010119900307002X,,", "安和一村,3,1,103,郑二,,,,"}
	req = file(t, f, m, estate.ImportOwners, lines...)
	apply(t, f, m, req, counts(4, 0, 4, 0))
	apply(t, f, m, req, counts(4, 0, 0, 4))
	if owner("3-1-102").Owners[0].PersonID != owner("3-1-103").Owners[0].PersonID {
		t.Error("the document did not make the namesake the same person")
	}
	if two := owner("3-1-103").Owners; two[0].Share.String() != "1/3" {
		t.Errorf("the shares were lost: %+v", two)
	}
	before, err := f.Service.UnitFile(ctx, m, f.District, owner("3-1-101").UnitID, day("2026-05-31"))
	if err != nil || estate.OwnerNames(before.Owners) != "吴大" || len(before.Titles) != 2 {
		t.Errorf("before the sale: %+v, %v", before.Titles, err)
	}
	if owner("3-1-104").Owners[0].Phone != "0510-9999999" {
		t.Errorf("telephone %+v", owner("3-1-104").Owners)
	}
}

func TestImportOwnersDocumentsMergeFiveUnits(t *testing.T) {
	f := estatetest.New(t)
	m := manager(f)
	head := "小区,房号,业主,证件号"
	rooms := []string{"4-1-101", "4-1-102", "4-1-103", "4-1-104", "4-1-105"}
	units, named, proven := []string{"小区,房号"}, []string{head}, []string{head}
	for _, room := range rooms {
		units = append(units, "安和一村,"+room)
		named = append(named, "安和一村,"+room+",甲,")
		proven = append(proven, "安和一村,"+room+",甲,A7654321")
	}
	apply(t, f, m, file(t, f, m, estate.ImportUnits, units...), counts(5, 5, 0, 0))
	apply(t, f, m, file(t, f, m, estate.ImportOwners, named...), counts(5, 5, 0, 0))
	heads := func() int64 {
		h, err := f.Service.HeadsCount(ctx, m, f.District, f.EstateID, civil.Date{})
		if err != nil {
			t.Fatal(err)
		}
		return h.Heads
	}
	if n := heads(); n != 13 {
		t.Errorf("%d heads by name, want 13", n)
	}
	apply(t, f, m, file(t, f, m, estate.ImportOwners, proven...), counts(5, 0, 5, 0))
	if n := heads(); n != 9 {
		t.Errorf("%d heads by document, want 9", n)
	}
	apply(t, f, m, file(t, f, m, estate.ImportOwners, proven...), counts(5, 0, 0, 5))
}

func TestImportOwnersBadCells(t *testing.T) {
	f := estatetest.New(t)
	m := manager(f)
	head := "小区,房号,业主,手机号,证件号,产权份额,产权起始日,账单起始日"
	rejects(t, f, m, file(t, f, m, estate.ImportOwners, head,
		"安和一村,1-1-101,换人,,,,,", "安和一村,9-9-999,某人,,,,,", "安和一村,1-1-102,李桂英,,,1/2,,", "安和一村,1-1-201,张䶮,打电话,,,,",
		"安和一村,1-1-202,陈秀兰,,110101199003070000,,,", "安和一村,2-1-101,刘志强,,,2,,", "安和一村,2-1-102,赵玉梅,,,,2026-12-01,", "安和一村,2-1-201,孙小龙,,,,,", "安和一村,2-1-201,孙小龙,,,,,",
		"安和一村,2-1-202,甲,,,,2026-05-01,", "安和一村,2-1-202,乙,,,,2026-05-02,", "安和一村,202,丙,,,,,", "安和一村,1-1-101,,,,,,"),
		"2/业主姓名/王建国", "3/房号/没有登记", "4/产权份额/正好是 1", "5/手机号/数字", "6/证件号/校验位", "7/产权份额/50%", "8/产权起始日/今天", "10/业主姓名/第 9 行",
		"12/产权起始日/同一天", "13/房号/1-1-202、2-1-202", "14/业主姓名/不能为空")
	apply(t, f, m, file(t, f, m, estate.ImportOwners, head, "安和一村,1-1-101,王建国,,A1111111,,,"), counts(1, 0, 1, 0))
	rejects(t, f, m, file(t, f, m, estate.ImportOwners, head, "安和一村,1-1-102,冒名,,A1111111,,2026-06-01,", "安和一村,1-1-201,张䶮,1390000001,B2222222,,,", "安和一村,1-1-202,陈秀兰,,B2222222,,,",
		"安和一村,2-1-101,刘志强,,,,2026-06-01,", "安和一村,2-1-102,新人,,,,1899-06-01,"),
		"2/证件号/另一个姓名", "4/证件号/第 3 行", "6/产权起始日/没有这一天")
}
