package pull

import (
	"encoding/json"
	"net/http"
	"strings"
	"time"
)

var google = &Vendor{
	ID: "google", Title: "Google Workspace (Reports and Directory)",
	URL: "https://admin.googleapis.com", Needs: []string{"subject"}, Secrets: []string{"key"},
	Auth:      byServiceAccount(),
	PerSecond: 4, Burst: 10, // Reports: 2400 a minute per project; Directory the same per user
	Judge: judgeGoogle,
	Grant: "Google Cloud console: enable the Admin SDK, create a service account and a JSON key; Admin console: Security, API controls, Domain-wide delegation, Add new, its client id with the scopes of docs/pull.md; subject: an administrator with the roles Reports and Users: Read",
	Docs:  "https://developers.google.com/workspace/admin/reports/reference/rest/v1/activities/list",
	Streams: []Stream{
		googleReport("login", "sign-ins", false),
		googleReport("saml", "sign-ins to other systems through Google", true),
		googleReport("user_accounts", "factors and recovery data", false),
		googleReport("admin", "what administrators changed", false),
		googleReport("token", "apps that were granted access", true),
		googleReport("drive", "files: read, shared, downloaded; many rows", true),
		{
			Name: "users", Title: "accounts",
			Path: "/admin/directory/v1/users", Query: []string{"customer", "my_customer", "maxResults", "500", "orderBy", "email"},
			Rows: "users", Key: []string{"id"}, Paging: byCursor("nextPageToken", "pageToken"), Snapshot: true,
			Scope: "https://www.googleapis.com/auth/admin.directory.user.readonly",
		},
		{
			Name: "chromeos", Title: "ChromeOS devices",
			Path: "/admin/directory/v1/customer/my_customer/devices/chromeos", Query: []string{"maxResults", "300", "projection", "FULL"},
			Rows: "chromeosdevices", Key: []string{"deviceId"}, Time: "lastSync", Paging: byCursor("nextPageToken", "pageToken"), Snapshot: true, Optional: true,
			Scope: "https://www.googleapis.com/auth/admin.directory.device.chromeos.readonly",
		},
		{
			Name: "mobile", Title: "mobile devices",
			Path: "/admin/directory/v1/customer/my_customer/devices/mobile", Query: []string{"maxResults", "100", "projection", "FULL"},
			Rows: "mobiledevices", Key: []string{"resourceId"}, Time: "lastSync", Paging: byCursor("nextPageToken", "pageToken"), Snapshot: true, Optional: true,
			Scope: "https://www.googleapis.com/auth/admin.directory.device.mobile.readonly",
		},
	},
}

func googleReport(app, title string, optional bool) Stream {
	return Stream{
		Name: app, Title: title,
		Path:  "/admin/reports/v1/activity/users/all/applications/" + app,
		Query: []string{"startTime", "{from}", "endTime", "{to}", "maxResults", "1000"},
		Rows:  "items", Key: []string{"id.time", "id.uniqueQualifier", "id.applicationName"}, Time: "id.time",
		Paging:  byCursor("nextPageToken", "pageToken"),
		Overlap: 24 * time.Hour, Retention: 180 * 24 * time.Hour, Optional: optional,
		Scope: "https://www.googleapis.com/auth/admin.reports.audit.readonly",
		Why:   "Google states lags of hours, for some events of a day and more",
	}
}

// judgeGoogle tells a spent quota from a missing right: both are 403.
func judgeGoogle(status int, _ http.Header, body []byte) verdict {
	v := verdict{byStatus(status), said(body)}
	if status < 300 {
		return v
	}
	var e struct {
		Error struct {
			Errors []struct {
				Reason string `json:"reason"`
			} `json:"errors"`
		} `json:"error"`
	}
	_ = json.Unmarshal(body, &e)
	for _, x := range e.Error.Errors {
		switch x.Reason {
		case "rateLimitExceeded", "userRateLimitExceeded", "quotaExceeded":
			v.outcome = throttled
		}
	}
	if status == http.StatusBadRequest && strings.Contains(strings.ToLower(v.detail), "pagetoken") {
		v.outcome = expired
	}
	return v
}
