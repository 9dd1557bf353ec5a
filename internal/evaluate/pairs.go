package evaluate

import (
	"muster/internal/assess"
	"muster/internal/identity"
	"muster/internal/scan"
	"muster/internal/simulate"
)

// pairs counts how well hypotheses agree with the planted operators, two by two: of
// personas that are judged, which stand together, and whom they stand with.
func (c *counts) pairs(truth *simulate.Truth, found map[string]*assess.Assessment, res *scan.Result) {
	hypothesis := map[identity.PersonaID]identity.OperatorID{}
	for _, o := range res.Graph.Operators {
		for _, p := range o.Personas {
			hypothesis[p] = o.ID
		}
	}
	operator := map[identity.PersonaID]string{}
	judged := map[string][]identity.PersonaID{}
	var order []string
	for i := range truth.Personas {
		p := &truth.Personas[i]
		a := found[p.ID]
		if a == nil {
			continue
		}
		switch q := res.Graph.Persona(a.Persona); {
		case p.Class == simulate.ClassOperator:
			operator[a.Persona] = p.Operator
			if p.Hired || q != nil && !q.Early && len(p.CandidateIDs) > 0 {
				if judged[p.Operator] == nil {
					order = append(order, p.Operator)
				}
				judged[p.Operator] = append(judged[p.Operator], a.Persona)
			}
		case p.Class != simulate.ClassLone && p.Class != simulate.ClassFacilitator:
			add(&c.pulled, hypothesis[a.Persona] != "")
		}
	}
	for _, o := range order {
		list := judged[o]
		for i, x := range list {
			for _, y := range list[i+1:] {
				add(&c.together, hypothesis[x] != "" && hypothesis[x] == hypothesis[y])
			}
		}
	}
	for _, o := range res.Graph.Operators {
		for i, x := range o.Personas {
			for _, y := range o.Personas[i+1:] {
				add(&c.rightly, operator[x] != "" && operator[x] == operator[y])
			}
		}
	}
}
