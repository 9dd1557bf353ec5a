package evaluate

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
)

// The résumés that documents are measured with: invented, seeded, 300 to 600 words,
// with the phrases, templates and company descriptions that strangers have in common.

// cv is a résumé before it is laid out.
type cv struct {
	name, mail string
	intro      []string // of a public template
	summary    []line
	jobs       []post
	school     string
	degree     string
	graduated  int
	skills     []string
	closing    []string
	polished   bool // by a language model, which has its favourite phrases
}

// post is a position; months count from year 0, to 0 = still there.
type post struct {
	org, title string
	from, to   int
	lines      []line
}

// line is a sentence: fixed, or made of parts that can be said in another way.
type line struct {
	fixed                                string
	verb, thing, kind, users, gain, form int
	tool                                 string
	n                                    int
}

func split(s string) []string { return strings.Split(s, "|") }

var (
	// Each entry: the ways to say it, the first one as written, the others as paraphrased.
	cvVerbs  = split("Built/Constructed|Rewrote/Recast|Designed/Conceived|Led/Headed|Migrated/Moved|Automated/Mechanised|Replaced/Swapped out|Introduced/Brought in|Maintained/Looked after|Owned/Answered for|Tuned/Sharpened|Audited/Examined|Hardened/Fortified|Extended/Widened|Documented/Wrote up|Consolidated/Merged|Launched/Started|Refactored/Restructured|Debugged/Repaired|Standardised/Unified|Prototyped/Sketched|Reviewed/Checked|Planned/Scheduled|Measured/Gauged|Secured/Protected|Scaled/Grew|Shipped/Delivered|Coordinated/Arranged|Reconciled/Squared|Supervised/Oversaw")
	cvKinds  = split("multi-tenant/shared|nightly/overnight|internal/in-house|event-driven/reactive|regional/local|legacy/ageing|real-time/instant|self-service/unassisted|partner-facing/external|offline/disconnected|cross-border/international|seasonal/periodic|quarterly/three-monthly|mobile/handheld|embedded/built-in|versioned/numbered|long-running/lengthy|white-label/unbranded|low-latency/quick|customer/client")
	cvThings = split("billing pipeline/invoicing chain|search index/lookup tables|onboarding flow/welcome journey|claims portal/claims website|pricing engine/price calculator|ledger/book of accounts|route planner/itinerary tool|feature store/feature repository|alerting stack/alarm tooling|build farm/compile cluster|product catalogue/list of products|consent service/permission keeper|notification hub/message centre|invoice archive/bill store|fraud queue/fraud backlog|data lake/raw storage|design system/component library|checkout/purchase page|identity broker/login bridge|forecast model/prediction|sensor gateway/probe bridge|returns desk/refund counter|booking calendar/reservation diary|support console/helpdesk screen|release train/delivery cadence|permission model/rights scheme|report builder/report maker|chat widget/talk window|test harness/test bench|media library/picture store|loyalty scheme/bonus programme|telemetry collector/metrics gatherer|scheduler/timetable service|payout service/disbursement system|map tiles/cartography cache|import jobs/loading tasks|cost dashboard/spend overview|tax tables/duty lists|vendor file/supplier register|month-end close/closing of books")
	cvUsers  = split("customers/buyers|merchants/shopkeepers|hospitals/clinics|drivers/couriers|branches/offices|tenants/renters|analysts/number crunchers|warehouses/depots|schools/pupils|stores/shops|agents/brokers|auditors/inspectors|nurses/carers|dispatchers/coordinators")
	cvGains  = split("cutting latency/waiting time fell|raising coverage/more was tested|lowering cloud spend/bills shrank|shortening lead time/delivery became faster|improving retention/fewer people left|halving incidents/outages became rare|speeding up deploys/releases took less time|easing audits/inspections were simpler|trimming manual work/less was done by hand|lifting conversion/more visits ended in a sale|reducing churn/cancellations dropped|freeing two people/two colleagues got time|avoiding outages/nothing stood still|settling old debts/past sins were paid")
	cvTools  = split("Go|Python|Java|TypeScript|React|Vue|Angular|Kubernetes|Docker|Terraform|AWS|GCP|Azure|PostgreSQL|MySQL|Redis|Kafka|GraphQL|Node.js|Ruby|Spark|Airflow|Snowflake|Tableau|Figma|Jira|Linux|Ansible|Jenkins|Elasticsearch|MongoDB|RabbitMQ|Swift|Kotlin|PHP|Laravel|Django|Flask|Spring|Salesforce|Git|HTML|CSS|JavaScript|Helm|Prometheus|Grafana|Scala|Rust|Elixir")
	cvTitles = split("Software Engineer|Senior Software Engineer|Backend Developer|Full Stack Developer|Data Engineer|DevOps Engineer|Data Analyst|Product Manager|QA Engineer|Frontend Developer|Project Manager|Site Reliability Engineer")
	cvStudy  = split("Bachelor of Science in Computer Science|Bachelor of Science in Software Engineering|Master of Science in Computer Science|Bachelor of Engineering in Electrical Engineering|Bachelor of Arts in Economics|Master of Science in Data Science|Bachelor of Science in Mathematics")
	cvStock  = split("Proven track record of delivering high quality software on time and within budget|Strong communication and collaboration skills in distributed and cross-functional teams|Passionate about clean code, continuous learning and solving real world problems|Excellent problem solving skills, attention to detail and a strong work ethic|Participated in code reviews, daily stand-ups, sprint planning and retrospectives|Collaborated with cross-functional teams to define, design and ship new features|Wrote unit and integration tests to ensure code quality and maintainability|Mentored junior engineers and contributed to the hiring process and technical interviews|Worked closely with product owners and designers to translate requirements into technical solutions|Designed and implemented RESTful APIs and microservices following industry best practices|Implemented CI/CD pipelines to automate the build, test and deployment process|Optimised database queries and improved the performance of the application|Responsible for the full software development life cycle from design to deployment and maintenance|Self-motivated and results-driven professional with the ability to work independently and in a team|Experienced in agile methodologies such as Scrum and Kanban|Provided technical support and resolved production issues in a timely manner|Gathered business requirements from stakeholders and prepared technical documentation|Ensured the technical feasibility of user interface and user experience designs|Developed and maintained web applications using modern frameworks and libraries|Able to adapt quickly to new technologies and fast-paced environments")
	cvPolish = split("Spearheaded the end-to-end delivery of mission-critical initiatives that drove measurable business impact|Leveraged cutting-edge technologies to architect scalable, resilient and secure solutions|Fostered a culture of innovation, accountability and continuous improvement across the organisation|Seamlessly integrated robust solutions, resulting in a significant increase in operational efficiency|Dynamic and forward-thinking technologist adept at bridging the gap between business and engineering|Championed best practices and streamlined workflows to accelerate time to market|Demonstrated exceptional ability to navigate ambiguity and deliver results in high-stakes environments|Partnered with senior stakeholders to align technical strategy with organisational objectives")
	cvFrames = [][2][]string{
		{{"Curriculum Vitae prepared with the free template of Paper Crane Résumé Studio Example, edition for technology professionals"}, {"I hereby declare that all the information given above is true and correct to the best of my knowledge and belief", "References and further documents are available upon request and will gladly be supplied at short notice"}},
		{{"This résumé follows the one page format recommended by the career centre of the university for early and mid career applicants"}, {"I agree to the processing of personal data provided in this document for realising the recruitment process pursuant to the applicable data protection law"}},
		{{"PROFILE PREPARED BY COPPER LANE TALENT EXAMPLE AND PRESENTED IN CONFIDENCE TO THE CLIENT NAMED IN THE COVERING MESSAGE"}, {"This profile is presented by Copper Lane Talent Example in confidence and remains its property", "Please direct all questions and interview requests to your account manager at the agency", "Candidate has confirmed interest, availability and salary expectations as stated above"}},
		{{"Europass style curriculum with self assessment of digital competences, language levels and organisational abilities"}, {"Willing to relocate and to travel, driving licence of category B, flexible about working hours and time zones"}},
	}
)

// orgs are employers: a few are everybody's former employer.
func orgOf(r *rand.Rand) string {
	x := r.Float64()
	i := int(x * x * 400)
	return split("Harbour|Juniper|Quarry|Lantern|Meadow|Copper|Granite|Willow|Orchid|Falcon|Summit|Delta|Amber|Cobalt|Prairie|Beacon|Cedar|Onyx|Tidal|Velvet")[i%20] + " " +
		split("Analytics|Freight|Payments|Health|Retail|Robotics|Energy|Media|Insurance|Mobility|Foods|Travel|Learning|Security|Logistics|Telecom|Software|Labs|Games|Bank")[i/20] + " Example"
}

// official is what a company says about itself; employees copy it.
func official(org string, k int) string {
	return fmt.Sprintf("%s is a leading provider of %s services for %s with offices in several countries and %d thousand employees worldwide", org,
		firstWay(cvKinds[len(org)*7%len(cvKinds)]), firstWay(cvUsers[len(org)*3%len(cvUsers)]), 2+len(org)*k%40)
}

func firstWay(s string) string { a, _, _ := strings.Cut(s, "/"); return a }
func otherWay(s string) string { _, b, _ := strings.Cut(s, "/"); return b }

func pickOf(r *rand.Rand, from []string) string { return from[r.IntN(len(from))] }

func newLine(r *rand.Rand, c *cv) line {
	switch x := r.Float64(); {
	case x < 0.10: // some phrases are in very many résumés, some in few
		y := r.Float64()
		return line{fixed: cvStock[int(y*y*float64(len(cvStock)))]}
	case c.polished && x < 0.25:
		return line{fixed: pickOf(r, cvPolish)}
	}
	return line{verb: r.IntN(len(cvVerbs)), thing: r.IntN(len(cvThings)), kind: r.IntN(len(cvKinds)), users: r.IntN(len(cvUsers)), gain: r.IntN(len(cvGains)), form: r.IntN(4), tool: pickOf(r, cvTools), n: 3 + r.IntN(900)}
}

// say writes a line; anew says it in other words and another order.
func (l *line) say(anew bool) string {
	if l.fixed != "" {
		if !anew {
			return l.fixed
		}
		w := strings.Fields(strings.ToLower(strings.ReplaceAll(l.fixed, ",", "")))
		slices.Reverse(w) // every passage is broken
		return strings.Join(w, " ")
	}
	way := firstWay
	if anew {
		way = otherWay
	}
	v, k, t, u, g := way(cvVerbs[l.verb]), way(cvKinds[l.kind]), way(cvThings[l.thing]), way(cvUsers[l.users]), way(cvGains[l.gain])
	switch f := l.form; {
	case anew && f%2 == 0:
		return fmt.Sprintf("Since %s needed it the %s %s was %s using %s after which %s (%d %%)", u, k, t, strings.ToLower(v), l.tool, g, l.n)
	case anew:
		return fmt.Sprintf("%s once %s by way of %s: the %s that %s depend upon (%d)", g, strings.ToLower(v), l.tool, k+" "+t, u, l.n)
	case f == 0:
		return fmt.Sprintf("%s the %s %s for %d %s with %s, %s", v, k, t, l.n, u, l.tool, g)
	case f == 1:
		return fmt.Sprintf("%s a %s %s in %s together with %s, %s by %d percent", v, k, t, l.tool, u, g, l.n)
	case f == 2:
		return fmt.Sprintf("%s and documented the %s %s used by %s, %s with %s over %d weeks", v, k, t, u, g, l.tool, l.n)
	}
	return fmt.Sprintf("%s %s for %d %s on %s, a %s effort, %s within a year", v, t, l.n, u, l.tool, k, g)
}

// newCV writes a career.
func newCV(r *rand.Rand, id string) *cv {
	c := &cv{mail: id + "@mail.example.com", polished: r.Float64() < 0.25}
	c.name = "G" + letters(id) + " F" + letters(id+"x")
	c.school = pickOf(r, split("Alderbrook|Westmark|Northfield|Hartwell|Kingsmere|Lakeview|Redhill|Grafton|Stonebridge|Oakhaven|Summerlin|Meridian|Old Quay|Fernhill|Ashdown|Bellmoor")) + " University"
	c.degree = pickOf(r, cvStudy)
	perm := r.Perm(len(cvTools))
	for _, i := range perm[:8+r.IntN(8)] {
		c.skills = append(c.skills, cvTools[i])
	}
	if r.Float64() < 0.3 {
		slices.Sort(c.skills) // alphabetical lists agree more
	}
	if x := r.Float64(); x < 0.35 {
		f := cvFrames[r.IntN(len(cvFrames))]
		c.intro, c.closing = f[0], f[1]
	}
	end := 2026*12 + 7 - r.IntN(4)
	for i := range 3 + r.IntN(3) {
		length := 7 + r.IntN(48)
		j := post{org: orgOf(r), title: pickOf(r, cvTitles), from: end - length, to: end}
		if i == 0 && r.Float64() < 0.6 {
			j.to = 0
		}
		if r.Float64() < 0.2 {
			j.lines = append(j.lines, line{fixed: official(j.org, 3)})
		}
		for range 4 + r.IntN(3) {
			j.lines = append(j.lines, newLine(r, c))
		}
		c.jobs = append(c.jobs, j)
		end -= length + r.IntN(3)
	}
	c.graduated = end/12 - r.IntN(2)
	c.summary = []line{{fixed: fmt.Sprintf("%s with %d years of experience in %s and %s", c.jobs[0].title, 2026-c.graduated, c.skills[0], c.skills[1])}}
	for range 1 + r.IntN(2) {
		c.summary = append(c.summary, line{fixed: pickOf(r, cvStock)})
	}
	c.summary = append(c.summary, newLine(r, c), newLine(r, c))
	return c
}

// letters spells a number so that it reads as a name.
func letters(id string) string {
	var b strings.Builder
	for _, ch := range id {
		b.WriteRune('a' + (ch*7)%26)
	}
	return b.String()
}

func monthOf(m int) string {
	return split("Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec")[m%12] + fmt.Sprintf(" %d", m/12)
}

// text lays a résumé out; anew says all sentences in other words.
func (c *cv) text(anew bool) string {
	var b strings.Builder
	put := func(s ...string) {
		for _, x := range s {
			b.WriteString(x + "\n")
		}
	}
	put(c.intro...)
	put("", c.name, c.mail, "", "SUMMARY")
	for i := range c.summary {
		put(c.summary[i].say(anew) + ".")
	}
	put("", "WORK EXPERIENCE")
	for _, j := range c.jobs {
		until := "Present"
		if j.to != 0 {
			until = monthOf(j.to)
		}
		put("", j.title+", "+j.org, monthOf(j.from)+" - "+until)
		for i := range j.lines {
			put("- " + j.lines[i].say(anew))
		}
	}
	put("", "EDUCATION", fmt.Sprintf("%s, %s, %d", c.degree, c.school, c.graduated), "", "SKILLS", strings.Join(c.skills, ", "))
	if len(c.closing) > 0 {
		put("", "REFERENCES")
		put(c.closing...)
	}
	return b.String()
}

// replaced returns the sentences of c in the career of d, with a share of the runs of
// eight words replaced by words of d. Everything but the sentences is d's.
func (c *cv) replaced(r *rand.Rand, d *cv, share float64) *cv {
	out := *d
	out.intro, out.closing = c.intro, c.closing
	own, other := c.words(), d.words()
	runs := (len(own) + 7) / 8
	for _, k := range r.Perm(runs)[:int(float64(runs)*share+0.5)] {
		for i := 8 * k; i < min(8*k+8, len(own)); i++ {
			own[i] = other[i%len(other)]
		}
	}
	out.jobs = slices.Clone(out.jobs[:min(len(out.jobs), len(c.jobs))])
	i := 0
	take := func(lines []line) []line {
		var got []line
		for j := range lines {
			n := len(strings.Fields(lines[j].say(false)))
			got = append(got, line{fixed: strings.Join(own[i:i+n], " ")})
			i += n
		}
		return got
	}
	out.summary = take(c.summary)
	var rest []line
	for j := range c.jobs {
		if l := take(c.jobs[j].lines); j < len(out.jobs) {
			out.jobs[j].lines = l
		} else {
			rest = append(rest, l...)
		}
	}
	last := &out.jobs[len(out.jobs)-1]
	last.lines = append(slices.Clone(last.lines), rest...)
	return &out
}

func (c *cv) words() []string {
	var out []string
	for i := range c.summary {
		out = append(out, strings.Fields(c.summary[i].say(false))...)
	}
	for _, j := range c.jobs {
		for i := range j.lines {
			out = append(out, strings.Fields(j.lines[i].say(false))...)
		}
	}
	return out
}

// withJob returns d with the sentences of one job of c in place of its own.
func (c *cv) withJob(r *rand.Rand, d *cv) *cv {
	out := *d
	out.jobs = slices.Clone(d.jobs)
	from := c.jobs[r.IntN(len(c.jobs))]
	out.jobs[r.IntN(len(out.jobs))].lines = from.lines
	return &out
}

// sameLife returns the career of c under the name of d; shift says by how many months
// its dates may differ.
func (c *cv) sameLife(r *rand.Rand, d *cv, shift int) *cv {
	out := *c
	out.name, out.mail = d.name, d.mail
	out.jobs = slices.Clone(c.jobs)
	if shift > 0 {
		for i := range out.jobs {
			switch j := &out.jobs[i]; r.IntN(3) {
			case 0:
				j.from += shift
			case 1:
				if j.to != 0 {
					j.to -= shift
				}
			}
		}
	}
	return &out
}
