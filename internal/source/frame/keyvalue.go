package frame

import "bytes"

// keyValues reads a text that is nothing but pairs: key=value and key="a value"
// divided by blanks or commas, three at least. Quotes may be escaped.
func keyValues(b []byte) ([]pair, bool) {
	var pairs []pair
	for i := 0; i < len(b) && len(pairs) <= maxPairs; {
		if b[i] == ' ' || b[i] == ',' || b[i] == '\t' {
			i++
			continue
		}
		word := i
		for i < len(b) && nameByte(b[i]) {
			i++
		}
		if i == word || i >= len(b) || b[i] != '=' {
			return nil, false
		}
		name := string(b[word:i])
		var value []byte
		value, i = quotedValue(b, i+1)
		pairs = append(pairs, pair{name, value})
	}
	return pairs, len(pairs) >= 3
}

// quotedValue reads a value at i and returns it with the place behind it.
func quotedValue(b []byte, i int) ([]byte, int) {
	if i < len(b) && b[i] == '"' {
		end := i + 1
		for end < len(b) && b[end] != '"' {
			if b[end] == '\\' {
				end++
			}
			end++
		}
		end = min(end, len(b))
		return unescape(b[i+1 : end]), min(end+1, len(b))
	}
	n := bytes.IndexAny(b[i:], " ,\t")
	if n < 0 {
		n = len(b) - i
	}
	return b[i : i+n], i + n
}
