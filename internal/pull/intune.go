package pull

var intune = &Vendor{
	ID: "intune", Title: "Microsoft Intune (Graph)",
	URL: graphHost, Needs: []string{"tenant", "client_id"}, Secrets: []string{"client_secret"}, Auth: byGraph,
	PerSecond: 2, Burst: 10, // managed devices: 1000 requests in 20 seconds per tenant, shared with all apps
	Grant: graphGrant,
	Docs:  "https://learn.microsoft.com/graph/api/intune-devices-manageddevice-list",
	Streams: []Stream{
		{
			Name: "devices", Title: "managed devices",
			Path: "/v1.0/deviceManagement/managedDevices", Query: []string{"$top", "1000"},
			Rows: "value", Key: []string{"id"}, Time: "lastSyncDateTime", Paging: byBodyLink("@odata.nextLink"), Snapshot: true,
			Scope: "DeviceManagementManagedDevices.Read.All (application)",
		},
		{
			Name: "apps", Title: "discovered apps with the devices that have them",
			Path: "/v1.0/deviceManagement/detectedApps", Query: []string{"$expand", "managedDevices", "$top", "50"},
			Rows: "value", Key: []string{"id"}, Paging: byBodyLink("@odata.nextLink"), Snapshot: true,
			Scope: "DeviceManagementManagedDevices.Read.All (application)",
			Why:   "a page is small: each app carries its devices",
		},
	},
}
