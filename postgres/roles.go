package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// NoCreateRoleError says that the owner's URL may not create the service's
// role. SQL holds the statements for somebody who may.
type NoCreateRoleError struct{ SQL string }

func (e *NoCreateRoleError) Error() string {
	return "数据库所有者无权建立服务账号，请由管理员执行以下语句，再把 DATABASE_URL 设为该账号 " +
		"(the owner lacks CREATEROLE; have this run by an administrator and set DATABASE_URL to the new role):\n" + e.SQL
}

// EnsureRoles is for an installation that was given the owner's URL only. It
// makes a role for the service beside it, keeps its password in the data folder
// (0600) and returns the DSN and the role's name. The role's name carries a
// random suffix, because roles are shared by all databases of a cluster. Without
// CREATEROLE it returns a *NoCreateRoleError.
func EnsureRoles(ctx context.Context, ownerDSN, dataDir string) (appDSN, appRole string, err error) {
	cfg, err := parseDSN(ownerDSN, "estateledger")
	if err != nil {
		return "", "", err
	}
	if err := makeFolder(dataDir); err != nil {
		return "", "", err
	}
	path := filepath.Join(dataDir, "service-role.json")
	known, err := loadLogins(path)
	if err != nil {
		return "", "", err
	}
	db, err := openPool(cfg, 1)
	if err != nil {
		return "", "", err
	}
	defer func() { _ = db.Close() }()
	// The key is what stays when the server fails over to another host.
	key := cfg.Database + " " + cfg.User
	login, ok := known[key]
	if !ok {
		login = serviceLogin{Role: cfg.Database + "_app_" + strings.ToLower(newPassword()[:6]), Password: newPassword()}
		known[key] = login
		if err := mayCreateRoles(ctx, db, cfg.Database, login); err != nil {
			return "", "", err
		}
		if err := writeSecret(path, known); err != nil {
			return "", "", err
		}
	}
	if err := createLogin(ctx, db, login.Role, login.Password); err != nil {
		return "", "", fmt.Errorf("postgres: cannot create the role %s: %w", login.Role, err)
	}
	allow := fill("allow_connect", "database", pq.QuoteIdentifier(cfg.Database), "role", pq.QuoteIdentifier(login.Role))
	if err := inOneTransaction(ctx, db, []string{allow}); err != nil {
		return "", "", err
	}
	appDSN, err = asLogin(ownerDSN, login.Role, login.Password)
	return appDSN, login.Role, err
}

type serviceLogin struct{ Role, Password string }

func loadLogins(path string) (map[string]serviceLogin, error) {
	known := map[string]serviceLogin{}
	text, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return known, nil
	}
	if err == nil {
		err = json.Unmarshal(text, &known)
	}
	return known, err
}

func mayCreateRoles(ctx context.Context, db *sqlx.DB, database string, login serviceLogin) error {
	var may bool
	if err := db.GetContext(ctx, &may, adminQueries.Get("may_create_roles").q.sql); err != nil {
		return err
	}
	if may {
		return nil
	}
	role := pq.QuoteIdentifier(database + "_app")
	return &NoCreateRoleError{SQL: strings.Join([]string{
		fill("create_role", "role", role, "password", pq.QuoteLiteral(login.Password)),
		fill("bound_lock_waits", "role", role),
		fill("bound_idle_transactions", "role", role),
		fill("allow_connect", "database", pq.QuoteIdentifier(database), "role", role),
	}, ";\n") + ";"}
}

// asLogin rewrites the owner's DSN for another login and keeps all the rest
// (several hosts, certificates, target_session_attrs).
func asLogin(dsn, role, password string) (string, error) {
	if strings.HasPrefix(dsn, "postgres://") || strings.HasPrefix(dsn, "postgresql://") {
		var err error
		//lint:ignore SA1019 to a URL no keys can be appended, to the key=value form they can
		if dsn, err = pq.ParseURL(dsn); err != nil {
			return "", err
		}
	}
	// The later of two equal keys wins.
	return dsn + " user=" + quoteDSN(role) + " password=" + quoteDSN(password), nil
}

// RoleError says why the service must not run as the role it was given.
type RoleError struct{ Role, Reason string }

func (e *RoleError) Error() string {
	return fmt.Sprintf("服务不能以数据库账号 %s 运行：%s (the service refuses to run as this role; set DATABASE_URL to a role that owns nothing)", e.Role, e.Reason)
}

// CheckAppRole refuses a role that could get round the books' immutability: a
// superuser or role maker, an owner of tables (or a member of the owner), or
// one that may change or remove an entry.
func CheckAppRole(ctx context.Context, db *DB) error {
	var found struct {
		Superior       bool `db:"superior"`
		OwnsTables     bool `db:"owns_tables"`
		ChangesEntries bool `db:"changes_entries"`
	}
	var names struct {
		Database string `db:"database"`
		Role     string `db:"role"`
	}
	err := db.Read(ctx, func(r Reader) error {
		if err := r.Get(ctx, &names, adminQueries.Get("current_names"), nil); err != nil {
			return err
		}
		return r.Get(ctx, &found, adminQueries.Get("app_role_faults"), nil)
	})
	switch {
	case err != nil:
		return err
	case found.Superior:
		return &RoleError{names.Role, "它是超级用户，或能建立账号、绕过权限"}
	case found.OwnsTables:
		return &RoleError{names.Role, "它拥有数据表，或属于数据表的所有者"}
	case found.ChangesEntries:
		return &RoleError{names.Role, "它能修改或删除分录"}
	}
	return nil
}
