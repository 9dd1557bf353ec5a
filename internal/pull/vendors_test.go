package pull

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// try is one vendor as the tests meet it.
type try struct {
	id      string
	entry   Entry // without the address
	auth    string
	answer  func(*site, http.ResponseWriter, *http.Request)
	limit   func(http.ResponseWriter)                   // the vendor's way to say: too much
	denied  func(http.ResponseWriter)                   // the vendor's way to say: no right
	expired func(http.ResponseWriter)                   // the vendor's way to say: that cursor is gone
	lists   map[string]func(n int, at time.Time) string // rows of each list
	rows    map[string]int                              // rows of a list, default 5
	late    string                                      // the list that gets a late row
	needs   string                                      // the scope that a refusal names
}

func plain429(w http.ResponseWriter) {
	w.Header().Set("Retry-After", "0")
	say(w, 429, `{"message":"slow down"}`)
}

func plain403(w http.ResponseWriter) { say(w, 403, `{"message":"forbidden"}`) }

func gone(w http.ResponseWriter) { say(w, 410, `{"message":"gone"}`) }

// when returns a time as the vendors of the tests write it.
func when(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

func tries() []try {
	return []try{tryOkta(), tryEntra(), tryIntune(), tryGoogle(), tryGreenhouse(), tryGreenhouseV1(), tryAshby(), tryGitHub(), trySlack(), tryZoom(), tryFleet(), tryJamf()}
}

func tryOkta() try {
	return try{
		id: "okta", entry: Entry{Token: "env:SECRET"}, auth: "SSWS " + theSecret, late: "logs", needs: "okta.logs.read",
		answer: func(s *site, w http.ResponseWriter, r *http.Request) {
			q := r.URL.Query()
			if r.URL.Path != "/api/v1/logs" || q.Get("until") == "" || q.Get("sortOrder") != "ASCENDING" {
				say(w, 400, `{"errorCode":"E0000001","errorSummary":"Api validation failed"}`)
				return
			}
			s.linked(w, r, s.since("logs", "published", rfc3339(q.Get("since"))), "after")
		},
		limit: func(w http.ResponseWriter) {
			w.Header().Set("X-Rate-Limit-Limit", "60")
			w.Header().Set("X-Rate-Limit-Remaining", "0")
			w.Header().Set("X-Rate-Limit-Reset", fmt.Sprint(noon.Unix()+1))
			say(w, 429, `{"errorCode":"E0000047","errorSummary":"API call exceeded rate limit due to too many requests."}`)
		},
		denied: func(w http.ResponseWriter) {
			say(w, 403, `{"errorCode":"E0000006","errorSummary":"You do not have permission to perform the requested action"}`)
		},
		expired: gone,
		lists: map[string]func(int, time.Time) string{"logs": func(n int, at time.Time) string {
			return fmt.Sprintf(`{"uuid":"u-%d","published":"%s","eventType":"user.session.start","version":"0","severity":"INFO","actor":{"id":"00u%d","type":"User","alternateId":"person%d@example.com"},"client":{"ipAddress":"203.0.113.%d","device":"Computer"},"outcome":{"result":"SUCCESS"}}`, n, when(at), n, n, n%200)
		}},
	}
}

// graphPage answers a Graph list with @odata.nextLink.
func graphPage(s *site, w http.ResponseWriter, r *http.Request, rows []string) {
	q := r.URL.Query()
	part, next := s.cut(rows, offsetOf(q.Get("$skiptoken")))
	link := ""
	if next > 0 {
		u := *r.URL
		q.Set("$skiptoken", cursorOf(next))
		u.RawQuery = q.Encode()
		link = fmt.Sprintf(`"@odata.nextLink":%q,`, s.URL+u.String())
	}
	say(w, 200, fmt.Sprintf(`{"@odata.context":"%s/v1.0/$metadata",%s"value":%s}`, s.URL, link, array(part)))
}

func graphEntry() Entry {
	return Entry{Tenant: "tenant-1", ClientID: "client-1", ClientSecret: "env:SECRET"}
}

func graphDenied(w http.ResponseWriter) {
	say(w, 403, `{"error":{"code":"Authorization_RequestDenied","message":"Insufficient privileges to complete the operation."}}`)
}

func graphLimit(w http.ResponseWriter) {
	w.Header().Set("Retry-After", "0")
	say(w, 429, `{"error":{"code":"TooManyRequests","message":"Too many requests"}}`)
}

func graphExpired(w http.ResponseWriter) {
	say(w, 400, `{"error":{"code":"BadRequest","message":"Skip token is null or expired."}}`)
}

func tryEntra() try {
	return try{
		id: "entra", entry: graphEntry(), auth: "Bearer " + theBearer, late: "signIns", needs: "AuditLog.Read.All",
		limit: graphLimit, denied: graphDenied, expired: graphExpired,
		answer: func(s *site, w http.ResponseWriter, r *http.Request) {
			list := r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:]
			path := map[string]string{"signIns": "createdDateTime", "directoryAudits": "activityDateTime"}[list]
			from := time.Time{}
			if path != "" {
				words := strings.Fields(r.URL.Query().Get("$filter"))
				if len(words) != 3 || words[0] != path || words[1] != "ge" {
					say(w, 400, `{"error":{"code":"BadRequest","message":"Invalid filter clause"}}`)
					return
				}
				from = rfc3339(words[2])
			}
			graphPage(s, w, r, s.since(list, path, from))
		},
		lists: map[string]func(int, time.Time) string{
			"signIns": func(n int, at time.Time) string {
				return fmt.Sprintf(`{"id":"s-%d","createdDateTime":"%s","userPrincipalName":"person%d@example.com","userId":"id-%d","appDisplayName":"Portal","clientAppUsed":"Browser","ipAddress":"203.0.113.%d","status":{"errorCode":0},"location":{"city":"Springfield","state":"Oregon","countryOrRegion":"US"}}`, n, at.Format("2006-01-02T15:04:05.0000000Z"), n, n, n%200)
			},
			"directoryAudits": func(n int, at time.Time) string {
				return fmt.Sprintf(`{"id":"a-%d","activityDateTime":"%s","activityDisplayName":"User registered security info","loggedByService":"Authentication Methods","result":"success","initiatedBy":{"user":{"id":"id-%d","userPrincipalName":"person%d@example.com","ipAddress":"203.0.113.4"}},"targetResources":[{"type":"User","id":"id-%d","userPrincipalName":"person%d@example.com"}]}`, n, when(at), n, n, n, n)
			},
			"users": func(n int, _ time.Time) string {
				return fmt.Sprintf(`{"id":"id-%d","userPrincipalName":"person%d@example.com","displayName":"Person N%d","givenName":"Person","surname":"N%d","businessPhones":[],"accountEnabled":true,"userType":"Member"}`, n, n, n, n)
			},
			"devices": func(n int, at time.Time) string {
				return fmt.Sprintf(`{"id":"o-%d","deviceId":"d0000000-0000-4000-8000-%012d","displayName":"LT-%d","trustType":"AzureAd","approximateLastSignInDateTime":"%s","registrationDateTime":"%s","operatingSystem":"Windows","registeredOwners":[{"userPrincipalName":"person%d@example.com"}]}`, n, n, n, when(at), when(at), n)
			},
		},
	}
}

func tryIntune() try {
	return try{
		id: "intune", entry: graphEntry(), auth: "Bearer " + theBearer, needs: "DeviceManagementManagedDevices.Read.All",
		limit: graphLimit, denied: graphDenied, expired: graphExpired,
		answer: func(s *site, w http.ResponseWriter, r *http.Request) {
			graphPage(s, w, r, s.lists[r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:]])
		},
		lists: map[string]func(int, time.Time) string{
			"managedDevices": func(n int, at time.Time) string {
				return fmt.Sprintf(`{"id":"d1d1d1d1-0000-4000-8000-%012d","deviceName":"LT-%d","managedDeviceOwnerType":"company","enrolledDateTime":"2026-03-03T09:00:00Z","lastSyncDateTime":"%s","operatingSystem":"Windows","osVersion":"10.0.22631","complianceState":"compliant","azureADDeviceId":"a1a1a1a1-0000-4000-8000-%012d","userPrincipalName":"person%d@example.com","serialNumber":"EXSER%04d"}`, n, n, when(at), n, n, n)
			},
			"detectedApps": func(n int, _ time.Time) string {
				return fmt.Sprintf(`{"id":"app-%d","displayName":"Tool %d","version":"1.%d","publisher":"Example Inc.","deviceCount":1,"managedDevices":[{"id":"d1d1d1d1-0000-4000-8000-%012d","serialNumber":"EXSER%04d","userPrincipalName":"person%d@example.com","lastSyncDateTime":"2026-11-01T09:00:00Z"}]}`, n, n, n, n, n, n)
			},
		},
	}
}

func tryGoogle() try {
	report := func(app, event string) func(int, time.Time) string {
		return func(n int, at time.Time) string {
			return fmt.Sprintf(`{"kind":"admin#reports#activity","id":{"time":"%s","uniqueQualifier":"-%d","applicationName":"%s","customerId":"C0example"},"actor":{"email":"person%d@example.com","profileId":"1%d"},"ipAddress":"203.0.113.%d","events":[{"type":"%s","name":"%s","parameters":[{"name":"login_type","value":"google_password"},{"name":"USER_EMAIL","value":"person%d@example.com"}]}]}`, when(at), n, app, n, n, n%200, app, event, n)
		}
	}
	return try{
		id: "google", entry: Entry{Subject: "admin@example.com", Key: "file:key.json"}, auth: "Bearer " + theBearer, late: "login", needs: "admin.reports.audit.readonly",
		limit: func(w http.ResponseWriter) {
			say(w, 403, `{"error":{"code":403,"message":"Quota exceeded for quota metric 'Queries'","errors":[{"domain":"usageLimits","reason":"rateLimitExceeded"}]}}`)
		},
		denied: func(w http.ResponseWriter) {
			say(w, 403, `{"error":{"code":403,"message":"Request had insufficient authentication scopes.","errors":[{"reason":"insufficientPermissions"}]}}`)
		},
		expired: func(w http.ResponseWriter) {
			say(w, 400, `{"error":{"code":400,"message":"Invalid value for pageToken","errors":[{"reason":"invalid"}]}}`)
		},
		answer: func(s *site, w http.ResponseWriter, r *http.Request) {
			q := r.URL.Query()
			list, member := r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:], "items"
			kind := "admin#reports#activities"
			if list == "users" {
				member, kind = "users", "admin#directory#users"
			} else if q.Get("startTime") == "" || q.Get("endTime") == "" {
				say(w, 400, `{"error":{"code":400,"message":"times"}}`)
				return
			}
			rows := s.since(list, "id.time", rfc3339(q.Get("startTime")))
			for i, j := 0, len(rows)-1; i < j; i, j = i+1, j-1 { // newest first
				rows[i], rows[j] = rows[j], rows[i]
			}
			part, next := s.cut(rows, offsetOf(q.Get("pageToken")))
			if len(part) == 0 {
				say(w, 200, fmt.Sprintf(`{"kind":%q}`, kind))
				return
			}
			token := ""
			if next > 0 {
				token = fmt.Sprintf(`,"nextPageToken":%q`, cursorOf(next))
			}
			say(w, 200, fmt.Sprintf(`{"kind":%q,%q:%s%s}`, kind, member, array(part), token))
		},
		lists: map[string]func(int, time.Time) string{
			"login": report("login", "login_success"), "user_accounts": report("user_accounts", "2sv_enroll"), "admin": report("admin", "CREATE_USER"),
			"users": func(n int, _ time.Time) string {
				return fmt.Sprintf(`{"kind":"admin#directory#user","id":"1%d","primaryEmail":"person%d@example.com","name":{"givenName":"Person","familyName":"N%d","fullName":"Person N%d"},"suspended":false,"orgUnitPath":"/"}`, n, n, n, n)
			},
		},
	}
}

func tryGreenhouse() try {
	return try{
		id: "greenhouse", entry: Entry{ClientID: "client-1", ClientSecret: "env:SECRET"}, auth: "Bearer " + theBearer, late: "candidates", needs: "harvest:candidates:list",
		limit: func(w http.ResponseWriter) {
			w.Header().Set("X-RateLimit-Limit", "50")
			w.Header().Set("X-RateLimit-Remaining", "0")
			w.Header().Set("Retry-After", "1")
			say(w, 429, `{"message":"Rate limit exceeded"}`)
		},
		denied: plain403, expired: gone,
		answer: func(s *site, w http.ResponseWriter, r *http.Request) {
			q, list := r.URL.Query(), strings.TrimPrefix(r.URL.Path, "/v3/")
			if at := q.Get("cursor"); at != "" { // the cursor stands alone, and carries the filter
				if len(q) != 1 {
					say(w, 422, `{"message":"cursor must be the only parameter"}`)
					return
				}
				offset, since, _ := strings.Cut(at, "~")
				v3Page(s, w, r, list, since, offsetOf(offset))
				return
			}
			v3Page(s, w, r, list, strings.TrimPrefix(q.Get("updated_at"), "gte|"), 0)
		},
		lists: map[string]func(int, time.Time) string{
			"candidates": func(n int, at time.Time) string {
				return fmt.Sprintf(`{"id":%d,"first_name":"Person","last_name":"N%d","company":"Example Ltd","title":"Engineer","email_addresses":[{"value":"person%d@example.org","type":"personal"}],"phone_numbers":[{"value":"+1 212 555 0%03d","type":"mobile"}],"addresses":[{"value":"7 Birch Road, Austin, TX","type":"home"}],"website_addresses":[],"social_media_addresses":[{"value":"https://www.linkedin.com/in/person-n%d"}],"private":false,"recruiter_id":null,"coordinator_id":null,"custom_fields":{},"created_at":"2026-10-01T10:00:00.000Z","updated_at":"%s","last_activity_at":"%s"}`, 1000+n, n, n, n, n, when(at), when(at))
			},
			"applications": func(n int, at time.Time) string {
				return fmt.Sprintf(`{"id":%d,"candidate_id":%d,"job_id":77,"job_post_id":1,"referrer_id":null,"source_id":2,"stage_id":5,"stage_name":"Application Review","status":"in_process","prospect":false,"rejection_reason_id":null,"created_at":"2026-10-01T10:00:00.000Z","updated_at":"%s","last_activity_at":"%s","custom_fields":{},"answers":[{"question":"LinkedIn profile","answer":"https://www.linkedin.com/in/person-n%d"}]}`, 5000+n, 1000+n, when(at), when(at), n)
			},
		},
	}
}

func v3Page(s *site, w http.ResponseWriter, r *http.Request, list, since string, offset int) {
	part, next := s.cut(s.since(list, "updated_at", rfc3339(since)), offset)
	if next > 0 {
		w.Header().Set("Link", fmt.Sprintf(`<%s%s?cursor=%s~%s>; rel="next"`, s.URL, r.URL.Path, cursorOf(next), since))
	}
	say(w, 200, array(part))
}

func tryGreenhouseV1() try {
	row := func(format string) func(int, time.Time) string {
		return func(n int, at time.Time) string {
			return strings.NewReplacer("#", fmt.Sprint(n), "@", when(at), "%AT%", "@").Replace(format)
		}
	}
	return try{
		id: "greenhouse-v1", entry: Entry{Token: "env:SECRET"}, auth: "Basic " + base64.StdEncoding.EncodeToString([]byte(theSecret+":")), late: "candidates", needs: "GET: List Candidates",
		limit: plain429, denied: plain403, expired: gone,
		answer: func(s *site, w http.ResponseWriter, r *http.Request) {
			q, list := r.URL.Query(), strings.TrimPrefix(r.URL.Path, "/v1/")
			param, path := "updated_after", "updated_at"
			if list == "applications" {
				param, path = "last_activity_after", "last_activity_at"
			}
			s.linked(w, r, s.since(list, path, rfc3339(q.Get(param))), "page")
		},
		lists: map[string]func(int, time.Time) string{
			"candidates":           row(`{"id":1#,"first_name":"Person","last_name":"N#","email_addresses":[{"value":"person#%AT%example.org","type":"personal"}],"phone_numbers":[],"addresses":[],"applications":[],"created_at":"2026-10-01T10:00:00Z","updated_at":"@"}`),
			"applications":         row(`{"id":5#,"candidate_id":1#,"applied_at":"2026-10-01T10:00:00Z","last_activity_at":"@","jobs":[{"id":7,"name":"Engineer"}],"current_stage":{"id":1,"name":"Review"},"status":"active"}`),
			"scheduled_interviews": row(`{"id":6#,"application_id":5#,"start":{"date_time":"2026-11-01T10:00:00Z"},"end":{"date_time":"2026-11-01T11:00:00Z"},"interviewers":[{"id":1,"name":"Ines Example"}],"organizer":{"id":1,"name":"Ines Example"},"updated_at":"@"}`),
			"offers":               row(`{"id":8#,"application_id":5#,"candidate_id":1#,"job_id":7,"version":1,"sent_at":"2026-11-02","starts_at":"2026-12-01","status":"unresolved","created_at":"2026-11-01T10:00:00Z","updated_at":"@"}`),
		},
	}
}
