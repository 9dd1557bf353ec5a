package source

import (
	"regexp"
	"slices"
	"strings"

	"muster/internal/record"
	"muster/internal/settings"
	"muster/internal/source/frame"
	"muster/internal/source/mapping"
)

// ReasonWithheld is why rows are counted and not read: the approval is missing.
const ReasonWithheld = "approval_missing"

// needsApproval names the approval without which records of a kind are not made.
// What became of their rows is told in numbers only: no excerpt of them is kept.
var needsApproval = map[record.Kind]string{record.StolenLogins: settings.ApprovalInfostealer}

// WithheldWhy says what was withheld and what to do.
const WithheldWhy = "not read: approval missing; these are rows of an index of infostealer logs. Record counsel's approval under approvals.infostealer in muster.yaml, or take the file out (docs/infostealer.md)"

// withholds reports whether records of a kind must not be made.
func (o *Options) withholds(k record.Kind) bool {
	name, ok := needsApproval[k]
	return ok && !slices.Contains(o.Approved, name)
}

// guards notes, by number, the mappings whose rows need an approval and those of
// them that lack it.
func (e *engine) guards() {
	e.guarded, e.withheld = make([]bool, len(e.maps)), make([]bool, len(e.maps))
	for i, m := range e.maps {
		for _, k := range m.Kinds() {
			e.guarded[i] = e.guarded[i] || needsApproval[k] != ""
			e.withheld[i] = e.withheld[i] || e.opt.withholds(k)
		}
	}
}

// keepsSilent reports whether nothing of the file's rows may be shown: it holds
// rows that need an approval, or a column of passwords. A row that is cut wrongly
// can have its password anywhere.
func (f *file) keepsSilent() bool {
	if slices.ContainsFunc(f.stream.Header, mapping.Secret) {
		return true
	}
	for i, guarded := range f.e.guarded {
		if guarded && (f.tally.formats[f.e.maps[i].ID] != nil || f.own != nil && f.own.stats[i] != nil) {
			return true
		}
	}
	for _, x := range f.tally.formats {
		for k := range needsApproval {
			if x.Withheld > 0 || x.Emitted[k] > 0 {
				return true
			}
		}
	}
	return false
}

// silence takes the excerpts out where nothing of the rows may be shown, and says
// what was withheld.
func (f *file) silence() {
	t := &f.tally
	if f.keepsSilent() {
		for _, list := range [][]Quarantined{t.quarantine, t.unknown} {
			for i := range list {
				list[i].Excerpt = ""
			}
		}
	}
	for _, x := range t.formats {
		if x.Withheld > 0 {
			t.report.Why = WithheldWhy
		}
	}
}

// secretKey finds a member of a JSON object, or a line of a text, that holds a
// password.
var secretKey = regexp.MustCompile(`(?i)(?:^|[^a-z])(?:pass|passw(?:or[dt]|d)s?|pwd|passphrase|kennwort|contraseña|mot de passe|hasło|senha)[a-z_ ]{0,20}"?\s*[:=]|^(?:https?|android)://\S*:\S+:`)

// excerptOf shows the form of a row, and nothing of one that holds a password.
func excerptOf(row *frame.Row) string {
	if row.Data == nil {
		return Mask(strings.Join(row.Cells[:min(len(row.Cells), 12)], ", "))
	}
	if secretKey.Match(row.Data) {
		return ""
	}
	return Mask(string(row.Data[:min(len(row.Data), 200)]))
}

// maskOf returns how values of a mapping's rows are shown when a row is explained:
// of what needs an approval only that there is one.
func (e *engine) maskOf(num int) func(string) string {
	if num < 0 || !e.guarded[num] {
		return Mask
	}
	return func(s string) string {
		if s == "" {
			return ""
		}
		return "(present)"
	}
}

// maskKey is Mask for the value of a column or key that no path reads.
func maskKey(name, value string) string {
	if mapping.Forbidden(name) {
		return "(never read)"
	}
	return Mask(value)
}
