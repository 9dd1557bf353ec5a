package pull

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"
)

// Options say how to pull.
type Options struct {
	Only      []string // names of accounts or ids of vendors; none: all
	Now       func() time.Time
	Getenv    func(string) string                                   // default os.Getenv
	Progress  func(vendor, stream string, pages, rows int)          // called from several goroutines
	RetryWait time.Duration                                         // first wait after a failure; default one second
	after     func(vendor, stream string, p *page, kept bool) error // tests: between a page's rows and its cursor (false), and after it (true)
}

// Summary is what became of one stream.
type Summary struct {
	Vendor, Stream string
	Pages, Rows    int       // received
	New            int       // written: the others were there
	From, To       time.Time // of the rows that were written; zero: they have no time
	Throttled      time.Duration
	Notes          []string
	Err            error
}

// Run pulls what a plan says into a folder. A vendor that fails does not stop the
// others; the summaries are in the order of the plan. The error is about the folder
// or the plan, not about a vendor.
func Run(ctx context.Context, dir string, p *Plan, opt Options) ([]Summary, error) {
	if opt.Now == nil {
		return nil, errors.New("pull: Options.Now is missing")
	}
	if opt.Getenv == nil {
		opt.Getenv = os.Getenv
	}
	opt.RetryWait = cmp.Or(opt.RetryWait, time.Second)
	unlock, err := lock(filepath.Join(dir, ".muster-pull.lock"))
	if err != nil {
		return nil, err
	}
	defer unlock()
	st, err := loadState(dir)
	if err != nil {
		return nil, err
	}
	base, proxySecrets, err := newTransport(p, opt.Getenv)
	if err != nil {
		return nil, err
	}
	defer base.CloseIdleConnections()
	results := make([][]Summary, len(p.Vendors))
	var wg sync.WaitGroup
	slots := make(chan struct{}, 4) // accounts beside each other; each is asked one request at a time
	for i := range p.Vendors {
		if e := &p.Vendors[i]; chosen(e, opt.Only) {
			wg.Go(func() {
				slots <- struct{}{}
				defer func() { <-slots }()
				results[i] = account{plan: p, entry: e, dir: dir, state: st, opt: &opt, hidden: &hidden{texts: slices.Clone(proxySecrets)}}.pull(ctx, base)
			})
		}
	}
	wg.Wait()
	return slices.Concat(results...), ctx.Err()
}

func chosen(e *Entry, only []string) bool {
	return len(only) == 0 || slices.Contains(only, e.Name) || slices.Contains(only, e.Vendor)
}

// account is the pulling of one account.
type account struct {
	plan   *Plan
	entry  *Entry
	dir    string
	state  *state
	opt    *Options
	hidden *hidden
	client *client
}

func (a account) pull(ctx context.Context, base http.RoundTripper) []Summary {
	var out []Summary
	e := a.entry
	values, texts, warnings, err := secretsOf(e, a.plan.dir, a.opt.Getenv)
	a.hidden.add(texts...)
	var sign http.RoundTripper
	if err == nil {
		sign, err = e.vendor.Auth(ctx, access{e, values, base, a.hidden})
	}
	if err != nil {
		return []Summary{{Vendor: e.Name, Err: a.safe(err)}}
	}
	a.client = newClient(e.vendor, sign, a.opt)
	for _, s := range e.streams() {
		if ctx.Err() != nil {
			break
		}
		sum := Summary{Vendor: e.Name, Stream: s.Name, Notes: warnings}
		warnings = nil
		before := a.client.throttled.Load()
		err := a.stream(ctx, s, &sum)
		sum.Throttled = time.Duration(a.client.throttled.Load() - before)
		if err != nil {
			sum.Err = a.safe(advise(err, e.vendor, s, a.opt.Now()))
		}
		out = append(out, sum)
		if x := (*APIError)(nil); errors.As(err, &x) && (x.Status == http.StatusUnauthorized || x.Path == "the token service") {
			break // every other stream would say the same
		}
	}
	return out
}

// safe takes the account's secrets out of an error: a vendor may repeat what it was
// sent.
func (a account) safe(err error) error {
	if s := a.hidden.hide(err.Error()); s != err.Error() {
		return errors.New(s)
	}
	return err
}

// reading is one stream being read.
type reading struct {
	account
	s       *Stream
	name    string // in the file of cursors
	out     *output
	cur     cursor
	sum     *Summary
	restart int
}

func (a account) stream(ctx context.Context, s *Stream, sum *Summary) error {
	out, err := newOutput(filepath.Join(a.dir, a.entry.Name), s)
	if err != nil {
		return err
	}
	defer out.close()
	r := &reading{account: a, s: s, name: a.entry.Name + "/" + s.Name, out: out, sum: sum}
	r.cur = a.state.get(r.name)
	resumed := r.cur.Pass != nil && !s.Snapshot
	for {
		err := r.read(ctx)
		if err == nil && resumed {
			resumed = false // what was broken off is read; now what came since
			continue
		}
		if err == nil {
			return nil
		}
		// A cursor or token that the vendor no longer takes: everything again, once. Rows
		// that are there are not doubled.
		if !errors.Is(err, errStale) || r.restart > 0 {
			return err
		}
		r.restart++
		r.sum.Notes = append(r.sum.Notes, "the vendor no longer knew the cursor; read again from the start")
		r.cur.Pass, r.cur.Token = nil, ""
		r.out.drop()
	}
}

// errStale marks an error that a fresh start may cure.
var errStale = errors.New("stale cursor")

func (r *reading) read(ctx context.Context) error {
	now := r.opt.Now().UTC()
	from, note := start(r.plan, r.entry, r.s, &r.cur, now)
	if note != "" {
		r.sum.Notes = append(r.sum.Notes, note)
	}
	if r.s.Snapshot {
		r.cur.Pass = nil // half a snapshot is none
	}
	if r.cur.Pass == nil {
		r.cur.Pass = &pass{From: from, To: now}
	}
	if !r.s.Snapshot {
		if err := r.out.recall(r.cur.Pass.From); err != nil {
			return err
		}
	}
	first := r.cur.Pass.From
	for {
		in := span{r.cur.Pass.From, r.cur.Pass.To}
		last := true
		if r.s.Window > 0 && in.to.Sub(in.from) > r.s.Window {
			in.to, last = in.from.Add(r.s.Window), false
		}
		if err := r.pages(ctx, in); err != nil {
			return err
		}
		if last {
			break
		}
		r.cur.Pass.From, r.cur.Pass.Next = in.to, ""
	}
	if r.s.Snapshot {
		kept, err := r.out.finish()
		if err != nil {
			return err
		}
		if kept {
			r.sum.Notes = append(r.sum.Notes, "the list is empty now; the file of last time is kept")
		}
	}
	high := r.cur.Pass.High
	if high.IsZero() {
		high = first
	}
	if high.After(now) {
		high = now
	}
	if high.After(r.cur.Watermark) {
		r.cur.Watermark = high
	}
	r.cur.Pass, r.cur.Done = nil, now
	return r.state.put(r.name, r.cur)
}

// maxEmpty is how many pages in a row may be empty before a list is taken for one
// without an end. Okta's may be empty now and then.
const maxEmpty = 50

// pages reads a span to its end.
func (r *reading) pages(ctx context.Context, in span) error {
	for empty := 0; ; {
		p, err := r.page(ctx, in)
		if err != nil {
			return err
		}
		if empty++; len(p.rows) > 0 {
			empty = 0
		}
		rows, older := r.within(p.rows, in.from)
		if rows, err = r.each(ctx, rows, in); err != nil {
			return err
		}
		if err := r.write(rows); err != nil {
			return err
		}
		next := r.s.Paging.next(p)
		switch {
		case older || next == "":
			next = ""
		case next == p.at:
			return fmt.Errorf("the next page of %s is the page itself; the vendor's paging has changed", r.s.Path)
		case empty >= maxEmpty:
			return fmt.Errorf("%d pages of %s in a row are empty, and it does not end", empty, r.s.Path)
		}
		if err := r.keep(p, next); err != nil {
			return err
		}
		if next == "" {
			return nil
		}
	}
}

// page asks for the page at the cursor.
func (r *reading) page(ctx context.Context, in span) (*page, error) {
	req, err := r.s.ask(r.entry, in)
	if err != nil {
		return nil, err
	}
	if t := r.s.Token; t != nil && r.cur.Token != "" {
		req.param(t.param, r.cur.Token)
	}
	at := r.cur.Pass.Next
	if at != "" {
		if err := r.s.Paging.set(req, at); err != nil {
			return nil, err
		}
	}
	p, err := r.client.do(ctx, req)
	if err != nil {
		if (at != "" || r.s.Token != nil && r.cur.Token != "") && stale(err) {
			return nil, fmt.Errorf("%w: %w", errStale, err)
		}
		return nil, err
	}
	p.at = at
	if p.rows, err = rowsOf(p.body, r.s.Rows); err != nil {
		return nil, fmt.Errorf("%s: %w", req.url.Path, err)
	}
	r.sum.Pages++
	r.sum.Rows += len(p.rows)
	return p, nil
}

// keep notes how far the stream has been read, after its rows are on the disk.
func (r *reading) keep(p *page, next string) error {
	if r.opt.after != nil {
		if err := r.opt.after(r.sum.Vendor, r.sum.Stream, p, false); err != nil {
			return err
		}
	}
	r.cur.Pass.Next = next
	if t := r.s.Token; t != nil && next == "" {
		if token := text(p.body, t.field); token != "" {
			r.cur.Token = token
		}
	}
	if r.opt.Progress != nil {
		r.opt.Progress(r.sum.Vendor, r.sum.Stream, r.sum.Pages, r.sum.Rows)
	}
	if r.s.Snapshot || next == "" && r.s.Token != nil {
		return nil // kept with the end of the pass
	}
	if err := r.state.put(r.name, r.cur); err != nil {
		return err
	}
	if r.opt.after != nil {
		return r.opt.after(r.sum.Vendor, r.sum.Stream, p, true)
	}
	return nil
}
