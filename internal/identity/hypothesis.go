package identity

import "math"

// Design values of operator hypotheses (docs/linkage.md). Nothing is calibrated:
// there is no public truth set for personas of one hand.
const (
	// FamiliesNeeded is how many independent families must join two personas.
	FamiliesNeeded = 2
	// Medium is the least weight, in nats, of an edge that can join personas to an
	// operator: the lower end of medium in the catalogue.
	Medium = 0.7
	// Evens is the weight, in nats, at which one hand and two are equally probable:
	// what a medium and a strong family weigh together (0.7 + 2.2), the least that
	// puts a persona under review.
	Evens = 2.9
	// Surest is the most that is ever claimed: exports alone prove no operator.
	Surest = 0.95
)

// Probability turns the weight of a link, in nats, into the probability, 0..1, that
// one hand is behind both ends: 1/(1+e^(Evens-w)), at most Surest, in hundredths.
func Probability(w float64) float64 {
	p := min(Surest, 1/(1+math.Exp(Evens-w)))
	return math.Round(p*100) / 100
}
