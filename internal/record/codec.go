package record

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// Marshal writes a record as one line of canonical NDJSON without the line end:
// "record" with its kind first, "ref" second, then the fields as in
// docs/schema/record.v1.json. Equal records give equal bytes.
func Marshal(r Record) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString(`{"record":"`)
	b.WriteString(string(r.Kind()))
	b.WriteString(`",`)
	head := b.Len()
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(r); err != nil {
		return nil, fmt.Errorf("record %s: %w", r.Kind(), err)
	}
	line := b.Bytes()
	copy(line[1:], line[:head]) // the object's own opening brace makes room for the head
	return bytes.TrimSuffix(line[1:], []byte{'\n'}), nil
}

// Unmarshal reads a line of canonical NDJSON. An unknown kind of record, an
// unknown field and anything behind the object are errors that name them.
func Unmarshal(line []byte) (Record, error) {
	kind, body, err := splitKind(line)
	if err != nil {
		return nil, err
	}
	r := New(kind)
	if r == nil {
		return nil, fmt.Errorf("unknown record %q", kind)
	}
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.DisallowUnknownFields()
	if err := dec.Decode(r); err != nil {
		return nil, fmt.Errorf("record %s: %w", kind, err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("record %s: there is something behind the object", kind)
	}
	return r, nil
}

// splitKind takes the member "record" out of an object.
func splitKind(line []byte) (Kind, []byte, error) {
	line = bytes.TrimSpace(line)
	const head = `{"record":"`
	if bytes.HasPrefix(line, []byte(head)) {
		rest := line[len(head):]
		i := bytes.IndexByte(rest, '"')
		if i > 0 && i+1 < len(rest) && rest[i+1] == ',' && bytes.IndexByte(rest[:i], '\\') < 0 {
			body := append([]byte{'{'}, rest[i+2:]...)
			return Kind(rest[:i]), body, nil
		}
	}
	var members map[string]json.RawMessage
	if err := json.Unmarshal(line, &members); err != nil {
		return "", nil, fmt.Errorf("not a JSON object: %w", err)
	}
	raw, ok := members["record"]
	if !ok {
		return "", nil, errors.New(`no member "record" that names the kind`)
	}
	var kind Kind
	if err := json.Unmarshal(raw, &kind); err != nil {
		return "", nil, fmt.Errorf(`member "record": %w`, err)
	}
	delete(members, "record")
	body, err := json.Marshal(members)
	return kind, body, err
}

// Writer writes records as canonical NDJSON.
type Writer struct{ w *bufio.Writer }

// NewWriter returns a writer to w. Call Flush when done.
func NewWriter(w io.Writer) *Writer { return &Writer{bufio.NewWriterSize(w, 64<<10)} }

// Write writes one record and a line end.
func (w *Writer) Write(r Record) error {
	line, err := Marshal(r)
	if err != nil {
		return err
	}
	if _, err := w.w.Write(line); err != nil {
		return err
	}
	return w.w.WriteByte('\n')
}

// Flush writes what is buffered.
func (w *Writer) Flush() error { return w.w.Flush() }
