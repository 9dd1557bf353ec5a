package pdf

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// write turns rows into lines, with blank ones where paragraphs part.
func write(rows []row) []string {
	var steps []float32
	for i := 1; i < len(rows); i++ {
		if d := (rows[i-1].y - rows[i].y) / max(rows[i].size, rows[i-1].size); d > 0.5 && d < 3 {
			steps = append(steps, d)
		}
	}
	usual := float32(1.3)
	if len(steps) > 0 {
		slices.Sort(steps)
		usual = max(1.1, steps[len(steps)/3])
	}
	var out []string
	for i, r := range rows {
		if i > 0 {
			if d := (rows[i-1].y - r.y) / max(r.size, rows[i-1].size); d < 0 || d > 1.45*usual {
				out = append(out, "")
			}
		}
		out = append(out, r.text())
	}
	return out
}

func (r row) text() string {
	var b strings.Builder
	for i, p := range r.pieces {
		if i > 0 {
			last := r.pieces[i-1]
			if p.x0-last.x1 >= tabGap*max(p.size, last.size) {
				b.WriteByte('\t')
			} else {
				b.WriteByte(' ')
			}
		}
		b.WriteString(p.text)
	}
	return b.String()
}

// joinHyphens joins words that are parted at the end of a line: the rest of the word
// comes up. Soft hyphens always part a word; a plain one is dropped only where the
// program parts words itself and the hyphenated word stands nowhere else.
func joinHyphens(text []byte, drop bool) []byte {
	lines := strings.Split(string(text), "\n")
	known := map[string]bool{}
	if drop {
		for _, l := range lines {
			for w := range strings.FieldsSeq(l) {
				if strings.Contains(w, "-") {
					known[strings.Trim(w, ".,;:()")] = true
				}
			}
		}
	}
	out := lines[:0]
	for i := 0; i < len(lines); i++ {
		line := lines[i]
		if i+1 < len(lines) {
			if joined, rest, ok := joinWord(line, lines[i+1], drop, known); ok {
				if line, lines[i+1] = joined, rest; rest == "" {
					i++
				}
			}
		}
		out = append(out, line)
	}
	return []byte(strings.ReplaceAll(strings.Join(out, "\n"), "\u00ad", ""))
}

// joinWord returns a line with the rest of its last word, and the next one without.
func joinWord(line, next string, drop bool, known map[string]bool) (joined, rest string, ok bool) {
	head, soft := strings.CutSuffix(line, "\u00ad")
	if !soft {
		if head, ok = strings.CutSuffix(line, "-"); !ok {
			return "", "", false
		}
	}
	first := head[strings.LastIndexAny(head, " \t")+1:]
	stop := strings.IndexAny(next, " \t")
	if stop < 0 {
		stop = len(next)
	}
	word := next[:stop]
	a, _ := utf8.DecodeLastRuneInString(first)
	b, _ := utf8.DecodeRuneInString(word)
	if !unicode.IsLetter(a) || !unicode.IsLower(b) {
		return "", "", false
	}
	mark := "-"
	if soft || drop && !known[strings.Trim(first+"-"+word, ".,;:()")] {
		mark = ""
	}
	return head + mark + word, strings.TrimSpace(next[stop:]), true
}
