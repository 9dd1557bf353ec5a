package pull

import (
	"encoding/json"
	"net/http"
	"slices"
)

var ashby = &Vendor{
	ID: "ashby", Title: "Ashby",
	URL: "https://api.ashbyhq.com", Secrets: []string{"token"}, Auth: byBasic,
	PerSecond: 8, Burst: 10, // 1000 a minute
	Header: [][2]string{{"Accept", "application/json; version=1"}},
	Judge:  judgeAshby,
	Grant:  "Ashby: Admin, Integrations, API keys, New, with the read permissions below only",
	Docs:   "https://developers.ashbyhq.com/docs/pagination-and-incremental-sync",
	Streams: []Stream{
		ashbyList("candidates", "candidate.list", "candidatesRead", true),
		ashbyList("applications", "application.list", "candidatesRead", true),
		// These rows carry no time of change: two versions could not be put in order.
		ashbyList("interviews", "interviewSchedule.list", "interviewsRead", false),
		ashbyList("offers", "offer.list", "offersRead", false),
	},
}

func ashbyList(name, method, scope string, incremental bool) Stream {
	s := Stream{
		Name: name, Title: name, Method: http.MethodPost,
		Path: "/" + method, Query: []string{"limit", "100"},
		Rows: "results", Scope: scope,
		Paging: paging{
			name: "nextCursor",
			next: func(p *page) string {
				if text(p.body, "moreDataAvailable") != "true" {
					return ""
				}
				return text(p.body, "nextCursor")
			},
			set: func(r *request, cursor string) error { r.body["cursor"] = cursor; return nil },
		},
	}
	if !incremental {
		s.Snapshot, s.Key = true, []string{"id"}
		return s
	}
	s.Versions, s.Key, s.Time = true, []string{"id", "updatedAt"}, "updatedAt"
	s.Token = &syncToken{param: "syncToken", field: "syncToken"}
	s.Why = "a sync token stands for everything read; no overlap is needed"
	return s
}

// judgeAshby reads success:false, which comes with status 200.
func judgeAshby(status int, _ http.Header, body []byte) verdict {
	v := verdict{byStatus(status), said(body)}
	if v.outcome != fine || text(body, "success") != "false" {
		return v
	}
	var e struct {
		Errors []json.RawMessage `json:"errors"`
		Info   struct {
			Code    string `json:"code"`
			Message string `json:"message"`
		} `json:"errorInfo"`
	}
	_ = json.Unmarshal(body, &e)
	codes := []string{e.Info.Code}
	for _, x := range e.Errors {
		var code string
		if json.Unmarshal(x, &code) != nil {
			code = text(x, "code")
		}
		codes = append(codes, code)
	}
	v = verdict{failed, shorten(codes[len(codes)-1] + " " + e.Info.Message)}
	for _, code := range codes {
		switch {
		case slices.Contains([]string{"sync_token_expired", "sync_token_invalid", "incremental_sync_too_large", "next_cursor_expired", "invalid_next_cursor", "cursor_invalid"}, code):
			v.outcome = expired
		case slices.Contains([]string{"missing_endpoint_permission", "unauthorized", "invalid_api_key"}, code):
			v.outcome = denied
		}
	}
	return v
}
