package pull

import (
	"net/http"
	"strings"
	"time"
)

var github = &Vendor{
	ID: "github", Title: "GitHub Enterprise Cloud: audit log and members of an organisation",
	URL: "https://api.github.com", Needs: []string{"org"}, Secrets: []string{"token"}, Auth: byToken("Bearer"),
	PerSecond: 0.45, Burst: 30, // audit log: 1750 an hour per user and address
	Header: [][2]string{{"Accept", "application/vnd.github+json"}, {"X-GitHub-Api-Version", "2022-11-28"}},
	Judge:  judgeGitHub,
	Grant:  "GitHub: Settings, Developer settings, Personal access tokens, as an owner of the organisation (authorise it for SSO); source addresses: organisation settings, Logs, Audit log, Settings, Disclose actor IP addresses",
	Docs:   "https://docs.github.com/rest/orgs/orgs#get-the-audit-log-for-an-organization",
	Streams: []Stream{
		{
			Name: "audit", Title: "audit log with Git events (those of 7 days only)",
			Path: "/orgs/{org}/audit-log", Query: []string{"include", "all", "order", "asc", "per_page", "100", "phrase", "created:>={from}"},
			Key: []string{"_document_id"}, Time: "@timestamp", Paging: byLink,
			Overlap: time.Hour, Retention: 180 * 24 * time.Hour, Scope: "read:audit_log",
			Why: "events of several systems meet in the log, some after minutes",
		},
		{
			Name: "members", Title: "logins of the members",
			Path: "/orgs/{org}/members", Query: []string{"per_page", "100"},
			Key: []string{"id"}, Paging: byLink, Snapshot: true, Scope: "read:org",
		},
	},
}

// judgeGitHub tells a spent limit from a missing right: both are 403.
func judgeGitHub(status int, h http.Header, body []byte) verdict {
	v := verdict{byStatus(status), said(body)}
	if status == http.StatusForbidden && (h.Get("X-Ratelimit-Remaining") == "0" || h.Get("Retry-After") != "" || strings.Contains(v.detail, "secondary rate limit")) {
		v.outcome = throttled
	}
	return v
}
