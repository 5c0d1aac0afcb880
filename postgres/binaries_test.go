package postgres

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A checkout below a closed folder: the programs are copied where the server's
// user can run them, once, links included.
func TestProgramsTheServersUserCannotReachAreCopied(t *testing.T) {
	if os.Geteuid() != 0 {
		// The server runs as ourselves then and reaches what we reach.
		if bin := t.TempDir(); reachableOrFail(t, bin, t.TempDir(), serverAccount()) != bin {
			t.Error("copied without need")
		}
		return
	}
	native := filepath.Join(t.TempDir(), "native")
	for file, text := range map[string]string{"bin/postgres": "#!/bin/sh\n", "lib/libx.so.1.2": "x"} {
		path := filepath.Join(native, file)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("libx.so.1.2", filepath.Join(native, "lib", "libx.so.1")); err != nil {
		t.Fatal(err)
	}
	home := t.TempDir()
	bin := reachableOrFail(t, filepath.Join(native, "bin"), home, serverAccount())
	if !strings.HasPrefix(bin, filepath.Join(home, "programs-")) || !executable(filepath.Join(bin, "postgres")) {
		t.Errorf("programs in %s", bin)
	}
	if text, err := os.ReadFile(filepath.Join(bin, "..", "lib", "libx.so.1")); err != nil || string(text) != "x" {
		t.Errorf("the library's short name: %q, %v", text, err)
	}
	if again := reachableOrFail(t, filepath.Join(native, "bin"), home, serverAccount()); again != bin {
		t.Errorf("copied again to %s", again)
	}
}

func reachableOrFail(t *testing.T, bin, home string, a account) string {
	t.Helper()
	got, err := reachablePrograms(bin, home, a)
	if err != nil {
		t.Fatal(err)
	}
	return got
}
