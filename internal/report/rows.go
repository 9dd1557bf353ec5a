package report

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"

	"muster/internal/assess"
	"muster/internal/record"
)

// row is what is shown of a record beside a finding.
type row struct {
	kind   record.Kind
	fields []Field
}

// Limits of one row as shown.
const (
	maxFields = 24
	maxValue  = 160 // bytes
)

// keyOf is the look-up key of a row. Sessions carry no key and records may be
// cited without one, so file, line and offset decide, and the key only where a
// format has neither.
func keyOf(r record.Ref) record.Ref {
	if r.Line != 0 || r.Offset != 0 {
		r.Key = ""
	}
	return r
}

// findRows looks up every row that a finding, protective evidence or a
// verification cites, and masks it. One row of an export can be several records.
func (b *builder) findRows() map[record.Ref][]row {
	want := map[record.Ref]bool{}
	for i := range b.in.Assessments {
		citedRows(&b.in.Assessments[i], want)
	}
	if len(want) == 0 {
		return nil
	}
	rows := make(map[record.Ref][]row, len(want))
	take := func(r record.Record) {
		if k := keyOf(r.Meta().Ref); want[k] {
			rows[k] = append(rows[k], row{r.Kind(), fieldsOf(r)})
		}
	}
	eachRecord(b.set, take)
	files := map[string]bool{}
	for r := range want {
		files[r.File] = true
	}
	t := &b.set.Sessions
	for i := range t.Len() {
		if ref := t.RefOf(i); files[ref.File] && want[keyOf(ref)] {
			s := t.At(i)
			take(&s)
		}
	}
	return rows
}

// eachRecord calls f with every record of the set except sessions and lists.
func eachRecord(s *record.Set, f func(record.Record)) {
	each(s.Personas, f)
	each(s.Applications, f)
	each(s.HistoryItems, f)
	each(s.Documents, f)
	each(s.References, f)
	each(s.Engagements, f)
	each(s.PaymentAccounts, f)
	each(s.Payments, f)
	each(s.Devices, f)
	each(s.DeviceItems, f)
	each(s.Shipments, f)
	each(s.NetworkObs, f)
	each(s.Contributions, f)
	each(s.Meetings, f)
	each(s.AccessEvents, f)
	each(s.AccountEvents, f)
	each(s.Checks, f)
	each(s.Presences, f)
	each(s.StolenLogins, f)
	each(s.Indicators, f)
}

func each[R record.Record](list []R, f func(record.Record)) {
	for _, r := range list {
		f(r)
	}
}

// kindsOf says which records of a row a family's evidence is about, best first.
var kindsOf = map[string][]record.Kind{
	"payment":             {record.PaymentAccounts, record.Payments},
	"shipping":            {record.Shipments, record.Engagements},
	"contact":             {record.Personas, record.Applications, record.References},
	"text":                {record.Documents, record.HistoryItems, record.Applications},
	"reference":           {record.References},
	"image":               {record.Documents, record.Personas},
	"device":              {record.Devices, record.DeviceItems, record.AccountEvents, record.StolenLogins, record.Sessions},
	"remote-control":      {record.DeviceItems, record.NetworkObs},
	"network":             {record.Sessions, record.NetworkObs},
	"location":            {record.Sessions, record.Devices, record.Engagements},
	"code-identity":       {record.Contributions},
	"data-theft":          {record.AccessEvents, record.AccountEvents},
	"verification-result": {record.Checks, record.Presences, record.Meetings, record.References},
	"behaviour":           {record.Meetings, record.Sessions},
	"indicator":           {record.Indicators},
}

// rowOf returns the record of a row that a finding of the family is about.
func (b *builder) rowOf(r record.Ref, family string) (row, bool) {
	list := b.rows[keyOf(r)]
	for _, k := range kindsOf[family] {
		for _, x := range list {
			if x.kind == k {
				return x, true
			}
		}
	}
	if len(list) > 0 {
		return list[0], true
	}
	return row{}, false
}

func citedRows(a *assess.Assessment, want map[record.Ref]bool) {
	add := func(refs []record.Ref) {
		for _, r := range refs[:min(len(refs), maxRefs)] {
			want[keyOf(r)] = true
		}
	}
	for i := range a.Findings {
		for _, e := range a.Findings[i].Finding.Evidence {
			add(e.Refs)
		}
	}
	for _, p := range a.Protective {
		add(p.Refs)
	}
	for _, v := range a.VerifiedBy {
		add(v.Refs)
	}
}

// fieldsOf flattens a record into its mapped fields, in the order of the record
// model, with birth dates cut to the year, account numbers to their last four
// characters, and hashes and long texts left out.
func fieldsOf(r record.Record) []Field {
	b, err := json.Marshal(r)
	if err != nil {
		return []Field{{"error", "the row cannot be shown: " + err.Error()}}
	}
	var out []Field
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.UseNumber()
	flatten(dec, "", &out)
	if len(out) > maxFields {
		rest := len(out) - maxFields
		out = append(out[:maxFields:maxFields], Field{"more", strconv.Itoa(rest) + " further fields"})
	}
	return out
}

// flatten reads one JSON value and appends its leaves with dotted names.
func flatten(dec *json.Decoder, name string, out *[]Field) {
	tok, err := dec.Token()
	if err != nil {
		return
	}
	switch tok {
	case json.Delim('{'):
		for dec.More() {
			key, _ := dec.Token()
			flatten(dec, strings.TrimPrefix(name+"."+key.(string), "."), out)
		}
		_, _ = dec.Token()
	case json.Delim('['):
		for i := 0; dec.More(); i++ {
			sub := name
			if i > 0 {
				sub = name + "[" + strconv.Itoa(i+1) + "]"
			}
			flatten(dec, sub, out)
		}
		_, _ = dec.Token()
	default:
		if v := mask(name, tok); v != "" {
			*out = append(*out, Field{name, v})
		}
	}
}

// mask returns the value as it may be shown; "" leaves the field out.
func mask(name string, tok json.Token) string {
	v := tokenText(tok)
	top, _, _ := strings.Cut(name, ".")
	top, _, _ = strings.Cut(top, "[")
	last := name[strings.LastIndexByte(name, '.')+1:]
	switch {
	case v == "", top == "ref", top == "sections", top == "valid_from", top == "valid_to":
		return ""
	case strings.HasSuffix(last, "_hash"), last == "sha256", last == "photo_phash", top == "image_hashes":
		return ""
	case last == "dob":
		return v[:min(4, len(v))] + " (year only)"
	case top == "login": // of a machine that malware copied: it may be a stranger's
		return maskLogin(v)
	case last == "account_last4", last == "platform_payee_id":
		return "…" + v[max(0, len(v)-4):]
	case last == "crypto_address" && len(v) > 12:
		return v[:6] + "…" + v[len(v)-4:]
	}
	return clip(oneLine(v), maxValue)
}

// maskLogin keeps the first letter of a login, and the domain of an e-mail address.
func maskLogin(v string) string {
	local, domain, mail := strings.Cut(v, "@")
	first := []rune(local)
	short := string(first[:min(1, len(first))]) + "…"
	if mail {
		short += "@" + domain
	}
	return short
}

func tokenText(tok json.Token) string {
	switch t := tok.(type) {
	case string:
		return t
	case json.Number:
		return t.String()
	case bool:
		return strconv.FormatBool(t)
	}
	return ""
}

// clip cuts s to at most n bytes, at a rune.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && s[n]&0xC0 == 0x80 {
		n--
	}
	return s[:n] + "…"
}
