package intel

import (
	"slices"
	"strings"
	"unicode"

	"muster/internal/record"
)

// catalogue finds programs by product name, file name, service host and publisher.
type catalogue struct {
	products   map[string][]product // by first word
	programs   map[string]string
	endings    []ending // programs that continue in any way
	hosts      map[string]string
	exact      map[string]string
	publishers map[string]string
	reported   map[string]string // where a report names it
	canonical  map[string]string // folded name to name
}

type product struct {
	words []string
	tool  string
}

type ending struct{ prefix, tool string }

// newCatalogue builds a catalogue from rows of name, products, programs, hosts
// and a fifth column that is read as publishers and as report alike.
func newCatalogue(rows [][]string) catalogue {
	c := catalogue{
		products: map[string][]product{}, programs: map[string]string{}, hosts: map[string]string{}, exact: map[string]string{},
		publishers: map[string]string{}, reported: map[string]string{}, canonical: map[string]string{},
	}
	for _, row := range rows {
		tool := row[0]
		c.canonical[strings.Join(words(tool), " ")] = tool
		for _, p := range append(list(row[1]), tool) {
			if w := words(p); len(w) > 0 {
				c.products[w[0]] = append(c.products[w[0]], product{w, tool})
				c.canonical[strings.Join(w, " ")] = tool
			}
		}
		for _, p := range list(row[2]) {
			if prefix, ok := strings.CutSuffix(p, "*"); ok {
				c.endings = append(c.endings, ending{prefix, tool})
				p = strings.TrimRight(prefix, "-_.")
			}
			c.programs[p] = tool
		}
		for _, h := range list(row[3]) {
			if host, ok := strings.CutPrefix(h, "="); ok {
				c.exact[host] = tool
			} else {
				c.hosts[h] = tool
			}
		}
		for _, p := range list(row[4]) {
			c.publishers[p] = tool
		}
		c.reported[tool] = row[4]
	}
	for _, list := range c.products { // the longest product name wins
		slices.SortStableFunc(list, func(a, b product) int { return len(b.words) - len(a.words) })
	}
	return c
}

func list(s string) []string {
	var out []string
	for p := range strings.SplitSeq(s, ";") {
		if p = strings.TrimSpace(p); p != "" {
			out = append(out, p)
		}
	}
	return out
}

// words splits a name into lower-case words. Dots inside a word stay: "fixme.it".
func words(s string) []string {
	w := strings.FieldsFunc(strings.ToLower(s), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '.'
	})
	for i := range w {
		w[i] = strings.Trim(w[i], ".")
	}
	return slices.DeleteFunc(w, func(s string) bool { return s == "" })
}

// byName finds a product whose words stand in the name in this order without a gap.
func (c *catalogue) byName(name string) (string, bool) {
	w := words(name)
	for i := range w {
		for _, p := range c.products[w[i]] {
			if len(p.words) <= len(w)-i && slices.Equal(p.words, w[i:i+len(p.words)]) {
				return p.tool, true
			}
		}
	}
	return "", false
}

// byProgram finds a program by its file name, path or the first word of a command line.
func (c *catalogue) byProgram(path string) (string, bool) {
	base := program(path)
	if base == "" {
		return "", false
	}
	if tool, ok := c.programs[base]; ok {
		return tool, true
	}
	for _, e := range c.endings {
		if strings.HasPrefix(base, e.prefix) {
			return e.tool, true
		}
	}
	return "", false
}

// program returns the file name of a path in lower case without its extension.
func program(path string) string {
	path = strings.ToLower(strings.Trim(strings.TrimSpace(path), `"'`))
	path = path[strings.LastIndexAny(path, `/\`)+1:]
	for _, ext := range []string{".exe", ".app", ".msi", ".dmg", ".service", ".scr"} {
		path = strings.TrimSuffix(path, ext)
	}
	return path
}

// pages are first labels of hosts that people read with a browser.
var pages = map[string]bool{
	"www": true, "community": true, "docs": true, "help": true, "support": true, "blog": true, "forum": true, "kb": true, "status": true,
	"get": true, "try": true, "learn": true, "download": true, "downloads": true, "account": true, "store": true, "knowledgebase": true,
}

// byHost finds the tool whose service a host belongs to.
func (c *catalogue) byHost(host string) (string, bool) {
	host = hostOf(host)
	if tool, ok := c.exact[host]; ok {
		return tool, true
	}
	first, rest, more := strings.Cut(host, ".")
	if pages[first] {
		return "", false
	}
	if tool, ok := c.hosts[host]; ok && strings.Count(host, ".") > 1 {
		return tool, true // listed with its own label, not a vendor's home page
	}
	for more {
		if tool, ok := c.hosts[rest]; ok {
			return tool, true
		}
		_, rest, more = strings.Cut(rest, ".")
	}
	return "", false
}

// hostOf strips scheme, port and path of an address.
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

// item finds the program that an inventory row or process is.
func (c *catalogue) item(x *record.DeviceItem, publishers bool) (string, bool) {
	switch x.ItemKind {
	case "software", "process", "service", "browser_extension":
	default:
		return "", false
	}
	if tool, ok := c.byName(x.Name); ok {
		return tool, true
	}
	command := x.CommandLine
	if !strings.HasPrefix(strings.TrimSpace(command), `"`) {
		command, _, _ = strings.Cut(strings.TrimSpace(command), " ")
	} else {
		command, _, _ = strings.Cut(strings.TrimSpace(command)[1:], `"`)
	}
	for _, path := range []string{x.Name, x.Path, command} {
		if tool, ok := c.byProgram(path); ok {
			return tool, true
		}
	}
	if publishers {
		tool, ok := c.publishers[strings.ToLower(strings.TrimSpace(x.Publisher))]
		return tool, ok
	}
	return "", false
}

// RemoteTool tells whether an inventory row, process, service or browser
// extension is a remote-control tool, by product name, program, path or publisher.
func (s *Set) RemoteTool(x *record.DeviceItem) (tool string, ok bool) { return s.remote.item(x, true) }

// RemoteToolHost tells which remote-control tool talks to a host. The vendors'
// web pages do not count.
func (s *Set) RemoteToolHost(host string) (tool string, ok bool) { return s.remote.byHost(host) }

// AnonymiserClient tells whether an inventory row is the client of an
// anonymising service.
func (s *Set) AnonymiserClient(x *record.DeviceItem) (tool string, ok bool) {
	return s.anon.item(x, false)
}

// AnonymiserHost tells which anonymiser's client talks to a host.
func (s *Set) AnonymiserHost(host string) (tool string, ok bool) { return s.anon.byHost(host) }

// Reported returns the reports that name an anonymiser in cases of this kind, ""
// for common privacy products. The name may be the provider of an indicator.
func (s *Set) Reported(provider string) string {
	tool, ok := s.anon.canonical[strings.Join(words(provider), " ")]
	if !ok {
		return ""
	}
	return s.anon.reported[tool]
}

// Tool returns the canonical name of a remote-control tool or anonymiser that
// people write in settings ("anydesk", "Google Remote Desktop").
func (s *Set) Tool(name string) (canonical string, ok bool) {
	if tool, ok := s.remote.byName(name); ok {
		return tool, true
	}
	return s.anon.byName(name)
}

// Item returns the canonical name of the remote-control tool, anonymiser, IP-KVM
// or capture device that a row of a device is, for counting how common it is here.
func (s *Set) Item(x *record.DeviceItem) (canonical string, ok bool) {
	if tool, ok := s.RemoteTool(x); ok {
		return tool, true
	}
	if tool, ok := s.AnonymiserClient(x); ok {
		return tool, true
	}
	if m, ok := s.KVMUSB(x); ok {
		return m.Device, true
	}
	if m, ok := s.KVMSpoof(x); ok {
		return m.Device, true
	}
	if m, ok := s.KVMDisplay(x); ok {
		return m.Device, true
	}
	m, ok := s.Capture(x)
	return m.Device, ok
}
