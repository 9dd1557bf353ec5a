package pull

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// field returns the value at a dotted path of a JSON object, nil if there is none.
func field(object []byte, path string) json.RawMessage {
	v := json.RawMessage(object)
	for path != "" {
		var name string
		name, path, _ = strings.Cut(path, ".")
		var m map[string]json.RawMessage
		if json.Unmarshal(v, &m) != nil {
			return nil
		}
		v = m[name]
	}
	if bytes.Equal(bytes.TrimSpace(v), []byte("null")) {
		return nil
	}
	return v
}

// text returns the value at a path as text: a string without its quotes, a number
// or a truth value as written, anything else "".
func text(object []byte, path string) string {
	v := field(object, path)
	if len(v) == 0 || v[0] == '{' || v[0] == '[' {
		return ""
	}
	var s string
	if json.Unmarshal(v, &s) == nil {
		return s
	}
	return string(v)
}

// rowsOf returns the rows of an answer. A missing list is an error: an interface
// that changed must not look like one that has nothing.
func rowsOf(body []byte, path string) ([]json.RawMessage, error) {
	v := json.RawMessage(body)
	if path != "" {
		if v = field(body, path); v == nil {
			if !json.Valid(body) {
				return nil, errors.New("the answer is not JSON; check url, and that no proxy or sign-in page answers")
			}
			// Google leaves out a list without members.
			if o := bytes.TrimSpace(body); len(o) > 0 && o[0] == '{' && (text(body, "kind") != "" || hasKey(body, path)) {
				return nil, nil
			}
			return nil, fmt.Errorf("the answer has no list %q", path)
		}
	}
	var rows []json.RawMessage
	if err := json.Unmarshal(v, &rows); err != nil {
		return nil, errors.New("the answer is not the list that was expected; check url, and that no proxy or sign-in page answers")
	}
	return rows, nil
}

// hasKey reports whether an object has a member, be it null.
func hasKey(object []byte, name string) bool {
	var m map[string]json.RawMessage
	if json.Unmarshal(object, &m) != nil {
		return false
	}
	_, ok := m[name]
	return ok
}

// timeOf reads a row's time: RFC 3339 (with any fraction, with or without a zone),
// or seconds or milliseconds since 1970. The zero time is none.
func timeOf(row []byte, path string) time.Time {
	s := text(row, path)
	if s == "" {
		return time.Time{}
	}
	if n, err := strconv.ParseFloat(s, 64); err == nil {
		if n > 1e11 {
			return time.UnixMilli(int64(n)).UTC()
		}
		return time.Unix(int64(n), 0).UTC()
	}
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02T15:04:05.000-0700", time.DateOnly} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC()
		}
	}
	return time.Time{}
}
