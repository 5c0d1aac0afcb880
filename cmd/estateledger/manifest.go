package main

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"time"

	"estateledger/postgres"
)

//go:embed control.sql
var controlFiles embed.FS

var controlQueries = postgres.MustLoad(controlFiles)

const (
	dumpName       = "database.dump"
	manifestName   = "manifest.json"
	manifestFormat = 1
)

// Manifest says what a backup holds, so that a restore can prove that it has it all.
type Manifest struct {
	Format        int       `json:"format"`
	CreatedAt     time.Time `json:"created_at"`
	SchemaVersion int64     `json:"schema_version"`
	Server        string    `json:"server"` // PostgreSQL's version
	DumpBytes     int64     `json:"dump_bytes"`
	DumpSHA256    string    `json:"dump_sha256"`
	Totals        []Total   `json:"totals"`
	// Seal is the SHA-256 of this manifest with an empty seal. It shows a change by hand; it is no signature.
	Seal string `json:"seal"`
}

// Total is one control figure of a district: how many rows, and their sum in yuan where they have an amount.
// District 0 holds what belongs to no district.
type Total struct {
	District int64  `db:"district_id" json:"district,string"`
	What     string `db:"what" json:"what"`
	Number   int64  `db:"number" json:"number"`
	Sum      string `db:"total" json:"sum"` // decimal text, exact
}

// what the terminal calls each figure of control.sql
var figureNames = map[string]string{
	"acts": "操作记录", "allocations": "核销", "charges": "应收", "entries": "分录", "holdings": "可用余额",
	"open_charges": "未结清应收", "ownerships": "产权", "payment_reversals": "收款冲销", "payments": "收款",
	"periods": "结账与反结账", "receipts": "收据", "units": "房屋", "users": "用户",
}

// ControlTotals counts and sums what must survive a backup, per district, in one snapshot.
func ControlTotals(ctx context.Context, r postgres.Reader) ([]Total, error) {
	totals := []Total{}
	err := r.Select(ctx, &totals, controlQueries.Get("control_totals"), nil)
	return totals, err
}

// differences names every figure that is not the same, in an order that does not depend on chance.
func differences(expected, found []Total) []string {
	type key struct {
		district int64
		what     string
	}
	type pair struct{ expected, found Total }
	pairs := map[key]*pair{}
	at := func(t Total) *pair {
		k := key{t.District, t.What}
		if pairs[k] == nil {
			none := Total{District: t.District, What: t.What, Sum: "0"}
			pairs[k] = &pair{none, none}
		}
		return pairs[k]
	}
	for _, t := range expected {
		at(t).expected = t
	}
	for _, t := range found {
		at(t).found = t
	}
	var lines []string
	for k, p := range pairs {
		if p.expected == p.found {
			continue
		}
		name := figureNames[k.what]
		if name == "" {
			name = k.what
		}
		lines = append(lines, fmt.Sprintf("区 %d 的%s：清单上 %d 笔共 %s，恢复后 %d 笔共 %s",
			k.district, name, p.expected.Number, p.expected.Sum, p.found.Number, p.found.Sum))
	}
	sort.Strings(lines)
	return lines
}

func (m Manifest) seal() (string, error) {
	m.Seal = ""
	raw, err := json.Marshal(m)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:]), nil
}

// writeManifest seals m and writes it as the last file of a backup: a folder without it is no backup.
func writeManifest(folder string, m Manifest) error {
	var err error
	if m.Seal, err = m.seal(); err != nil {
		return err
	}
	raw, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(folder, manifestName), append(raw, '\n'), 0o600)
}

// readManifest reads a backup's manifest and refuses one that was changed, or whose dump was.
func readManifest(folder string) (Manifest, error) {
	var m Manifest
	raw, err := os.ReadFile(filepath.Join(folder, manifestName))
	if err != nil {
		return m, fmt.Errorf("%s 不是完整的备份，读不到清单：%w", folder, err)
	}
	if err := json.Unmarshal(raw, &m); err != nil {
		return m, fmt.Errorf("备份清单 %s 已损坏：%w", manifestName, err)
	}
	if m.Format != manifestFormat {
		return m, fmt.Errorf("备份清单的格式是 %d，本版本只认 %d", m.Format, manifestFormat)
	}
	seal, err := m.seal()
	if err != nil {
		return m, err
	}
	if seal != m.Seal {
		return m, fmt.Errorf("备份清单 %s 被改动过：校验码应为 %s，文件里是 %s", manifestName, seal, m.Seal)
	}
	sum, size, err := hashFile(filepath.Join(folder, dumpName))
	if err != nil {
		return m, fmt.Errorf("读不到备份数据：%w", err)
	}
	if size != m.DumpBytes {
		return m, fmt.Errorf("备份数据 %s 与清单不符：清单上 %d 字节，文件 %d 字节", dumpName, m.DumpBytes, size)
	}
	if sum != m.DumpSHA256 {
		return m, fmt.Errorf("备份数据 %s 与清单不符：清单上 SHA-256 %s，文件 %s", dumpName, m.DumpSHA256, sum)
	}
	return m, nil
}

// hashFile returns the SHA-256 in hex and the size in bytes.
func hashFile(name string) (string, int64, error) {
	f, err := os.Open(name)
	if err != nil {
		return "", 0, err
	}
	defer f.Close()
	hash := sha256.New()
	size, err := io.Copy(hash, f)
	return hex.EncodeToString(hash.Sum(nil)), size, err
}

// inAll is how many rows the figure what has over all districts.
func inAll(totals []Total, what string) string {
	var n int64
	for _, t := range totals {
		if t.What == what {
			n += t.Number
		}
	}
	return strconv.FormatInt(n, 10)
}
