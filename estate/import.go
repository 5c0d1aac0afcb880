package estate

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"
	"unicode/utf8"

	"estateledger/access"
	"estateledger/civil"
	"estateledger/fault"
	"estateledger/postgres"
	"estateledger/sheet"
)

// ImportKind is what a file brings.
type ImportKind string

// The kinds of files.
const (
	ImportEstates ImportKind = "estates"
	ImportUnits   ImportKind = "units"
	ImportOwners  ImportKind = "owners"
)

// ImportKindNames gives the Chinese name of each kind.
var ImportKindNames = map[ImportKind]string{ImportEstates: "小区", ImportUnits: "房屋", ImportOwners: "业主"}

const (
	// maxImportBytes bounds an upload; the register of a district stays far below.
	maxImportBytes = 20 << 20
	// importDeadline bounds a dry run or an import.
	importDeadline = 5 * time.Minute
	// mostRefusals bounds the bad cells that an import's refusal lists.
	mostRefusals = 200
)

// Upload is a file that was uploaded and waits for its dry run.
type Upload struct {
	FileID int64  `json:"file_id,string"`
	SHA256 string `json:"sha256"`
}

// UploadImport keeps a file between dry run and import; only its uploader can
// read it. node 0 means the actor's own place. Refused: estate.import_kind,
// estate.file_empty, estate.file_too_large, access.forbidden.
func (s *Service) UploadImport(ctx context.Context, actor access.Actor, district, node int64, kind ImportKind, name string, content []byte) (Upload, error) {
	switch {
	case ImportKindNames[kind] == "":
		return Upload{}, invalid("import_kind", "请选择要导入的是小区、房屋还是业主。", "kind")
	case len(content) == 0:
		return Upload{}, invalid("file_empty", "文件是空的。", "file")
	case len(content) > maxImportBytes:
		return Upload{}, fault.TooLarge("estate.file_too_large", "文件超过 20 MB，请分成几个文件导入。").At("file")
	}
	if utf8.RuneCountInString(name) > 200 || !utf8.ValidString(name) {
		name = "upload"
	}
	scope := s.Gate.Scope(actor, district)
	if _, err := s.importPlace(ctx, scope, node); err != nil {
		return Upload{}, err
	}
	sum := sha256.Sum256(content)
	up := Upload{SHA256: hex.EncodeToString(sum[:])}
	err := s.Gate.DB.Housekeep(ctx, "upload", func(tx postgres.Tx) error {
		return tx.Get(ctx, &up.FileID, queries.Get("insert_import_file"), map[string]any{
			"district": district, "kind": string(kind), "name": name, "sha256": sum[:], "content": content, "user": actor.UserID,
		})
	})
	return up, err
}

// PurgeUploads removes files uploaded before a moment and answers how many.
func PurgeUploads(ctx context.Context, db *postgres.DB, before time.Time) (removed int64, err error) {
	err = db.Housekeep(ctx, "upload", func(tx postgres.Tx) error {
		removed, err = tx.Exec(ctx, queries.Get("purge_import_files"), map[string]any{"before": before})
		return err
	})
	return removed, err
}

// ImportRequest is what a dry run and an import take. NodeID is the district,
// sub-district, community, company or estate that the file is about, 0 the
// actor's own place. EffectiveFrom is the day from which corrections hold whose
// row names none.
type ImportRequest struct {
	District      int64      `json:"district_id,string"`
	NodeID        int64      `json:"node_id,string"`
	FileID        int64      `json:"file_id,string"`
	EffectiveFrom civil.Date `json:"effective_from"`
}

// FieldChange is one field that an import sets otherwise.
type FieldChange struct {
	Field string `json:"field"`
	Old   string `json:"old"`
	New   string `json:"new"`
}

// ImportLine is a line of the file that creates or changes something.
type ImportLine struct {
	Row     int           `json:"row"`
	What    string        `json:"what"`
	Created bool          `json:"created"`
	Changes []FieldChange `json:"changes"`
}

// ImportCounts are the lines of a file by what they do. Refused lines keep the
// whole file out.
type ImportCounts struct {
	Rows      int `json:"rows"`
	Created   int `json:"created"`
	Changed   int `json:"changed"`
	Unchanged int `json:"unchanged"`
	Refused   int `json:"refused"`
}

// ImportReport is what a file would do.
type ImportReport struct {
	Kind     ImportKind `json:"kind"`
	FileName string     `json:"file_name"`
	SHA256   string     `json:"sha256"`
	ImportCounts
	Lines []ImportLine `json:"lines"`
	// Bad are the cells that keep lines out, by row.
	Bad []fault.Detail `json:"bad"`
	// UnknownColumns are headers that mean nothing to this kind of file.
	UnknownColumns []string `json:"unknown_columns"`
	// Tail are the lines from the sum (合计) on, which were not read.
	Tail []string `json:"tail"`
}

// ImportResult is the answer of an import.
type ImportResult struct {
	Kind   ImportKind `json:"kind"`
	SHA256 string     `json:"sha256"`
	ImportCounts
}

// importPlace is the place an import stands at and the levels it fixes.
type importPlace struct {
	NodeID          int64  `db:"node_id"`
	Kind            string `db:"kind"`
	Name            string `db:"name"`
	DistrictName    string `db:"district_name"`
	DistrictNode    int64  `db:"district_node"`
	SubDistrictName string `db:"sub_district_name"`
	CommunityName   string `db:"community_name"`
}

func (s *Service) importPlace(ctx context.Context, scope access.Scope, node int64) (importPlace, error) {
	var p importPlace
	err := access.View(ctx, s.Gate, func(ctx context.Context, r postgres.Reader) (err error) {
		p, err = readImportPlace(ctx, r, scope, node)
		return err
	})
	return p, err
}

func readImportPlace(ctx context.Context, r postgres.Reader, scope access.Scope, node int64) (importPlace, error) {
	var p importPlace
	if node == 0 {
		err := r.Get(ctx, &node, queries.Get("own_import_node"), scoped(scope, nil))
		if err != nil {
			return p, orNotFound(err, access.Forbidden)
		}
	}
	err := r.Get(ctx, &p, queries.Get("import_place"), scoped(scope, map[string]any{"node": node}))
	return p, orNotFound(err, access.Forbidden)
}

// DryRunImport says what a file would create, change and refuse, and writes
// nothing.
func (s *Service) DryRunImport(ctx context.Context, actor access.Actor, req ImportRequest) (ImportReport, error) {
	ctx, cancel := context.WithTimeout(ctx, importDeadline)
	defer cancel()
	var report ImportReport
	err := access.View(ctx, s.Gate, func(ctx context.Context, r postgres.Reader) error {
		p, _, err := planImport(ctx, r, s.Gate.Scope(actor, req.District), req)
		if p != nil {
			report = p.report
		}
		return err
	})
	return report, err
}

// ApplyImport takes a file in: all of it, or nothing. Refused: what the dry run
// refuses (estate.import_refused, with the bad cells).
func (s *Service) ApplyImport(ctx context.Context, actor access.Actor, key string, req ImportRequest) (access.Outcome[ImportResult], error) {
	ctx, cancel := context.WithTimeout(ctx, importDeadline)
	defer cancel()
	at, err := s.importPlace(ctx, s.Gate.Scope(actor, req.District), req.NodeID)
	if err != nil {
		return access.Outcome[ImportResult]{}, err
	}
	req.NodeID = at.NodeID
	c := access.Command{Actor: actor, District: req.District, Node: at.NodeID, Permission: access.RegisterImport,
		UseCase: "estate.import", Key: key, Request: req}
	return access.Act(ctx, s.Gate, c, func(ctx context.Context, tx postgres.Tx, act *access.Record) (ImportResult, error) {
		if err := lockRegister(ctx, tx, act.District); err != nil {
			return ImportResult{}, err
		}
		p, subject, err := planImport(ctx, tx, scopeOf(act), req)
		if err != nil {
			return ImportResult{}, err
		}
		if p.report.Refused > 0 {
			return ImportResult{}, p.refusal()
		}
		done := ImportResult{p.report.Kind, p.report.SHA256, p.report.ImportCounts}
		act.After(done)
		return done, subject.write(ctx, tx, act, p)
	})
}

// refusal is the refusal of a file with bad cells.
func (p *importPlan) refusal() error {
	bad := p.report.Bad
	return fault.Invalid("estate.import_refused", fmt.Sprintf("有 %d 行不能导入，整个文件都没有导入。请改好后再传。", p.report.Refused)).
		At("file").With(bad[:min(len(bad), mostRefusals)]...)
}

// importFile is an upload as it is kept.
type importFile struct {
	FileID  int64      `db:"file_id"`
	Kind    ImportKind `db:"kind"`
	Name    string     `db:"name"`
	SHA256  []byte     `db:"sha256"`
	Content []byte     `db:"content"`
}

func readImportFile(ctx context.Context, r postgres.Reader, scope access.Scope, file int64) (importFile, error) {
	var f importFile
	err := r.Get(ctx, &f, queries.Get("import_file"), scoped(scope, map[string]any{"file": file}))
	if errors.Is(err, postgres.ErrNoRow) {
		err = fault.NotFound("estate.file_not_found", "上传的文件已经不在了，请重新上传。").At("file")
	}
	return f, err
}

// Layout is the layout of a kind's files, for templates.
func (k ImportKind) Layout() (sheet.Layout, bool) {
	layout, known := importLayouts[k]
	return layout, known
}
