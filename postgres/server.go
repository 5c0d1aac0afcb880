package postgres

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// ServerOptions says where the embedded server keeps its data.
type ServerOptions struct {
	// DataDir is the data folder (ESTATELEDGER_DATA).
	DataDir string
	// Settings are server settings, as in postgresql.conf, for measurements.
	Settings map[string]string
	// Progress gets one line per step that takes time; nil keeps silent.
	Progress func(line string)
}

// Server is the embedded PostgreSQL of one installation: durable, on
// 127.0.0.1 only, with passwords, and with the roles estateledger_owner (owns
// the tables) and estateledger_app (owns nothing).
type Server struct {
	cluster cluster
	lock    *DataLock
	home    string
	secrets secrets
}

// Names of the embedded server's roles and database. The cluster belongs to
// the installation alone, so they need no suffix.
const (
	embeddedDatabase = "estateledger"
	embeddedOwner    = "estateledger_owner"
	embeddedApp      = "estateledger_app"
)

type secrets struct {
	Superuser, Owner, App string
}

// StartServer takes the data folder's lock, makes the cluster when there is
// none, adopts a server that a killed service left running, starts one
// otherwise, and sees to roles and database. Errors a person meets:
// *AlreadyRunningError, *DataFolderError, ErrNoServer.
func StartServer(ctx context.Context, o ServerOptions) (_ *Server, err error) {
	lock, err := LockData(o.DataDir)
	if err != nil {
		return nil, err
	}
	s := &Server{lock: lock}
	defer func() {
		if err != nil {
			_ = lock.Release()
		}
	}()
	if err := s.locate(lock.folder, o.say); err != nil {
		return nil, err
	}
	s.cluster.settings = o.Settings
	if err := s.cluster.makeReady(ctx, o.say); err != nil {
		return nil, err
	}
	if err := s.provision(ctx); err != nil {
		if stopErr := s.cluster.stop(ctx); stopErr != nil {
			err = errors.Join(err, stopErr)
		}
		return nil, err
	}
	return s, nil
}

// AttachServer returns the embedded server that a running service keeps on
// that data folder, for commands beside it (verify, backup). It must not be
// stopped. It fails when none runs, and leaves the folder as it is.
func AttachServer(ctx context.Context, dataDir string) (*Server, error) {
	dir, err := filepath.Abs(dataDir)
	if err != nil {
		return nil, err
	}
	none := fmt.Errorf("数据目录 %s 上没有正在运行的数据库 (no database server runs on this data folder)", dir)
	s := &Server{home: homeOf(dir)}
	if _, err := os.Stat(filepath.Join(s.home, "postgres", "PG_VERSION")); err != nil {
		return nil, none
	}
	if err := s.describe(serverAccount()); err != nil {
		return nil, err
	}
	found, err := s.cluster.adopt(ctx)
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, none
	}
	return s, s.cluster.findPrograms()
}

func (o ServerOptions) say(line string) {
	if o.Progress != nil {
		o.Progress(line)
	}
}

// OwnerDSN connects as the role that owns the tables (migrate, demo-reset).
func (s *Server) OwnerDSN() string {
	return makeDSN("127.0.0.1", s.cluster.port, embeddedOwner, s.secrets.Owner, embeddedDatabase)
}

// AppDSN connects as the role the service runs as.
func (s *Server) AppDSN() string {
	return makeDSN("127.0.0.1", s.cluster.port, embeddedApp, s.secrets.App, embeddedDatabase)
}

// SuperDSN connects as the superuser, for backup and restore.
func (s *Server) SuperDSN(database string) string { return s.cluster.superDSN(database) }

// AppRole is the name of the service's role, for Migrate.
func (s *Server) AppRole() string { return embeddedApp }

// Folder is where the cluster's files are.
func (s *Server) Folder() string { return s.cluster.data }

// BinDir is the folder of the server's programs.
func (s *Server) BinDir() string { return s.cluster.bin }

// Adopted tells whether the server was already running.
func (s *Server) Adopted() bool { return s.cluster.adopted }

// Announce writes the service's address into the lock, for whoever starts a
// second one.
func (s *Server) Announce(address string) error { return s.lock.Announce(address) }

// Stop shuts the server down in order, waits for it and releases the folder.
func (s *Server) Stop(ctx context.Context) error {
	err := s.cluster.stop(ctx)
	if s.lock != nil {
		err = errors.Join(err, s.lock.Release())
	}
	return err
}

const pointerFile = "postgres.location"

// homeOf is where the cluster of a data folder lives: the folder that a file in
// it names, or the folder itself.
func homeOf(dataDir string) string {
	if named, err := os.ReadFile(filepath.Join(dataDir, pointerFile)); err == nil {
		return strings.TrimSpace(string(named))
	}
	return dataDir
}

// locate decides where the cluster lives: in the data folder, or, when the
// server's user cannot get there (below /root, say), in a lasting folder of
// its own, which a file in the data folder names. Never in a temporary one.
func (s *Server) locate(dataDir string, say func(string)) error {
	account := serverAccount()
	s.home = homeOf(dataDir)
	if s.home == dataDir && !account.reaches(dataDir) {
		sum := sha256.Sum256([]byte(dataDir))
		s.home = filepath.Join("/var/lib/estateledger", hex.EncodeToString(sum[:6]))
	}
	if s.home != dataDir {
		if err := makeFolder(s.home); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dataDir, pointerFile), []byte(s.home+"\n"), 0o644); err != nil {
			return &DataFolderError{dataDir, err}
		}
		say("数据库文件放在 (database files are in) " + s.home)
	}
	return s.describe(account)
}

// describe fills in what is known of the cluster in home before it runs.
func (s *Server) describe(a account) (err error) {
	data := filepath.Join(s.home, "postgres")
	if s.secrets, err = loadSecrets(filepath.Join(s.home, "secrets.json"), data); err != nil {
		return err
	}
	s.cluster = cluster{account: a, password: s.secrets.Superuser, data: data, log: filepath.Join(s.home, "postgres.log")}
	return nil
}

// makeReady finds the programs, makes the cluster when there is none, and runs it.
func (c *cluster) makeReady(ctx context.Context, say func(string)) error {
	if err := c.findPrograms(); err != nil {
		return err
	}
	if _, err := os.Stat(filepath.Join(c.data, "PG_VERSION")); err != nil {
		say("建立数据库 (creating the database cluster)：" + c.data)
	}
	if err := c.initialise(ctx); err != nil {
		return err
	}
	return c.run(ctx)
}

// findPrograms looks for the programs of the version that wrote the data
// folder, any version for a new one, where the server's user can run them.
func (c *cluster) findPrograms() error {
	major := 0
	if text, err := os.ReadFile(filepath.Join(c.data, "PG_VERSION")); err == nil {
		if major, err = strconv.Atoi(strings.TrimSpace(string(text))); err != nil {
			return fmt.Errorf("postgres: cannot read %s/PG_VERSION: %w", c.data, err)
		}
	}
	found, err := findBinaries(major)
	if err != nil {
		return err
	}
	c.bin, err = reachablePrograms(found, filepath.Dir(c.data), c.account)
	return err
}

func loadSecrets(path, data string) (secrets, error) {
	var s secrets
	text, err := os.ReadFile(path)
	switch {
	case err == nil:
		if err := json.Unmarshal(text, &s); err != nil {
			return s, fmt.Errorf("postgres: cannot read %s: %w", path, err)
		}
		return s, nil
	case !errors.Is(err, os.ErrNotExist):
		return s, &DataFolderError{filepath.Dir(path), err}
	}
	if _, err := os.Stat(filepath.Join(data, "PG_VERSION")); err == nil {
		return s, fmt.Errorf("缺少密码文件 %s，数据库 %s 打不开 (the password file of this cluster is missing)", path, data)
	}
	s = secrets{Superuser: newPassword(), Owner: newPassword(), App: newPassword()}
	return s, writeSecret(path, s)
}

// writeSecret writes beside and renames, so that a power cut leaves no half file.
func writeSecret(path string, content any) error {
	text, err := json.MarshalIndent(content, "", "  ")
	if err != nil {
		return err
	}
	f, err := os.OpenFile(path+".new", os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return &DataFolderError{filepath.Dir(path), err}
	}
	_, err = f.Write(append(text, '\n'))
	err = errors.Join(err, f.Sync(), f.Close())
	if err != nil {
		return &DataFolderError{filepath.Dir(path), err}
	}
	return os.Rename(path+".new", path)
}

func newPassword() string { return rand.Text() }

// provision makes the roles and the database that are missing.
func (s *Server) provision(ctx context.Context) error {
	return s.cluster.asSuper(ctx, "postgres", func(db *sqlx.DB) error {
		if err := createLogin(ctx, db, embeddedOwner, s.secrets.Owner); err != nil {
			return err
		}
		if err := createLogin(ctx, db, embeddedApp, s.secrets.App); err != nil {
			return err
		}
		if err := createDatabase(ctx, db, embeddedDatabase, embeddedOwner); err != nil {
			return err
		}
		return allowConnect(ctx, db, embeddedDatabase, embeddedApp)
	})
}

func exists(ctx context.Context, db *sqlx.DB, query, name string) (bool, error) {
	var found bool
	err := db.GetContext(ctx, &found, adminQueries.Get(query).q.sql, name)
	return found, err
}

func createLogin(ctx context.Context, db *sqlx.DB, role, password string) error {
	found, err := exists(ctx, db, "role_exists", role)
	if err != nil || found {
		return err
	}
	quoted := pq.QuoteIdentifier(role)
	statements := []string{
		fill("create_role", "role", quoted, "password", pq.QuoteLiteral(password)),
		fill("bound_idle_transactions", "role", quoted),
		fill("bound_lock_waits", "role", quoted),
	}
	return inOneTransaction(ctx, db, statements)
}

func createDatabase(ctx context.Context, db *sqlx.DB, database, owner string) error {
	found, err := exists(ctx, db, "database_exists", database)
	if err != nil || found {
		return err
	}
	_, err = db.ExecContext(ctx, fill("create_database", "database", pq.QuoteIdentifier(database), "role", pq.QuoteIdentifier(owner)))
	return err
}

func allowConnect(ctx context.Context, db *sqlx.DB, database, role string) error {
	return inOneTransaction(ctx, db, []string{
		fill("close_database", "database", pq.QuoteIdentifier(database)),
		fill("allow_connect", "database", pq.QuoteIdentifier(database), "role", pq.QuoteIdentifier(role)),
	})
}

func inOneTransaction(ctx context.Context, db *sqlx.DB, statements []string) error {
	tx, err := db.BeginTxx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	for _, s := range statements {
		if _, err := tx.ExecContext(ctx, s); err != nil {
			return err
		}
	}
	return tx.Commit()
}
