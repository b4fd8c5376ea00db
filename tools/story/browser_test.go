package story

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// browserVariable names the browser, and makes a missing one an error.
const browserVariable = "CHROMIUM_PATH"

// browser is a headless Chromium.
type browser struct {
	t   *testing.T
	ctx context.Context
}

// browserPath is where the browser's program is.
func browserPath() (string, error) {
	if path := os.Getenv(browserVariable); path != "" {
		return path, nil
	}
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errors.New("no browser: install Chromium, for example with \"apt-get install chromium\", or name one in " + browserVariable)
}

// startBrowser skips the test where there is no browser.
func startBrowser(t *testing.T) *browser {
	t.Helper()
	path, err := browserPath()
	if err != nil {
		t.Skip(err)
	}
	allocated, cancel := chromedp.NewExecAllocator(background(t), append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.WindowSize(1100, 900),
		chromedp.Flag("disable-quic", true))...)
	t.Cleanup(cancel)
	ctx, cancel := chromedp.NewContext(allocated)
	t.Cleanup(cancel)
	// The browser ends with the first context that it runs with.
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}
	return &browser{t: t, ctx: ctx}
}

// do runs one action in the time that a page may take.
func do[T any](b *browser, action chromedp.Action[T]) T {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 30*time.Second)
	defer cancel()
	value, err := chromedp.Run(ctx, action)
	if err != nil {
		b.t.Fatal(err)
	}
	return value
}

// pay opens a payment page, pays with the first button that Tab reaches, and goes back
// to the shop where the page leads there.
func (b *browser) pay(url string, returns bool) {
	b.t.Helper()
	do(b, chromedp.Navigate(url))
	do(b, chromedp.KeyEvent(kb.Tab))
	if focused := do(b, chromedp.Evaluate[string](`document.activeElement.dataset.testid + " " + getComputedStyle(document.activeElement).outlineStyle`)); focused != "pay solid" {
		b.t.Errorf("Tab leads to %q, not visibly to the button that pays", focused)
	}
	do(b, chromedp.KeyEvent(kb.Enter))
	if outcome := do(b, chromedp.Text(`[data-testid="outcome"]`)); outcome == "" {
		b.t.Errorf("%s does not show that it is paid", url)
	}
	if !returns {
		return
	}
	do(b, chromedp.Click(`[data-testid="return"]`))
	if thanks := do(b, chromedp.Text("#thanks")); thanks == "" {
		b.t.Errorf("%s does not lead back to the shop", url)
	}
}

// screenshot is a picture of a whole page in a window of the given width.
func (b *browser) screenshot(url string, width int64) (png []byte) {
	b.t.Helper()
	do(b, chromedp.EmulateViewport(width, 400))
	do(b, chromedp.Navigate(url))
	return do(b, chromedp.FullScreenshot(100))
}

// expectFits fails the test if a page is wider than a phone.
func (b *browser) expectFits(url string) {
	b.t.Helper()
	do(b, chromedp.EmulateViewport(360, 740))
	do(b, chromedp.Navigate(url))
	if width := do(b, chromedp.Evaluate[int](`document.documentElement.scrollWidth`)); width > 360 {
		b.t.Errorf("%s is %d pixels wide on a phone of 360", url, width)
	}
	do(b, chromedp.ResetViewport())
}
