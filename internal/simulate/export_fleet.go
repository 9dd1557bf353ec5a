package simulate

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"time"
)

// writeFleet writes osquery results: inventories at the beginning and the end,
// Wi-Fi twice a week, and events when something changed.
func (w *world) writeFleet(t *tree) error {
	return t.write("fleet/osquery_results.ndjson", func(s *sink) error {
		var b []byte
		for day := range w.opt.Days {
			for _, p := range w.staff {
				b = w.fleetDay(b[:0], p, day)
				if _, err := s.Write(b); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// fleetDay appends what one laptop reports on one day.
func (w *world) fleetDay(b []byte, p *person, day int) []byte {
	d := p.device
	if p.hired.IsZero() || !d.lastAgent.IsZero() && day > w.index(d.lastAgent) {
		return b
	}
	b = w.fleetEvents(b, p, day)
	wifi, inventory := (day+p.n)%3 == 0, w.inventoryDay(p, day)
	if !wifi && !inventory {
		return b
	}
	pl := w.plan(p, day)
	if !pl.works {
		return b
	}
	if inventory {
		b = w.inventory(b, p, pl.begin.Add(20*time.Minute))
		b = w.neighbours(b, p, pl.laptop, pl.begin.Add(21*time.Minute))
	}
	at := pl.begin.Add(40 * time.Minute)
	if l := pl.laptop; l.bssid != "" && wifi {
		b = snapshotHead(b, "pack_network_wifi_status", p, at)
		b = object(b, "interface", "en0", "ssid", l.ssid, "bssid", l.bssid, "network_name", l.ssid, "country_code", l.place.country, "security_type", "WPA2 Personal", "rssi", "-58", "noise", "-92", "channel", "44")
		b = append(b, "]}\n"...)
	}
	if pl.office != nil && wifi {
		m := pl.office.monitors[(p.n+day)%len(pl.office.monitors)]
		b = snapshotHead(b, "pack_hardware_connected_displays", p, at)
		b = append(m.append(b, 1), "]}\n"...)
	}
	return b
}

// inventoryDay reports whether the full inventory falls on the day: soon after the
// beginning or the first day at work, and at the end.
func (w *world) inventoryDay(p *person, day int) bool {
	first := max(0, w.index(p.hired))
	return day == first || day == first+3 || day == w.opt.Days-3-p.n%3
}

// snapshotHead begins a line of the snapshot form.
func snapshotHead(b []byte, query string, p *person, at time.Time) []byte {
	b = fleetHead(b, query, p, at)
	return append(b, `,"action":"snapshot","snapshot":[`...)
}

func fleetHead(b []byte, query string, p *person, at time.Time) []byte {
	d := p.device
	b = append(b, `{"name":`...)
	b = quote(b, query)
	b = append(b, `,"hostIdentifier":`...)
	b = quote(b, d.host)
	b = append(b, `,"calendarTime":"`...)
	b = at.UTC().AppendFormat(b, "Mon Jan _2 15:04:05 2006 UTC")
	b = append(b, `","unixTime":`...)
	if d.os == "Mac" { // some agents write the number as text
		b = quote(b, strconv.FormatInt(at.Unix(), 10))
	} else {
		b = strconv.AppendInt(b, at.Unix(), 10)
	}
	b = append(b, `,"epoch":0,"counter":0,"numerics":false,"decorations":`...)
	return object(b, "host_uuid", d.uuid, "hostname", d.host, "hardware_serial", d.serial, "username", p.work)
}

// inventory appends system, USB, displays, programs and extensions.
func (w *world) inventory(b []byte, p *person, at time.Time) []byte {
	d := p.device
	b = snapshotHead(b, "pack_hardware_system_info", p, at)
	b = object(b, "hostname", d.host, "uuid", d.uuid, "hardware_serial", d.serial, "hardware_vendor", d.vendor, "hardware_model", d.model, "computer_name", d.host)
	b = append(b, "]}\n"...)
	b = snapshotHead(b, "pack_hardware_usb_devices", p, at)
	sep := false
	for i := range d.usb {
		b = d.usb[i].append(comma(b, &sep), i+1)
	}
	b = append(b, "]}\n"...)
	b = snapshotHead(b, "pack_hardware_connected_displays", p, at)
	b = (&monitor{vendor: "610", product: "a04e", name: "Built-in Display"}).append(b, 0)
	if d.monitor != nil {
		b = d.monitor.append(append(b, ','), 1)
	}
	b = append(b, "]}\n"...)
	query := "pack_inventory_programs"
	if d.os == "Mac" {
		query = "pack_inventory_apps"
	}
	b = snapshotHead(b, query, p, at)
	sep = false
	for i := range d.programs {
		if g := &d.programs[i]; g.at.IsZero() || !g.at.After(at) {
			b = g.append(comma(b, &sep), d.os)
		}
	}
	b = append(b, "]}\n"...)
	b = snapshotHead(b, "pack_inventory_chrome_extensions", p, at)
	sep = false
	for _, e := range d.extensions {
		b = object(comma(b, &sep), "browser_type", "chrome", "uid", "501", "name", e.name, "profile", "Default", "identifier", e.id, "version", e.version, "from_webstore", "true", "state", "1")
	}
	return append(b, "]}\n"...)
}

// neighbours appends the address table of the local network.
func (w *world) neighbours(b []byte, p *person, l *line, at time.Time) []byte {
	if l.gatewayMAC == "" {
		return b
	}
	b = snapshotHead(b, "pack_network_arp_cache", p, at)
	b = object(b, "address", l.lan+"1", "mac", l.gatewayMAC, "interface", "en0", "permanent", "0")
	for i, n := range l.neighbours {
		if n.mac == p.device.mac {
			continue
		}
		b = object(append(b, ','), "address", fmt.Sprintf("%s%d", l.lan, 10+i), "mac", n.mac, "interface", "en0", "permanent", "0")
	}
	b = append(b, "]}\n"...)
	for i, n := range l.neighbours {
		if n.host != "" && n.mac != p.device.mac { // names answered by multicast DNS
			b = fleetHead(b, "pack_network_mdns_neighbours", p, at)
			b = append(b, `,"columns":`...)
			b = object(b, "name", n.host+".local", "address", fmt.Sprintf("%s%d", l.lan, 10+i), "mac", n.mac)
			b = append(b, `,"action":"added"}`+"\n"...)
		}
	}
	return b
}

func comma(b []byte, sep *bool) []byte {
	if *sep {
		b = append(b, ',')
	}
	*sep = true
	return b
}

func (u *usb) append(b []byte, port int) []byte {
	return object(b, "usb_address", strconv.Itoa(port+1), "usb_port", strconv.Itoa(port), "vendor", u.vendor, "vendor_id", u.vid, "version", "1.0", "model", u.model, "model_id", u.pid,
		"serial", u.serial, "class", usbClasses[u.class], "subclass", "", "protocol", "", "removable", "1")
}

var usbClasses = map[string]string{"hid": "3", "storage": "8", "video": "14", "audio": "1", "network": "2", "hub": "9", "vendor": "255"}

func (m *monitor) append(b []byte, n int) []byte {
	kind := "kCGDisplayConnectionTypeDisplayPort"
	if n == 0 {
		kind = "kCGDisplayConnectionTypeInternal"
	}
	return object(b, "name", m.name, "product_id", m.product, "serial_number", m.serial, "vendor_id", m.vendor, "manufactured_week", strconv.Itoa(m.week), "manufactured_year", strconv.Itoa(m.year),
		"display_id", strconv.Itoa(n+1), "pixels", "1920 x 1080", "resolution", "1920 x 1080", "connection_type", kind, "main", strconv.Itoa(1-n), "online", "1")
}

func (g *program) append(b []byte, os string) []byte {
	if os == "Mac" {
		return object(b, "name", g.name+".app", "path", "/Applications/"+g.name+".app", "bundle_identifier", "com."+slug(g.publisher)+"."+slug(g.name), "bundle_short_version", g.version, "display_name", g.name)
	}
	date := ""
	if !g.at.IsZero() {
		date = g.at.Format("20060102")
	}
	return object(b, "name", g.name, "version", g.version, "install_location", "", "install_source", "", "language", "1033", "publisher", g.publisher, "uninstall_string", "", "install_date", date, "identifying_number", "")
}

// fleetEvents appends what changed on the day.
func (w *world) fleetEvents(b []byte, p *person, day int) []byte {
	var today []*sight
	for i := range p.sees {
		if s := &p.sees[i]; !s.at.Before(w.from) && w.index(s.at) == day && s.at.Before(w.opt.AsOf) && p.on(s.at) {
			today = append(today, s)
		}
	}
	slices.SortStableFunc(today, func(x, y *sight) int { return cmp.Or(x.at.Compare(y.at), cmp.Compare(x.table, y.table)) })
	for _, s := range today {
		b = fleetHead(b, sightQueries[s.table], p, s.at)
		b = append(b, `,"columns":`...)
		switch s.table {
		case "usb":
			b = s.usb.append(b, 2)
		case "program":
			b = s.prog.append(b, p.device.os)
		case "process":
			b = object(b, "pid", strconv.Itoa(2000+int(mix(uint64(s.at.Unix()))%30000)), "name", s.name, "path", s.path, "cmdline", s.line, "start_time", strconv.FormatInt(s.at.Unix(), 10), "uid", "501")
		case "dns":
			b = object(b, "name", s.name, "type", "A", "flags", "0")
		}
		b = append(b, `,"action":"added"}`+"\n"...)
	}
	return b
}

var sightQueries = map[string]string{
	"usb": "pack_hardware_usb_devices", "program": "pack_inventory_programs", "process": "pack_remote_tools_processes", "dns": "pack_network_dns_cache",
}
