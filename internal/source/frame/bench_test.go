package frame

import (
	"bufio"
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// benchNDJSON is 64 MiB of lines the size of a sign-in event.
func benchNDJSON() []byte {
	var b bytes.Buffer
	for i := 0; b.Len() < 64<<20; i++ {
		fmt.Fprintf(&b, `{"uuid":"%08d-0000-4000-8000-000000000000","published":"2026-03-01T08:00:00.000Z","eventType":"user.session.start",`+
			`"actor":{"id":"u%d","type":"User","alternateId":"user%d@example.com"},"client":{"ipAddress":"192.0.2.%d","userAgent":{"rawUserAgent":"Mozilla/5.0 (X11; Linux x86_64)"},`+
			`"geographicalContext":{"city":"Springfield","country":"United States","geolocation":{"lat":39.8,"lon":-89.6}}},"outcome":{"result":"SUCCESS"},`+
			`"target":[{"id":"a","type":"AppInstance"},{"id":"b","type":"AppUser"}],"pad":"%s"}`+"\n", i, i, i%500, i%256, strings.Repeat("x", 700))
	}
	return b.Bytes()
}

func benchCSV() []byte {
	var b bytes.Buffer
	b.WriteString("name,email,city,start,salary,note\n")
	for i := 0; b.Len() < 64<<20; i++ {
		fmt.Fprintf(&b, "Person %d,user%d@example.com,Springfield,2026-03-%02d,%d,\"Main Street %d, Flat 2\"\n", i, i, i%28+1, i*10, i)
	}
	return b.Bytes()
}

func benchFile(b *testing.B, data []byte) string {
	b.Helper()
	path := filepath.Join(b.TempDir(), "bench.dat")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(data)))
	return path
}

func benchWalk(b *testing.B, path string) {
	b.ReportAllocs()
	for b.Loop() {
		rows := 0
		err := Walk(context.Background(), []string{path}, Options{IsHeader: knownHeader}, func(s *Stream) error {
			for batch := range s.Batches(context.Background()) {
				rows += len(batch.Rows)
				if len(batch.Faults) > 0 {
					return batch.Faults[0]
				}
			}
			return nil
		})
		if err != nil || rows < 1000 {
			b.Fatal(rows, err)
		}
	}
}

func BenchmarkNDJSON(b *testing.B) { benchWalk(b, benchFile(b, benchNDJSON())) }

func BenchmarkNDJSONScanner(b *testing.B) {
	path := benchFile(b, benchNDJSON())
	for b.Loop() {
		f, err := os.Open(path)
		if err != nil {
			b.Fatal(err)
		}
		s := bufio.NewScanner(f)
		s.Buffer(make([]byte, 1<<20), 1<<20)
		rows := 0
		for s.Scan() {
			rows++
		}
		f.Close()
		if rows < 1000 {
			b.Fatal(rows)
		}
	}
}

func BenchmarkJSONArray(b *testing.B) {
	data := append([]byte{'['}, bytes.ReplaceAll(bytes.TrimSpace(benchNDJSON()), []byte("\n"), []byte(",\n"))...)
	benchWalk(b, benchFile(b, append(data, ']')))
}

func BenchmarkJSONArrayDecoder(b *testing.B) {
	data := append([]byte{'['}, bytes.ReplaceAll(bytes.TrimSpace(benchNDJSON()), []byte("\n"), []byte(",\n"))...)
	path := benchFile(b, append(data, ']'))
	for b.Loop() {
		f, err := os.Open(path)
		if err != nil {
			b.Fatal(err)
		}
		dec := json.NewDecoder(f)
		if _, err := dec.Token(); err != nil {
			b.Fatal(err)
		}
		for dec.More() {
			var raw json.RawMessage
			if err := dec.Decode(&raw); err != nil {
				b.Fatal(err)
			}
		}
		f.Close()
	}
}

func BenchmarkCSV(b *testing.B) { benchWalk(b, benchFile(b, benchCSV())) }

func BenchmarkCSVEncoding(b *testing.B) {
	path := benchFile(b, benchCSV())
	b.ReportAllocs()
	for b.Loop() {
		f, err := os.Open(path)
		if err != nil {
			b.Fatal(err)
		}
		r := csv.NewReader(bufio.NewReaderSize(f, 1<<20))
		for {
			if _, err := r.Read(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				b.Fatal(err)
			}
		}
		f.Close()
	}
}
