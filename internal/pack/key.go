package pack

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
)

// keySize is the length of a key in bytes.
const keySize = 32

// keyHead begins a key file, so that nobody takes one for another kind of key.
const keyHead = "muster-pack-key-1 "

// Key is the secret that the packs of one organisation share.
type Key struct{ secret [keySize]byte }

// NewKey returns a random key.
func NewKey() Key {
	var k Key
	rand.Read(k.secret[:])
	return k
}

// ParseKey reads a key file as [Key.String] writes it.
func ParseKey(b []byte) (Key, error) {
	text, ok := strings.CutPrefix(strings.TrimSpace(string(b)), keyHead)
	if !ok {
		return Key{}, errors.New("this is no key for packs")
	}
	raw, err := hex.DecodeString(strings.TrimSpace(text))
	if err != nil || len(raw) != keySize {
		return Key{}, fmt.Errorf("the key is damaged: %d hexadecimal digits are needed", 2*keySize)
	}
	return Key{[keySize]byte(raw)}, nil
}

// String writes the key as the content of a key file, without the line end.
func (k Key) String() string { return keyHead + hex.EncodeToString(k.secret[:]) }

// ID names the key without giving it away: packs of one key have one id.
func (k Key) ID() string { return hex.EncodeToString(k.sum("id", ""))[:16] }

// sum is HMAC-SHA-256 of a value in a domain of its own.
func (k Key) sum(domain, value string) []byte {
	m := hmac.New(sha256.New, k.secret[:])
	m.Write([]byte(domain))
	m.Write([]byte{0})
	m.Write([]byte(value))
	return m.Sum(nil)
}

// Accounts is the key with which the readers hash account numbers.
func (k Key) Accounts() []byte { return k.sum("accounts", "") }

// plain is base32 in capitals and digits.
var plain = base32.NewEncoding("BCDFGHJKLMNPQRTVWXYZ023456789AEU").WithPadding(base32.NoPadding)

// token is an opaque equality token of 80 bits in capitals and digits.
func (k Key) token(domain, value string) string {
	return plain.EncodeToString(k.sum(domain, value)[:10])
}

// letters returns n lower-case consonants for a value.
func (k Key) letters(domain, value string, n int) string {
	const set = "bcdfghjkmnpqvwxz" // 16 of them: four bits each
	out := make([]byte, 0, n)
	for i, b := 0, k.sum(domain, value); len(out) < n; i++ {
		out = append(out, set[b[i/2]>>(4*(i%2))&15])
	}
	return string(out)
}
