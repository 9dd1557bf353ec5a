package pull

import (
	"net/http"
	"slices"
	"strconv"
	"time"
)

var slack = &Vendor{
	ID: "slack", Title: "Slack",
	URL: "https://slack.com", Secrets: []string{"token"}, Auth: byToken("Bearer"),
	PerSecond: 0.3, Burst: 5, // team.accessLogs and users.list: tier 2, 20 a minute
	Judge: judgeSlack,
	Grant: "api.slack.com/apps: Create new app, OAuth and Permissions, User token scopes, Install; by an owner on a paid plan, for audit by the owner of the Enterprise organisation. Slack gives access logs only to the scope admin, which can also write: Muster only reads with it, but keep the token as you keep an administrator's",
	Docs:  "https://docs.slack.dev/reference/methods/team.accessLogs",
	Streams: []Stream{
		{
			Name: "access", Title: "sign-ins with address and client (paid plans)",
			Path: "/api/team.accessLogs", Query: []string{"count", "1000"},
			Rows: "logins", Key: []string{"user_id", "date_first", "ip", "user_agent"}, Time: "date_last",
			Paging: byNumber("page", 1, func(p *page, n int) bool {
				pages, _ := strconv.Atoi(text(p.body, "paging.pages"))
				return n < min(pages, 100) // Slack gives no more than 100 pages
			}),
			// A row's count and last day grow with each sign-in.
			Snapshot: true, Newest: true, Scope: "admin",
		},
		{
			Name: "users", Title: "accounts",
			Path: "/api/users.list", Query: []string{"limit", "200"},
			Rows: "members", Key: []string{"id"}, Time: "updated", Paging: byCursor("response_metadata.next_cursor", "cursor"), Snapshot: true,
			Scope: "users:read and users:read.email",
		},
		{
			Name: "audit", Title: "audit logs (Enterprise organisations only)", URL: "https://api.slack.com",
			Path: "/audit/v1/logs", Query: []string{"limit", "1000", "oldest", "{from_unix}"},
			Rows: "entries", Key: []string{"id"}, Time: "date_create", Paging: byCursor("response_metadata.next_cursor", "cursor"),
			Overlap: time.Hour, Optional: true, Scope: "auditlogs:read",
			Why: "Slack does not say how late entries may come; an hour is what its own exports wait",
		},
	},
}

// judgeSlack reads ok:false, which comes with status 200.
func judgeSlack(status int, _ http.Header, body []byte) verdict {
	v := verdict{byStatus(status), said(body)}
	if v.outcome != fine || text(body, "ok") != "false" {
		return v
	}
	v = verdict{failed, shorten(text(body, "error") + " " + text(body, "needed"))}
	code := text(body, "error")
	switch {
	case code == "ratelimited":
		v.outcome = throttled
	case code == "invalid_cursor":
		v.outcome = expired
	case slices.Contains([]string{"missing_scope", "invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "not_allowed_token_type", "no_permission", "paid_only", "feature_not_enabled", "team_not_authorized", "user_not_authorized"}, code):
		v.outcome = denied
	}
	return v
}
