package all

import (
	"strings"
	"testing"

	"muster/internal/record"
)

// TestOracleCollaboration compares what became of an event with the ECS form that
// SEKOIA gives beside it: account, address and time, and the outcome of sign-ins.
func TestOracleCollaboration(t *testing.T) {
	var a agreement
	for _, folder := range []string{"m365-audit", "github-audit", "ocsf"} {
		records, forms := pairs(t, folder)
		for _, r := range records {
			name := r.Meta().Ref.File
			a.add(t, name, collaborationOpinions(r, forms[name]), nil)
		}
	}
	a.hold(t, 30)
}

// collaborationOpinions compares the fields that the oracle fills. The oracle's user may be
// the one who acts or the one whom the event is about.
func collaborationOpinions(r record.Record, x *ecsForm) []opinion {
	var got judged
	var actor string
	signIn := false
	switch r := r.(type) {
	case *record.Session:
		got, signIn = judged{r.Account, address(r.IP), r.Outcome, r.At.Time()}, true
	case *record.AccountEvent:
		got, actor = judged{r.Account, address(r.IP), r.Outcome, r.At.Time()}, r.Actor
	case *record.AccessEvent:
		got = judged{r.Account, address(r.IP), "", r.At.Time()}
	default:
		return nil
	}
	who, target := strings.ToLower(x.User.Name), strings.ToLower(x.User.Target.Name)
	if x.User.Email != "" {
		who = strings.ToLower(x.User.Email)
	}
	var out []opinion
	if who != "" || target != "" {
		out = append(out, opinion{"account", got.account, who, got.account == who || actor == who && who != "" || got.account == target})
	}
	if x.Source.IP != "" {
		out = append(out, opinion{"ip", got.ip, x.Source.IP, got.ip == x.Source.IP})
	}
	if signIn && x.Event.Outcome != "" {
		out = append(out, opinion{"outcome", got.outcome, x.Event.Outcome, got.outcome == x.Event.Outcome})
	}
	return append(out, opinion{"time", got.at.UTC().String(), x.Timestamp.UTC().String(), got.at.Equal(x.Timestamp)})
}
