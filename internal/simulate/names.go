package simulate

import "strings"

// Syllables of invented names. They are drawn without regard to place, job or class.
var (
	givenHeads  = words("Al Bren Cor Dar El Fen Gar Hal Ir Jor Kel Lor Mar Nor Or Per Quin Ros Sel Tav Ul Ver Wil Yor Zan Bel Cad Dev Em Fal Gwen Hes Is Jav Kas Lin Mir Nel Os Pav Rem Sav Tes Vin Wen")
	givenTails  = words("a an en in is or us ette wyn iel ard eth ina o ana ek as ira olf emy ara ian ora ild ent")
	familyHeads = words("Ald Bar Cold Dun East Fair Grim Hart Ives Jess Kirk Lang Mel North Oak Pem Quar Rad Sten Thorn Under Vas West Yar Zel Bran Crom Dal Erd Falk Gant Hol Ing Kov Lam Mor Nad Ost Pel Rom Sav Tar Ulm Var Wes")
	familyTails = words("wick ley ton brook sen mann ski ov ez ini ard well stone field quist more ham ford gard berg ling dale mark rick vale nay low croft mont aro")
	familyMids  = words("a e i o er en ing")
)

func words(s string) []string { return strings.Fields(s) }

// namePool is the pool of invented names. Some names are much more common than
// others, so that strangers share names as they do everywhere.
type namePool struct{ given, family []string }

func newNamePool() *namePool {
	r := newRNG(1, "names")
	p := &namePool{given: cross(givenHeads, []string{""}, givenTails), family: cross(familyHeads, append([]string{""}, familyMids...), familyTails)}
	r.Shuffle(len(p.given), func(i, j int) { p.given[i], p.given[j] = p.given[j], p.given[i] })
	r.Shuffle(len(p.family), func(i, j int) { p.family[i], p.family[j] = p.family[j], p.family[i] })
	return p
}

func cross(heads, mids, tails []string) []string {
	seen := map[string]bool{}
	var out []string
	for _, h := range heads {
		for _, m := range mids {
			for _, t := range tails {
				if n := h + m + t; !seen[n] {
					seen[n] = true
					out = append(out, n)
				}
			}
		}
	}
	return out
}

// draw returns a given and a family name; the square of the draw makes some common.
func (p *namePool) draw(r *rng) (string, string) {
	skew := func(pool []string) string {
		x := r.Float64()
		return pool[int(x*x*float64(len(pool)))]
	}
	return skew(p.given), skew(p.family)
}

// freeMail are the domains of providers with whom anybody may have a mailbox.
var freeMail = []string{"gmail.com", "gmail.com", "gmail.com", "gmail.com", "outlook.com", "outlook.com", "yahoo.com", "icloud.com", "proton.me", "hotmail.com"}

// devWords make the handles that many developers, honest or not, use as a mailbox.
var devWords = words("top dev smart fox code knight master star full stack web crypto talent legend block galaxy wizard")

// mailbox returns a private address for a name.
func mailbox(r *rng, given, family string) string {
	g, f := strings.ToLower(given), strings.ToLower(family)
	n := r.digits(r.between(2, 4))
	var local string
	switch r.IntN(6) {
	case 0:
		local = g + "." + f + n
	case 1:
		local = g + f + n
	case 2:
		local = g[:1] + f + n
	case 3:
		local = f + "." + g + n
	case 4:
		local = g + "_" + f + n
	default:
		local = g + f[:1] + n
	}
	return local + "@" + pick(r, freeMail)
}

// devMailbox returns an address made of a trade handle and a date.
func devMailbox(r *rng) string {
	w := some(r, devWords, 2)
	return w[0] + w[1] + twoDigits(r.between(1, 12)) + twoDigits(r.between(1, 28)) + "@" + pick(r, freeMail)
}

func twoDigits(n int) string { return string([]byte{byte('0' + n/10%10), byte('0' + n%10)}) }

// slug returns lower-case letters and digits only.
func slug(s string) string {
	return strings.Map(func(c rune) rune {
		switch {
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9':
			return c
		case c >= 'A' && c <= 'Z':
			return c + 'a' - 'A'
		}
		return -1
	}, s)
}
