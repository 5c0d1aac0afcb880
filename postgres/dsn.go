package postgres

import (
	"database/sql"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// Zone is the time zone of every session: `date` and `timestamptz` are shown
// and cut in the civil time the books are kept in.
const Zone = "Asia/Shanghai"

// parseDSN reads a URL or key=value DSN and fixes what must not depend on
// drivers' defaults.
func parseDSN(dsn, application string) (pq.Config, error) {
	if dsn == "" {
		return pq.Config{}, fmt.Errorf("postgres: the DSN is empty")
	}
	if u, err := url.Parse(dsn); err == nil && u.Scheme != "" && strings.Contains(u.Host, ",") {
		// lib/pq would read h1:5571,h2:5572 as one address.
		return pq.Config{}, fmt.Errorf("postgres: several hosts need the key=value form of the DSN: host=a,b port=5432,5432 …")
	}
	cfg, err := pq.NewConfig(dsn)
	if err != nil {
		return pq.Config{}, fmt.Errorf("postgres: cannot read the DSN: %w", err)
	}
	// One round trip a statement, and the only mode that survives a pooler that
	// gives every transaction another server connection.
	cfg.BinaryParameters = true
	if cfg.ConnectTimeout == 0 {
		cfg.ConnectTimeout = 5 * time.Second
	}
	if cfg.ApplicationName == "" {
		cfg.ApplicationName = application
	}
	if cfg.SSLMode == "" {
		cfg.SSLMode = pq.SSLModeRequire
		if onlyLoopback(cfg) {
			cfg.SSLMode = pq.SSLModeDisable
		}
	}
	if cfg.Runtime == nil {
		cfg.Runtime = map[string]string{}
	}
	for key := range cfg.Runtime {
		if strings.EqualFold(key, "timezone") {
			delete(cfg.Runtime, key)
		}
	}
	cfg.Runtime["timezone"] = Zone
	return cfg, nil
}

func onlyLoopback(cfg pq.Config) bool {
	hosts := []string{cfg.Host}
	for _, m := range cfg.Multi {
		hosts = append(hosts, m.Host)
	}
	for _, h := range hosts {
		if ip := net.ParseIP(h); h != "localhost" && (ip == nil || !ip.IsLoopback()) {
			return false
		}
	}
	return true
}

// openPool opens lazily: no connection is made before the first use.
func openPool(cfg pq.Config, maxOpen int) (*sqlx.DB, error) {
	connector, err := pq.NewConnectorConfig(cfg)
	if err != nil {
		return nil, fmt.Errorf("postgres: %w", err)
	}
	connector.Dialer(dialer{})
	pool := sqlx.NewDb(sql.OpenDB(connector), "postgres")
	pool.SetMaxOpenConns(maxOpen)
	pool.SetMaxIdleConns(maxOpen)
	pool.SetConnMaxLifetime(30 * time.Minute)
	pool.SetConnMaxIdleTime(5 * time.Minute)
	return pool, nil
}

// makeDSN writes a key=value DSN for a server on the loopback interface.
func makeDSN(host string, port int, user, password, database string) string {
	return "host=" + quoteDSN(host) + " port=" + strconv.Itoa(port) + " user=" + quoteDSN(user) +
		" password=" + quoteDSN(password) + " dbname=" + quoteDSN(database) + " sslmode=disable"
}

func quoteDSN(value string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(value) + "'"
}
