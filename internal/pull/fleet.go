package pull

import "time"

var fleet = &Vendor{
	ID: "fleet", Title: "Fleet (device management on osquery)",
	Example: "https://fleet.example.com",
	Secrets: []string{"token"}, Auth: byToken("Bearer"),
	PerSecond: 2, Burst: 5, // your own server; the list with software is heavy
	Grant: "Fleet: fleetctl user create --api-only --global-role observer, and its token (Settings, Users)",
	Docs:  "https://fleetdm.com/docs/rest-api/rest-api#list-hosts",
	Streams: []Stream{
		{
			Name: "hosts", Title: "hosts with addresses, people and software",
			Path: "/api/v1/fleet/hosts", Query: []string{"per_page", "100", "order_key", "id", "populate_software", "true", "device_mapping", "true"},
			Rows: "hosts", Key: []string{"uuid"}, Time: "seen_time", Paging: byNumber("page", 0, func(p *page, _ int) bool { return len(p.rows) >= 100 }), Snapshot: true,
			Scope: "the role observer",
		},
		{
			Name: "activities", Title: "who signed in to Fleet, and ran what",
			Path: "/api/v1/fleet/activities", Query: []string{"per_page", "100", "order_key", "created_at", "order_direction", "desc"},
			Rows: "activities", Key: []string{"id"}, Time: "created_at", Paging: byNumber("page", 0, func(p *page, _ int) bool {
				if more := text(p.body, "meta.has_next_results"); more != "" {
					return more == "true"
				}
				return len(p.rows) >= 100
			}), Newest: true,
			Overlap: 10 * time.Minute, Scope: "the role observer",
			Why: "Fleet writes them as they happen",
		},
	},
}
