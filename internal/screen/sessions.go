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
		matched := false
		for range s.list.covering(ip) {
			matched = true
			break
		}
		if !matched {
			continue
		}
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
				u = &use{persona: id, field: k.field, ip: ip, shown: ip.String()}
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

type sessionKey struct {
	persona identity.PersonaID
	field   string
}
