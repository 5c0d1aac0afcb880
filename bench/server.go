package bench

import (
	"bytes"
	"context"
	"embed"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"estateledger/access"
	"estateledger/civil"
	"estateledger/postgres"
)

// The scripts are psql's: they do what no use case does (a fixture, TRUNCATE,
// COPY, VACUUM), and the service's role could not run them.
//
//go:embed *.psql
var scripts embed.FS

// settings are the only ones that differ from the server's defaults. fsync,
// synchronous_commit, full_page_writes, checkpoint_timeout and autovacuum stay.
var settings = map[string]string{"shared_buffers": "2GB", "max_wal_size": "8GB"}

// today stands still, so that every run does the same.
var today = civil.On(2026, 11, 25)

// server is the PostgreSQL of this measurement and the product on it.
type server struct {
	pg   *postgres.Server
	app  *postgres.DB
	gate *access.Gate
}

func (r *run) start(ctx context.Context) error {
	var err error
	r.pg, err = postgres.StartServer(ctx, postgres.ServerOptions{DataDir: filepath.Join(r.folder, "data"), Settings: settings})
	if err != nil {
		return err
	}
	if err := postgres.Migrate(ctx, r.pg.OwnerDSN(), r.pg.AppRole(), nil); err != nil {
		return err
	}
	if r.app, err = postgres.Open(ctx, postgres.Config{DSN: r.pg.AppDSN(), MaxOpen: 16}); err != nil {
		return err
	}
	clock := civil.NewStepClock(today)
	r.gate = access.NewGate(r.app, clock, false)
	return nil
}

func (r *run) stop() error {
	r.gate.Close()
	_ = r.app.Close()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	return r.pg.Stop(ctx)
}

// variables are psql's, by name.
type variables map[string]any

// fill loads the fixture and leaves tables and caches as a running database
// has them: analysed, written back.
func (r *run) fill(ctx context.Context) error {
	shape := variables{"districts": districts, "estates": r.estates(), "households": r.Households, "payers": payers, "counters": clients}
	if _, err := r.script(ctx, r.super(), "fixture.psql", shape); err != nil {
		return err
	}
	return r.settle(ctx)
}

// settle brings the server to rest between two measurements: statistics fresh,
// nothing left to vacuum or to write back.
func (r *run) settle(ctx context.Context) error {
	_, err := r.script(ctx, r.super(), "settle.psql", nil)
	return err
}

func (r *run) super() string { return r.pg.SuperDSN("estateledger") }

// script runs one of the psql scripts and answers what it printed.
func (r *run) script(ctx context.Context, dsn, name string, v variables) (string, error) {
	text, err := scripts.ReadFile(name)
	if err != nil {
		return "", err
	}
	args := []string{"--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--field-separator= ", "--file=-"}
	for _, key := range slices.Sorted(maps.Keys(v)) {
		args = append(args, fmt.Sprintf("--set=%s=%v", key, v[key]))
	}
	out, err := r.tool(ctx, dsn, "psql", bytes.NewReader(text), args...)
	if err != nil {
		return "", fmt.Errorf("%s: %w", name, err)
	}
	return out, nil
}

// tool runs one of PostgreSQL's own programs. The password goes through the
// environment.
func (r *run) tool(ctx context.Context, dsn, name string, in *bytes.Reader, args ...string) (string, error) {
	environment, _, err := postgres.ClientEnvironment(dsn)
	if err != nil {
		return "", err
	}
	cmd := exec.CommandContext(ctx, filepath.Join(r.pg.BinDir(), name), args...)
	cmd.Env = append(environment, "PATH="+os.Getenv("PATH"), "LC_ALL=C.UTF-8")
	if in != nil {
		cmd.Stdin = in
	}
	var out, said strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &said
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("%s: %w: %s", name, err, strings.TrimSpace(said.String()))
	}
	return out.String(), nil
}
