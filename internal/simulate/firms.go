package simulate

import "strings"

// firm is a former employer with its mail domain; schools are places of study.
type firm struct{ name, domain string }

// newFirms returns the employers that résumés name. A few are much larger than the rest.
func newFirms(r *rng) []*firm {
	first := words("Bluefin Cobalt Drift Ember Fjord Glade Harrow Inlet Juno Keystone Larch Mosaic Nimbus Onyx Parallel Quartz Ripple Slate Tundra Umbra Vector Wharf Xenon Yonder Zephyr Arbor Basalt Crest Delta Echo")
	second := words("Analytics Labs Systems Software Logistics Health Payments Robotics Networks Interactive Data Commerce Energy Mobility Insurance Retail")
	var out []*firm
	for _, a := range first {
		for _, b := range second {
			n := a + " " + b
			out = append(out, &firm{name: n, domain: strings.ToLower(a+b) + ".example"})
		}
	}
	r.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	return out
}

// formerEmployer returns a firm; the square of the draw makes some large.
func (w *world) formerEmployer(r *rng) *firm {
	x := r.Float64()
	return w.firms[int(x*x*float64(len(w.firms)))]
}

var (
	schools = strings.Split("Alderbrook University|Westmark Institute of Technology|Northfield State University|Hartwell College|Universität Beispielstadt|Politechnika Przykładowa|Universidad de Ejemplo|Kingsmere University|Lakeview Technical College|Redhill Polytechnic|University of Grafton|Stonebridge State University|Oakhaven University|Summerlin Institute|Meridian Coast University|Old Quay University", "|")
	fields  = strings.Split("Computer Science|Software Engineering|Information Systems|Electrical Engineering|Mathematics|Physics|Economics|Business Administration|Data Science|Design", "|")
	degrees = strings.Split("Bachelor's Degree|Master's Degree|Bachelor's Degree|Associate's Degree", "|")
	skills  = strings.Split("Go|Python|Java|TypeScript|React|Vue|Angular|Kubernetes|Docker|Terraform|AWS|GCP|Azure|PostgreSQL|MySQL|Redis|Kafka|GraphQL|Node.js|Ruby|C#|.NET|Spark|Airflow|dbt|Snowflake|Tableau|Excel|Figma|Jira|Linux|Ansible|Jenkins|Elasticsearch|MongoDB|RabbitMQ|Swift|Kotlin|PHP|Laravel|Django|Flask|Spring|Salesforce|HubSpot|SQL|Git", "|")
)
