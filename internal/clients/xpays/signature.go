package xpays

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/transport"
)

// What is signed for a request without a body. The page on signing serializes an empty
// text; whether every server does is not documented.
const (
	emptyText = `""`
	nothing   = ""
)

// What the gateway has been observed to sign for a request without a body.
const (
	emptyUnsettled int32 = iota
	emptyIsText
	emptyIsNothing
)

// signature signs a request: the hexadecimal HMAC-SHA256 of time, method, address and
// body, with the secret key. The rule is published by a sister brand on the same
// platform, https://payment-document-6bc.pages.dev/signature-example.
func signature(secretKey, timestamp, method, address, body string) string {
	mac := hmac.New(sha256.New, []byte(secretKey))
	mac.Write([]byte(strings.Join([]string{timestamp, method, address, body}, "|")))
	return hex.EncodeToString(mac.Sum(nil))
}

// authorize signs one attempt with the current time.
func (c *Client) authorize(req *http.Request, body []byte) {
	c.sign(req, string(body))
}

func (c *Client) sign(req *http.Request, body string) {
	timestamp := strconv.FormatInt(time.Now().UnixMilli(), 10)
	req.Header.Set("x-api-key", c.apiKey)
	req.Header.Set("x-timestamp", timestamp)
	req.Header.Set("x-signature", signature(c.secretKey, timestamp, req.Method, addressOf(req), body))
}

// addressOf returns the absolute URL on the wire.
func addressOf(req *http.Request) string {
	host := req.Host
	if host == "" {
		host = req.URL.Host
	}
	return req.URL.Scheme + "://" + host + req.URL.RequestURI()
}

// sendWithoutBody sends a call without a body. Until it is known how the gateway signs
// one, a call that is rejected as unauthorized is sent once more with the other
// signature.
func (c *Client) sendWithoutBody(ctx context.Context, call transport.Call) (*transport.Response, error) {
	settled := c.emptyBody.Load()
	if settled == emptyIsNothing {
		return c.sendSigned(ctx, call, nothing)
	}
	resp, err := c.sendSigned(ctx, call, emptyText)
	if err != nil || settled == emptyIsText {
		return resp, err
	}
	if resp.Status != http.StatusUnauthorized {
		c.settle(resp, emptyIsText)
		return resp, nil
	}
	if other, err := c.sendSigned(ctx, call, nothing); err == nil && other.Status != http.StatusUnauthorized {
		c.settle(other, emptyIsNothing)
		return other, nil
	}
	return resp, nil
}

// settle records how a call was signed that the gateway has accepted.
func (c *Client) settle(resp *transport.Response, reading int32) {
	if resp.OK() {
		c.emptyBody.Store(reading)
	}
}

func (c *Client) sendSigned(ctx context.Context, call transport.Call, body string) (*transport.Response, error) {
	call.Authorize = func(req *http.Request, _ []byte) { c.sign(req, body) }
	return c.http.Do(ctx, call)
}
