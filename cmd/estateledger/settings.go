package main

import (
	"fmt"
	"net"
	"path/filepath"
	"strconv"
	"strings"
)

// settings is what the environment says (docs/deployment.md has the table).
type settings struct {
	Addr             string // host:port to listen on
	Data             string // folder of the embedded database and of files, absolute
	DatabaseURL      string // empty: the embedded database
	DatabaseOwnerURL string
	// TrustedProxies are the addresses whose X-Real-IP and X-Forwarded-Proto are
	// believed; empty: nobody's.
	TrustedProxies []string
}

func readSettings(getenv func(string) string) (settings, error) {
	s := settings{
		Addr:             getenv("ESTATELEDGER_ADDR"),
		Data:             getenv("ESTATELEDGER_DATA"),
		DatabaseURL:      getenv("DATABASE_URL"),
		DatabaseOwnerURL: getenv("DATABASE_OWNER_URL"),
	}
	for _, proxy := range strings.Split(getenv("ESTATELEDGER_TRUSTED_PROXIES"), ",") {
		if proxy = strings.TrimSpace(proxy); proxy != "" {
			s.TrustedProxies = append(s.TrustedProxies, proxy)
		}
	}
	if s.Addr == "" {
		s.Addr = "127.0.0.1:8080"
	}
	if s.Data == "" {
		s.Data = "data"
	}
	_, port, err := net.SplitHostPort(s.Addr)
	if n, bad := strconv.Atoi(port); err != nil || bad != nil || n < 0 || n > 65535 {
		return s, fmt.Errorf("ESTATELEDGER_ADDR 应写成 主机:端口（例如 127.0.0.1:8080），现在是 %q", s.Addr)
	}
	if s.Data, err = filepath.Abs(s.Data); err != nil {
		return s, fmt.Errorf("ESTATELEDGER_DATA: %w", err)
	}
	return s, nil
}
