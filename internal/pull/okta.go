package pull

import "time"

var okta = &Vendor{
	ID: "okta", Title: "Okta System Log",
	Example: "https://example.okta.com",
	Secrets: []string{"token"}, Auth: byToken("SSWS"),
	PerSecond: 0.9, Burst: 10, // /api/v1/logs: 60 a minute on most plans
	Grant: "Okta admin console: Security, API, Tokens, Create token, as a user with the read-only administrator role (a token has the rights of its user)",
	Docs:  "https://developer.okta.com/docs/reference/system-log-query/",
	Streams: []Stream{
		{
			Name: "system-log", Title: "sign-ins, factors, accounts",
			// With until the query is bounded: only then does the Link header end.
			Path: "/api/v1/logs", Query: []string{"since", "{from}", "until", "{to}", "sortOrder", "ASCENDING", "limit", "1000"},
			Key: []string{"uuid"}, Time: "published", Paging: byLink,
			Overlap: 10 * time.Minute, Retention: 90 * 24 * time.Hour,
			Scope: "okta.logs.read (role: read-only administrator)",
			Why:   "Okta writes events within seconds, late ones within minutes",
		},
	},
}
