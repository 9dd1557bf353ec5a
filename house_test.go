package muster

import (
	"bufio"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"muster/internal/detect/all"
	"muster/internal/record"
	sources "muster/internal/source/all"
)

const module = "muster/"

// pkg is one folder with Go files.
type pkg struct {
	dir     string // relative, slash separated
	files   map[string]*ast.File
	imports map[string]bool // of the module's own, without tests, "muster/" cut
	doc     string
}

// tree parses every Go file of the repository, so that a cached test result
// cannot hide a violation.
func tree(t *testing.T) map[string]*pkg {
	t.Helper()
	pkgs := map[string]*pkg{}
	fset := token.NewFileSet()
	err := filepath.WalkDir(".", func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if name := d.Name(); p != "." && (strings.HasPrefix(name, ".") || name == "testdata" || name == "node_modules") {
				return fs.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(p, ".go") {
			return nil
		}
		f, err := parser.ParseFile(fset, p, nil, parser.ParseComments)
		if err != nil {
			return err
		}
		dir := filepath.ToSlash(filepath.Dir(p))
		k := pkgs[dir]
		if k == nil {
			k = &pkg{dir: dir, files: map[string]*ast.File{}, imports: map[string]bool{}}
			pkgs[dir] = k
		}
		k.files[filepath.ToSlash(p)] = f
		if strings.HasSuffix(p, "_test.go") {
			return nil
		}
		if f.Doc != nil {
			k.doc = f.Doc.Text()
		}
		for _, i := range f.Imports {
			if own, ok := strings.CutPrefix(strings.Trim(i.Path.Value, `"`), module); ok {
				k.imports[own] = true
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return pkgs
}

// allowed says what a package may import of the house; the longest prefix of the
// package's path counts. Packages that are not listed may import anything below
// cli; cli may import everything.
var allowed = map[string][]string{
	"internal/record":            {},
	"internal/signal":            {},
	"internal/match":             {"internal/record"},
	"internal/settings":          {"internal/record"},
	"internal/identity":          {"internal/record"},
	"internal/finding":           {"internal/record", "internal/signal", "internal/identity"},
	"internal/intel":             {"internal/record"},
	"internal/baseline":          {"internal/record", "internal/match", "internal/settings"},
	"internal/config":            {"internal/record", "internal/settings", "internal/signal"},
	"internal/pdf":               {},
	"internal/stix":              {"internal/record"},
	"internal/source":            {"internal/record", "internal/match", "internal/settings", "internal/source", "internal/pdf", "internal/stix"},
	"internal/link":              {"internal/record", "internal/match", "internal/baseline", "internal/identity", "internal/settings"},
	"internal/screen":            {"internal/record", "internal/match", "internal/identity", "internal/intel", "internal/baseline", "internal/settings"},
	"internal/detect":            {"internal/record", "internal/signal", "internal/finding", "internal/identity", "internal/match", "internal/intel", "internal/baseline", "internal/settings", "internal/detect"},
	"internal/detect/all":        {"internal/detect"},
	"internal/detect/detecttest": {"internal"},
	"internal/assess":            {"internal/record", "internal/finding", "internal/signal", "internal/identity", "internal/settings"},
	"internal/report":            {"internal/record", "internal/finding", "internal/signal", "internal/identity", "internal/assess", "internal/settings", "internal/detect", "internal/baseline", "internal/report"},
	"internal/pull":              {},
	"internal/coverage":          {"internal/record", "internal/signal", "internal/settings", "internal/detect"},
	"internal/simulate":          {"internal/record", "internal/simulate"},
	"internal/pack":              {"internal/record", "internal/match", "internal/settings", "internal/identity", "internal/intel", "internal/link", "internal/detect/virtualcamera", "internal/detect/infostealermachine"},
	"internal/scan":              {"internal/record", "internal/settings", "internal/config", "internal/source", "internal/baseline", "internal/identity", "internal/link", "internal/screen", "internal/intel", "internal/finding", "internal/detect", "internal/assess"},
}

func TestImportDirection(t *testing.T) {
	for dir, k := range tree(t) {
		rule, ok := longest(dir)
		if !ok {
			continue
		}
		for imp := range k.imports {
			if imp == dir || slices.ContainsFunc(rule, func(r string) bool { return imp == r || strings.HasPrefix(imp, r+"/") }) {
				continue
			}
			t.Errorf("%s imports %s; section 3 of ARCHITECTURE.md does not allow it", dir, imp)
		}
	}
}

func longest(dir string) ([]string, bool) {
	for d := dir; d != "."; d = path.Dir(d) {
		if rule, ok := allowed[d]; ok {
			return rule, true
		}
	}
	return nil, false
}

// TestPullStaysOut keeps the network out of the pipeline: only the command line pulls.
func TestPullStaysOut(t *testing.T) {
	for dir, k := range tree(t) {
		if k.imports["internal/pull"] && dir != "internal/cli" {
			t.Errorf("%s imports internal/pull; only internal/cli may", dir)
		}
	}
}

// TestSiblings keeps detectors and sources apart from each other.
func TestSiblings(t *testing.T) {
	core := []string{"internal/source/frame", "internal/source/extract", "internal/source/transform", "internal/source/mapping", "internal/source/all", "internal/source/codetest", "internal/detect/all", "internal/detect/detecttest"}
	for dir, k := range tree(t) {
		for _, room := range []string{"internal/detect/", "internal/source/"} {
			if !strings.HasPrefix(dir, room) || slices.Contains(core, dir) {
				continue
			}
			for imp := range k.imports {
				if strings.HasPrefix(imp, room) && imp != dir && !slices.Contains(core, imp) {
					t.Errorf("%s imports its sibling %s", dir, imp)
				}
			}
		}
	}
}

func TestPackages(t *testing.T) {
	banned := []string{"utils", "util", "common", "helpers", "misc", "models", "mocks", "pkg"}
	for dir, k := range tree(t) {
		if slices.Contains(banned, path.Base(dir)) {
			t.Errorf("%s: a package is named for what it is about", dir)
		}
		hasCode := false
		for name := range k.files {
			hasCode = hasCode || !strings.HasSuffix(name, "_test.go")
		}
		if hasCode && k.doc == "" {
			t.Errorf("%s has no package comment", dir)
		}
		for name, f := range k.files {
			checkFile(t, name, f)
		}
	}
}

func checkFile(t *testing.T, name string, f *ast.File) {
	t.Helper()
	if n := lines(t, name); n > 600 && !ast.IsGenerated(f) {
		t.Errorf("%s has %d lines; 600 is the limit", name, n)
	}
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Name.Name == "init" && d.Recv == nil {
				t.Errorf("%s: no init functions; the reader cannot see when they run", name)
			}
		case *ast.GenDecl:
			for _, s := range d.Specs {
				checkType(t, name, s)
			}
		}
	}
}

func checkType(t *testing.T, name string, s ast.Spec) {
	t.Helper()
	spec, ok := s.(*ast.TypeSpec)
	if !ok {
		return
	}
	switch x := spec.Type.(type) {
	case *ast.InterfaceType:
		if n := x.Methods.NumFields(); n > 5 {
			t.Errorf("%s: interface %s has %d methods; 5 is the limit", name, spec.Name.Name, n)
		}
	case *ast.StructType:
		if strings.HasPrefix(name, "internal/cli/") {
			return // a command's environment lives exactly as long as the command
		}
		for _, field := range x.Fields.List {
			if sel, ok := field.Type.(*ast.SelectorExpr); ok && sel.Sel.Name == "Context" {
				t.Errorf("%s: struct %s holds a context; pass it as an argument", name, spec.Name.Name)
			}
		}
	}
}

func lines(t *testing.T, name string) int {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Count(string(b), "\n")
}

// TestDocumented asks for docstrings on at least 95 % of exported names.
func TestDocumented(t *testing.T) {
	total, bare := 0, []string{}
	for _, k := range tree(t) {
		for name, f := range k.files {
			if strings.HasSuffix(name, "_test.go") || ast.IsGenerated(f) {
				continue
			}
			for _, d := range f.Decls {
				for id, doc := range exported(d) {
					total++
					if !doc {
						bare = append(bare, name+": "+id)
					}
				}
			}
		}
	}
	if len(bare)*20 > total {
		slices.Sort(bare)
		t.Errorf("%d of %d exported names have no docstring:\n%s", len(bare), total, strings.Join(bare, "\n"))
	}
}

// exported returns the exported names of a declaration and whether they have a docstring.
func exported(d ast.Decl) map[string]bool {
	out := map[string]bool{}
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Name.IsExported() {
			out[d.Name.Name] = d.Doc != nil
		}
	case *ast.GenDecl:
		for _, s := range d.Specs {
			switch s := s.(type) {
			case *ast.TypeSpec:
				if s.Name.IsExported() {
					out[s.Name.Name] = d.Doc != nil || s.Doc != nil
				}
			case *ast.ValueSpec:
				for _, n := range s.Names {
					if n.IsExported() {
						out[n.Name] = d.Doc != nil || s.Doc != nil || s.Comment != nil
					}
				}
			}
		}
	}
	return out
}

// denied are the fields that must not exist in a record (HR-1).
var denied = []string{
	"nationality", "citizenship", "ethnicity", "race", "religion", "birth_country", "birthplace", "native_language",
	"accent", "keyboard_layout", "ime", "gender", "sex", "age", "disability", "union", "marital_status", "pronoun",
}

func TestNoProtectedFields(t *testing.T) {
	var walk func(name string, typ reflect.Type, seen map[reflect.Type]bool)
	walk = func(name string, typ reflect.Type, seen map[reflect.Type]bool) {
		for typ.Kind() == reflect.Pointer || typ.Kind() == reflect.Slice || typ.Kind() == reflect.Map {
			typ = typ.Elem()
		}
		if typ.Kind() != reflect.Struct || seen[typ] {
			return
		}
		seen[typ] = true
		for f := range typ.Fields() {
			json, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			for _, n := range []string{strings.ToLower(f.Name), json} {
				if slices.Contains(denied, n) || slices.Contains(denied, strings.TrimSuffix(n, "s")) {
					t.Errorf("%s.%s must not exist (HR-1)", name, f.Name)
				}
			}
			walk(name+"."+f.Name, f.Type, seen)
		}
	}
	for _, k := range record.Kinds() {
		walk(string(k), reflect.TypeOf(record.New(k)), map[reflect.Type]bool{})
	}
}

// TestDetectorsListed keeps folders and the list in step.
func TestDetectorsListed(t *testing.T) {
	listed := map[string]bool{}
	for _, d := range all.Detectors() {
		dir := "internal/detect/" + strings.ReplaceAll(d.ID, "-", "")
		listed[dir] = true
		for _, pattern := range []string{"doc.md", "testdata/found_*.txtar", "testdata/clean_*.txtar", "*_test.go"} {
			if m, _ := filepath.Glob(path.Join(dir, pattern)); len(m) == 0 {
				t.Errorf("detector %s has no %s/%s", d.ID, dir, pattern)
			}
		}
	}
	for dir := range tree(t) {
		if path.Dir(dir) == "internal/detect" && !listed[dir] && dir != "internal/detect/all" && dir != "internal/detect/detecttest" {
			t.Errorf("%s is not in detect/all", dir)
		}
	}
}

// TestSourcesDocumented asks every source for its page.
func TestSourcesDocumented(t *testing.T) {
	mappings, codes, err := sources.Load("")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range mappings {
		if !strings.Contains(strings.ToLower(m.Doc), "## how to export") {
			t.Errorf("source %s: doc.md has no section \"How to export it\"", m.ID)
		}
	}
	for _, c := range codes {
		if !strings.Contains(strings.ToLower(c.Doc), "## how to export") {
			t.Errorf("source %s: doc.md has no section \"How to export it\"", c.ID)
		}
	}
	dirs, err := filepath.Glob("internal/source/mapping/*/mapping.yaml")
	if err != nil || len(dirs) == 0 {
		t.Fatalf("no mappings found: %v", err)
	}
	for _, d := range dirs {
		if m, _ := filepath.Glob(path.Join(path.Dir(d), "testdata", "*")); len(m) == 0 {
			t.Errorf("%s has no testdata", path.Dir(d))
		}
	}
}

// TestDependencies lists why each direct dependency is here.
func TestDependencies(t *testing.T) {
	reasons := map[string]string{
		"github.com/alecthomas/kong":               "the command line as one typed struct",
		"github.com/goccy/go-yaml":                 "strict YAML with positions, for settings and mappings",
		"github.com/nyaruka/phonenumbers":          "E.164 numbers",
		"golang.org/x/text":                        "Unicode normalisation and character sets of exports",
		"golang.org/x/oauth2":                      "tokens for pulling: client credentials, service accounts",
		"golang.org/x/time":                        "requests a second that a vendor allows",
		"github.com/hashicorp/go-retryablehttp":    "requests again after 429 and 5xx, with a policy",
		"github.com/xuri/excelize/v2":              "spreadsheets, streamed, with unzip limits",
		"github.com/klauspost/compress":            "zstd exports",
		"filippo.io/age":                           "vaults of packs that two people open together",
		"github.com/gaissmai/bart":                 "prefix tables for address lists",
		"github.com/a-h/templ":                     "typed HTML components for the report",
		"github.com/zeebo/xxh3":                    "fast hashing for text sketches and keys",
		"golang.org/x/net":                         "the public suffix list: which part of a host name somebody registered",
		"golang.org/x/sync":                        "errgroup: companies of an evaluation beside each other",
		"golang.org/x/term":                        "width of the terminal, and whether there is one",
		"github.com/google/go-cmp":                 "tests: readable differences",
		"pgregory.net/rapid":                       "tests: properties",
		"github.com/rogpeppe/go-internal":          "tests: testscript and text archives",
		"github.com/santhosh-tekuri/jsonschema/v6": "tests: published schemas",
		"github.com/chromedp/cdproto":              "tests: the browser's protocol, for light, dark and print",
		"github.com/chromedp/chromedp":             "tests: the report in a real browser",
	}
	f, err := os.Open("go.mod")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for s := bufio.NewScanner(f); s.Scan(); {
		fields := strings.Fields(strings.TrimPrefix(strings.TrimSpace(s.Text()), "require "))
		if len(fields) < 2 || !strings.HasPrefix(fields[1], "v") || strings.HasSuffix(s.Text(), "// indirect") {
			continue
		}
		if reasons[fields[0]] == "" {
			t.Errorf("go.mod: %s has no reason in house_test.go", fields[0])
		}
		delete(reasons, fields[0])
	}
	for m := range reasons {
		t.Errorf("house_test.go lists %s, which go.mod does not require", m)
	}
}

// TestNoMachinePaths keeps this machine out of the repository.
func TestNoMachinePaths(t *testing.T) {
	home, _ := os.Getwd()
	for _, k := range tree(t) {
		for name := range k.files {
			b, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(string(b), home+"/") {
				t.Errorf("%s names a path of this machine", name)
			}
		}
	}
}
