package cli

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"syscall"
	"time"

	"muster/internal/config"
	"muster/internal/record"
	"muster/internal/scan"
	"muster/internal/simulate"
	"muster/internal/source"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

type benchCmd struct {
	Scan    benchScanCmd    `cmd:"" help:"Scan an invented company; beside it, plain encoding/json on the same sign-ins."`
	Convert benchConvertCmd `cmd:"" help:"Convert files of growing size and print the memory each took."`
	Link    benchLinkCmd    `cmd:"" help:"Link invented rows, or a CSV file, by a benchmark model and print what each stage took."`
}

type benchScanCmd struct {
	Staff      int     `default:"10000" help:"People on the roster."`
	Candidates int     `default:"10000" help:"People who applied."`
	SignIns    float64 `name:"sign-ins" default:"3" help:"Sign-ins of a person per working day."`
	Dir        string  `help:"Folder to keep the company in; default: a temporary one."`
}

func (c *benchScanCmd) Run(e *env) error {
	dir, clean, err := workDir(c.Dir)
	if err != nil {
		return err
	}
	defer clean()
	exports := filepath.Join(dir, "exports")
	if _, err := os.Stat(exports); err != nil {
		p := newProgress(e)
		_, err := simulate.Company(simulate.Options{
			Seed: 1, Staff: c.Staff, Candidates: c.Candidates, Fraud: true, Operators: 3, Lone: 5, Twins: 5, Notice: true, SignInsPerDay: c.SignIns,
			Progress: func(stage string, done, total int) { p.step("writing "+stage, "") },
		}, dir)
		p.done()
		if err != nil {
			return err
		}
	}
	st, err := config.Load(filepath.Join(exports, config.FileName))
	if err != nil {
		return err
	}
	collectSeldom(false)
	opt := scan.Options{Roots: []string{exports}, Settings: st, Now: time.Now(), Key: []byte("bench")}
	base := liveHeap()
	m := begin()
	set, _, err := scan.Read(e.ctx, opt)
	if err != nil {
		return err
	}
	read := m.end()
	full := liveHeap()
	rows := set.Sessions.Len()
	set.Sessions = record.SessionTable{}
	rest := liveHeap()
	runtime.KeepAlive(set) // or all of it would be gone by now
	fmt.Fprintf(e.stdout, "read and seal   %s; %d sign-ins kept at %.1f bytes each above the other records (%.0f MB)\n", read, rows, float64(full-rest)/float64(max(rows, 1)), float64(rest-base)/1e6)
	m = begin()
	res, err := scan.Run(e.ctx, opt)
	if err != nil {
		return err
	}
	fmt.Fprintf(e.stdout, "whole scan      %s; %d personas, %d sign-ins, %d findings\n", m.end(), len(res.Graph.Personas), res.Set.Sessions.Len(), len(res.Findings))
	res = nil
	m = begin()
	n, bytes, err := decodeAll(filepath.Join(exports, "okta"))
	if err != nil {
		return err
	}
	took := m.end()
	fmt.Fprintf(e.stdout, "encoding/json   %s; the same %d sign-in events (%.0f MB) into map[string]any, one goroutine, nothing else done\n", took, n, float64(bytes)/1e6)
	return nil
}

// measure holds the start of a measured stretch.
type measure struct {
	wall time.Time
	cpu  time.Duration
}

func begin() measure {
	runtime.GC()
	return measure{time.Now(), cpuTime()}
}

// end returns what the stretch took, for printing.
func (m measure) end() string {
	return fmt.Sprintf("%.1f s, %.1f CPU s, peak %.0f MB resident", time.Since(m.wall).Seconds(), (cpuTime() - m.cpu).Seconds(), float64(peakRSS())/1e6)
}

func cpuTime() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// peakRSS returns the largest resident size of the process so far, in bytes.
func peakRSS() int64 {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	if runtime.GOOS == "darwin" {
		return u.Maxrss
	}
	return u.Maxrss << 10
}

// liveHeap returns the bytes in use after a collection.
func liveHeap() int64 {
	debug.FreeOSMemory()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// decodeAll decodes every NDJSON line of a folder the plain way.
func decodeAll(dir string) (n int, bytes int64, err error) {
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		return 0, 0, err
	}
	for _, name := range files {
		f, err := os.Open(name)
		if err != nil {
			return n, bytes, err
		}
		r, err := unpacked(f, name)
		if err != nil {
			return n, bytes, err
		}
		lines := bufio.NewScanner(r)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			var v map[string]any
			if json.Unmarshal(lines.Bytes(), &v) == nil {
				n++
			}
			bytes += int64(len(lines.Bytes()))
		}
		f.Close()
		if err := lines.Err(); err != nil {
			return n, bytes, err
		}
	}
	return n, bytes, nil
}

func unpacked(f io.Reader, name string) (io.Reader, error) {
	switch {
	case strings.HasSuffix(name, ".gz"):
		return gzip.NewReader(f)
	case strings.HasSuffix(name, ".zst"):
		return zstd.NewReader(f)
	}
	return f, nil
}

func workDir(dir string) (string, func(), error) {
	if dir != "" {
		return dir, func() {}, os.MkdirAll(dir, 0o755)
	}
	dir, err := os.MkdirTemp("", "muster-bench-")
	return dir, func() { os.RemoveAll(dir) }, err
}

type benchConvertCmd struct {
	Rows int `default:"100000" help:"Rows of the smallest file; the others have four and sixteen times as many."`
}

func (c *benchConvertCmd) Run(e *env) error {
	dir, clean, err := workDir("")
	if err != nil {
		return err
	}
	defer clean()
	st, err := config.Load("")
	if err != nil {
		return err
	}
	fmt.Fprintln(e.stdout, "rows      input MB  live heap MB at most  seconds  MB/CPU s")
	for _, rows := range []int{c.Rows, 4 * c.Rows, 16 * c.Rows} {
		path := filepath.Join(dir, "sign-ins.ndjson")
		size, err := writeSignIns(path, rows)
		if err != nil {
			return err
		}
		srcOpt, err := scan.SourceOptions(scan.Options{Settings: st, Now: time.Now(), Key: []byte("bench")})
		if err != nil {
			return err
		}
		w := record.NewWriter(io.Discard)
		m := begin()
		peak, n := int64(0), 0
		_, err = source.Read(e.ctx, []string{path}, srcOpt, func(r record.Record) error {
			if n++; n%(rows/8) == 0 {
				peak = max(peak, liveHeap())
			}
			return w.Write(r)
		})
		if err != nil {
			return err
		}
		fmt.Fprintf(e.stdout, "%-9d %-9.0f %-21.1f %-8.1f %.0f\n", n, float64(size)/1e6, float64(peak)/1e6, time.Since(m.wall).Seconds(), float64(size)/1e6/(cpuTime()-m.cpu).Seconds())
	}
	return nil
}

// writeSignIns writes sign-in events in the Okta System Log's shape.
func writeSignIns(path string, rows int) (int64, error) {
	f, err := os.Create(path)
	if err != nil {
		return 0, err
	}
	w := bufio.NewWriterSize(f, 1<<20)
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range rows {
		fmt.Fprintf(w, `{"uuid":"%08x-0000-4000-8000-%012x","published":"%s","eventType":"user.session.start","version":"0","severity":"INFO","displayMessage":"User login to Okta","actor":{"id":"00u%08d","type":"User","alternateId":"worker%d@example.com","displayName":"Worker %d"},"client":{"userAgent":{"rawUserAgent":"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/142.0.0.0 Safari/537.36","os":"Windows 10","browser":"CHROME"},"zone":"null","device":"Computer","id":null,"ipAddress":"198.18.%d.%d","geographicalContext":{"city":"Springfield","state":"Illinois","country":"United States","postalCode":"62701","geolocation":{"lat":39.8,"lon":-89.6}}},"outcome":{"result":"SUCCESS","reason":null},"securityContext":{"asNumber":64500,"asOrg":"example isp","isp":"example isp","domain":"example.net","isProxy":false},"debugContext":{"debugData":{"requestUri":"/api/v1/authn","deviceFingerprint":"%016x"}},"authenticationContext":{"externalSessionId":"s%012d"},"target":null}`+"\n",
			i, i, at.Add(time.Duration(i)*time.Second).Format("2006-01-02T15:04:05.000Z"), i%5000, i%5000, i%5000, i/250%250, i%250, i%5000, i)
	}
	if err := w.Flush(); err != nil {
		return 0, err
	}
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	return info.Size(), f.Close()
}
