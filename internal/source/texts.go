package source

import (
	"strings"

	"muster/internal/source/extract"

	"github.com/zeebo/xxh3"
)

// texts shares the text of repeated values, so that a million sign-ins with the
// same user agent hold it once. It is a cache of fixed size: a text that falls
// out is merely stored again.
type texts struct{ tab []string }

const (
	sharedTexts = 1 << 13
	sharedLen   = 256 // longer texts are rarely repeated
)

func newTexts() *texts { return &texts{make([]string, sharedTexts)} }

// raw returns the text of a JSON value.
func (t *texts) raw(r extract.Raw) string {
	if r.Escaped || len(r.Bytes) > sharedLen || len(r.Bytes) == 0 {
		return r.Text()
	}
	p := &t.tab[xxh3.Hash(r.Bytes)&(sharedTexts-1)]
	if *p == string(r.Bytes) {
		return *p
	}
	*p = r.Text()
	return *p
}

// cell returns a copy of a table cell that does not keep its batch in memory.
func (t *texts) cell(s string) string {
	if len(s) > sharedLen || s == "" {
		return strings.Clone(s)
	}
	p := &t.tab[xxh3.HashString(s)&(sharedTexts-1)]
	if *p != s {
		*p = strings.Clone(s)
	}
	return *p
}
