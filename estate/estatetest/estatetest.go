// Package estatetest makes a small district for tests: two companies, each with
// an estate it has taken over, units, owners, a service contract and a user of
// every role. Everything but the users goes through the use cases.
package estatetest

import (
	"context"
	"embed"
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/shopspring/decimal"

	"estateledger/access"
	"estateledger/civil"
	"estateledger/estate"
	"estateledger/postgres"
)

//go:embed testdata/users.sql
var sqlFiles embed.FS

var queries = postgres.MustLoad(sqlFiles)

// Today is the day the fixture's clock stands at.
var Today = civil.MustDate("2026-06-20")

// Entry is the day both companies entered their estates.
var Entry = civil.MustDate("2023-09-15")

// Unit is a unit of the fixture with its owner.
type Unit struct {
	ID          int64
	Code        string
	Area        decimal.Decimal
	OwnershipID int64
	PersonID    int64
	Owner       string
}

// Tenant is a company with its estate, in a sub-district of its own.
type Tenant struct {
	SubDistrictID, SubDistrictNode int64
	CommunityID, CommunityNode     int64
	CompanyID, CompanyNode         int64
	EstateID, EstateNode           int64
	TakeoverID, ContractID         int64
	// Units are 1-1-101 to 2-1-202, all residential and owned.
	Units []Unit
	// Actors has one user of every role: those of the company at its node, the
	// sub-district's at its, the committee's at the estate, the administrator's
	// at the company.
	Actors map[access.Role]access.Actor
}

// Fixture is the district with the tenant that tests work on and one that must
// never be seen from there.
type Fixture struct {
	DB           *postgres.TestDatabase
	Gate         *access.Gate
	Clock        *civil.StepClock
	Service      *estate.Service
	System       access.Actor
	District     int64
	DistrictNode int64
	Tenant
	Foreign Tenant
}

var keys atomic.Int64

// Key is an idempotency key nobody used before.
func Key() string { return fmt.Sprintf("estatetest-%d", keys.Add(1)) }

// Build makes the district in a fresh database. The installation is a demo, so
// that acts carry the clock's time.
func Build(t testing.TB, db *postgres.TestDatabase) *Fixture {
	t.Helper()
	ctx := context.Background()
	f := &Fixture{DB: db, Clock: civil.NewStepClock(Today)}
	f.Gate = access.NewGate(db.App, f.Clock, true)
	f.Service = &estate.Service{Gate: f.Gate}
	f.exec(t, "mark_demo", nil)
	f.System = f.NewUser(t, "系统", true)
	made, err := f.Service.CreateDistrict(ctx, f.System, Key(), estate.CreateDistrict{Code: "320299", Name: "柳塘区"})
	must(t, err)
	f.District, f.DistrictNode = made.Result.DistrictID, made.Result.NodeID
	f.Tenant = f.tenant(t, "青石街道", "安和社区", "惠民物业", "安和一村")
	f.Foreign = f.tenant(t, "白沙街道", "沙河社区", "远邻物业", "沙河新村")
	return f
}

// New is Build in a database of its own.
func New(t testing.TB) *Fixture {
	t.Helper()
	return Build(t, postgres.TestDB(t))
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("estatetest: %v", err)
	}
}

// areas of the eight units; 486.00 m² together would be too round to find errors.
var areas = []string{"67.83", "50.50", "88.12", "52.36", "67.83", "90.07", "120.05", "59.99"}

// residents give every unit another owner.
var residents = []string{"王建国", "李桂英", "张䶮", "陈秀兰", "刘志强", "赵玉梅", "孙小龙", "周燕"}

func (f *Fixture) tenant(t testing.TB, street, community, company, name string) Tenant {
	t.Helper()
	ctx, s, d := context.Background(), f.Service, f.District
	var n Tenant
	sub, err := s.CreateSubDistrict(ctx, f.System, Key(), estate.CreateSubDistrict{District: d, Name: street})
	must(t, err)
	n.SubDistrictID, n.SubDistrictNode = sub.Result.ID, sub.Result.NodeID
	com, err := s.CreateCommunity(ctx, f.System, Key(), estate.CreateCommunity{District: d, SubDistrictID: n.SubDistrictID, Name: community})
	must(t, err)
	n.CommunityID, n.CommunityNode = com.Result.ID, com.Result.NodeID
	firm, err := s.CreateCompany(ctx, f.System, Key(), estate.CreateCompany{District: d, Name: company})
	must(t, err)
	n.CompanyID, n.CompanyNode = firm.Result.CompanyID, firm.Result.NodeID
	year, area := 1996, decimal.RequireFromString("596.75")
	made, err := s.CreateEstate(ctx, f.System, Key(), estate.CreateEstate{District: d, CommunityID: n.CommunityID,
		Facts: estate.Facts{Name: name, BuiltYear: &year, Area: &area, RenovationClass: estate.Improved}})
	must(t, err)
	n.EstateID, n.EstateNode = made.Result.EstateID, made.Result.NodeID
	f.takeOver(t, &n)
	f.populate(t, &n)
	n.Actors = f.actors(t, n)
	return n
}

func (f *Fixture) takeOver(t testing.TB, n *Tenant) {
	t.Helper()
	ctx := context.Background()
	over, err := f.Service.RecordTakeover(ctx, f.System, Key(), estate.RecordTakeover{District: f.District, EstateID: n.EstateID,
		CompanyID: n.CompanyID, EntryDate: Entry, Items: []estate.ItemNote{{Item: "unit_list", Status: estate.Present}}})
	must(t, err)
	n.TakeoverID = over.Result.TakeoverID
	contract, err := f.Service.RecordServiceContract(ctx, f.System, Key(), estate.RecordServiceContract{District: f.District, EstateID: n.EstateID,
		ValidTo: civil.ServiceWindow(Entry, 36).To, FeeStartRule: estate.Daily, Paper: "前期服务合同"})
	must(t, err)
	n.ContractID = contract.Result.ContractID
}

// populate registers eight units in two buildings, each with one owner.
func (f *Fixture) populate(t testing.TB, n *Tenant) {
	t.Helper()
	req := estate.CreateUnits{District: f.District, EstateID: n.EstateID}
	for i, text := range areas {
		area := decimal.RequireFromString(text)
		number := fmt.Sprintf("%d栋1单元%d0%d室", i/4+1, i%4/2+1, i%2+1)
		req.Units = append(req.Units, estate.NewUnit{Number: number, Area: &area, AreaSource: estate.Registry, Tenure: estate.Commodity})
	}
	ctx := context.Background()
	made, err := f.Service.CreateUnits(ctx, f.System, Key(), req)
	must(t, err)
	for i, u := range made.Result.Units {
		_, err := f.Service.RecordOwnership(ctx, f.System, Key(), estate.RecordOwnership{District: f.District, UnitID: u.UnitID,
			Owners: []estate.OwnerShare{{Person: &estate.NewPerson{Name: residents[i], Phone: fmt.Sprintf("1380013%04d", 5120+i)}}}})
		must(t, err)
	}
	lines, err := f.Service.Units(ctx, f.System, f.District, n.EstateID, civil.Date{}, "", len(areas))
	must(t, err)
	for _, u := range lines {
		n.Units = append(n.Units, Unit{ID: u.UnitID, Code: u.Code, Area: *u.Area, OwnershipID: u.Owners[0].OwnershipID,
			PersonID: u.Owners[0].PersonID, Owner: u.Owners[0].Name})
	}
}

func (f *Fixture) actors(t testing.TB, n Tenant) map[access.Role]access.Actor {
	t.Helper()
	actors := map[access.Role]access.Actor{}
	for role, node := range map[access.Role]int64{
		access.CompanyManager: n.CompanyNode, access.CompanyAccountant: n.CompanyNode, access.CompanyCashier: n.CompanyNode,
		access.Auditor: n.CompanyNode, access.Administrator: n.CompanyNode, access.SubDistrictRole: n.SubDistrictNode, access.Committee: n.EstateNode,
	} {
		actors[role] = f.NewActor(t, role, node)
	}
	return actors
}

// NewActor makes a user with a role at a node of the district.
func (f *Fixture) NewActor(t testing.TB, role access.Role, node int64) access.Actor {
	t.Helper()
	actor := f.NewUser(t, access.RoleNames[role], role == access.System)
	f.exec(t, "add_membership", map[string]any{"district": f.District, "user": actor.UserID, "role": string(role), "node": node})
	return actor
}

// NewUser makes a user without any membership; a system user may found districts.
func (f *Fixture) NewUser(t testing.TB, name string, system bool) access.Actor {
	t.Helper()
	ctx := context.Background()
	actor := access.Actor{Name: name}
	must(t, f.DB.Owner.Write(ctx, func(tx postgres.Tx) error {
		return tx.Get(ctx, &actor.UserID, queries.Get("add_user"), map[string]any{
			"login": fmt.Sprintf("user%d", keys.Add(1)), "name": name, "system": system,
		})
	}))
	return actor
}

func (f *Fixture) exec(t testing.TB, query string, arg any) {
	t.Helper()
	ctx := context.Background()
	must(t, f.DB.Owner.Write(ctx, func(tx postgres.Tx) error {
		_, err := tx.Exec(ctx, queries.Get(query), arg)
		return err
	}))
}
