package link

import (
	"time"

	"muster/internal/record"
)

// siteDays are the days on which people were at a site of the organisation, so
// that what their devices saw then, an access point or a monitor, may be the
// office's.
type siteDays struct {
	met  map[siteDay]bool // a badge or the office Wi-Fi saw them
	exit map[siteDay]bool // they signed in from one of the organisation's own exits; it may also be its VPN
}

type siteDay struct {
	person int32
	day    int64
}

func dayOf(t time.Time) int64 { return t.Unix() / 86400 }

// presenceOnSite are the kinds of presence that place a person at a site.
var presenceOnSite = map[string]bool{"badge": true, "office_wifi": true, "office_pickup": true}

func (b *builder) siteDays() siteDays {
	s := siteDays{map[siteDay]bool{}, map[siteDay]bool{}}
	t := &b.set.Sessions
	for ip, rows := range t.ByIP() {
		if b.base.Exit(ip) == "" {
			continue
		}
		for _, r := range rows {
			if p := b.account(t.AccountOf(int(r))); p >= 0 {
				s.exit[siteDay{p, dayOf(t.TimeOf(int(r)))}] = true
			}
		}
	}
	for i, p := range b.persons {
		for _, x := range p.Records.Presences {
			if presenceOnSite[x.PresenceKind] && !x.At.IsZero() {
				s.met[siteDay{int32(i), dayOf(x.At.Time())}] = true
			}
		}
	}
	return s
}

// A local network that many people see on days when they sign in from an own exit
// is an office's. A laptop farm on the company's VPN does the same, but not with
// so many: 5 to 40 devices of all its employers (catalogue, section 7).
const (
	officeCrowd = 8    // people
	officeShare = 0.02 // of the staff
)

// officeOf reports whether a place seen in these rows is a site: at least half of
// the rows from a day on which the person was met on site, or, for a crowd, from
// a day with an own exit.
func (b *builder) officeOf(persons int, us []use) bool {
	met, exit := 0, 0
	for i := range us {
		if us[i].office {
			met++
		}
		if us[i].exit {
			exit++
		}
	}
	if met > 0 && 2*met >= len(us) {
		return true
	}
	return persons >= officeCrowd && float64(persons) >= officeShare*float64(b.base.Staff) && 2*exit >= len(us)
}

// mark notes on a row of a place whether the person was on site that day.
func (s siteDays) mark(u *use, p int32, at record.Time) {
	if p < 0 || at.IsZero() {
		return
	}
	key := siteDay{p, dayOf(at.Time())}
	u.office, u.exit = u.office || s.met[key], s.exit[key]
}
