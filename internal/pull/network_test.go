package pull

import (
	"encoding/pem"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// secure serves a vendor over TLS, with a certificate that nobody knows.
func secure(t *testing.T) *bench {
	t.Helper()
	b := set(t, tryOkta())
	inner := b.site
	b.site.Server = httptest.NewTLSServer(http.HandlerFunc(inner.ServeHTTP))
	t.Cleanup(b.site.Server.Close)
	return b
}

func TestAuthorityAndProxy(t *testing.T) {
	b := secure(t)
	b.load("")
	if err := b.run(t.Context(), b.options())[0].Err; err == nil || !strings.Contains(err.Error(), "ca_file") {
		t.Errorf("unknown authority: %v", err)
	}
	ca := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: b.site.Certificate().Raw})
	if err := os.WriteFile(filepath.Join(b.dir, "ca.pem"), ca, 0o600); err != nil {
		t.Fatal(err)
	}
	b.load("ca_file: ca.pem\n")
	b.good()
	b.complete()

	tunnels, proxy := tunnel(t, "Basic cHVsbGVyOnMzY3JldC1vZi10aGUtdmVuZG9yLTAwMDE=") // puller and the secret
	b.load("ca_file: ca.pem\nproxy: " + proxy + "\nproxy_user: puller\nproxy_password: env:SECRET\n")
	b.good()
	if tunnels.Load() == 0 {
		t.Error("the proxy was not used")
	}
	b.load("ca_file: ca.pem\nproxy: " + proxy + "\n")
	if err := b.run(t.Context(), b.options())[0].Err; err == nil || !strings.Contains(err.Error(), "Proxy Authentication Required") {
		t.Errorf("refused by the proxy: %v", err)
	}
	if err := os.WriteFile(filepath.Join(b.dir, "ca.pem"), []byte("nothing"), 0o600); err != nil {
		t.Fatal(err)
	}
	b.load("ca_file: ca.pem\n")
	if _, err := Run(t.Context(), b.dir, b.plan, b.options()); err == nil || !strings.Contains(err.Error(), "PEM") {
		t.Errorf("no certificate: %v", err)
	}
}

// tunnel is a proxy that opens tunnels (CONNECT) for those it knows.
func tunnel(t *testing.T, auth string) (*atomic.Int32, string) {
	t.Helper()
	n := &atomic.Int32{}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodConnect || r.Header.Get("Proxy-Authorization") != auth {
			w.WriteHeader(http.StatusProxyAuthRequired)
			return
		}
		to, err := net.Dial("tcp", r.Host)
		if err != nil {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		n.Add(1)
		w.WriteHeader(http.StatusOK)
		from, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			return
		}
		go func() {
			defer to.Close()
			_, _ = io.Copy(to, from)
		}()
		defer from.Close()
		_, _ = io.Copy(from, to)
	}))
	t.Cleanup(s.Close)
	return n, s.URL
}

// TestElsewhere has the vendor point to another host, by redirect and by its paging.
func TestElsewhere(t *testing.T) {
	leaked := atomic.Int32{}
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		leaked.Add(1)
		fmt.Fprint(w, "[]")
	}))
	defer other.Close()
	for name, answer := range map[string]func(http.ResponseWriter){
		"redirect": func(w http.ResponseWriter) {
			w.Header().Set("Location", other.URL+"/api/v1/logs")
			w.WriteHeader(http.StatusFound)
		},
		"paging": func(w http.ResponseWriter) {
			w.Header().Set("Link", "<"+other.URL+"/api/v1/logs?after=1>; rel=\"next\"")
			fmt.Fprint(w, "[]")
		},
	} {
		b := set(t, tryOkta())
		b.site.always = answer
		err := b.run(t.Context(), b.options())[0].Err
		if err == nil || !strings.Contains(err.Error(), "credential is not sent there") || b.site.asked != 1 {
			t.Errorf("%s: %d requests, %v", name, b.site.asked, err)
		}
	}
	// The token service may not pass the client's secret on either.
	b := set(t, tryEntra())
	from := httptest.NewServer(http.RedirectHandler(other.URL, http.StatusTemporaryRedirect))
	defer from.Close()
	b.plan.Vendors[0].TokenURL = from.URL + "/token"
	if err := b.run(t.Context(), b.options())[0].Err; err == nil || !strings.Contains(err.Error(), "credential is not sent there") {
		t.Errorf("token: %v", err)
	}
	if leaked.Load() > 0 {
		t.Errorf("%d requests reached the other host", leaked.Load())
	}
}

// TestStrangeAnswers are not taken for lists without rows.
func TestStrangeAnswers(t *testing.T) {
	big := `["` + strings.Repeat("x", maxBody) + `"]`
	for _, c := range []struct{ name, body, want string }{
		{"sign-in page of a proxy", "<html>please sign in</html>", "no proxy or sign-in page"},
		{"another shape", `{"events":[]}`, "not the list"},
		{"too much", big, "MB"},
		{"nothing", "", "not the list"},
	} {
		b := set(t, tryOkta())
		b.site.always = func(w http.ResponseWriter) { say(w, 200, c.body) }
		if err := b.run(t.Context(), b.options())[0].Err; err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	b := set(t, tryEntra())
	b.site.always = func(w http.ResponseWriter) { say(w, 200, `{"values":[]}`) }
	if err := b.run(t.Context(), b.options())[0].Err; err == nil || !strings.Contains(err.Error(), `no list "value"`) {
		t.Errorf("renamed list: %v", err)
	}
	b = set(t, tryOkta())
	b.site.always = func(w http.ResponseWriter) {
		w.Header().Set("Link", fmt.Sprintf(`<%s/api/v1/logs?after=%d>; rel="next"`, b.site.URL, b.site.asked))
		say(w, 200, "[]")
	}
	if err := b.run(t.Context(), b.options())[0].Err; err == nil || !strings.Contains(err.Error(), "does not end") {
		t.Errorf("endless: %v", err)
	}
}

// TestOneFails goes on with the others.
func TestOneFails(t *testing.T) {
	b, bad := set(t, tryOkta()), set(t, tryFleet())
	bad.site.always = func(w http.ResponseWriter) { say(w, 401, `{}`) }
	b.plan.Vendors = append(bad.plan.Vendors, b.plan.Vendors...)
	sums, err := Run(t.Context(), b.dir, b.plan, b.options())
	if err != nil || len(sums) != 2 || sums[0].Err == nil || sums[1].Err != nil || sums[1].New != 5 {
		t.Errorf("%+v %v", sums, err)
	}
	opt := b.options()
	opt.Only = []string{"okta"}
	if sums, err := Run(t.Context(), b.dir, b.plan, opt); err != nil || len(sums) != 1 || sums[0].New != 0 {
		t.Errorf("only: %+v %v", sums, err)
	}
}

// TestSnapshot replaces a list as a whole, and not by an empty one.
func TestSnapshot(t *testing.T) {
	b := set(t, tryIntune())
	b.good()
	b.site.lists["managedDevices"] = []string{b.lists["managedDevices"](3, noon)}
	b.good()
	if rows := b.rowsOnDisk()["devices.ndjson"]; len(rows) != 1 || !strings.Contains(rows[0], noon.Format("2006-01-02")) {
		t.Errorf("%d rows: %s", len(rows), rows)
	}
	b.site.lists["managedDevices"] = nil
	sums := b.run(t.Context(), b.options())
	if rows := b.rowsOnDisk()["devices.ndjson"]; len(rows) != 1 || !strings.Contains(strings.Join(sums[0].Notes, ""), "kept") {
		t.Errorf("%d rows, notes %v", len(rows), sums[0].Notes)
	}
}

// TestSyncToken reads on from Ashby's token, and from the start when it is too old.
func TestSyncToken(t *testing.T) {
	b := set(t, tryAshby())
	b.good()
	for _, token := range []string{"expired", "sync5"} {
		st, err := loadState(b.dir)
		if err != nil {
			t.Fatal(err)
		}
		c := st.get("ashby/candidates")
		if c.Token != "sync5" {
			t.Errorf("kept token %q", c.Token)
		}
		c.Token = token
		if err := st.put("ashby/candidates", c); err != nil {
			t.Fatal(err)
		}
		sums := b.run(t.Context(), b.options())
		again := strings.Contains(strings.Join(sums[0].Notes, ""), "read again from the start")
		if sums[0].Err != nil || sums[0].New != 0 || again != (token == "expired") || again == (sums[0].Rows == 0) {
			t.Errorf("%s: %+v", token, sums[0])
		}
	}
	b.complete()
}

// TestTorn mends a line that a crash cut off, and a lost file of cursors.
func TestTorn(t *testing.T) {
	b := set(t, tryOkta())
	b.good()
	name := filepath.Join(b.dir, "okta", "system-log-2026-11-19.ndjson")
	info, err := os.Stat(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(name, info.Size()-10); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(b.dir, StateName)); err != nil {
		t.Fatal(err)
	}
	if n := b.good(); n != 1 {
		t.Errorf("%d rows written, 1 wanted", n)
	}
	b.complete()
	if err := os.WriteFile(filepath.Join(b.dir, StateName), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Run(t.Context(), b.dir, b.plan, b.options()); err == nil || !strings.Contains(err.Error(), "move it away") {
		t.Errorf("broken file of cursors: %v", err)
	}
}

// TestGap says what the vendor no longer has.
func TestGap(t *testing.T) {
	b := set(t, tryOkta())
	b.good()
	b.now = noon.Add(200 * 24 * time.Hour)
	if notes := strings.Join(b.run(t.Context(), b.options())[0].Notes, ""); !strings.Contains(notes, "gap: last pulled 2026-11-20, and the vendor keeps 90 days") {
		t.Errorf("notes: %s", notes)
	}
}
