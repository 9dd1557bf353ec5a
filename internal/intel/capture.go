package intel

import (
	"slices"
	"strings"

	"muster/internal/record"
)

// capture is a row of data/captures.tsv.
type capture struct {
	name, kind string
	usb        []string
	words      [][]string
}

func newCaptures(rows [][]string) []capture {
	out := make([]capture, 0, len(rows))
	for _, row := range rows {
		c := capture{name: row[0], kind: row[1], usb: list(row[2])}
		for _, name := range list(row[3]) {
			c.words = append(c.words, words(name))
		}
		out = append(out, c)
	}
	return out
}

// Capture tells whether a row of a device is hardware that takes a screen off a
// computer (kind capture), a plug that pretends a screen (plug) or the driver of
// a virtual one (driver). Device is the canonical name, Rule the kind. What IP-KVMs
// show is theirs and not repeated.
func (s *Set) Capture(x *record.DeviceItem) (m KVMMatch, ok bool) {
	if _, kvm := s.KVMUSB(x); kvm {
		return m, false
	}
	if _, kvm := s.KVMDisplay(x); kvm {
		return m, false
	}
	name := words(x.Vendor + " " + x.Name)
	for i := range s.captures {
		c := &s.captures[i]
		if c.kind == streaming {
			continue
		}
		ids := x.ItemKind == "usb" && c.byID(strings.ToLower(x.VendorID), strings.ToLower(x.ProductID))
		if ids || c.shows(x.ItemKind) && slices.ContainsFunc(c.words, func(w []string) bool { return runOf(name, w) }) {
			return KVMMatch{Device: c.name, Rule: c.kind, Exact: ids, Text: describe(x)}, true
		}
	}
	return m, false
}

const streaming = "streaming"

// Streaming tells whether a row of a device is a program for streaming or
// recording, which explains a capture device.
func (s *Set) Streaming(x *record.DeviceItem) bool {
	switch x.ItemKind {
	case "software", "process", "service":
	default:
		return false
	}
	name := words(x.Name)
	return slices.ContainsFunc(s.captures, func(c capture) bool {
		return c.kind == streaming && slices.ContainsFunc(c.words, func(w []string) bool { return runOf(name, w) })
	})
}

// shows reports whether a kind of row can name the thing.
func (c *capture) shows(itemKind string) bool {
	switch itemKind {
	case "usb", "camera", "video_capture":
		return c.kind == "capture"
	case "display":
		return true
	case "software", "service", "process":
		return c.kind == "driver"
	}
	return false
}

func (c *capture) byID(vid, pid string) bool {
	return vid != "" && slices.ContainsFunc(c.usb, func(id string) bool {
		v, p, _ := strings.Cut(id, ":")
		return v == vid && (p == "*" || p == pid)
	})
}

// runOf reports whether the words of part follow each other in name.
func runOf(name, part []string) bool {
	for i := 0; i+len(part) <= len(name); i++ {
		if slices.Equal(name[i:i+len(part)], part) {
			return true
		}
	}
	return false
}
