package block

import "slices"

// manyRows is the largest block whose rows are copied.
const manyRows = 1 << 14

// square hands on the pairs of a block where their blocks tell all. This is where most
// of the time goes: what is read of the rows is brought together first.
func (w *worker) square(rows []uint32, rule int) {
	together, begun := w.visitor.Of != nil && len(rows) <= manyRows, false
	w.gather(rows, rule)
	for i, l := range rows {
		list := w.fresh(i, len(rows), rule)
		if len(list) == 0 {
			continue
		}
		w.pairs += int64(len(list))
		if together {
			if !begun {
				w.visitor.Block(rows)
				begun = true
			}
			w.visitor.Of(int32(i), list)
			continue
		}
		for _, j := range list {
			w.visitor.Pair(int32(l), int32(rows[j])) // rows of a block are in order
		}
	}
}

// ahead is how many rows are touched before they are needed.
const ahead = 192

// soon touches rows, all at once: the processor waits for its memory once for many rows
// instead of for each.
func (w *worker) soon(rows []uint32) {
	var x uint32
	for _, row := range rows {
		x |= w.blocks[int(row)*w.width]
	}
	w.touched = x
	if w.visitor.Soon != nil {
		w.visitor.Soon(rows)
	}
}

// gather copies the blocks that the rows of a block are in by earlier rules.
func (w *worker) gather(rows []uint32, rule int) {
	w.own = slices.Grow(w.own[:0], len(rows)*rule)[:len(rows)*rule]
	for i, row := range rows {
		copy(w.own[i*rule:][:rule], w.blocks[int(row)*w.width:])
	}
	w.rights = slices.Grow(w.rights[:0], len(rows))[:len(rows)]
}

// fresh returns the places after i of the n rows with which no earlier rule makes a pair
// of the row there.
func (w *worker) fresh(i, n, rule int) []int32 {
	list := w.rights[:0]
	left := w.own[i*rule:][:rule]
next:
	for j := i + 1; j < n; j++ {
		right := w.own[j*rule:][:len(left)]
		for q, block := range left {
			if block == right[q] {
				continue next
			}
		}
		list = append(list, int32(j))
	}
	return list
}
