package simulate

import (
	"fmt"
	"net/netip"
	"time"
)

// lastLine returns where a device was last on line in the week before a day.
func (w *world) lastLine(p *person, day int) (*line, netip.Addr, time.Time) {
	if s := p.device.lastAgent; !s.IsZero() && w.index(s) < day {
		day = w.index(s)
	}
	for d := day; d >= max(0, day-7); d-- {
		if pl := w.plan(p, d); pl.works {
			seen := pl.end
			if !seen.Before(w.opt.AsOf) {
				seen = w.opt.AsOf.Add(-time.Minute)
			}
			return pl.laptop, pl.laptop.ip(d), seen
		}
	}
	return nil, netip.Addr{}, time.Time{}
}

// writeHosts writes the sensor's host list once a week, and on the day before the exports.
func (w *world) writeHosts(t *tree) error {
	for day := min(6, w.opt.Days-1); ; day = min(day+7, w.opt.Days-1) {
		name := "crowdstrike/hosts-" + w.date(day).Format(dateOnly) + ".json"
		if day == w.opt.Days-1 {
			name = "crowdstrike/hosts.json"
		}
		err := t.write(name, func(s *sink) error {
			s.WriteString(`{"meta":{"query_time":0.02,"powered_by":"device-api"},"resources":[` + "\n")
			first, b := true, []byte(nil)
			for _, p := range w.staff {
				l, ip, seen := w.lastLine(p, day)
				if l == nil || p.device.owned == "Personal" && p.n%2 == 0 {
					continue
				}
				if b = b[:0]; !first {
					b = append(b, ",\n"...)
				}
				first = false
				if _, err := s.Write(w.appendHost(b, p, l, ip, seen)); err != nil {
					return err
				}
			}
			_, err := s.WriteString("\n],\"errors\":[]}\n")
			return err
		})
		if err != nil || day == w.opt.Days-1 {
			return err
		}
	}
}

const zulu = "2006-01-02T15:04:05Z"

func (w *world) appendHost(b []byte, p *person, l *line, ip netip.Addr, seen time.Time) []byte {
	d := p.device
	platform, version := "Windows", "Windows 11"
	if d.os == "Mac" {
		platform, version = "Mac", "Sequoia (15)"
	}
	lan := l.lan
	if lan == "" {
		lan = "172.20.10."
	}
	local := fmt.Sprintf("%s%d", lan, 20+p.n%200)
	first := d.enrolled
	if first.Before(p.hired) {
		first = p.hired
	}
	return object(b, "device_id", d.agentID, "cid", "0123456789abcdef0123456789abcdef", "agent_version", "7.28.20006.0", "external_ip", ip.String(),
		"mac_address", dashed(d.mac), "hostname", d.host, "first_seen", first.Add(14*time.Hour).Format(zulu), "last_seen", seen.UTC().Format(zulu),
		"last_login_user", p.work, "last_login_timestamp", seen.Add(-6*time.Hour).UTC().Format(zulu), "local_ip", local, "machine_domain", "", "os_version", version, "platform_name", platform,
		"serial_number", d.serial, "system_manufacturer", d.vendor, "system_product_name", d.model, "chassis_type_desc", "Notebook", "connection_ip", local,
		"connection_mac_address", dashed(d.mac), "default_gateway_ip", lan+"1", "product_type_desc", "Workstation", "status", "normal")
}

func dashed(mac string) string {
	b := []byte(mac)
	for i := range b {
		if b[i] == ':' {
			b[i] = '-'
		}
	}
	return string(b)
}

// writeIntune writes the device list as the portal exports it.
func (w *world) writeIntune(t *tree) error {
	const header = "Device ID,Device name,Enrollment date,Last check-in,Azure AD Device ID,OS,OS version,Serial number,Manufacturer,Model,Wi-Fi MAC,Primary user UPN,Primary user display name,Compliance,Managed by,Ownership,Encrypted"
	const stamp = "2006-01-02 15:04:05.0000000"
	return t.table("mdm/intune_devices.csv", header, func(add func(...string)) {
		for _, p := range w.staff {
			d := p.device
			if d.enrolled.After(w.opt.AsOf) || !p.hired.Before(w.opt.AsOf) {
				continue
			}
			r := w.stream(p, "intune")
			_, _, seen := w.lastLine(p, w.opt.Days-1)
			if seen.IsZero() {
				seen = later(p.hired, w.from.AddDate(0, 0, -r.between(2, 40)))
			}
			system, version := "Windows", "10.0.26100.6725"
			if d.os == "Mac" {
				system, version = "macOS", "15.7.1"
			}
			compliant := "Compliant"
			if r.chance(0.05) {
				compliant = pick(r, []string{"Noncompliant", "See ConfigMgr", "Unknown"})
			}
			add(d.uuid, d.host, d.enrolled.Add(time.Duration(r.between(13, 16))*time.Hour).Format(stamp), seen.UTC().Format(stamp), r.uuid(), system, version,
				d.serial, d.vendor, d.model, dashed(d.mac), p.work, p.name(), compliant, "Intune", d.owned, "Yes")
		}
	})
}
