package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"estateledger/postgres"
)

// database is the one a command works on: embedded, or somebody else's server.
type database struct {
	App      *postgres.DB // as the service's role
	Owner    *postgres.DB // as the owner of the tables; nil when only the service's URL is known
	OwnerDSN string
	AppRole  string
	Bin      string // programs of the embedded server, "" for another

	server *postgres.Server // nil for another server
	own    bool             // this process started it, and stops it
	out    io.Writer
}

// stopping bounds the end of the embedded server: it writes what is in memory, which takes seconds, not minutes.
const stopping = 30 * time.Second

// connect opens the database for a command that needs it to itself (serve, restore): with an embedded one, a second
// process on the same data folder is refused.
func connect(ctx context.Context, out io.Writer, s settings) (*database, error) {
	db := &database{out: out}
	var err error
	if s.DatabaseURL == "" && s.DatabaseOwnerURL == "" {
		err = db.startEmbedded(ctx, s)
	} else {
		err = db.useGiven(ctx, s)
	}
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// connectBeside is connect for a command that may run beside the service (backup, doctor, verify).
func connectBeside(ctx context.Context, out io.Writer, s settings) (*database, error) {
	db, err := connect(ctx, out, s)
	var running *postgres.AlreadyRunningError
	if !errors.As(err, &running) {
		return db, err
	}
	db = &database{out: out}
	if db.server, err = postgres.AttachServer(ctx, s.Data); err != nil {
		return nil, err
	}
	if err := db.useEmbedded(ctx); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

func (db *database) startEmbedded(ctx context.Context, s settings) (err error) {
	options := postgres.ServerOptions{DataDir: s.Data, Progress: db.say}
	err = stage(db.out, "启动数据库", func() (err error) {
		db.server, err = postgres.StartServer(ctx, options)
		return err
	})
	if err != nil {
		return err
	}
	db.own = true
	return db.useEmbedded(ctx)
}

func (db *database) useEmbedded(ctx context.Context) error {
	db.OwnerDSN, db.AppRole, db.Bin = db.server.OwnerDSN(), db.server.AppRole(), db.server.BinDir()
	return db.open(ctx, db.server.AppDSN())
}

// useGiven sorts out which of the two URLs are known. A lone DATABASE_URL may be the owner's: of an empty database,
// or of one whose tables it owns. Then a role for the service is made beside it.
func (db *database) useGiven(ctx context.Context, s settings) (err error) {
	app, owner := s.DatabaseURL, s.DatabaseOwnerURL
	if owner == "" {
		isOwner, err := looksLikeOwner(ctx, app)
		if err != nil {
			return err
		}
		if !isOwner {
			return db.open(ctx, app)
		}
		app, owner = "", app
	}
	db.OwnerDSN = owner
	if app == "" {
		if app, db.AppRole, err = postgres.EnsureRoles(ctx, owner, s.Data); err != nil {
			return err
		}
		return db.open(ctx, app)
	}
	if err := db.open(ctx, app); err != nil {
		return err
	}
	return db.App.Read(ctx, func(r postgres.Reader) error {
		return r.Get(ctx, &db.AppRole, controlQueries.Get("current_role"), nil)
	})
}

func looksLikeOwner(ctx context.Context, dsn string) (bool, error) {
	probe, err := postgres.Open(ctx, postgres.Config{DSN: dsn, MaxOpen: 1})
	if err != nil {
		return false, err
	}
	defer probe.Close()
	things, err := thingsIn(ctx, probe)
	if err != nil || things == 0 {
		return things == 0, err
	}
	err = postgres.CheckAppRole(ctx, probe)
	var refused *postgres.RoleError
	if errors.As(err, &refused) {
		return true, nil
	}
	return false, err
}

// thingsIn counts the tables and sequences of a database: none in an empty one.
func thingsIn(ctx context.Context, db *postgres.DB) (int, error) {
	var things int
	err := db.Read(ctx, func(r postgres.Reader) error {
		return r.Get(ctx, &things, controlQueries.Get("things_in_database"), nil)
	})
	return things, err
}

func (db *database) open(ctx context.Context, app string) (err error) {
	if db.App, err = postgres.Open(ctx, postgres.Config{DSN: app, MaxOpen: 32}); err != nil {
		return err
	}
	if db.OwnerDSN != "" {
		db.Owner, err = postgres.Open(ctx, postgres.Config{DSN: db.OwnerDSN, MaxOpen: 4})
	}
	return err
}

// migrate brings the schema up to date; without the owner's URL it only checks that it is.
func (db *database) migrate(ctx context.Context) error {
	if db.Owner == nil {
		return postgres.CheckSchema(ctx, db.App)
	}
	return stage(db.out, "更新数据库结构", func() error {
		return postgres.Migrate(ctx, db.OwnerDSN, db.AppRole, db.say)
	})
}

// needOwner refuses a command that writes the schema or reads all of it when only the service's URL is known.
func (db *database) needOwner() error {
	if db.Owner == nil {
		return errors.New("这个命令需要数据库所有者的连接，请设置 DATABASE_OWNER_URL")
	}
	return nil
}

func (db *database) say(line string) { fmt.Fprintln(db.out, "·", line) }

// Close ends the connections and stops the embedded server if this process started it.
func (db *database) Close() error {
	var problems []error
	for _, pool := range []*postgres.DB{db.App, db.Owner} {
		if pool != nil {
			problems = append(problems, pool.Close())
		}
	}
	if db.own {
		ctx, cancel := context.WithTimeout(context.Background(), stopping)
		defer cancel()
		problems = append(problems, stage(db.out, "关闭数据库", func() error { return db.server.Stop(ctx) }))
	}
	return errors.Join(problems...)
}
