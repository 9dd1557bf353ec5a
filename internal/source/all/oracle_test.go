package all

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"muster/internal/record"
)

// judged is what an independent party made of a vendor's event.
type judged struct {
	account, ip, outcome string
	at                   time.Time
}

// explained are the fields in which Muster differs from the oracles on purpose.
var explained = map[string]string{
	"test_auth_via_idp.json account": "Okta itself is the actor of a sign-in through another identity provider; the person is the target",
	"test_send_factor.json record":   "a push sent to the telephone is no sign-in: system.* is left out",
	"authentication time":            "the OCSF half is rounded to the second",
}

// ecsForm is what is compared of the ECS form that SEKOIA gives beside a raw event.
type ecsForm struct {
	Timestamp time.Time `json:"@timestamp"`
	User      struct {
		Email, Name string
		Target      struct{ Name string } `json:"target"`
	} `json:"user"`
	Source struct {
		IP   string
		User struct{ Name string } `json:"user"`
	} `json:"source"`
	Event struct{ Outcome string } `json:"event"`
	Host  struct{ Name any }       `json:"host"` // a list where a row names several
}

// pairs reads SEKOIA's raw events of a folder of samples, and returns the records
// they become and the oracle's form by the name of the file.
func pairs(t *testing.T, folder string) ([]record.Record, map[string]*ecsForm) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(sharedData(t), folder, "sekoia", "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no pairs in %s: %v", folder, err)
	}
	dir, forms := t.TempDir(), map[string]*ecsForm{}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var pair struct {
			Input    struct{ Message string } `json:"input"`
			Expected ecsForm                  `json:"expected"`
		}
		if err := json.Unmarshal(data, &pair); err != nil {
			t.Fatal(err)
		}
		forms[filepath.Base(file)] = &pair.Expected
		if err := os.WriteFile(filepath.Join(dir, filepath.Base(file)), []byte(pair.Input.Message), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	_, records := readFolder(t, dir)
	return records, forms
}

// opinion is a field on which an oracle has an opinion.
type opinion struct {
	field, got, want string
	same             bool
}

// agreement counts opinions; those that differ are logged, and those that differ on
// purpose, by file and field, count as agreeing.
type agreement struct{ agreed, of int }

func (a *agreement) add(t *testing.T, file string, list []opinion, explained map[string]string) {
	t.Helper()
	for _, o := range list {
		a.of++
		why := explained[file+" "+o.field]
		if o.same || why != "" {
			a.agreed++
		}
		if !o.same {
			t.Logf("%s: %s is %q, the oracle says %q: %s", file, o.field, o.got, o.want, why)
		}
	}
}

// hold fails under 97 % agreement, or if fewer fields than least were compared.
func (a *agreement) hold(t *testing.T, least int) {
	t.Helper()
	t.Logf("%d of %d fields agree", a.agreed, a.of)
	if a.of < least || float64(a.agreed) < 0.97*float64(a.of) {
		t.Errorf("%d of %d fields agree with the oracle; want 97 %% of at least %d", a.agreed, a.of, least)
	}
}

// address is an address as oracles write it.
func address(ip record.IP) string {
	if !ip.IsValid() {
		return ""
	}
	return ip.String()
}

// TestOracleSEKOIA compares sign-ins and account events with the ECS form that
// SEKOIA gives beside each raw Okta event.
func TestOracleSEKOIA(t *testing.T) {
	dir := filepath.Join(sharedData(t), "okta", "sekoia")
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no pairs in %s: %v", dir, err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var pair struct {
				Input    struct{ Message string } `json:"input"`
				Expected struct {
					Timestamp time.Time                    `json:"@timestamp"`
					User      struct{ Email, Name string } `json:"user"`
					Source    struct{ IP string }          `json:"source"`
					Event     struct{ Outcome string }     `json:"event"`
				} `json:"expected"`
			}
			if err := json.Unmarshal(data, &pair); err != nil {
				t.Fatal(err)
			}
			e := pair.Expected
			compare(t, filepath.Base(file), []byte(pair.Input.Message), judged{strings.ToLower(e.User.Email), e.Source.IP, e.Event.Outcome, e.Timestamp})
		})
	}
}

// TestOracleOCSF compares with the form that the OCSF project gives.
func TestOracleOCSF(t *testing.T) {
	dir := filepath.Join(sharedData(t), "okta-ocsf-pairs")
	files, err := filepath.Glob(filepath.Join(dir, "*.raw"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no pairs in %s: %v", dir, err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".raw")
		name = name[strings.LastIndex(name, "__")+2:]
		t.Run(name, func(t *testing.T) {
			raw, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			data, err := os.ReadFile(strings.TrimSuffix(file, ".raw") + ".ocsf")
			if err != nil {
				t.Fatal(err)
			}
			var o struct {
				User struct {
					Email string `json:"email_addr"`
				} `json:"user"`
				Source struct{ IP string } `json:"src_endpoint"`
				Status string              `json:"status"`
				Time   time.Time           `json:"time_dt"`
			}
			if err := json.Unmarshal(data, &o); err != nil {
				t.Fatal(err)
			}
			compare(t, name, raw, judged{o.User.Email, o.Source.IP, strings.ToLower(o.Status), o.Time})
		})
	}
}

// compare reads one event and checks what became of it.
func compare(t *testing.T, name string, event []byte, want judged) {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "event.json"), event, 0o600); err != nil {
		t.Fatal(err)
	}
	_, records := readFolder(t, dir)
	if len(records) != 1 {
		differs(t, name, "record", len(records), 1)
		return
	}
	var got judged
	switch r := records[0].(type) {
	case *record.Session:
		got = judged{r.Account, r.IP.String(), r.Outcome, r.At.Time()}
	case *record.AccountEvent:
		got = judged{r.Account, r.IP.String(), r.Outcome, r.At.Time()}
	default:
		t.Fatalf("the event became a %s", r.Kind())
	}
	if got.account != want.account {
		differs(t, name, "account", got.account, want.account)
	}
	if got.ip != want.ip {
		differs(t, name, "ip", got.ip, want.ip)
	}
	if got.outcome != want.outcome {
		differs(t, name, "outcome", got.outcome, want.outcome)
	}
	if !got.at.Equal(want.at) {
		differs(t, name, "time", got.at, want.at)
	}
}

func differs(t *testing.T, name, field string, got, want any) {
	t.Helper()
	if why := explained[name+" "+field]; why != "" {
		t.Logf("%s %s: %v and not %v: %s", name, field, got, want, why)
		return
	}
	t.Errorf("%s: %s is %v, the oracle says %v", name, field, got, want)
}
