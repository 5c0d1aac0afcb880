package estate

import (
	"context"
	"errors"

	"github.com/shopspring/decimal"

	"estateledger/access"
	"estateledger/civil"
	"estateledger/fault"
	"estateledger/postgres"
)

func districtNotFound() error {
	return fault.NotFound("estate.district_not_found", "没有这个区，或者它不在您的权限范围内。")
}

// Districts lists the districts in which the actor sees anything.
func (s *Service) Districts(ctx context.Context, actor access.Actor) ([]District, error) {
	list := []District{}
	err := s.selects(ctx, &list, "districts", s.Gate.Scope(actor, 0), nil)
	return list, err
}

// District is one district, if the actor sees anything in it.
func (s *Service) District(ctx context.Context, actor access.Actor, district int64) (District, error) {
	var d District
	err := access.View(ctx, s.Gate, func(ctx context.Context, r postgres.Reader) error {
		return orNotFound(r.Get(ctx, &d, queries.Get("district_by_id"), scoped(s.Gate.Scope(actor, district), nil)), districtNotFound)
	})
	return d, err
}

// SubDistricts lists the sub-districts in the actor's scope.
func (s *Service) SubDistricts(ctx context.Context, actor access.Actor, district int64) ([]SubDistrict, error) {
	list := []SubDistrict{}
	err := s.selects(ctx, &list, "sub_districts", s.Gate.Scope(actor, district), nil)
	return list, err
}

// Communities lists the communities in the actor's scope.
func (s *Service) Communities(ctx context.Context, actor access.Actor, district int64) ([]Community, error) {
	list := []Community{}
	err := s.selects(ctx, &list, "communities", s.Gate.Scope(actor, district), nil)
	return list, err
}

// Companies lists the property companies in the actor's scope, or all of the
// district for who records takeovers for a whole street or district.
func (s *Service) Companies(ctx context.Context, actor access.Actor, district int64) ([]Company, error) {
	list := []Company{}
	err := s.selects(ctx, &list, "companies", s.Gate.Scope(actor, district), map[string]any{"company": 0})
	return list, err
}

func (s *Service) selects(ctx context.Context, dest any, query string, scope access.Scope, more map[string]any) error {
	return access.View(ctx, s.Gate, func(ctx context.Context, r postgres.Reader) error {
		return r.Select(ctx, dest, queries.Get(query), scoped(scope, more))
	})
}

// EstateFilter narrows a list of estates; zero fields do not. On is the day whose
// company and areas are shown, today when zero. After is the last estate of the
// page before.
type EstateFilter struct {
	SubDistrictID int64      `json:"sub_district_id,string"`
	CommunityID   int64      `json:"community_id,string"`
	CompanyID     int64      `json:"company_id,string"`
	Text          string     `json:"text"`
	Incomplete    bool       `json:"incomplete"`
	On            civil.Date `json:"on"`
	After         Cursor     `json:"after"`
	Limit         int        `json:"limit"`
}

// Cursor is where a page of estates ended.
type Cursor struct {
	Name     string `json:"name"`
	EstateID int64  `json:"estate_id,string"`
}

// pageSize keeps a page between 1 and 200 rows, 50 when nothing was asked for.
func pageSize(asked int) int {
	if asked <= 0 {
		return 50
	}
	return min(asked, 200)
}

// EstateList is a page of the estates in the actor's scope, by name.
func (s *Service) EstateList(ctx context.Context, actor access.Actor, district int64, f EstateFilter) ([]Estate, error) {
	list := []Estate{}
	err := s.selects(ctx, &list, "estates", s.Gate.Scope(actor, district), f.args(s.Gate.Clock.Today()))
	return list, err
}

func (f EstateFilter) args(today civil.Date) map[string]any {
	return map[string]any{
		"estate": 0, "sub_district": f.SubDistrictID, "community": f.CommunityID, "company": f.CompanyID, "text": tidy(f.Text),
		"incomplete": f.Incomplete, "on": onOr(f.On, today), "after_name": f.After.Name, "after_id": f.After.EstateID, "limit": pageSize(f.Limit),
	}
}

func onOr(on, today civil.Date) civil.Date {
	if on.IsZero() {
		return today
	}
	return on
}

// EstateFile is everything the register says of an estate on a day.
type EstateFile struct {
	Estate
	Missing   []string          `json:"missing"`
	Takeover  *Takeover         `json:"takeover"` // nil: not taken over by then
	Takeovers []Takeover        `json:"takeovers"`
	Contracts []ServiceContract `json:"contracts"`
	// Buildings counts the registered ones.
	Buildings int `json:"buildings"`
}

// EstateFile shows an estate as it stood on a day, today when zero.
func (s *Service) EstateFile(ctx context.Context, actor access.Actor, district, estate int64, on civil.Date) (EstateFile, error) {
	var file EstateFile
	scope := s.Gate.Scope(actor, district)
	err := access.View(ctx, s.Gate, func(ctx context.Context, r postgres.Reader) (err error) {
		file = EstateFile{}
		arg := EstateFilter{On: on, Limit: 1}.args(scope.Today)
		arg["estate"] = estate
		var found []Estate
		if err := r.Select(ctx, &found, queries.Get("estates"), scoped(scope, arg)); err != nil {
			return err
		}
		if len(found) == 0 {
			return estateNotFound()
		}
		file.Estate = found[0]
		file.Missing = found[0].Missing()
		if file.Takeovers, err = readTakeovers(ctx, r, scope, estate, civil.Date{}); err != nil {
			return err
		}
		t, err := takeoverOn(ctx, r, scope, estate, onOr(on, scope.Today))
		switch {
		case err == nil:
			file.Takeover = &t
		case !errors.Is(err, NotTakenOver()):
			return err
		}
		if file.Contracts, err = readContracts(ctx, r, scope, estate); err != nil {
			return err
		}
		levels, err := readLevels(ctx, r, scope, []int64{estate})
		file.Buildings = len(levels.buildings)
		return err
	})
	return file, err
}

// TakeoverAsOf is the takeover in force on a day, today when zero, with its
// checklist as it stood then. Refused: estate.not_taken_over.
func (s *Service) TakeoverAsOf(ctx context.Context, actor access.Actor, district, estate int64, on civil.Date) (Takeover, error) {
	var t Takeover
	scope := s.Gate.Scope(actor, district)
	err := access.View(ctx, s.Gate, func(ctx context.Context, r postgres.Reader) (err error) {
		if _, err := estatePlace(ctx, r, scope, estate); err != nil {
			return err
		}
		t, err = takeoverOn(ctx, r, scope, estate, onOr(on, scope.Today))
		return err
	})
	return t, err
}

func takeoverOn(ctx context.Context, r postgres.Reader, s access.Scope, estate int64, on civil.Date) (Takeover, error) {
	takeovers, err := readTakeovers(ctx, r, s, estate, on)
	if err != nil {
		return Takeover{}, err
	}
	if len(takeovers) == 0 {
		return Takeover{}, NotTakenOver()
	}
	t := takeovers[0]
	var lines []ChecklistLine
	if err := r.Select(ctx, &lines, queries.Get("takeover_items"), scoped(s, map[string]any{"takeover": t.TakeoverID, "on": on})); err != nil {
		return t, err
	}
	t.Items = inListOrder(lines)
	return t, nil
}

// inListOrder puts lines in the order of the printed list and names them.
func inListOrder(lines []ChecklistLine) []ChecklistLine {
	byCode := make(map[string]ChecklistLine, len(lines))
	for _, l := range lines {
		byCode[l.Item] = l
	}
	ordered := []ChecklistLine{}
	for _, item := range ChecklistItems {
		if l, has := byCode[item.Code]; has {
			l.Name = item.Name
			ordered = append(ordered, l)
		}
	}
	return ordered
}

// Heads are the numbers a vote of owners is counted on (Civil Code art. 278).
type Heads struct {
	Units             int64           `db:"units" json:"units"`
	Heads             int64           `db:"heads" json:"heads"`
	UnitsWithoutOwner int64           `db:"units_without_owner" json:"units_without_owner"`
	Area              decimal.Decimal `db:"area" json:"area"` // m²
	UnitsWithoutArea  int64           `db:"units_without_area" json:"units_without_area"`
}

// HeadsCount counts the heads of an estate on a day, today when zero (rule 12).
func (s *Service) HeadsCount(ctx context.Context, actor access.Actor, district, estate int64, on civil.Date) (Heads, error) {
	var h Heads
	scope := s.Gate.Scope(actor, district)
	err := access.View(ctx, s.Gate, func(ctx context.Context, r postgres.Reader) error {
		if _, err := estatePlace(ctx, r, scope, estate); err != nil {
			return err
		}
		return r.Get(ctx, &h, queries.Get("heads"), scoped(scope, map[string]any{"estate": estate, "on": onOr(on, scope.Today)}))
	})
	return h, err
}

// EstatePlace is an estate as a list to choose from shows it.
type EstatePlace struct {
	EstateID        int64  `db:"estate_id"`
	NodeID          int64  `db:"node_id"`
	Name            string `db:"name"`
	SubDistrictName string `db:"sub_district_name"`
}

// EstatePlaces lists every estate in the actor's scope, by sub-district and name.
func (s *Service) EstatePlaces(ctx context.Context, actor access.Actor, district int64) ([]EstatePlace, error) {
	list := []EstatePlace{}
	err := s.selects(ctx, &list, "estate_places", s.Gate.Scope(actor, district), nil)
	return list, err
}

// MissingPaper is a thing that the takeover in force of an estate still lacks.
type MissingPaper struct {
	EstateID   int64      `db:"estate_id"`
	EstateName string     `db:"estate_name"`
	Item       string     `db:"item"`
	Since      civil.Date `db:"noted_on"`
}

// Name is the thing as the printed list calls it.
func (m MissingPaper) Name() string {
	name, _ := ChecklistName(m.Item)
	return name
}

// MissingPapers lists what the takeovers in force lack, by estate.
func (s *Service) MissingPapers(ctx context.Context, actor access.Actor, district int64) ([]MissingPaper, error) {
	list := []MissingPaper{}
	err := s.selects(ctx, &list, "missing_papers", s.Gate.Scope(actor, district), nil)
	return list, err
}
