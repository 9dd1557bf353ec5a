package cli_test

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/testscript"
)

// commands are the script commands that make broken and rearranged input.
var commands = map[string]func(ts *testscript.TestScript, neg bool, args []string){
	"shuffle":  shuffle,
	"longline": longLine,
	"truncgz":  truncatedGzip,
	"evilzip":  evilZip,
	"bombzip":  bombZip,
	"deepjson": deepJSON,
	"samescan": sameScan,
	"exitcode": exitCode,
	"bytes":    writeBytes,
	"agekey":   ageKey,
	"persona":  personaOf,

	"samelines":   sameLines,
	"samecluster": sameCluster,
}

func write(ts *testscript.TestScript, name string, b []byte) {
	path := ts.MkAbs(name)
	ts.Check(os.MkdirAll(filepath.Dir(path), 0o755))
	ts.Check(os.WriteFile(path, b, 0o644))
}

// shuffle FILE... rearranges the lines of files; a CSV's header stays first.
func shuffle(ts *testscript.TestScript, neg bool, args []string) {
	rng := rand.New(rand.NewPCG(7, 7))
	for _, name := range args {
		b, err := os.ReadFile(ts.MkAbs(name))
		ts.Check(err)
		lines := strings.Split(strings.TrimRight(string(b), "\n"), "\n")
		body := lines
		if strings.HasSuffix(name, ".csv") {
			body = lines[1:]
		}
		rng.Shuffle(len(body), func(i, j int) { body[i], body[j] = body[j], body[i] })
		write(ts, name, []byte(strings.Join(lines, "\n")+"\n"))
	}
}

// longLine FILE MIB writes one line of that many mebibytes without a newline.
func longLine(ts *testscript.TestScript, neg bool, args []string) {
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	write(ts, args[0], append([]byte(`{"uuid":"`), bytes.Repeat([]byte("x"), n<<20)...))
}

// truncatedGzip FILE OUT compresses a file and cuts the end off.
func truncatedGzip(ts *testscript.TestScript, neg bool, args []string) {
	b, err := os.ReadFile(ts.MkAbs(args[0]))
	ts.Check(err)
	var z bytes.Buffer
	w := gzip.NewWriter(&z)
	_, err = w.Write(b)
	ts.Check(err)
	ts.Check(w.Close())
	write(ts, args[1], z.Bytes()[:z.Len()-12])
}

// evilZip FILE OUT puts a file into an archive under names that climb out of it.
func evilZip(ts *testscript.TestScript, neg bool, args []string) {
	b, err := os.ReadFile(ts.MkAbs(args[0]))
	ts.Check(err)
	var z bytes.Buffer
	w := zip.NewWriter(&z)
	for _, name := range []string{"../../escape.csv", "/abs.csv", "good/inside.csv"} {
		f, err := w.Create(name)
		ts.Check(err)
		_, err = f.Write(b)
		ts.Check(err)
	}
	ts.Check(w.Close())
	write(ts, args[1], z.Bytes())
}

// bombZip OUT MIB writes an archive that expands a thousandfold.
func bombZip(ts *testscript.TestScript, neg bool, args []string) {
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	var z bytes.Buffer
	w := zip.NewWriter(&z)
	f, err := w.Create("bomb.csv")
	ts.Check(err)
	zeros := bytes.Repeat([]byte("0,0,0\n"), 1<<20/6)
	for range n {
		_, err = f.Write(zeros)
		ts.Check(err)
	}
	ts.Check(w.Close())
	write(ts, args[0], z.Bytes())
}

// deepJSON FILE DEPTH writes nested arrays.
func deepJSON(ts *testscript.TestScript, neg bool, args []string) {
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	write(ts, args[0], []byte(`{"a":`+strings.Repeat("[", n)+strings.Repeat("]", n)+"}\n"))
}

// writeBytes FILE QUOTED writes a Go-quoted string as bytes.
func writeBytes(ts *testscript.TestScript, neg bool, args []string) {
	s, err := strconv.Unquote(`"` + args[1] + `"`)
	ts.Check(err)
	write(ts, args[0], []byte(s))
}

// sameScan A.json B.json compares personas and findings of two reports, without
// file, line and offset of refs.
func sameScan(ts *testscript.TestScript, neg bool, args []string) {
	a, b := stripped(ts, args[0]), stripped(ts, args[1])
	if diff := cmp.Diff(a, b); (diff != "") != neg {
		ts.Fatalf("%s and %s: differ=%v:\n%s", args[0], args[1], diff != "", diff)
	}
}

func stripped(ts *testscript.TestScript, name string) any {
	b, err := os.ReadFile(ts.MkAbs(name))
	ts.Check(err)
	var doc map[string]any
	ts.Check(json.Unmarshal(b, &doc))
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			delete(v, "line")
			delete(v, "offset")
			delete(v, "file")
			for _, x := range v {
				walk(x)
			}
		case []any:
			for _, x := range v {
				walk(x)
			}
		}
	}
	out := map[string]any{"personas": doc["personas"], "operators": doc["operators"], "facilitators": doc["facilitators"], "screening": doc["screening"]}
	if list, ok := doc["personas"].([]any); !ok || len(list) == 0 {
		ts.Fatalf("%s has no personas", name)
	}
	walk(out)
	return out
}

// exitCode N CMD... runs a command and expects exit code N.
func exitCode(ts *testscript.TestScript, neg bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	got := 0
	if err != nil {
		e, ok := err.(interface{ ExitCode() int })
		if !ok {
			ts.Fatalf("%v", err)
		}
		got = e.ExitCode()
	}
	if got != want {
		ts.Fatalf("%s: exit code %d, want %d", strings.Join(args[1:], " "), got, want)
	}
}

// sameLines FILE FILE compares files whose lines may stand in any order.
func sameLines(ts *testscript.TestScript, neg bool, args []string) {
	sorted := func(name string) string {
		lines := strings.Split(ts.ReadFile(name), "\n")
		slices.Sort(lines)
		return strings.Join(lines, "\n")
	}
	if same := sorted(args[0]) == sorted(args[1]); same == neg {
		ts.Fatalf("%s and %s: the same lines: %v", args[0], args[1], same)
	}
}

// sameCluster FILE ID ID asks whether two rows are in one cluster.
func sameCluster(ts *testscript.TestScript, neg bool, args []string) {
	of := map[string]string{}
	for line := range strings.Lines(ts.ReadFile(args[0])) {
		id, cluster, _ := strings.Cut(strings.TrimSpace(line), ",")
		of[id] = cluster
	}
	a, b := of[args[1]], of[args[2]]
	if a == "" || b == "" || (a == b) == neg {
		ts.Fatalf("%s: %s is in %q, %s in %q", args[0], args[1], a, args[2], b)
	}
}
