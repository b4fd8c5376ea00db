package faults

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"time"
)

// edgeResponses are those of routers in front of a gateway that cannot route a request. None is the gateway's own "not found".
var edgeResponses = []Fault{
	ReplaceResponse("404 no such app", false, http.StatusNotFound, typeJSON, `{"error":"No such app"}`),
	ReplaceResponse("404 deployment", false, http.StatusNotFound, typeJSON,
		`{"error":{"code":"DEPLOYMENT_NOT_FOUND","message":"The deployment could not be found."}}`),
	ReplaceResponse("404 upstream", false, http.StatusNotFound, typeJSON, `{"error":"no healthy upstream"}`),
	ReplaceResponse("404 message", false, http.StatusNotFound, typeJSON, `{"message":"Not Found","statusCode":404}`),
	ReplaceResponse("404 empty", false, http.StatusNotFound, typeJSON, ""),
	ReplaceResponse("410 edge JSON", false, http.StatusGone, typeJSON, `{"error":"gone"}`),
}

// pageStatuses are those of pages that an edge may send, whether or not the gateway has
// processed the request.
var pageStatuses = []int{
	http.StatusNoContent, http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound,
	http.StatusRequestEntityTooLarge, http.StatusMisdirectedRequest, http.StatusTooEarly,
	http.StatusTooManyRequests, 460, 499,
}

func pages() []Fault {
	var all []Fault
	for _, status := range pageStatuses {
		all = append(all, after(fmt.Sprintf("page %d", status), respond(status, typeHTML, page(http.StatusText(status)))))
	}
	return all
}

// switchProtocols sends a 101, as to a WebSocket, and then is silent until the
// client has gone or the faults are over.
func switchProtocols(x *exchange) {
	conn, _, err := http.NewResponseController(x.w).Hijack()
	if err != nil {
		panic(err)
	}
	defer conn.Close()
	_, _ = io.WriteString(conn, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
	for {
		_ = conn.SetReadDeadline(time.Now().Add(100 * time.Millisecond))
		if _, err := conn.Read(make([]byte, 1)); err != nil && !errors.Is(err, os.ErrDeadlineExceeded) {
			return // the client has gone
		}
		select {
		case <-x.over:
			return
		default:
		}
	}
}

// WithoutStatus is the gateway's response without the status of any invoice in it.
// A response that is encrypted stays as it is.
var WithoutStatus = after("no status", func(x *exchange) {
	changed := newResponse()
	changed.status = x.response.status
	changed.header.Set("Content-Type", x.response.header.Get("Content-Type"))
	changed.body.Write(StripStatus(x.response.body.Bytes()))
	changed.sendTo(x.w)
})

// StripStatus returns a JSON response without the status of any invoice in it.
func StripStatus(body []byte) []byte {
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	var value any
	if !json.Valid(body) || decoder.Decode(&value) != nil {
		return body
	}
	stripped, err := json.Marshal(strip(value))
	if err != nil {
		return body
	}
	return stripped
}

// strip removes the status of each object that has an id: the others are
// envelopes.
func strip(value any) any {
	switch v := value.(type) {
	case map[string]any:
		for _, id := range []string{"id", "uuid"} {
			if _, is := v[id]; is {
				delete(v, "status")
				delete(v, "invoice_status")
			}
		}
		for name := range v {
			v[name] = strip(v[name])
		}
	case []any:
		for i := range v {
			v[i] = strip(v[i])
		}
	}
	return value
}

// Reroute sends the request to another gateway: a replica that lags behind, or another
// account.
func Reroute(name string, other http.Handler) Fault {
	return before(name, func(x *exchange) { other.ServeHTTP(x.w, x.r) })
}

// SwapResponses swaps the responses of two requests that are processed at the same time.
// A request that stays alone gets its own.
func SwapResponses() Fault {
	type waiting struct {
		response *response
		theirs   chan *response
	}
	meeting := make(chan waiting)
	return after("swapped", func(x *exchange) {
		me := waiting{x.response, make(chan *response, 1)}
		got := x.response
		select {
		case meeting <- me:
			got = <-me.theirs
		case other := <-meeting:
			other.theirs <- x.response
			got = other.response
		case <-time.After(swapTimeout):
		case <-x.over:
		}
		got.sendTo(x.w)
	})
}

const swapTimeout = 2 * time.Second

// edgeFaults are those of servers between a client and a gateway.
func edgeFaults() []Fault {
	return slices.Concat(edgeResponses, pages(), []Fault{
		before("101 and silence", switchProtocols), after("101 and silence", switchProtocols),
	})
}
