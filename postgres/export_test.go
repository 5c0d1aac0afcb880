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
