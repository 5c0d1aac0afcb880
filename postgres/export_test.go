package postgres

// For the tests from outside.
var (
	MakeTestDatabase = newTestDatabase
	SchemaHash       = schemaHash
)

// UnderPort rewrites a DSN for a proxy in front of the server.
func UnderPort(dsn string, port string) string { return dsn + " port=" + port }

// PortOf is the port a DSN names.
func PortOf(dsn string) uint16 {
	cfg, err := parseDSN(dsn, "")
	if err != nil {
		panic(err)
	}
	return cfg.Port
}

// SuperDSN is the superuser's DSN of that test database.
func SuperDSN(db *TestDatabase) (string, error) {
	cfg, err := parseDSN(db.AppDSN, "")
	if err != nil {
		return "", err
	}
	super, _, err := testTemplate()
	return makeDSN(cfg.Host, int(cfg.Port), super.User, super.Password, cfg.Database), err
}
