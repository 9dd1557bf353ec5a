package pull

import (
	"strconv"

	"golang.org/x/oauth2"
)

var jamf = &Vendor{
	ID: "jamf", Title: "Jamf Pro",
	Example: "https://example.jamfcloud.com",
	Needs:   []string{"client_id"}, Secrets: []string{"client_secret"},
	Auth:      byClient(func(e *Entry) string { return e.base.String() + "/api/oauth/token" }, oauth2.AuthStyleInParams, nil, nil),
	PerSecond: 2, Burst: 5, // Jamf asks for no more than five requests at once
	Grant: "Jamf Pro: Settings, System, API roles and clients; a role with the privileges below, then a client with that role, Enable, Generate client secret",
	Docs:  "https://developer.jamf.com/jamf-pro/reference/get_v1-computers-inventory",
	Streams: []Stream{
		{
			Name: "computers", Title: "computers with addresses, people and software",
			Path:  "/api/v1/computers-inventory",
			Query: []string{"section", "GENERAL", "section", "HARDWARE", "section", "OPERATING_SYSTEM", "section", "USER_AND_LOCATION", "section", "APPLICATIONS", "page-size", "100", "sort", "id:asc"},
			Rows:  "results", Key: []string{"id"}, Time: "general.lastContactTime", Paging: jamfPages, Snapshot: true, Scope: "the privilege Read Computers",
		},
		{
			Name: "mobile", Title: "mobile devices",
			Path:  "/api/v2/mobile-devices/detail",
			Query: []string{"section", "GENERAL", "section", "HARDWARE", "section", "USER_AND_LOCATION", "page-size", "100", "sort", "mobileDeviceId:asc"},
			Rows:  "results", Key: []string{"mobileDeviceId"}, Time: "general.lastInventoryUpdateDate", Paging: jamfPages, Snapshot: true, Optional: true, Scope: "the privilege Read Mobile Devices",
		},
	},
}

var jamfPages = byNumber("page", 0, func(p *page, n int) bool {
	total, err := strconv.Atoi(text(p.body, "totalCount"))
	return err != nil && len(p.rows) >= 100 || err == nil && (n+1)*100 < total
})
