package estate_test

import (
	"fmt"
	"strings"
	"testing"

	"estateledger/access"
	"estateledger/civil"
	"estateledger/estate"
	"estateledger/estate/estatetest"
)

func TestCreateUnitsRefusals(t *testing.T) {
	f := estatetest.New(t)
	floor := 0
	for _, c := range []struct {
		units       []estate.NewUnit
		code, field string
	}{
		{nil, "estate.units_count", "units"},
		{[]estate.NewUnit{{Number: "栋"}}, "estate.room_number", "units[0].number"},
		{[]estate.NewUnit{{Number: "3-1-101"}, {Number: "3栋1单元101室"}}, "estate.unit_double", "units[1].number"},
		{[]estate.NewUnit{{Number: "1栋1单元101"}}, "estate.unit_exists", "units"},
		{[]estate.NewUnit{{Number: "3-1-101", Area: area("0")}}, "estate.area_not_positive", "units[0].area"},
		{[]estate.NewUnit{{Number: "3-1-101", Area: area("-3")}}, "estate.area_not_positive", "units[0].area"},
		{[]estate.NewUnit{{Number: "3-1-101", Area: area("100000")}}, "estate.area_too_large", "units[0].area"},
		{[]estate.NewUnit{{Number: "3-1-101", Area: area("67.835")}}, "estate.area_decimals", "units[0].area"},
		{[]estate.NewUnit{{Number: "3-1-101", Use: "palace"}}, "estate.use", "units[0].use"},
		{[]estate.NewUnit{{Number: "3-1-101", Tenure: "stolen"}}, "estate.tenure", "units[0].tenure"},
		{[]estate.NewUnit{{Number: "3-1-101", Floor: &floor}}, "estate.floor", "units[0].floor"},
	} {
		_, err := f.Service.CreateUnits(ctx, manager(f), estatetest.Key(), estate.CreateUnits{District: f.District, EstateID: f.EstateID, Units: c.units})
		refused(t, err, c.code, c.field)
	}
	lift := true
	made := done[estate.UnitsCreated](t)(f.Service.CreateUnits(ctx, manager(f), estatetest.Key(), estate.CreateUnits{District: f.District, EstateID: f.EstateID,
		Units: []estate.NewUnit{{Number: "6幢底商-1", Use: estate.Shop}, {Number: "6幢底商-2", Use: estate.Shop}, {Number: "7栋2单元1203", HasLift: &lift, Area: area("99999.99")}}}))
	if len(made.Units) != 3 || made.Units[0].Code != "6-0-底商-1" || made.Units[2].Code != "7-2-1203" {
		t.Fatalf("%+v", made)
	}
	file, err := f.Service.UnitFile(ctx, manager(f), f.District, made.Units[2].UnitID, civil.Date{})
	if err != nil || file.HasLift == nil || !*file.HasLift || !file.Area.Equal(dec("99999.99")) || file.Unit.Name() != "7栋2单元1203室" || len(file.Owners) != 0 {
		t.Errorf("%+v, %v", file, err)
	}
	_, err = f.Service.CreateUnits(ctx, f.Actors[access.CompanyCashier], estatetest.Key(), estate.CreateUnits{District: f.District, EstateID: f.EstateID, Units: []estate.NewUnit{{Number: "8-1-101"}}})
	refused(t, err, "access.forbidden", "")
}

func TestAreaCorrectionsHoldFromTheirDay(t *testing.T) {
	f := estatetest.New(t)
	unit := f.Units[0]
	record := func(from, size string) error {
		req := estate.RecordArea{District: f.District, UnitID: unit.ID, Area: dec(size), Source: estate.Survey, Reason: "实测更正"}
		if from != "" {
			req.ValidFrom = civil.MustDate(from)
		}
		_, err := f.Service.RecordArea(ctx, manager(f), estatetest.Key(), req)
		return err
	}
	for _, c := range [][2]string{{"2026-03-01", "68.10"}, {"2026-03-01", "68.20"}, {"2026-01-01", "68.00"}} {
		if err := record(c[0], c[1]); err != nil {
			t.Fatal(err)
		}
	}
	for on, want := range map[string]string{"2020-01-01": "67.83", "2025-12-31": "67.83", "2026-01-01": "68.00", "2026-02-28": "68.00", "2026-03-01": "68.20", "2026-06-20": "68.20"} {
		file, err := f.Service.UnitFile(ctx, manager(f), f.District, unit.ID, civil.MustDate(on))
		if err != nil || !file.Area.Equal(dec(want)) {
			t.Errorf("on %s: %v, %v; want %s", on, file.Area, err, want)
		}
		if len(file.Areas) != 4 {
			t.Errorf("history has %d rows", len(file.Areas))
		}
	}
	refused(t, record("", "70"), "estate.date_missing", "valid_from")
	refused(t, record("2026-06-21", "70"), "estate.area_future", "valid_from")
	refused(t, record("2026-04-01", "0"), "estate.area_not_positive", "area")
	refused(t, record("2026-04-01", "68.20"), "estate.area_same", "area")
	_, err := f.Service.RecordArea(ctx, manager(f), estatetest.Key(), estate.RecordArea{District: f.District, UnitID: unit.ID, Area: dec("70"), Source: "guess", Reason: "x"})
	refused(t, err, "estate.area_source", "source")
	_, err = f.Service.RecordArea(ctx, manager(f), estatetest.Key(), estate.RecordArea{District: f.District, UnitID: unit.ID, Area: dec("70"), Source: estate.Survey})
	refused(t, err, "estate.reason_missing", "reason")
	_, err = f.Service.RecordArea(ctx, f.Actors[access.CompanyAccountant], estatetest.Key(), estate.RecordArea{District: f.District, UnitID: unit.ID, ValidFrom: day("2026-04-01"), Area: dec("70"), Source: estate.Survey, Reason: "x"})
	refused(t, err, "access.forbidden", "")
}

func TestTitlesFollowOneAnother(t *testing.T) {
	f := estatetest.New(t)
	unit := f.Units[0]
	record := func(change func(*estate.RecordOwnership)) (estate.TitleRecorded, error) {
		req := estate.RecordOwnership{District: f.District, UnitID: unit.ID, ValidFrom: day("2026-05-20"), Owners: person("买方")}
		change(&req)
		out, err := f.Service.RecordOwnership(ctx, manager(f), estatetest.Key(), req)
		return out.Result, err
	}
	sold, err := record(func(r *estate.RecordOwnership) { r.BillFrom, r.Basis = day("2026-06-01"), "买卖" })
	if err != nil || sold.BillFrom != day("2026-06-01") {
		t.Fatalf("%+v, %v", sold, err)
	}
	if _, err := record(func(r *estate.RecordOwnership) {
		r.BillFrom = day("2026-06-01")
		r.Owners = []estate.OwnerShare{{Person: &estate.NewPerson{Name: "买方"}, Share: estate.Share{Numerator: 1, Denominator: 3}},
			{Person: &estate.NewPerson{Name: "买方配偶"}, Share: estate.Share{Numerator: 2, Denominator: 3}}}
	}); err != nil {
		t.Fatal(err)
	}
	file, err := f.Service.UnitFile(ctx, manager(f), f.District, unit.ID, civil.Date{})
	if err != nil || len(file.Titles) != 3 || estate.OwnerNames(file.Owners) != "买方、买方配偶" || !file.Titles[1].Superseded || file.Titles[2].ValidTo != day("2026-05-19") {
		t.Fatalf("%+v, %v", file.Titles, err)
	}
	before, err := f.Service.UnitFile(ctx, manager(f), f.District, unit.ID, day("2026-05-19"))
	if err != nil || estate.OwnerNames(before.Owners) != unit.Owner {
		t.Errorf("the day before the sale: %+v, %v", before.Owners, err)
	}
	_, err = record(func(r *estate.RecordOwnership) { r.ValidFrom = day("2025-01-01") })
	refused(t, err, "estate.title_earlier", "valid_from")
	_, err = record(func(r *estate.RecordOwnership) { r.ValidFrom = civil.Date{} })
	refused(t, err, "estate.date_missing", "valid_from")
	_, err = record(func(r *estate.RecordOwnership) { r.ValidFrom = day("2026-07-01") })
	refused(t, err, "estate.title_future", "valid_from")
	_, err = record(func(r *estate.RecordOwnership) { r.ValidFrom, r.BillFrom = day("2026-06-10"), day("2026-06-01") })
	refused(t, err, "estate.bill_from_order", "bill_from")
	_, err = record(func(r *estate.RecordOwnership) { r.Owners[0].Share = estate.Share{Numerator: 1, Denominator: 2} })
	refused(t, err, "estate.shares_sum", "owners")
	_, err = record(func(r *estate.RecordOwnership) { r.Owners[0].Share = estate.Share{Numerator: 3, Denominator: 2} })
	refused(t, err, "estate.share", "owners[0].numerator")
	_, err = record(func(r *estate.RecordOwnership) { r.Owners[0].PersonID = unit.PersonID })
	refused(t, err, "estate.owner_missing", "owners[0].person_id")
	_, err = record(func(r *estate.RecordOwnership) {
		r.Owners = []estate.OwnerShare{{PersonID: f.Foreign.Units[0].PersonID}}
	})
	refused(t, err, "estate.person_not_found", "owners[0].person_id")
	_, err = record(func(r *estate.RecordOwnership) {
		r.Owners = []estate.OwnerShare{{PersonID: unit.PersonID}, {PersonID: unit.PersonID}}
	})
	refused(t, err, "estate.owner_double", "owners[1].person_id")
	_, err = record(func(r *estate.RecordOwnership) { r.Owners[0].Person.Document = "110101199003070000" })
	refused(t, err, "estate.document_digit", "owners[0].person.document")
	_, err = record(func(r *estate.RecordOwnership) { r.Owners[0].Person.Phone = "call me" })
	refused(t, err, "estate.phone", "owners[0].person.phone")
	if _, err := record(func(r *estate.RecordOwnership) {
		r.ValidFrom, r.BillFrom, r.Owners = day("2026-06-15"), day("2026-06-15"), nil
	}); err != nil {
		t.Errorf("a title without owner: %v", err)
	}
}

func TestPersonsAreOneByDocumentNeverByName(t *testing.T) {
	f := estatetest.New(t)
	own := func(unit int64, name, document string) error {
		_, err := f.Service.RecordOwnership(ctx, manager(f), estatetest.Key(), estate.RecordOwnership{District: f.District, UnitID: unit, ValidFrom: day("2026-06-01"),
			Owners: []estate.OwnerShare{{Person: &estate.NewPerson{Name: name, Document: document}}}})
		return err
	}
	const document = "11010119900307002X"
	for i, c := range [][2]string{{"赵六", document}, {"赵六", " 11010119900307002x"}, {"赵六", ""}, {"赵六", ""}} {
		if err := own(f.Units[i].ID, c[0], c[1]); err != nil {
			t.Fatal(err)
		}
	}
	refused(t, own(f.Units[4].ID, "钱七", document), "estate.document_name", "owners[0].document")
	var ids []int64
	for _, u := range f.Units[:4] {
		file, err := f.Service.UnitFile(ctx, manager(f), f.District, u.ID, civil.Date{})
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, file.Owners[0].PersonID)
	}
	if ids[0] != ids[1] || ids[1] == ids[2] || ids[2] == ids[3] {
		t.Errorf("persons %v: the first two are one, the others are not", ids)
	}
	if n := counted(t, f, "acts_mentioning", map[string]any{"text": "7002X"}); n != 0 {
		t.Errorf("%d acts keep the document number", n)
	}
	correct := func(p int64, document string) error {
		_, err := f.Service.CorrectPerson(ctx, manager(f), estatetest.Key(), estate.CorrectPerson{District: f.District, UnitID: f.Units[2].ID, PersonID: p, Name: "赵六", Phone: "0510-88886666", Document: document})
		return err
	}
	if err := correct(ids[2], ""); err != nil {
		t.Error(err)
	}
	refused(t, correct(ids[2], document), "estate.document_taken", "document")
	refused(t, correct(ids[3], ""), "estate.person_not_found", "person_id")
}

func TestRule12HeadsAreNotUnits(t *testing.T) {
	f := estatetest.New(t)
	made := done[estate.EstateCreated](t)(f.Service.CreateEstate(ctx, f.System, estatetest.Key(), estate.CreateEstate{District: f.District, CommunityID: f.CommunityID, Facts: estate.Facts{Name: "二十户"}}))
	req := estate.CreateUnits{District: f.District, EstateID: made.EstateID}
	for i := range 20 {
		req.Units = append(req.Units, estate.NewUnit{Number: fmt.Sprintf("1-1-%d", 101+i), Area: area("50.00")})
	}
	units := done[estate.UnitsCreated](t)(f.Service.CreateUnits(ctx, f.System, estatetest.Key(), req)).Units
	for i, u := range units {
		p := estate.NewPerson{Name: fmt.Sprintf("业主%d", i)}
		if i < 5 {
			p = estate.NewPerson{Name: "业主甲", Document: "A1234567"}
		}
		done[estate.TitleRecorded](t)(f.Service.RecordOwnership(ctx, f.System, estatetest.Key(), estate.RecordOwnership{District: f.District, UnitID: u.UnitID, Owners: []estate.OwnerShare{{Person: &p}}}))
	}
	h, err := f.Service.HeadsCount(ctx, f.Actors[access.SubDistrictRole], f.District, made.EstateID, civil.Date{})
	if err != nil || h.Units != 20 || h.Heads != 16 || !h.Area.Equal(dec("1000")) || h.UnitsWithoutOwner != 0 {
		t.Errorf("%+v, %v; want 16 heads of 20 units", h, err)
	}
	extra := done[estate.UnitsCreated](t)(f.Service.CreateUnits(ctx, f.System, estatetest.Key(), estate.CreateUnits{District: f.District, EstateID: made.EstateID, Units: []estate.NewUnit{{Number: "1-1-999"}}}))
	h, err = f.Service.HeadsCount(ctx, f.System, f.District, made.EstateID, civil.Date{})
	if err != nil || h.Heads != 17 || h.UnitsWithoutOwner != 1 || h.UnitsWithoutArea != 1 {
		t.Errorf("with unit %d: %+v, %v", extra.Units[0].UnitID, h, err)
	}
}

func TestOccupants(t *testing.T) {
	f := estatetest.New(t)
	unit := f.Units[3]
	record := func(change func(*estate.RecordOccupant)) (int64, error) {
		req := estate.RecordOccupant{District: f.District, UnitID: unit.ID, Person: &estate.NewPerson{Name: "租客", Phone: "138 0013 8000"}, ValidFrom: day("2026-01-01")}
		change(&req)
		out, err := f.Service.RecordOccupant(ctx, manager(f), estatetest.Key(), req)
		return out.Result.OccupantID, err
	}
	id, err := record(func(*estate.RecordOccupant) {})
	if err != nil {
		t.Fatal(err)
	}
	file, err := f.Service.UnitFile(ctx, manager(f), f.District, unit.ID, civil.Date{})
	if err != nil || len(file.Occupants) != 1 || file.Occupants[0].Phone != "13800138000" {
		t.Fatalf("%+v, %v", file.Occupants, err)
	}
	_, err = record(func(r *estate.RecordOccupant) { r.Person, r.PersonID = nil, file.Occupants[0].PersonID })
	refused(t, err, "estate.occupant_exists", "person_id")
	_, err = record(func(r *estate.RecordOccupant) { r.ValidFrom = civil.Date{} })
	refused(t, err, "estate.date_missing", "valid_from")
	_, err = record(func(r *estate.RecordOccupant) { r.ValidTo = day("2025-12-31") })
	refused(t, err, "estate.dates_order", "valid_to")
	_, err = record(func(r *estate.RecordOccupant) { r.Person = nil })
	refused(t, err, "estate.occupant_missing", "person_id")
	end := func(occupant int64, on civil.Date) error {
		_, err := f.Service.EndOccupant(ctx, manager(f), estatetest.Key(), estate.EndOccupant{District: f.District, UnitID: unit.ID, OccupantID: occupant, LastDay: on})
		return err
	}
	refused(t, end(id, day("2025-12-31")), "estate.dates_order", "last_day")
	refused(t, end(id+999, day("2026-05-31")), "estate.occupant_not_found", "occupant_id")
	if err := end(id, day("2026-05-31")); err != nil {
		t.Error(err)
	}
	refused(t, end(id, day("2026-06-01")), "estate.occupant_ended", "last_day")
	if _, err := record(func(r *estate.RecordOccupant) {
		r.Person, r.PersonID, r.ValidFrom = nil, file.Occupants[0].PersonID, day("2026-06-01")
	}); err != nil {
		t.Errorf("coming back: %v", err)
	}
}

func TestResidentsAreMaskedWithoutRegisterRead(t *testing.T) {
	f := estatetest.New(t)
	for role, want := range map[access.Role][2]string{
		access.CompanyCashier: {"王建国", "13800135120"}, access.Committee: {"王**", "138****5120"}, access.SubDistrictRole: {"王**", "138****5120"},
	} {
		list, err := f.Service.Units(ctx, f.Actors[role], f.District, f.EstateID, civil.Date{}, "", 1)
		if err != nil || len(list) != 1 || list[0].Owners[0].Name != want[0] || list[0].Owners[0].Phone != want[1] {
			t.Errorf("%s sees %+v, %v; want %v", role, list, err, want)
		}
		file, err := f.Service.UnitFile(ctx, f.Actors[role], f.District, f.Units[0].ID, civil.Date{})
		if err != nil || file.Owners[0].Name != want[0] || file.Titles[0].Owners[0].Phone != want[1] {
			t.Errorf("%s sees the file %+v, %v", role, file.Owners, err)
		}
		found, err := f.Service.FindUnits(ctx, f.Actors[role], f.District, 0, "王建国")
		if wanted := strings.Count(want[0], "建国"); err != nil || len(found) != wanted {
			t.Errorf("%s finds %d units by name, %v; want %d", role, len(found), err, wanted)
		}
	}
	if estate.MaskPhone("1234567") != "*******" || estate.MaskName("欧阳修") != "欧**" || estate.MaskName("") != "" {
		t.Error("masks of short texts")
	}
}

func TestFindUnitsAsPeopleType(t *testing.T) {
	f := estatetest.New(t)
	for text, want := range map[string]string{
		"2-1-202": "2-1-202", "2栋202": "2-1-202", "2栋1单元202室": "2-1-202", "２－１－２０２": "2-1-202",
		"202室": "1-1-202 2-1-202", "101": "1-1-101 2-1-101", "孙小": "2-1-201", "张䶮": "1-1-201", "5123": "1-1-202", "138-0013-5123": "1-1-202",
		"9-9-909": "", "王": "1-1-101", "   ": "",
	} {
		found, err := f.Service.FindUnits(ctx, manager(f), f.District, f.EstateID, text)
		var codes []string
		for _, u := range found {
			codes = append(codes, u.Code)
		}
		if err != nil || strings.Join(codes, " ") != want {
			t.Errorf("%q finds %v, %v; want %s", text, codes, err, want)
		}
	}
	everywhere, err := f.Service.FindUnits(ctx, f.System, f.District, 0, "1-1-101")
	if err != nil || len(everywhere) != 2 {
		t.Errorf("the whole district has %d, %v", len(everywhere), err)
	}
	mine, err := f.Service.FindUnits(ctx, manager(f), f.District, 0, "1-1-101")
	if err != nil || len(mine) != 1 || mine[0].EstateID != f.EstateID {
		t.Errorf("the manager finds %+v, %v", mine, err)
	}
}

func TestUnitsPageInOrderAndGrid(t *testing.T) {
	f := estatetest.New(t)
	done[estate.UnitsCreated](t)(f.Service.CreateUnits(ctx, manager(f), estatetest.Key(), estate.CreateUnits{District: f.District, EstateID: f.EstateID,
		Units: []estate.NewUnit{{Number: "10-1-101"}, {Number: "1-1-1101"}, {Number: "1-10-101"}, {Number: "3栋底商1"}}}))
	var codes []string
	after := ""
	for {
		page, err := f.Service.Units(ctx, manager(f), f.District, f.EstateID, civil.Date{}, after, 5)
		if err != nil {
			t.Fatal(err)
		}
		if len(page) == 0 {
			break
		}
		for _, u := range page {
			codes = append(codes, u.Code)
			after = u.SortKey
		}
	}
	want := "1-1-101 1-1-102 1-1-201 1-1-202 1-1-1101 1-10-101 2-1-101 2-1-102 2-1-201 2-1-202 3-0-底商1 10-1-101"
	if strings.Join(codes, " ") != want {
		t.Errorf("order %v\nwant  %s", codes, want)
	}
	grid, err := f.Service.RoomGrid(ctx, f.Actors[access.Committee], f.District, f.EstateID, civil.Date{})
	if err != nil || len(grid) != 4 || grid[0].Name != "1" || grid[3].Name != "10" || len(grid[0].Stairs) != 2 || len(grid[0].Stairs[0].Units) != 5 {
		t.Fatalf("%+v, %v", grid, err)
	}
	if u := grid[1].Stairs[0].Units[0]; !u.OwnerKnown || u.Area == nil {
		t.Errorf("cell %+v", u)
	}
	if u := grid[3].Stairs[0].Units[0]; u.OwnerKnown || u.Area != nil {
		t.Errorf("cell %+v", u)
	}
}
