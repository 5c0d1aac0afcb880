package postgres

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"estateledger/migrations"
)

// TestServerEnv names the environment variable that holds the superuser's DSN
// of a server all test binaries share; without it each starts its own.
const TestServerEnv = "ESTATELEDGER_TEST_PG"

// TB is what TestDB needs of testing.TB, so that the program does not link the
// testing package.
type TB interface {
	Helper()
	Fatalf(format string, args ...any)
	Logf(format string, args ...any)
	Cleanup(func())
}

// TestDatabase is a database of one test alone, with the whole schema.
type TestDatabase struct {
	// App is what the service uses; tests run as it.
	App *DB
	// Owner owns the tables.
	Owner *DB
	// Super is for tests that corrupt data on purpose.
	Super *sqlx.DB
	// AppDSN and OwnerDSN open further connections.
	AppDSN, OwnerDSN string
}

const (
	testOwner = "estateledger_test_owner"
	testApp   = "estateledger_test_app"
)

// TestDB gives the test a fresh database copied from a template that has all
// migrations, functions and rights, and drops it when the test ends.
func TestDB(t TB) *TestDatabase {
	t.Helper()
	db, drop, err := newTestDatabase(context.Background())
	if err != nil {
		t.Fatalf("postgres.TestDB: %v", err)
	}
	t.Cleanup(func() {
		if err := drop(); err != nil {
			t.Logf("postgres.TestDB: %v", err)
		}
	})
	return db
}

func newTestDatabase(ctx context.Context) (*TestDatabase, func() error, error) {
	super, template, err := testTemplate()
	if err != nil {
		return nil, nil, err
	}
	admin, err := openSuper(super, "postgres", 1)
	if err != nil {
		return nil, nil, err
	}
	name := "el_" + strings.ToLower(rand.Text()[:16])
	_, err = admin.ExecContext(ctx, fill("copy_database", "database", pq.QuoteIdentifier(name), "role", pq.QuoteIdentifier(testOwner), "template", pq.QuoteIdentifier(template)))
	if err != nil {
		_ = admin.Close()
		return nil, nil, err
	}
	db := &TestDatabase{}
	drop := func() error {
		db.close()
		defer func() { _ = admin.Close() }()
		_, err := admin.ExecContext(context.Background(), fill("drop_database", "database", pq.QuoteIdentifier(name)))
		return err
	}
	if err := db.open(ctx, super, name); err != nil {
		return nil, nil, fmt.Errorf("%w (%v)", err, drop())
	}
	return db, drop, nil
}

func (d *TestDatabase) open(ctx context.Context, super pq.Config, name string) (err error) {
	login := func(role string) string {
		return makeDSN(super.Host, int(super.Port), role, testPassword(super, role), name)
	}
	d.AppDSN, d.OwnerDSN = login(testApp), login(testOwner)
	if d.App, err = Open(ctx, Config{DSN: d.AppDSN, MaxOpen: 20}); err != nil {
		return err
	}
	if d.Owner, err = Open(ctx, Config{DSN: d.OwnerDSN, MaxOpen: 4}); err != nil {
		return err
	}
	d.Super, err = openSuper(super, name, 2)
	return err
}

func (d *TestDatabase) close() {
	for _, db := range []*DB{d.App, d.Owner} {
		if db != nil {
			_ = db.Close()
		}
	}
	if d.Super != nil {
		_ = d.Super.Close()
	}
}

func openSuper(super pq.Config, database string, maxOpen int) (*sqlx.DB, error) {
	cfg := super.Clone()
	cfg.Database = database
	return openPool(cfg, maxOpen)
}

// testPassword gives every test binary on a shared server the same passwords
// without a file: only who knows the superuser's can work them out.
func testPassword(super pq.Config, role string) string {
	sum := sha256.Sum256([]byte(super.Password + "\x00" + role))
	return hex.EncodeToString(sum[:16])
}

type templateState struct {
	super pq.Config
	name  string
	err   error
}

// testTemplate finds or starts the server and makes the template, once per
// test binary.
var sharedTemplate = sync.OnceValue(func() (s templateState) {
	ctx := context.Background()
	dsn := os.Getenv(TestServerEnv)
	if dsn == "" {
		if dsn, s.err = StartEphemeral(ctx); s.err != nil {
			return s
		}
	}
	if s.super, s.err = parseDSN(dsn, "estateledger tests"); s.err != nil {
		return s
	}
	s.name, s.err = makeTemplate(ctx, s.super)
	return s
})

func testTemplate() (pq.Config, string, error) {
	s := sharedTemplate()
	return s.super, s.name, s.err
}

// StartEphemeral starts a server that loses its data on purpose (no fsync) in
// a temporary folder and returns the superuser's DSN. The server ends with this
// process, whatever ends it. For tests only.
func StartEphemeral(ctx context.Context) (superDSN string, err error) {
	c := cluster{account: serverAccount(), ephemeral: true, password: newPassword()}
	folder, err := ephemeralFolder(c.account)
	if err != nil {
		return "", err
	}
	c.data, c.log = filepath.Join(folder, "postgres"), filepath.Join(folder, "postgres.log")
	if err := c.makeReady(ctx, func(string) {}); err != nil {
		_ = os.RemoveAll(folder)
		return "", err
	}
	return c.superDSN("postgres"), reapAfterExit(c.pid, folder)
}

// makeTemplate makes the template of this schema's state if the server has
// none, under an advisory lock: several test binaries start at once. It is
// built under another name, so that a half-made one is never copied.
func makeTemplate(ctx context.Context, super pq.Config) (string, error) {
	state, err := schemaHash()
	if err != nil {
		return "", err
	}
	admin, err := openSuper(super, "postgres", 1) // one connection: it holds the lock
	if err != nil {
		return "", err
	}
	defer func() { _ = admin.Close() }()
	key := fnv.New32a()
	_, _ = key.Write([]byte("estateledger tests"))
	if _, err := admin.ExecContext(ctx, adminQueries.Get("lock_session").q.sql, int64(key.Sum32())); err != nil {
		return "", err
	}
	name := "el_template_" + state
	found, err := exists(ctx, admin, "database_exists", name)
	if err != nil || found {
		return name, err
	}
	for _, role := range []string{testOwner, testApp} {
		if err := createLogin(ctx, admin, role, testPassword(super, role)); err != nil {
			return "", err
		}
	}
	building := name + "_new"
	if _, err := admin.ExecContext(ctx, fill("drop_database", "database", pq.QuoteIdentifier(building))); err != nil {
		return "", err
	}
	if err := createDatabase(ctx, admin, building, testOwner); err != nil {
		return "", err
	}
	if err := allowConnect(ctx, admin, building, testApp); err != nil {
		return "", err
	}
	owner := makeDSN(super.Host, int(super.Port), testOwner, testPassword(super, testOwner), building)
	if err := Migrate(ctx, owner, testApp, nil); err != nil {
		return "", err
	}
	_, err = admin.ExecContext(ctx, fill("rename_database", "database", pq.QuoteIdentifier(building), "name", pq.QuoteIdentifier(name)))
	return name, err
}

// schemaHash names the state of everything Migrate applies.
func schemaHash() (string, error) {
	h := sha256.New()
	names, err := fs.Glob(migrations.Files, "*.sql")
	if err != nil {
		return "", err
	}
	for _, n := range names {
		text, err := fs.ReadFile(migrations.Files, n)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(h, "%s %d\n%s", n, len(text), text)
	}
	functions, err := functionFiles()
	if err != nil {
		return "", err
	}
	for _, f := range functions {
		fmt.Fprintf(h, "%s %s\n", f.name, f.hash)
	}
	catalogue, err := json.Marshal(migrations.Catalogue)
	if err != nil {
		return "", err
	}
	_, _ = h.Write(catalogue)
	return hex.EncodeToString(h.Sum(nil)[:8]), nil
}
