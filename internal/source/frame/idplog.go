package frame

import (
	"bytes"
	"regexp"
)

// Lines of identity servers that keep to no common format: the server log of
// Keycloak (layout of WildFly and Quarkus) and the audit log of PingFederate
// (pairs, or bars in the order of its log4j2.xml, as of version 11).
var (
	serverLogLine  = regexp.MustCompile(`^((?:[0-9]{4}-[0-9]{2}-[0-9]{2} )?[0-9]{2}:[0-9]{2}:[0-9]{2},[0-9]{3}) +([A-Z]+) +\[([\w.$]+)\] \([^)]*\) `)
	pingBarsLine   = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:]{8},[0-9]{3} ?\| ?tid:[^|]*\| *[A-Z_]+ *\|`)
	pingPairsLine  = regexp.MustCompile(`^([0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:]{8},[0-9]{3}) +(?:tid|trackingid)="[^"]*" +event=`)
	pingBarColumns = [...]string{"time", "trackingid", "event", "subject", "ip", "app", "connectionid", "protocol", "host", "role", "status", "adapterid", "description", "responsetime"}
)

// keycloakEvents is the logger whose lines are pairs of an event.
const keycloakEvents = "org.keycloak.events"

// idpLine returns the format of a line of such a log, nil if it is of none. What
// the line is decides the member:
//
//	server      a line of a server log: time, level, logger; with kv for events
//	kv          the pairs, with the time beside them
func idpLine(line []byte) lineFormat {
	switch {
	case len(line) < 20 || line[0] < '0' || line[0] > '9':
		return nil
	case bytes.Contains(line, []byte("] (")) && serverLogLine.Match(line):
		return serverLog
	case bytes.Contains(line, []byte("tid:")) && pingBarsLine.Match(line):
		return pingBars
	case bytes.Contains(line, []byte(`id="`)) && pingPairsLine.Match(line):
		return pingPairs
	}
	return nil
}

func serverLog(dst, text []byte) ([]byte, string) {
	m := serverLogLine.FindSubmatchIndex(text)
	logger := string(text[m[6]:m[7]])
	dst = append(append(appendName(comma(dst), "server"), ':'), '{')
	dst = appendMember(dst, "time", text[m[2]:m[3]])
	dst = appendMember(dst, "level", text[m[4]:m[5]])
	dst = append(appendMember(dst, "logger", []byte(logger)), '}')
	if logger != keycloakEvents {
		return dst, ""
	}
	pairs, ok := keyValues(text[m[1]:])
	switch {
	case !ok:
		return dst, ""
	case len(pairs) > maxPairs:
		return nil, ReasonLimit
	}
	return appendPairs(dst, "kv", pairs), ""
}

func pingBars(dst, text []byte) ([]byte, string) {
	cells := bytes.SplitN(text, []byte("|"), len(pingBarColumns))
	if len(cells) < 12 { // up to the adapter; older versions end there
		return nil, ReasonWrongColumns
	}
	pairs := make([]pair, 0, len(cells))
	for i, c := range cells {
		pairs = append(pairs, pair{pingBarColumns[i], trimSpace(c)})
	}
	return appendPairs(dst, "kv", pairs), ""
}

func pingPairs(dst, text []byte) ([]byte, string) {
	m := pingPairsLine.FindSubmatchIndex(text)
	pairs, ok := keyValues(text[m[3]:])
	switch {
	case !ok:
		return nil, ReasonWrongColumns
	case len(pairs) > maxPairs:
		return nil, ReasonLimit
	}
	return appendPairs(dst, "kv", append([]pair{{"time", text[m[2]:m[3]]}}, pairs...)), ""
}
