package pull

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/hashicorp/go-retryablehttp"
	"golang.org/x/oauth2"
	"golang.org/x/time/rate"
)

// What one answer may cost.
const (
	maxBody     = 64 << 20 // bytes of an answer
	maxTries    = 6        // of one request
	maxWait     = 15 * time.Minute
	askTimeout  = 5 * time.Minute // Fleet with software and Intune's apps take minutes
	maxErrorLen = 300
)

// errRedirect is a redirect that was not followed.
var errRedirect = errors.New("redirected to another host; the credential is not sent there. Check url")

// client asks one vendor.
type client struct {
	http      *retryablehttp.Client
	limit     *rate.Limiter
	judge     func(int, http.Header, []byte) verdict
	header    [][2]string
	now       func() time.Time
	throttled atomic.Int64 // nanoseconds spent waiting because the vendor said so
}

// newTransport returns the transport of a plan: its proxy and its authorities.
func newTransport(p *Plan, getenv func(string) string) (*http.Transport, []string, error) {
	t := &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           (&net.Dialer{Timeout: 30 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		TLSClientConfig:       &tls.Config{MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout:   30 * time.Second,
		ResponseHeaderTimeout: askTimeout,
		IdleConnTimeout:       90 * time.Second,
		ForceAttemptHTTP2:     true,
	}
	var secrets []string
	if p.Proxy != "" {
		u, err := url.Parse(p.Proxy)
		if err != nil {
			return nil, nil, errors.New("proxy: not an address")
		}
		if p.ProxyUser != "" {
			password, _, err := p.ProxyPassword.read(p.dir, getenv)
			if err != nil {
				return nil, nil, fmt.Errorf("proxy_password: %w", err)
			}
			u.User = url.UserPassword(p.ProxyUser, password)
			secrets = append(secrets, password, url.QueryEscape(password))
		}
		t.Proxy = http.ProxyURL(u)
	}
	if p.CAFile != "" {
		file := p.CAFile
		if !filepath.IsAbs(file) {
			file = filepath.Join(p.dir, file)
		}
		pem, err := os.ReadFile(file)
		if err != nil {
			return nil, nil, fmt.Errorf("ca_file: %w", err)
		}
		pool, err := x509.SystemCertPool()
		if err != nil {
			pool = x509.NewCertPool()
		}
		if !pool.AppendCertsFromPEM(pem) {
			return nil, nil, fmt.Errorf("ca_file: %s holds no PEM certificate", file)
		}
		t.TLSClientConfig.RootCAs = pool
	}
	return t, secrets, nil
}

// newClient returns a client for a vendor whose requests sign signs.
func newClient(v *Vendor, sign http.RoundTripper, opt *Options) *client {
	c := &client{limit: rate.NewLimiter(rate.Limit(v.PerSecond), max(v.Burst, 1)), judge: v.Judge, header: v.Header, now: opt.Now}
	if c.judge == nil {
		c.judge = func(status int, _ http.Header, body []byte) verdict { return verdict{byStatus(status), said(body)} }
	}
	c.http = &retryablehttp.Client{
		HTTPClient:   &http.Client{Transport: sign, CheckRedirect: sameHost, Timeout: askTimeout},
		RetryMax:     maxTries - 1,
		RetryWaitMin: opt.RetryWait,
		RetryWaitMax: 60 * time.Second,
		CheckRetry:   c.again,
		Backoff:      c.backoff,
		ErrorHandler: retryablehttp.PassthroughErrorHandler,
	}
	return c
}

// sameHost follows redirects on a host and nowhere else.
func sameHost(req *http.Request, via []*http.Request) error {
	first := via[0].URL
	if req.URL.Scheme != first.Scheme || !strings.EqualFold(req.URL.Host, first.Host) {
		return errRedirect
	}
	if len(via) > 3 {
		return errors.New("redirected more than three times; check url")
	}
	return nil
}

// again says whether a request is repeated.
func (c *client) again(ctx context.Context, resp *http.Response, err error) (bool, error) {
	if ctx.Err() != nil {
		return false, ctx.Err()
	}
	if err != nil {
		var token *oauth2.RetrieveError
		if errors.As(err, &token) && token.Response != nil && token.Response.StatusCode < 500 && token.Response.StatusCode != http.StatusTooManyRequests {
			return false, err
		}
		var ca x509.UnknownAuthorityError
		var name x509.HostnameError
		var bad x509.CertificateInvalidError
		if errors.Is(err, errRedirect) || errors.As(err, &ca) || errors.As(err, &name) || errors.As(err, &bad) {
			return false, err
		}
		return true, nil
	}
	switch {
	case resp.StatusCode >= 500 && resp.StatusCode != http.StatusNotImplemented:
		return true, nil
	case c.verdictOf(resp).outcome == throttled:
		wait, _ := asked(resp.Header, c.now())
		return wait <= maxWait, nil
	}
	return false, nil
}

// verdictOf judges an answer and leaves its body as it was.
func (c *client) verdictOf(resp *http.Response) verdict {
	if resp.StatusCode == http.StatusOK && resp.ContentLength > 64<<10 {
		return verdict{} // an error is short
	}
	head, err := io.ReadAll(io.LimitReader(resp.Body, 64<<10))
	resp.Body = struct {
		io.Reader
		io.Closer
	}{io.MultiReader(bytes.NewReader(head), resp.Body), resp.Body}
	if err != nil {
		return verdict{outcome: failed, detail: err.Error()}
	}
	return c.judge(resp.StatusCode, resp.Header, head)
}

// backoff is how long to wait: what the vendor asks for, else twice as long each time.
func (c *client) backoff(least, most time.Duration, try int, resp *http.Response) time.Duration {
	if resp != nil {
		if wait, ok := asked(resp.Header, c.now()); ok {
			wait = max(wait, least)
			c.throttled.Add(int64(wait))
			return wait
		}
	}
	wait := retryablehttp.DefaultBackoff(least, most, try, nil)
	if resp != nil && resp.StatusCode < 500 {
		c.throttled.Add(int64(wait))
	}
	return wait
}

// asked reads how long a vendor asks to wait. Retry-After is seconds or a date
// (RFC 9110, 10.2.3; Zoom writes RFC 3339 for its daily limits); the reset headers
// count as far as the budget is spent: epoch seconds (Okta, GitHub) or seconds to go.
func asked(h http.Header, now time.Time) (time.Duration, bool) {
	if v := strings.TrimSpace(h.Get("Retry-After")); v != "" {
		if n, err := strconv.ParseFloat(v, 64); err == nil && n >= 0 {
			return time.Duration(n * float64(time.Second)), true
		}
		for _, parse := range []func(string) (time.Time, error){http.ParseTime, func(s string) (time.Time, error) { return time.Parse(time.RFC3339, s) }} {
			if t, err := parse(v); err == nil {
				return max(t.Sub(now), 0), true
			}
		}
	}
	for _, name := range []string{"X-Rate-Limit", "X-Ratelimit", "Ratelimit"} {
		n, err := strconv.ParseFloat(h.Get(name+"-Reset"), 64)
		if err != nil || h.Get(name+"-Remaining") != "0" && h.Get(name+"-Remaining") != "" {
			continue
		}
		if n > 1e9 {
			return max(time.Unix(int64(n), 0).Sub(now), 0), true
		}
		return time.Duration(n * float64(time.Second)), true
	}
	return 0, false
}

// do asks for a page. An answer that is not fine is an [*APIError].
func (c *client) do(ctx context.Context, r *request) (*page, error) {
	if err := c.limit.Wait(ctx); err != nil {
		return nil, err
	}
	var body any
	if r.body != nil {
		b, err := json.Marshal(r.body)
		if err != nil {
			return nil, err
		}
		body = b
	}
	req, err := retryablehttp.NewRequestWithContext(ctx, r.method, r.url.String(), body)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", "muster")
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	for _, h := range c.header {
		req.Header.Set(h[0], h[1])
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, unreachable(r.url, err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(io.LimitReader(resp.Body, maxBody+1))
	if err != nil {
		return nil, unreachable(r.url, err)
	}
	if len(b) > maxBody {
		return nil, fmt.Errorf("%s: the answer has more than %d MB", r.url.Path, maxBody>>20)
	}
	if v := c.judge(resp.StatusCode, resp.Header, b); v.outcome != fine {
		wait, _ := asked(resp.Header, c.now())
		return nil, &APIError{Path: r.url.Path, Status: resp.StatusCode, Said: v.detail, outcome: v.outcome, wait: wait}
	}
	return &page{header: resp.Header, body: b}, nil
}
