package estate

import (
	"context"
	"errors"

	"estateledger/access"
	"estateledger/fault"
	"estateledger/postgres"
)

// EstateCreated is the answer of CreateEstate.
type EstateCreated struct {
	EstateID int64 `json:"estate_id,string"`
	NodeID   int64 `json:"node_id,string"`
}

// CreateEstate registers an estate; a sub-district or community that is not
// known becomes the placeholder 未定. Refused: estate.estate_exists.
func (s *Service) CreateEstate(ctx context.Context, actor access.Actor, key string, req CreateEstate) (access.Outcome[EstateCreated], error) {
	if err := req.check(s.Gate.Clock.Today()); err != nil {
		return access.Outcome[EstateCreated]{}, err
	}
	var at lot
	err := access.View(ctx, s.Gate, func(ctx context.Context, r postgres.Reader) (err error) {
		at, err = findLot(ctx, r, s.Gate.Scope(actor, req.District), req.SubDistrictID, req.CommunityID)
		return err
	})
	if err != nil {
		return access.Outcome[EstateCreated]{}, err
	}
	c := access.Command{Actor: actor, District: req.District, Node: at.node(), Permission: access.RegisterImport,
		UseCase: "estate.create_estate", Key: key, Request: req}
	return access.Act(ctx, s.Gate, c, func(ctx context.Context, tx postgres.Tx, act *access.Record) (EstateCreated, error) {
		community, err := at.complete(ctx, tx, act)
		if err != nil {
			return EstateCreated{}, err
		}
		act.After(req.Facts)
		return insertEstate(ctx, tx, act, community, req.Facts)
	})
}

// lot is where an estate is to be put, as far as that is known.
type lot struct {
	district    District
	subDistrict SubDistrict
	community   Community
}

// node is the lowest level that is known: the act is judged there.
func (l lot) node() int64 {
	switch {
	case l.community.NodeID != 0:
		return l.community.NodeID
	case l.subDistrict.NodeID != 0:
		return l.subDistrict.NodeID
	}
	return l.district.NodeID
}

func findLot(ctx context.Context, r postgres.Reader, s access.Scope, subDistrict, community int64) (lot, error) {
	var l lot
	err := r.Get(ctx, &l.district, queries.Get("district_by_id"), scoped(s, nil))
	if err != nil {
		return l, orNotFound(err, districtNotFound)
	}
	if community != 0 {
		err := r.Get(ctx, &l.community, queries.Get("community_by_id"), scoped(s, map[string]any{"community": community}))
		if err == nil && subDistrict != 0 && subDistrict != l.community.SubDistrictID {
			return l, invalid("community_elsewhere", "这个社区不属于所选的街道。", "community_id")
		}
		return l, orNotFound(err, communityNotFound)
	}
	if subDistrict != 0 {
		err := r.Get(ctx, &l.subDistrict, queries.Get("sub_district_by_id"), scoped(s, map[string]any{"sub_district": subDistrict}))
		return l, orNotFound(err, subDistrictNotFound)
	}
	return l, nil
}

// complete finds or makes the placeholders that the lot lacks.
func (l lot) complete(ctx context.Context, tx postgres.Tx, act *access.Record) (Community, error) {
	if l.community.CommunityID != 0 {
		return l.community, nil
	}
	if err := lockRegister(ctx, tx, act.District); err != nil {
		return Community{}, err
	}
	if l.subDistrict.SubDistrictID == 0 {
		var err error
		if l.subDistrict, err = ensureSubDistrict(ctx, tx, act, l.district.NodeID, Unspecified); err != nil {
			return Community{}, err
		}
	}
	return ensureCommunity(ctx, tx, act, l.subDistrict, Unspecified)
}

// ensureSubDistrict finds a sub-district by name or makes it; the register is
// locked.
func ensureSubDistrict(ctx context.Context, tx postgres.Tx, act *access.Record, root int64, name string) (SubDistrict, error) {
	var found SubDistrict
	err := tx.Get(ctx, &found, queries.Get("sub_district_named"), scoped(scopeOf(act), map[string]any{"name": name}))
	if errors.Is(err, postgres.ErrNoRow) {
		return insertSubDistrict(ctx, tx, act, root, name)
	}
	return found, err
}

func ensureCommunity(ctx context.Context, tx postgres.Tx, act *access.Record, parent SubDistrict, name string) (Community, error) {
	var found Community
	arg := scoped(scopeOf(act), map[string]any{"sub_district": parent.SubDistrictID, "name": name})
	err := tx.Get(ctx, &found, queries.Get("community_named"), arg)
	if errors.Is(err, postgres.ErrNoRow) {
		return insertCommunity(ctx, tx, act, parent, name)
	}
	return found, err
}

func (f Facts) args(district int64, act *access.Record) map[string]any {
	return map[string]any{
		"district": district, "act": act.ActID, "name": f.Name, "address": f.Address, "built_year": f.BuiltYear,
		"renovation_class": string(f.RenovationClass), "renovation_cost": f.RenovationCost, "completion_date": f.CompletionDate,
		"has_lift": f.HasLift, "buildings_stated": f.Buildings, "stairs_stated": f.Stairs, "units_stated": f.Units,
		"area_stated": f.Area, "source": f.Source,
	}
}

func estateExists() error {
	return fault.Conflict("estate.estate_exists", "这个社区下已有同名的小区。").At("name")
}

func insertEstate(ctx context.Context, tx postgres.Tx, act *access.Record, community Community, f Facts) (EstateCreated, error) {
	var done EstateCreated
	var err error
	if done.NodeID, err = access.AddNode(ctx, tx, act.District, access.EstateNode, f.Name, []int64{community.NodeID}, act.Today); err != nil {
		return done, err
	}
	arg := f.args(act.District, act)
	arg["community"], arg["node"] = community.CommunityID, done.NodeID
	err = tx.Get(ctx, &done.EstateID, queries.Get("insert_estate"), arg)
	if postgres.Violates(err, "estate_name") {
		return done, estateExists()
	}
	return done, err
}

// CorrectEstate replaces the facts of an estate. Refused: estate.estate_exists.
func (s *Service) CorrectEstate(ctx context.Context, actor access.Actor, key string, req CorrectEstate) (access.Outcome[struct{}], error) {
	if err := req.check(s.Gate.Clock.Today()); err != nil {
		return access.Outcome[struct{}]{}, err
	}
	p, err := s.atEstate(ctx, actor, req.District, req.EstateID)
	if err != nil {
		return access.Outcome[struct{}]{}, err
	}
	c := access.Command{Actor: actor, District: req.District, Node: p.NodeID, Permission: access.RegisterImport,
		UseCase: "estate.correct_estate", Key: key, Request: req}
	return access.Act(ctx, s.Gate, c, func(ctx context.Context, tx postgres.Tx, act *access.Record) (struct{}, error) {
		scope := scopeOf(act)
		if err := lock(ctx, tx, "lock_estate", scope, "estate", req.EstateID, estateNotFound); err != nil {
			return struct{}{}, err
		}
		var before Facts
		if err := tx.Get(ctx, &before, queries.Get("estate_facts"), scoped(scope, map[string]any{"estate": req.EstateID})); err != nil {
			return struct{}{}, err
		}
		act.Before(before)
		act.After(req.Facts)
		return struct{}{}, updateEstate(ctx, tx, act, req.EstateID, req.Facts)
	})
}

func updateEstate(ctx context.Context, tx postgres.Tx, act *access.Record, estate int64, f Facts) error {
	arg := f.args(act.District, act)
	arg["estate"] = estate
	_, err := tx.Exec(ctx, queries.Get("update_estate"), arg)
	if postgres.Violates(err, "estate_name") {
		return estateExists()
	}
	return err
}

// PlaceEstate moves an estate out from under a placeholder. Refused: where it is
// placed already (estate.placed), estate.estate_exists.
func (s *Service) PlaceEstate(ctx context.Context, actor access.Actor, key string, req PlaceEstate) (access.Outcome[struct{}], error) {
	p, err := s.atEstate(ctx, actor, req.District, req.EstateID)
	if err != nil {
		return access.Outcome[struct{}]{}, err
	}
	c := access.Command{Actor: actor, District: req.District, Node: p.NodeID, Permission: access.RegisterImport,
		UseCase: "estate.place_estate", Key: key, Request: req}
	return access.Act(ctx, s.Gate, c, func(ctx context.Context, tx postgres.Tx, act *access.Record) (struct{}, error) {
		scope := scopeOf(act)
		if err := lock(ctx, tx, "lock_estate", scope, "estate", req.EstateID, estateNotFound); err != nil {
			return struct{}{}, err
		}
		now, err := estatePlace(ctx, tx, scope, req.EstateID)
		if err != nil {
			return struct{}{}, err
		}
		if !now.Unplaced {
			return struct{}{}, fault.Conflict("estate.placed", "这个小区的街道和社区已经登记，不能再改。").At("community_id")
		}
		var to Community
		err = tx.Get(ctx, &to, queries.Get("community_by_id"), scoped(scope, map[string]any{"community": req.CommunityID}))
		if err != nil {
			return struct{}{}, orNotFound(err, communityNotFound)
		}
		act.Before(map[string]int64{"community_id": now.CommunityID})
		act.After(map[string]int64{"community_id": to.CommunityID})
		return struct{}{}, moveEstate(ctx, tx, act, now, to)
	})
}

// moveEstate hangs an estate under another community, from today on.
func moveEstate(ctx context.Context, tx postgres.Tx, act *access.Record, from place, to Community) error {
	_, err := tx.Exec(ctx, queries.Get("place_estate"), map[string]any{
		"district": act.District, "estate": from.EstateID, "community": to.CommunityID, "act": act.ActID,
	})
	if postgres.Violates(err, "estate_name") {
		return estateExists()
	}
	if err != nil {
		return err
	}
	// The old link's last day is today, because it may have begun today; one day
	// under both parents harms nobody.
	if err := access.EndLink(ctx, tx, act.District, from.NodeID, from.CommunityNode, act.Today); err != nil {
		return err
	}
	return access.Link(ctx, tx, act.District, from.NodeID, to.NodeID, act.Today)
}
