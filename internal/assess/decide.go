package assess

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"muster/internal/identity"
	"muster/internal/record"
	"muster/internal/settings"
)

// fingerprint names the facts a decision is about: one short hash per finding,
// independent of when and where it was read, so that a later scan can tell
// whether anything is new.
func fingerprint(found []Weighed) string {
	var parts []string
	for i := range found {
		f := &found[i].Finding
		sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%s\x00%s\x00%v\x00%s", f.Detector, f.Signal, f.Strength, f.With, f.Place))
		parts = append(parts, hex.EncodeToString(sum[:4]))
	}
	slices.Sort(parts)
	return strings.Join(slices.Compact(parts), "-")
}

// unchanged reports whether everything found now was there when it was decided.
func unchanged(now, then string) bool {
	if then == "" || now == "" {
		return true
	}
	old := strings.Split(then, "-")
	for part := range strings.SplitSeq(now, "-") {
		if !slices.Contains(old, part) {
			return false
		}
	}
	return true
}

// decide applies what humans decided (ruling 20): a cleared persona stays cleared
// until its evidence changes.
func decide(in Input, p *identity.Persona, a *Assessment) {
	for _, d := range in.Settings.Decided {
		if !names(p, d.Persona) {
			continue
		}
		head := fmt.Sprintf("%s by %s", d.Outcome, d.By)
		if !d.At.IsZero() {
			head += " on " + d.At.String()
		}
		switch {
		case !d.Until.IsZero() && in.AsOf.After(d.Until.Last().Add(24*time.Hour)):
			a.Decision = head + ": ended on " + d.Until.String()
		case !unchanged(a.Evidence, d.Evidence):
			a.Decision = head + ": no longer holds, the evidence has changed since"
		default:
			a.Decision = head + ": " + d.Reason
			a.Band = outcomeBand(d.Outcome, a.Band)
		}
	}
	for _, k := range []struct {
		list    []string
		outcome string
	}{{in.Settings.Known.Cleared, "cleared"}, {in.Settings.Known.Confirmed, "confirmed"}, {in.Settings.Known.Victims, "victim"}} {
		if a.Decision == "" && anyNames(p, k.list) {
			a.Decision = k.outcome + ": listed under known in the settings"
			a.Band = outcomeBand(k.outcome, a.Band)
		}
	}
}

func outcomeBand(outcome string, b Band) Band {
	switch outcome {
	case "cleared":
		return None
	case "confirmed":
		return Urgent
	case "watch":
		return max(b, Watch)
	case "victim":
		return min(b, Watch)
	}
	return b
}

// names reports whether a key (id, handle, e-mail or employee number) names p.
func names(p *identity.Persona, key string) bool {
	low := strings.ToLower(strings.TrimSpace(key))
	return key == string(p.ID) || slices.Contains(p.Emails, low) ||
		slices.ContainsFunc(p.Handles, func(h record.Handle) bool {
			return strings.EqualFold(string(h), low) || h.Namespace() == record.NSEmployee && strings.EqualFold(h.Value(), low)
		})
}

func anyNames(p *identity.Persona, keys []string) bool {
	return slices.ContainsFunc(keys, func(k string) bool { return names(p, k) })
}

func isConfirmed(st *settings.Settings, p *identity.Persona) bool {
	return anyNames(p, st.Known.Confirmed) || slices.ContainsFunc(st.Decided, func(d settings.Decision) bool { return d.Outcome == "confirmed" && names(p, d.Persona) })
}

func isVictim(st *settings.Settings, p *identity.Persona) bool {
	if anyNames(p, st.Known.Victims) {
		return true
	}
	return slices.ContainsFunc(st.Decided, func(d settings.Decision) bool { return d.Outcome == "victim" && names(p, d.Persona) })
}
