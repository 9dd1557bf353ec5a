package gitlog

import (
	"testing"

	"muster/internal/record"
	"muster/internal/source"
	"muster/internal/source/codetest"
	"muster/internal/source/frame"
	"muster/internal/source/transform"
)

func TestGolden(t *testing.T) {
	report, _ := codetest.Golden(t, Source, "testdata/commits.want.ndjson")
	reasons := map[string]int{}
	for _, q := range report.Quarantine {
		reasons[q.Reason]++
	}
	if reasons["bad_time"] != 1 {
		t.Errorf("quarantined %v, want one bad_time", reasons)
	}
}

func TestRepository(t *testing.T) {
	for file, want := range map[string]string{
		"payments-api.log": "payments-api", "git/Web.txt": "web", "shop/git-log.txt": "shop", "git-log-shop.txt": "shop", "log.txt": "", "git/log": "",
		"exports.zip!core/commits.log": "core", "a.b.git.log": "a.b", "infra_gitlog.txt": "infra",
	} {
		if got := repoOf(file); got != want {
			t.Errorf("repoOf(%q) = %q, want %q", file, got, want)
		}
	}
}

func TestText(t *testing.T) {
	for name, c := range map[string]struct {
		text, field string
	}{
		"no date":   {"commit 1234567\nAuthor: A <a@example.com>\nCommit: B <b@example.com>\n\n    x\n", "at"},
		"no author": {"commit 1234567\nDate: Mon Mar 2 09:15:00 2026 +0100\n\n    x\n", "author_email"},
		"bad date":  {"commit 1234567\nAuthor: A <a@example.com>\nDate: yesterday\n\n    x\n", "at"},
	} {
		if _, bad := parseText(&transform.Ctx{}, c.text); bad == nil || bad.field != c.field {
			t.Errorf("%s: fault %+v, want one of %s", name, bad, c.field)
		}
	}
	for _, when := range []string{"Mon Mar 2 09:15:00 2026 +0100", "2026-03-02 09:15:00 +0100", "2026-03-02T09:15:00+01:00", "Mon, 2 Mar 2026 09:15:00 +0100", "1772439300"} {
		r, bad := parseText(&transform.Ctx{}, "commit 1234567\nAuthor: A <a@example.com>\nDate:   "+when+"\n\n    x\n")
		if bad != nil || r.At.Time().Unix() != 1772439300 {
			t.Errorf("%q: %+v %+v", when, r, bad)
		}
	}
}

func FuzzRow(f *testing.F) {
	for _, s := range []string{"commit 1\nAuthor: a <b@example.com>\nDate: 2026-01-01\n\n    x\n1\t2\tz", "a\x1fb\x1fc\x1f2026-01-01T00:00:00Z\x1fd\x1fe\x1ff\x1f\x1fg", "\x1f\x1f\x1f\x1f\x1f\x1f\x1f"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, format := range []string{"git-log", "git-log-text"} {
			in := source.CodeInput{
				Stream:  &frame.Stream{Format: format, Path: "x.log"},
				Batches: func(yield func(frame.Batch) bool) { yield(frame.Batch{Rows: []frame.Row{{Line: 1, Data: []byte(s)}}}) },
			}
			n := 0
			if err := read(t.Context(), in, func(record.Record) { n++ }, func(source.Reject) { n++ }); err != nil || n != 1 {
				t.Errorf("%d results, error %v", n, err)
			}
		}
	})
}
