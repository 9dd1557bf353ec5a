package simulate

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// Shapes of the Harvest API, as far as exports show them.
type (
	ghCandidate struct {
		ID                   int64           `json:"id"`
		FirstName            string          `json:"first_name"`
		LastName             string          `json:"last_name"`
		Company              *string         `json:"company"`
		Title                *string         `json:"title"`
		CreatedAt            string          `json:"created_at"`
		UpdatedAt            string          `json:"updated_at"`
		LastActivity         string          `json:"last_activity"`
		IsPrivate            bool            `json:"is_private"`
		PhotoURL             *string         `json:"photo_url"`
		Attachments          []ghAttachment  `json:"attachments"`
		ApplicationIDs       []int64         `json:"application_ids"`
		PhoneNumbers         []ghValue       `json:"phone_numbers"`
		Addresses            []ghValue       `json:"addresses"`
		EmailAddresses       []ghValue       `json:"email_addresses"`
		WebsiteAddresses     []ghValue       `json:"website_addresses"`
		SocialMediaAddresses []ghValue       `json:"social_media_addresses"`
		Recruiter            *ghUser         `json:"recruiter"`
		Coordinator          *ghUser         `json:"coordinator"`
		CanEmail             bool            `json:"can_email"`
		Tags                 []string        `json:"tags"`
		Applications         []ghApplication `json:"applications"`
		Educations           []ghEducation   `json:"educations"`
		Employments          []ghEmployment  `json:"employments"`
		CustomFields         struct{}        `json:"custom_fields"`
		KeyedCustomFields    struct{}        `json:"keyed_custom_fields"`
	}
	ghApplication struct {
		ID               int64          `json:"id"`
		CandidateID      int64          `json:"candidate_id"`
		Prospect         bool           `json:"prospect"`
		AppliedAt        string         `json:"applied_at"`
		RejectedAt       *string        `json:"rejected_at"`
		LastActivityAt   string         `json:"last_activity_at"`
		Location         *ghLocation    `json:"location"`
		Source           ghSource       `json:"source"`
		CreditedTo       *ghUser        `json:"credited_to"`
		RejectionReason  *ghReason      `json:"rejection_reason"`
		RejectionDetails *struct{}      `json:"rejection_details"`
		Jobs             []ghJob        `json:"jobs"`
		JobPostID        *int64         `json:"job_post_id"`
		Status           string         `json:"status"`
		CurrentStage     *ghStage       `json:"current_stage"`
		Answers          []ghAnswer     `json:"answers"`
		Attachments      []ghAttachment `json:"attachments"`
	}
	ghAttachment struct {
		Filename  string `json:"filename"`
		URL       string `json:"url"`
		Type      string `json:"type"`
		CreatedAt string `json:"created_at"`
	}
	ghValue struct {
		Value string `json:"value"`
		Type  string `json:"type,omitempty"`
	}
	ghUser struct {
		ID         int64   `json:"id"`
		FirstName  string  `json:"first_name"`
		LastName   string  `json:"last_name"`
		Name       string  `json:"name"`
		EmployeeID *string `json:"employee_id"`
	}
	ghLocation struct {
		Address string `json:"address"`
	}
	ghSource struct {
		ID         int64  `json:"id"`
		PublicName string `json:"public_name"`
	}
	ghReason struct {
		ID   int64         `json:"id"`
		Name string        `json:"name"`
		Type *ghReasonType `json:"type"`
	}
	ghReasonType struct {
		ID   int64  `json:"id"`
		Name string `json:"name"`
	}
	ghJob struct {
		ID   int64  `json:"id"`
		Name string `json:"name"`
	}
	ghStage struct {
		ID   int64  `json:"id"`
		Name string `json:"name"`
	}
	ghAnswer struct {
		Question string  `json:"question"`
		Answer   *string `json:"answer"`
	}
	ghEducation struct {
		ID         int64  `json:"id"`
		SchoolName string `json:"school_name"`
		Degree     string `json:"degree"`
		Discipline string `json:"discipline"`
		StartDate  string `json:"start_date"`
		EndDate    string `json:"end_date"`
	}
	ghEmployment struct {
		ID          int64   `json:"id"`
		CompanyName string  `json:"company_name"`
		Title       string  `json:"title"`
		StartDate   string  `json:"start_date"`
		EndDate     *string `json:"end_date"`
	}
)

const ghTime = "2006-01-02T15:04:05.000Z"

func (w *world) writeGreenhouse(t *tree) error {
	people := w.candidates()
	if err := writeArray(t, "greenhouse/candidates.json", people, w.harvestCandidate); err != nil {
		return err
	}
	return writeArray(t, "greenhouse/applications.json", people, func(p *person) any { return w.harvestApplication(p) })
}

// writeArray streams one JSON array.
func writeArray(t *tree, name string, people []*person, row func(*person) any) error {
	return t.write(name, func(s *sink) error {
		s.WriteString("[\n")
		for i, p := range people {
			text, err := json.Marshal(row(p))
			if err != nil {
				return err
			}
			s.Write(text)
			if i < len(people)-1 {
				s.WriteByte(',')
			}
			s.WriteByte('\n')
		}
		_, err := s.WriteString("]\n")
		return err
	})
}

func (w *world) harvestCandidate(p *person) any {
	r, a := w.stream(p, "greenhouse"), p.application
	c := ghCandidate{
		ID: a.candidate, FirstName: p.given, LastName: p.family, CreatedAt: a.at.Format(ghTime), UpdatedAt: w.lastTouch(a).Format(ghTime), LastActivity: w.lastTouch(a).Format(ghTime),
		ApplicationIDs: []int64{a.id}, PhoneNumbers: []ghValue{{spoken(r, p.phone), "mobile"}}, EmailAddresses: []ghValue{{p.email, "personal"}},
		Addresses: []ghValue{}, WebsiteAddresses: []ghValue{}, SocialMediaAddresses: []ghValue{}, CanEmail: true, Tags: []string{},
		Applications: []ghApplication{w.harvestApplication(p)}, Educations: []ghEducation{}, Employments: []ghEmployment{}, Attachments: []ghAttachment{},
		Recruiter: recruiter(p),
	}
	if p.born != "" {
		c.LastName = p.family
	}
	switch r.IntN(12) { // people type their names as they like
	case 0:
		c.FirstName, c.LastName = strings.ToUpper(p.given), strings.ToUpper(p.family)
	case 1:
		c.FirstName, c.LastName = strings.ToLower(p.given), strings.ToLower(p.family)
	}
	if r.chance(0.06) {
		c.PhoneNumbers = []ghValue{}
	}
	if a.stage >= stageScreen || r.chance(0.3) {
		style := r.IntN(3)
		c.Addresses = append(c.Addresses, ghValue{strings.TrimSpace(p.home.line1(style)+" "+p.home.line2(style)) + "\n" + p.home.city(style), "home"})
	}
	c.history(p)
	if f := w.resumeFile(p); f != "" {
		c.Attachments = append(c.Attachments, ghAttachment{f, "https://files.example.com/" + f + "?expires=604800", "resume", a.at.Format(ghTime)})
	}
	return c
}

// history fills the parsed career of those with a résumé.
func (c *ghCandidate) history(p *person) {
	cv := p.resume
	if cv == nil {
		return
	}
	c.Title, c.Company = &cv.jobs[0].title, &cv.jobs[0].firm.name
	c.Educations = append(c.Educations, ghEducation{c.ID + 11, cv.school, cv.degree, cv.field, fmt.Sprintf("%d-09-01T00:00:00.000Z", cv.graduated-4), fmt.Sprintf("%d-06-01T00:00:00.000Z", cv.graduated)})
	for i := range cv.jobs {
		j := &cv.jobs[i]
		e := ghEmployment{ID: c.ID + int64(20+i), CompanyName: j.firm.name, Title: j.title, StartDate: month(j.from) + "-01T00:00:00.000Z"}
		if j.to != 0 {
			end := month(j.to) + "-01T00:00:00.000Z"
			e.EndDate = &end
		}
		c.Employments = append(c.Employments, e)
	}
}

// lastTouch is when somebody last moved the application.
func (w *world) lastTouch(a *application) time.Time {
	if at := a.at.AddDate(0, 0, 2+a.stage*6); at.Before(w.opt.AsOf) {
		return at
	}
	return later(a.at, w.opt.AsOf.Add(-2*time.Hour))
}

func recruiter(p *person) *ghUser {
	n := int64(p.n % 5)
	name := []string{"Anka Fairmont", "Orsel Lowdale", "Perin Hartley", "Rosa Innick", "Wilia Stenberg"}[n]
	first, last, _ := strings.Cut(name, " ")
	return &ghUser{ID: 92120 + n, FirstName: first, LastName: last, Name: name}
}

func (w *world) harvestApplication(p *person) ghApplication {
	r, a := w.stream(p, "application"), p.application
	job := int64(0)
	for i, j := range jobs {
		if j.title == a.job.title {
			job = int64(i)
		}
	}
	g := ghApplication{
		ID: a.id, CandidateID: a.candidate, AppliedAt: a.at.Format(ghTime), LastActivityAt: w.lastTouch(a).Format(ghTime), Status: a.status,
		Source: ghSource{int64(len(a.source)), a.source}, Jobs: []ghJob{{107761 + job, a.job.title}}, Answers: []ghAnswer{}, Attachments: []ghAttachment{},
		CurrentStage: &ghStage{456 + int64(a.stage), stages[a.stage]},
	}
	if r.chance(0.85) {
		g.Location = &ghLocation{a.location}
	}
	if a.status == "rejected" {
		at := w.lastTouch(a).Format(ghTime)
		g.RejectedAt, g.RejectionReason = &at, &ghReason{8, "Not the right fit", &ghReasonType{1, "We rejected them"}}
	}
	if a.linkedin != "" {
		g.Answers = append(g.Answers, ghAnswer{"LinkedIn Profile", &a.linkedin})
	}
	heard := pick(r, []string{"LinkedIn", "A friend", "Job board", "null", "Google", "N/A"})
	g.Answers = append(g.Answers, ghAnswer{"How did you hear about this job?", &heard})
	if r.chance(0.3) {
		g.Answers = append(g.Answers, ghAnswer{"Website", nil})
	}
	if p.referredBy != "" {
		first, last, _ := strings.Cut(p.referredBy, " ")
		g.CreditedTo = &ghUser{ID: 4080 + int64(p.n), FirstName: first, LastName: last, Name: p.referredBy}
	}
	return g
}
