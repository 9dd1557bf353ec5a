// Package config reads muster.yaml and the decisions file into settings.
package config

import (
	"errors"
	"fmt"
	"io/fs"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml"

	"muster/internal/record"
	"muster/internal/settings"
	"muster/internal/signal"
)

// FileName is the settings file looked for beside the exports.
const FileName = "muster.yaml"

// Load reads a settings file and the decisions file it names. An empty path
// gives the defaults.
func Load(path string) (*settings.Settings, error) {
	if path == "" {
		return defaults(&settings.Settings{}), nil
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	st, err := Parse(b, path)
	if err != nil || st.Decisions == "" {
		return st, err
	}
	file := st.Decisions
	if !filepath.IsAbs(file) {
		file = filepath.Join(filepath.Dir(path), file)
	}
	b, err = os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s: decisions: %s does not exist; create it or remove the key", path, file)
	}
	if err != nil {
		return nil, err
	}
	st.Decided, err = parseDecisions(b, file)
	return st, err
}

// Parse reads settings from YAML; unknown keys are errors with their line.
// Path is only used in messages.
func Parse(b []byte, path string) (*settings.Settings, error) {
	st := &settings.Settings{}
	if len(strings.TrimSpace(string(b))) > 0 {
		if err := yaml.UnmarshalWithOptions(b, st, options()...); err != nil {
			return nil, fmt.Errorf("%s: %s", path, yaml.FormatError(err, false, true))
		}
	}
	if err := check(st); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return defaults(st), nil
}

func options() []yaml.DecodeOption {
	return []yaml.DecodeOption{
		yaml.Strict(),
		yaml.CustomUnmarshaler(func(d *record.Date, b []byte) error {
			return d.UnmarshalText([]byte(strings.Trim(strings.TrimSpace(string(b)), `"'`)))
		}),
		yaml.CustomUnmarshaler(func(p *netip.Prefix, b []byte) error {
			s := strings.Trim(strings.TrimSpace(string(b)), `"'`)
			if a, err := netip.ParseAddr(s); err == nil {
				*p = netip.PrefixFrom(a, a.BitLen())
				return nil
			}
			v, err := netip.ParsePrefix(s)
			*p = v.Masked()
			return err
		}),
	}
}

func defaults(st *settings.Settings) *settings.Settings {
	if st.TimeZone == "" {
		st.TimeZone = "UTC"
	}
	return st
}

// check reports settings that are well-formed YAML but mean nothing.
func check(st *settings.Settings) error {
	if _, err := time.LoadLocation(st.TimeZone); err != nil {
		return fmt.Errorf("time_zone: %q is not an IANA zone such as Europe/Berlin", st.TimeZone)
	}
	if !slices.Contains([]string{"", settings.ModeEmployer, settings.ModeMarketplace}, st.Mode) {
		return fmt.Errorf("mode: %q is not %s or %s", st.Mode, settings.ModeEmployer, settings.ModeMarketplace)
	}
	for id, w := range st.Weights {
		switch {
		case signal.Get(signal.ID(id)) == nil:
			return fmt.Errorf("weights: %q is not a signal of the catalogue", id)
		case strings.TrimSpace(w.Reason) == "":
			return fmt.Errorf("weights: %s needs a reason; it is printed in every report", id)
		case w.Nats < 0 || w.Nats > 4:
			return fmt.Errorf("weights: %s: %g nats is not between 0 and 4", id, w.Nats)
		}
	}
	for _, n := range st.Notices.Monitoring {
		if n.Date.IsZero() || n.Country == "" {
			return errors.New("notices: monitoring: every notice needs a country (or \"*\") and a date")
		}
	}
	if a := st.Approvals.Infostealer; a != nil && !st.HasApproval(settings.ApprovalInfostealer) {
		return errors.New("approvals: infostealer: the approval needs counsel (who approved) and date (YYYY-MM-DD); remove the key if there is none")
	}
	for pattern, f := range st.Files {
		if f.DateOrder != "" && !slices.Contains([]string{"dmy", "mdy", "ymd"}, f.DateOrder) {
			return fmt.Errorf("files: %s: date_order %q is not dmy, mdy or ymd", pattern, f.DateOrder)
		}
		if _, err := time.LoadLocation(f.TimeZone); err != nil {
			return fmt.Errorf("files: %s: time_zone %q is not an IANA zone", pattern, f.TimeZone)
		}
		if _, err := filepath.Match(pattern, ""); err != nil {
			return fmt.Errorf("files: %q is not a file pattern", pattern)
		}
	}
	return nil
}

var outcomes = []string{"cleared", "confirmed", "victim", "watch"}

func parseDecisions(b []byte, path string) ([]settings.Decision, error) {
	var file struct {
		Decisions []settings.Decision `yaml:"decisions"`
	}
	if len(strings.TrimSpace(string(b))) == 0 {
		return nil, nil
	}
	if err := yaml.UnmarshalWithOptions(b, &file, options()...); err != nil {
		return nil, fmt.Errorf("%s: %s", path, yaml.FormatError(err, false, true))
	}
	for i, d := range file.Decisions {
		switch {
		case d.Persona == "" || d.By == "" || d.Reason == "":
			return nil, fmt.Errorf("%s: decision %d needs persona, by and reason", path, i+1)
		case !slices.Contains(outcomes, d.Outcome):
			return nil, fmt.Errorf("%s: decision %d: outcome %q is not one of %s", path, i+1, d.Outcome, strings.Join(outcomes, ", "))
		}
	}
	return file.Decisions, nil
}
