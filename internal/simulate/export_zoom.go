package simulate

import (
	"cmp"
	"slices"
	"strconv"
	"time"
)

// call is one meeting with who took part.
type call struct {
	at      time.Time
	topic   string
	host    *person
	length  time.Duration
	members []member
}

type member struct {
	name, email string
	client      client
	camera      string
	line        *line
	join, leave time.Time
	day         int
}

// writeZoom writes the dashboard's meetings: weekly team calls and interviews.
func (w *world) writeZoom(t *tree) error {
	calls := append(w.teamCalls(), w.interviews()...)
	slices.SortStableFunc(calls, func(a, b call) int { return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.topic, b.topic)) })
	return t.write("zoom/participants.json", func(s *sink) error {
		s.WriteString(`{"from":"` + w.from.Format(dateOnly) + `","to":"` + w.opt.AsOf.Format(dateOnly) + `","page_count":1,"meetings":[` + "\n")
		var b []byte
		for i := range calls {
			b = calls[i].append(b[:0], i)
			if i < len(calls)-1 {
				b = append(b, ',')
			}
			if _, err := s.Write(append(b, '\n')); err != nil {
				return err
			}
		}
		_, err := s.WriteString("]}\n")
		return err
	})
}

// teamCalls are held each Tuesday.
func (w *world) teamCalls() []call {
	teams := map[int][]*person{}
	last := 0
	for _, p := range w.staff {
		teams[p.team] = append(teams[p.team], p)
		last = max(last, p.team)
	}
	r := newRNG(w.opt.Seed, "zoom")
	var out []call
	for day := range w.opt.Days {
		if w.date(day).Weekday() != time.Tuesday {
			continue
		}
		for team := 0; team <= last; team++ {
			c := call{at: w.date(day).Add(time.Duration(14*60+team%8*30) * time.Minute), topic: "Team " + strconv.Itoa(team) + " weekly", length: 30 * time.Minute}
			for _, p := range teams[team] {
				pl := w.plan(p, day)
				if !pl.works {
					continue
				}
				if c.host == nil {
					c.host = p
				}
				c.members = append(c.members, w.member(r.at(w.opt.Seed, uint64(p.n), uint64(day)<<8|2), p, pl, c, day))
			}
			if len(c.members) > 1 {
				out = append(out, c)
			}
		}
	}
	return out
}

// member is a colleague in a call: on the laptop, now and then on the telephone.
func (w *world) member(r *rng, p *person, pl plan, c call, day int) member {
	d := p.device
	m := member{name: p.name(), email: p.work, line: pl.meet, day: day, client: client{kind: d.os, name: d.host, mac: d.mac, disk: d.disk, microphone: "Microphone Array", network: "Wifi"}}
	m.join, m.leave = c.at.Add(time.Duration(r.between(-60, 240))*time.Second), c.at.Add(c.length).Add(time.Duration(r.between(-200, 60))*time.Second)
	m.camera = "Integrated Camera"
	if d.os == "Mac" {
		m.camera = "FaceTime HD Camera"
	}
	if p.camera != "" {
		m.camera = p.camera
	}
	shy := float64(mix(uint64(p.n)+7)%100) / 100 // some rarely turn it on
	if r.chance(0.1 + 0.6*shy*shy) {
		m.camera = ""
	}
	switch {
	case p.hand != nil:
		m.camera = p.hand.camera
		if pl.meet != pl.laptop {
			m.client = p.hand.client
		}
	case r.chance(0.05):
		m.client = client{kind: "Phone", network: "Cellular"}
		m.line = w.net.carrier(r, p.home.place)
	}
	return m
}

// interviews are the calls with candidates, held by somebody who works that day.
func (w *world) interviews() []call {
	var out []call
	for _, p := range w.candidates() {
		v := p.application.call
		if v == nil || !v.at.Before(w.opt.AsOf) {
			continue
		}
		start := mix(uint64(p.n))
		for i := range uint64(len(w.staff)) {
			host := w.staff[(start+i)%uint64(len(w.staff))]
			if host.hand != nil || !host.on(v.at) {
				continue
			}
			c := call{at: v.at, topic: "Interview: " + p.application.job.title, host: host, length: 45 * time.Minute}
			day := max(0, w.index(v.at))
			c.members = []member{
				{name: host.name(), email: host.work, client: client{kind: host.device.os, name: host.device.host, mac: host.device.mac, disk: host.device.disk, network: "Wifi"}, camera: "Integrated Camera", line: host.home.line, day: day, join: c.at, leave: c.at.Add(c.length)},
				{name: p.name(), email: p.email, client: v.client, camera: v.camera, line: v.line, day: day, join: c.at.Add(time.Minute), leave: c.at.Add(c.length)},
			}
			out = append(out, c)
			break
		}
	}
	return out
}

// append writes a meeting in the shape of the dashboard's metrics.
func (c *call) append(b []byte, n int) []byte {
	id := mix(uint64(n)<<20 ^ uint64(c.at.Unix()))
	b = append(b, `{"uuid":"`...)
	b = appendHex(b, id)
	b = append(b, `==","id":`...)
	b = strconv.AppendUint(b, 80_000_000_000+id%9_999_999_999, 10)
	b = append(b, `,"topic":`...)
	b = quote(b, c.topic)
	b = append(b, `,"host":`...)
	b = quote(b, c.host.name())
	b = append(b, `,"email":`...)
	b = quote(b, c.host.work)
	b = append(b, `,"user_type":"Licensed","start_time":"`...)
	b = c.at.AppendFormat(b, zulu)
	b = append(b, `","end_time":"`...)
	b = c.at.Add(c.length).AppendFormat(b, zulu)
	b = append(b, `","duration":"00:`...)
	b = append(b, twoDigits(int(c.length/time.Minute))...)
	b = append(b, `:00","has_video":true,"participants":[`...)
	for i := range c.members {
		if i > 0 {
			b = append(b, ',')
		}
		m := &c.members[i]
		b = object(b, "user_id", strconv.Itoa(16778240+i*1024), "user_name", m.name, "email", m.email, "device", m.client.kind, "ip_address", m.line.ip(m.day).String(),
			"location", m.line.place.city+" ("+m.line.place.country+" )", "network_type", m.client.network, "microphone", m.client.microphone, "camera", m.camera, "data_center", "US02",
			"pc_name", m.client.name, "domain", "", "mac_addr", m.client.mac, "harddisk_id", m.client.disk, "version", "6.5.7.1234",
			"join_time", m.join.UTC().Format(zulu), "leave_time", m.leave.UTC().Format(zulu), "connection_type", "UDP")
	}
	return append(b, "]}"...)
}
