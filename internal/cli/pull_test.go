package cli_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"muster/internal/cli"
)

// TestPull runs the command against a server that works and one that refuses.
func TestPull(t *testing.T) {
	const secret = "s3cret-of-the-command-line"
	t.Setenv("MUSTER_TEST_TOKEN", secret)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.HasPrefix(r.URL.Path, "/api/v1/fleet/"):
			w.WriteHeader(http.StatusForbidden)
			fmt.Fprintf(w, `{"message":"no: %s"}`, r.Header.Get("Authorization"))
		case r.Header.Get("Authorization") != "SSWS "+secret:
			w.WriteHeader(http.StatusUnauthorized)
		default:
			fmt.Fprintf(w, `[{"uuid":"u-1","published":%q,"eventType":"user.session.start","actor":{"alternateId":"person@example.com"},"outcome":{"result":"SUCCESS"}}]`, time.Now().UTC().Format(time.RFC3339))
		}
	}))
	defer server.Close()
	dir := t.TempDir()
	plan := fmt.Sprintf("vendors:\n- {vendor: fleet, url: %q, token: env:MUSTER_TEST_TOKEN, streams: [hosts]}\n- {vendor: okta, url: %q, token: env:MUSTER_TEST_TOKEN}\n", server.URL, server.URL)
	if err := os.WriteFile(filepath.Join(dir, "pull.yaml"), []byte(plan), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, fresh := range []string{"1", "0"} {
		var out, errs bytes.Buffer
		if code := cli.Main([]string{"pull", dir}, &out, &errs); code != 1 {
			t.Errorf("exit code %d: %s", code, errs.String())
		}
		fields := strings.Fields(lineOf(out.String(), "okta"))
		if len(fields) < 5 || fields[1] != "system-log" || fields[3] != "1" || fields[4] != fresh {
			t.Errorf("summary: %s", out.String())
		}
		if !strings.Contains(errs.String(), "fleet hosts: /api/v1/fleet/hosts answered 403") || !strings.Contains(errs.String(), "lacks the role observer") {
			t.Errorf("errors: %s", errs.String())
		}
		if strings.Contains(out.String()+errs.String(), secret) {
			t.Errorf("the secret is shown: %s%s", out.String(), errs.String())
		}
	}
	var out, errs bytes.Buffer
	if code := cli.Main([]string{"pull", "--only=okta", dir}, &out, &errs); code != 0 || errs.Len() > 0 {
		t.Errorf("exit code %d: %s", code, errs.String())
	}
}

// lineOf returns the line of a table that begins with a word.
func lineOf(table, word string) string {
	for line := range strings.Lines(table) {
		if strings.HasPrefix(line, word+" ") {
			return line
		}
	}
	return ""
}
