package frame

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestLogLine(t *testing.T) {
	const header = `CEF:0|Example|Gate|4.1|100|VPN \| login|3|`
	tests := []struct{ name, in, want, reason string }{
		{"cef with blanks, escapes and labels", header + `src=192.0.2.1 msg=a b\=c cs1=Staff x cs1Label=Group request=https://example.com/?a=b&c=d suser=EX\\kim empty= act=allow`, `{"cef":{"version":"0","vendor":"Example","product":"Gate","product_version":"4.1","event":"100","name":"VPN | login","severity":"3","ext":{"src":"192.0.2.1","msg":"a b=c","cs1":"Staff x","cs1Label":"Group","request":"https://example.com/?a=b&c=d","suser":"EX\\kim","act":"allow"},"labels":{"Group":"Staff x"}}}`, ""},
		{"cef behind two headers", `<14>Mar  2 08:00:00 relay Mar  2 2026 08:00:01 gw CEF: 0|E|G|1|1|n|1|a=1`, `{"syslog":{"time":"Mar  2 2026 08:00:01","host":"gw"},"cef":{"version":"0","vendor":"E","product":"G","product_version":"1","event":"1","name":"n","severity":"1","ext":{"a":"1"},"labels":{}}}`, ""},
		{"cef, a key twice", `CEF:0|E|G|1|1|n|1|k=1 k=2`, `{"cef":{"version":"0","vendor":"E","product":"G","product_version":"1","event":"1","name":"n","severity":"1","ext":{"k":"1","k#2":"2"},"labels":{}}}`, ""},
		{"cef without its header fields", `CEF:0|E|G|1`, "", ReasonWrongColumns},
		{"leef 1 with tabs", "LEEF:1.0|E|G|1|Login|src=192.0.2.1\tusrName=kim x\tdevTime=Mar 02 2026 08:00:00", `{"leef":{"version":"1.0","vendor":"E","product":"G","product_version":"1","event":"Login","ext":{"src":"192.0.2.1","usrName":"kim x","devTime":"Mar 02 2026 08:00:00"}}}`, ""},
		{"leef 2 with a divider", "LEEF:2.0|E|G|1|Login|^|src=192.0.2.1^usrName=kim", `{"leef":{"version":"2.0","vendor":"E","product":"G","product_version":"1","event":"Login","ext":{"src":"192.0.2.1","usrName":"kim"}}}`, ""},
		{"leef 2 with a divider in hexadecimal", "LEEF:2.0|E|G|1|Login|x7C|src=192.0.2.1|usrName=kim", `{"leef":{"version":"2.0","vendor":"E","product":"G","product_version":"1","event":"Login","ext":{"src":"192.0.2.1","usrName":"kim"}}}`, ""},
		{"asa", `<166>Mar  2 2026 08:00:00 UTC: %ASA-6-113039: Group <Staff> User <kim> IP <192.0.2.1> AnyConnect parent session started.`, `{"syslog":{"time":"Mar  2 2026 08:00:00 UTC"},"asa":{"product":"ASA","severity":"6","id":"113039","text":"Group <Staff> User <kim> IP <192.0.2.1> AnyConnect parent session started."}}`, ""},
		{"asa, a connection", `Mar  2 08:00:00 fw : %FTD-session-6-302013: Built outbound`, `{"syslog":{"time":"Mar  2 08:00:00","host":"fw","app":""},"asa":{"product":"FTD","severity":"6","id":"302013"}}`, ""},
		{"panos", `1,2026/03/02 08:00:00,01,GLOBALPROTECT,0,2305,2026/03/02 08:00:01,vsys1,gateway-auth,login,,,ex\kim,US,LT,192.0.2.1,0.0.0.0,,,h,S,6,Windows,"Windows 11 , 64",1,,,,success,,0,,0,GW,7,0x0,2026-03-02T08:00:01.5+01:00`, `{"LogType":"GLOBALPROTECT","Subtype":"0","TimeReceived":"2026/03/02 08:00:00","DeviceSN":"01","TimeGenerated":"2026-03-02T08:00:01.5+01:00","VirtualSystem":"vsys1","EventIDValue":"gateway-auth","Stage":"login","SourceUserName":"ex\\kim","SourceRegion":"US","EndpointDeviceName":"LT","PublicIPv4":"192.0.2.1","PublicIPv6":"0.0.0.0","HostID":"h","EndpointSN":"S","GlobalProtectClientVersion":"6","EndpointOSType":"Windows","EndpointOSVersion":"Windows 11 , 64","EventStatus":"success","LoginDuration":"0","ConnectionErrorID":"0","Portal":"GW","SequenceNo":"7"}`, ""},
		{"panos, a time of 1970 is none", `1,2026/03/02 08:00:00,01,HIPMATCH,0,1,2026/03/02 08:00:01,kim,vsys1,LT,Windows,192.0.2.1,p,1,object,0,0,9,0x0,0,0,0,0,,fw,1,0.0.0.0,h,S,,1970-01-01T01:00:00.000+01:00`, `{"LogType":"HIPMATCH","Subtype":"0","TimeReceived":"2026/03/02 08:00:00","DeviceSN":"01","TimeGenerated":"2026/03/02 08:00:01","SourceUser":"kim","VirtualLocation":"vsys1","EndpointDeviceName":"LT","EndpointOSType":"Windows","SourceIP":"192.0.2.1","HipMatchName":"p","HipMatchType":"object","SequenceNo":"9","SourceIPv6":"0.0.0.0","HostID":"h","EndpointSerialNumber":"S"}`, ""},
		{"panos, a comma is lost", `1,2026/03/02 08:00:00,01,GLOBALPROTECT,0,2305,2026/03/02 08:00:01,vsys1,gateway-auth,login,,,kim,US,LT192.0.2.1,0.0.0.0,192.0.2.9,0.0.0.0,host-id,S`, "", ReasonWrongColumns},
		{"panos, a type without use", `<14>Mar  2 08:00:00 fw 1,2026/03/02 08:00:00,01,TRAFFIC,end,1,2026/03/02 08:00:01,192.0.2.1`, `{"syslog":{"time":"Mar  2 08:00:00","host":"fw"},"LogType":"TRAFFIC","Subtype":"end","TimeReceived":"2026/03/02 08:00:00","DeviceSN":"01","TimeGenerated":"2026/03/02 08:00:01"}`, ""},
		{"pairs", `<189>date=2026-03-02 time=08:00:00 user="kim \"x\"" msg="a, b" n=`, `{"kv":{"date":"2026-03-02","time":"08:00:00","user":"kim \"x\"","msg":"a, b"}}`, ""},
		{"json behind a header", `<14>1 2026-03-02T08:00:00Z gw app 12 id [a@1 k="v\"w" l="2"][b] {"x":1}`, `{"syslog":{"time":"2026-03-02T08:00:00Z","host":"gw","app":"app","pid":"12","msgid":"id","data":{"a@1":{"k":"v\"w","l":"2"},"b":{}}},"message":{"x":1}}`, ""},
		{"process in brackets", `Mar  2 08:00:00 srv sshd[101]: Accepted publickey for kim`, `{"syslog":{"time":"Mar  2 08:00:00","host":"srv","app":"sshd","pid":"101"},"message":"Accepted publickey for kim"}`, ""},
		{"day of the week and year behind", `<166>Mon Mar  2 08:00:00 2026 gw text`, `{"syslog":{"time":"Mar  2 2026 08:00:00","host":"gw"},"message":"text"}`, ""},
		{"iso time", `2026-03-02T08:00:00.123456+01:00 srv app: hello`, `{"syslog":{"time":"2026-03-02T08:00:00.123456+01:00","host":"srv","app":"app"},"message":"hello"}`, ""},
		{"no format", `hello`, `{"message":"hello"}`, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, reason := LogLine(nil, []byte(tt.in))
			if want := strings.Replace(tt.want, `,"app":""`, "", 1); string(got) != want || reason != tt.reason {
				t.Errorf("%s %q, want\n%s %q", got, reason, want, tt.reason)
			}
		})
	}
}

func TestKnownLogLine(t *testing.T) {
	for in, want := range map[string]bool{
		"CEF:0|a|b|c|d|e|f|": true, "<14>Mar  2 08:00:00 h LEEF:1.0|a|b|c|d|x=y": true, "%ASA-6-113039: x": true, "date=1 time=2 a=3 b=4 c=5 d=6": true,
		"date=1 time=2": false, "Mar  2 08:00:00 h app: x": false, "see CEF: the format": false, "100 %ASA": false, "a, b, c, SYSTEM, d": false, "": false,
	} {
		if got := KnownLogLine([]byte(in)); got != want {
			t.Errorf("%q: %t", in, got)
		}
	}
}

// TestLogLineLimits gives lines that are made to be slow or large.
func TestLogLineLimits(t *testing.T) {
	for _, in := range []string{
		"CEF:0|a|b|c|d|e|f|" + strings.Repeat("k=v ", 100_000), strings.Repeat("k=v ", 100_000), "LEEF:1.0|a|b|c|d|" + strings.Repeat("k=v\t", 100_000),
	} {
		if got, reason := LogLine(nil, []byte(in)); reason != ReasonLimit {
			t.Errorf("%q… became %d bytes, reason %q", in[:20], len(got), reason)
		}
	}
	for _, in := range []string{
		strings.Repeat("%ASA-", 200_000), strings.Repeat("CEF:", 200_000), strings.Repeat("<1>", 300_000), strings.Repeat("=", 1<<20), "<1>1 2026-03-02T08:00:00Z a b c d " + strings.Repeat("[", 1<<20),
		`1,2026/03/02 08:00:00,01,GLOBALPROTECT,` + strings.Repeat(`"`, 1<<20),
	} {
		got, _ := LogLine(nil, []byte(in))
		if got != nil && !json.Valid(got) {
			t.Errorf("%q… became %.80s", in[:20], got)
		}
	}
}

func TestMaxMind(t *testing.T) {
	const mark = "\xAB\xCD\xEFMaxMind.com"
	large := "\x00\x00\x01" + strings.Repeat("\x00x", 200_000) + mark + "\xE9metadata"
	for name, in := range map[string]string{"small": "\x00\x00\x01data" + mark, "large": large} {
		if r := one(t, in, Options{}); r.Shape != ShapeUnknown || r.Why != maxMindWhy {
			t.Errorf("%s: %s %q", name, r.Shape, r.Why)
		}
	}
	if r := one(t, "a,b\n1,"+mark+"\n", Options{}); r.Why == maxMindWhy {
		t.Error("a text that mentions the marker is no database")
	}
}

func FuzzLogLine(f *testing.F) {
	for _, in := range []string{
		`<14>Mar  2 08:00:00 relay Mar  2 2026 08:00:01 gw CEF: 0|E|G|1|1|n|1|a=1 b=\= c=\\ cs1=x cs1Label=y`, "LEEF:2.0|E|G|1|Login|x7C|src=192.0.2.1|usrName=kim", "LEEF:2.0|E|G|1|Login|\t",
		`<166>Mar  2 2026 08:00:00 UTC: %ASA-6-113039: Group <Staff>`, `1,2026/03/02 08:00:00,01,GLOBALPROTECT,0,2305,2026/03/02 08:00:01,"a""b,c",d`, `k=v "a"=1 b="x\"`,
		`<14>1 2026-03-02T08:00:00Z gw app 12 id [a@1 k="v\"w"][b] {"x":1}`, `Mon Mar  2 08:00:00 2026 gw app[1]: x`, `7 <1>x`,
	} {
		f.Add([]byte(in))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		text, ok := decodeText(in, '\n')
		if !ok {
			return
		}
		got, reason := LogLine(nil, text)
		if reason == "" && !json.Valid(got) || reason != "" && got != nil {
			t.Fatalf("%q became %q, reason %q", text, got, reason)
		}
		KnownLogLine(text)
	})
}
