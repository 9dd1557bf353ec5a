package link

import (
	"slices"
	"strings"

	"muster/internal/identity"
	"muster/internal/match"
)

// mailboxNames finds private mailboxes that carry the full name of another person of
// the records and no part of their owner's (A08). Names that several people have
// point at nobody.
func (b *builder) mailboxNames() {
	owners := map[string][]int32{}
	for i, p := range b.persons {
		for _, n := range p.parsed {
			for _, spelt := range match.MailboxSpellings(n) {
				owners[spelt] = append(owners[spelt], int32(i))
			}
		}
		for _, c := range p.Records.Claims {
			for spelt := range strings.FieldsSeq(c.Custom[match.SpeltKey]) {
				owners[spelt] = append(owners[spelt], int32(i))
			}
		}
	}
	done := map[[2]int32]bool{}
	for i, p := range b.persons {
		for _, address := range p.Emails {
			named := unique(slices.Clone(owners[match.MailboxLetters(address)]))
			own := slices.ContainsFunc(p.parsed, func(n match.Name) bool { return match.InMailbox(n, address) })
			if len(named) != 1 || named[0] == int32(i) || own || len(p.parsed) == 0 || slices.Contains(b.base.Domains, match.EmailDomain(address)) {
				continue
			}
			pair := [2]int32{int32(i), named[0]}
			if done[pair] {
				continue
			}
			done[pair] = true
			e := b.pairEdge(identity.EdgeMailboxName, match.MaskEmail(address), text{person: pair[0], ref: p.firstRef()}, text{person: pair[1], ref: b.persons[pair[1]].firstRef()})
			e.Weight = traits[e.Kind].weight(e.N, len(b.persons))
		}
	}
}
