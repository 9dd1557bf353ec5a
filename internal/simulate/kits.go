package simulate

import "time"

// kit is a keyboard-video-mouse device worked over the network, with what its
// vendor's public sources say it shows to the laptop.
type kit struct {
	name string
	usb  usb
	edid monitor
	oui  string // of its network port
	mdns string
}

var kits = []kit{
	{"PiKVM", usb{"1d6b", "0104", "PiKVM", "PiKVM Composite Device", "CAFEBABE", "hid"}, monitor{"31d8", "7771", "PiKVM V3", "CAFEBABE", 0, 0}, "dc:a6:32", "pikvm"},
	{"TinyPilot", usb{"1d6b", "0104", "tinypilot", "Multifunction USB Device", "6b65796d696d6570690", "hid"}, monitor{"5262", "9876", "TinyPilot", "2290649088", 45, 2020}, "e4:5f:01", "tinypilot"},
	{"JetKVM", usb{"1d6b", "0104", "JetKVM", "USB Emulation Device", "", "hid"}, monitor{"5262", "8801", "T749-fHD720", "2290649088", 28, 2011}, "", "jetkvm"},
	{"NanoKVM", usb{"3346", "1009", "sipeed", "NanoKVM", "0123456789ABCDEF", "hid"}, monitor{"4e04", "3301", "NanoKVM", "NanoKVM", 30, 2025}, "48:da:35", "nanokvm"},
	{"BliKVM", usb{"1d6b", "0106", "smart-kvm", "Multifunction USB Device", "6b65796d696d6570690", "hid"}, monitor{"31d8", "7770", "PiKVM", "CAFEBABE", 35, 2016}, "d8:3a:dd", "blikvm"},
}

// disguised is the preset with which a careful owner hides one of them.
var disguised = kit{"JetKVM", usb{"046d", "c52b", "Logitech (x64)", "Logitech USB Input Device", "", "hid"}, monitor{"5262", "8801", "T749-fHD720", "2290649088", 28, 2011}, "", "jetkvm"}

func drawKit(r *rng, level int) *kit {
	k := pick(r, kits)
	if level > 0 && r.chance(0.25) {
		k = disguised
	}
	if k.usb.serial == "" {
		k.usb.serial = r.hex(16)
	}
	return &k
}

// tools are remote-control programs with publisher and running program.
var tools = []struct{ name, version, publisher, process, path string }{
	{"AnyDesk", "9.0.8", "AnyDesk Software GmbH", "AnyDesk.exe", `C:\Program Files (x86)\AnyDesk\AnyDesk.exe`},
	{"Chrome Remote Desktop Host", "141.0.7390.3", "Google LLC", "remoting_host.exe", `C:\Program Files (x86)\Google\Chrome Remote Desktop\remoting_host.exe`},
	{"RustDesk", "1.4.2", "Purslane Ltd", "rustdesk.exe", `C:\Program Files\RustDesk\rustdesk.exe`},
	{"TeamViewer", "15.70.6", "TeamViewer", "TeamViewer.exe", `C:\Program Files\TeamViewer\TeamViewer.exe`},
	{"MeshCentral Agent", "2025.1", "Open source", "MeshAgent.exe", `C:\Program Files\Mesh Agent\MeshAgent.exe`},
}

const (
	toolAnyDesk = iota
	toolChrome
	toolRustDesk
	toolTeamViewer
	toolMesh
)

// install puts a remote-control program on the laptop and lets it run.
func (p *person) install(tool int, at time.Time) {
	t := tools[tool]
	p.sees = append(p.sees,
		sight{at: at, table: "program", prog: program{name: t.name, version: t.version, publisher: t.publisher, at: at}},
		sight{at: at.Add(3 * time.Minute), table: "process", name: t.process, path: t.path, line: `"` + t.path + `"`})
	p.device.programs = append(p.device.programs, program{name: t.name, version: t.version, publisher: t.publisher, at: at})
}

// plug attaches a device to the laptop.
func (p *person) plug(u usb, at time.Time) {
	p.sees = append(p.sees, sight{at: at, table: "usb", usb: u})
}

// look notes a name that the laptop resolved.
func (p *person) look(domain string, at time.Time) {
	p.sees = append(p.sees, sight{at: at, table: "dns", name: domain})
}

// unattended is the command that sets Chrome Remote Desktop up for use without anybody at the laptop.
func (p *person) unattended(r *rng, at time.Time) {
	const path = `C:\Program Files (x86)\Google\Chrome Remote Desktop\141.0.7390.3\remoting_start_host.exe`
	p.sees = append(p.sees, sight{
		at: at, table: "process", name: "remoting_start_host.exe", path: path,
		line: `"` + path + `" --code="4/0A` + r.code(24) + `" --redirect-url="https://remotedesktop.google.com/_/oauthredirect" --name=` + p.device.host + ` --pin=` + r.digits(6),
	})
}
