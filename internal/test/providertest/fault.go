package providertest

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
)

// Fault is middleware that replaces or changes a gateway's response.
type Fault func(next http.Handler) http.Handler

// Matcher selects requests. It may read the body.
type Matcher func(*http.Request) bool

// InjectFault returns middleware that injects a fault into the chosen requests, this many
// times per gateway. A negative number means always.
func InjectFault(times int, chosen Matcher, fault Fault) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		var mu sync.Mutex
		left, faulty := times, fault(next)
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			mu.Lock()
			struck := left != 0 && chosen(r)
			if struck {
				left--
			}
			mu.Unlock()
			if struck {
				faulty.ServeHTTP(w, r)
				return
			}
			next.ServeHTTP(w, r)
		})
	}
}

// DropConnection ends the connection before the gateway sees the request.
func DropConnection(http.Handler) http.Handler {
	return http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
}

// LoseResponse ends the connection after the gateway has processed the request.
func LoseResponse(next http.Handler) http.Handler {
	return http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(httptest.NewRecorder(), r)
		panic(http.ErrAbortHandler)
	})
}

// Truncate sends half of the gateway's response and ends the connection.
func Truncate(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		recorder := httptest.NewRecorder()
		next.ServeHTTP(recorder, r)
		body := recorder.Body.Bytes()
		w.Header().Set("Content-Type", recorder.Header().Get("Content-Type"))
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		w.WriteHeader(recorder.Code)
		_, _ = w.Write(body[:len(body)/2])
		_ = http.NewResponseController(w).Flush() // or nothing of it is sent
		panic(http.ErrAbortHandler)
	})
}

// Respond responds in place of the gateway, which does not see the request.
func Respond(status int, contentType, body string) Fault {
	return func(http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { writeResponse(w, status, contentType, body) })
	}
}

// RespondAfter does the same after the gateway has processed the request.
func RespondAfter(status int, contentType, body string) Fault {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			next.ServeHTTP(httptest.NewRecorder(), r)
			writeResponse(w, status, contentType, body)
		})
	}
}

func writeResponse(w http.ResponseWriter, status int, contentType, body string) {
	w.Header().Set("Content-Type", contentType)
	w.WriteHeader(status)
	_, _ = w.Write([]byte(body))
}

// Rewrite changes the body of the gateway's response.
func Rewrite(change func(r *http.Request, body string) string) Fault {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			answer := httptest.NewRecorder()
			next.ServeHTTP(answer, r)
			writeResponse(w, answer.Code, answer.Header().Get("Content-Type"), change(r, answer.Body.String()))
		})
	}
}
