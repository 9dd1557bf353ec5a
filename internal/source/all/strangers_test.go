package all

import (
	"os"
	"path/filepath"
	"testing"
)

// TestStrangers gives tables and objects of systems that nobody here knows. Taking
// one of them for something else is the worst mistake a reader can make: each must
// stay unidentified.
func TestStrangers(t *testing.T) {
	for name, text := range map[string]string{
		"orders.csv":        "Order ID,Date,Customer,Email,Product,Quantity,Amount,Currency,Status\n1,2026-01-02,Pat,pat@example.com,Chair,2,49.90,EUR,paid\n",
		"expenses.csv":      "Date,Employee,Amount,Currency,Category,Description\n2026-01-02,Pat Nobody,12.50,EUR,Travel,Taxi\n",
		"newsletter.csv":    "Email,First Name,Last Name,Company,Subscribed At\npat@example.com,Pat,Nobody,Example,2026-01-02\n",
		"contacts.csv":      "Name,Email,Phone,Company,Address,City,Country\nPat Nobody,pat@example.com,+1 212 555 0100,Example,1 Road,Town,US\n",
		"tickets.csv":       "Key,Summary,Reporter,Assignee,Status,Created,Updated\nX-1,Broken,pat,lee,Open,2026-01-02,2026-01-03\n",
		"proxy.csv":         "timestamp,user,ip address,url,method,status,bytes,user agent\n2026-01-02T00:00:00Z,pat,192.0.2.1,https://example.com,GET,200,12,curl\n",
		"dns.csv":           "time,client ip,user,query,type,response\n2026-01-02T00:00:00Z,192.0.2.1,pat,example.com,A,NOERROR\n",
		"files.csv":         "timestamp,user,ip address,event,file name,result\n2026-01-02T00:00:00Z,pat,192.0.2.1,FileDownloaded,x.pdf,success\n",
		"firewall.csv":      "Time,Source IP,Destination IP,Destination Port,Action,Rule\n2026-01-02T00:00:00Z,192.0.2.1,198.51.100.1,443,allow,r1\n",
		"certificates.csv":  "Serial Number,Subject,Issuer,Not Before,Not After,Owner\n01,example.com,CA,2026-01-01,2027-01-01,pat\n",
		"vulnerability.csv": "Hostname,CVE,Severity,First Seen,Last Seen\nh1,CVE-2026-0001,High,2026-01-02,2026-01-03\n",
		"budget.csv":        "Department,Month,Amount\nIT,2026-01,100\n",
		"timesheet.csv":     "Employee ID,Employee Name,Date,Hours,Project\nE1,Pat Nobody,2026-01-02,8,X\n",
		"training.csv":      "Employee ID,Name,Email,Course,Completed On,Score\nE1,Pat Nobody,pat@example.com,Safety,2026-01-02,90\n",
		"benefits.csv":      "Employee ID,Plan,Start Date,Amount\nE1,Dental,2026-01-01,20\n",
		"events.csv":        "type,value,count\nclick,home,3\n",
		"cdr.csv":           "caller,callee,start time,duration\n+12125550100,+12125550101,2026-01-02T00:00:00Z,60\n",
		"edge.ndjson":       "{\"timestamp\":\"2026-01-02T00:00:00Z\",\"user\":\"pat@example.com\",\"ip\":\"192.0.2.1\",\"action\":\"allow\",\"country\":\"US\",\"status\":\"ok\"}\n",
		"login.ndjson":      "{\"time\":\"2026-01-02T00:00:00Z\",\"user\":\"pat@example.com\",\"src_ip\":\"192.0.2.1\",\"event\":\"login\",\"result\":\"success\",\"user_agent\":\"x\"}\n",
		"edr.ndjson":        "{\"computerName\":\"h1\",\"serialNumber\":\"S1\",\"osName\":\"Windows\",\"lastSeen\":\"2026-01-02T00:00:00Z\",\"threat\":\"x\"}\n",
		"audit.ndjson":      "{\"id\":\"1\",\"actor\":{\"email\":\"pat@example.com\"},\"action\":\"repo.create\",\"created_at\":\"2026-01-02T00:00:00Z\"}\n",
		"cloud.ndjson":      "{\"eventVersion\":\"1.08\",\"eventTime\":\"2026-01-02T00:00:00Z\",\"eventSource\":\"signin.example.com\",\"eventName\":\"ConsoleLogin\",\"sourceIPAddress\":\"192.0.2.1\",\"userIdentity\":{\"type\":\"IAMUser\"}}\n",
		"hook.ndjson":       "{\"event\":\"invoice.paid\",\"payload\":{\"object\":{\"id\":\"in_1\"}}}\n",
		"query.ndjson":      "{\"name\":\"q\",\"rows\":[{\"a\":1}],\"columns\":[\"a\"]}\n",
		"people.ndjson":     "{\"id\":\"1\",\"type\":\"person\",\"attributes\":{\"name\":\"Pat\",\"email\":\"pat@example.com\"}}\n",
		"iocs.ndjson":       "{\"type\":\"domain\",\"value\":\"example.com\",\"first_seen\":\"2026-01-02\",\"to_ids\":true}\n",
		"readme.txt":        "This folder holds the exports of January. Ask pat@example.com for the password.\nThey were made on 3 January 2026 and cover 2019 - 2025.\n",
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			report, records := readFolder(t, dir)
			f := report.Files[0]
			if !f.Unidentified || f.Why == "" || len(records) > 0 {
				t.Errorf("read as %+v (%d records)", f.Formats, len(records))
			}
		})
	}
}
