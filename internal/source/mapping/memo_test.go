package mapping

import (
	"fmt"
	"strings"
	"testing"

	"muster/internal/record"
	"muster/internal/source/transform"
)

// A value that is met again gives the same as the first time, in the records and
// in the counts of what was not understood.
func TestRememberedSteps(t *testing.T) {
	m := mustLoad(t, `
id: a.b
system: identity
shape: json
match: {all: [id]}
key: id
emit:
- record: session
  fields:
    account: id
    geo: {path: place, do: [geo_plain]}
    geo.cc: {path: country, do: [country]}
    os: {path: agent, do: [user_agent(os)]}
`)
	rows := []string{
		`{"id":"x","place":{"city":"Ulm","country":"Germany"},"country":"Germany","agent":"Windows"}`,
		`{"id":"x","place":{"city":"Paris","country":"France"},"country":"Nowhere","agent":"unheard of"}`,
		`{"id":"x","place":"Ulm, Germany","country":null,"agent":7}`,
	}
	var want []string
	unread := make([]int, len(m.Fields()))
	for _, data := range rows { // each with an evaluator that remembers nothing
		ev := m.NewEval(transform.Ctx{})
		want = append(want, recordsOf(t, ev.Row(rowOf(t, m, data))))
		for i, n := range ev.Unread {
			unread[i] += n
		}
	}
	ev := m.NewEval(transform.Ctx{})
	const rounds = 4 * memoAfter
	for range rounds {
		for i, data := range rows {
			if got := recordsOf(t, ev.Row(rowOf(t, m, data))); got != want[i] {
				t.Fatalf("%s gives\n%s, first it gave\n%s", data, got, want[i])
			}
		}
	}
	for i, n := range ev.Unread {
		if n != unread[i]*rounds {
			t.Errorf("%v: %d values were not understood, want %d", m.Fields()[i], n, unread[i]*rounds)
		}
	}
	found := 0
	for _, x := range ev.memos {
		found += x.found
	}
	if found == 0 {
		t.Error("nothing was remembered")
	}
}

func recordsOf(t *testing.T, out *Outcome) string {
	t.Helper()
	var s strings.Builder
	s.WriteString(fmt.Sprint(out.Fault, out.Ignored, out.Unmapped))
	for _, e := range out.Records {
		b, err := record.Marshal(e.Record)
		if err != nil {
			t.Fatal(err)
		}
		s.WriteString(string(b))
	}
	return s.String()
}
