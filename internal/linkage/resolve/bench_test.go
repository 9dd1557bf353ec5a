package resolve_test

import (
	"context"
	"encoding/csv"
	"io"
	"iter"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"testing"
	"time"

	"muster/internal/linkage/resolve"
	"muster/internal/linkage/synth"
)

// size reads a number from the environment.
func size(b *testing.B, name string, otherwise int) int {
	s := os.Getenv(name)
	if s == "" {
		return otherwise
	}
	n, err := strconv.Atoi(s)
	if err != nil {
		b.Fatalf("%s: %v", name, err)
	}
	return n
}

// stream writes a generated file and yields its records, which must not be kept.
func stream(b *testing.B, rows int, seed uint64) iter.Seq[resolve.Record] {
	return func(yield func(resolve.Record) bool) {
		r, w := io.Pipe()
		go func() {
			_, err := synth.Write(w, rows, seed)
			w.CloseWithError(err)
		}()
		in := csv.NewReader(r)
		in.ReuseRecord = true
		for first := true; ; first = false {
			row, err := in.Read()
			if err == io.EOF {
				return
			}
			if err != nil {
				b.Error(err)
				return
			}
			if !first && !yield(resolve.Record{Key: row[0], Cells: row[2:]}) {
				r.Close()
				return
			}
		}
	}
}

// mostTraining is how many rows the model and the frequencies are learnt from.
const mostTraining = 200_000

// BenchmarkResolve asks an index of MUSTER_RESOLVE_ROWS generated records (default
// 20,000) where MUSTER_RESOLVE_QUERIES others (default 2,000) belong that are not in it,
// and then adds them. MUSTER_RESOLVE_MODEL is a recipe (default synth-tight).
func BenchmarkResolve(b *testing.B) {
	rows, queries := size(b, "MUSTER_RESOLVE_ROWS", 20_000), size(b, "MUSTER_RESOLVE_QUERIES", 2_000)
	recipeName := os.Getenv("MUSTER_RESOLVE_MODEL")
	if recipeName == "" {
		recipeName = "synth-tight"
	}
	learnt := generated(b, min(rows, mostTraining), 1)
	snap := take(b, learnt, recipe(b, recipeName), []string{"dob", "postcode_fake", "surname"}, 0)
	snap.Settings.Prior *= float64(learnt.Len()) / float64(rows)
	defer debug.SetGCPercent(debug.SetGCPercent(50))
	x, err := resolve.New(snap, synth.Columns[2:])
	if err != nil {
		b.Fatal(err)
	}
	var held []resolve.Record
	start := time.Now()
	index := func(yield func(resolve.Record) bool) {
		for r := range stream(b, rows+queries, 2) {
			if len(held) < queries { // the file is shuffled
				held = append(held, resolve.Record{Key: r.Key + "q", Cells: slices.Clone(r.Cells)})
				continue
			}
			if !yield(r) {
				return
			}
		}
	}
	if _, err := x.Load(context.Background(), index, runtime.NumCPU()); err != nil {
		b.Fatal(err)
	}
	runtime.GC()
	var mem runtime.MemStats
	runtime.ReadMemStats(&mem)
	b.Logf("%d records and %d edges loaded in %.1f s, %.2f GB in use, %d keys too broad", x.Len(), x.Edges(), time.Since(start).Seconds(), float64(mem.HeapAlloc)/1e9, len(x.Broad()))
	for b.Loop() {
		measure(b, "resolve", held, x.Resolve)
	}
	measure(b, "add", held, x.Add)
}

// measure reports how long answers take, in microseconds.
func measure(b *testing.B, what string, held []resolve.Record, ask func(resolve.Record) (resolve.Answer, error)) {
	times := make([]time.Duration, 0, len(held))
	candidates, most, matched, deferred := 0, 0, 0, 0
	start := time.Now()
	for _, r := range held {
		from := time.Now()
		a, err := ask(r)
		times = append(times, time.Since(from))
		if err != nil {
			b.Fatal(err)
		}
		candidates, most = candidates+a.Candidates, max(most, a.Candidates)
		if !a.New {
			matched++
		}
		if a.Deferred {
			deferred++
		}
	}
	all := time.Since(start)
	slices.Sort(times)
	at := func(share float64) float64 {
		return float64(times[int(share*float64(len(times)-1))].Nanoseconds()) / 1000
	}
	b.Logf("%s: p50 %.0f us, p95 %.0f us, p99 %.0f us, max %.0f us; %.1f candidates per record, %d at most; %.0f records/s; %d of %d are one with others, %d deferred",
		what, at(0.5), at(0.95), at(0.99), at(1), float64(candidates)/float64(len(held)), most, float64(len(held))/all.Seconds(), matched, len(held), deferred)
	b.ReportMetric(at(0.99), what+"-p99-us")
}
