package transform

import (
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// Shortcuts must give what the expression gives.
func TestRegexShortcuts(t *testing.T) {
	for expr, must := range map[string]string{
		`^(.*?)\\*$`: "", `^(.*?)\.*$`: "", `^([^@]+)$`: "", `(\d+)-x`: "-x", `\(\s*([A-Za-z]{2})\s*\)?`: "(", `(?i)(virtual|kvm)x`: "", `a(b+)c`: "a", `^(\S+@\S+)$`: "@",
	} {
		if got := required(expr); got != must {
			t.Errorf("%s cannot match without %q, want %q", expr, got, must)
		}
		run, err := buildRegex(expr)
		if err != nil {
			t.Fatal(err)
		}
		re := regexp.MustCompile(expr)
		rapid.Check(t, func(t *rapid.T) {
			s := strings.Join(rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "c", `\`, ".", "\n", "@", "é", "12", "-x", "(", ")", " ", "DE", "kvm", "X", "\xff"}), 1, 8).Draw(t, "text"), "")
			want := ""
			if m := re.FindStringSubmatch(s); m != nil {
				want = m[1]
			}
			v := TextValue(s)
			run(&Ctx{}, &v)
			if v.Text != want || v.Absent() != (want == "") {
				t.Fatalf("%s on %q gives %q, want %q", expr, s, v.Text, want)
			}
		})
	}
}
