package simulate

import (
	"encoding/json"
	"fmt"
	"strings"
)

// resumeFile returns the name of a person's résumé among the exports, or nothing:
// those on the shortlist and those hired within two years have one.
func (w *world) resumeFile(p *person) string {
	a := p.application
	if a == nil || p.resume == nil || a.stage < stageScreen {
		return ""
	}
	form := p.resumeForm
	return fmt.Sprintf("%s_%s_%d.%s", p.given, p.family, a.candidate, form)
}

func (w *world) writeResumes(t *tree) error {
	for _, p := range w.candidates() {
		name := w.resumeFile(p)
		if name == "" {
			continue
		}
		err := t.write("resumes/"+name, func(s *sink) error {
			switch p.resumeForm {
			case "json":
				return writeJSONResume(s, p)
			case "docx":
				return w.writeDocx(s, p)
			}
			_, err := s.WriteString(strings.Join(lines(p), "\n") + "\n")
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// lines lays a résumé out as text.
func lines(p *person) []string {
	cv := p.resume
	out := []string{}
	if cv.header != "" {
		out = append(out, cv.header, "")
	}
	at := p.home.place
	out = append(out, p.name(), at.city+", "+at.region+" | "+p.phone+" | "+p.email, cv.profile, "", "SUMMARY")
	out = append(out, cv.summary...)
	out = append(out, "", "WORK EXPERIENCE")
	for i := range cv.jobs {
		j := &cv.jobs[i]
		out = append(out, "", fmt.Sprintf("%s, %s", j.title, j.firm.name), j.span())
		for _, b := range j.bullets {
			out = append(out, "- "+b)
		}
	}
	out = append(out, "", "EDUCATION", fmt.Sprintf("%s in %s, %s, %d", cv.degree, cv.field, cv.school, cv.graduated), "", "SKILLS", strings.Join(cv.skills, ", "))
	if len(cv.footer) > 0 {
		out = append(append(out, ""), cv.footer...)
	}
	return out
}

// writeJSONResume writes JSON Resume 1.x.
func writeJSONResume(s *sink, p *person) error {
	type (
		work struct {
			Name       string   `json:"name"`
			Position   string   `json:"position"`
			StartDate  string   `json:"startDate"`
			EndDate    string   `json:"endDate,omitempty"`
			Highlights []string `json:"highlights"`
		}
	)
	cv, at := p.resume, p.home.place
	var jobs []work
	for i := range cv.jobs {
		j := &cv.jobs[i]
		e := work{j.firm.name, j.title, month(j.from), "", j.bullets}
		if j.to != 0 {
			e.EndDate = month(j.to)
		}
		jobs = append(jobs, e)
	}
	skills := []map[string]string{}
	for _, k := range cv.skills {
		skills = append(skills, map[string]string{"name": k})
	}
	doc := struct {
		Schema string           `json:"$schema"`
		Basics map[string]any   `json:"basics"`
		Work   []work           `json:"work"`
		Study  []map[string]any `json:"education"`
		Skills any              `json:"skills"`
	}{
		"https://raw.githubusercontent.com/jsonresume/resume-schema/v1.0.0/schema.json",
		map[string]any{
			"name": p.name(), "label": p.job.title, "email": p.email, "phone": p.phone, "summary": strings.Join(cv.summary, " "),
			"location": map[string]string{"city": at.city, "region": at.region, "countryCode": at.country},
			"profiles": []map[string]string{{"network": "LinkedIn", "url": cv.profile, "username": cv.profile[strings.LastIndexByte(cv.profile, '/')+1:]}},
		},
		jobs,
		[]map[string]any{{"institution": cv.school, "area": cv.field, "studyType": cv.degree, "endDate": fmt.Sprint(cv.graduated)}},
		skills,
	}
	e := json.NewEncoder(s)
	e.SetIndent("", "  ")
	return e.Encode(doc)
}
