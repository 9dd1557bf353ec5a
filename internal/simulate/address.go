package simulate

import (
	"fmt"
	"strings"
)

// home is a dwelling with its internet line. People who live together share it.
type home struct {
	place        *place
	street, kind string
	number       int
	unit         string // empty for a house
	postal       string
	line         *line
	occupants    int
}

var (
	streetNames = words("Alder Birch Cedar Dover Elm Foster Garnet Hazel Indigo Juniper Kestrel Laurel Maple Nettle Orchard Poplar Quarry Ridge Spruce Thistle Upland Violet Walnut Yarrow Aspen Beacon Chapel Dogwood Ember Fernhill Granite Harbour Ivy Jasper Kingfisher Lilac Meadow Northgate Olive Pinecrest Quail Rosemary Saffron Tulip Umber Vista Willow Yew Zinnia Copper Falcon Heron Lantern Mill Pioneer Station Sycamore Tanager Windmill Wren")
	usKinds     = []string{"Street", "Avenue", "Road", "Lane", "Drive", "Boulevard", "Court", "Place"}
	shortKinds  = map[string]string{"Street": "St", "Avenue": "Ave", "Road": "Rd", "Lane": "Ln", "Drive": "Dr", "Boulevard": "Blvd", "Court": "Ct", "Place": "Pl", "Close": "Cl", "straße": "str."}
)

// newHome returns a dwelling nobody else has, with its own line.
func (w *world) newHome(r *rng, p *place) *home {
	for {
		h := &home{place: p, street: pick(r, streetNames), number: r.between(1, 2999), kind: kindIn(r, p.country)}
		if p.country == "PL" || p.country == "ES" || r.chance(0.4) {
			h.unit = fmt.Sprintf("%d%c", r.between(1, 24), 'A'+rune(r.IntN(6)))
		}
		h.postal = postalCode(r, p)
		key := h.raw(0)
		if w.homes[key] {
			continue
		}
		w.homes[key] = true
		h.line = w.net.homeLine(r, p)
		return h
	}
}

func kindIn(r *rng, country string) string {
	switch country {
	case "GB":
		return pick(r, []string{"Street", "Road", "Lane", "Close"})
	case "DE":
		return pick(r, []string{"straße", "weg", "allee"})
	case "PL":
		return "ul."
	case "ES":
		return "Calle"
	}
	return pick(r, usKinds)
}

func postalCode(r *rng, p *place) string {
	switch p.country {
	case "US", "DE", "ES", "TR", "MX", "FR":
		return p.postal + r.digits(5-len(p.postal))
	case "PL":
		return p.postal + r.digits(3)
	case "GB":
		return p.postal + " " + r.digits(1) + r.from("ABDEFGHJLNPQRSTUWXYZ", 2)
	case "CA":
		return p.postal + " " + r.digits(1) + r.from("ABCEGHJKLM", 1) + r.digits(1)
	}
	return p.postal + r.digits(2)
}

// line1 returns the street line. Style 1 shortens and style 2 is in capitals, as
// different systems write the same address.
func (h *home) line1(style int) string {
	kind := h.kind
	if short, ok := shortKinds[kind]; ok && style != 0 {
		kind = short
	}
	var s string
	switch h.place.country {
	case "DE":
		s = fmt.Sprintf("%s%s %d", h.street, kind, h.number)
	case "PL", "ES":
		s = fmt.Sprintf("%s %s %d", kind, h.street, h.number)
	default:
		s = fmt.Sprintf("%d %s %s", h.number, h.street, kind)
	}
	if style == 2 {
		s = strings.ToUpper(s)
	}
	return s
}

// line2 returns the unit, or nothing.
func (h *home) line2(style int) string {
	if h.unit == "" {
		return ""
	}
	us := h.place.country == "US" || h.place.country == "CA"
	switch {
	case us && style == 0:
		return "Apt " + h.unit
	case us && style == 1:
		return "#" + h.unit
	case us:
		return "APT " + strings.ToUpper(h.unit)
	case h.place.country == "GB":
		return "Flat " + h.unit
	}
	return h.unit
}

// raw returns the address as one text with commas.
func (h *home) raw(style int) string {
	s := h.line1(style)
	if u := h.line2(style); u != "" {
		s += ", " + u
	}
	return s + ", " + h.city(style)
}

// city returns city, region and postal code.
func (h *home) city(style int) string {
	city := h.place.city
	if style == 2 {
		city = strings.ToUpper(city)
	}
	switch h.place.country {
	case "US", "CA":
		return city + ", " + h.place.regionCode + " " + h.postal
	case "GB":
		return city + " " + h.postal
	}
	return h.postal + " " + city
}

// phones gives every identity a number of its own.
type phones struct{ used map[string]bool }

// draw returns an unused number in E.164 with a code of the place. Exchange 555
// and the ranges that regulators keep for drama come first.
func (ph *phones) draw(r *rng, p *place) string {
	for {
		n := number(r, p)
		if !ph.used[n] {
			ph.used[n] = true
			return n
		}
	}
}

func number(r *rng, p *place) string {
	switch p.country {
	case "GB":
		if r.chance(0.3) {
			return "+447700900" + r.digits(3)
		}
		return "+447911" + r.digits(6)
	case "DE":
		return "+49151" + r.from("12", 1) + r.digits(7)
	case "PL":
		return "+4860" + r.digits(7)
	case "ES":
		return "+3461" + r.digits(7)
	case "US", "CA":
		if r.chance(0.7) {
			return "+1" + pick(r, p.areas) + "555" + r.digits(4)
		}
		return "+1" + pick(r, p.areas) + r.from("2346789", 1) + r.from("3456789", 2) + r.digits(4)
	case "TR":
		return "+90532" + r.digits(7)
	}
	return "+1202555" + r.digits(4)
}

// spoken writes a number as people type it into forms.
func spoken(r *rng, e164 string) string {
	if !strings.HasPrefix(e164, "+1") || len(e164) != 12 || r.chance(0.3) {
		return e164
	}
	n := e164[2:]
	switch r.IntN(3) {
	case 0:
		return "(" + n[:3] + ") " + n[3:6] + "-" + n[6:]
	case 1:
		return n[:3] + "-" + n[3:6] + "-" + n[6:]
	}
	return "+1 " + n[:3] + " " + n[3:6] + " " + n[6:]
}
