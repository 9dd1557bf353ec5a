package transform

import (
	"fmt"
	"net/url"
	"regexp"
	"regexp/syntax"
	"strings"
	"unicode"
	"unicode/utf8"

	"muster/internal/record"
)

// email reads one address: "Name <a@b.c>" and mailto: forms included. The whole
// address is brought to lower case; look-alike letters are kept.
func email(_ *Ctx, v *Value) Reason {
	s, ok := text(v)
	if !ok {
		*v = Value{}
		return BadEmail
	}
	if s, ok = cleanEmail(s); !ok {
		return BadEmail
	}
	*v = TextValue(s)
	return ""
}

func cleanEmail(s string) (string, bool) {
	if i := strings.LastIndexByte(s, '<'); i >= 0 && strings.HasSuffix(s, ">") {
		s = s[i+1 : len(s)-1]
	}
	if len(s) > 7 && strings.EqualFold(s[:7], "mailto:") {
		s = s[7:]
	}
	s = strings.ToLower(strings.Trim(s, " \t'\";,"))
	local, domain, ok := strings.Cut(s, "@")
	domain = strings.TrimSuffix(domain, ".")
	if !ok || local == "" || len(s) > 320 || strings.ContainsAny(s, " \t\r\n<>()|\\") || strings.Contains(domain, "@") ||
		strings.Contains(domain, "..") || strings.HasPrefix(domain, ".") || !strings.Contains(domain, ".") {
		return "", false
	}
	return s[:len(local)+1+len(domain)], true
}

// emailOrLogin reads an account name: an e-mail address in lower case, or a login
// without "DOMAIN\". Guests of a Microsoft tenant ("a_b.c#EXT#@t.onmicrosoft.com")
// get back the address they were invited by.
func emailOrLogin(_ *Ctx, v *Value) Reason {
	s, ok := text(v)
	if !ok {
		*v = Value{}
		return Unread
	}
	low := strings.ToLower(s)
	if i := strings.Index(low, "#ext#"); i > 0 {
		if u := strings.LastIndexByte(low[:i], '_'); u > 0 {
			low = low[:u] + "@" + low[u+1:i]
		}
	}
	if e, ok := cleanEmail(low); ok {
		*v = TextValue(e)
		return ""
	}
	if i := strings.LastIndexByte(low, '\\'); i >= 0 {
		low = low[i+1:]
	}
	if low = trim(low); low == "" {
		*v = Value{}
		return ""
	}
	*v = TextValue(low)
	return ""
}

// buildHandle makes "ns:value"; without a namespace email: or login: by content.
func buildHandle(ns string) (func(*Ctx, *Value) Reason, error) {
	if strings.ContainsAny(ns, " \t") {
		return nil, fmt.Errorf("namespace %q has spaces", ns)
	}
	return func(_ *Ctx, v *Value) Reason {
		if p, ok := v.Any.(record.Phone); ok && p.E164 == "" {
			*v = Value{}
			return ""
		}
		s, n := v.String(), ns
		if n == "" {
			n = record.NSLogin
			if strings.Contains(s, "@") {
				n = record.NSEmail
			}
		}
		h := record.NewHandle(n, s)
		if h == "" {
			*v = Value{}
			return ""
		}
		*v = Value{Type: Handle, Text: string(h), Secret: v.Secret}
		return ""
	}, nil
}

func buildRegex(expr string) (func(*Ctx, *Value) Reason, error) {
	re, err := regexp.Compile(expr)
	if err != nil {
		return nil, err
	}
	if re.NumSubexp() < 1 {
		return nil, fmt.Errorf("%q has no group", expr)
	}
	if mark, ok := trailing(expr); ok {
		return onText(func(s string) string {
			if strings.Contains(s, "\n") { // which the dot does not match
				return ""
			}
			return strings.TrimRight(s, mark)
		}), nil
	}
	must := required(expr)
	return onText(func(s string) string {
		if !strings.Contains(s, must) {
			return ""
		}
		if m := re.FindStringSubmatchIndex(s); m != nil && m[2] >= 0 {
			return s[m[2]:m[3]]
		}
		return ""
	}), nil
}

// trailing recognises ^(.*?)\x*$, by which a sign x that is repeated at the end
// is cut off.
func trailing(expr string) (mark string, ok bool) {
	rest, ok := strings.CutPrefix(expr, `^(.*?)\`)
	if ok = ok && len(rest) == 3 && rest[1:] == "*$" && strings.Contains(`\.+*?()|[]{}^$/-`, rest[:1]); !ok {
		return "", false
	}
	return rest[:1], true
}

// required returns a text without which nothing matches the expression, "" if
// none is known: most values can be passed over without trying.
func required(expr string) string {
	re, err := syntax.Parse(expr, syntax.Perl)
	if err != nil {
		return ""
	}
	best := ""
	for _, part := range parts(re) {
		if lit := string(part.Rune); part.Op == syntax.OpLiteral && part.Flags&syntax.FoldCase == 0 && len(lit) > len(best) && utf8.ValidString(lit) {
			best = lit
		}
	}
	return best
}

// parts returns the parts that must all match for the expression to match.
func parts(re *syntax.Regexp) []*syntax.Regexp {
	switch re.Op {
	case syntax.OpConcat:
		var out []*syntax.Regexp
		for _, s := range re.Sub {
			out = append(out, parts(s)...)
		}
		return out
	case syntax.OpCapture, syntax.OpPlus:
		return parts(re.Sub[0])
	}
	return []*syntax.Regexp{re}
}

// legalForms are endings of company names that say nothing about who it is.
const legalForms = ` ab ag aps as asa bv co company corp corporation doo gbr gmbh inc incorporated kft kg kgaa kk lda limited llc llp lp ltd ltda
 mbh nv ohg oy oyj plc pte pty pvt sa sab sarl sas sasu se sl slu snc spa spj srl srls sro ug zoo zrt `

// organisation returns the name in lower case without punctuation and legal form.
func organisation(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '.' || r == '\'' || r == '’':
			return -1
		case unicode.IsLetter(r) || unicode.IsDigit(r) || r == '&' || r == '+':
			return unicode.ToLower(r)
		}
		return ' '
	}, strings.ReplaceAll(s, "z o.o.", "zoo"))
	words := strings.Fields(s)
	for len(words) > 1 {
		last := words[len(words)-1]
		if last != "&" && !strings.Contains(legalForms, " "+last+" ") && !(last == "sp" && len(words) > 1) {
			break
		}
		words = words[:len(words)-1]
	}
	return strings.Join(words, " ")
}

// networks are the sites whose profile names are kept apart.
var networks = [...]struct{ host, name, prefix string }{
	{"linkedin.com", "linkedin", "in/"},
	{"github.com", "github", ""},
	{"upwork.com", "upwork", "freelancers/"},
	{"t.me", "telegram", ""},
	{"telegram.me", "telegram", ""},
}

// link reads a URL and, for known networks, the user name in it.
func link(_ *Ctx, v *Value) Reason {
	s, ok := text(v)
	if !ok {
		*v = Value{}
		return Unread
	}
	full := s
	if !strings.Contains(full, "://") {
		full = "https://" + full
	}
	u, err := url.Parse(full)
	host := ""
	if err == nil {
		host = strings.ToLower(strings.TrimSuffix(u.Hostname(), "."))
	}
	if err != nil || !strings.Contains(host, ".") || strings.ContainsAny(s, " \t\n") {
		*v = Value{}
		return Unread
	}
	out := record.URL{URL: s, Network: "other"}
	for _, n := range networks {
		if host != n.host && !strings.HasSuffix(host, "."+n.host) {
			continue
		}
		out.Network = n.name
		path := strings.Trim(u.Path, "/")
		if rest, ok := strings.CutPrefix(path, n.prefix); ok && rest != "" {
			name, _, _ := strings.Cut(rest, "/")
			out.Username = strings.ToLower(strings.TrimPrefix(name, "~"))
		}
		break
	}
	*v = Value{Type: URL, Any: out}
	return ""
}

func buildUserAgent(part string) (func(*Ctx, *Value) Reason, error) {
	var table []agentMark
	switch part {
	case "os":
		table = agentOS()
	case "browser":
		table = agentBrowser()
	default:
		return nil, fmt.Errorf("%q is neither os nor browser", part)
	}
	return func(_ *Ctx, v *Value) Reason {
		s, _ := text(v)
		for _, m := range table {
			if strings.Contains(s, m.mark) {
				*v = TextValue(m.name)
				return ""
			}
		}
		*v = Value{}
		return Unread
	}, nil
}

type agentMark struct{ mark, name string }

// The first mark that a user agent contains decides, so that derived products
// stand before what they are derived from.
func agentOS() []agentMark {
	return []agentMark{
		{"Windows", "Windows"},
		{"iPhone", "iOS"},
		{"iPad", "iOS"},
		{"Android", "Android"},
		{"CrOS", "ChromeOS"},
		{"Macintosh", "macOS"},
		{"Mac OS X", "macOS"},
		{"Darwin", "macOS"},
		{"Linux", "Linux"},
		{"X11", "Linux"},
	}
}

func agentBrowser() []agentMark {
	return []agentMark{
		{"Edg", "Edge"},
		{"OPR/", "Opera"},
		{"Opera", "Opera"},
		{"SamsungBrowser", "Samsung"},
		{"Firefox", "Firefox"},
		{"FxiOS", "Firefox"},
		{"CriOS", "Chrome"},
		{"HeadlessChrome", "Headless Chrome"},
		{"Chrome", "Chrome"},
		{"Safari", "Safari"},
		{"Trident", "Internet Explorer"},
		{"MSIE", "Internet Explorer"},
		{"curl/", "curl"},
		{"python-requests", "python-requests"},
		{"okhttp", "okhttp"},
		{"PowerShell", "PowerShell"},
	}
}
