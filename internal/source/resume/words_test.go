package resume

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// The scanners written by hand must mean what the expressions mean that say it
// shorter.
func TestScannersMeanTheirExpressions(t *testing.T) {
	bullet := regexp.MustCompile(`^\s*(?:[-*•·‣◦▪–—o]\s|[0-9]+[.)]\s)`)
	mailbox := regexp.MustCompile(`[A-Za-z0-9._%+'-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+`)
	mark := []string{
		" ", "\t", "\n", "-", "–", "•", "o", "1", "20", "19", ".", ")", "@", "a", "b.c", "%", "'", "x@y", "é", "ſ", "K", "(", "/", "www.", "WWW.", "https://",
		"linkedin.com/", "t.me/", "Lead", "engineer", "Berater", "people", "partner", "referent", "développeur", "CTO", "_", "to", "Mar ", "present",
	}
	rapid.Check(t, func(t *rapid.T) {
		s := strings.Join(rapid.SliceOfN(rapid.SampledFrom(mark), 0, 14).Draw(t, "parts"), "")
		if got, want := bulletOf(s), len(bullet.FindString(s)); got != want {
			t.Fatalf("bullet of %q is %d bytes long, want %d", s, got, want)
		}
		var mails []string
		for _, at := range mailboxes(s, -1) {
			mails = append(mails, s[at[0]:at[1]])
		}
		if want := mailbox.FindAllString(s, -1); !slices.Equal(mails, want) {
			t.Fatalf("addresses in %q are %q, want %q", s, mails, want)
		}
		if got, want := withoutMailboxes(s), mailbox.ReplaceAllString(s, " "); got != want {
			t.Fatalf("%q without addresses is %q, want %q", s, got, want)
		}
		if got, want := weblinks(s), weblink.FindAllString(s, -1); !slices.Equal(got, want) {
			t.Fatalf("links in %q are %q, want %q", s, got, want)
		}
		if got, want := roleWords.MatchString(s), roleWords.all.MatchString(s); got != want {
			t.Fatalf("%q names a role: %v, want %v", s, got, want)
		}
		if line := strings.ReplaceAll(s, "\n", " "); (period.MatchString(line) || point.MatchString(line)) && !dated(line) {
			t.Fatalf("%q holds a period and no year", line)
		}
	})
}
