package pack

import (
	"encoding/hex"
	"maps"
	"net/netip"
	"slices"
	"strings"

	"muster/internal/detect/infostealermachine"
	"muster/internal/match"
	"muster/internal/record"
)

// opaqueWords is an equality token of the words of a title.
var opaqueWords = text("token", func(p *packer, s string) string {
	return strings.ToLower(p.key.token("title", strings.Join(match.Words(s), " ")))
})

// opaqueTracking replaces the number of a parcel; carriers write it with and without blanks.
var opaqueTracking = text("token", func(p *packer, s string) string {
	s = strings.ToUpper(strings.NewReplacer(" ", "", "-", "").Replace(s))
	t := p.opaque("parcel", s)
	return t[:min(len(t), len(s))] // one that is too short to count stays so
})

// machine replaces the id of a machine in an infostealer log. Ids that say nothing
// stay, and short ones, which hold within one index only, stay short.
var machine = text("token", func(p *packer, s string) string {
	s = strings.ToLower(strings.Trim(strings.TrimSpace(s), "{}"))
	switch {
	case strings.Trim(s, "0f-") == "" || slices.Contains([]string{"unknown", "none", "n/a", "null", "default string", "to be filled by o.e.m.", "system serial number"}, s):
		return s
	case len(s) < 8:
		return p.swap("machine", s, p.key.spell)
	}
	return p.opaque("machine", s)
})

// site replaces the host that a stolen login is for; those of public networks and of
// sites on which people look for work stay.
var site = text("host", func(p *packer, s string) string {
	if h := match.Registrable(s); slices.Contains(networksKept, h) || match.PublicMail(h) || infostealermachine.HiringSite(s) {
		return s
	}
	return p.domain(s)
})

// wallet replaces the address of a wallet; some forms are written in any case.
func (p *packer) wallet(s string) string {
	s = strings.TrimSpace(s)
	if low := strings.ToLower(s); strings.HasPrefix(low, "0x") || strings.HasPrefix(low, "bc1") || strings.HasPrefix(low, "ltc1") {
		s = low
	}
	return p.opaque("wallet", s)
}

// hash replaces the hash of a file by another of the same form.
func (p *packer) hash(s string) string {
	return p.swap("file", strings.ToLower(s), func(s string) string { return hex.EncodeToString(p.key.sum("file", s)) })
}

// picture replaces the hash of a picture. The bits of a perceptual hash change
// places, the same for all, so that near ones stay as near.
func (p *packer) picture(s string) string {
	s = strings.ToLower(s)
	head, rest, ok := strings.Cut(s, ":")
	if !ok {
		head, rest = "", s
	}
	if ok {
		head += ":"
	}
	if h, ok := match.ParsePictureHash(rest); ok {
		var out uint64
		for from, to := range p.key.shuffle("picture", "", 64) {
			out |= h >> from & 1 << to
		}
		return p.swap("picture", s, func(string) string { return head + match.FormatPictureHash(out) })
	}
	if len(rest) == 16 {
		return "" // of a blank picture
	}
	return head + p.hash(rest)
}

// veil replaces the words of a text by tokens of their passages.
func (p *packer) veil(s string, widths ...int) string {
	if s == "" {
		return ""
	}
	parts := make([]string, len(widths))
	for i, n := range widths {
		parts[i] = match.Veil(s, n, func(h uint64) string {
			return strings.ToLower(plain.EncodeToString(p.key.sum("passage", string([]byte{
				byte(n), byte(h >> 56), byte(h >> 48), byte(h >> 40), byte(h >> 32), byte(h >> 24), byte(h >> 16), byte(h >> 8), byte(h),
			}))[:7]))
		})
	}
	return strings.Join(parts, "")
}

// section keeps of a heading whether it announces what was done, or skills.
func (p *packer) section(s *record.Section) {
	title := strings.ToLower(s.Title)
	s.Title = "other"
	widths := []int{match.ShingleWords}
	switch {
	case title == "work" || strings.Contains(title, "experience") || strings.Contains(title, "employment"):
		s.Title = "work"
	case strings.Contains(title, "skill"):
		s.Title = "skills"
		widths = []int{2, match.ShingleWords} // their order is compared by neighbours
	}
	s.Text = p.veil(s.Text, widths...)
}

// spellings writes down how mailboxes spell the names of a persona, as the tokens of
// mailboxes: a token of two parts is not the tokens of both.
func (p *packer) spellings(x *record.Persona) {
	x.Custom = nil
	spelt := map[string]bool{}
	for _, n := range append([]string{x.FullName, x.Name, strings.TrimSpace(x.Given + " " + x.Family)}, x.Aliases...) {
		for _, s := range match.MailboxSpellings(match.ParseName(n)) {
			spelt[p.key.spell(s)] = true
		}
	}
	if len(spelt) > 0 {
		x.Custom = map[string]string{match.SpeltKey: strings.Join(slices.Sorted(maps.Keys(spelt)), " ")}
	}
}

// referee replaces the contact of a referee; what it looks like was noted before.
func (p *packer) referee(r *record.Referee) {
	*r = record.Referee{
		Name: p.name(r.Name), Email: p.email(r.Email), Phone: p.phone(r.Phone), Company: p.org(r.Company), URL: p.link(r.URL), LookAlike: r.LookAlike,
	}
}

// lookAlikes notes which labels the mail domain of a referee is easily taken for: the
// company's, and those of the domains under which others write for the company.
func (p *packer) lookAlikes(r *record.Referee) {
	company, domain := match.Org(r.Company), match.Registrable(match.EmailDomain(strings.ToLower(r.Email)))
	r.LookAlike = nil
	if company == "" || domain == "" || match.PublicMail(domain) {
		return
	}
	label := match.DomainLabel(domain)
	others := map[string]bool{match.Label(company): true}
	for _, d := range p.domains[company] {
		others[match.DomainLabel(d)] = true
	}
	for _, o := range slices.Sorted(maps.Keys(others)) {
		if match.LookAlike(label, o) {
			r.LookAlike = append(r.LookAlike, p.key.spell(o))
		}
	}
	slices.Sort(r.LookAlike)
}

// learn notes under which domains referees write for which company.
func (p *packer) learn(list []*record.Reference) {
	for _, r := range list {
		company, domain := match.Org(r.Referee.Company), match.Registrable(match.EmailDomain(strings.ToLower(r.Referee.Email)))
		if company != "" && domain != "" && !slices.Contains(p.domains[company], domain) {
			p.domains[company] = append(p.domains[company], domain)
		}
	}
}

// fangs undoes the ways in which indicators are made unclickable.
var fangs = strings.NewReplacer("[.]", ".", "(.)", ".", "[dot]", ".", "[@]", "@", "[at]", "@", "[:]", ":", `\.`, ".", "hxxp", "http", "hXXp", "http")

// indicator replaces the value of an indicator as the values are replaced that it is
// compared with. Values that nothing is compared with are left out.
func (p *packer) indicator(x *record.Indicator) {
	v := strings.TrimSpace(fangs.Replace(x.Value))
	switch x.Type {
	case "ip", "cidr", "anonymiser":
		x.Value = p.prefix(v)
	case "email":
		x.Value = p.email(v)
	case "domain":
		x.Value = p.domain(strings.TrimPrefix(strings.ToLower(v), "www."))
	case "phone":
		x.Value = p.phone(record.Phone{Raw: v}).E164
	case "url":
		x.Value = p.link(v)
	case "username":
		x.Value = p.account(strings.TrimPrefix(v, "@"))
	case "wallet":
		x.Value = p.wallet(v)
	case "account":
		x.Value = p.opaque("bank account", v)
	case "device_serial":
		x.Value = p.device(v)
	case "hash":
		x.Value = p.hash(v)
	case "asn", "tool", "usb_id":
	default:
		x.Value = ""
	}
}

func (p *packer) prefix(s string) string {
	if a, err := netip.ParseAddr(s); err == nil {
		return p.ip(a.Unmap().WithZone("")).String()
	}
	if n, err := netip.ParsePrefix(s); err == nil {
		if n.Addr().Is4In6() && n.Bits() >= 96 {
			n = netip.PrefixFrom(n.Addr().Unmap(), n.Bits()-96)
		}
		return p.key.network(n).String()
	}
	return ""
}
