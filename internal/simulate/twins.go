package simulate

import (
	"fmt"
	"time"
)

// twin is a kind of innocent person who looks like something else. plant adds at
// least n of them and calls mark for each group that belongs together.
type twin struct {
	id, title string
	plant     func(w *world, r *rng, n int, mark func(...*person))
}

// twinKinds: B01 to B11 are the published list, the C kinds come from what looked
// suspicious in practice and was not.
var twinKinds = []twin{
	{"B01", "married couple, one bank account", plantCouples},
	{"B02", "co-living house", plantCoLiving},
	{"B03", "contractor abroad behind a VPN", plantAbroad},
	{"B04", "assistive remote tool", plantAssisted},
	{"B05", "home lab with an IP-KVM on the network", plantHomeLab},
	{"B06", "night shift", plantNight},
	{"B07", "re-application after a change of name", plantRenamed},
	{"B08", "agency shipping hub", plantHub},
	{"B09", "victim of identity theft applies", plantVictims},
	{"B10", "mouse jiggler only", plantJigglers},
	{"B11", "moved to another country without telling HR", plantMovedAbroad},
	{"C01", "re-application under the same name", plantAgain},
	{"C02", "commuting couple hired as strangers", plantStrangersCouple},
	{"C03", "parent and child", plantParents},
	{"C04", "candidates in one shared flat with the landlord's line", plantFlats},
	{"C05", "co-working space", plantCoworkers},
	{"C06", "mobile broadband behind one carrier address", plantMobile},
	{"C07", "consumer VPN for privacy", plantPrivacy},
	{"C08", "frequent traveller", plantTravellers},
	{"C09", "relocation", plantMovers},
	{"C10", "parcel redirected or sent to parents", plantParcels},
	{"C11", "bank switcher", plantSwitchers},
	{"C12", "pay into a partner's joint account", plantJoint},
	{"C13", "IT administrator with remote tools", plantAdmins},
	{"C14", "shared desks in the office", plantDesks},
	{"C15", "popular manager as referee", plantPopular},
	{"C16", "colleagues who vouch for each other", plantMutual},
	{"C17", "template résumés of one agency", plantTemplates},
	{"C18", "pair programming and misconfigured git", plantPairs},
	{"C19", "family telephone line", plantFamilyLine},
	{"C20", "recruiter's telephone number", plantRecruiter},
	{"C21", "help desk session on the first day", plantHelpDesk},
	{"C22", "helps family by remote desktop", plantHelpers},
	{"C23", "consultant with a client's sign-in", plantConsultants},
	{"C24", "telephone beside the laptop", plantTelephones},
	{"C25", "broken endpoint sensor", plantBroken},
	{"C26", "virtual desktop", plantDesktops},
	{"C27", "own computer", plantOwn},
	{"C28", "cross-border commuter", plantBorder},
	{"C29", "streamer with a capture card", plantStreamers},
}

// plantTwins adds every kind.
func (w *world) plantTwins() {
	if w.opt.Twins == 0 {
		return
	}
	for _, k := range twinKinds {
		groups := 0
		k.plant(w, newRNG(w.opt.Seed, "twin/"+k.id), w.opt.Twins, func(people ...*person) {
			groups++
			for _, p := range people {
				p.truth.Twin, p.truth.Group = k.id, fmt.Sprintf("%s-%02d", k.id, groups)
			}
		})
	}
}

// pairs returns how many groups of a size hold at least n people.
func pairs(n, size int) int { return (n + size - 1) / size }

// inWindow returns a working day in the first two thirds of the telemetry.
func (w *world) inWindow(r *rng) wish {
	return wish{hired: w.workday(w.from.AddDate(0, 0, r.between(4, max(5, w.opt.Days*2/3)))), remote: true}
}

// hourOn returns a moment in the working hours of a day of telemetry.
func (w *world) hourOn(r *rng, day int) time.Time {
	return w.date(day).Add(time.Duration(r.between(14*60, 19*60)) * time.Minute)
}

// moveIn puts people under one roof, on one line.
func moveIn(h *home, people ...*person) {
	for _, p := range people {
		p.home = h
		h.occupants++
		h.line.meets(p.device)
		for i := range p.factors {
			p.factors[i].on = h.line
		}
		if p.parcel != nil && p.parcel.original == nil {
			p.parcel.to, p.parcel.at = h, h.place
		}
	}
}
