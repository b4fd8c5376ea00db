package transport

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflog"
)

// maxBody limits a response. A page of 100 invoices takes a tenth of it.
const maxBody = 4 << 20

var errTruncated = errors.New("the response broke off")

var errTooLarge = fmt.Errorf("the response is larger than %d MiB", maxBody>>20)

func isTooLarge(err error) bool { return errors.Is(err, errTooLarge) }

// attempt sends one attempt, reads its whole response and logs it. A body that breaks
// off, or comes too slowly, is therefore a failed attempt.
type attempt struct {
	client  *Client
	network http.RoundTripper
}

func (a *attempt) RoundTrip(req *http.Request) (*http.Response, error) {
	p := callStateOf(req.Context())
	p.attempts++
	p.sentAt = time.Now()
	resp, err := a.exchange(req)
	a.log(req, p, resp, err)
	return resp, err
}

func (a *attempt) exchange(req *http.Request) (*http.Response, error) {
	sent := time.Now()
	resp, err := a.network.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	a.client.clock.observe(resp.Header, sent, time.Now())
	stream := resp.Body
	defer func() { _ = stream.Close() }()
	body, err := readBody(resp)
	if err != nil {
		return nil, err
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	callStateOf(req.Context()).response = &Response{Status: resp.StatusCode, Header: resp.Header, Body: body}
	return resp, nil
}

// readBody reads the whole body of a response. After a protocol switch, the body is the
// connection itself, which may stay silent, so it is not read.
func readBody(resp *http.Response) ([]byte, error) {
	if resp.StatusCode == http.StatusSwitchingProtocols {
		return nil, nil
	}
	if resp.ContentLength > maxBody {
		return nil, errTooLarge
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxBody+1))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errTruncated, err)
	}
	if len(body) > maxBody {
		return nil, errTooLarge
	}
	return body, nil
}

func (a *attempt) log(req *http.Request, p *callState, resp *http.Response, err error) {
	fields := map[string]any{
		"gateway":     a.client.name,
		"operation":   p.call.Operation,
		"method":      req.Method,
		"path":        req.URL.Path,
		"attempt":     p.attempts,
		"duration_ms": time.Since(p.sentAt).Milliseconds(),
	}
	if ended := req.Context().Err(); err != nil && ended != nil {
		err = ended // net/http may say otherwise
	}
	if err != nil {
		fields["error"] = a.client.quote(explainNetwork(withoutURL(err)), causeLength)
		tflog.Debug(req.Context(), "No response from the gateway", fields)
		return
	}
	fields["status"] = resp.StatusCode
	tflog.Debug(req.Context(), "Response from the gateway", fields)
}
