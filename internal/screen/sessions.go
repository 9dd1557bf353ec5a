package screen

import (
	"muster/internal/identity"
	"muster/internal/record"
)

// sessions looks up each distinct address of the table once, so that the cost
// follows the number of addresses and only rows of matching ones are read.
func (s *screener) sessions(personas []*identity.Persona, t *record.SessionTable) {
	owner := make(map[string]identity.PersonaID, len(personas))
	for _, p := range personas {
		for _, a := range p.Account {
			owner[a] = p.ID
		}
	}
	for ip, rows := range t.ByIP() {
		if !ip.IsValid() || s.public(ip) {
			continue
		}
		if !s.list.covers(ip) {
			continue
		}
		crowd := s.crowded(t, int(rows[0]))
		c := map[sessionKey]*use{}
		var order []*use
		for _, row := range rows {
			i := int(row)
			id, ok := owner[t.AccountOf(i)]
			if !ok || t.OutcomeOf(i) == "failure" {
				continue
			}
			k := sessionKey{id, FieldSignInIP}
			if t.SourceKindOf(i) == "ats" {
				k.field = FieldApplicationIP
			}
			u := c[k]
			if u == nil {
				u = &use{persona: id, field: k.field, ip: ip, shown: ip.String(), crowd: crowd}
				c[k] = u
				order = append(order, u)
			}
			u.seen = append(u.seen, sighting{t.TimeOf(i), t.RefOf(i)})
		}
		for _, u := range order {
			s.match(u)
		}
	}
}

// crowded reports whether the network of a row hands one address to many people.
func (s *screener) crowded(t *record.SessionTable, row int) bool {
	asn, org, isp, _ := t.NetOf(row)
	return s.base != nil && s.base.Common(asn, org, isp) != ""
}

type sessionKey struct {
	persona identity.PersonaID
	field   string
}
