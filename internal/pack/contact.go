package pack

import (
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/nyaruka/phonenumbers"

	"muster/internal/match"
	"muster/internal/record"
)

// name replaces each part of a name by its own token, in the order given. Spelling
// of case, marks and hyphens is gone; the first letters stand for the first letters.
func (p *packer) name(s string) string {
	return p.swap("name", strings.TrimSpace(s), func(s string) string {
		if strings.Contains(s, "@") {
			if _, ok := match.Email(s); ok {
				return p.email(s)
			}
		}
		words := strings.FieldsFunc(match.Fold(apostrophes.Replace(s)), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
		for i, w := range words {
			words[i] = title(p.key.spell(w))
		}
		return strings.Join(words, " ")
	})
}

// apostrophes belong to their part of a name, as package match reads it.
var apostrophes = strings.NewReplacer("'", "", "’", "", "`", "")

func title(s string) string {
	for i, r := range s {
		return string(unicode.ToUpper(r)) + s[i+len(string(r)):]
	}
	return s
}

// signer replaces the name that a carrier recorded; what names nobody in particular
// is said to be unknown.
func (p *packer) signer(s string) string {
	if strings.TrimSpace(s) == "" {
		return ""
	}
	if _, ok := match.Signer(s); !ok {
		return "unknown"
	}
	return p.name(s)
}

// email replaces mailbox and domain apart. Tags and the dots of Gmail are gone, as
// package match leaves them out.
func (p *packer) email(s string) string {
	return p.swap("email", strings.ToLower(strings.TrimSpace(s)), func(s string) string {
		e, ok := match.Email(s)
		if !ok {
			return p.account(s)
		}
		return p.mailbox(match.EmailLocal(e)) + "@" + p.domain(match.EmailDomain(e))
	})
}

// machines are mailboxes that no person has; detectors know them by their names.
var machines = regexp.MustCompile(`^(?:ci|jenkins|renovate|dependabot|no-?reply)$`)

func (p *packer) mailbox(local string) string {
	low := strings.ToLower(local)
	if machines.MatchString(low) {
		return low
	}
	t := p.key.spell(low)
	switch {
	case strings.Contains(low, "[bot]") || strings.HasSuffix(low, "-bot"):
		return t + "-bot"
	case strings.HasPrefix(low, "noreply") || strings.HasPrefix(low, "no-reply"):
		return "no-reply-" + t
	}
	return t
}

// account replaces an account name: an e-mail address, or a login, which may be the
// mailbox of one.
func (p *packer) account(s string) string {
	if _, ok := match.Email(s); ok {
		return p.email(s)
	}
	return p.swap("account", strings.ToLower(strings.TrimSpace(s)), p.mailbox)
}

// domain replaces the labels of a domain below its public suffix. Providers of which
// everybody has an address are kept: they identify nobody.
func (p *packer) domain(s string) string {
	s = strings.TrimSuffix(strings.ToLower(strings.TrimSpace(s)), ".")
	if s == "" || match.PublicMail(s) {
		return s
	}
	return p.swap("domain", s, func(s string) string {
		whole := match.Registrable(s)
		if match.PublicMail(whole) {
			return p.labels(strings.TrimSuffix(s, whole)) + whole
		}
		first, suffix, more := strings.Cut(whole, ".")
		if !more {
			return p.labels(s)
		}
		below := strings.TrimSuffix(s, whole)
		return p.labels(below+first) + "." + suffix
	})
}

func (p *packer) labels(s string) string {
	list := strings.Split(s, ".")
	for i, l := range list {
		list[i] = p.key.spell(l)
	}
	return strings.Join(list, ".")
}

// org replaces a company's name so that it spells what the company's domain spells
// where that was so: legal form and punctuation are gone.
func (p *packer) org(s string) string {
	return p.swap("org", strings.TrimSpace(s), func(s string) string {
		if _, ok := match.Email(s); ok {
			return p.email(s)
		}
		clear := match.Org(s)
		t := p.key.spell(clear) // counts letters only, so that the words join as the label does
		if match.Org(t) != t {  // a word that reads like a legal form
			t = strings.ReplaceAll(t, " ", "")
		}
		return t
	})
}

// phone replaces the digits behind the country code.
func (p *packer) phone(n record.Phone) record.Phone {
	out := record.Phone{Type: n.Type, LineType: n.LineType}
	key := match.Phone(n)
	switch {
	case key == "":
	case strings.HasPrefix(key, "+"):
		out.E164 = p.number(key)
	default:
		out.Raw = p.swap("phone", strings.TrimPrefix(key, "national "), func(s string) string { return p.key.shape("phone", s) })
	}
	return out
}

// number replaces a number in international form.
func (p *packer) number(e164 string) string {
	return p.swap("phone", e164, func(s string) string {
		digits := match.Digits(s)
		code := ""
		if n, err := phonenumbers.Parse(s, ""); err == nil {
			code = strconv.Itoa(int(n.GetCountryCode()))
		}
		rest, ok := strings.CutPrefix(digits, code)
		if !ok {
			code, rest = "", digits
		}
		return "+" + code + p.key.shape("phone +"+code, rest)
	})
}

// networksKept are sites of which the path names the person, not the host.
var networksKept = []string{
	"linkedin.com", "github.com", "gitlab.com", "upwork.com", "t.me", "twitter.com", "x.com", "stackoverflow.com", "facebook.com", "bitbucket.org", "medium.com", "google.com",
}

// url replaces the path, and the host of sites that are somebody's own.
func (p *packer) url(u record.URL) record.URL {
	return record.URL{URL: p.link(u.URL), Network: u.Network, Username: p.account(strings.TrimPrefix(u.Username, "@"))}
}

func (p *packer) link(s string) string {
	key := match.URL(record.URL{URL: s})
	if key == "" {
		return ""
	}
	return p.swap("url", key, func(s string) string {
		host, path, _ := strings.Cut(s, "/")
		if !slices.Contains(networksKept, host) {
			host = p.domain(host)
		}
		if path == "" {
			return "https://" + host
		}
		return "https://" + host + "/" + strings.ToLower(p.key.token("path", path))
	})
}

// handle replaces the value of a handle. Names of systems and namespaces stay.
func (p *packer) handle(h record.Handle) record.Handle {
	if h == "" {
		return ""
	}
	ns, value := h.Namespace(), h.Value()
	t := ""
	switch ns {
	case "", record.NSLogin:
		t = p.account(value)
		if _, ok := match.Email(value); ok {
			ns = record.NSEmail
		}
	case record.NSEmail:
		t = p.email(value)
	case record.NSEmployee:
		t = p.employee(value)
	case record.NSPhone:
		t = p.phone(record.Phone{E164: value}).E164
	case record.NSName:
		t = p.name(value)
	case "serial":
		t = p.device(value)
	default:
		t = p.key.token("handle "+ns, value)
	}
	out := record.NewHandle(ns, t)
	p.vault.note("handle", string(out), string(h), p.ref)
	return out
}

// employee replaces an employee number; it compares like a login, since people write
// either without saying which.
func (p *packer) employee(s string) string {
	return strings.ToUpper(p.swap("employee", strings.ToLower(strings.TrimSpace(s)), p.key.spell))
}

// person replaces what names a person in a field without a form: an address, a
// handle, a number, a login or a name.
func (p *packer) person(s string) string {
	s = strings.TrimSpace(s)
	switch {
	case s == "":
		return ""
	case strings.Contains(s, "@"):
		return p.email(s)
	case strings.Contains(s, ":"):
		return string(p.handle(record.Handle(s)))
	case strings.Contains(s, " "):
		return p.name(s)
	}
	return p.account(s)
}

func (p *packer) ip(a netip.Addr) netip.Addr {
	if !a.IsValid() {
		return a
	}
	t, err := netip.ParseAddr(p.swap("ip", a.String(), func(string) string { return p.key.address(a).String() }))
	if err != nil {
		return netip.Addr{}
	}
	return t
}

func (p *packer) mac(s string) string {
	return p.swap("mac", strings.ToLower(strings.TrimSpace(s)), p.key.mac)
}
