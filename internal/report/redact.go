package report

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"path"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"muster/internal/identity"
	"muster/internal/record"
)

// Redact returns the document without names, e-mail addresses, phone numbers,
// postal addresses and file names that hold a name: initials and ids stand in
// their place. Bands, weights, dates, networks (cut to their prefix) and the
// kinds of evidence stay.
func Redact(d *Document) *Document {
	out := clone(d)
	all := newScrubber()
	own := make(map[identity.PersonaID]*scrubber, len(out.Personas))
	for i := range out.Personas {
		s := newScrubber()
		s.learn(&out.Personas[i])
		own[out.Personas[i].ID] = s
		all.addNames(s)
	}
	for i := range out.Personas {
		redactPersona(&out.Personas[i], own)
	}
	redactLists(out, own)
	out.Settings = withoutPeople(out.Settings)
	all.walk(reflect.ValueOf(out).Elem(), "")
	out.Redacted = true
	out.Withheld = append(out.Withheld, "Names, e-mails, phones, addresses and what the settings say about single people are left out.")
	return out
}

func redactPersona(p *Persona, own map[identity.PersonaID]*scrubber) {
	s := own[p.ID].with(own, linked(p))
	s.walk(reflect.ValueOf(p).Elem(), "")
	p.Names = initialsOf(p.Names, p.ID)
	p.Emails, p.Phones = []string{}, nil
	p.Handles = slices.DeleteFunc(p.Handles, func(h record.Handle) bool { return personal(h) })
	for i := range p.Joins {
		p.Joins[i].A, p.Joins[i].B = hide(p.Joins[i].A), hide(p.Joins[i].B)
	}
	for i := range p.Claims {
		switch c := &p.Claims[i]; c.Kind {
		case "name":
			c.Value = initials(c.Value)
		case "e-mail", "phone", "home address", "profile", "work e-mail", "location in application":
			c.Value = "[" + c.Kind + "]"
		}
	}
	for i := range p.VerifiedBy {
		p.VerifiedBy[i].By = initials(p.VerifiedBy[i].By)
	}
	for i := range p.Places {
		pl := &p.Places[i]
		if pl.Kind == "claimed_home" || pl.Kind == "ship_to" {
			pl.Label = joinNonEmpty(", ", pl.City, pl.Region, pl.Country)
		}
	}
	if p.Timeline != nil {
		for i := range p.Timeline.Events {
			if e := &p.Timeline.Events[i]; e.Kind == "shipment" || e.Kind == "redirect" || e.Kind == "presence" {
				e.Detail = ""
			}
		}
	}
}

// linked returns the other personas that a persona's texts may name.
func linked(p *Persona) []identity.PersonaID {
	var out []identity.PersonaID
	for i := range p.Findings {
		out = append(out, p.Findings[i].With...)
	}
	return out
}

// redactLists cuts what stands outside the personas.
func redactLists(d *Document, own map[identity.PersonaID]*scrubber) {
	for i := range d.Register {
		r := &d.Register[i]
		r.Name = initials(r.Name)
		for j := range r.Verified {
			r.Verified[j].By = initials(r.Verified[j].By)
		}
	}
	for i := range d.Operators {
		o := &d.Operators[i]
		newScrubber().with(own, o.Personas).walk(reflect.ValueOf(o).Elem(), "")
	}
	for i := range d.Facilitators {
		f := &d.Facilitators[i]
		newScrubber().with(own, f.Personas).walk(reflect.ValueOf(f).Elem(), "")
		if f.Kind == "address" || f.Kind == "person" {
			f.Label = "[" + f.Kind + "]"
		}
	}
	redactEdges(d)
	for i := range d.Screening {
		d.Screening[i].MatchedName = initials(d.Screening[i].MatchedName)
	}
	for i := range d.Suppressions {
		if k := d.Suppressions[i].Kind; k != "weight override" && !strings.Contains(k, "network") {
			d.Suppressions[i].Label = "[" + k + "]"
		}
	}
	for i := range d.Quarantine {
		d.Quarantine[i].Excerpt = ""
	}
	if d.Changes != nil {
		for _, list := range d.Changes.lists() {
			for i := range *list {
				c := &(*list)[i]
				c.Name = initials(c.Name)
				newScrubber().with(own, []identity.PersonaID{c.Persona}).walk(reflect.ValueOf(c).Elem(), "")
			}
		}
	}
}

// personal reports whether a handle's value is personal by itself.
func personal(h record.Handle) bool {
	switch h.Namespace() {
	case record.NSEmail, record.NSLogin, record.NSPhone, record.NSName:
		return true
	}
	return strings.ContainsRune(h.Value(), '@')
}

func hide(h record.Handle) record.Handle {
	if personal(h) {
		return record.NewHandle(h.Namespace(), "[hidden]")
	}
	return h
}

func initialsOf(names []string, id identity.PersonaID) []string {
	if len(names) == 0 {
		return []string{string(id)}
	}
	out := make([]string, 0, len(names))
	for _, n := range names {
		out = append(out, initials(n))
	}
	return slices.Compact(out)
}

// initials returns "A. K." for "Anna Kowalska".
func initials(name string) string {
	if strings.ContainsRune(name, '@') {
		return "[e-mail]"
	}
	var b strings.Builder
	for _, w := range strings.FieldsFunc(name, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) && r != '\'' && r != '.' }) {
		r, _ := utf8.DecodeRuneInString(w)
		if unicode.IsLetter(r) {
			if b.Len() > 0 {
				b.WriteByte(' ')
			}
			b.WriteString(string(unicode.ToUpper(r)) + ".")
		}
	}
	return b.String()
}

// scrubber takes the personal strings of some people out of texts.
type scrubber struct {
	words   map[string]bool // parts of names, lower case
	phrases []phrase        // whole values, e.g. addresses
	pass    *strings.Replacer
}

// phrase is a whole value and what stands in its place.
type phrase struct{ old, new string }

func newScrubber() *scrubber { return &scrubber{words: map[string]bool{}} }

// nameFields are fields of rows that hold the name of somebody, maybe a third person.
var nameFields = map[string]bool{
	"name": true, "full_name": true, "given": true, "family": true, "name_raw": true, "aliases": true, "holder_name": true, "signed_by": true,
	"author": true, "last_modified_by": true, "author_name": true, "committer_name": true, "recruiter": true, "checker": true, "credited_to": true,
	"changed_by": true, "verified_by": true,
}

// addressFields are fields of rows that are shown as the kind of value only.
var addressFields = map[string]bool{
	"raw": true, "line1": true, "line2": true, "postal": true, "e164": true, "url": true, "username": true, "filename": true, "hostname": true,
	"pc_name": true, "client_machine": true, "location_claimed": true, "login": true, "account": true, "account_id": true, "work_email": true,
	"handle": true, "handles": true, "topic": true, "text": true, "summary": true, "a": true, "command_line": true, "path": true,
}

func (s *scrubber) learn(p *Persona) {
	for _, n := range p.Names {
		s.addName(n)
	}
	s.addPhrases(p.Emails...)
	s.addPhrases(p.Phones...)
	for _, h := range p.Handles {
		if personal(h) {
			s.addPhrases(h.Value())
		}
	}
	for _, c := range p.Claims {
		switch c.Kind {
		case "name":
			s.addName(c.Value)
		case "home address", "profile", "location in application":
			s.addPhrases(c.Value)
		}
	}
	for _, pl := range p.Places {
		if pl.Kind == "claimed_home" || pl.Kind == "ship_to" {
			s.addPhrases(pl.Label)
		}
	}
	for i := range p.Findings {
		for _, e := range p.Findings[i].Evidence {
			for _, r := range e.Refs {
				s.learnFields(r.Fields)
			}
		}
	}
}

func (s *scrubber) learnFields(list []Field) {
	for _, f := range list {
		switch last := lastName(f.Name); {
		case nameFields[last]:
			s.addName(f.Value)
		case last == "raw", last == "line1", last == "e164", last == "url", last == "username":
			s.addPhrases(f.Value)
		}
	}
}

func lastName(field string) string {
	field, _, _ = strings.Cut(field[strings.LastIndexByte(field, '.')+1:], "[")
	return field
}

func (s *scrubber) addPhrases(values ...string) {
	for _, v := range values {
		if len(v) > 3 {
			s.phrases = append(s.phrases, phrase{v, "[hidden]"})
		}
	}
}

func (s *scrubber) addName(name string) {
	if len(name) > 3 && !strings.ContainsRune(name, '@') {
		s.phrases = append(s.phrases, phrase{name, initials(name)})
	}
	for _, w := range strings.FieldsFunc(name, notWord) {
		if utf8.RuneCountInString(w) > 1 {
			s.words[strings.ToLower(w)] = true
		}
	}
}

func (s *scrubber) addNames(o *scrubber) {
	for w := range o.words {
		s.words[w] = true
	}
}

// with returns a scrubber that also knows the people of ids.
func (s *scrubber) with(own map[identity.PersonaID]*scrubber, ids []identity.PersonaID) *scrubber {
	out := newScrubber()
	out.addNames(s)
	out.phrases = slices.Clone(s.phrases)
	for _, id := range ids {
		if o := own[id]; o != nil {
			out.addNames(o)
			out.phrases = append(out.phrases, o.phrases...)
		}
	}
	slices.SortFunc(out.phrases, func(a, b phrase) int {
		return cmp.Or(len(b.old)-len(a.old), strings.Compare(a.old, b.old), strings.Compare(a.new, b.new))
	})
	pairs := make([]string, 0, 2*len(out.phrases))
	for _, p := range out.phrases {
		pairs = append(pairs, p.old, p.new)
	}
	out.pass = strings.NewReplacer(pairs...)
	return out
}

func notWord(r rune) bool {
	return !unicode.IsLetter(r) && !unicode.IsMark(r) && r != '\'' && r != '’'
}

var (
	emailText = regexp.MustCompile(`[\pL\pN._%+'-]+@[\pL\pN-]+(\.[\pL\pN-]+)+`)
	phoneText = regexp.MustCompile(`\+[0-9][0-9 ()/.-]{5,}[0-9]`)
	ipv4Text  = regexp.MustCompile(`\b([0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3})\.[0-9]{1,3}\b`)
	ipv6Text  = regexp.MustCompile(`\b([0-9a-f]{1,4}:[0-9a-f]{1,4}:[0-9a-f]{1,4}):[0-9a-f:]+\b`)
)

// text scrubs one sentence. A part of a name counts where it is capitalised, so
// that "may" and "will" stay words.
func (s *scrubber) text(v string) string {
	if s.pass != nil {
		v = s.pass.Replace(v)
		if w := s.replaceWords(v, false); w != v {
			v = strings.ReplaceAll(w, "..", ".")
		}
	}
	v = emailText.ReplaceAllString(v, "[e-mail]")
	v = phoneText.ReplaceAllString(v, "[phone]")
	v = ipv4Text.ReplaceAllString(v, "$1.x")
	return ipv6Text.ReplaceAllString(v, "$1:x")
}

func (s *scrubber) replaceWords(v string, anyCase bool) string {
	var b strings.Builder
	for i := 0; i < len(v); {
		r, n := utf8.DecodeRuneInString(v[i:])
		if notWord(r) {
			b.WriteString(v[i : i+n])
			i += n
			continue
		}
		j := i
		for j < len(v) {
			r, n := utf8.DecodeRuneInString(v[j:])
			if notWord(r) {
				break
			}
			j += n
		}
		w := v[i:j]
		if s.words[strings.ToLower(w)] && (anyCase || !unicode.IsLower(r)) {
			b.WriteString(string(unicode.ToUpper(r)) + ".")
		} else {
			b.WriteString(w)
		}
		i = j
	}
	return b.String()
}

// file hides a file name that holds part of a name.
func (s *scrubber) file(name string) string {
	if name == "" || s.replaceWords(name, true) == name && !strings.ContainsRune(name, '@') {
		return name
	}
	sum := sha256.Sum256([]byte(name))
	return "file-" + hex.EncodeToString(sum[:3]) + path.Ext(name)
}

// walk scrubs every string below v. The name is that of the field v stands in.
func (s *scrubber) walk(v reflect.Value, name string) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			s.walk(v.Elem(), name)
		}
	case reflect.Slice:
		for i := range v.Len() {
			s.walk(v.Index(i), name)
		}
	case reflect.Struct:
		if f, ok := v.Addr().Interface().(*Field); ok {
			s.field(f)
			return
		}
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				s.walk(v.Field(i), v.Type().Field(i).Name)
			}
		}
	case reflect.String:
		if v.CanSet() {
			v.SetString(s.value(v.String(), name))
		}
	}
}

func (s *scrubber) value(v, name string) string {
	switch name {
	case "ID", "Persona", "Personas", "A", "B", "With", "Detector", "Signal", "Family", "Kind", "Source", "Band", "Record", "Marks", "At", "First", "Last", "Since":
		return v
	case "File", "Path", "Unidentified":
		return s.file(v)
	case "Key":
		if s.replaceWords(v, true) != v || strings.ContainsRune(v, '@') {
			return "[hidden]"
		}
		return v
	}
	return s.text(v)
}

func (s *scrubber) field(f *Field) {
	last := lastName(f.Name)
	switch {
	case nameFields[last]:
		f.Value = initials(f.Value)
	case addressFields[last], last == "value" && strings.HasPrefix(f.Name, "emails"):
		f.Value = "[hidden]"
	default:
		f.Value = s.text(f.Value)
	}
}
