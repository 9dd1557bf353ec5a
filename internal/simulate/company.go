package simulate

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
)

// Company invents a company and writes its exports into dir/exports, with
// muster.yaml among them, and what was planted into dir/truth.json. Existing files
// of the same names are replaced.
func Company(opt Options, dir string) (*Truth, error) {
	return company(opt, nil, dir)
}

// company is [Company] with the fixed parts of a demonstration.
func company(opt Options, cast []role, dir string) (*Truth, error) {
	opt.defaults()
	if err := opt.check(); err != nil {
		return nil, err
	}
	w, err := newWorld(opt)
	if err != nil {
		return nil, err
	}
	w.cast = cast
	if err := w.build(); err != nil {
		return nil, err
	}
	if err := w.export(filepath.Join(dir, "exports")); err != nil {
		return nil, fmt.Errorf("simulate: %w", err)
	}
	t := w.truth()
	text, err := json.MarshalIndent(t, "", " ")
	if err != nil {
		return nil, fmt.Errorf("simulate: %w", err)
	}
	if err := os.WriteFile(filepath.Join(dir, "truth.json"), append(text, '\n'), 0o600); err != nil {
		return nil, fmt.Errorf("simulate: %w", err)
	}
	return t, nil
}

// export writes every system's files.
func (w *world) export(dir string) error {
	steps := []struct {
		name  string
		write func(*tree) error
	}{
		{"greenhouse", w.writeGreenhouse},
		{"hris", w.writeRoster},
		{"resumes", w.writeResumes},
		{"references", w.writeReferences},
		{"okta", w.writeOkta},
		{"crowdstrike", w.writeHosts},
		{"mdm", w.writeIntune},
		{"fleet", w.writeFleet},
		{"payroll", w.writePayroll},
		{"shipping", w.writeShipments},
		{"zoom", w.writeZoom},
		{"git", w.writeGit},
		{"presence", w.writePresence},
		{"intel", w.writeIntel},
		{"muster.yaml", w.writeSettings},
	}
	t := &tree{dir: dir}
	for i, s := range steps {
		w.progress(s.name, i, len(steps))
		if err := s.write(t); err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
	}
	w.progress("done", len(steps), len(steps))
	return nil
}
