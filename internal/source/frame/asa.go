package frame

import (
	"bytes"
	"slices"
)

// asaAt returns where the mark %ASA-6-113039: of a Cisco firewall begins, at or
// behind from; -1 if there is none.
func asaAt(line []byte, from int) int {
	for i := from; i >= 0 && i < min(len(line), maxHeader); {
		if _, _, _, ok := asaMark(line[i:]); ok {
			return i
		}
		next := bytes.IndexByte(line[i+1:], '%')
		if next < 0 {
			return -1
		}
		i += 1 + next
	}
	return -1
}

// asaMark cuts %PRODUCT-SEVERITY-NUMBER; the severity and words such as "session"
// or "vpn" may be missing or stand between.
func asaMark(b []byte) (product, severity, id []byte, ok bool) {
	end := bytes.IndexAny(b[:min(len(b), 40)], ": ")
	if end < 0 {
		end = min(len(b), 40)
	}
	parts := bytes.Split(b[1:end], []byte{'-'})
	if len(parts) < 2 || !slices.Contains(asaProducts, string(parts[0])) {
		return nil, nil, nil, false
	}
	id = parts[len(parts)-1]
	if len(id) < 5 || len(id) > 7 || !digits(id) {
		return nil, nil, nil, false
	}
	for _, p := range parts[1 : len(parts)-1] {
		if len(p) == 1 && digits(p) {
			severity = p
		}
	}
	return parts[0], severity, id, true
}

// asaProducts write these messages: Adaptive Security Appliance, Firepower Threat
// Defense, and the PIX and firewall modules before them.
var asaProducts = []string{"ASA", "FTD", "PIX", "FWSM"}

// asa reads a line of a Cisco firewall. Most lines of a log are about single
// connections; of these only the number is kept, so that they cost little.
func asa(dst, text []byte) ([]byte, string) {
	product, severity, id, _ := asaMark(text)
	dst = append(append(appendName(comma(dst), "asa"), ':'), '{')
	dst = appendMember(dst, "product", product)
	dst = appendMember(dst, "severity", severity)
	dst = appendMember(dst, "id", id)
	if connections := id[0] == '3' || len(id) == 6 && (bytes.HasPrefix(id, []byte("106")) || bytes.HasPrefix(id, []byte("710"))); !connections {
		rest := text[bytes.Index(text, id)+len(id):]
		dst = appendMember(dst, "text", bytes.TrimLeft(rest, ": "))
	}
	return append(dst, '}'), ""
}
