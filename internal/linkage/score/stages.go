package score

import (
	"context"
	"fmt"

	"muster/internal/linkage/block"
)

// TrainByStage trains as Train does and tells where each stage begins: stage is called
// with its name and returns what is called at its end with what it did.
func (t *Trainer) TrainByStage(ctx context.Context, stage func(name string) func(detail string)) error {
	m := t.Model
	if m.Settings.Prior <= 0 {
		end := stage("prior")
		if err := t.prior(ctx); err != nil {
			return err
		}
		end(fmt.Sprintf("1 in %.0f", 1/m.Settings.Prior))
	}
	end := stage("u")
	m.sharesU(t.sample())
	end("")
	var sets []gathered
	for _, rule := range m.Settings.Training {
		end := stage("EM " + rule.SQL)
		h, n, err := t.pairsOf(ctx, Session{Rule: rule.SQL})
		if err != nil {
			return err
		}
		r, err := block.Parse(m.cols, rule.SQL)
		if err != nil {
			return err
		}
		if n >= fewest {
			sets = append(sets, gathered{rule.SQL, h, n, r.Uses()})
		}
		end(fmt.Sprintf("%.0f pairs, %d patterns", n, len(h)))
	}
	end = stage("m")
	t.maximise(sets)
	m.store()
	m.Weigh()
	end(fmt.Sprintf("%d sessions", len(sets)))
	return nil
}
