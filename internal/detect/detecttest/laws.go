package detecttest

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/unicode/norm"

	"muster/internal/detect"
	"muster/internal/finding"
	"muster/internal/identity"
	"muster/internal/match"
	"muster/internal/record"
	"muster/internal/settings"
)

// checkLocality runs the detector on each persona alone, in a view that holds
// only the persona, its edges and their other ends, and compares with the run on
// everybody.
func checkLocality(t *testing.T, d *detect.Detector, w *world, all []finding.Finding) {
	var got []finding.Finding
	for _, p := range w.graph.Personas {
		got = append(got, run(t, d, neighbourhood(w, p), []identity.PersonaID{p.ID})...)
	}
	slices.SortFunc(got, func(a, b finding.Finding) int { return a.Compare(&b) })
	if diff := cmp.Diff(all, got); diff != "" {
		t.Errorf("run on single personas differs from the run on all (-all +single):\n%s", diff)
	}
}

// neighbourhood returns the part of the world that a finding on p may depend on.
func neighbourhood(w *world, p *identity.Persona) *world {
	keep := map[identity.PersonaID]bool{p.ID: true}
	part := &identity.Graph{Edges: w.graph.EdgesOf(p.ID), Hits: w.graph.HitsOf(p.ID)}
	for _, e := range part.Edges {
		for _, h := range e.Holders {
			keep[h.Persona] = true
		}
	}
	sessions := new(record.SessionTable)
	for _, q := range w.graph.Personas {
		if !keep[q.ID] {
			continue
		}
		part.Personas = append(part.Personas, q)
		for _, account := range q.Account {
			for i, hi := w.in.Sessions.Rows(account); i < hi; i++ {
				row := w.in.Sessions.At(i)
				sessions.Append(&row)
			}
		}
	}
	sessions.Seal()
	part.Index()
	in := w.in
	in.Graph, in.Sessions = part, sessions
	return &world{set: w.set, graph: part, in: in}
}

// checkShuffled reads the records in other orders.
func checkShuffled(t *testing.T, d *detect.Detector, s sample, all []finding.Finding) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 3 {
		u := s
		u.records = slices.Clone(s.records)
		rng.Shuffle(len(u.records), func(i, j int) { u.records[i], u.records[j] = u.records[j], u.records[i] })
		w := build(u)
		if diff := cmp.Diff(all, run(t, d, w, nil)); diff != "" {
			t.Errorf("shuffled records give other findings (-want +got):\n%s", diff)
		}
	}
}

// relabelling changes a record's JSON and a handle in the same way.
type relabelling struct {
	value    func(key, value string) string
	settings func(*settings.Settings)
}

// checkRelabelled relabels the sample and expects the same findings on the
// relabelled personas.
func checkRelabelled(t *testing.T, d *detect.Detector, s sample, w *world, all []finding.Finding, r relabelling) {
	u := s
	u.records = nil
	for _, rec := range s.records {
		u.records = append(u.records, relabel(t, rec, r))
	}
	if r.settings != nil {
		r.settings(&u.settings)
	}
	v := build(u)
	want := lines(w, all, func(h record.Handle) record.Handle { return record.Handle(r.value("handle", string(h))) })
	got := lines(v, run(t, d, v, nil), same)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("relabelled records give other findings (-want +got):\n%s", diff)
	}
}

// relabel applies a relabelling to every string of a record, by field name.
func relabel(t *testing.T, rec record.Record, r relabelling) record.Record {
	t.Helper()
	line, err := record.Marshal(rec)
	if err != nil {
		t.Fatal(err)
	}
	var v any
	dec := json.NewDecoder(bytes.NewReader(line))
	dec.UseNumber()
	if err := dec.Decode(&v); err != nil {
		t.Fatal(err)
	}
	var walk func(key string, v any) any
	walk = func(key string, v any) any {
		switch v := v.(type) {
		case string:
			return r.value(key, v)
		case []any:
			for i := range v {
				v[i] = walk(key, v[i])
			}
		case map[string]any:
			for k := range v {
				if k == "ref" || k == "record" || k == "name" && rec.Kind() == record.DeviceItems {
					continue // the name of a program or part is no person's
				}
				v[k] = walk(joinKey(key, k), v[k])
			}
		}
		return v
	}
	line, err = json.Marshal(walk("", v))
	if err != nil {
		t.Fatal(err)
	}
	out, err := record.Unmarshal(line)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// joinKey names nested fields that mean something else than at the top.
func joinKey(parent, key string) string {
	if parent == "referee" || parent == "emails" {
		return parent + "." + key
	}
	return key
}

// renamed applies one letter bijection per script to names, and to the names
// inside e-mails, handles, signers and file metadata (ruling 16).
var renamed = relabelling{value: func(key, value string) string {
	switch key {
	case "name", "full_name", "given", "family", "name_raw", "aliases", "referee.name", "holder_name",
		"author", "last_modified_by", "author_name", "committer_name", "changed_by":
		return rotate(value)
	case "signed_by":
		if _, ok := match.Signer(value); !ok && len(match.Words(value)) > 1 {
			return value // "FRONT DOOR" is no person's name
		}
		return rotate(value)
	case "emails.value", "referee.email", "work_email", "account", "author_email", "committer_email", "pushed_by", "login":
		return rotateEmail(value)
	case "handle", "handles", "referrer_handle", "manager_handle":
		h := record.Handle(value)
		switch h.Namespace() {
		case record.NSEmail, record.NSLogin:
			return string(record.NewHandle(h.Namespace(), rotateEmail(h.Value())))
		case record.NSName:
			return string(record.NewHandle(record.NSName, rotate(h.Value())))
		}
	case "value":
		return value
	}
	return value
}}

func rotateEmail(s string) string {
	local, domain, ok := strings.Cut(s, "@")
	if !ok {
		return rotate(s)
	}
	return rotate(local) + "@" + domain
}

// rotate maps letters to letters of the same script and case; marks, digits and
// punctuation stay.
func rotate(s string) string {
	return norm.NFC.String(strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z':
			return 'a' + (r-'a'+11)%26
		case r >= 'A' && r <= 'Z':
			return 'A' + (r-'A'+11)%26
		case r >= 'а' && r <= 'я':
			return 'а' + (r-'а'+7)%32
		case r >= 'А' && r <= 'Я':
			return 'А' + (r-'А'+7)%32
		case unicode.Is(unicode.Hangul, r) && r >= 0xAC00 && r <= 0xD7A3:
			return 0xAC00 + (r-0xAC00+588)%(0xD7A4-0xAC00)
		}
		return r
	}, norm.NFD.String(s)))
}

// recountried relabels country codes and keeps coordinates, distances and zones.
var recountried = relabelling{
	value: func(key, value string) string {
		switch key {
		case "cc", "country", "claim_country":
			return nextCode(value)
		}
		return value
	},
	settings: func(st *settings.Settings) {
		st.Notices.Monitoring = slices.Clone(st.Notices.Monitoring)
		for i := range st.Notices.Monitoring {
			st.Notices.Monitoring[i].Country = nextCode(st.Notices.Monitoring[i].Country)
		}
		st.Declared.Relocations = recountry(st.Declared.Relocations)
		st.Declared.Travel = recountry(st.Declared.Travel)
	},
}

func recountry(moves []settings.Move) []settings.Move {
	moves = slices.Clone(moves)
	for i := range moves {
		moves[i].Country = nextCode(moves[i].Country)
	}
	return moves
}

// nextCode is a bijection on pairs of capital letters.
func nextCode(cc string) string {
	if len(cc) != 2 {
		return cc
	}
	shift := func(c byte) byte {
		if c < 'A' || c > 'Z' {
			return c
		}
		return 'A' + (c-'A'+5)%26
	}
	return string([]byte{shift(cc[0]), shift(cc[1])})
}
