package indicatorhit

import (
	"math"
	"strings"
	"time"

	"muster/internal/identity"
	"muster/internal/record"
	"muster/internal/signal"
)

const day = 24 * time.Hour

// halfLives say how fast a value changes hands (catalogue, A32). Wallets, files and
// devices do not.
var halfLives = map[string]time.Duration{
	"email": 365 * day, "domain": 365 * day, "phone": 365 * day, "url": 365 * day, "username": 365 * day,
	"bank_account": 365 * day, "sign_in_ip": 30 * day, "meeting_ip": 30 * day, "device_ip": 30 * day, "application_ip": 30 * day,
	"change_ip": 30 * day, "reference_ip": 30 * day,
}

// grade says how strong a hit is: the feed's confidence, halved for every half-life
// between report and use.
func grade(h *identity.Hit) signal.Strength {
	trust := confidence(h.Indicator)
	fresh := 1.0
	half, decays := halfLives[h.Field]
	if decays {
		fresh = math.Exp2(-float64(h.Age) / float64(half))
	}
	address := strings.HasSuffix(h.Field, "_ip")
	switch score := trust * fresh; {
	case (h.Field == "wallet" || h.Field == "email" && fresh >= 0.5) && h.Exact && bestGrade(h.Indicator):
		return signal.Conclusive
	case address && undated(h), !h.Exact && (address || h.Field == "username"): // nobody can say whose it was
		return limit(score, signal.Weak)
	case address && h.Days < 3:
		return limit(score, signal.Medium)
	default:
		return limit(score, signal.Strong)
	}
}

func limit(score float64, most signal.Strength) signal.Strength {
	s := signal.Context
	switch {
	case score >= 0.7:
		s = signal.Strong
	case score >= 0.4:
		s = signal.Medium
	case score >= 0.1:
		s = signal.Weak
	}
	return min(s, most)
}

// bestGrade reports whether the source is completely reliable and the value
// confirmed or probable (Admiralty A1, A2), or the feed is all but certain.
func bestGrade(ind *record.Indicator) bool {
	if ind.Grade != "" {
		return ind.Grade == "A1" || ind.Grade == "A2"
	}
	return ind.Feed != "" && ind.Confidence != nil && *ind.Confidence >= 90
}

// confidence returns the trust in an indicator, 0..1; the lower of what the feed
// states and what its Admiralty grade means, 0.5 if neither is given.
func confidence(ind *record.Indicator) float64 {
	c := math.NaN()
	if ind.Confidence != nil {
		c = max(0, min(1, *ind.Confidence/100))
	}
	if len(ind.Grade) == 2 {
		g := min(letters[ind.Grade[0]], digits[ind.Grade[1]])
		if math.IsNaN(c) || g < c {
			c = g
		}
	}
	if math.IsNaN(c) {
		return 0.5
	}
	return c
}

var (
	letters = map[byte]float64{'A': 0.95, 'B': 0.8, 'C': 0.6, 'D': 0.4, 'E': 0.2, 'F': 0.3}
	digits  = map[byte]float64{'1': 0.95, '2': 0.8, '3': 0.6, '4': 0.4, '5': 0.2, '6': 0.3}
)

func undated(h *identity.Hit) bool {
	i := h.Indicator
	return h.Last.IsZero() || i.FirstSeen.IsZero() && i.LastSeen.IsZero() && i.ObservedAt.IsZero()
}
