package pull

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/oauth2"
)

var zoom = &Vendor{
	ID: "zoom", Title: "Zoom",
	URL: "https://api.zoom.us", Needs: []string{"account", "client_id"}, Secrets: []string{"client_secret"},
	Auth: byClient(func(*Entry) string { return "https://zoom.us/oauth/token" }, oauth2.AuthStyleInHeader, nil, func(e *Entry) url.Values {
		return url.Values{"grant_type": {"account_credentials"}, "account_id": {e.Account}}
	}),
	PerSecond: 0.6, Burst: 5, // "resource-intensive" lists: 40 a minute on Business
	Judge: judgeZoom,
	Grant: "marketplace.zoom.us: Develop, Build app, Server-to-Server OAuth, Scopes; by an account administrator. The dashboard needs a Business plan",
	Docs:  "https://developers.zoom.us/docs/api/meetings/",
	Streams: []Stream{
		{
			Name: "participants", Title: "who was in which meeting, from what address and machine",
			Path: "/v2/metrics/meetings", Query: []string{"type", "past", "from", "{from_date}", "to", "{to_date}", "page_size", "300"},
			Rows: "meetings", Time: "join_time", Paging: byCursor("next_page_token", "next_page_token"),
			Each:    &Each{Path: zoomParticipants, Query: []string{"type", "past", "page_size", "300"}, Rows: "participants", Paging: byCursor("next_page_token", "next_page_token"), Gone: []int{404}},
			Overlap: 48 * time.Hour, Retention: 180 * 24 * time.Hour, Window: 30 * 24 * time.Hour,
			Scope: "dashboard:read:list_meetings:admin and dashboard:read:list_meeting_participants:admin",
			Why:   "a meeting is listed by its start, and its participants are complete some time after its end; the list goes by days",
		},
		{
			Name: "activities", Title: "sign-ins",
			Path: "/v2/report/activities", Query: []string{"from", "{from_date}", "to", "{to_date}", "page_size", "300"},
			Rows: "activity_logs", Time: "time", Paging: byCursor("next_page_token", "next_page_token"),
			Overlap: 24 * time.Hour, Retention: 180 * 24 * time.Hour, Window: 30 * 24 * time.Hour,
			Scope: "report:read:user_activities:admin", Why: "the list goes by days",
		},
		{
			Name: "operations", Title: "what administrators changed",
			Path: "/v2/report/operationlogs", Query: []string{"from", "{from_date}", "to", "{to_date}", "page_size", "300"},
			Rows: "operation_logs", Time: "time", Paging: byCursor("next_page_token", "next_page_token"),
			Overlap: 24 * time.Hour, Retention: 180 * 24 * time.Hour, Window: 30 * 24 * time.Hour,
			Scope: "report:read:operation_logs:admin", Why: "the list goes by days",
		},
		{
			Name: "users", Title: "accounts",
			Path: "/v2/users", Query: []string{"page_size", "300", "status", "active"},
			Rows: "users", Key: []string{"id"}, Paging: byCursor("next_page_token", "next_page_token"), Snapshot: true,
			Scope: "user:read:list_users:admin",
		},
	},
}

// zoomParticipants leads to a meeting's participants. An id that begins with a slash
// or has two in it is to be encoded twice (Zoom's documentation of past meetings).
func zoomParticipants(meeting []byte) (string, bool) {
	id := text(meeting, "uuid")
	if id == "" {
		return "", false
	}
	escaped := url.PathEscape(id)
	if strings.HasPrefix(id, "/") || strings.Contains(id, "//") {
		escaped = url.PathEscape(escaped)
	}
	return "/v2/metrics/meetings/" + escaped + "/participants", true
}

// judgeZoom reads Zoom's own codes: 4711 is a missing scope, with status 400.
func judgeZoom(status int, _ http.Header, body []byte) verdict {
	v := verdict{byStatus(status), said(body)}
	switch code := text(body, "code"); {
	case status == http.StatusBadRequest && (code == "4711" || code == "4700"):
		v.outcome = denied
	case status == http.StatusBadRequest && code == "300" && strings.Contains(strings.ToLower(v.detail), "next page token"):
		v.outcome = expired
	}
	return v
}
