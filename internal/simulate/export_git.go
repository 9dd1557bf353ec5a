package simulate

import (
	"cmp"
	"slices"
	"time"
)

// commit is one line of history.
type commit struct {
	at          time.Time
	name, email string
	key         string
	subject     string
	id          uint64
}

var commitVerbs = words("Fix Add Remove Rename Tidy Speed Cache Guard Split Merge Log Test Document Bump Retry")

// writeGit writes the log of each repository, newest first, in the format
// %H %an %ae %aI %cn %ce %cI %GK %s with unit separators and record separators.
func (w *world) writeGit(t *tree) error {
	logs := make([][]commit, len(repoNames))
	for _, p := range w.staff {
		if p.coder != nil {
			w.commits(p, logs)
		}
	}
	for i, log := range logs {
		slices.SortFunc(log, func(a, b commit) int { return cmp.Or(b.at.Compare(a.at), cmp.Compare(a.id, b.id)) })
		err := t.write("git/"+repoNames[i]+".log", func(s *sink) error {
			var b []byte
			for j := range log {
				b = log[j].append(b[:0])
				if _, err := s.Write(b); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// commits draws a person's commits of the telemetry days.
func (w *world) commits(p *person, logs [][]commit) {
	c := p.coder
	r := newRNG(w.opt.Seed, "git")
	for day := range w.opt.Days {
		pl := w.plan(p, day)
		if !pl.works {
			continue
		}
		r.at(w.opt.Seed, uint64(p.n), uint64(day)<<8|3)
		for range r.poisson(c.perDay) {
			e := commit{at: between(r, pl.begin, pl.end).Truncate(time.Second).In(c.zone), name: c.name, email: c.email, key: c.key, id: r.Uint64()}
			for i := range c.strays {
				if s := &c.strays[i]; day >= s.from && day <= s.to && r.chance(s.share) {
					e.name, e.email = s.name, s.email
				}
			}
			e.subject = pick(r, commitVerbs) + " " + pick(r, bulletThings)
			if repo := c.repos[r.IntN(len(c.repos))]; e.at.Before(w.opt.AsOf) {
				logs[repo] = append(logs[repo], e)
			}
		}
	}
}

func (c *commit) append(b []byte) []byte {
	const sep = '\x1f'
	b = appendHex(b, c.id)
	b = appendHex(b, mix(c.id))
	b = append(b, string(appendHex(nil, mix(c.id+1)))[:8]...)
	at := c.at.Format(time.RFC3339)
	for _, s := range []string{c.name, c.email, at, c.name, c.email, at, c.key, c.subject} {
		b = append(append(b, sep), s...)
	}
	return append(b, '\x1e', '\n')
}
