package source

import (
	"slices"
	"strings"

	"muster/internal/source/extract"
	"muster/internal/source/frame"
)

// line reads a line of a log as the object that its format makes of it.
func (w *mapper) line(j *job, i int, row *frame.Row) rowState {
	object, reason := frame.LogLine(nil, row.Data)
	if reason != "" {
		j.reject(i, row, Quarantined{Reason: reason, Excerpt: excerptOf(row)})
		return rowBad
	}
	r := *row
	r.Data = object
	return w.object(j, i, &r)
}

// cellEvent reads a row of a table that nobody recognises by the event in one of
// its columns, as log stores export them ("_raw" and the like).
func (w *mapper) cellEvent(j *job, i int, row *frame.Row, t *table, cells []string) rowState {
	if t == nil || j.file.stream.Shape != frame.ShapeTable {
		return rowUnknown
	}
	for col, name := range t.header {
		if col >= len(cells) || len(cells[col]) < 3 || !slices.ContainsFunc(wrappings, func(x string) bool { return strings.EqualFold(x, strings.TrimSpace(name)) }) {
			continue
		}
		if event := eventOf([]byte(cells[col])); event != nil {
			r := *row
			r.Data, r.Cells = event, nil
			if state := w.objectIn(j, i, &r); state != rowUnknown {
				return state
			}
		}
	}
	return rowUnknown
}

// objectIn reads an object found in a cell; it is never taken for a row of a table.
func (w *mapper) objectIn(j *job, i int, row *frame.Row) rowState {
	if w.slots.Run(row.Data) != nil {
		return rowUnknown
	}
	if best, _ := w.identify(j.file.allowed, row.Data); best < 0 {
		return rowUnknown
	}
	return w.object(j, i, row)
}

// eventIn returns the event in the text of an object; nil if there is none.
func eventIn(v extract.Raw) []byte { return eventOf(v.AppendText(nil)) }

// eventOf returns the event that a text holds: an object, or a line of a log in a
// format with names. nil if it is neither.
func eventOf(text []byte) []byte {
	switch {
	case len(text) == 0:
		return nil
	case text[0] == '{':
		if extract.Valid(text) {
			return text
		}
	case frame.KnownLogLine(text):
		object, _ := frame.LogLine(nil, text)
		return object
	}
	return nil
}
