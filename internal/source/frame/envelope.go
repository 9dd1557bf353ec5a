package frame

import "slices"

// envelopeNames are the members in which interfaces and portals deliver their
// rows: Microsoft Graph, Azure Monitor, Workday, Ashby and Jamf, Lever, CrowdStrike,
// Fleet, BambooHR, Zoom, Google, SCIM, Slack, OData, SmartRecruiters.
var envelopeNames = map[string]bool{
	"value": true, "values": true, "records": true, "Records": true, "Report_Entry": true, "results": true, "Results": true, "result": true,
	"data": true, "resources": true, "Resources": true, "hosts": true, "employees": true, "participants": true, "events": true,
	"items": true, "Items": true, "entries": true, "rows": true, "content": true, "objects": true, "people": true, "members": true,
	"candidates": true, "applications": true, "users": true, "devices": true, "meetings": true, "trackers": true, "logs": true, "list": true,
}

// An envelope has few members beside its rows: paging, counts, links. Objects with
// more are rows themselves unless a mapping knows what their list holds; without a
// name from envelopeNames they may have fewer still.
const (
	namedOthers = 12
	plainOthers = 6
)

// Members that a row has and an envelope has not. A STIX bundle has an id, though:
// its list is called objects.
var (
	idNames = map[string]bool{"id": true, "uuid": true, "_id": true, "email": true, "name": true}
	sureIDs = map[string]bool{"id": true, "uuid": true, "_id": true}
)

const bundleKey = "objects"

// span is a part of an object to unwrap: an array of rows, or one row.
type span struct {
	name       string
	start, end int
}

// envelopeOf returns the parts of an object that hold the rows, nil if the object
// is a row itself. isRecord may be nil.
func envelopeOf(obj []byte, isRecord func([]byte) bool) []span {
	recognised := func(v []byte) bool { return v != nil && isRecord != nil && isRecord(v) }
	if recognised(obj) {
		return nil
	}
	var p parts
	members(obj, func(m member) bool {
		p.add(m, obj[m.start:m.end], recognised)
		return true
	})
	others := p.others + len(p.inner)
	if others > plainOthers { // a row may hold a list of what looks like rows
		p.sure = slices.DeleteFunc(p.sure, func(s span) bool { return !envelopeNames[s.name] })
	}
	if p.sure == nil {
		p.sure = innerRows(obj, p.inner, recognised)
	}
	switch {
	case len(p.sure) > 0:
		return p.sure
	case len(p.named) == 1 && others <= namedOthers && (!p.hasID || p.named[0].name == bundleKey):
		return p.named
	case len(p.named) == 0 && len(p.lists) == 1 && others <= plainOthers && !p.hasName:
		return p.lists
	case len(p.named)+len(p.lists) == 0 && len(p.empty) == 1 && others <= plainOthers: // a page without rows
		return p.empty
	}
	return nil
}

// parts sorts the members of an object by what they tell about it.
type parts struct {
	sure, named, lists, empty []span   // lists: of recognised rows, by a known name, of other objects, without elements
	inner                     []member // objects
	others                    int
	hasID, hasName            bool
}

func (p *parts) add(m member, v []byte, recognised func([]byte) bool) {
	p.hasID, p.hasName = p.hasID || sureIDs[m.key], p.hasName || idNames[m.key]
	switch v[0] {
	case '{':
		p.inner = append(p.inner, m)
		return
	case '[':
	default:
		p.others++
		return
	}
	first := firstElement(v)
	switch s := (span{m.key, m.start, m.end}); {
	case first == nil && envelopeNames[m.key] && skipSpace(v, 1) == len(v)-1:
		p.empty = append(p.empty, s)
	case first == nil:
		p.others++
	case recognised(first):
		p.sure = append(p.sure, s)
	case envelopeNames[m.key]:
		p.named = append(p.named, s)
	default:
		p.lists = append(p.lists, s)
	}
}

// innerRows looks one object deeper: {"data":{"hosts":[...]}} and
// {"response":{...one record...}}.
func innerRows(obj []byte, inner []member, recognised func([]byte) bool) []span {
	var found []span
	for _, m := range inner {
		v := obj[m.start:m.end]
		if recognised(v) {
			found = append(found, span{m.key, m.start, m.end})
			continue
		}
		members(v, func(n member) bool {
			if v[n.start] == '[' && recognised(firstElement(v[n.start:n.end])) {
				found = append(found, span{m.key + "." + n.key, m.start + n.start, m.start + n.end})
			}
			return true
		})
	}
	return found
}
