package intel

import (
	"testing"

	"muster/internal/record"
)

func TestRemoteTool(t *testing.T) {
	s := Default()
	for _, tt := range []struct {
		item record.DeviceItem
		want string
	}{
		{record.DeviceItem{ItemKind: "software", Name: "AnyDesk"}, "AnyDesk"},
		{record.DeviceItem{ItemKind: "software", Name: "anydesk 8.0.4"}, "AnyDesk"},
		{record.DeviceItem{ItemKind: "process", Name: "AnyDesk-1f3ab2.exe"}, "AnyDesk"},
		{record.DeviceItem{ItemKind: "process", Name: "svc", Path: `C:\Users\jo\Downloads\anydesk.exe`}, "AnyDesk"},
		{record.DeviceItem{ItemKind: "software", Name: "Google Chrome Remote Desktop Host"}, "Chrome Remote Desktop"},
		{record.DeviceItem{ItemKind: "service", Name: "chromoting"}, "Chrome Remote Desktop"},
		{record.DeviceItem{ItemKind: "process", CommandLine: `"C:\Program Files (x86)\Google\remoting_start_host.exe" --pin=1`}, "Chrome Remote Desktop"},
		{record.DeviceItem{ItemKind: "process", CommandLine: `/usr/bin/rustdesk --service`}, "RustDesk"},
		{record.DeviceItem{ItemKind: "software", Name: "Remote Host", Publisher: "philandro Software GmbH"}, "AnyDesk"},
		{record.DeviceItem{ItemKind: "software", Name: "TeamViewer Host"}, "TeamViewer"},
		{record.DeviceItem{ItemKind: "process", Name: "ScreenConnect.WindowsClient.exe"}, "ScreenConnect"},
		{record.DeviceItem{ItemKind: "software", Name: "Splashtop Streamer"}, "Splashtop"},
		// Ordinary software.
		{record.DeviceItem{ItemKind: "process", Name: "mstsc.exe"}, ""},
		{record.DeviceItem{ItemKind: "process", Name: "powershell.exe", CommandLine: "powershell.exe -c anydesk"}, ""},
		{record.DeviceItem{ItemKind: "process", Name: "ssh"}, ""},
		{record.DeviceItem{ItemKind: "software", Name: "Microsoft Teams"}, ""},
		{record.DeviceItem{ItemKind: "software", Name: "Zoom Workplace"}, ""},
		{record.DeviceItem{ItemKind: "software", Name: "NVDA"}, ""},
		{record.DeviceItem{ItemKind: "software", Name: "Tailscale"}, ""},
		{record.DeviceItem{ItemKind: "software", Name: "Google Chrome"}, ""},
		{record.DeviceItem{ItemKind: "software", Name: "Remote Desktop Connection"}, ""},
		{record.DeviceItem{ItemKind: "software", Name: "Microsoft Remote Desktop"}, ""},
		{record.DeviceItem{ItemKind: "software", Name: "Visual Studio Code"}, ""},
		{record.DeviceItem{ItemKind: "software", Name: "Zabbix Agent"}, ""},
		{record.DeviceItem{ItemKind: "certificate", Name: "AnyDesk"}, ""},
		{record.DeviceItem{ItemKind: "software"}, ""},
	} {
		if got, _ := s.RemoteTool(&tt.item); got != tt.want {
			t.Errorf("%+v: got %q, want %q", tt.item, got, tt.want)
		}
	}
}

func TestHosts(t *testing.T) {
	s := Default()
	for host, want := range map[string]string{
		"relay-1a2b3c4d.net.anydesk.com:443":         "AnyDesk",
		"https://router15.teamviewer.com/x":          "TeamViewer",
		"remotedesktop-pa.googleapis.com":            "Chrome Remote Desktop",
		"www.teamviewer.com":                         "",
		"teamviewer.com":                             "",
		"download.anydesk.com":                       "",
		"storage.googleapis.com":                     "",
		"zoho.com":                                   "",
		"github.com":                                 "",
		"notteamviewer.com":                          "",
		"server-nixabc-relay.screenconnect.com.":     "ScreenConnect",
		"chromoting-host.talkgadget.google.com":      "Chrome Remote Desktop",
		"xchromoting-host.talkgadget.google.com.com": "",
	} {
		if got, _ := s.RemoteToolHost(host); got != want {
			t.Errorf("%s: got %q, want %q", host, got, want)
		}
	}
	if got, _ := s.AnonymiserHost("api.astrill.com"); got != "Astrill VPN" {
		t.Errorf("astrill: %q", got)
	}
}

func TestAnonymiserClient(t *testing.T) {
	s := Default()
	for name, want := range map[string]string{
		"Astrill": "Astrill VPN", "Mullvad VPN": "Mullvad VPN", "ProtonVPN": "Proton VPN", "NordVPN 7": "NordVPN",
		"GlobalProtect": "", "Cisco AnyConnect": "", "Opera": "", "Norton 360": "",
	} {
		if got, _ := s.AnonymiserClient(&record.DeviceItem{ItemKind: "software", Name: name}); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
	if s.Reported("astrill") == "" || s.Reported("Astrill VPN") == "" || s.Reported("mullvad") != "" || s.Reported("") != "" {
		t.Error("only services that reports name are reported")
	}
}

func TestToolNames(t *testing.T) {
	s := Default()
	for name, want := range map[string]string{
		"teamviewer": "TeamViewer", "Google Remote Desktop": "Chrome Remote Desktop", "mullvad": "Mullvad VPN", "Tailscale": "", "": "",
	} {
		if got, ok := s.Tool(name); got != want || ok != (want != "") {
			t.Errorf("%s: got %q, %v", name, got, ok)
		}
	}
}

func TestCatalogueIsUnambiguous(t *testing.T) {
	for _, name := range []string{"remote_tools", "anonymisers"} {
		owner := map[string]string{}
		rows := table(name, 5)
		for _, row := range rows {
			for _, column := range row[1:4] {
				for _, v := range list(column) {
					if old, ok := owner[v]; ok && old != row[0] {
						t.Errorf("%s: %q belongs to %s and %s", name, v, old, row[0])
					}
					owner[v] = row[0]
				}
			}
		}
		if name == "remote_tools" && len(rows) < 60 {
			t.Errorf("%s has only %d tools", name, len(rows))
		}
	}
}
