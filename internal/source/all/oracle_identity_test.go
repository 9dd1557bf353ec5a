package all

import (
	"cmp"
	"net/netip"
	"strings"
	"testing"
	"time"

	"muster/internal/record"
)

// identityExplained are the fields in which Muster differs from the oracles on
// purpose, by file and field.
var identityExplained = map[string]string{
	"user_risk_detection_2.json time": "the detection names the sign-in it is about; the oracle takes the time of the log entry",
}

// TestOracleIdentity compares the sign-ins of Entra ID, Google Workspace and Duo
// with the ECS form that SEKOIA gives beside each raw event.
func TestOracleIdentity(t *testing.T) {
	for _, folder := range []string{"entra-id", "google-workspace", "duo"} {
		t.Run(folder, func(t *testing.T) {
			records, forms := pairs(t, folder)
			var a agreement
			for _, r := range records {
				if s, ok := r.(*record.Session); ok {
					a.add(t, s.Ref.File, identityOpinions(s, forms[s.Ref.File]), identityExplained)
				}
			}
			a.hold(t, 1)
		})
	}
}

func identityOpinions(s *record.Session, e *ecsForm) []opinion {
	var out []opinion
	check := func(field, got, want string) { out = append(out, opinion{field, got, want, got == want}) }
	if want := strings.ToLower(cmp.Or(e.User.Email, e.User.Name)); want != "" {
		check("account", s.Account, want)
	}
	if ip, err := netip.ParseAddr(e.Source.IP); err == nil {
		check("ip", s.IP.String(), ip.String())
	}
	if e.Event.Outcome != "" {
		check("outcome", s.Outcome, e.Event.Outcome)
	}
	if !e.Timestamp.IsZero() { // in microseconds
		check("time", s.At.Time().Truncate(time.Microsecond).UTC().String(), e.Timestamp.UTC().String())
	}
	return out
}
