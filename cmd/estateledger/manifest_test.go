package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// backupFolder writes a backup whose dump is not one; only its hashes are looked at.
func backupFolder(t *testing.T, totals []Total) string {
	t.Helper()
	folder := t.TempDir()
	dump := filepath.Join(folder, dumpName)
	if err := os.WriteFile(dump, []byte("dump"), 0o600); err != nil {
		t.Fatal(err)
	}
	sum, size, err := hashFile(dump)
	if err != nil {
		t.Fatal(err)
	}
	m := Manifest{Format: manifestFormat, CreatedAt: time.Date(2026, 6, 30, 1, 2, 3, 0, time.UTC),
		SchemaVersion: 1, DumpBytes: size, DumpSHA256: sum, Totals: totals}
	if err := writeManifest(folder, m); err != nil {
		t.Fatal(err)
	}
	return folder
}

func TestManifestReadsBackAsWritten(t *testing.T) {
	folder := backupFolder(t, []Total{{1, "entries", 3, "300.00"}})
	m, err := readManifest(folder)
	if err != nil {
		t.Fatal(err)
	}
	if len(m.Totals) != 1 || m.Totals[0] != (Total{1, "entries", 3, "300.00"}) {
		t.Errorf("totals read back as %+v", m.Totals)
	}
}

func TestAlteredBackupsAreRefused(t *testing.T) {
	alter := func(name, from, to string) func(string) error {
		return func(folder string) error {
			path := filepath.Join(folder, name)
			raw, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			changed := strings.Replace(string(raw), from, to, 1)
			if changed == string(raw) {
				t.Fatalf("%s does not hold %q", name, from)
			}
			return os.WriteFile(path, []byte(changed), 0o600)
		}
	}
	cases := map[string]struct {
		change func(folder string) error
		says   string
	}{
		"a total":       {alter(manifestName, `"300.00"`, `"200.00"`), "被改动过"},
		"the date":      {alter(manifestName, "2026-06-30", "2026-06-29"), "被改动过"},
		"the seal":      {alter(manifestName, `"seal": "`, `"seal": "0`), "被改动过"},
		"the format":    {alter(manifestName, `"format": 1`, `"format": 2`), "格式"},
		"cut off":       {alter(manifestName, "}\n", ""), "已损坏"},
		"the dump":      {alter(dumpName, "dump", "dumb"), "SHA-256"},
		"a longer dump": {alter(dumpName, "dump", "dump "), "字节"},
		"no dump":       {func(folder string) error { return os.Remove(filepath.Join(folder, dumpName)) }, "读不到"},
		"no manifest":   {func(folder string) error { return os.Remove(filepath.Join(folder, manifestName)) }, "不是完整的备份"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			folder := backupFolder(t, []Total{{1, "entries", 3, "300.00"}})
			if err := c.change(folder); err != nil {
				t.Fatal(err)
			}
			if _, err := readManifest(folder); err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("accepted, or refused in other words: %v", err)
			}
		})
	}
}

func TestDifferencesAreNamed(t *testing.T) {
	expected := []Total{{1, "entries", 3, "300.00"}, {1, "receipts", 2, "20.00"}, {2, "acts", 7, "0"}}
	if d := differences(expected, expected); len(d) != 0 {
		t.Errorf("equal totals differ: %v", d)
	}
	found := []Total{{1, "entries", 3, "299.99"}, {2, "acts", 7, "0"}, {3, "units", 1, "0"}}
	d := strings.Join(differences(expected, found), "\n")
	for _, want := range []string{"区 1 的分录", "300.00", "299.99", "区 1 的收据：清单上 2 笔", "区 3 的房屋：清单上 0 笔"} {
		if !strings.Contains(d, want) {
			t.Errorf("%q is not in:\n%s", want, d)
		}
	}
	if strings.Contains(d, "操作记录") {
		t.Errorf("an equal figure is named:\n%s", d)
	}
}
