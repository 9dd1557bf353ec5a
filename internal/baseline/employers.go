package baseline

import (
	"muster/internal/match"
	"muster/internal/record"
)

// employers learns under which domains the referees of a former employer write, by
// the number of people they write about. Public mail providers say nothing.
func (s *Set) employers(set *record.Set) {
	s.Employers = map[string]map[string]int{}
	seen := map[[3]string]bool{}
	for _, r := range set.References {
		org, domain := match.Org(r.Referee.Company), match.Registrable(match.EmailDomain(r.Referee.Email))
		if org == "" || domain == "" || match.PublicMail(domain) {
			continue
		}
		k := [3]string{org, domain, string(key(&r.Subject, ""))}
		if seen[k] {
			continue
		}
		seen[k] = true
		if s.Employers[org] == nil {
			s.Employers[org] = map[string]int{}
		}
		s.Employers[org][domain]++
	}
}

// DomainOf returns the domain of a former employer that is best attested: the one
// under which referees write for most people, of two and more; or one that spells the
// employer's name. Empty if none is.
func (s *Set) DomainOf(org string) string {
	best, most := "", 1
	for d, n := range s.Employers[org] {
		if match.DomainLabel(d) == match.Label(org) {
			n += 1 << 20 // spelt like the name: nobody gains by imitating it
		}
		if n > most || n == most && best != "" && d < best {
			best, most = d, n
		}
	}
	return best
}
