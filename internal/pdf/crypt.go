package pdf

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/md5" //nolint:gosec // the format asks for it
	"crypto/rc4" //nolint:gosec // the format asks for it
	"crypto/sha256"
	"crypto/sha512"
	"encoding/binary"
	"slices"
)

// crypt is the standard security handler (ISO 32000-2, section 7.6) opened with the
// empty user password: many programs forbid printing or copying that way, and the
// text is there for everybody who opens the file. A nil crypt changes nothing.
type crypt struct {
	key            []byte
	streams, texts method
	metadata       bool // is encrypted too
	own            ref  // object number of the encryption dictionary
	work           *int
}

type method byte

const (
	plain method = iota
	useRC4
	useAES
	useAES256
)

// padding fills passwords (algorithm 2).
var padding = []byte("\x28\xBF\x4E\x5E\x4E\x75\x8A\x41\x64\x00\x4E\x56\xFF\xFA\x01\x08\x2E\x2E\x00\xB6\xD0\x68\x3E\x80\x2F\x0C\xA9\xFE\x64\x53\x69\x7A")

// unlock prepares decryption where the file is encrypted.
func (f *file) unlock() error {
	if !f.encrypted() {
		return nil
	}
	d := f.dict(f.trailer["Encrypt"])
	if d == nil || f.name(d["Filter"]) != "Standard" {
		return ErrEncrypted
	}
	c := &crypt{metadata: true, work: &f.work}
	c.own, _ = f.trailer["Encrypt"].(ref)
	if v, ok := f.resolve(d["EncryptMetadata"]).(bool); ok {
		c.metadata = v
	}
	version, revision := f.integer(d["V"]), f.integer(d["R"])
	size := 5
	if n := f.integer(d["Length"]); n >= 40 && n <= 128 && n%8 == 0 {
		size = n / 8
	}
	switch version {
	case 1, 2:
		c.streams, c.texts = useRC4, useRC4
		if version == 1 {
			size = 5
		}
	case 4, 5:
		size = 16
		c.streams, c.texts = f.cryptMethod(d, "StmF"), f.cryptMethod(d, "StrF")
	default:
		return ErrEncrypted
	}
	ok := false
	if revision >= 5 {
		ok = c.open256(f, d, revision)
	} else {
		ok = c.open128(f, d, revision, size)
	}
	if !ok {
		return ErrEncrypted
	}
	f.crypt = c
	clear(f.cache) // what was read before has its strings encrypted
	clear(f.packs)
	return nil
}

func (f *file) cryptMethod(d dict, which name) method {
	filter := f.dict(f.dict(d["CF"])[f.name(d[which])])
	switch f.name(filter["CFM"]) {
	case "V2":
		return useRC4
	case "AESV2":
		return useAES
	case "AESV3":
		return useAES256
	}
	return plain
}

func (f *file) text(v any) string {
	s, _ := f.resolve(v).(string)
	return s
}

// open128 makes the key of revisions 2 to 4 (algorithm 2) and checks it
// (algorithms 4 and 5).
func (c *crypt) open128(f *file, d dict, revision, size int) bool {
	id := ""
	if a := f.array(f.trailer["ID"]); len(a) > 0 {
		id = f.text(a[0])
	}
	sum := slices.Concat(padding, []byte(f.text(d["O"])))
	sum = binary.LittleEndian.AppendUint32(sum[:min(len(sum), 64)], uint32(f.integer(d["P"])))
	sum = append(sum, id...)
	if revision >= 4 && !c.metadata {
		sum = append(sum, 0xff, 0xff, 0xff, 0xff)
	}
	key := md5.Sum(sum)
	if revision >= 3 {
		for range 50 {
			key = md5.Sum(key[:size])
		}
	}
	c.key = bytes.Clone(key[:size])
	user := []byte(f.text(d["U"]))
	if revision == 2 {
		return bytes.Equal(crypt4(c.key, padding), user)
	}
	check := md5.Sum(append(bytes.Clone(padding), id...))
	text := check[:]
	for i := range 20 {
		k := bytes.Clone(c.key)
		for n := range k {
			k[n] ^= byte(i)
		}
		text = crypt4(k, text)
	}
	return len(user) >= 16 && bytes.Equal(text, user[:16])
}

func crypt4(key, data []byte) []byte {
	out := make([]byte, len(data))
	if r, err := rc4.NewCipher(key); err == nil {
		r.XORKeyStream(out, data)
	}
	return out
}

// open256 takes the key of revisions 5 and 6 out of UE (algorithm 2.A).
func (c *crypt) open256(f *file, d dict, revision int) bool {
	user, wrapped := []byte(f.text(d["U"])), []byte(f.text(d["UE"]))
	if len(user) < 48 || len(wrapped) < 32 {
		return false
	}
	hash := func(salt []byte) []byte {
		if revision == 5 {
			s := sha256.Sum256(salt)
			return s[:]
		}
		return hash2B(salt)
	}
	if !bytes.Equal(hash(user[32:40]), user[:32]) {
		return false
	}
	block, err := aes.NewCipher(hash(user[40:48]))
	if err != nil {
		return false
	}
	c.key = make([]byte, 32)
	cipher.NewCBCDecrypter(block, make([]byte, 16)).CryptBlocks(c.key, wrapped[:32])
	return true
}

// hash2B is algorithm 2.B for an empty password.
func hash2B(salt []byte) []byte {
	first := sha256.Sum256(salt)
	k := first[:]
	for round := 0; ; round++ {
		e := bytes.Repeat(k, 64)
		block, err := aes.NewCipher(k[:16])
		if err != nil {
			return nil
		}
		cipher.NewCBCEncrypter(block, k[16:32]).CryptBlocks(e, e)
		sum := 0
		for _, b := range e[:16] {
			sum += int(b)
		}
		switch sum % 3 { // the 16 bytes as a number: 256 leaves 1 when divided by 3
		case 0:
			s := sha256.Sum256(e)
			k = s[:]
		case 1:
			s := sha512.Sum384(e)
			k = s[:]
		case 2:
			s := sha512.Sum512(e)
			k = s[:]
		}
		if round >= 63 && int(e[len(e)-1]) <= round-31 {
			return k[:32]
		}
	}
}

// decrypt returns the content of a string or stream of an object.
func (c *crypt) decrypt(m method, data []byte, r ref) []byte {
	key := c.key
	if m == useRC4 || m == useAES {
		k := append(bytes.Clone(c.key), byte(r.num), byte(r.num>>8), byte(r.num>>16), byte(r.gen), byte(r.gen>>8))
		if m == useAES {
			k = append(k, "sAlT"...)
		}
		sum := md5.Sum(k)
		key = sum[:min(len(c.key)+5, 16)]
	}
	switch m {
	case plain:
		return data
	case useRC4:
		return crypt4(key, data)
	}
	block, err := aes.NewCipher(key)
	if err != nil || len(data) < 32 {
		return nil
	}
	out := make([]byte, (len(data)-16)/16*16)
	cipher.NewCBCDecrypter(block, data[:16]).CryptBlocks(out, data[16:16+len(out)])
	if n := int(out[len(out)-1]); n >= 1 && n <= 16 {
		out = out[:len(out)-n]
	}
	return out
}

// strings decrypts the strings of an object in place and returns it.
func (c *crypt) strings(v any, r ref, depth int) any {
	if c == nil || c.texts == plain || r.num == c.own.num || depth > 64 {
		return v
	}
	switch x := v.(type) {
	case string:
		*c.work -= 8
		return string(c.decrypt(c.texts, []byte(x), r))
	case array:
		for i := range x {
			x[i] = c.strings(x[i], r, depth+1)
		}
	case dict:
		for k := range x {
			x[k] = c.strings(x[k], r, depth+1)
		}
	}
	return v
}

// stream returns the bytes of a stream before its filters.
func (c *crypt) stream(s *stream, filters []name) []byte {
	if c == nil || s.ref == (ref{}) || s.dict["Type"] == name("XRef") || len(filters) > 0 && filters[0] == "Crypt" ||
		s.dict["Type"] == name("Metadata") && !c.metadata {
		return s.raw
	}
	return c.decrypt(c.streams, s.raw, s.ref)
}
