package pack

import (
	"muster/internal/intel"
	"muster/internal/record"
)

// packer replaces the identifiers of records.
type packer struct {
	key   Key
	look  *intel.Set
	seen  map[[2]string]string // kind and clear value to token
	vault *ledger              // nil: nothing can be opened later
	ref   record.Ref           // of the row at hand

	domains map[string][]string // of referees, by company
	ids     map[string][]string // tokens of the ids of systems, by the bare id
}

func newPacker(key Key, vault *ledger) *packer {
	return &packer{key: key, look: intel.Default(), seen: map[[2]string]string{}, vault: vault, domains: map[string][]string{}, ids: map[string][]string{}}
}

// swap returns the token of a clear value and notes both for the vault.
func (p *packer) swap(kind, clear string, token func(string) string) string {
	if clear == "" {
		return ""
	}
	t, ok := p.seen[[2]string{kind, clear}]
	if !ok {
		t = token(clear)
		p.seen[[2]string{kind, clear}] = t
		if t != "" && t != clear {
			p.vault.note(kind, t, clear, p.ref)
		}
	}
	return t
}

// opaque is an equality token of a value in a domain of its own.
func (p *packer) opaque(kind, s string) string {
	return p.swap(kind, s, func(s string) string { return p.key.token(kind, s) })
}
