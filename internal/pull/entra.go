package pull

import (
	"time"

	"golang.org/x/oauth2"
)

const graphHost = "https://graph.microsoft.com"

// byGraph signs with an app registration of the tenant.
var byGraph = byClient(microsoftToken, oauth2.AuthStyleInParams, []string{"https://graph.microsoft.com/.default"}, nil)

const graphGrant = "Entra admin center: App registrations, New registration; API permissions, Add, Microsoft Graph, Application permissions, then Grant admin consent; Certificates and secrets, New client secret"

var entra = &Vendor{
	ID: "entra", Title: "Microsoft Entra ID (Graph)",
	URL: graphHost, Needs: []string{"tenant", "client_id"}, Secrets: []string{"client_secret"}, Auth: byGraph,
	PerSecond: 1, Burst: 5, // reporting: 5 requests in 10 seconds per app and tenant
	Grant: graphGrant,
	Docs:  "https://learn.microsoft.com/graph/api/signin-list",
	Streams: []Stream{
		{
			Name: "signins", Title: "interactive sign-ins (needs Entra ID P1)",
			Path: "/v1.0/auditLogs/signIns", Query: []string{"$filter", "createdDateTime ge {from}", "$top", "1000"},
			Rows: "value", Key: []string{"id"}, Time: "createdDateTime", Paging: byBodyLink("@odata.nextLink"),
			Overlap: 2 * time.Hour, Retention: 30 * 24 * time.Hour, Scope: "AuditLog.Read.All (application)",
			Why: "sign-ins arrive within minutes, in bad hours after one or two",
		},
		{
			Name: "signins-noninteractive", Title: "sign-ins of clients on a person's behalf: ten to a hundred times as many",
			Path: "/beta/auditLogs/signIns", Query: []string{"$filter", "createdDateTime ge {from} and signInEventTypes/any(t: t eq 'nonInteractiveUser')", "$top", "1000"},
			Rows: "value", Key: []string{"id"}, Time: "createdDateTime", Paging: byBodyLink("@odata.nextLink"),
			Overlap: 2 * time.Hour, Retention: 30 * 24 * time.Hour, Scope: "AuditLog.Read.All (application)", Optional: true,
			Why: "only the beta interface has them",
		},
		{
			Name: "audit", Title: "changes of accounts, factors and roles",
			Path: "/v1.0/auditLogs/directoryAudits", Query: []string{"$filter", "activityDateTime ge {from}", "$top", "999"},
			Rows: "value", Key: []string{"id"}, Time: "activityDateTime", Paging: byBodyLink("@odata.nextLink"),
			Overlap: 2 * time.Hour, Retention: 30 * 24 * time.Hour, Scope: "AuditLog.Read.All (application)",
			Why: "as for sign-ins",
		},
		{
			Name: "users", Title: "accounts with employee id and dates",
			Path: "/v1.0/users", Query: []string{"$select", "id,userPrincipalName,displayName,givenName,surname,mail,otherMails,businessPhones,mobilePhone,employeeId,employeeType,employeeHireDate,accountEnabled,createdDateTime,jobTitle,department,companyName,city,state,country,usageLocation,userType,onPremisesSyncEnabled,creationType", "$top", "999"},
			Rows: "value", Key: []string{"id"}, Paging: byBodyLink("@odata.nextLink"), Snapshot: true, Scope: "User.Read.All (application)",
		},
		{
			Name: "devices", Title: "registered devices with their owners",
			Path: "/v1.0/devices", Query: []string{"$expand", "registeredOwners", "$top", "100"},
			Rows: "value", Key: []string{"id"}, Paging: byBodyLink("@odata.nextLink"), Snapshot: true, Scope: "Device.Read.All (application)",
		},
	},
}
