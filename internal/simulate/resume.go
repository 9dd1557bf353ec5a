package simulate

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// resume is a curriculum vitae before it is laid out.
type resume struct {
	summary   []string
	jobs      []post
	school    string
	degree    string
	field     string
	graduated int
	skills    []string
	profile   string // LinkedIn or GitHub address
	header    string // of an agency's form
	footer    []string
}

// post is one job in a résumé. Months count from year 0.
type post struct {
	firm     *firm
	title    string
	from, to int // to 0 = still there
	bullets  []string
}

// newResume writes a career as it stood at a moment.
func (w *world) newResume(r *rng, p *person, title string, at time.Time) *resume {
	year := at.Year()
	cv := &resume{school: pick(r, schools), degree: pick(r, degrees), field: pick(r, fields), skills: some(r, skills, r.between(7, 14))}
	n := r.between(2, 5)
	end := year*12 + int(at.Month()) - 1 - r.between(0, 3)
	for i := range n {
		length := int(r.lognormal(26, 0.5)) + 6
		j := post{firm: w.formerEmployer(r), title: pick(r, seniority) + title, from: end - length, to: end}
		if i == 0 && r.chance(0.5) {
			j.to = 0
		}
		for range r.between(3, 5) {
			j.bullets = append(j.bullets, bullet(r))
		}
		cv.jobs = append(cv.jobs, j)
		end -= length + r.between(0, 3)
	}
	cv.graduated = end/12 - r.between(0, 2)
	cv.summary = append(cv.summary, fmt.Sprintf("%s with %d years of experience in %s and %s.", title, max(1, year-cv.graduated), cv.skills[0], cv.skills[1]))
	cv.summary = append(cv.summary, some(r, commonPhrases, r.between(0, 2))...)
	cv.profile = "https://www.linkedin.com/in/" + slug(p.given) + "-" + slug(p.family) + "-" + r.hex(6)
	return cv
}

var seniority = []string{"", "", "Senior ", "Junior ", "Lead "}

// commonPhrases stand in the résumés of very many people.
var commonPhrases = []string{
	"Proven track record of delivering high quality software on time and within budget.",
	"Strong communication and collaboration skills in distributed teams.",
	"Passionate about clean code, continuous learning and solving real problems.",
	"Excellent problem solving skills and attention to detail.",
	"Team player with a customer focused mindset and a can-do attitude.",
	"Experienced in agile methodologies such as Scrum and Kanban.",
}

// bullet writes one line of a job. Each part is short, so that long runs of words
// of two strangers agree only by the common phrases.
func bullet(r *rng) string {
	if r.chance(0.04) {
		return pick(r, commonBullets)
	}
	s := pick(r, bulletVerbs) + " " + pick(r, bulletKinds) + " " + pick(r, bulletThings)
	switch r.IntN(4) {
	case 0:
		s += fmt.Sprintf(" with %s, %s by %d%%", pick(r, skills), pick(r, bulletGains), r.between(5, 78))
	case 1:
		s += fmt.Sprintf(" for %d %s using %s and %s", r.between(2, 900), pick(r, bulletUsers), pick(r, skills), pick(r, skills))
	case 2:
		s += fmt.Sprintf(" together with the %s team, %s", pick(r, bulletTeams), pick(r, bulletGains))
	default:
		s += fmt.Sprintf(" in %s, %s from %d to %d %s", pick(r, skills), pick(r, bulletGains), r.between(200, 900), r.between(20, 190), pick(r, bulletUnits))
	}
	return s
}

var (
	commonBullets = []string{
		"Participated in code reviews, daily stand-ups and sprint planning",
		"Collaborated with cross-functional teams to define, design and ship new features",
		"Wrote unit and integration tests to ensure code quality",
		"Mentored junior engineers and contributed to hiring",
	}
	bulletVerbs  = words("Built Rewrote Designed Led Migrated Automated Reduced Replaced Introduced Maintained Owned Tuned Audited Hardened Extended Piloted Documented Consolidated Launched Refactored Debugged Standardised Modernised Prototyped Reviewed Planned Measured Secured Scaled Shipped Coordinated Negotiated Forecast Reconciled")
	bulletKinds  = words("multi-tenant nightly internal event-driven regional legacy real-time self-service partner-facing compliance offline cross-border shared batch customer seasonal warehouse quarterly mobile embedded distributed read-only versioned audit-ready long-running white-label low-latency")
	bulletThings = strings.Split("billing pipeline|search index|onboarding flow|claims portal|pricing engine|ledger|route planner|feature store|alerting stack|build farm|catalogue|consent service|notification hub|invoice archive|fraud queue|data lake|design system|checkout|identity broker|forecast model|sensor gateway|returns desk|booking calendar|support console|release train|permission model|report builder|chat widget|test harness|media library|loyalty scheme|telemetry collector|scheduler|payout service|map tiles|import jobs|cost dashboard|account plans|campaign tracker|tax tables|vendor file|month-end close", "|")
	bulletGains  = strings.Split("cutting latency|raising coverage|lowering cloud spend|shortening lead time|improving retention|halving incidents|speeding deploys|easing audits|trimming manual work|lifting conversion|reducing churn|freeing two people|avoiding outages|settling old debts", "|")
	bulletUsers  = words("customers merchants hospitals drivers branches tenants analysts engineers warehouses schools stores agents")
	bulletTeams  = words("platform security finance mobile research growth legal operations data design logistics support")
	bulletUnits  = words("milliseconds tickets minutes errors hours requests euros dollars pages steps")
)

// variant rewrites a master for another persona: each line stays, stays with some
// words changed, or is written anew. keep is the share that stays.
func (w *world) variant(r *rng, master *resume, keep float64) *resume {
	cv := *master
	cv.jobs = nil
	for _, j := range master.jobs {
		j.bullets = slices.Clone(j.bullets)
		for i, b := range j.bullets {
			switch {
			case r.chance(keep):
			case r.chance(0.5):
				j.bullets[i] = reword(r, b)
			default:
				j.bullets[i] = bullet(r)
			}
		}
		if r.chance(0.25) {
			j.firm = w.formerEmployer(r)
		}
		shift := r.between(-4, 4)
		if j.from += shift; j.to != 0 {
			j.to += shift
		}
		cv.jobs = append(cv.jobs, j)
	}
	cv.skills = slices.Clone(master.skills)
	for range r.between(1, 3) {
		cv.skills[r.IntN(len(cv.skills))] = pick(r, skills)
	}
	if r.chance(0.5) {
		cv.school = pick(r, schools)
	}
	return &cv
}

// reword changes one or two words of a line.
func reword(r *rng, s string) string {
	w := strings.Fields(s)
	w[0] = pick(r, bulletVerbs)
	if len(w) > 4 && r.chance(0.5) {
		w[1] = pick(r, bulletKinds)
	}
	return strings.Join(w, " ")
}

// month writes months since year 0 as YYYY-MM.
func month(m int) string { return fmt.Sprintf("%04d-%02d", m/12, m%12+1) }

var monthNames = words("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec")

// span writes the time of a job as résumés do.
func (j *post) span() string {
	from := fmt.Sprintf("%s %d", monthNames[j.from%12], j.from/12)
	if j.to == 0 {
		return from + " - Present"
	}
	return fmt.Sprintf("%s - %s %d", from, monthNames[j.to%12], j.to/12)
}
