package pull

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"muster/internal/record"
	"muster/internal/source"
	sources "muster/internal/source/all"
)

// bench is a vendor's server with rows, and a folder to pull into.
type bench struct {
	try
	t    *testing.T
	site *site
	dir  string
	plan *Plan
	now  time.Time
}

func set(t *testing.T, v try) *bench {
	t.Helper()
	b := &bench{try: v, t: t, dir: t.TempDir(), now: noon}
	b.site = newSite(t, v.auth, v.answer)
	for list, row := range v.lists {
		n := v.rows[list]
		if n == 0 {
			n = 5
		}
		for i := range n {
			b.site.lists[list] = append(b.site.lists[list], row(i, noon.Add(-30*time.Hour+time.Duration(i)*time.Minute)))
		}
	}
	if v.entry.Key != "" {
		b.keyFile()
	}
	b.load("")
	return b
}

// load writes the plan and reads it, as a user would.
func (b *bench) load(more string) {
	b.t.Helper()
	e := b.entry
	var y strings.Builder
	fmt.Fprintf(&y, "since: 2026-11-01\n%svendors:\n- vendor: %s\n  url: %s\n  token_url: %s/oauth/token\n", more, b.id, b.site.URL, b.site.URL)
	for _, kv := range [][2]string{{"org", e.Org}, {"tenant", e.Tenant}, {"account", e.Account}, {"client_id", e.ClientID}, {"subject", e.Subject}, {"token", string(e.Token)}, {"client_secret", string(e.ClientSecret)}, {"key", string(e.Key)}} {
		if kv[1] != "" {
			fmt.Fprintf(&y, "  %s: %s\n", kv[0], kv[1])
		}
	}
	if len(e.Streams) > 0 {
		fmt.Fprintf(&y, "  streams: [%s]\n", strings.Join(e.Streams, ", "))
	}
	if err := os.WriteFile(filepath.Join(b.dir, PlanName), []byte(y.String()), 0o600); err != nil {
		b.t.Fatal(err)
	}
	var err error
	if b.plan, err = Load(b.dir); err != nil {
		b.t.Fatal(err)
	}
}

// keyFile writes the key of an invented service account.
func (b *bench) keyFile() {
	b.t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		b.t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		b.t.Fatal(err)
	}
	j, err := json.Marshal(map[string]string{"type": "service_account", "client_email": "robot@example.com", "private_key_id": "k1", "private_key": string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))})
	if err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(b.dir, "key.json"), j, 0o600); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) options() Options {
	return Options{Now: func() time.Time { return b.now }, RetryWait: 2 * time.Millisecond, Getenv: func(name string) string {
		return map[string]string{"SECRET": theSecret}[name]
	}}
}

func (b *bench) run(ctx context.Context, opt Options) []Summary {
	b.t.Helper()
	// The limits are the vendors'; these servers are not.
	v := *Find(b.id)
	v.PerSecond, v.Burst = 10000, 1000
	b.plan.Vendors[0].vendor = &v
	sums, err := Run(ctx, b.dir, b.plan, opt)
	if err != nil && ctx.Err() == nil {
		b.t.Fatal(err)
	}
	for _, s := range sums {
		if s.Err != nil && (strings.Contains(s.Err.Error(), theSecret) || strings.Contains(s.Err.Error(), theBearer)) {
			b.t.Errorf("the secret is in an error: %v", s.Err)
		}
	}
	return sums
}

// good runs and expects no error; it returns the rows written.
func (b *bench) good() int {
	b.t.Helper()
	written := 0
	for _, s := range b.run(b.t.Context(), b.options()) {
		if s.Err != nil {
			b.t.Errorf("%s %s: %v", s.Vendor, s.Stream, s.Err)
		}
		written += s.New
	}
	return written
}

// rowsOnDisk returns all rows below the folder, by file.
func (b *bench) rowsOnDisk() map[string][]string {
	b.t.Helper()
	out := map[string][]string{}
	err := filepath.WalkDir(b.dir, func(p string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		body, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		if d.Name() != "key.json" && bytes.Contains(body, []byte(theSecret)) || bytes.Contains(body, []byte(theBearer)) {
			b.t.Errorf("%s holds the secret", p)
		}
		if strings.HasSuffix(p, ".part") {
			b.t.Errorf("%s was left behind", p)
		}
		if strings.HasSuffix(p, ".ndjson") {
			if info, err := d.Info(); err != nil || info.Mode().Perm() != 0o600 {
				b.t.Errorf("%s has mode %v", p, info.Mode())
			}
			out[filepath.Base(p)] = strings.Split(strings.TrimSuffix(string(body), "\n"), "\n")
		}
		return nil
	})
	if err != nil {
		b.t.Fatal(err)
	}
	return out
}

// complete expects every row of the vendor on the disk, once.
func (b *bench) complete() {
	b.t.Helper()
	have := map[string]int{}
	for _, rows := range b.rowsOnDisk() {
		for _, r := range rows {
			have[r]++
		}
	}
	for list, rows := range b.site.lists {
		if b.id == "zoom" && list == "meetings" {
			continue // asked for their participants
		}
		for _, r := range rows {
			if have[r] != 1 {
				b.t.Fatalf("%s: a row is there %d times: %s", list, have[r], r)
			}
		}
	}
}

// each runs a test for every vendor.
func each(t *testing.T, f func(t *testing.T, b *bench)) {
	for _, v := range tries() {
		t.Run(v.id, func(t *testing.T) {
			t.Parallel()
			f(t, set(t, v))
		})
	}
}

// TestPages reads every list over pages, with the vendor's own refusal at the second
// request and a broken server at the third.
func TestPages(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		b.site.faults[2] = b.limit
		b.site.faults[3] = func(w http.ResponseWriter) { say(w, 502, "<html>bad gateway</html>") }
		sums := b.run(t.Context(), b.options())
		throttled := time.Duration(0)
		for _, s := range sums {
			if s.Err != nil {
				t.Errorf("%s: %v", s.Stream, s.Err)
			}
			if s.Pages < 2 || s.New == 0 {
				t.Errorf("%s: %d pages, %d rows", s.Stream, s.Pages, s.New)
			}
			throttled += s.Throttled
		}
		if throttled == 0 {
			t.Error("the refusal is not in the summary")
		}
		b.complete()
	})
}

// TestRead pulls and reads what was pulled with the sources of the house.
func TestRead(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		b.good()
		mappings, codes, err := sources.Load("")
		if err != nil {
			t.Fatal(err)
		}
		emitted := 0
		rep, err := source.Read(t.Context(), []string{b.dir}, source.Options{
			Key: make([]byte, 32), Mappings: mappings, Codes: codes,
			Skip: func(rel string) bool { return rel == PlanName || rel == "key.json" },
		}, func(record.Record) error { emitted++; return nil })
		if err != nil {
			t.Fatal(err)
		}
		if len(rep.Files) < len(b.plan.Vendors[0].streams()) || emitted == 0 {
			t.Errorf("%d files, %d records", len(rep.Files), emitted)
		}
		for _, f := range rep.Files {
			mapped := 0
			for _, x := range f.Formats {
				if !strings.HasPrefix(x.Format, strings.TrimSuffix(b.id, "-v1")) || x.Unmapped > 0 || x.Quarantined > 0 {
					t.Errorf("%s: %s: %d mapped, %d ignored, %d unmapped, %d quarantined %v", f.Path, x.Format, x.Mapped, x.Ignored, x.Unmapped, x.Quarantined, x.Reasons)
				}
				mapped += x.Mapped
			}
			if f.Unidentified || f.QuarantinedRows > 0 || mapped == 0 && !strings.Contains(f.Path, "members") {
				t.Errorf("%s: unidentified %v (%s), %d quarantined, %d mapped", f.Path, f.Unidentified, f.Why, f.QuarantinedRows, mapped)
			}
		}
	})
}

// TestAgain pulls twice: the second time brings what is new and what came late, and
// nothing twice.
func TestAgain(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		b.good()
		b.now = b.now.Add(time.Hour)
		want := 0
		for i := range Find(b.id).Streams {
			if s := Find(b.id).Streams[i]; s.Snapshot && slices.ContainsFunc(b.plan.Vendors[0].streams(), func(x *Stream) bool { return x.Name == s.Name }) {
				want += len(b.site.lists[s.Path[strings.LastIndexAny(s.Path, "/")+1:]])
			}
		}
		if b.late != "" {
			row, n := b.lists[b.late], 100000
			newest := noon.Add(-30*time.Hour + time.Duration(max(b.rows[b.late], 5)-1)*time.Minute)
			b.site.lists[b.late] = append(b.site.lists[b.late], row(n, newest.Add(-90*time.Second)), row(n+1, b.now.Add(-time.Minute)))
			if b.id == "fleet" { // newest first, by time
				slices.SortFunc(b.site.lists[b.late], func(x, y string) int {
					return timeOf([]byte(x), "created_at").Compare(timeOf([]byte(y), "created_at"))
				})
			}
			want += 2
		}
		if got := b.good(); got != want {
			t.Errorf("%d rows written, %d wanted", got, want)
		}
		b.complete()
	})
}

// TestExpired has the vendor forget its cursor in the middle of a list.
func TestExpired(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		b.site.faults[2] = b.expired
		if b.id == "zoom" {
			b.site.faults[7] = b.expired // the second page of the list; participants lie between
			delete(b.site.faults, 2)
		}
		sums := b.run(t.Context(), b.options())
		if notes := strings.Join(sums[0].Notes, "; "); b.id != "zoom" && !strings.Contains(notes, "read again from the start") {
			t.Errorf("notes %q, error %v", notes, sums[0].Err)
		}
		for _, s := range sums {
			if s.Err != nil {
				t.Errorf("%s: %v", s.Stream, s.Err)
			}
		}
		b.complete()
	})
}

// TestRefused has the vendor refuse the credential, and then the scope.
func TestRefused(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		sent := theSecret
		if strings.Contains(b.auth, theBearer) {
			sent = theBearer
		}
		b.site.always = func(w http.ResponseWriter) { say(w, 401, `{"message":"no `+sent+`"}`) }
		sums := b.run(t.Context(), b.options())
		if len(sums) != 1 || !is(sums[0].Err, denied) && !strings.Contains(fmt.Sprint(sums[0].Err), "revoked") {
			t.Fatalf("401: %+v", sums)
		}
		if !strings.Contains(sums[0].Err.Error(), Find(b.id).Grant) || !strings.Contains(sums[0].Err.Error(), "[secret]") {
			t.Errorf("401: %v", sums[0].Err)
		}
		b.site.always = b.denied
		sums = b.run(t.Context(), b.options())
		if len(sums) != len(b.plan.Vendors[0].streams()) {
			t.Errorf("403: one list refused is not all refused: %d", len(sums))
		}
		if err := fmt.Sprint(sums[0].Err); !strings.Contains(err, b.needs) || !strings.Contains(err, "lacks") {
			t.Errorf("403: %s", err)
		}
	})
}

// TestCrash ends the process, as it were, after each page in turn: once between the
// page's rows and its cursor, once after its cursor.
func TestCrash(t *testing.T) {
	stop := errors.New("stopped")
	each(t, func(t *testing.T, b *bench) {
		for _, kept := range []bool{false, true} {
			for range 3 {
				ctx, cancel := context.WithCancel(t.Context())
				opt, pages := b.options(), 0
				opt.after = func(_, _ string, _ *page, k bool) error {
					if k != kept {
						return nil
					}
					if pages++; pages == 2 {
						cancel()
						return stop
					}
					return nil
				}
				b.run(ctx, opt)
				cancel()
			}
		}
		b.good()
		b.complete()
	})
}

// TestDown has a server that does not recover, and a limit that is too long to wait for.
func TestDown(t *testing.T) {
	b := set(t, tryOkta())
	b.site.always = func(w http.ResponseWriter) { say(w, 503, `{}`) }
	sums := b.run(t.Context(), b.options())
	if b.site.asked != maxTries || !strings.Contains(fmt.Sprint(sums[0].Err), "run again later") {
		t.Errorf("%d requests, %v", b.site.asked, sums[0].Err)
	}
	b.site.always = func(w http.ResponseWriter) {
		w.Header().Set("Retry-After", "7200")
		say(w, 429, `{}`)
	}
	sums = b.run(t.Context(), b.options())
	if b.site.asked != maxTries+1 || !strings.Contains(fmt.Sprint(sums[0].Err), "run again after 2026-11-20 14:00 UTC") {
		t.Errorf("%d requests, %v", b.site.asked, sums[0].Err)
	}
}
