// Package intel holds local look-up data that needs no network: the catalogue of
// remote-control tools, fingerprints of IP-KVMs and capture devices, anonymiser clients, carriers
// and relays. Data with an open licence is embedded from data/ with its licence;
// everything else is imported by the user.
package intel

import (
	"embed"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Set is the loaded look-up data. It is read-only and safe for concurrent use.
type Set struct {
	remote   catalogue // remote-control tools
	anon     catalogue // clients of anonymising services
	networks map[int64]network
	hosts    map[string]signInHost // by domain
	kvm      kvmTable
	captures []capture
	regions  map[string][]string // short name in lower case to long names in lower case
}

//go:embed data/*.tsv data/kvm.json
var files embed.FS

// Default returns the embedded data. It panics if the embedded tables are
// malformed, which a test rules out.
func Default() *Set { return load() }

var load = sync.OnceValue(func() *Set {
	s := &Set{
		remote:   newCatalogue(table("remote_tools", 5)),
		anon:     newCatalogue(table("anonymisers", 5)),
		captures: newCaptures(table("captures", 4)),
		networks: map[int64]network{},
		hosts:    map[string]signInHost{},
		regions:  map[string][]string{},
	}
	for _, row := range table("networks", 3) {
		n, err := strconv.ParseInt(row[0], 10, 64)
		if err != nil {
			panic("intel: networks: " + err.Error())
		}
		s.networks[n] = network{kind: row[1], name: row[2]}
	}
	for _, row := range table("sign_in_hosts", 3) {
		s.hosts[row[0]] = signInHost{vendor: row[1], shows: row[2]}
	}
	for _, row := range table("regions", 2) {
		short := strings.ToLower(row[0])
		s.regions[short] = append(s.regions[short], strings.ToLower(row[1]))
	}
	raw, err := files.ReadFile("data/kvm.json")
	if err == nil {
		err = json.Unmarshal(raw, &s.kvm)
	}
	if err != nil {
		panic("intel: kvm: " + err.Error())
	}
	return s
})

// table reads an embedded table of tab-separated rows with a fixed number of columns.
func table(name string, columns int) [][]string {
	raw, err := files.ReadFile("data/" + name + ".tsv")
	if err != nil {
		panic("intel: " + err.Error())
	}
	var rows [][]string
	for line := range strings.Lines(string(raw)) {
		line = strings.TrimRight(line, "\r\n")
		if line == "" || line[0] == '#' {
			continue
		}
		row := strings.Split(line, "\t")
		if len(row) != columns {
			panic(fmt.Sprintf("intel: %s: %q has %d columns, want %d", name, line, len(row), columns))
		}
		rows = append(rows, row)
	}
	return rows
}

// SameRegion compares two names of states or provinces. Comparable is false when
// the names differ in a way that may be mere spelling, such as two languages: only
// names of which each stands in the table of regions can be told apart.
func (s *Set) SameRegion(a, b string) (same, comparable bool) {
	x, y := s.regionNames(a), s.regionNames(b)
	if strings.EqualFold(strings.TrimSpace(a), strings.TrimSpace(b)) {
		return true, true
	}
	for _, n := range x {
		if slices.Contains(y, n) {
			return true, true
		}
	}
	return false, len(x) > 0 && len(y) > 0
}

// regionNames returns the long names that a name may stand for; nil if unknown.
func (s *Set) regionNames(name string) []string {
	name = strings.ToLower(strings.TrimSpace(name))
	if long, ok := s.regions[name]; ok {
		return long
	}
	for _, long := range s.regions {
		for _, l := range long {
			if l == name {
				return []string{l}
			}
		}
	}
	return nil
}
