// Command gendocs writes the documentation that is made from the code:
// docs/detectors.md, docs/sources.md and docs/settings.md. Run it from the
// repository's root, by make generate.
package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"log"
	"os"
	"slices"
	"strings"

	"muster/internal/detect"
	"muster/internal/detect/all"
	"muster/internal/signal"
	sources "muster/internal/source/all"
)

func main() {
	log.SetFlags(0)
	for _, page := range []struct {
		path string
		make func(*bytes.Buffer) error
	}{{"docs/detectors.md", detectors}, {"docs/sources.md", sourcePages}, {"docs/settings.md", settingsPage}} {
		var b bytes.Buffer
		if err := page.make(&b); err != nil {
			log.Fatalf("%s: %v", page.path, err)
		}
		if err := os.WriteFile(page.path, b.Bytes(), 0o644); err != nil {
			log.Fatal(err)
		}
	}
}

// detectors writes one section per detector, in the order of the list.
func detectors(b *bytes.Buffer) error {
	list := all.Detectors()
	fmt.Fprintf(b, "# Detectors\n\nMade from the code by `make generate`. Each of the %d detectors answers one question; `muster detectors ID` prints its page. Strength and use class come from the catalogue, per signal.\n\n", len(list))
	fmt.Fprint(b, "| detector | signals (strength, use class) | question |\n|---|---|---|\n")
	for _, d := range list {
		var ids []string
		for _, id := range d.Signals {
			s := signal.Get(id)
			grade := s.Max.String()
			if s.Min != s.Max {
				grade = s.Min.String() + " to " + grade
			}
			ids = append(ids, fmt.Sprintf("%s (%s, %s)", id, grade, s.Class))
		}
		fmt.Fprintf(b, "| [%s](#%s) | %s | %s |\n", d.ID, d.ID, strings.Join(ids, ", "), detect.ParsePage(d.Doc).Title)
	}
	for _, d := range list {
		p := detect.ParsePage(d.Doc)
		fmt.Fprintf(b, "\n## %s\n\n**%s** %s\n\n*Why:* %s\n", d.ID, p.Title+".", p.Looks, p.Why)
		for _, part := range []struct {
			title string
			items []string
		}{{"Innocent explanations", p.Innocent}, {"What would clear it", p.Clears}, {"Next step", p.Next}} {
			fmt.Fprintf(b, "\n%s:\n\n", part.title)
			for _, item := range part.items {
				fmt.Fprintf(b, "- %s\n", item)
			}
		}
	}
	return nil
}

// sourcePages writes one section per source, by system.
func sourcePages(b *bytes.Buffer) error {
	mappings, codes, err := sources.Load("")
	if err != nil {
		return err
	}
	type page struct{ system, id, title, doc string }
	var pages []page
	for _, m := range mappings {
		pages = append(pages, page{m.System, m.ID, m.Title, m.Doc})
	}
	for _, c := range codes {
		pages = append(pages, page{c.System, c.ID, c.Title, c.Doc})
	}
	slices.SortFunc(pages, func(x, y page) int { return strings.Compare(x.system+"\x00"+x.id, y.system+"\x00"+y.id) })
	fmt.Fprintf(b, "# Sources\n\nMade from the code by `make generate`. %d kinds of exports; `muster sources check PATH` says what becomes of yours.\n", len(pages))
	system := ""
	for _, p := range pages {
		if p.system != system {
			system = p.system
			fmt.Fprintf(b, "\n## %s\n", system)
		}
		fmt.Fprintf(b, "\n### %s: %s\n", p.id, p.title)
		for line := range strings.Lines(strings.TrimSpace(p.doc)) {
			if strings.HasPrefix(line, "# ") {
				continue
			}
			if rest, ok := strings.CutPrefix(line, "## "); ok {
				line = "#### " + rest
			}
			fmt.Fprint(b, line)
		}
		fmt.Fprintln(b)
	}
	return nil
}

// settingsPage writes the reference of muster.yaml from the comments of the structs.
func settingsPage(b *bytes.Buffer) error {
	f, err := parser.ParseFile(token.NewFileSet(), "internal/settings/settings.go", nil, parser.ParseComments)
	if err != nil {
		return err
	}
	types := map[string]*ast.StructType{}
	for _, d := range f.Decls {
		g, ok := d.(*ast.GenDecl)
		if !ok {
			continue
		}
		for _, s := range g.Specs {
			if ts, ok := s.(*ast.TypeSpec); ok {
				if st, ok := ts.Type.(*ast.StructType); ok {
					types[ts.Name.Name] = st
				}
			}
		}
	}
	fmt.Fprint(b, "# muster.yaml\n\nMade from the code by `make generate`. Put it beside the exports or name it with `--config`. Every key is optional; unknown keys are errors.\n\n")
	fmt.Fprint(b, "| key | meaning |\n|---|---|\n")
	writeKeys(b, types, types["Settings"], "")
	fmt.Fprint(b, "\nThe file named by `decisions` holds a list under the key `decisions`:\n\n| key | meaning |\n|---|---|\n")
	writeKeys(b, types, types["Decision"], "")
	return nil
}

func writeKeys(b *bytes.Buffer, types map[string]*ast.StructType, st *ast.StructType, prefix string) {
	for _, field := range st.Fields.List {
		_, tag, _ := strings.Cut(field.Tag.Value, `yaml:"`)
		key, _, _ := strings.Cut(tag, `"`)
		if key == "-" {
			continue
		}
		fmt.Fprintf(b, "| `%s%s` | %s |\n", prefix, key, strings.Join(strings.Fields(field.Doc.Text()), " "))
		name, list := elem(field.Type)
		if sub := types[name]; sub != nil {
			writeKeys(b, types, sub, prefix+key+list)
		}
	}
}

// elem returns the name of a field's type and how its keys are written below it.
func elem(t ast.Expr) (name, sep string) {
	switch t := t.(type) {
	case *ast.Ident:
		return t.Name, "."
	case *ast.ArrayType:
		name, _ = elem(t.Elt)
		return name, "[]."
	case *ast.MapType:
		name, _ = elem(t.Value)
		return name, ".*."
	case *ast.StarExpr:
		return elem(t.X)
	}
	return "", "."
}
