package simulate

import (
	"strings"
	"time"
)

// device is a company laptop, or a private one that is used for work.
type device struct {
	serial, host, uuid string
	vendor, model, os  string
	mac, disk, agentID string
	asset              string
	owned              string // Corporate, Personal
	enrolled           time.Time
	lastAgent          time.Time // zero unless the sensor broke
	monitor            *monitor  // at home; offices have their own
	usb                []usb
	programs           []program
	extensions         []extension
}

// usb is what osquery reads of a USB device.
type usb struct{ vid, pid, vendor, model, serial, class string }

// monitor is an external display; vendor is the EDID vendor as hex.
type monitor struct {
	vendor, product, name, serial string
	week, year                    int
}

// program is installed software; at is when, zero = before the telemetry.
type program struct {
	name, version, publisher string
	at                       time.Time
}

type extension struct{ id, name, version string }

// sight is something the endpoint sensor reported beside the inventory.
type sight struct {
	at    time.Time
	table string // process, dns, usb, display, program
	usb   usb
	prog  program
	name  string // process name, or domain
	path  string
	line  string // command line
}

var laptopModels = []struct{ vendor, model, os, oui string }{
	{"Dell Inc.", "Latitude 5440", "Windows", "d0:8e:79"},
	{"Dell Inc.", "Latitude 7450", "Windows", "d0:8e:79"},
	{"LENOVO", "ThinkPad T14 Gen 4", "Windows", "8c:8c:aa"},
	{"LENOVO", "ThinkPad X1 Carbon Gen 12", "Windows", "8c:8c:aa"},
	{"Apple Inc.", "MacBookPro18,3", "Mac", "f4:d4:88"},
	{"Apple Inc.", "Mac15,6", "Mac", "f4:d4:88"},
}

// newDevice returns a company laptop as IT prepares it.
func (w *world) newDevice(r *rng, from time.Time) *device {
	w.devices++
	m := laptopModels[weighted(r, 3, 3, 3, 2, 3, 3)]
	d := &device{vendor: m.vendor, model: m.model, os: m.os, owned: "Corporate", enrolled: from, uuid: r.uuid(), disk: r.hex(32), agentID: r.hex(32)}
	d.serial = r.code(7)
	if m.os == "Mac" {
		d.serial = r.code(10)
	}
	d.host = strings.ToUpper(w.slug[:min(4, len(w.slug))]) + "-LT-" + d.serial[:4] + number4(w.devices)
	d.asset = "AT-" + number4(10000+w.devices)
	d.mac = w.net.mac(r, m.oui)
	if r.chance(0.45) {
		d.monitor = newMonitor(r)
	}
	d.usb = someUSB(r)
	for _, p := range standardPrograms {
		if r.chance(0.93) {
			d.programs = append(d.programs, p)
		}
	}
	d.programs = append(d.programs, some(r, optionalPrograms, r.between(0, 5))...)
	if d.os == "Windows" && r.chance(0.12) { // the help desk's tool
		d.programs = append(d.programs, program{name: "TeamViewer Host", version: "15.70.6", publisher: "TeamViewer"})
	}
	d.extensions = some(r, commonExtensions, r.between(1, 4))
	return d
}

// windowsLaptop returns one that runs Windows.
func (w *world) windowsLaptop(r *rng, from time.Time) *device {
	for {
		if d := w.newDevice(r, from); d.os == "Windows" {
			return d
		}
	}
}

func number4(n int) string {
	const width = 4
	s := []byte{}
	for ; n > 0 || len(s) < width; n /= 10 {
		s = append([]byte{byte('0' + n%10)}, s...)
	}
	return string(s)
}

var standardPrograms = []program{
	{name: "Google Chrome", version: "141.0.7390.66", publisher: "Google LLC"},
	{name: "Zoom Workplace", version: "6.5.7", publisher: "Zoom Communications, Inc."},
	{name: "Slack", version: "4.46.99", publisher: "Slack Technologies LLC"},
	{name: "Okta Verify", version: "6.3.2", publisher: "Okta, Inc."},
	{name: "CrowdStrike Windows Sensor", version: "7.28.20006", publisher: "CrowdStrike, Inc."},
	{name: "Microsoft 365 Apps for enterprise", version: "16.0.19127", publisher: "Microsoft Corporation"},
}

var optionalPrograms = []program{
	{name: "Visual Studio Code", version: "1.105.1", publisher: "Microsoft Corporation"},
	{name: "Git", version: "2.51.0", publisher: "The Git Development Community"},
	{name: "Docker Desktop", version: "4.48.0", publisher: "Docker Inc."},
	{name: "7-Zip 25.01 (x64)", version: "25.01", publisher: "Igor Pavlov"},
	{name: "Notepad++ (64-bit x64)", version: "8.8.5", publisher: "Notepad++ Team"},
	{name: "Python 3.13.7 (64-bit)", version: "3.13.7150.0", publisher: "Python Software Foundation"},
	{name: "Node.js", version: "22.20.0", publisher: "Node.js Foundation"},
	{name: "Spotify", version: "1.2.74", publisher: "Spotify AB"},
	{name: "Figma", version: "125.9.10", publisher: "Figma, Inc."},
	{name: "Postman x86_64", version: "11.66.0", publisher: "Postman"},
	{name: "VLC media player", version: "3.0.21", publisher: "VideoLAN"},
	{name: "Logi Options+", version: "1.95", publisher: "Logitech"},
}

var commonExtensions = []extension{
	{"cjpalhdlnbpafiamejdnhcphjbkeiagm", "uBlock Origin", "1.66.4"},
	{"aeblfdkhhhdcdjpifhhbdiojplfjncoa", "1Password – Password Manager", "8.11.12"},
	{"ghbmnnjooekpmoecnnnilnnbdlolhkhi", "Google Docs Offline", "1.97.1"},
	{"kbfnbcaeplbcioakkpcpgfkobkghlhen", "Grammarly", "14.1259.0"},
	{"fmkadmapgofadopljbjfkapdkoienihi", "React Developer Tools", "7.0.1"},
	{"hdokiejnpimakedhajhdlcegeplioahd", "LastPass", "4.146.8"},
}

// Peripherals of everybody. The receiver is a genuine one: it has no serial.
var commonUSB = []usb{
	{"046d", "c52b", "Logitech", "USB Receiver", "", "hid"},
	{"046d", "c548", "Logitech", "USB Receiver", "", "hid"},
	{"046d", "082d", "", "HD Pro Webcam C920", "", "video"},
	{"413c", "2113", "", "Dell KB216 Wired Keyboard", "", "hid"},
	{"413c", "301a", "", "Dell MS116 Optical Mouse", "", "hid"},
	{"045e", "07b2", "Microsoft", "Microsoft Nano Transceiver v1.0", "", "hid"},
	{"1050", "0407", "Yubico", "YubiKey OTP+FIDO+CCID", "", "hid"},
	{"0b0e", "2e56", "GN Netcom", "Jabra Evolve2 65", "", "audio"},
	{"17e9", "6000", "DisplayLink", "Universal Dock", "", "vendor"},
	{"0bda", "8153", "Realtek", "USB 10/100/1000 LAN", "", "network"},
	{"05ac", "024f", "Keychron", "Keychron K2", "", "hid"},
	{"1d6b", "0002", "Linux Foundation", "2.0 root hub", "", "hub"},
}

func someUSB(r *rng) []usb {
	out := some(r, commonUSB[:11], r.between(0, 4))
	for i := range out {
		if out[i].class == "vendor" || out[i].class == "audio" || out[i].class == "network" {
			out[i].serial = r.code(12)
		}
	}
	if r.chance(0.15) { // a stick
		out = append(out, usb{"0781", "5581", "SanDisk", "Ultra", "4C5300" + r.digits(14), "storage"})
	}
	return out
}

// monitorMakes: EDID vendor as hex, product, name.
var monitorMakes = []monitor{
	{vendor: "10ac", product: "a1c6", name: "DELL U2722D"},
	{vendor: "10ac", product: "4201", name: "DELL P2423"},
	{vendor: "1e6d", product: "5b85", name: "LG HDR 4K"},
	{vendor: "4c2d", product: "7192", name: "LS27A600U"},
	{vendor: "22f0", product: "38a1", name: "HP E24 G5"},
	{vendor: "06b3", product: "24c1", name: "ASUS VP249"},
	{vendor: "09d1", product: "7950", name: "BenQ GW2480"},
}

// newMonitor returns a display. One in eight reports no serial or the one that its
// maker puts on all.
func newMonitor(r *rng) *monitor {
	m := pick(r, monitorMakes)
	m.serial, m.week, m.year = r.code(9), r.between(1, 52), r.between(2019, 2025)
	if r.chance(0.12) {
		m.serial = pick(r, []string{"", "0", "16843009", "000000000000"})
	}
	return &m
}
