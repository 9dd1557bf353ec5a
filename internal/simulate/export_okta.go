package simulate

import (
	"cmp"
	"net/netip"
	"slices"
	"strconv"
	"time"
)

// signIn is one event of the identity provider.
type signIn struct {
	at      time.Time
	p       *person
	line    *line
	ip      netip.Addr
	kind    int
	phone   bool
	fails   bool
	factor  *factor
	session uint64
}

// kinds of events with their words.
const (
	evSession = iota
	evSSO
	evMFA
	evPolicy
	evFactor
)

var oktaKinds = []struct{ kind, message, legacy string }{
	{"user.session.start", "User login to Okta", "core.user_auth.login_success"},
	{"user.authentication.sso", "User single sign on to app", "app.generic.unauth_app_access_attempt"},
	{"user.authentication.auth_via_mfa", "Authentication of user via MFA", "core.user.factor.attempt_success"},
	{"policy.evaluate_sign_on", "Evaluation of sign-on policy", ""},
	{"user.mfa.factor.activate", "Activate factor or authenticator enrollment method for user", "core.user.factor.activate"},
}

var apps = []string{"Slack", "Google Workspace", "GitHub Enterprise", "Jira", "Salesforce", "BambooHR", "AWS SSO", "Zoom"}

// writeOkta writes the System Log, one file a month, older ones compressed. Events
// come by time but for the few that arrive late.
func (w *world) writeOkta(t *tree) error {
	var s *sink
	var late []signIn
	month, buf := "", []byte(nil)
	flush := func() error {
		if s == nil {
			return nil
		}
		for i := range late {
			buf = w.appendEvent(buf[:0], &late[i])
			s.Write(buf)
		}
		late = late[:0]
		return s.Close()
	}
	for day := range w.opt.Days {
		if m := w.date(day).Format("2006-01"); m != month {
			if err := flush(); err != nil {
				return err
			}
			var err error
			if s, err = t.create("okta/system_log-" + m + w.suffix(m)); err != nil {
				return err
			}
			month = m
		}
		for i, e := range w.events(day) {
			if i%97 == 41 {
				late = append(late, e)
				continue
			}
			buf = w.appendEvent(buf[:0], &e)
			if _, err := s.Write(buf); err != nil {
				return err
			}
		}
	}
	return flush()
}

// suffix compresses all months but the last, in turn with the two usual tools.
func (w *world) suffix(month string) string {
	switch last := w.opt.AsOf.AddDate(0, 0, -1).Format("2006-01"); {
	case month == last:
		return ".ndjson"
	case (month[6]-'0')%2 == 0:
		return ".ndjson.zst"
	}
	return ".ndjson.gz"
}

// events returns the events of a day by time.
func (w *world) events(day int) []signIn {
	var out []signIn
	r := newRNG(w.opt.Seed, "okta")
	for _, p := range w.staff {
		pl := w.plan(p, day)
		if !pl.works {
			continue
		}
		r.at(w.opt.Seed, uint64(p.n), uint64(day)<<8|1)
		n := max(1, r.poisson(w.opt.SignInsPerDay))
		session := r.Uint64()
		for i := range n {
			e := signIn{p: p, line: pl.signIn, kind: evSSO, session: session, at: between(r, pl.begin, pl.end)}
			switch {
			case i == 0:
				e.kind, e.at = evSession, pl.begin.Add(time.Duration(r.IntN(600))*time.Second)
			case r.chance(0.25):
				e.kind = evMFA
			case r.chance(0.12):
				e.kind = evPolicy
			}
			if pl.other != nil && r.chance(pl.otherShare) {
				e.line, e.phone, e.session = pl.other, p.hand == nil, session+1
			}
			e.fails = i > 0 && r.chance(0.015)
			if e.ip = e.line.ip(day); e.at.Before(w.opt.AsOf) {
				out = append(out, e)
			}
		}
	}
	out = append(out, w.enrolments(day)...)
	slices.SortFunc(out, func(a, b signIn) int {
		return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.p.n, b.p.n), cmp.Compare(a.kind, b.kind))
	})
	return out
}

// enrolments returns the second factors activated on a day.
func (w *world) enrolments(day int) []signIn {
	var out []signIn
	for _, p := range w.staff {
		for i := range p.factors {
			f := &p.factors[i]
			if w.index(f.at) == day && !f.at.Before(w.from) {
				out = append(out, signIn{at: f.at, p: p, line: f.on, ip: f.on.ip(day), kind: evFactor, factor: f, phone: true})
			}
		}
	}
	return out
}

func between(r *rng, from, to time.Time) time.Time {
	span := to.Sub(from)
	if span <= 0 {
		return from
	}
	return from.Add(time.Duration(r.Int64N(int64(span))).Truncate(time.Millisecond))
}

// appendEvent writes an event in the shape of the System Log API.
func (w *world) appendEvent(b []byte, e *signIn) []byte {
	id := mix(uint64(e.p.n)<<32 ^ uint64(e.at.UnixNano()) ^ uint64(e.kind))
	b = append(b, `{"actor":{"id":"00u`...)
	b = appendHex(b, mix(uint64(e.p.n)))
	b = append(b, `","type":"User","alternateId":`...)
	b = quote(b, e.p.work)
	b = append(b, `,"displayName":`...)
	b = quote(b, e.p.name())
	b = append(b, `,"detailEntry":null},"client":{"userAgent":{"rawUserAgent":`...)
	agent, os, browser, kind := e.agent()
	b = quote(b, agent)
	b = append(b, `,"os":`...)
	b = quote(b, os)
	b = append(b, `,"browser":`...)
	b = quote(b, browser)
	b = append(b, `},"zone":"null","device":`...)
	b = quote(b, kind)
	b = append(b, `,"id":null,"ipAddress":"`...)
	b = e.ip.AppendTo(b)
	b = append(b, `","geographicalContext":`...)
	b = appendGeo(b, e.line.place, id)
	return w.appendResult(b, e, id)
}

// appendResult writes the second half of an event: what came of it, and where it came from.
func (w *world) appendResult(b []byte, e *signIn, id uint64) []byte {
	k := &oktaKinds[e.kind]
	b = append(b, `},"device":null,"authenticationContext":{"authenticationProvider":null,"credentialProvider":null,"credentialType":null,"issuer":null,"interface":null,"authenticationStep":0,"externalSessionId":"idx`...)
	b = appendHex(b, mix(e.session))
	b = append(b, `"},"displayMessage":`...)
	b = quote(b, k.message)
	b = append(b, `,"eventType":"`...)
	b = append(b, k.kind...)
	b = append(b, `","outcome":`...)
	b = append(b, e.outcome()...)
	b = append(b, `,"published":"`...)
	b = e.at.UTC().AppendFormat(b, ghTime)
	b = append(b, `","securityContext":{"asNumber":`...)
	b = strconv.AppendInt(b, e.line.asn, 10)
	b = append(b, `,"asOrg":`...)
	b = quote(b, e.line.org)
	b = append(b, `,"isp":`...)
	b = quote(b, e.line.org)
	b = append(b, `,"domain":".","isProxy":`...)
	b = strconv.AppendBool(b, e.line.proxy)
	b = append(b, `},"severity":"INFO","debugContext":{"debugData":`...)
	b = w.appendDebug(b, e)
	b = append(b, `},"legacyEventType":`...)
	b = quote(b, k.legacy)
	b = append(b, `,"transaction":{"type":"WEB","id":"`...)
	b = appendHex(b, mix(id+1))
	b = append(b, `","detail":{}},"uuid":"`...)
	b = appendUUID(b, id)
	b = append(b, `","version":"0","request":{"ipChain":[{"ip":"`...)
	b = e.ip.AppendTo(b)
	b = append(b, `","geographicalContext":`...)
	b = appendGeo(b, e.line.place, id)
	b = append(b, `,"version":"V4","source":null}]},"target":`...)
	b = e.appendTarget(b, id)
	return append(b, "}\n"...)
}

func (e *signIn) outcome() string {
	switch {
	case e.fails:
		return `{"result":"FAILURE","reason":"INVALID_CREDENTIALS"}`
	case e.kind == evPolicy:
		return `{"result":"ALLOW","reason":"Sign-on policy evaluation resulted in ALLOW"}`
	}
	return `{"result":"SUCCESS","reason":null}`
}

// agent returns the user agent, its system and browser, and the kind of machine.
func (e *signIn) agent() (agent, os, browser, kind string) {
	switch {
	case e.phone:
		return agents[4], "iOS", "SAFARI", "Mobile"
	case e.p.device.os == "Mac":
		return agents[3], "Mac OS X", "CHROME", "Computer"
	}
	return agents[0], "Windows 11", "CHROME", "Computer"
}

// appendDebug gives the fingerprint of the browser and, for factors, their kind.
func (w *world) appendDebug(b []byte, e *signIn) []byte {
	b = append(b, `{"deviceFingerprint":"`...)
	fp := uint64(e.p.n) << 8
	if e.phone {
		fp++
	}
	b = appendHex(b, mix(fp))
	b = appendHex(b, mix(fp+2))
	b = append(b, `","requestUri":"/idp/idx/challenge/answer","threatSuspected":"false"`...)
	if e.factor != nil {
		b = append(b, `,"factor":"`...)
		b = append(b, e.factor.kind...)
		b = append(b, '"')
		if e.factor.phoneEnd != "" {
			b = append(b, `,"phoneNumber":"+X XXX-XXX-`...)
			b = append(b, e.factor.phoneEnd...)
			b = append(b, '"')
		}
	}
	return append(b, '}')
}

// appendTarget names the application, or the user and the device of a factor.
func (e *signIn) appendTarget(b []byte, id uint64) []byte {
	if e.factor == nil {
		b = append(b, `[{"id":"0oa`...)
		app := apps[id%uint64(len(apps))]
		b = appendHex(b, mix(uint64(len(app))))
		b = append(b, `","type":"AppInstance","alternateId":`...)
		b = quote(b, app)
		b = append(b, `,"displayName":`...)
		b = quote(b, app)
		return append(b, `,"detailEntry":null}]`...)
	}
	b = append(b, `[{"id":"00u`...)
	b = appendHex(b, mix(uint64(e.p.n)))
	b = append(b, `","type":"User","alternateId":`...)
	b = quote(b, e.p.work)
	b = append(b, `,"displayName":`...)
	b = quote(b, e.p.name())
	b = append(b, `,"detailEntry":null}`...)
	if e.factor.deviceID != "" {
		b = append(b, `,{"id":`...)
		b = quote(b, e.factor.deviceID)
		b = append(b, `,"type":"Device","alternateId":"unknown","displayName":`...)
		b = quote(b, e.factor.deviceName)
		b = append(b, `,"detailEntry":null}`...)
	}
	return append(b, ']')
}
