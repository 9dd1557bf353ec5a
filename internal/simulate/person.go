package simulate

import (
	"slices"
	"time"
)

// person is one identity with everything that exports say about it.
type person struct {
	n             int // index in the world, for streams of chance
	given, family string
	born          string // family name before a change, if any
	email         string // private
	work          string // work address, empty if never hired
	phone         string
	home          *home
	job           job
	application   *application
	refs          []*reference
	resume        *resume
	resumeForm    string // txt, json, docx
	file          fileMarks

	// Those who were hired.
	hired, ended time.Time
	no           string // employee number
	kind         string // Full-Time, Contractor
	arrangement  string // Remote, Hybrid, Office
	agency       string
	manager      *person
	team         int
	referredBy   string
	lapHome      *home // home on the roster when it differs from the true one
	device       *device
	parcel       *parcel
	pay          *account
	switches     []paySwitch
	paysName     string // holder on the account, own name if empty
	routine      routine
	hand         *hand // the remote hand; nil for everybody who works themselves
	coder        *coder
	factors      []factor
	badges       []badge
	camera       string  // in team calls, if it is not the usual one
	sees         []sight // what the sensor on the laptop saw beside the usual

	truth  Persona
	traces []string
	events []Event
}

// job is a role with its department.
type job struct {
	title, dept string
	remote      float64 // share of people who work from home
	coder       bool
}

var jobs = []job{
	{"Software Engineer", "Engineering", 0.7, true},
	{"Senior Software Engineer", "Engineering", 0.7, true},
	{"Frontend Developer", "Engineering", 0.7, true},
	{"DevOps Engineer", "Engineering", 0.7, true},
	{"Data Engineer", "Data", 0.6, true},
	{"Data Analyst", "Data", 0.5, false},
	{"QA Engineer", "Engineering", 0.6, true},
	{"Product Manager", "Product", 0.4, false},
	{"UX Designer", "Product", 0.5, false},
	{"Account Executive", "Sales", 0.5, false},
	{"Customer Success Manager", "Sales", 0.5, false},
	{"Accountant", "Finance", 0.2, false},
	{"HR Business Partner", "People", 0.3, false},
	{"Marketing Specialist", "Marketing", 0.4, false},
	{"Operations Specialist", "Operations", 0.2, false},
}

// jobWeights follow the size of departments.
var jobWeights = []float64{18, 14, 8, 5, 5, 5, 5, 5, 4, 8, 7, 4, 3, 4, 5}

func drawJob(r *rng) job { return jobs[weighted(r, jobWeights...)] }

// remoteJobs are the jobs that operators apply for.
var remoteJobs = jobs[:5]

func (p *person) name() string { return p.given + " " + p.family }

// claims returns the home on the roster.
func (p *person) claims() *home {
	if p.lapHome != nil {
		return p.lapHome
	}
	return p.home
}

// on reports whether the person works here on a day.
func (p *person) on(t time.Time) bool {
	return !p.hired.IsZero() && !t.Before(p.hired.Truncate(24*time.Hour)) && (p.ended.IsZero() || t.Before(p.ended))
}

// trace notes what was planted, once.
func (p *person) trace(name string) {
	if !slices.Contains(p.traces, name) {
		p.traces = append(p.traces, name)
	}
}

// happened notes a planted event.
func (p *person) happened(at time.Time, kind, text string) {
	p.events = append(p.events, Event{At: at.UTC().Format(time.RFC3339), Kind: kind, Text: text})
}

// application is one application to one job.
type application struct {
	id, candidate int64
	at            time.Time
	job           job
	stage         int // index into stages
	status        string
	source        string
	location      string
	linkedin      string
	as            *person // the identity as it was presented this time
	call          *interview
}

// stages in order; from stageScreen on a person is on the shortlist.
var stages = []string{"Application Review", "Recruiter Phone Screen", "Phone Interview", "Technical Interview", "Reference Check", "Offer"}

const (
	stageReview     = 0
	stageScreen     = 1
	stagePhone      = 2
	stageTechnical  = 3
	stageReferences = 4
	stageOffer      = 5
)

// reference is one referee's answer.
type reference struct {
	name, email, phone string
	company, title     string
	relationship       string
	requested, answer  time.Time
	ip, agent          string
	text               string
}

// interview is the candidate's part in a video call.
type interview struct {
	at     time.Time
	line   *line
	client client
	camera string // name, empty if off
}

// client is the machine with which somebody joins a video call.
type client struct {
	kind                string // Windows, Mac, Phone
	name, mac, disk     string
	microphone, network string
}

// factor is an enrolled second factor.
type factor struct {
	at         time.Time
	kind       string // OKTA_VERIFY_PUSH, SMS_FACTOR, FIDO_WEBAUTHN
	deviceID   string
	deviceName string
	phoneEnd   string
	on         *line
}

// badge is one moment at which somebody was seen in person.
type badge struct {
	at         time.Time
	kind, site string
	by         string
}

// fileMarks are what a document file says of its making.
type fileMarks struct {
	author, editor, rsid string
	photo                uint64 // seed of a portrait; 0 = none
	tint                 int    // how the portrait was edited
}
