package record

import (
	"cmp"
	"strings"
)

// Ref points from a record back to the row it was read from.
type Ref struct {
	Source string `json:"source"`           // mapping id, e.g. "okta.system_log"
	File   string `json:"file"`             // path relative to the scanned folder, slash separated; members of archives as "a.zip!b.csv"
	Line   int    `json:"line,omitempty"`   // 1-based line of the row's first byte, 0 if the format has no lines
	Offset int64  `json:"offset,omitempty"` // byte offset of the row in the decompressed file
	Key    string `json:"key,omitempty"`    // the vendor's id of the row, or "h:" and a content hash
}

// Compare orders refs by source, key, file, line and offset. Line and offset come
// last so that the order survives shuffled rows wherever rows have keys.
func (r Ref) Compare(o Ref) int {
	return cmp.Or(
		strings.Compare(r.Source, o.Source),
		strings.Compare(r.Key, o.Key),
		strings.Compare(r.File, o.File),
		cmp.Compare(r.Line, o.Line),
		cmp.Compare(r.Offset, o.Offset),
	)
}

// Handle names an identity inside one system: a namespace and a value, written
// "namespace:value". Namespaces in use are email, login, employee, phone, name,
// serial and, for ids of systems, "system:object" ("greenhouse:candidate:123").
// The value is what follows the last colon.
type Handle string

// Namespaces of handles that more than one system shares.
const (
	NSEmail    = "email"    // canonical e-mail address
	NSLogin    = "login"    // account name that is not an e-mail address
	NSEmployee = "employee" // employee or contractor number
	NSPhone    = "phone"    // E.164
	NSName     = "name"     // a bare name: joins nothing, only displays
)

// NewHandle returns the handle of value in a namespace, or "" if value is empty.
func NewHandle(namespace, value string) Handle {
	value = strings.TrimSpace(value)
	if value == "" {
		return ""
	}
	return Handle(namespace + ":" + strings.ReplaceAll(value, ":", "_"))
}

// Namespace returns what stands before the last colon.
func (h Handle) Namespace() string {
	i := strings.LastIndexByte(string(h), ':')
	return string(h[:max(i, 0)])
}

// Value returns what follows the last colon.
func (h Handle) Value() string {
	return string(h[strings.LastIndexByte(string(h), ':')+1:])
}
