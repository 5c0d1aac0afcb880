package laws

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// file is one file of the repository as the laws read it.
type file struct {
	path string // from the module's root, with slashes
	text string
}

// folder is where the file lies: "." for the root.
func (f file) folder() string { return path.Dir(f.path) }

// isTest says that a Go file is no part of the program: a test, or a package
// that only tests import (estatetest).
func (f file) isTest() bool {
	return strings.HasSuffix(f.path, "_test.go") || strings.HasSuffix(f.folder(), "test")
}

// repository reads the Go and SQL files of the module, those of testdata and of
// other people's packages left out.
func repository(t testing.TB) []file {
	t.Helper()
	var files []file
	err := filepath.WalkDir("..", func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if name := d.Name(); name == "testdata" || name == "node_modules" || name == "data" || strings.HasPrefix(name, ".") && name != ".." {
				return filepath.SkipDir
			}
			return nil
		}
		if ext := filepath.Ext(p); ext != ".go" && ext != ".sql" {
			return nil
		}
		text, err := os.ReadFile(p)
		rel, _ := filepath.Rel("..", p)
		files = append(files, file{filepath.ToSlash(rel), string(text)})
		return err
	})
	must(t, err)
	if len(files) < 100 {
		t.Fatalf("only %d files of the repository were found", len(files))
	}
	return files
}

// only keeps the files that want says.
func only(files []file, want func(file) bool) []file {
	return slices.DeleteFunc(slices.Clone(files), func(f file) bool { return !want(f) })
}

// program keeps the Go files that are part of it.
func program(files []file) []file {
	return only(files, func(f file) bool { return strings.HasSuffix(f.path, ".go") && !f.isTest() })
}

// parsed is a Go file with its syntax.
type parsed struct {
	file
	fset *token.FileSet
	tree *ast.File
}

func (p parsed) line(n ast.Node) int { return p.fset.Position(n.Pos()).Line }

// parse reads the syntax of Go files; a file that is none is an error.
func parse(files []file) ([]parsed, error) {
	var all []parsed
	for _, f := range files {
		fset := token.NewFileSet()
		tree, err := parser.ParseFile(fset, f.path, f.text, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		all = append(all, parsed{f, fset, tree})
	}
	return all, nil
}

func mustParse(t testing.TB, files []file) []parsed {
	t.Helper()
	all, err := parse(files)
	must(t, err)
	return all
}

// holds fails the test with every breach of a law.
func holds(t *testing.T, breaches []string) {
	t.Helper()
	for _, b := range breaches {
		t.Error(b)
	}
}

// breaks fails the test unless the law names exactly one breach, which contains
// the words: the fixture that turns the law red.
func breaks(t *testing.T, breaches []string, words string) {
	t.Helper()
	if len(breaches) != 1 || !strings.Contains(breaches[0], words) {
		t.Errorf("want one breach with %q, got %q", words, breaches)
	}
}
