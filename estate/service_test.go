package estate_test

import (
	"testing"

	"estateledger/access"
	"estateledger/civil"
	"estateledger/estate"
	"estateledger/estate/estatetest"
	"estateledger/fault"
)

func TestCreateDistrictOnceAndBySystemOnly(t *testing.T) {
	f := estatetest.New(t)
	key := estatetest.Key()
	req := estate.CreateDistrict{Code: "320298", Name: "东河区"}
	made := done[estate.DistrictCreated](t)(f.Service.CreateDistrict(ctx, f.System, key, req))
	again, err := f.Service.CreateDistrict(ctx, f.System, key, req)
	if err != nil || !again.Replayed || again.Result != made {
		t.Errorf("repeated: %+v, %v; want %+v replayed", again, err, made)
	}
	_, err = f.Service.CreateDistrict(ctx, f.System, estatetest.Key(), req)
	refused(t, err, "estate.district_exists", "code")
	_, err = f.Service.CreateDistrict(ctx, manager(f), estatetest.Key(), estate.CreateDistrict{Code: "320297", Name: "西河区"})
	refused(t, err, "access.forbidden", "")
	_, err = f.Service.CreateDistrict(ctx, f.System, estatetest.Key(), estate.CreateDistrict{Code: "区", Name: "西河区"})
	refused(t, err, "estate.district_code", "code")
	if list, err := f.Service.Districts(ctx, manager(f)); err != nil || len(list) != 1 || list[0].DistrictID != f.District {
		t.Errorf("the manager sees districts %+v, %v", list, err)
	}
	if list, err := f.Service.Districts(ctx, f.System); err != nil || len(list) != 2 {
		t.Errorf("the system sees districts %+v, %v", list, err)
	}
}

func TestLevelsAndCompanies(t *testing.T) {
	f := estatetest.New(t)
	s := f.Service
	_, err := s.CreateSubDistrict(ctx, f.System, estatetest.Key(), estate.CreateSubDistrict{District: f.District, Name: "青石街道"})
	refused(t, err, "estate.sub_district_exists", "name")
	_, err = s.CreateSubDistrict(ctx, f.System, estatetest.Key(), estate.CreateSubDistrict{District: f.District, Name: "未定"})
	refused(t, err, "estate.name_reserved", "name")
	_, err = s.CreateSubDistrict(ctx, f.System, estatetest.Key(), estate.CreateSubDistrict{District: f.District + 99, Name: "某街道"})
	refused(t, err, "estate.district_not_found", "")
	_, err = s.CreateCommunity(ctx, f.System, estatetest.Key(), estate.CreateCommunity{District: f.District, SubDistrictID: f.SubDistrictID, Name: "安和社区"})
	refused(t, err, "estate.community_exists", "name")
	_, err = s.CreateCommunity(ctx, f.Actors[access.SubDistrictRole], estatetest.Key(), estate.CreateCommunity{District: f.District, SubDistrictID: f.Foreign.SubDistrictID, Name: "越界社区"})
	refused(t, err, "estate.sub_district_not_found", "sub_district_id")
	_, err = s.CreateCompany(ctx, f.System, estatetest.Key(), estate.CreateCompany{District: f.District, Name: "惠民物业"})
	refused(t, err, "estate.company_exists", "name")
	_, err = s.CreateCompany(ctx, f.System, estatetest.Key(), estate.CreateCompany{District: f.District, Name: "新物业", CreditCode: "123"})
	refused(t, err, "estate.credit_code", "credit_code")
	_, err = s.CreateCompany(ctx, manager(f), estatetest.Key(), estate.CreateCompany{District: f.District, Name: "新物业"})
	refused(t, err, "access.forbidden", "")
	for actor, want := range map[access.Actor]int{manager(f): 1, f.Actors[access.SubDistrictRole]: 2, f.System: 2, f.Actors[access.Committee]: 1} {
		if list, err := s.Companies(ctx, actor, f.District); err != nil || len(list) != want {
			t.Errorf("%s sees %d companies, %v; want %d", actor.Name, len(list), err, want)
		}
	}
	if list, err := s.SubDistricts(ctx, manager(f), f.District); err != nil || len(list) != 1 || list[0].Name != "青石街道" {
		t.Errorf("sub-districts %+v, %v", list, err)
	}
	if list, err := s.Communities(ctx, f.Actors[access.Committee], f.District); err != nil || len(list) != 1 || list[0].Name != "安和社区" {
		t.Errorf("communities %+v, %v", list, err)
	}
}

func TestCreateEstateWithMissingLevels(t *testing.T) {
	f := estatetest.New(t)
	s := f.Service
	made := done[estate.EstateCreated](t)(s.CreateEstate(ctx, f.System, estatetest.Key(), estate.CreateEstate{District: f.District, Facts: estate.Facts{Name: "无名小区"}}))
	file, err := s.EstateFile(ctx, f.System, f.District, made.EstateID, civil.Date{})
	if err != nil || file.SubDistrictName != estate.Unspecified || !file.CommunityUnknown || file.Area != nil {
		t.Fatalf("%+v, %v", file, err)
	}
	want := []string{"街道未定", "社区未定", "小区建筑面积不详", "建成年份不详", "房屋未登记"}
	if len(file.Missing) != len(want) {
		t.Errorf("missing %v, want %v", file.Missing, want)
	}
	second := done[estate.EstateCreated](t)(s.CreateEstate(ctx, f.System, estatetest.Key(), estate.CreateEstate{District: f.District, Facts: estate.Facts{Name: "无名二村"}}))
	other, err := s.EstateFile(ctx, f.System, f.District, second.EstateID, civil.Date{})
	if err != nil || other.CommunityID != file.CommunityID {
		t.Errorf("a second placeholder was made: %+v, %v", other, err)
	}
	_, err = s.CreateEstate(ctx, f.System, estatetest.Key(), estate.CreateEstate{District: f.District, Facts: estate.Facts{Name: "无名小区"}})
	refused(t, err, "estate.estate_exists", "name")
	_, err = s.CreateEstate(ctx, f.System, estatetest.Key(), estate.CreateEstate{District: f.District, CommunityID: f.CommunityID, SubDistrictID: f.Foreign.SubDistrictID, Facts: estate.Facts{Name: "某村"}})
	refused(t, err, "estate.community_elsewhere", "community_id")
	_, err = s.CreateEstate(ctx, manager(f), estatetest.Key(), estate.CreateEstate{District: f.District, Facts: estate.Facts{Name: "某村"}})
	refused(t, err, "access.forbidden", "")

	done[struct{}](t)(s.PlaceEstate(ctx, f.System, estatetest.Key(), estate.PlaceEstate{District: f.District, EstateID: made.EstateID, CommunityID: f.CommunityID}))
	file, err = s.EstateFile(ctx, f.System, f.District, made.EstateID, civil.Date{})
	if err != nil || file.CommunityID != f.CommunityID || file.SubDistrictUnknown {
		t.Errorf("placed: %+v, %v", file, err)
	}
	f.Clock.SetDay(estatetest.Today.AddDays(1))
	if _, err := s.EstateFile(ctx, f.Actors[access.SubDistrictRole], f.District, made.EstateID, civil.Date{}); err != nil {
		t.Errorf("the street does not see the estate it got: %v", err)
	}
	_, err = s.PlaceEstate(ctx, f.System, estatetest.Key(), estate.PlaceEstate{District: f.District, EstateID: made.EstateID, CommunityID: f.Foreign.CommunityID})
	refused(t, err, "estate.placed", "community_id")
}

func TestEstateFactsAreChecked(t *testing.T) {
	f := estatetest.New(t)
	year, negative := 2200, -1
	for _, c := range []struct {
		facts       estate.Facts
		code, field string
	}{
		{estate.Facts{}, "estate.name_missing", "name"},
		{estate.Facts{Name: "甲", BuiltYear: &year}, "estate.built_year", "built_year"},
		{estate.Facts{Name: "甲", Area: area("0")}, "estate.area_absurd", "area_stated"},
		{estate.Facts{Name: "甲", Area: area("-5")}, "estate.area_absurd", "area_stated"},
		{estate.Facts{Name: "甲", Area: area("1.005")}, "estate.area_decimals", "area_stated"},
		{estate.Facts{Name: "甲", Units: &negative}, "estate.count_absurd", "units_stated"},
		{estate.Facts{Name: "甲", RenovationClass: "luxury"}, "estate.renovation_class", "renovation_class"},
		{estate.Facts{Name: "甲", RenovationCost: area("-1")}, "estate.renovation_cost", "renovation_cost"},
		{estate.Facts{Name: "甲", CompletionDate: day("2027-01-01")}, "estate.completion_date", "completion_date"},
	} {
		_, err := f.Service.CreateEstate(ctx, f.System, estatetest.Key(), estate.CreateEstate{District: f.District, Facts: c.facts})
		refused(t, err, c.code, c.field)
	}
	built := 1997
	facts := estate.Facts{Name: "安和一村", BuiltYear: &built, Area: area("600.00"), Address: "安和路 1 号"}
	done[struct{}](t)(f.Service.CorrectEstate(ctx, manager(f), estatetest.Key(), estate.CorrectEstate{District: f.District, EstateID: f.EstateID, Facts: facts}))
	file, err := f.Service.EstateFile(ctx, manager(f), f.District, f.EstateID, civil.Date{})
	if err != nil || *file.BuiltYear != 1997 || !file.Area.Equal(dec("600")) || file.Address != "安和路 1 号" {
		t.Errorf("%+v, %v", file, err)
	}
	_, err = f.Service.CorrectEstate(ctx, f.Actors[access.CompanyCashier], estatetest.Key(), estate.CorrectEstate{District: f.District, EstateID: f.EstateID, Facts: facts})
	refused(t, err, "access.forbidden", "")
}

func TestEstateListPagesAndFilters(t *testing.T) {
	f := estatetest.New(t)
	s := f.Service
	for _, name := range []string{"丙村", "乙村", "丁村"} {
		done[estate.EstateCreated](t)(s.CreateEstate(ctx, f.System, estatetest.Key(), estate.CreateEstate{District: f.District, SubDistrictID: f.SubDistrictID, Facts: estate.Facts{Name: name}}))
	}
	seen := map[string]bool{}
	filter := estate.EstateFilter{Limit: 2}
	for {
		page, err := s.EstateList(ctx, f.System, f.District, filter)
		if err != nil {
			t.Fatal(err)
		}
		if len(page) == 0 {
			break
		}
		for _, e := range page {
			if seen[e.Name] {
				t.Errorf("%s came twice", e.Name)
			}
			seen[e.Name] = true
			filter.After = estate.Cursor{Name: e.Name, EstateID: e.EstateID}
		}
	}
	if len(seen) != 5 {
		t.Errorf("pages show %v", seen)
	}
	for _, c := range []struct {
		actor  access.Actor
		filter estate.EstateFilter
		want   int
	}{
		{f.System, estate.EstateFilter{CompanyID: f.CompanyID}, 1},
		{f.System, estate.EstateFilter{CompanyID: f.CompanyID, On: day("2023-09-14")}, 0},
		{f.System, estate.EstateFilter{SubDistrictID: f.SubDistrictID}, 4},
		{f.System, estate.EstateFilter{CommunityID: f.CommunityID}, 1},
		{f.System, estate.EstateFilter{Text: "安和"}, 1},
		{f.System, estate.EstateFilter{Incomplete: true}, 3},
		{manager(f), estate.EstateFilter{}, 1},
		{f.Actors[access.SubDistrictRole], estate.EstateFilter{}, 4},
		{f.Foreign.Actors[access.Committee], estate.EstateFilter{}, 1},
	} {
		list, err := s.EstateList(ctx, c.actor, f.District, c.filter)
		if err != nil || len(list) != c.want {
			t.Errorf("%s %+v: %d estates, %v; want %d", c.actor.Name, c.filter, len(list), err, c.want)
		}
	}
	list, err := s.EstateList(ctx, manager(f), f.District, estate.EstateFilter{})
	if err != nil || list[0].UnitCount != 8 || !list[0].UnitArea.Equal(dec("596.75")) || list[0].CompanyName != "惠民物业" || list[0].EntryDate != estatetest.Entry {
		t.Errorf("%+v, %v", list, err)
	}
}

func TestTakeoverAsItStoodOnAnyDay(t *testing.T) {
	f := estatetest.New(t)
	s, street := f.Service, f.Actors[access.SubDistrictRole]
	note := func(on, item string, status estate.ItemStatus) error {
		_, err := s.NoteTakeoverItem(ctx, street, estatetest.Key(), estate.NoteTakeoverItem{District: f.District, EstateID: f.EstateID, TakeoverID: f.TakeoverID,
			NotedOn: civil.MustDate(on), ItemNote: estate.ItemNote{Item: item, Status: status}})
		return err
	}
	for _, err := range []error{note("2024-03-01", "fund_accounts", estate.Present), note("2024-03-01", "fund_accounts", estate.NotApplicable), note("2025-01-01", "unit_list", estate.Missing)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	status := func(on, item string) estate.ItemStatus {
		over, err := s.TakeoverAsOf(ctx, manager(f), f.District, f.EstateID, civil.MustDate(on))
		if err != nil {
			t.Fatal(err)
		}
		if len(over.Items) != len(estate.ChecklistItems) {
			t.Errorf("%s: %d items", on, len(over.Items))
		}
		for _, line := range over.Items {
			if line.Item == item {
				return line.Status
			}
		}
		return ""
	}
	for _, c := range []struct {
		on, item string
		want     estate.ItemStatus
	}{
		{"2023-09-15", "unit_list", estate.Present}, {"2023-09-15", "fund_accounts", estate.Missing}, {"2024-02-29", "fund_accounts", estate.Missing},
		{"2024-03-01", "fund_accounts", estate.NotApplicable}, {"2024-12-31", "unit_list", estate.Present}, {"2026-06-20", "unit_list", estate.Missing},
	} {
		if got := status(c.on, c.item); got != c.want {
			t.Errorf("%s on %s is %s, want %s", c.item, c.on, got, c.want)
		}
	}
	_, err := s.TakeoverAsOf(ctx, manager(f), f.District, f.EstateID, day("2023-09-14"))
	refused(t, err, "estate.not_taken_over", "")
	refused(t, note("2023-09-14", "unit_list", estate.Present), "estate.noted_on", "noted_on")
	refused(t, note("2026-06-21", "unit_list", estate.Present), "estate.noted_on", "noted_on")
	refused(t, note("2026-06-20", "coffee_machine", estate.Present), "estate.checklist_item", "item")
	refused(t, note("2026-06-20", "unit_list", "lost"), "estate.item_status", "status")
}

func TestAnotherCompanyTakesOver(t *testing.T) {
	f := estatetest.New(t)
	s, street := f.Service, f.Actors[access.SubDistrictRole]
	record := func(change func(*estate.RecordTakeover)) error {
		req := estate.RecordTakeover{District: f.District, EstateID: f.EstateID, CompanyID: f.Foreign.CompanyID, EntryDate: day("2026-06-01")}
		change(&req)
		_, err := s.RecordTakeover(ctx, street, estatetest.Key(), req)
		return err
	}
	refused(t, record(func(r *estate.RecordTakeover) { r.EntryDate = estatetest.Entry }), "estate.entry_order", "entry_date")
	refused(t, record(func(r *estate.RecordTakeover) { r.CompanyID = f.CompanyID }), "estate.same_company", "company_id")
	refused(t, record(func(r *estate.RecordTakeover) { r.CompanyID = 0 }), "estate.company_missing", "company_id")
	refused(t, record(func(r *estate.RecordTakeover) { r.CompanyID = 999999 }), "estate.company_not_found", "company_id")
	refused(t, record(func(r *estate.RecordTakeover) { r.EntryDate = civil.Date{} }), "estate.entry_missing", "entry_date")
	refused(t, record(func(r *estate.RecordTakeover) { r.EntryDate = day("2028-01-01") }), "estate.entry_far", "entry_date")
	refused(t, record(func(r *estate.RecordTakeover) { r.CutOverDate = day("2026-05-31") }), "estate.cut_over_early", "cut_over_date")
	refused(t, record(func(r *estate.RecordTakeover) {
		r.Items = []estate.ItemNote{{Item: "unit_list", Status: estate.Present}, {Item: "unit_list", Status: estate.Missing}}
	}), "estate.item_double", "items[1].item")
	refused(t, record(func(r *estate.RecordTakeover) { r.EstateID = f.Foreign.EstateID }), "estate.not_found", "")
	if err := record(func(*estate.RecordTakeover) {}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.EstateFile(ctx, manager(f), f.District, f.EstateID, civil.Date{}); fault.Of(err) != fault.KindNotFound {
		t.Errorf("the former company still sees the estate: %v", err)
	}
	file, err := s.EstateFile(ctx, f.Foreign.Actors[access.CompanyManager], f.District, f.EstateID, civil.Date{})
	if err != nil || file.CompanyName != "远邻物业" || len(file.Takeovers) != 2 {
		t.Errorf("the new company sees %+v, %v", file, err)
	}
	before, err := s.TakeoverAsOf(ctx, street, f.District, f.EstateID, day("2026-05-31"))
	if err != nil || before.CompanyName != "惠民物业" {
		t.Errorf("the day before: %+v, %v", before, err)
	}
}

func TestRule38FeeStartFromEntryAndRule(t *testing.T) {
	entry := day("2023-09-15")
	if got := estate.FeeStart(entry, estate.Daily, entry); got != day("2023-09-15") {
		t.Errorf("DAILY starts %s", got)
	}
	if got := estate.FeeStart(entry, estate.NextMonth, entry); got != day("2023-10-01") {
		t.Errorf("NEXT_MONTH starts %s", got)
	}
	f := estatetest.New(t)
	record := func(change func(*estate.RecordServiceContract)) (estate.ContractRecorded, error) {
		req := estate.RecordServiceContract{District: f.District, EstateID: f.EstateID, ValidTo: day("2026-09-14"), FeeStartRule: estate.NextMonth}
		change(&req)
		out, err := f.Service.RecordServiceContract(ctx, manager(f), estatetest.Key(), req)
		return out.Result, err
	}
	corrected, err := record(func(*estate.RecordServiceContract) {})
	if err != nil || corrected.FeeStart != day("2023-10-01") || corrected.ValidFrom != entry {
		t.Errorf("corrected contract %+v, %v", corrected, err)
	}
	renewed, err := record(func(r *estate.RecordServiceContract) { r.ValidFrom, r.ValidTo = day("2026-09-15"), day("2029-09-14") })
	if err != nil || renewed.FeeStart != day("2026-09-15") {
		t.Errorf("renewed contract %+v, %v", renewed, err)
	}
	_, err = record(func(r *estate.RecordServiceContract) { r.ValidFrom = day("2024-01-01") })
	refused(t, err, "estate.contract_order", "valid_from")
	_, err = record(func(r *estate.RecordServiceContract) { r.ValidFrom = day("2023-09-14") })
	refused(t, err, "estate.not_taken_over", "")
	_, err = record(func(r *estate.RecordServiceContract) { r.FeeStartRule = "" })
	refused(t, err, "estate.fee_start_rule", "fee_start_rule")
	_, err = record(func(r *estate.RecordServiceContract) { r.DueDay = 31 })
	refused(t, err, "estate.due_day", "due_day")
	_, err = record(func(r *estate.RecordServiceContract) { r.ValidTo = day("2020-01-01") })
	refused(t, err, "estate.dates_order", "valid_to")
	file, err := f.Service.EstateFile(ctx, manager(f), f.District, f.EstateID, civil.Date{})
	if err != nil || len(file.Contracts) != 3 || file.Contracts[1].Version != 2 {
		t.Errorf("contracts %+v, %v", file.Contracts, err)
	}
}

func TestWritersOfAnotherTenantGetNothing(t *testing.T) {
	f := estatetest.New(t)
	s, k, d := f.Service, estatetest.Key, f.District
	unit := f.Units[0].ID
	for role, actor := range f.Foreign.Actors {
		for name, act := range map[string]func() error{
			"units": func() error {
				_, err := s.CreateUnits(ctx, actor, k(), estate.CreateUnits{District: d, EstateID: f.EstateID, Units: []estate.NewUnit{{Number: "9-1-101"}}})
				return err
			},
			"area": func() error {
				_, err := s.RecordArea(ctx, actor, k(), estate.RecordArea{District: d, UnitID: unit, ValidFrom: day("2026-01-01"), Area: dec("70"), Source: estate.Survey, Reason: "实测"})
				return err
			},
			"title": func() error {
				_, err := s.RecordOwnership(ctx, actor, k(), estate.RecordOwnership{District: d, UnitID: unit, ValidFrom: day("2026-01-01"), Owners: person("外人")})
				return err
			},
			"occupant": func() error {
				_, err := s.RecordOccupant(ctx, actor, k(), estate.RecordOccupant{District: d, UnitID: unit, Person: &estate.NewPerson{Name: "外人"}, ValidFrom: day("2026-01-01")})
				return err
			},
			"contract": func() error {
				_, err := s.RecordServiceContract(ctx, actor, k(), estate.RecordServiceContract{District: d, EstateID: f.EstateID, ValidTo: day("2029-01-01"), FeeStartRule: estate.Daily})
				return err
			},
			"takeover": func() error {
				_, err := s.RecordTakeover(ctx, actor, k(), estate.RecordTakeover{District: d, EstateID: f.EstateID, CompanyID: f.Foreign.CompanyID, EntryDate: day("2026-01-01")})
				return err
			},
			"facts": func() error {
				_, err := s.CorrectEstate(ctx, actor, k(), estate.CorrectEstate{District: d, EstateID: f.EstateID, Facts: estate.Facts{Name: "改名"}})
				return err
			},
			"file":          func() error { _, err := s.UnitFile(ctx, actor, d, unit, civil.Date{}); return err },
			"grid":          func() error { _, err := s.RoomGrid(ctx, actor, d, f.EstateID, civil.Date{}); return err },
			"heads":         func() error { _, err := s.HeadsCount(ctx, actor, d, f.EstateID, civil.Date{}); return err },
			"takeover file": func() error { _, err := s.TakeoverAsOf(ctx, actor, d, f.EstateID, civil.Date{}); return err },
		} {
			if err := act(); fault.Of(err) != fault.KindNotFound {
				t.Errorf("%s of the foreign company, %s: %v; want not found", role, name, err)
			}
		}
	}
}
