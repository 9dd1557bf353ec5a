package report

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// browser starts Chromium, or skips the test where there is none.
func browser(t *testing.T) context.Context {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "chrome"} {
		path, err := exec.LookPath(name)
		if err != nil {
			continue
		}
		opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.WindowSize(1200, 1000))
		ctx, cancel := chromedp.NewExecAllocator(t.Context(), opts...)
		t.Cleanup(cancel)
		ctx, cancel = chromedp.NewContext(ctx)
		t.Cleanup(cancel)
		ctx, cancel = context.WithTimeout(ctx, 90*time.Second)
		t.Cleanup(cancel)
		return ctx
	}
	if os.Getenv("CI") != "" {
		t.Fatal("no chromium on PATH; .ci/install chromium was to install it")
	}
	t.Skip("no chromium on PATH; install it (apt-get install chromium) to check the page in a browser")
	return nil
}

// ear is what the browser said and asked for.
type ear struct {
	mu                   sync.Mutex
	complaints, requests []string
}

func listen(ctx context.Context) *ear {
	e := &ear{}
	chromedp.ListenTarget(ctx, func(ev any) {
		e.mu.Lock()
		defer e.mu.Unlock()
		switch ev := ev.(type) {
		case *log.EventEntryAdded:
			e.complaints = append(e.complaints, ev.Entry.Text)
		case *runtime.EventExceptionThrown:
			e.complaints = append(e.complaints, ev.ExceptionDetails.Error())
		case *runtime.EventConsoleAPICalled:
			e.complaints = append(e.complaints, "console was written to")
		case *network.EventRequestWillBeSent:
			e.requests = append(e.requests, ev.Request.URL)
		}
	})
	return e
}

// TestBrowser renders the page in both colour schemes and on paper. It must ask
// the network for nothing and complain of nothing. SHOTS=DIR keeps the pictures.
func TestBrowser(t *testing.T) {
	ctx := browser(t)
	var html bytes.Buffer
	if err := HTML(&html, Build(fixture())); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write(html.Bytes())
	}))
	t.Cleanup(server.Close)

	heard := listen(ctx)
	save := func(name string, b []byte) {
		if dir := os.Getenv("SHOTS"); dir != "" {
			if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
				t.Error(err)
			}
		}
	}
	var light, dark, narrow, paper, pdf []byte
	var scripts, cases int
	var overflow bool
	scheme := func(v string) chromedp.Action {
		return emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: v}})
	}
	err := chromedp.Run(ctx,
		network.Enable(), log.Enable(), runtime.Enable(),
		scheme("light"), chromedp.Navigate(server.URL), chromedp.WaitVisible("#detectors"),
		chromedp.Evaluate(`document.querySelectorAll("script").length`, &scripts),
		chromedp.Evaluate(`document.querySelectorAll("article.case").length`, &cases),
		chromedp.FullScreenshot(&light, 100),
		scheme("dark"), chromedp.FullScreenshot(&dark, 100),
		chromedp.EmulateViewport(390, 844), chromedp.Evaluate(`document.documentElement.scrollWidth > innerWidth`, &overflow), chromedp.FullScreenshot(&narrow, 100),
		chromedp.EmulateViewport(794, 1123), emulation.SetEmulatedMedia().WithMedia("print"), chromedp.FullScreenshot(&paper, 100),
		chromedp.ActionFunc(func(ctx context.Context) error {
			var err error
			pdf, _, err = cdppage.PrintToPDF().WithPrintBackground(true).Do(ctx)
			return err
		}),
	)
	if err != nil {
		t.Fatal(err)
	}
	save("light.png", light)
	save("dark.png", dark)
	save("narrow.png", narrow)
	save("paper.png", paper)
	save("print.pdf", pdf)
	heard.mu.Lock()
	defer heard.mu.Unlock()
	if len(heard.complaints) > 0 {
		t.Errorf("the browser complains: %q", heard.complaints)
	}
	for _, r := range heard.requests {
		if r != server.URL+"/" && r != "data:," {
			t.Errorf("the page asks for %s", r)
		}
	}
	if scripts != 0 || cases != 6 || overflow {
		t.Errorf("scripts %d, case files %d, wider than a telephone %v; want 0, 6, false", scripts, cases, overflow)
	}
	if len(light) == 0 || bytes.Equal(light, dark) || !bytes.HasPrefix(pdf, []byte("%PDF")) {
		t.Error("the two colour schemes look the same, or the page does not print")
	}
}
