package link

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"muster/internal/identity"
	"muster/internal/match"
	"muster/internal/record"
)

// use is one row that says that a person has a value.
type use struct {
	kind   identity.EdgeKind
	key    string
	person int32
	at     time.Time
	ref    *record.Ref
	label  string
	note   string
	why    string // a reason not to take the value for private; "" if there is none
	office bool   // seen together with an exit of the organisation
	exit   bool   // on a day with a sign-in from an own exit
	days   int
}

func (b *builder) use(kind identity.EdgeKind, key string, p int32, at record.Time, ref *record.Ref, label string) *use {
	if key == "" || p < 0 || at.Time().After(b.asOf.Add(24*time.Hour)) {
		return &use{}
	}
	b.held.mark(kind, p)
	u := use{kind: kind, key: key, person: p, ref: ref, label: label}
	if !at.IsZero() {
		u.at = at.Time().UTC()
	}
	b.uses = append(b.uses, u)
	return &b.uses[len(b.uses)-1]
}

// gather collects contact, payment, text and code values.
func (b *builder) gather() {
	for i := range b.persons {
		b.contacts(int32(i))
		b.money(int32(i))
		b.files(int32(i))
		b.code(int32(i))
	}
	b.factors()
	b.machines()
	b.parcels()
}

// contacts collects e-mail addresses, numbers, profiles and homes.
func (b *builder) contacts(i int32) {
	p := b.persons[i]
	r := &p.Records
	row := func(s *record.Subject, m *record.Common) {
		for _, h := range s.All() {
			switch h = canonical(h); h.Namespace() {
			case record.NSEmail:
				b.email(i, h.Value(), m)
			case record.NSPhone:
				b.phone(i, record.Phone{E164: h.Value()}, m)
			}
		}
	}
	for _, c := range r.Claims {
		row(&c.Subject, &c.Common)
		for _, m := range c.Emails {
			b.email(i, m.Value, &c.Common)
		}
		for _, ph := range c.Phones {
			b.phone(i, ph, &c.Common)
		}
		for _, x := range c.URLs {
			if key := match.URL(x); key != "" {
				b.use(identity.EdgeURL, key, i, c.ObservedAt, &c.Ref, key)
			}
		}
		b.lives(i, c.ClaimedAddress, &c.Common)
	}
	for _, e := range r.Engagements {
		row(&e.Subject, &e.Common)
		b.email(i, e.WorkEmail, &e.Common)
		b.lives(i, e.HomeAddress, &e.Common)
	}
	for _, a := range r.Applications {
		row(&a.Subject, &a.Common)
	}
	for _, a := range r.PaymentAccounts {
		row(&a.Subject, &a.Common)
	}
	for _, a := range r.Payments {
		row(&a.Subject, &a.Common)
	}
	for _, v := range r.Vouches {
		b.email(i, v.Referee.Email, &v.Common)
		b.phone(i, v.Referee.Phone, &v.Common)
		if key := match.URL(record.URL{URL: v.Referee.URL}); key != "" {
			b.use(identity.EdgeURL, key, i, v.SubmittedAt, &v.Ref, key)
		}
	}
}

func (b *builder) email(i int32, raw string, m *record.Common) {
	if e, ok := match.Email(raw); ok {
		b.use(identity.EdgeEmail, e, i, m.ObservedAt, &m.Ref, match.MaskEmail(e))
	}
}

func (b *builder) phone(i int32, ph record.Phone, m *record.Common) {
	if key := match.Phone(ph); key != "" {
		b.use(identity.EdgePhone, key, i, m.ObservedAt, &m.Ref, match.MaskPhone(key))
	}
}

// lives notes a claimed home under its building; the unit stands in the note
// until stars are formed.
func (b *builder) lives(i int32, a record.Address, m *record.Common) {
	if pl := match.Address(a); !pl.IsZero() {
		b.use(identity.EdgeAddress, pl.Building, i, m.ObservedAt, &m.Ref, pl.Label).note = pl.Unit
	}
}

// parcels notes where equipment went, and who lives there.
func (b *builder) parcels() {
	for i, p := range b.persons {
		for _, s := range p.Records.Shipments {
			if pl := match.Address(s.ShipTo); !pl.IsZero() {
				at := s.ShippedAt
				if at.IsZero() {
					at = s.DeliveredAt
				}
				u := b.use(identity.EdgeShipTo, pl.Building, int32(i), at, &s.Ref, pl.Label)
				u.note = pl.Unit
				switch s.DeliveryType {
				case "business", "pickup_point":
					u.why = "delivered to a business or pick-up point"
				}
			}
			b.signer(int32(i), s)
		}
	}
}

// signer notes who signed for a parcel in the place of its addressee, with the
// building in the note. Desks of businesses, shops and declared hubs sign for
// everybody.
func (b *builder) signer(i int32, s *record.Shipment) {
	name, ok := match.Signer(s.SignedBy)
	building := match.Address(s.ShipTo).Building
	switch s.DeliveryType {
	case "business", "pickup_point", "mailbox", "freight_forwarder":
		return
	}
	if !ok || building == "" || b.housingAt(building) != "" {
		return
	}
	for _, own := range b.persons[i].Names {
		if name.Relate(match.ParseName(own)) != match.NameDifferent {
			return // the addressee, or somebody who may be a relative
		}
	}
	at := s.DeliveredAt
	if at.IsZero() {
		at = s.ShippedAt
	}
	b.use(identity.EdgeSigner, name.Key(), i, at, &s.Ref, strings.TrimSpace(s.SignedBy)).note = building
}

// money collects accounts. The hashes are keyed anew in every run: they are
// compared and never sorted by (ruling 12).
func (b *builder) money(i int32) {
	r := &b.persons[i].Records
	label := func(last4 string) string {
		if last4 == "" {
			return "an account"
		}
		return "account ending " + last4
	}
	for _, a := range r.PaymentAccounts {
		at := a.ValidFrom
		if at.IsZero() {
			at = a.ObservedAt
		}
		b.use(identity.EdgeBankAccount, a.AccountHash, i, at, &a.Ref, label(a.AccountLast4))
		if w := strings.TrimSpace(a.CryptoAddress); w != "" {
			if strings.HasPrefix(w, "0x") || strings.HasPrefix(w, "0X") {
				w = strings.ToLower(w)
			}
			b.use(identity.EdgeWallet, w, i, at, &a.Ref, "wallet ending "+w[max(len(w)-4, 0):])
		}
		if a.PlatformPayeeID != "" {
			b.use(identity.EdgeBankAccount, "payee "+a.Rail+" "+a.PlatformPayeeID, i, at, &a.Ref, strings.TrimSpace(a.Rail+" payee ending "+a.PlatformPayeeID[max(len(a.PlatformPayeeID)-4, 0):]))
		}
	}
	for _, a := range r.Payments {
		b.use(identity.EdgeBankAccount, a.AccountHash, i, a.At, &a.Ref, label(a.AccountLast4))
	}
}

// files collects identifiers inside files, and names that stand in them.
func (b *builder) files(i int32) {
	for _, d := range b.persons[i].Records.Documents {
		at := received(d)
		if d.DocumentID != "" {
			b.use(identity.EdgeDocumentID, d.DocumentID, i, at, &d.Ref, "file original "+head(d.DocumentID, 8))
		}
		if d.SHA256 != "" {
			b.use(identity.EdgeDocumentID, "sha256 "+strings.ToLower(d.SHA256), i, at, &d.Ref, "the same file")
		}
		if d.NumberHash != "" {
			b.use(identity.EdgeDocumentID, "number "+d.NumberHash, i, at, &d.Ref, "one identity document")
		}
		b.pictureFiles(i, d)
	}
}

func head(s string, n int) string { return s[:min(len(s), n)] }

// code collects signing keys, and addresses of commits that are somebody else's.
func (b *builder) code(i int32) {
	for _, c := range b.persons[i].Records.Contributions {
		for _, k := range []string{c.SigningKeyID, c.SSHKeyFP} {
			if k != "" && !forgeKeys[strings.ToUpper(k)] {
				b.use(identity.EdgeGitKey, k, i, c.At, &c.Ref, "key "+head(k, 12)+"…")
			}
		}
	}
}

// forgeKeys are the keys with which GitHub signs commits made in the browser.
var forgeKeys = map[string]bool{"4AEE18F83AFDEB23": true, "B5690EEEBB952194": true}

// factors collects telephones and authenticators enrolled as second factors.
func (b *builder) factors() {
	for i, p := range b.persons {
		for _, a := range p.Records.AccountEvents {
			if a.FactorPhone != "" {
				b.use(identity.EdgeMFA, "phone "+a.FactorPhone, int32(i), a.At, &a.Ref, "the telephone of a second factor")
			}
			if a.FactorDevice != "" {
				b.use(identity.EdgeMFA, "device "+a.FactorDevice, int32(i), a.At, &a.Ref, "authenticator or passkey "+head(a.FactorDevice, 8)+"…")
			}
		}
	}
}

// privateMAC reports whether a hardware address can stand for one device.
func privateMAC(mac string) bool {
	mac = strings.ToLower(mac)
	if len(mac) < 12 {
		return false
	}
	for _, shared := range []string{"00:00:00:00", "ff:ff:ff:ff", "00:00:5e:00", "02:42:", "00:00:0c:07:ac", "00:05:73:a0", "01:00:5e", "33:33:"} {
		if strings.HasPrefix(mac, shared) { // unset, broadcast, virtual routers (RFC 5798, HSRP), containers, multicast
			return false
		}
	}
	return true
}

func compareUses(x, y use) int { return compareUsesAt(&x, &y) }

func compareUsesAt(x, y *use) int {
	if c := strings.Compare(string(x.kind), string(y.kind)); c != 0 {
		return c
	}
	if c := strings.Compare(x.key, y.key); c != 0 {
		return c
	}
	if c := cmp.Compare(x.person, y.person); c != 0 {
		return c
	}
	if c := x.at.Compare(y.at); c != 0 {
		return c
	}
	return cmp.Or(compareRef(x.ref, y.ref), strings.Compare(x.note, y.note))
}

func compareRef(x, y *record.Ref) int {
	switch {
	case x == y:
		return 0
	case x == nil:
		return -1
	case y == nil:
		return 1
	}
	return x.Compare(*y)
}

// groups yields the uses of every value, grouped by kind and key.
func (b *builder) groups(yield func(uses []use)) {
	type value struct {
		kind identity.EdgeKind
		key  string
	}
	by := map[value][]*use{} // a use is large: pointers are sorted
	for i := range b.uses {
		v := value{b.uses[i].kind, b.uses[i].key}
		by[v] = append(by[v], &b.uses[i])
	}
	order := slices.SortedFunc(maps.Keys(by), func(x, y value) int {
		return cmp.Or(strings.Compare(string(x.kind), string(y.kind)), strings.Compare(x.key, y.key))
	})
	for _, v := range order {
		slices.SortFunc(by[v], compareUsesAt)
		us := make([]use, len(by[v]))
		for i, u := range by[v] {
			us[i] = *u
		}
		yield(us)
	}
}
