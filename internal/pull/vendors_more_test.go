package pull

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

func tryAshby() try {
	fail := func(code string) func(http.ResponseWriter) {
		return func(w http.ResponseWriter) {
			say(w, 200, fmt.Sprintf(`{"success":false,"errors":[%q],"errorInfo":{"code":%q,"message":"see the guide"}}`, code, code))
		}
	}
	return try{
		id: "ashby", entry: Entry{Token: "env:SECRET"}, auth: "Basic " + base64.StdEncoding.EncodeToString([]byte(theSecret+":")), needs: "candidatesRead", late: "candidate.list",
		limit: plain429, denied: fail("missing_endpoint_permission"), expired: fail("next_cursor_expired"),
		answer: func(s *site, w http.ResponseWriter, r *http.Request) {
			list, body := strings.TrimPrefix(r.URL.Path, "/"), bodyOf(r)
			if r.Method != http.MethodPost || body["limit"] != float64(100) || !strings.Contains(r.Header.Get("Accept"), "version=1") {
				say(w, 400, `{"success":false}`)
				return
			}
			rows := s.lists[list]
			if token, _ := body["syncToken"].(string); token != "" { // what was added since
				n, err := strconv.Atoi(strings.TrimPrefix(token, "sync"))
				if err != nil {
					fail("sync_token_expired")(w)
					return
				}
				rows = rows[min(n, len(rows)):]
			}
			cursor, _ := body["cursor"].(string)
			part, next := s.cut(rows, offsetOf(cursor))
			if next > 0 {
				say(w, 200, fmt.Sprintf(`{"success":true,"results":%s,"moreDataAvailable":true,"nextCursor":%q}`, array(part), cursorOf(next)))
				return
			}
			say(w, 200, fmt.Sprintf(`{"success":true,"results":%s,"moreDataAvailable":false,"syncToken":"sync%d"}`, array(part), len(s.lists[list])))
		},
		lists: map[string]func(int, time.Time) string{
			"candidate.list": func(n int, at time.Time) string {
				return fmt.Sprintf(`{"id":"a1000000-0000-4000-8000-%012d","createdAt":"2026-10-02T10:11:12.131Z","updatedAt":"%s","name":"Person N%d","primaryEmailAddress":{"value":"person%d@example.org","type":"Personal","isPrimary":true},"emailAddresses":[],"socialLinks":[],"applicationIds":["a2000000-0000-4000-8000-%012d"]}`, n, when(at), n, n, n)
			},
			"application.list": func(n int, at time.Time) string {
				return fmt.Sprintf(`{"id":"a2000000-0000-4000-8000-%012d","createdAt":"2026-10-02T10:11:12.131Z","updatedAt":"%s","status":"Active","candidate":{"id":"a1000000-0000-4000-8000-%012d","name":"Person N%d"},"currentInterviewStage":{"id":"st","title":"Review"},"job":{"id":"j","title":"Engineer"}}`, n, when(at), n, n)
			},
			"interviewSchedule.list": func(n int, _ time.Time) string {
				return fmt.Sprintf(`{"id":"a3000000-0000-4000-8000-%012d","status":"Scheduled","applicationId":"a2000000-0000-4000-8000-%012d","candidateId":"a1000000-0000-4000-8000-%012d","interviewEvents":[{"id":"ev-%d","startTime":"2026-11-21T10:00:00Z","endTime":"2026-11-21T11:00:00Z","interviewers":[{"firstName":"Ines","lastName":"Example"}]}]}`, n, n, n, n)
			},
			"offer.list": func(n int, _ time.Time) string {
				return fmt.Sprintf(`{"id":"a4000000-0000-4000-8000-%012d","applicationId":"a2000000-0000-4000-8000-%012d","acceptanceStatus":"Accepted","offerStatus":"CandidateAccepted","decidedAt":"2026-11-10T10:00:00Z","latestVersion":{"id":"v","createdAt":"2026-11-09T10:00:00Z"}}`, n, n)
			},
		},
	}
}

func tryGitHub() try {
	return try{
		id: "github", entry: Entry{Token: "env:SECRET", Org: "example-org"}, auth: "Bearer " + theSecret, late: "audit-log", needs: "read:audit_log",
		limit: func(w http.ResponseWriter) {
			w.Header().Set("X-RateLimit-Remaining", "0")
			w.Header().Set("X-RateLimit-Reset", fmt.Sprint(noon.Unix()+1))
			say(w, 403, `{"message":"API rate limit exceeded for user ID 1."}`)
		},
		denied: func(w http.ResponseWriter) { say(w, 403, `{"message":"Must have admin rights to Organization."}`) },
		expired: func(w http.ResponseWriter) {
			say(w, 422, `{"message":"Invalid cursor"}`)
		},
		answer: func(s *site, w http.ResponseWriter, r *http.Request) {
			list, q := strings.TrimPrefix(r.URL.Path, "/orgs/example-org/"), r.URL.Query()
			if list == "audit-log" && (q.Get("include") != "all" || q.Get("order") != "asc") {
				say(w, 422, `{"message":"wrong"}`)
				return
			}
			s.linked(w, r, s.since(list, "@timestamp", rfc3339(strings.TrimPrefix(q.Get("phrase"), "created:>="))), "after")
		},
		lists: map[string]func(int, time.Time) string{
			"audit-log": func(n int, at time.Time) string {
				return fmt.Sprintf(`{"@timestamp":%d,"_document_id":"doc-%d","action":"git.clone","actor":"person-%d","actor_id":%d,"actor_ip":"203.0.113.%d","org":"example-org","repo":"example-org/payments"}`, at.UnixMilli(), n, n, n, n%200)
			},
			"members": func(n int, _ time.Time) string {
				return fmt.Sprintf(`{"login":"person-%d","id":%d,"node_id":"U_%d","type":"User","site_admin":false}`, n, n, n)
			},
		},
	}
}

func trySlack() try {
	return try{
		id: "slack", entry: Entry{Token: "env:SECRET", Streams: []string{"access", "users", "audit"}}, auth: "Bearer " + theSecret, late: "logs", needs: "admin",
		limit: func(w http.ResponseWriter) {
			w.Header().Set("Retry-After", "0")
			say(w, 429, `{"ok":false,"error":"ratelimited"}`)
		},
		denied: func(w http.ResponseWriter) {
			say(w, 200, `{"ok":false,"error":"missing_scope","needed":"admin","provided":"users:read"}`)
		},
		expired: func(w http.ResponseWriter) { say(w, 200, `{"ok":false,"error":"invalid_cursor"}`) },
		answer: func(s *site, w http.ResponseWriter, r *http.Request) {
			q := r.URL.Query()
			switch list := r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:]; list {
			case "team.accessLogs":
				n, _ := strconv.Atoi(q.Get("page"))
				n = max(n, 1)
				part, _ := s.cut(s.lists[list], (n-1)*s.size)
				total := len(s.lists[list])
				say(w, 200, fmt.Sprintf(`{"ok":true,"logins":%s,"paging":{"count":%d,"total":%d,"page":%d,"pages":%d}}`, array(part), s.size, total, n, (total+s.size-1)/s.size))
			case "users.list":
				part, next := s.cut(s.lists[list], offsetOf(q.Get("cursor")))
				say(w, 200, fmt.Sprintf(`{"ok":true,"members":%s,"response_metadata":{"next_cursor":%q}}`, array(part), cursorOf(next)))
			default:
				n, _ := strconv.ParseInt(q.Get("oldest"), 10, 64)
				part, next := s.cut(s.since(list, "date_create", time.Unix(n, 0)), offsetOf(q.Get("cursor")))
				say(w, 200, fmt.Sprintf(`{"entries":%s,"response_metadata":{"next_cursor":%q}}`, array(part), cursorOf(next)))
			}
		},
		lists: map[string]func(int, time.Time) string{
			"team.accessLogs": func(n int, at time.Time) string {
				return fmt.Sprintf(`{"user_id":"U0AAA%d","username":"person%d","date_first":%d,"date_last":%d,"count":4,"ip":"203.0.113.%d","user_agent":"Mozilla/5.0","isp":"Example Broadband","country":"US","region":"OR"}`, n, n, at.Unix()-60, at.Unix(), n%200)
			},
			"users.list": func(n int, _ time.Time) string {
				return fmt.Sprintf(`{"id":"U0AAA%d","team_id":"T0EXAMPLE","name":"person%d","deleted":false,"real_name":"Person N%d","profile":{"email":"person%d@example.com"},"is_restricted":false,"is_bot":false,"updated":1773000000}`, n, n, n, n)
			},
			"logs": func(n int, at time.Time) string {
				return fmt.Sprintf(`{"id":"e-%d","date_create":%d,"action":"user_login","actor":{"type":"user","user":{"id":"U0AAA%d","name":"Person","email":"person%d@example.com"}},"entity":{"type":"user","user":{"id":"U0AAA%d","email":"person%d@example.com"}},"context":{"ua":"Mozilla/5.0","ip_address":"203.0.113.9"}}`, n, at.Unix(), n, n, n, n)
			},
		},
	}
}

func tryZoom() try {
	return try{
		id: "zoom", entry: Entry{Account: "account-1", ClientID: "client-1", ClientSecret: "env:SECRET"}, auth: "Bearer " + theBearer, late: "activities", needs: "dashboard:read:list_meetings:admin",
		limit: func(w http.ResponseWriter) {
			w.Header().Set("X-RateLimit-Type", "Daily-limit")
			w.Header().Set("Retry-After", noon.Add(time.Second).Format(time.RFC3339))
			say(w, 429, `{"code":429,"message":"You have reached the maximum daily rate limit for this API."}`)
		},
		denied: func(w http.ResponseWriter) {
			say(w, 400, `{"code":4711,"message":"Invalid access token, does not contain scopes:[dashboard:read:list_meetings:admin]."}`)
		},
		expired: func(w http.ResponseWriter) {
			say(w, 400, `{"code":300,"message":"The next page token is invalid or expired."}`)
		},
		answer: func(s *site, w http.ResponseWriter, r *http.Request) {
			q, path := r.URL.Query(), r.URL.EscapedPath()
			list, member, at := path[strings.LastIndexByte(path, '/')+1:], "", ""
			switch list {
			case "meetings":
				member, at = "meetings", "start_time"
			case "participants":
				member = "participants"
				if !strings.Contains(path, "%252Fuuid") { // begins with a slash: encoded twice
					say(w, 404, `{"code":3001,"message":"Meeting does not exist"}`)
					return
				}
			case "activities":
				member, at = "activity_logs", "time"
			case "operationlogs":
				member, at = "operation_logs", "time"
			case "users":
				member = "users"
			}
			rows := s.lists[list]
			if at != "" {
				from, err1 := time.Parse(time.DateOnly, q.Get("from"))
				to, err2 := time.Parse(time.DateOnly, q.Get("to"))
				if err1 != nil || err2 != nil || to.Sub(from) > 31*24*time.Hour {
					say(w, 400, `{"code":300,"message":"The date range must not be more than a month."}`)
					return
				}
				rows = s.between(list, at, from, to.Add(24*time.Hour))
			}
			part, next := s.cut(rows, offsetOf(q.Get("next_page_token")))
			say(w, 200, fmt.Sprintf(`{"page_size":300,"next_page_token":%q,%q:%s}`, cursorOf(next), member, array(part)))
		},
		lists: map[string]func(int, time.Time) string{
			"meetings": func(n int, at time.Time) string {
				return fmt.Sprintf(`{"uuid":"/uuid%d==","id":9%d,"topic":"Stand-up","start_time":"%s","participants":5}`, n, n, when(at))
			},
			"participants": func(n int, at time.Time) string {
				return fmt.Sprintf(`{"id":"p%d","user_id":"100%d","user_name":"Person N%d","email":"person%d@example.com","device":"Windows","ip_address":"203.0.113.%d","location":"Springfield (US )","network_type":"Wired","join_time":"%s","leave_time":"%s","pc_name":"LT-%d","mac_addr":"00:00:5E:00:53:07","harddisk_id":"EX-%d"}`, n, n, n, n, n%200, when(at), when(at.Add(time.Hour)), n, n)
			},
			"activities": func(n int, at time.Time) string {
				return fmt.Sprintf(`{"email":"person%d@example.com","time":"%s","type":"Sign in","ip_address":"203.0.113.%d","client_type":"Windows","version":"6.%d"}`, n, when(at), n%200, n)
			},
			"operationlogs": func(n int, at time.Time) string {
				return fmt.Sprintf(`{"action":"Update","category_type":"User","operation_detail":"Update person%d@example.com","operator":"admin@example.com","time":"%s"}`, n, when(at))
			},
			"users": func(n int, _ time.Time) string {
				return fmt.Sprintf(`{"id":"z%d","first_name":"Person","last_name":"N%d","email":"person%d@example.com","type":2,"pmi":55%d,"timezone":"America/Chicago"}`, n, n, n, n)
			},
		},
	}
}

// between returns the rows of a list with a time in a span.
func (s *site) between(list, path string, from, to time.Time) []string {
	var out []string
	for _, row := range s.since(list, path, from) {
		if timeOf([]byte(row), path).Before(to) {
			out = append(out, row)
		}
	}
	return out
}

func tryFleet() try {
	return try{
		id: "fleet", entry: Entry{Token: "env:SECRET"}, auth: "Bearer " + theSecret, late: "activities", needs: "observer",
		rows:  map[string]int{"hosts": 205, "activities": 205},
		limit: plain429, denied: func(w http.ResponseWriter) { say(w, 403, `{"message":"Forbidden"}`) }, expired: gone,
		answer: func(s *site, w http.ResponseWriter, r *http.Request) {
			list, q := strings.TrimPrefix(r.URL.Path, "/api/v1/fleet/"), r.URL.Query()
			n, _ := strconv.Atoi(q.Get("page"))
			size, _ := strconv.Atoi(q.Get("per_page"))
			rows := append([]string(nil), s.lists[list]...)
			if q.Get("order_direction") == "desc" {
				for i, j := 0, len(rows)-1; i < j; i, j = i+1, j-1 {
					rows[i], rows[j] = rows[j], rows[i]
				}
			}
			s.size = size
			part, next := s.cut(rows, n*size)
			say(w, 200, fmt.Sprintf(`{%q:%s,"meta":{"has_next_results":%t,"has_previous_results":%t}}`, list, array(part), next > 0, n > 0))
		},
		lists: map[string]func(int, time.Time) string{
			"hosts": func(n int, at time.Time) string {
				return fmt.Sprintf(`{"id":%d,"uuid":"4C4C4544-%04d","hostname":"laptop-%d","computer_name":"Laptop %d","platform":"darwin","osquery_version":"5.11.0","os_version":"macOS 15.2","hardware_serial":"EXSER%04d","primary_ip":"10.0.0.5","primary_mac":"00:00:5e:00:53:02","public_ip":"192.0.2.10","seen_time":"%s","detail_updated_at":"%s","device_mapping":[{"email":"person%d@example.com","source":"google_chrome_profiles"}],"software":[{"name":"AnyDesk","version":"8.0","source":"apps"}]}`, n, n, n, n, n, when(at), when(at), n)
			},
			"activities": func(n int, at time.Time) string {
				return fmt.Sprintf(`{"id":%d,"created_at":"%s","type":"user_logged_in","actor_id":%d,"actor_full_name":"Person N%d","actor_email":"person%d@example.com","details":{"public_ip":"203.0.113.9"}}`, n, when(at), n, n, n)
			},
		},
	}
}

func tryJamf() try {
	return try{
		id: "jamf", entry: Entry{ClientID: "client-1", ClientSecret: "env:SECRET", Streams: []string{"computers", "mobile"}}, auth: "Bearer " + theBearer, needs: "Read Computers",
		rows:  map[string]int{"computers-inventory": 205, "detail": 205},
		limit: plain429,
		denied: func(w http.ResponseWriter) {
			say(w, 403, `{"httpStatus":403,"errors":[{"code":"INVALID_PRIVILEGE","description":"Forbidden"}]}`)
		},
		expired: gone,
		answer: func(s *site, w http.ResponseWriter, r *http.Request) {
			list, q := r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:], r.URL.Query()
			n, _ := strconv.Atoi(q.Get("page"))
			s.size, _ = strconv.Atoi(q.Get("page-size"))
			if len(q["section"]) < 3 {
				say(w, 400, `{"httpStatus":400}`)
				return
			}
			part, _ := s.cut(s.lists[list], n*s.size)
			say(w, 200, fmt.Sprintf(`{"totalCount":%d,"results":%s}`, len(s.lists[list]), array(part)))
		},
		lists: map[string]func(int, time.Time) string{
			"computers-inventory": func(n int, at time.Time) string {
				return fmt.Sprintf(`{"id":"%d","udid":"UDID-%d","general":{"name":"Book %d","lastIpAddress":"192.0.2.10","lastReportedIp":"192.168.1.20","reportDate":"%s","lastContactTime":"%s","remoteManagement":{"managed":true}},"hardware":{"serialNumber":"EXSER%04d","model":"Book 14 inch","macAddress":"00:00:5E:00:53:06"},"operatingSystem":{"name":"macOS","version":"15.2"},"userAndLocation":{"username":"person%d","email":"person%d@example.com"},"applications":[{"name":"TeamViewer.app","version":"15.1","path":"/Applications/TeamViewer.app"}]}`, n, n, n, when(at), when(at), n, n, n)
			},
			"detail": func(n int, at time.Time) string {
				return fmt.Sprintf(`{"mobileDeviceId":"%d","deviceType":"iOS","general":{"udid":"M-%d","displayName":"Phone %d","osVersion":"18.1","lastInventoryUpdateDate":"%s","managed":true},"hardware":{"serialNumber":"EXMOB%04d","model":"Phone"},"userAndLocation":{"username":"person%d","emailAddress":"person%d@example.com"}}`, n, n, n, when(at), n, n, n)
			},
		},
	}
}
