package frame

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
	"time"
)

// endless yields head, then body n times, then tail.
type endless struct {
	head, body, tail string
	n                int
	cur              *strings.Reader
}

func (e *endless) Read(p []byte) (int, error) {
	for {
		if e.cur != nil && e.cur.Len() > 0 {
			return e.cur.Read(p)
		}
		switch {
		case e.cur == nil:
			e.cur = strings.NewReader(e.head)
		case e.n > 0:
			e.n--
			e.cur = strings.NewReader(e.body)
		case e.tail != "":
			e.cur = strings.NewReader(e.tail)
			e.tail = ""
		default:
			return 0, io.EOF
		}
	}
}

// TestFlatMemory frames 256 MiB of several kinds, also in single lines and
// records, and looks at the heap while it does.
func TestFlatMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("frames more than a gigabyte")
	}
	const total, budget = 256 << 20, 48 << 20
	pad := strings.Repeat("x", 64<<10)
	event := `{"a":1,"pad":"` + strings.Repeat("y", 4000) + `"}`
	n := total / len(event)
	tests := []struct {
		name   string
		in     endless
		rows   int
		faults int
	}{
		{"ndjson", endless{body: event + "\n", n: n}, n, 0},
		{"array on one line", endless{head: "[" + event, body: "," + event, n: n - 1, tail: "]"}, n, 0},
		{"envelope on one line", endless{head: `{"next":null,"value":[` + event, body: "," + event, n: n - 1, tail: "]}"}, n, 0},
		{"one long line among lines", endless{head: "{\"a\":1}\n{\"a\":\"", body: pad, n: total / len(pad), tail: "\"}\n{\"a\":3}\n"}, 2, 1},
		{"csv", endless{head: "name,email\n", body: "Kim," + pad[:4000] + "\n", n: total / 4000}, total / 4000, 0},
		{"csv with a long line", endless{head: "name,email\nKim,kim@example.com\nLee,", body: pad, n: total / len(pad), tail: "\nAda,ada@example.com\n"}, 2, 1},
		{"csv with an endless quote", endless{head: "name,email\nKim,kim@example.com\nLee,\"", body: pad, n: total / len(pad), tail: "\nAda,ada@example.com\n"}, 2, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			rows, faults := 0, 0
			var most uint64
			opt := Options{IsHeader: knownHeader, Limits: DefaultLimits()}
			o := &opener{cancelled: context.Background().Err, opt: &opt}
			var base runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&base)
			o.visit = func(s *Stream) error {
				last := 0
				for b := range s.Batches(context.Background()) {
					rows += len(b.Rows)
					faults += len(b.Faults)
					if len(b.Faults) > 0 || rows-last > 8000 {
						last = rows
						runtime.GC()
						var now runtime.MemStats
						runtime.ReadMemStats(&now)
						most = max(most, now.HeapAlloc-min(base.HeapAlloc, now.HeapAlloc))
					}
				}
				return nil
			}
			if err := o.reader(&tt.in, nil, "x", time.Time{}, 0); err != nil {
				t.Fatal(err)
			}
			if rows != tt.rows || faults != tt.faults {
				t.Errorf("%d rows and %d faults, want %d and %d", rows, faults, tt.rows, tt.faults)
			}
			if most > budget {
				t.Errorf("heap grew by %s", fmt.Sprint(most>>20, " MiB"))
			}
		})
	}
}
