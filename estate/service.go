package estate

import (
	"context"
	"errors"

	"estateledger/access"
	"estateledger/fault"
	"estateledger/postgres"
)

// Service are the room's use cases and views.
type Service struct {
	Gate *access.Gate
	// OnTakeover is told of each takeover; nil tells nobody.
	OnTakeover TakeoverListener
}

// atEstate finds the scope node an act about an estate is judged at. The estate
// must be visible to the actor; whether he may act there, the act decides.
func (s *Service) atEstate(ctx context.Context, actor access.Actor, district, estate int64) (p place, err error) {
	err = access.View(ctx, s.Gate, func(ctx context.Context, r postgres.Reader) error {
		p, err = estatePlace(ctx, r, s.Gate.Scope(actor, district), estate)
		return err
	})
	return p, err
}

// atUnit is atEstate for a unit's estate.
func (s *Service) atUnit(ctx context.Context, actor access.Actor, district, unit int64) (p place, err error) {
	err = access.View(ctx, s.Gate, func(ctx context.Context, r postgres.Reader) error {
		p, err = unitPlace(ctx, r, s.Gate.Scope(actor, district), unit)
		return err
	})
	return p, err
}

// DistrictCreated is the answer of CreateDistrict.
type DistrictCreated struct {
	DistrictID int64 `json:"district_id,string"`
	NodeID     int64 `json:"node_id,string"`
}

// CreateDistrict founds a district; only a system user may, and becomes the
// system of the district. Refused: estate.district_exists.
func (s *Service) CreateDistrict(ctx context.Context, actor access.Actor, key string, req CreateDistrict) (access.Outcome[DistrictCreated], error) {
	if err := req.check(); err != nil {
		return access.Outcome[DistrictCreated]{}, err
	}
	plot, err := s.plotFor(ctx, actor, req.Code)
	if err != nil {
		return access.Outcome[DistrictCreated]{}, err
	}
	c := access.Command{Actor: actor, District: plot.District, Node: plot.Node, Permission: access.DistrictCreate,
		UseCase: "estate.create_district", Key: key, Request: req}
	return access.Act(ctx, s.Gate, c, func(ctx context.Context, tx postgres.Tx, act *access.Record) (DistrictCreated, error) {
		done := DistrictCreated{DistrictID: act.District, NodeID: act.Node}
		_, err := tx.Exec(ctx, queries.Get("insert_district"), map[string]any{
			"district": act.District, "code": req.Code, "name": req.Name, "node": act.Node,
		})
		if postgres.Violates(err, "district_code_key") || postgres.Violates(err, "district_pkey") {
			return done, fault.Conflict("estate.district_exists", "这个区划代码已经登记过了。").At("code")
		}
		if err != nil {
			return done, err
		}
		act.After(req)
		return done, access.Found(ctx, tx, act, req.Name)
	})
}

// plotFor answers the place of the district that has the code already, so that a
// repeated request finds its act, or else a new plot.
func (s *Service) plotFor(ctx context.Context, actor access.Actor, code string) (access.Plot, error) {
	var d District
	err := access.View(ctx, s.Gate, func(ctx context.Context, r postgres.Reader) error {
		arg := scoped(s.Gate.Scope(actor, 0), map[string]any{"code": code})
		return r.Get(ctx, &d, queries.Get("district_by_code"), arg)
	})
	if errors.Is(err, postgres.ErrNoRow) {
		return access.NewPlot(ctx, s.Gate)
	}
	return access.Plot{District: d.DistrictID, Node: d.NodeID}, err
}

// CompanyCreated is the answer of CreateCompany.
type CompanyCreated struct {
	CompanyID int64 `json:"company_id,string"`
	NodeID    int64 `json:"node_id,string"`
}

// CreateCompany registers a property company in a district. Refused:
// estate.company_exists.
func (s *Service) CreateCompany(ctx context.Context, actor access.Actor, key string, req CreateCompany) (access.Outcome[CompanyCreated], error) {
	root, err := s.root(ctx, actor, req.District, req.check())
	if err != nil {
		return access.Outcome[CompanyCreated]{}, err
	}
	c := access.Command{Actor: actor, District: req.District, Node: root, Permission: access.RegisterImport,
		UseCase: "estate.create_company", Key: key, Request: req}
	return access.Act(ctx, s.Gate, c, func(ctx context.Context, tx postgres.Tx, act *access.Record) (done CompanyCreated, err error) {
		if done.NodeID, err = access.AddNode(ctx, tx, act.District, access.CompanyNode, req.Name, []int64{root}, act.Today); err != nil {
			return done, err
		}
		err = tx.Get(ctx, &done.CompanyID, queries.Get("insert_company"), map[string]any{
			"district": act.District, "name": req.Name, "credit_code": req.CreditCode, "phone": req.Phone, "node": done.NodeID,
		})
		if postgres.Violates(err, "property_company_name") {
			return done, fault.Conflict("estate.company_exists", "同名的物业公司已经登记过了。").At("name")
		}
		act.After(req)
		return done, err
	})
}

// root is the district's node, once the request itself is in order.
func (s *Service) root(ctx context.Context, actor access.Actor, district int64, checked error) (int64, error) {
	if checked != nil {
		return 0, checked
	}
	d, err := s.District(ctx, actor, district)
	return d.NodeID, err
}

// LevelCreated is the answer of CreateSubDistrict and CreateCommunity.
type LevelCreated struct {
	ID     int64 `json:"id,string"`
	NodeID int64 `json:"node_id,string"`
}

// CreateSubDistrict registers a sub-district. Refused: estate.sub_district_exists.
func (s *Service) CreateSubDistrict(ctx context.Context, actor access.Actor, key string, req CreateSubDistrict) (access.Outcome[LevelCreated], error) {
	root, err := s.root(ctx, actor, req.District, req.check())
	if err != nil {
		return access.Outcome[LevelCreated]{}, err
	}
	c := access.Command{Actor: actor, District: req.District, Node: root, Permission: access.RegisterImport,
		UseCase: "estate.create_sub_district", Key: key, Request: req}
	return access.Act(ctx, s.Gate, c, func(ctx context.Context, tx postgres.Tx, act *access.Record) (LevelCreated, error) {
		made, err := insertSubDistrict(ctx, tx, act, root, req.Name)
		if postgres.Violates(err, "sub_district_name") {
			err = fault.Conflict("estate.sub_district_exists", "同名的街道已经登记过了。").At("name")
		}
		act.After(req)
		return LevelCreated{made.SubDistrictID, made.NodeID}, err
	})
}

// CreateCommunity registers a community of a sub-district. Refused:
// estate.community_exists, estate.sub_district_not_found.
func (s *Service) CreateCommunity(ctx context.Context, actor access.Actor, key string, req CreateCommunity) (access.Outcome[LevelCreated], error) {
	if err := req.check(); err != nil {
		return access.Outcome[LevelCreated]{}, err
	}
	var parent SubDistrict
	err := access.View(ctx, s.Gate, func(ctx context.Context, r postgres.Reader) error {
		arg := scoped(s.Gate.Scope(actor, req.District), map[string]any{"sub_district": req.SubDistrictID})
		return orNotFound(r.Get(ctx, &parent, queries.Get("sub_district_by_id"), arg), subDistrictNotFound)
	})
	if err != nil {
		return access.Outcome[LevelCreated]{}, err
	}
	c := access.Command{Actor: actor, District: req.District, Node: parent.NodeID, Permission: access.RegisterImport,
		UseCase: "estate.create_community", Key: key, Request: req}
	return access.Act(ctx, s.Gate, c, func(ctx context.Context, tx postgres.Tx, act *access.Record) (LevelCreated, error) {
		made, err := insertCommunity(ctx, tx, act, parent, req.Name)
		if postgres.Violates(err, "community_name") {
			err = fault.Conflict("estate.community_exists", "这个街道下已有同名的社区。").At("name")
		}
		act.After(req)
		return LevelCreated{made.CommunityID, made.NodeID}, err
	})
}

func subDistrictNotFound() error {
	return fault.NotFound("estate.sub_district_not_found", "没有这个街道，或者它不在您的权限范围内。").At("sub_district_id")
}

func communityNotFound() error {
	return fault.NotFound("estate.community_not_found", "没有这个社区，或者它不在您的权限范围内。").At("community_id")
}

func insertSubDistrict(ctx context.Context, tx postgres.Tx, act *access.Record, root int64, name string) (SubDistrict, error) {
	made := SubDistrict{Name: name, Placeholder: name == Unspecified}
	var err error
	if made.NodeID, err = access.AddNode(ctx, tx, act.District, access.SubDistrictNode, name, []int64{root}, act.Today); err != nil {
		return made, err
	}
	err = tx.Get(ctx, &made.SubDistrictID, queries.Get("insert_sub_district"), map[string]any{
		"district": act.District, "name": name, "placeholder": made.Placeholder, "node": made.NodeID,
	})
	return made, err
}

func insertCommunity(ctx context.Context, tx postgres.Tx, act *access.Record, parent SubDistrict, name string) (Community, error) {
	made := Community{SubDistrictID: parent.SubDistrictID, SubDistrictName: parent.Name, Name: name, Placeholder: name == Unspecified}
	var err error
	if made.NodeID, err = access.AddNode(ctx, tx, act.District, access.CommunityNode, name, []int64{parent.NodeID}, act.Today); err != nil {
		return made, err
	}
	err = tx.Get(ctx, &made.CommunityID, queries.Get("insert_community"), map[string]any{
		"district": act.District, "sub_district": parent.SubDistrictID, "name": name, "placeholder": made.Placeholder, "node": made.NodeID,
	})
	return made, err
}
