package postgres

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"path"
	"slices"
	"strings"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"estateledger"
	"estateledger/migrations"
)

var (
	// ErrNewerSchema says that the database was migrated by a later release.
	ErrNewerSchema = errors.New("数据库结构比本程序新，请使用更新版本的程序 (the schema is newer than this program)")
	// ErrOlderSchema says that migrate has not been run for this release.
	ErrOlderSchema = errors.New("数据库结构比本程序旧，请先运行 estateledger migrate (the schema is older than this program)")
	// ErrPooler says that migrations were pointed at a connection pooler.
	ErrPooler = errors.New("迁移需要直接连接数据库，不能经过连接池 (migrations need a direct connection, not a pooler): set DATABASE_OWNER_URL to the server itself")
)

const versionTable = "schema_version"

// Migrate brings the schema to this program's state, as the owner: the numbered
// migrations under a session lock, the functions of all rooms whose text
// changed, and appRole's rights, which afterwards are those of
// migrations.Catalogue and no others. It may be run again at any time.
// progress gets a line per step; nil keeps silent.
func Migrate(ctx context.Context, ownerDSN, appRole string, progress func(line string)) error {
	if progress == nil {
		progress = func(string) {}
	}
	db, err := openDirect(ctx, ownerDSN)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	if err := runMigrations(ctx, db, progress); err != nil {
		return err
	}
	if err := applyFunctions(ctx, db, progress); err != nil {
		return err
	}
	return grantCatalogue(ctx, db, appRole)
}

// openDirect connects with a setting of our own in the startup message: a
// pooler refuses it or does not pass it on, and that is how one is told. The
// session lock of the migrations would be void behind a pooler.
func openDirect(ctx context.Context, dsn string) (*sqlx.DB, error) {
	cfg, err := parseDSN(dsn, "estateledger migrate")
	if err != nil {
		return nil, err
	}
	cfg.Runtime["estateledger.direct"] = "yes"
	db, err := openPool(cfg, 4)
	if err != nil {
		return nil, err
	}
	var facts struct {
		Version int    `db:"version"`
		Direct  string `db:"direct"`
	}
	err = db.GetContext(ctx, &facts, adminQueries.Get("server_facts").q.sql)
	switch e := pq.As(err); {
	case e != nil && strings.Contains(e.Message, "startup parameter"):
		err = ErrPooler
	case err != nil:
		err = fmt.Errorf("postgres: cannot connect for migrations: %w", err)
	case facts.Direct != "yes":
		err = ErrPooler
	case facts.Version < oldestMajor*10000:
		err = fmt.Errorf("PostgreSQL 版本过旧 (server_version_num %d)，需要 %d 或更新版本", facts.Version, oldestMajor)
	}
	if err != nil {
		_ = db.Close()
		return nil, err
	}
	return db, nil
}

func provider(db *sqlx.DB) (*goose.Provider, error) {
	locker, err := lock.NewPostgresSessionLocker()
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(goose.DialectPostgres, db.DB, migrations.Files,
		goose.WithSessionLocker(locker), goose.WithTableName(versionTable),
		goose.WithDisableGlobalRegistry(true), goose.WithSlog(slog.New(slog.DiscardHandler)))
}

func runMigrations(ctx context.Context, db *sqlx.DB, progress func(string)) error {
	p, err := provider(db)
	if err != nil {
		return fmt.Errorf("postgres: %w", err)
	}
	have, err := storedVersion(ctx, db)
	if err != nil {
		return err
	}
	if have > SchemaVersion() {
		return ErrNewerSchema
	}
	results, err := p.Up(ctx)
	for _, r := range results {
		progress(fmt.Sprintf("迁移 (migrated) %s", path.Base(r.Source.Path)))
	}
	if err != nil {
		return fmt.Errorf("postgres: migrate: %w", err)
	}
	return nil
}

func storedVersion(ctx context.Context, db sqlx.QueryerContext) (int64, error) {
	var exists bool
	err := sqlx.GetContext(ctx, db, &exists, adminQueries.Get("schema_exists").q.sql)
	if err != nil || !exists {
		return 0, err
	}
	var version int64
	err = sqlx.GetContext(ctx, db, &version, adminQueries.Get("schema_version").q.sql)
	return version, err
}

// SchemaVersion is the number of the last migration this program carries.
func SchemaVersion() int64 {
	files, _ := fs.Glob(migrations.Files, "*.sql")
	var newest int64
	for _, f := range files {
		if v, err := goose.NumericComponent(f); err == nil {
			newest = max(newest, v)
		}
	}
	return newest
}

// CheckSchema compares the database's schema with the program's: ErrOlderSchema,
// ErrNewerSchema or nil. The functions' texts count too: another text is older.
func CheckSchema(ctx context.Context, db *DB) error {
	return db.Read(ctx, func(r Reader) error {
		s := r.(*session)
		have, err := storedVersion(ctx, s.tx)
		switch {
		case err != nil:
			return s.note(err)
		case have > SchemaVersion():
			return ErrNewerSchema
		case have < SchemaVersion():
			return ErrOlderSchema
		}
		applied, err := appliedFunctions(ctx, s.tx)
		if err != nil {
			return s.note(err)
		}
		files, err := functionFiles()
		if err != nil {
			return err
		}
		for _, f := range files {
			if applied[f.name] != f.hash {
				return ErrOlderSchema
			}
		}
		return nil
	})
}

type functionFile struct{ name, text, hash string }

// functionFiles lists the rooms' fn_*.sql so that a file comes after those it
// calls: from the ground up, then by name.
func functionFiles() ([]functionFile, error) {
	ground := []string{"postgres", "ledger/money", "access", "ledger", "receivable"}
	rank := func(file string) int {
		if at := slices.Index(ground, path.Dir(file)); at >= 0 {
			return at
		}
		return len(ground)
	}
	var files []functionFile
	err := fs.WalkDir(estateledger.Functions, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := fs.ReadFile(estateledger.Functions, p)
		sum := sha256.Sum256(text)
		files = append(files, functionFile{p, string(text), hex.EncodeToString(sum[:])})
		return err
	})
	slices.SortFunc(files, func(a, b functionFile) int {
		if r := rank(a.name) - rank(b.name); r != 0 {
			return r
		}
		return strings.Compare(a.name, b.name)
	})
	return files, err
}

func appliedFunctions(ctx context.Context, db sqlx.QueryerContext) (map[string]string, error) {
	var rows []struct {
		File string `db:"file"`
		Hash string `db:"hash"`
	}
	if err := sqlx.SelectContext(ctx, db, &rows, adminQueries.Get("applied_functions").q.sql); err != nil {
		return nil, err
	}
	applied := make(map[string]string, len(rows))
	for _, r := range rows {
		applied[r.File] = r.Hash
	}
	return applied, nil
}

// applyFunctions runs the files whose text is not the applied one, all in one
// transaction. A file that changes a function's result type must drop it first.
func applyFunctions(ctx context.Context, db *sqlx.DB, progress func(string)) error {
	files, err := functionFiles()
	if err != nil {
		return err
	}
	tx, err := db.BeginTxx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	if _, err := tx.ExecContext(ctx, fill("create_schema_function")); err != nil {
		return err
	}
	applied, err := appliedFunctions(ctx, tx)
	if err != nil {
		return err
	}
	for _, f := range files {
		if applied[f.name] == f.hash {
			continue
		}
		for _, statement := range splitStatements(f.text) {
			if _, err := tx.ExecContext(ctx, statement); err != nil {
				return fmt.Errorf("postgres: %s: %w", f.name, err)
			}
		}
		if _, err := tx.ExecContext(ctx, adminQueries.Get("record_function").q.sql, f.name, f.hash); err != nil {
			return err
		}
		progress("函数 (functions) " + f.name)
	}
	return tx.Commit()
}

func grantCatalogue(ctx context.Context, db *sqlx.DB, appRole string) error {
	type grant struct {
		Name    string   `json:"name"`
		Writes  []string `json:"writes"`
		Columns []string `json:"columns"`
	}
	grants := make([]grant, len(migrations.Catalogue))
	for i, t := range migrations.Catalogue {
		grants[i] = grant{t.Name, nonNil(t.Writes), nonNil(t.Columns)}
	}
	text, err := json.Marshal(grants)
	if err != nil {
		return err
	}
	tx, err := db.BeginTxx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	if _, err := tx.ExecContext(ctx, adminQueries.Get("grant_catalogue").q.sql, appRole, string(text)); err != nil {
		return fmt.Errorf("postgres: grants of the catalogue: %w", err)
	}
	return tx.Commit()
}

func nonNil(s []string) []string {
	if s == nil {
		return []string{}
	}
	return s
}
