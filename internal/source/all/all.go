// Package all is the one list of everything Muster can read.
package all

import (
	"io/fs"
	"os"

	"muster/internal/source"
	"muster/internal/source/canonical"
	"muster/internal/source/gitlog"
	"muster/internal/source/mapping"
	"muster/internal/source/nacha"
	"muster/internal/source/resume"
)

// Codes returns the sources that are written in code, in the order of their ids.
func Codes() []source.Code {
	return []source.Code{
		gitlog.Source,
		canonical.Source,
		nacha.Source,
		resume.Source,
	}
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
