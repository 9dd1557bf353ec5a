package frame

import "testing"

// TestIDPLines reads lines of identity servers as LogLine gives them to mappings.
func TestIDPLines(t *testing.T) {
	for _, c := range []struct{ name, line, want, reason string }{
		{
			"keycloak event", `2026-03-02 08:31:00,123 WARN  [org.keycloak.events] (executor-thread-1) type="LOGIN_ERROR", realmId="r", ipAddress="192.0.2.1", username="kim@example.com"`,
			`{"server":{"time":"2026-03-02 08:31:00,123","level":"WARN","logger":"org.keycloak.events"},"kv":{"type":"LOGIN_ERROR","realmId":"r","ipAddress":"192.0.2.1","username":"kim@example.com"}}`, "",
		},
		{
			"keycloak event without date and quotes", `08:31:00,123 WARN  [org.keycloak.events] (default task-1) type=LOGIN, realmId=r, ipAddress=192.0.2.1`,
			`{"server":{"time":"08:31:00,123","level":"WARN","logger":"org.keycloak.events"},"kv":{"type":"LOGIN","realmId":"r","ipAddress":"192.0.2.1"}}`, "",
		},
		{
			"another logger", `2026-03-02 08:31:00,123 INFO  [org.keycloak.services] (main) started`,
			`{"server":{"time":"2026-03-02 08:31:00,123","level":"INFO","logger":"org.keycloak.services"}}`, "",
		},
		{
			"pingfederate bars", `2026-03-02 08:00:00,123| tid:abc| SSO| kim@example.com| 192.0.2.1 | | sp| SAML20| host| IdP| success| Form| a|b| 15`,
			`{"kv":{"time":"2026-03-02 08:00:00,123","trackingid":"tid:abc","event":"SSO","subject":"kim@example.com","ip":"192.0.2.1","connectionid":"sp","protocol":"SAML20","host":"host","role":"IdP","status":"success","adapterid":"Form","description":"a","responsetime":"b| 15"}}`, "",
		},
		{"pingfederate bars, cut off", `2026-03-02 08:00:00,123| tid:abc| SSO| kim@example.com| 192.0.2.1`, "", ReasonWrongColumns},
		{
			"pingfederate pairs", `2026-03-02 08:00:00,123 tid="abc" event="SSO" subject="kim@example.com" ip="192.0.2.1" status="success"`,
			`{"kv":{"time":"2026-03-02 08:00:00,123","tid":"abc","event":"SSO","subject":"kim@example.com","ip":"192.0.2.1","status":"success"}}`, "",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, reason := LogLine(nil, []byte(c.line))
			if string(got) != c.want || reason != c.reason {
				t.Errorf("got %s (%s)\nwant %s (%s)", got, reason, c.want, c.reason)
			}
		})
	}
}
