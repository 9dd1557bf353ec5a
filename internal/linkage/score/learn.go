package score

// Bounds of what is learnt from clusters.
const (
	fewestLearnt = 1000 // pairs
	largestLearn = 60   // rows: a larger cluster would outweigh all others
)

// Learn re-estimates the shares among matches, and the prior, from clusters of three
// rows and more. There pairs stand together that others join: what two rows of one
// person look like at their worst, which expectation maximisation takes for chance. It
// reports whether there were enough.
func (t *Trainer) Learn(of []int32) bool {
	m := t.Model
	rows := make(map[int32][]int32)
	for i, c := range of {
		if c >= 0 {
			rows[c] = append(rows[c], int32(i))
		}
	}
	h, counts, k := histogram{}, m.newCounter(), m.NewMemo()
	var all, learnt float64
	for i := range of {
		list := rows[int32(i)] // a cluster is named by its smallest row
		n := float64(len(list))
		all += n * (n - 1) / 2
		if len(list) < 3 || len(list) > largestLearn {
			continue
		}
		for x, a := range list {
			for _, b := range list[x+1:] {
				if m.cols.Table().Linked(a, b) {
					counts.add(m.pattern(a, b, k))
					learnt++
				}
			}
		}
	}
	if learnt < fewestLearnt {
		return false
	}
	counts.addTo(h)
	for i, c := range m.comps {
		m.shares(h, i, nil, c.m)
	}
	m.Settings.Prior = min(all/m.cols.Table().Pairs(), 0.5)
	t.say("learnt from %.0f pairs in clusters: prior 1 in %.0f", learnt, 1/m.Settings.Prior)
	m.store()
	m.Weigh()
	return true
}
