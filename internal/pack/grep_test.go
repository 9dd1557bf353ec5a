package pack

import (
	"bytes"
	"io"
	"net/netip"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/klauspost/compress/zstd"

	"muster/internal/intel"
	"muster/internal/link"
	"muster/internal/match"
	"muster/internal/record"
	"muster/internal/scan"
)

// planted collects every clear value of a company that may not stand in a pack.
type planted struct {
	names  map[string]bool   // words of names, which may be part of other words
	values map[string]string // value in lower case to what it is
	public map[string]bool   // words of cities, regions and networks, which are kept
}

func (p *planted) name(s string) {
	for _, w := range match.Words(s) {
		if len(w) >= 4 {
			p.names[w] = true
		}
	}
}

func (p *planted) value(what, s string, least int) {
	if s = strings.ToLower(strings.TrimSpace(s)); len(s) >= least {
		p.values[s] = what
	}
}

func (p *planted) place(texts ...string) {
	for _, s := range texts {
		for _, w := range match.Words(s) {
			p.public[w] = true
		}
	}
}

func (p *planted) email(s string) {
	p.value("e-mail", s, 4)
	if d := match.EmailDomain(s); !match.PublicMail(d) {
		p.value("mail domain", d, 4)
	}
	p.value("mailbox", match.EmailLocal(s), 7)
}

func (p *planted) phone(n record.Phone) {
	for _, s := range []string{n.E164, n.Raw, match.Digits(n.E164), match.Digits(n.Raw)} {
		p.value("phone", s, 7)
	}
	if d := match.Digits(n.E164); len(d) > 9 {
		p.value("phone without its country", d[len(d)-9:], 9)
	}
}

func (p *planted) address(a record.Address) {
	for _, s := range []string{a.Raw, a.Line1, a.Line2} {
		p.value("address", s, 6)
	}
	p.place(a.City, a.Region)
}

func (p *planted) ip(a netip.Addr) {
	if a.IsValid() && !a.IsPrivate() && !a.IsLoopback() {
		p.value("network address", a.String(), 7)
	}
}

func (p *planted) subject(s *record.Subject) {
	p.name(s.Name)
	for _, h := range s.All() {
		p.value("handle", string(h), 8)
	}
}

func (p *planted) text(what, s string) {
	for _, sentence := range strings.FieldsFunc(s, func(r rune) bool { return r == '\n' || r == '.' }) {
		if words := strings.Fields(sentence); len(words) >= 4 {
			p.value(what, strings.Join(words[:4], " "), 12)
		}
	}
}

// collect reads the planted values from the records of the open exports.
func collect(set *record.Set) *planted {
	p := &planted{map[string]bool{}, map[string]string{}, map[string]bool{}}
	err := everyRecord(set, func(r record.Record) error {
		if s, ok := r.(record.Subjected); ok {
			p.subject(s.Of())
		}
		if len(r.Meta().Ref.Key) >= 10 {
			p.value("row key", r.Meta().Ref.Key, 10)
		}
		p.value("file", filepath.Base(r.Meta().Ref.File), 6)
		switch r := r.(type) {
		case *record.Persona:
			for _, n := range append(r.Aliases, r.FullName, r.Given, r.Family) {
				p.name(n)
			}
			for _, m := range r.Emails {
				p.email(m.Value)
			}
			for _, n := range r.Phones {
				p.phone(n)
			}
			for _, u := range r.URLs {
				p.value("profile", strings.TrimPrefix(match.URL(u), "www."), 8)
				p.value("user name", u.Username, 7)
			}
			p.address(r.ClaimedAddress)
		case *record.Engagement:
			p.email(r.WorkEmail)
			p.value("employee number", r.EmployeeNo, 5)
			p.address(r.HomeAddress)
			p.place(r.WorkLocation.City, r.WorkLocation.Region)
		case *record.Reference:
			p.name(r.Referee.Name)
			p.email(r.Referee.Email)
			p.phone(r.Referee.Phone)
			p.value("employer", r.Referee.Company, 6)
			p.text("reference", r.Text)
			p.ip(r.SubmitIP)
		case *record.HistoryItem:
			p.value("employer", r.Org, 8)
			p.text("bullets", r.Summary)
		case *record.Document:
			p.text("résumé", r.Text())
			p.name(r.Author)
			p.name(r.LastEditor)
			p.value("file", r.Filename, 6)
			p.value("file hash", r.SHA256, 16)
			p.value("document id", r.DocumentID, 8)
			for _, h := range r.ImageHashes {
				p.value("picture", strings.TrimPrefix(strings.TrimPrefix(h, "phash:"), "sha256:"), 16)
			}
		case *record.Application:
			p.ip(r.IP)
			p.value("browser", r.UserAgent, 10)
		case *record.PaymentAccount:
			p.value("account hash", r.AccountHash, 10)
			p.value("wallet", r.CryptoAddress, 10)
			p.name(r.HolderName)
			p.ip(r.ChangeIP)
		case *record.Device:
			for _, s := range append([]string{r.DeviceKey, r.Serial, r.UUID, r.Hostname, r.DiskID, r.EDRID}, r.MACs...) {
				p.value("device", s, 6)
			}
			p.ip(r.PublicIP)
			p.ip(r.EnrollIP)
			p.value("access point", r.Gateway.BSSID, 12)
			p.value("gateway", r.Gateway.GatewayMAC, 12)
			p.place(r.Place.City, r.Place.Region)
		case *record.DeviceItem:
			// Makers' defaults and those of IP-KVMs are what detectors look for, and nobody's.
			if _, kvm := intel.Default().Item(r); !kvm && link.TellingSerial(r.Serial) {
				p.value("monitor", r.Serial, 7)
			}
			p.value("access point", r.BSSID, 12)
		case *record.Shipment:
			p.address(r.ShipTo)
			p.address(r.OriginalShipTo)
			p.name(r.SignedBy)
			p.value("parcel", r.TrackingNo, 8)
			p.place(r.DeliveredPlace.City, r.DeliveredPlace.Region)
		case *record.Session:
			p.email(r.Account)
			p.ip(r.IP)
			p.value("browser", r.UserAgent, 20)
			p.place(r.Geo.City, r.Geo.Region, r.ASOrg, r.ISP)
		case *record.Contribution:
			p.email(r.AuthorEmail)
			p.name(r.AuthorName)
			p.value("signing key", r.SigningKeyID, 10)
		case *record.Meeting:
			p.ip(r.IP)
			p.value("network card", r.MAC, 12)
			p.value("disk", r.DiskID, 6)
			p.value("topic", r.Topic, 8)
			p.place(r.Geo.City, r.Geo.Region)
		case *record.NetworkObservation:
			p.ip(r.PublicIP)
			p.value("access point", r.Anchor.BSSID, 12)
			p.value("gateway", r.Anchor.GatewayMAC, 12)
		}
		return nil
	})
	if err != nil {
		panic(err)
	}
	return p
}

// accountNumbers finds the numbers of bank accounts in the exports of payroll.
var accountNumbers = regexp.MustCompile(`\b\d{8,17}\b|\b[A-Z]{2}\d{2}[A-Z0-9]{11,30}\b`)

// grep looks for every planted value in the decompressed bytes of the packs.
func (c *company) grep(t *testing.T) {
	t.Helper()
	set, _, err := scan.Read(t.Context(), scan.Options{Roots: []string{c.dir}, Settings: c.settings, Key: c.key.Accounts()})
	if err != nil {
		t.Fatal(err)
	}
	p := collect(set)
	for _, f := range []string{"payroll/payroll.csv", "payroll/bank_changes.csv"} {
		raw, err := os.ReadFile(filepath.Join(c.dir, f))
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range accountNumbers.FindAllString(string(raw), -1) {
			p.value("account number", n, 8)
		}
	}
	for _, x := range c.truth.Personas {
		for _, n := range x.Names {
			p.name(n)
		}
		for _, m := range x.Emails {
			p.email(m)
		}
	}
	for _, f := range c.truth.Facilitators {
		p.name(f.Name)
		p.value("access point", f.BSSID, 12)
		p.value("address", f.Address, 8)
	}
	if len(p.names) < 100 || len(p.values) < 2000 {
		t.Fatalf("%d names and %d values are too few to look for", len(p.names), len(p.values))
	}
	bad := 0
	complain := func(format string, args ...any) {
		if bad++; bad <= 12 {
			t.Errorf(format, args...)
		}
	}
	bytesRead := 0
	for _, d := range []string{"hr", "it", "payroll", "recruiting"} {
		text := c.clear(t, d)
		bytesRead += len(text)
		fields := strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) })
		for _, w := range fields {
			if p.names[w] && !p.public[w] && !words[w] {
				complain("%s: the name %q", d, w)
			}
		}
		terms := tokensOf(text)
		for v, what := range p.values {
			if found(text, terms, v) && !p.publicOnly(v) {
				complain("%s: %s %q", d, what, v)
			}
		}
	}
	t.Logf("%d names and %d values looked for in %d bytes, %d found", len(p.names), len(p.values), bytesRead, bad)
}

// words are words of the format: names of fields, which may be a test account's name.
var words = func() map[string]bool {
	out := map[string]bool{}
	for _, k := range record.Kinds() {
		for _, f := range record.Fields(k) {
			for w := range strings.FieldsFuncSeq(f.Name, func(r rune) bool { return r == '_' || r == '.' }) {
				out[w] = true
			}
		}
	}
	return out
}()

// publicOnly reports whether a value is made of words that are kept on purpose.
func (p *planted) publicOnly(v string) bool {
	for _, w := range match.Words(v) {
		if !p.public[w] {
			return false
		}
	}
	return true
}

// clear returns the decompressed bytes of a pack in lower case.
func (c *company) clear(t *testing.T, department string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(c.packs, department+".muster-pack"))
	if err != nil {
		t.Fatal(err)
	}
	z, err := zstd.NewReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	raw, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return strings.ToLower(string(raw))
}

// tokensOf returns the strings of JSON in a pack and their parts, so that most values are
// looked up and not searched for.
func tokensOf(text string) map[string]bool {
	out := map[string]bool{}
	for _, s := range strings.FieldsFunc(text, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	}) {
		out[s] = true
	}
	return out
}

// found reports whether a value stands in a text, as whole words.
func found(text string, terms map[string]bool, value string) bool {
	for _, w := range strings.FieldsFunc(value, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		if !terms[w] {
			return false
		}
	}
	return strings.Contains(text, value)
}
