package source

// knownHeader is added to the number of known columns of a row that holds all a
// mapping asks for: a table may stand behind another whose columns are known
// one by one, such as the meeting above its participants.
const knownHeader = 100

// headerScore says how much a row of a table looks like a header: the number of
// its cells that some mapping reads, and knownHeader more where one mapping
// finds all its columns.
func (e *engine) headerScore(cells []string) int {
	n := 0
	for _, c := range cells {
		if e.known[Normalise(c)] {
			n++
		}
	}
	if n < 2 {
		return n
	}
	cols := newColumns(cells)
	for i, m := range e.maps {
		if !m.Table {
			continue
		}
		if _, _, ok := m.ColumnScore(cols.bind(m, i).has); ok {
			return n + knownHeader
		}
	}
	return n
}
