package pack

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"muster/internal/link"
	"muster/internal/match"
	"muster/internal/record"
)

// device replaces a serial number or another id of a device. Values that mean that
// none was set are kept, and so is what makes one no serial number at all.
func (p *packer) device(s string) string {
	s = strings.ToUpper(strings.TrimSpace(s))
	switch {
	case s == "" || link.BlankSerial(s):
		return s
	case !link.TellingSerial(s):
		if strings.Contains(s, "&") {
			return p.swap("device", s, func(s string) string { return p.key.token("device", s) + "&0" })
		}
		return s
	}
	return p.swap("device", s, func(s string) string { return p.key.token("device", s) })
}

// disk replaces the id of a disk.
func (p *packer) disk(s string) string { return strings.ToLower(p.device(s)) }

// item keeps of a component or program what the catalogues of package intel look
// at, if they know it, and the bare ids if they do not.
func (p *packer) item(x *record.DeviceItem) {
	clear := *x
	x.Name, x.Vendor, x.Publisher, x.Path, x.CommandLine, x.Version, x.SSID = "", "", "", "", "", "", ""
	x.BSSID, x.Serial, x.SerialNumeric = p.mac(x.BSSID), p.device(x.Serial), p.device(x.SerialNumeric)
	known, ok := p.look.Item(&clear)
	streaming := p.look.Streaming(&clear)
	if !ok && !streaming && !chromoting.MatchString(clear.Name+" "+clear.CommandLine) {
		return
	}
	x.Name, x.Vendor, x.Publisher = clear.Name, clear.Vendor, clear.Publisher
	if x.ItemKind != "usb" && x.ItemKind != "display" && x.ItemKind != "camera" && x.ItemKind != "video_capture" {
		x.Name, x.Path, x.CommandLine = program(clear.Name), program(clear.Path), command(clear.CommandLine)
	}
	if again, same := p.look.Item(x); same != ok || again != known {
		x.Serial, x.SerialNumeric = clear.Serial, clear.SerialNumeric // the maker's default, by which it is known
	}
}

// chromoting is what of Chrome Remote Desktop its detector looks for by itself.
var chromoting = regexp.MustCompile(`(?i)chromoting|remoting_start_host`)

// program keeps the file name of a path.
func program(path string) string {
	path = strings.Trim(strings.TrimSpace(path), `"'`)
	return path[strings.LastIndexAny(path, `/\`)+1:]
}

// command keeps the program of a command line, and of its arguments those flags that
// detectors look for, without their values.
func command(line string) string {
	line = strings.TrimSpace(line)
	if line == "" {
		return ""
	}
	first := strings.Fields(line)[0]
	if strings.HasPrefix(line, `"`) {
		first, _, _ = strings.Cut(line[1:], `"`)
	}
	var out strings.Builder
	out.WriteString(`"` + program(first) + `"`)
	low := strings.ToLower(line)
	for _, flag := range []string{"remoting_start_host", "-pin=", "-code="} {
		if strings.Contains(low, flag) {
			out.WriteString(" " + flag)
		}
	}
	return out.String()
}

// host keeps a host that the catalogues know, without the name of the organisation
// in it; of all others only that there was one.
func (p *packer) host(s string) string {
	if s == "" {
		return ""
	}
	if _, ok := p.look.Tool(s); ok && !strings.Contains(s, ".") {
		return s
	}
	h := hostOf(s)
	_, remote := p.look.RemoteToolHost(h)
	_, anon := p.look.AnonymiserHost(h)
	if tenant, _, ok := p.look.SSODomain(h); ok {
		labels := strings.Split(h, ".")
		for i, l := range labels {
			if strings.TrimSuffix(l, "-admin") == tenant {
				labels = labels[i:] // what stands before names no other organisation
				break
			}
		}
		return p.swap("host", h, func(string) string {
			return p.key.spell(tenant) + strings.TrimPrefix(labels[0], tenant) + "." + strings.Join(labels[1:], ".")
		})
	}
	if remote || anon {
		return h
	}
	return "other.invalid"
}

func hostOf(s string) string {
	s = strings.ToLower(strings.TrimSpace(s))
	if _, rest, ok := strings.Cut(s, "://"); ok {
		s = rest
	}
	if i := strings.IndexAny(s, "/:?"); i >= 0 {
		s = s[:i]
	}
	return strings.TrimSuffix(s, ".")
}

// camera keeps the names of programs that make up picture or sound, and replaces
// others: people name their headphones after themselves.
func (p *packer) camera(s string) string {
	if s == "" || makesUp(s) {
		return s
	}
	words := match.Words(s)
	for i, w := range words {
		words[i] = p.key.letters("camera", w, 6)
	}
	return cmp.Or(strings.Join(words, " "), "-")
}

// agent keeps of a browser's name for itself whether it is a phone's.
func (p *packer) agent(agent string) string {
	if agent == "" {
		return ""
	}
	t := p.key.token("agent", agent)
	for _, w := range []string{"iphone", "ipad", "android", "ios/", "mobile/"} {
		if strings.Contains(strings.ToLower(agent), w) {
			return t + " Mobile/"
		}
	}
	return t
}

// forgeKeys are keys of a forge, which many people's commits have; package link leaves them out.
var forgeKeys = []string{"4AEE18F83AFDEB23", "B5690EEEBB952194"}

func (p *packer) signingKey(s string) string {
	if slices.Contains(forgeKeys, strings.ToUpper(s)) {
		return s
	}
	return p.opaque("signing key", s)
}
