package all

import (
	"strings"
	"testing"
	"time"

	"muster/internal/record"
)

// explainedDevices are the fields in which Muster differs from the oracle on purpose.
var explainedDevices = map[string]string{
	"test_identity_logon_4.json account": "the sample's login was replaced and its principal name was not: the principal name is the account",
}

// TestOracleDevices compares sign-ins and devices with the ECS form that SEKOIA
// gives beside the raw events. What it leaves out is not compared. All must agree.
func TestOracleDevices(t *testing.T) {
	var a agreement
	for _, folder := range []string{"defender", "crowdstrike", "crowdstrike-fdr", "intune"} {
		records, forms := pairs(t, folder)
		for _, r := range records {
			name := r.Meta().Ref.File
			a.add(t, name, deviceOpinions(r, forms[name]), explainedDevices)
		}
	}
	a.hold(t, 20)
	if a.agreed != a.of {
		t.Errorf("%d fields differ without a reason", a.of-a.agreed)
	}
}

func deviceOpinions(r record.Record, e *ecsForm) []opinion {
	var out []opinion
	check := func(field, got, want string) {
		if want != "" && got != "" {
			out = append(out, opinion{field, got, want, got == want || field == "account" && strings.HasPrefix(got, want+"@")})
		}
	}
	switch r := r.(type) {
	case *record.Session:
		check("account", r.Account, strings.ToLower(e.User.Name))
		check("address", address(r.IP), e.Source.IP)
		check("outcome", r.Outcome, outcomeOf(e.Event.Outcome))
		check("time", r.At.Time().UTC().Truncate(time.Microsecond).String(), e.Timestamp.UTC().String())
	case *record.Device:
		host, _ := e.Host.Name.(string)
		check("host", r.Hostname, host)
		check("owner", string(r.Handle), ownerOf(e.User.Email, e.User.Name))
	}
	return out
}

// outcomeOf reads the outcomes of ECS; reasons of a failure that stand in their
// place say failure.
func outcomeOf(s string) string {
	if s == "" || s == "success" || s == "failure" || s == "unknown" {
		return s
	}
	return "failure"
}

func ownerOf(email, login string) string {
	switch {
	case email != "":
		return "email:" + strings.ToLower(email)
	case login != "":
		return "login:" + strings.ToLower(login)
	}
	return ""
}
