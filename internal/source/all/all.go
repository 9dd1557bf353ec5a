// Package all is the one list of everything Muster can read.
package all

import (
	"io/fs"
	"os"
	"slices"

	"muster/internal/source"
	"muster/internal/source/canonical"
	"muster/internal/source/gitlog"
	"muster/internal/source/mapping"
	"muster/internal/source/misp"
	"muster/internal/source/nacha"
	"muster/internal/source/resume"
	"muster/internal/source/stix"
)

// Codes returns the sources that are written in code, in the order of their ids.
func Codes() []source.Code {
	return []source.Code{
		gitlog.Source,
		canonical.Source,
		misp.Source,
		nacha.Source,
		resume.Source,
		stix.Source,
	}
}

// InChildren returns the sources with those for documents replaced by ones that open
// files in child processes, which command starts: see [resume.Serve]. Without a
// command they stay in this process.
func InChildren(codes []source.Code, command []string) []source.Code {
	out := slices.Clone(codes)
	for i := range out {
		if out[i].ID == resume.ID && len(command) > 0 {
			out[i] = resume.New(resume.Options{Command: command})
		}
	}
	return out
}

// Load returns the mappings of the house and those of the folder userDir ("" for
// none), and the sources written in code. The error names file and line of
// everything that is wrong in a mapping.
func Load(userDir string) ([]*mapping.Mapping, []source.Code, error) {
	systems := []fs.FS{mapping.Builtin}
	if userDir != "" {
		if _, err := os.Stat(userDir); err != nil {
			return nil, nil, err
		}
		systems = append(systems, os.DirFS(userDir))
	}
	maps, err := mapping.LoadAll(systems...)
	if err != nil {
		return nil, nil, err
	}
	return maps, Codes(), nil
}
