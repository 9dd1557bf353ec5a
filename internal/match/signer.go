package match

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// noSigner are words that carriers write where a name should stand: where the
// parcel was left, or which desk took it. One of them is enough; whoever has such
// a word as a family name is taken for nobody in particular, which harms no one.
var noSigner = set(`
	front door doorstep porch backdoor side rear garage carport gate patio deck stairs hallway lobby foyer entrance
	reception receptionist frontdesk desk mailroom mail mailbox room office security guard concierge doorman dock warehouse shipping receiving
	locker parcelshop pickup agent store shop neighbour neighbor household member family spouse wife husband partner mother father parent
	resident occupant customer recipient addressee consignee left safe place handed signature signed waived waiver released release none unknown
	contactless covid photo driver courier
	empfang rezeption pforte poststelle nachbar nachbarin haustuer haustur hauseingang briefkasten ablageort abstellort garagentor ehefrau ehemann
	accueil voisin voisine gardien gardienne boite lettres porte palier
	recepcion vecino vecina portero conserje buzon puerta vizinho vizinha portaria porteiro correio
	recepcja sasiad sasiadka portiernia skrzynka portineria vicino vicina portinaio buren receptie voordeur
	경비실 관리실 문앞 現関 玄関 管理人 管理室 門衛 前台 門口 门口 本人 家人`)

func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range Words(words) {
		m[w] = true
	}
	return m
}

// Signer reads the name that a carrier recorded for a delivery. It is false
// where that names nobody who can be told apart: initials, a single name (many
// carriers keep the family name only), a place ("FRONT DOOR") or a desk
// ("MAILROOM"). Names written without a space count from three letters on.
func Signer(s string) (Name, bool) {
	long := 0
	for _, w := range Words(s) {
		if noSigner[w] || strings.IndexFunc(w, unicode.IsDigit) >= 0 {
			return Name{}, false
		}
	}
	n := ParseName(s)
	for _, p := range n.parts {
		if utf8.RuneCountInString(p) > 1 {
			long++
		}
	}
	if len(n.parts) == 1 {
		return n, spaceless[n.script] && utf8.RuneCountInString(norm.NFC.String(n.joined)) >= 3
	}
	return n, long > 0
}

// HasInitial reports whether a part of the name is a single letter: two people
// then share it more easily.
func (n Name) HasInitial() bool {
	for _, p := range n.parts {
		if utf8.RuneCountInString(p) == 1 {
			return true
		}
	}
	return false
}
