package all

import (
	"bufio"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestProgramLists compares the programs that the mappings of process events keep
// with the catalogues of the detectors: a program that is added there must not be
// dropped here.
func TestProgramLists(t *testing.T) {
	var programs []string
	for _, file := range []string{"remote_tools.tsv", "anonymisers.tsv"} {
		data, err := os.Open(filepath.Join("..", "..", "intel", "data", file))
		if err != nil {
			t.Fatal(err)
		}
		defer data.Close()
		for lines := bufio.NewScanner(data); lines.Scan(); {
			cells := strings.Split(lines.Text(), "\t")
			if strings.HasPrefix(lines.Text(), "#") || len(cells) < 3 {
				continue
			}
			for p := range strings.SplitSeq(cells[2], ";") {
				if p = strings.TrimSpace(p); p != "" {
					programs = append(programs, strings.TrimRight(strings.TrimSuffix(p, "*"), "-_. "))
				}
			}
		}
	}
	for _, m := range []string{"defender_programs", "crowdstrike_fdr", "sentinelone_events"} {
		text, err := os.ReadFile(filepath.Join("..", "mapping", m, "mapping.yaml"))
		if err != nil {
			t.Fatal(err)
		}
		_, rest, _ := strings.Cut(string(text), "prefix: [\n")
		block, _, _ := strings.Cut(rest, "]}")
		var prefixes []string
		for p := range strings.SplitSeq(block, ",") {
			if p = strings.Trim(strings.TrimSpace(p), "'\""); p != "" {
				prefixes = append(prefixes, p)
			}
		}
		for _, p := range programs {
			if !slices.ContainsFunc(prefixes, func(x string) bool { return strings.HasPrefix(p, x) }) {
				t.Errorf("%s does not keep %s", m, p)
			}
		}
	}
}
