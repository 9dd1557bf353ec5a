package pdf

import (
	"bytes"
	"compress/zlib"
	"encoding/ascii85"
	"io"

	"github.com/klauspost/compress/flate"
)

// filters returns the filters of a stream in the order in which they are undone,
// with their parameters.
func (f *file) filters(s *stream) (names []name, parms []dict) {
	one := func(v any) array {
		switch x := f.resolve(v).(type) {
		case array:
			return x
		case nil:
			return nil
		default:
			return array{x}
		}
	}
	list, with := one(either(s.dict, "Filter", "F")), one(either(s.dict, "DecodeParms", "DP"))
	for i, v := range list[:min(len(list), 8)] {
		names = append(names, f.name(v))
		var p dict
		if i < len(with) {
			p = f.dict(with[i])
		}
		parms = append(parms, p)
	}
	return names, parms
}

// either returns an entry under its name or its short one of inline images.
func either(d dict, long, short name) any {
	if v, ok := d[long]; ok {
		return v
	}
	return d[short]
}

// decode undoes all filters of a stream. With an error it returns what it got.
func (f *file) decode(s *stream) ([]byte, error) {
	data, left, err := f.undo(s)
	if err == nil && left != "" {
		err = ErrDamaged // the filter of a picture where data should be
	}
	return data, err
}

// undo undoes filters up to the first one of pictures, which it names.
func (f *file) undo(s *stream) (data []byte, left name, err error) {
	names, parms := f.filters(s)
	data = f.crypt.stream(s, names)
	if len(names) == 0 || f.crypt != nil {
		if f.total -= len(data); f.spent() {
			return nil, "", ErrLimit
		}
	}
	for i, n := range names {
		if data, left, err = f.filter(n, parms[i], data); left != "" || err != nil {
			return data, left, err
		}
	}
	return data, "", nil
}

func (f *file) filter(n name, parms dict, data []byte) ([]byte, name, error) {
	var err error
	switch n {
	case "FlateDecode", "Fl":
		data, err = f.inflate(data)
		data = f.predict(data, parms)
	case "LZWDecode", "LZW":
		data, err = f.unlzw(data, parms)
		data = f.predict(data, parms)
	case "ASCIIHexDecode", "AHx":
		budget := 1
		l := lexer{b: append([]byte{'<'}, data...), budget: &budget}
		data = []byte(l.hex())
	case "ASCII85Decode", "A85":
		data, err = f.unASCII85(data)
	case "RunLengthDecode", "RL":
		data, err = f.unrun(data)
	case "Crypt":
	default:
		return data, n, nil
	}
	return data, "", err
}

// take reads a decompressed stream within the limits. Damage in the middle keeps
// what came before.
func (f *file) take(r io.Reader) ([]byte, error) {
	room := min(f.limits.Stream, f.total)
	data, err := io.ReadAll(io.LimitReader(r, int64(max(room, 0))+1))
	if len(data) > room {
		data = data[:room]
		f.total = 0
		f.spent()
		return data, ErrLimit
	}
	f.total -= len(data)
	f.work -= len(data) >> 16
	if err != nil {
		return data, ErrDamaged
	}
	return data, nil
}

func (f *file) inflate(data []byte) ([]byte, error) {
	for len(data) > 0 && class(data[0]) == classSpace { // a line end too many
		data = data[1:]
	}
	z, err := zlib.NewReader(bytes.NewReader(data))
	if err != nil {
		if len(data) < 2 {
			return nil, nil
		}
		return f.take(flate.NewReader(bytes.NewReader(data[2:])))
	}
	out, err := f.take(z)
	if err == ErrDamaged && len(out) > 0 { // checksums are often wrong; text that is there counts
		err = nil
	}
	return out, err
}

func (f *file) unrun(data []byte) ([]byte, error) {
	var out []byte
	room := min(f.limits.Stream, f.total)
	for i := 0; i < len(data); {
		n := int(data[i])
		i++
		switch {
		case n == 128:
			i = len(data)
		case n < 128:
			stop := min(i+n+1, len(data))
			out = append(out, data[i:stop]...)
			i = stop
		case i < len(data):
			out = append(out, bytes.Repeat(data[i:i+1], 257-n)...)
			i++
		}
		if len(out) > room {
			f.total = 0
			f.spent()
			return out[:max(room, 0)], ErrLimit
		}
	}
	f.total -= len(out)
	return out, nil
}

func (f *file) unASCII85(data []byte) ([]byte, error) {
	if i := bytes.IndexByte(data, '~'); i >= 0 {
		data = data[:i]
	}
	clean := make([]byte, 0, len(data))
	zeros := 0 // four at once
	for _, c := range data {
		if c >= '!' && c <= 'u' || c == 'z' {
			clean = append(clean, c)
		}
		if c == 'z' {
			zeros++
		}
	}
	size := 4*zeros + 4*((len(clean)-zeros)/5+2)
	if f.total -= size; size > f.limits.Stream || f.spent() {
		return nil, ErrLimit
	}
	out := make([]byte, size)
	n, _, err := ascii85.Decode(out, clean, true)
	if err != nil {
		return out[:n], ErrDamaged
	}
	return out[:n], nil
}
