package pull

import (
	"net/url"
	"time"

	"golang.org/x/oauth2"
)

// Greenhouse announced the end of Harvest v1 and v2 for 2026-08-31; v3 wants OAuth,
// and on every page but the first the cursor as the only parameter.
var greenhouse = &Vendor{
	ID: "greenhouse", Title: "Greenhouse (Harvest v3)",
	URL: "https://harvest.greenhouse.io", Needs: []string{"client_id"}, Secrets: []string{"client_secret"},
	Auth: byClient(func(*Entry) string { return "https://auth.greenhouse.io/token" }, oauth2.AuthStyleInHeader, nil, func(e *Entry) url.Values {
		if e.Subject == "" {
			return nil
		}
		return url.Values{"sub": {e.Subject}}
	}),
	PerSecond: 1.5, Burst: 10, // windows of 30 seconds; X-RateLimit-Limit says how many
	Grant: "Greenhouse: Configure, Dev Center, API Credential Management, Create new API credentials, Harvest V3 (OAuth); permissions: only the lists below, read; subject: the id of a user with access to private candidates",
	Docs:  "https://harvestdocs.greenhouse.io/docs/authentication",
	Streams: []Stream{
		harvest3("candidates", "names, addresses, contact data"),
		harvest3("applications", "what they applied for, and answers"),
	},
}

func harvest3(list, title string) Stream {
	return Stream{
		Name: list, Title: title,
		Path: "/v3/" + list, Query: []string{"per_page", "500", "updated_at", greenhouseSince},
		Key: []string{"id", "updated_at"}, Time: "updated_at", Paging: byLink, Versions: true,
		Overlap: time.Hour, Scope: "harvest:" + list + ":list",
		Why: "updated_at is the time of a transaction's start, not of its end",
	}
}

// greenhouseSince is v3's form of a lower bound.
const greenhouseSince = "gte|{from}"

// greenhouseV1 is for an account where the old interface still answers.
var greenhouseV1 = &Vendor{
	ID: "greenhouse-v1", Title: "Greenhouse (Harvest v1, announced to end 2026-08-31)",
	URL: "https://harvest.greenhouse.io", Secrets: []string{"token"}, Auth: byBasic,
	PerSecond: 4, Burst: 10, // 50 in 10 seconds
	Grant: "Greenhouse: Configure, Dev Center, API Credential Management, Create new API key, type Harvest, read permission on the lists below only",
	Docs:  "https://developers.greenhouse.io/harvest.html",
	Streams: []Stream{
		harvest1("candidates", "/v1/candidates", "updated_after", "updated_at", "GET: List Candidates"),
		harvest1("applications", "/v1/applications", "last_activity_after", "last_activity_at", "GET: List Applications"),
		harvest1("interviews", "/v1/scheduled_interviews", "updated_after", "updated_at", "GET: List Scheduled Interviews"),
		harvest1("offers", "/v1/offers", "updated_after", "updated_at", "GET: List Offers"),
	},
}

func harvest1(name, path, param, at, scope string) Stream {
	return Stream{
		Name: name, Title: name,
		Path: path, Query: []string{"per_page", "500", "skip_count", "true", param, "{from}"},
		Key: []string{"id", at}, Time: at, Paging: byLink, Versions: true,
		Overlap: time.Hour, Scope: scope, Why: "as for v3",
	}
}
