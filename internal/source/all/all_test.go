package all

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
	"time"

	"muster/internal/record"
	"muster/internal/source"
)

func TestLoad(t *testing.T) {
	maps, codes, err := Load("")
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, m := range maps {
		ids = append(ids, m.ID)
	}
	for _, c := range codes {
		ids = append(ids, c.ID)
		if c.Doc == "" || c.Title == "" || c.Claims == nil || c.Read == nil {
			t.Errorf("source %q is not complete", c.ID)
		}
	}
	slices.Sort(ids)
	if u := slices.Compact(slices.Clone(ids)); len(u) != len(ids) || ids[0] == "" {
		t.Errorf("ids are not unique: %v", ids)
	}
}

func TestLoadOwnMappings(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "own.yaml"), []byte("id: own.badges\nsystem: presence\nshape: table\nmatch: {all: [badge_id, site, timestamp]}\nignore: true\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	maps, _, err := Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	found := false
	for _, m := range maps {
		found = found || m.ID == "own.badges"
	}
	if !found {
		t.Error("the user's mapping is not loaded")
	}
	if _, _, err := Load(filepath.Join(dir, "missing")); err == nil {
		t.Error("a missing folder was accepted")
	}
}

// BenchmarkOkta reads sign-ins of about 1.7 kB with all mappings of the house.
func BenchmarkOkta(b *testing.B) {
	maps, codes, err := Load("")
	if err != nil {
		b.Fatal(err)
	}
	const n = 20_000
	var text bytes.Buffer
	for i := range n {
		fmt.Fprintf(&text, `{"actor":{"id":"00u%08d","type":"User","alternateId":"worker%d@example.com","displayName":"Worker %d","detailEntry":null},"client":{"userAgent":{"rawUserAgent":"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36","os":"Mac OS X","browser":"CHROME"},"zone":"null","device":"Computer","id":null,"ipAddress":"192.0.2.%d","geographicalContext":{"city":"Springfield","state":"Illinois","country":"United States","postalCode":"62701","geolocation":{"lat":39.8017,"lon":-89.6436}}},"device":null,"authenticationContext":{"authenticationProvider":null,"credentialProvider":null,"credentialType":null,"issuer":null,"interface":null,"authenticationStep":0,"externalSessionId":"102%012d"},"displayMessage":"User login to Okta","eventType":"user.session.start","outcome":{"result":"SUCCESS","reason":null},"published":"2026-03-02T08:%02d:%02d.123Z","securityContext":{"asNumber":64500,"asOrg":"example carrier","isp":"example carrier llc","domain":"example.net","isProxy":false},"severity":"INFO","debugContext":{"debugData":{"deviceFingerprint":"%032x","requestId":"Y%020d","requestUri":"/idp/idx/identify","threatSuspected":"false","url":"/idp/idx/identify?"}},"legacyEventType":"core.user_auth.login_success","transaction":{"type":"WEB","id":"Y%020d","detail":{}},"uuid":"%08x-0000-11ee-8000-000000000000","version":"0","request":{"ipChain":[{"ip":"192.0.2.%d","geographicalContext":{"city":"Springfield","state":"Illinois","country":"United States","postalCode":"62701","geolocation":{"lat":39.8017,"lon":-89.6436}},"version":"V4","source":null}]},"target":[{"id":"0oa%08d","type":"AppInstance","alternateId":"Portal","displayName":"Portal","detailEntry":null}]}`+"\n",
			i%3000, i%3000, i%3000, i%250, i, i/60%60, i%60, i%3000, i, i, i, i%250, i%7)
	}
	dir := b.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "okta.ndjson"), text.Bytes(), 0o600); err != nil {
		b.Fatal(err)
	}
	before, rounds := cpuTime(b), 0
	b.ReportAllocs()
	for b.Loop() {
		rounds++
		got := 0
		if _, err := source.Read(b.Context(), []string{dir}, source.Options{Mappings: maps, Codes: codes, Workers: 1}, func(record.Record) error { got++; return nil }); err != nil || got != n {
			b.Fatal(got, err)
		}
	}
	b.ReportMetric(float64(rounds*text.Len())/1e6/(cpuTime(b)-before).Seconds(), "MB/cpu-s")
}

// cpuTime is used instead of the wall clock, since other work may run beside.
func cpuTime(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
