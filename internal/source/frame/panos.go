package frame

import (
	"bytes"
	"net/netip"
	"slices"
	"strings"
	"time"
)

// panosTypes are the types of PAN-OS syslog lines in the fourth column.
var panosTypes = []string{
	"GLOBALPROTECT", "HIPMATCH", "HIP-MATCH", "USERID", "TRAFFIC", "THREAT", "SYSTEM", "CONFIG", "AUTHENTICATION", "AUTH", "DECRYPTION", "IPTAG",
	"CORRELATION", "GTP", "SCTP", "URL", "DATA", "WILDFIRE", "TUNNEL", "AUDIT", "START", "END",
}

// panosColumns name the columns of the types that matter by the members of the
// vendor's JSON export (PAN-OS 10.1 administrator's guide, "Syslog Field
// Descriptions"; order checked on lines of versions 9.1 to 11). Other columns and
// types are passed over.
var panosColumns = map[string]map[int]string{
	"GLOBALPROTECT": {
		7: "VirtualSystem", 8: "EventIDValue", 9: "Stage", 10: "AuthMethod", 11: "TunnelType", 12: "SourceUserName", 13: "SourceRegion", 14: "EndpointDeviceName",
		15: "PublicIPv4", 16: "PublicIPv6", 17: "PrivateIPv4", 18: "PrivateIPv6", 19: "HostID", 20: "EndpointSN", 21: "GlobalProtectClientVersion",
		22: "EndpointOSType", 23: "EndpointOSVersion", 25: "QuarantineReason", 26: "ConnectionError", 27: "Description", 28: "EventStatus",
		29: "GlobalProtectGatewayLocation", 30: "LoginDuration", 31: "ConnectionMethod", 32: "ConnectionErrorID", 33: "Portal", 34: "SequenceNo",
	},
	"HIPMATCH": {
		7: "SourceUser", 8: "VirtualLocation", 9: "EndpointDeviceName", 10: "EndpointOSType", 11: "SourceIP", 12: "HipMatchName", 14: "HipMatchType",
		17: "SequenceNo", 26: "SourceIPv6", 27: "HostID", 28: "EndpointSerialNumber", 29: "SourceDeviceMac",
	},
	"SYSTEM": {8: "EventName", 9: "EventComponent", 12: "Module", 13: "VendorSeverity", 14: "EventDescription", 15: "SequenceNo"},
	"AUTHENTICATION": {
		7: "VirtualLocation", 8: "SourceAddress", 9: "SourceUser", 10: "NormalizeUser", 15: "MFAVendor", 18: "AuthenticationDescription", 19: "ClientType",
		20: "AuthEvent", 21: "AuthFactorNo", 22: "SequenceNo",
	},
}

// panosPrecise is the column of the time with fraction and offset, per type;
// older versions do not write it, and 1970 means that there is none.
var panosPrecise = map[string]int{"GLOBALPROTECT": 36, "HIPMATCH": 30, "SYSTEM": 25, "AUTHENTICATION": 33}

// panosAddresses are columns that must hold an address or nothing: a row in which
// one does not has lost or gained a comma.
var panosAddresses = map[string][]int{"GLOBALPROTECT": {15, 16, 17, 18}, "HIPMATCH": {11}}

// panosAt returns where the CSV of PAN-OS begins behind the syslog header; -1 if
// the line is none.
func panosAt(line []byte) int {
	first := bytes.IndexByte(line[:min(len(line), maxHeader)], ',')
	if first < 0 {
		return -1
	}
	rest := line[first+1:]
	var cells [3][]byte // time, serial number, type
	for i := range cells {
		n := bytes.IndexByte(rest, ',')
		if n < 0 || n > 40 {
			return -1
		}
		cells[i], rest = rest[:n], rest[n+1:]
	}
	at := bytes.LastIndexAny(line[:first], " >\"") + 1
	if !digits(line[at:first]) && at != first || len(cells[0]) < 8 || bytes.IndexByte(cells[0], ':') < 0 || !slices.Contains(panosTypes, string(cells[2])) {
		return -1
	}
	return at
}

// panos reads a line of PAN-OS.
func panos(dst, text []byte) ([]byte, string) {
	kind := strings.ReplaceAll(string(bytes.SplitN(text, []byte{','}, 5)[3]), "-", "")
	names := panosColumns[kind]
	cells := panosCells(text, 50)
	if names == nil {
		cells = cells[:min(len(cells), 7)]
	}
	cell := func(i int) []byte {
		if i < len(cells) {
			return cells[i]
		}
		return nil
	}
	for _, i := range panosAddresses[kind] {
		if c := cell(i); len(c) > 0 {
			if _, err := netip.ParseAddr(string(c)); err != nil {
				return nil, ReasonWrongColumns
			}
		}
	}
	at := cell(6)
	if precise := cell(panosPrecise[kind]); names != nil && !bytes.HasPrefix(precise, []byte("1970-01-01")) {
		if _, err := time.Parse(time.RFC3339Nano, string(precise)); err == nil {
			at = precise
		}
	}
	dst = appendMember(dst, "LogType", []byte(kind))
	dst = appendMember(dst, "Subtype", cell(4))
	dst = appendMember(dst, "TimeReceived", cell(1))
	dst = appendMember(dst, "DeviceSN", cell(2))
	dst = appendMember(dst, "TimeGenerated", at)
	for i := range cells {
		if name := names[i]; name != "" {
			dst = appendMember(dst, name, cells[i])
		}
	}
	return dst, ""
}

// panosCells cuts up to n cells; a cell in quotes may hold commas, and quotes in
// it are doubled or, after a relay, escaped.
func panosCells(b []byte, n int) [][]byte {
	var cells [][]byte
	for len(cells) < n {
		if len(b) > 0 && b[0] == '"' {
			cell, rest := panosQuoted(b[1:])
			cells = append(cells, cell)
			if rest == nil {
				return cells
			}
			b = rest
			continue
		}
		cell, rest, more := bytes.Cut(b, []byte{','})
		cells = append(cells, unescape(trimSpace(cell)))
		if !more {
			break
		}
		b = rest
	}
	return cells
}

// panosQuoted reads a cell behind its opening quote; rest is nil at the end.
func panosQuoted(b []byte) (cell, rest []byte) {
	for i := 0; i < len(b); i++ {
		if b[i] != '"' {
			continue
		}
		if i+1 < len(b) && b[i+1] == '"' {
			i++
			continue
		}
		cell = bytes.ReplaceAll(b[:i], []byte(`""`), []byte(`"`))
		if c := bytes.IndexByte(b[i:], ','); c >= 0 {
			return cell, b[i+c+1:]
		}
		return cell, nil
	}
	return b, nil
}
