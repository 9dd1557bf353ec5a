package detect

import "strings"

// Page is a detector's doc.md, taken apart by its headings.
type Page struct {
	Title    string
	Looks    string   // What it looks for
	Why      string   // Why (source, date)
	Innocent []string // Innocent explanations
	Clears   []string // What would clear it
	Next     []string // Next step
}

// ParsePage reads a detector's page: a "# title", then the sections "## What it
// looks for", "## Why", "## Innocent explanations", "## What would clear it" and
// "## Next step", the last three as lists.
func ParsePage(doc string) Page {
	var p Page
	section, text := "", map[string][]string{}
	for line := range strings.Lines(doc) {
		line = strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(line, "# "):
			p.Title = strings.TrimSpace(line[2:])
		case strings.HasPrefix(line, "## "):
			section = strings.ToLower(strings.TrimSpace(line[3:]))
		case line != "":
			text[section] = append(text[section], line)
		}
	}
	p.Looks = strings.Join(text["what it looks for"], " ")
	p.Why = strings.Join(text["why"], " ")
	p.Innocent = items(text["innocent explanations"])
	p.Clears = items(text["what would clear it"])
	p.Next = items(text["next step"])
	return p
}

// items joins wrapped list lines and strips the bullets.
func items(lines []string) []string {
	var out []string
	for _, l := range lines {
		if item, ok := strings.CutPrefix(l, "- "); ok || len(out) == 0 {
			out = append(out, strings.TrimSpace(item))
			continue
		}
		out[len(out)-1] += " " + l
	}
	return out
}
