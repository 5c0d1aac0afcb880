package demo

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"slices"

	"github.com/shopspring/decimal"

	"estateledger/access"
	"estateledger/billing"
	"estateledger/civil"
	"estateledger/estate"
	"estateledger/ledger/money"
	"estateledger/postgres"
	"estateledger/receivable"
)

// found makes the district, its levels, the company and the users.
func (l *life) found(ctx context.Context) error {
	made, err := l.estate.CreateDistrict(ctx, l.system, l.key("district"), estate.CreateDistrict{Code: "320299", Name: "临湖区"})
	if err != nil {
		return err
	}
	l.district = made.Result.DistrictID
	company, err := l.estate.CreateCompany(ctx, l.system, l.key("company"), estate.CreateCompany{District: l.district, Name: companyName,
		Phone: "0510-80000000"})
	if err != nil {
		return err
	}
	l.company = company.Result
	return l.addUsers(ctx, made.Result.NodeID)
}

// addUsers makes the users whose place exists from the start; the sub-district's
// and the committee's come with their first estate.
func (l *life) addUsers(ctx context.Context, root int64) error {
	for _, u := range Logins {
		node := l.company.NodeID
		switch u.Role {
		case access.SubDistrictRole, access.Committee:
			continue
		case access.Auditor, access.Administrator:
			node = root
		}
		if err := l.addUser(ctx, u, node); err != nil {
			return err
		}
	}
	return nil
}

func (l *life) addUser(ctx context.Context, u Login, node int64) error {
	out, err := l.people.CreateUser(ctx, l.system, l.district, l.key("user"), access.NewUser{Login: u.Login, Name: u.Name, Password: Password,
		Role: u.Role, Node: node})
	if err != nil {
		return fmt.Errorf("user %s: %w", u.Login, err)
	}
	l.actors[u.Role] = access.Actor{UserID: out.Result.UserID, Name: u.Name}
	return nil
}

// takeOver registers an estate and lets the company enter it.
func (l *life) takeOver(ctx context.Context, p estatePlan, start civil.Date) error {
	l.clock.SetDay(start)
	e := &livingEstate{estatePlan: p, taken: map[string]money.Yuan{}}
	if err := l.register(ctx, e); err != nil {
		return err
	}
	entry := civil.MustDate(p.entry)
	if _, err := l.estate.RecordTakeover(ctx, l.system, l.key("takeover"), estate.RecordTakeover{District: l.district, EstateID: e.id,
		CompanyID: l.company.CompanyID, EntryDate: entry, CutOverDate: start, Paper: "区托底管理〔" + fmt.Sprint(entry.Year()) + "〕接管确认书",
		Items: checklist(p)}); err != nil {
		return err
	}
	window := civil.ServiceWindow(entry, 36)
	if _, err := l.estate.RecordServiceContract(ctx, l.actors[access.CompanyManager], l.key("contract"), estate.RecordServiceContract{District: l.district,
		EstateID: e.id, ValidTo: window.To.AddDays(730), FeeStartRule: estate.Daily, Paper: p.name + "物业服务合同"}); err != nil {
		return err
	}
	if err := l.rates(ctx, e, entry); err != nil {
		return err
	}
	if err := l.populate(ctx, e, entry); err != nil {
		return err
	}
	counters, err := l.countersOf(ctx, e)
	if err != nil || len(counters) == 0 {
		return fmt.Errorf("no counter after the takeover: %w", err)
	}
	e.counter = counters[0]
	l.estates = append(l.estates, e)
	return l.residents(ctx, e)
}

func (l *life) countersOf(ctx context.Context, e *livingEstate) (counters []receivable.Counter, err error) {
	err = access.View(ctx, l.gate, func(ctx context.Context, r postgres.Reader) error {
		counters, err = receivable.CountersAt(ctx, r, l.gate.Scope(l.system, l.district), e.node)
		return err
	})
	return counters, err
}

// register records the estate in its street and community.
func (l *life) register(ctx context.Context, e *livingEstate) error {
	community, err := l.community(ctx, e.subDistrict, e.community)
	if err != nil {
		return err
	}
	area, cost := decimal.RequireFromString(e.total), decimal.RequireFromString(e.cost)
	built, units, stairs, lift := e.builtYear, 0, len(e.stairs), e.lift
	for _, perFloor := range e.stairs {
		units += perFloor * e.floors
	}
	units += len(e.shops)
	buildings := (stairs + e.perBuilding - 1) / e.perBuilding
	made, err := l.estate.CreateEstate(ctx, l.system, l.key("estate"), estate.CreateEstate{District: l.district, CommunityID: community,
		Facts: estate.Facts{Name: e.name, BuiltYear: &built, RenovationClass: estate.RenovationClass(e.class), RenovationCost: &cost,
			CompletionDate: civil.MustDate(e.completed), HasLift: &lift, Buildings: &buildings, Stairs: &stairs, Units: &units, Area: &area,
			Source: "演示数据"}})
	e.id, e.node = made.Result.EstateID, made.Result.NodeID
	return err
}

// community finds or makes the levels above an estate.
func (l *life) community(ctx context.Context, street, name string) (int64, error) {
	streets, err := l.estate.SubDistricts(ctx, l.system, l.district)
	if err != nil {
		return 0, err
	}
	at := slices.IndexFunc(streets, func(s estate.SubDistrict) bool { return s.Name == street })
	var streetID int64
	if at >= 0 {
		streetID = streets[at].SubDistrictID
	} else {
		made, err := l.estate.CreateSubDistrict(ctx, l.system, l.key("street"), estate.CreateSubDistrict{District: l.district, Name: street})
		if err != nil {
			return 0, err
		}
		streetID = made.Result.ID
		if _, has := l.actors[access.SubDistrictRole]; !has {
			if err := l.addUser(ctx, loginOf(access.SubDistrictRole), made.Result.NodeID); err != nil {
				return 0, err
			}
		}
	}
	made, err := l.estate.CreateCommunity(ctx, l.system, l.key("community"), estate.CreateCommunity{District: l.district, SubDistrictID: streetID, Name: name})
	return made.Result.ID, err
}

func loginOf(role access.Role) Login {
	at := slices.IndexFunc(Logins, func(u Login) bool { return u.Role == role })
	return Logins[at]
}

// checklist is what was handed over: everything but what the plan misses.
func checklist(p estatePlan) []estate.ItemNote {
	var notes []estate.ItemNote
	for _, item := range estate.ChecklistItems {
		note := estate.ItemNote{Item: item.Code, Status: estate.Present}
		switch {
		case slices.Contains(p.missing, item.Code):
			note.Status, note.Note = estate.Missing, "原单位没有留下资料"
		case item.Code == "lift_papers" && !p.lift:
			note.Status = estate.NotApplicable
		}
		notes = append(notes, note)
	}
	return notes
}

// rates sets what a square metre costs; the price paper is invented.
func (l *life) rates(ctx context.Context, e *livingEstate, from civil.Date) error {
	for use, rate := range map[estate.Use]string{estate.Residential: e.fee, estate.Shop: e.shopFee} {
		_, err := billing.SetRate(ctx, l.gate, l.actors[access.CompanyAccountant], l.district, l.key("rate-"+string(use)), billing.RateRequest{
			Estate: e.id, Use: use, ValidFrom: from, Rate: decimal.RequireFromString(rate), VATRate: decimal.RequireFromString("0.06"),
			Rounding: money.FenHalfUp, Basis: e.name + "物业服务合同"})
		if err != nil {
			return err
		}
	}
	return nil
}

// populate registers the units.
func (l *life) populate(ctx context.Context, e *livingEstate, entry civil.Date) error {
	planned := e.estatePlan.units(l.random)
	req := estate.CreateUnits{District: l.district, EstateID: e.id}
	for i, u := range planned {
		unit := estate.NewUnit{Number: u.number, Floor: &planned[i].floor, Tenure: estate.Commodity, AreaSource: estate.Registry, HasLift: &e.lift}
		if u.shop {
			unit.Use = estate.Shop
		}
		if !missesArea(e, i) {
			unit.Area = &planned[i].area
		}
		req.Units = append(req.Units, unit)
	}
	made, err := l.estate.CreateUnits(ctx, l.actors[access.CompanyManager], l.key("units"), req)
	if err != nil {
		return err
	}
	for i, u := range made.Result.Units {
		e.units = append(e.units, livingUnit{planned[i], u.UnitID})
	}
	return nil
}

// missesArea leaves two units of 东河新村 without an area: it is asked for, never
// guessed, and the bill run names them.
func missesArea(e *livingEstate, i int) bool { return e.name == "东河新村" && (i == 7 || i == 100) }

// residents registers the owners from a file, as a company does that starts
// with a spreadsheet: one owner has five flats (known by his document), some
// share, four homes of 东河新村 have no owner registered.
func (l *life) residents(ctx context.Context, e *livingEstate) error {
	var file bytes.Buffer
	w := csv.NewWriter(&file)
	rows := [][]string{{"小区名称", "房号", "业主姓名", "手机号", "证件号", "产权依据"}}
	investor, investorPhone := person(l.random, 0)
	for i, u := range e.units {
		if e.name == "东河新村" && i%60 == 13 {
			continue
		}
		name, phone, document := "", "", ""
		if name, phone = person(l.random, i); i < 100 && i%20 == 5 && e.name == plans[0].name {
			name, phone, document = investor, investorPhone, "320211196803150013"
		}
		rows = append(rows, []string{e.name, u.number, name, phone, document, "不动产登记"})
		if i%9 == 4 {
			second, _ := person(l.random, i+7)
			rows = append(rows, []string{e.name, u.number, second, "", "", "不动产登记"})
		}
	}
	if err := w.WriteAll(rows); err != nil {
		return err
	}
	manager := l.actors[access.CompanyManager]
	uploaded, err := l.estate.UploadImport(ctx, manager, l.district, e.node, estate.ImportOwners, e.name+"业主.csv", file.Bytes())
	if err != nil {
		return err
	}
	_, err = l.estate.ApplyImport(ctx, manager, l.key("import"), estate.ImportRequest{District: l.district, NodeID: e.node, FileID: uploaded.FileID})
	if err != nil {
		return err
	}
	if _, has := l.actors[access.Committee]; has {
		return nil
	}
	return l.addUser(ctx, loginOf(access.Committee), e.node)
}
