package wire

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
)

// RequestError is a problem with a request at any gateway. Each gateway reports it in
// its own form.
type RequestError struct {
	Status  int    // of HTTP
	Field   string // the member or the parameter; "" if it is about the whole request
	Message string
}

func (e *RequestError) Error() string { return e.Message }

// ReadParameters parses the query of a request. It rejects unknown and repeated
// parameters.
func ReadParameters(r *http.Request, known ...string) (url.Values, error) {
	query := r.URL.Query()
	for name, values := range query {
		if !slices.Contains(known, name) {
			return nil, &RequestError{http.StatusBadRequest, name, "Unknown parameter: " + name}
		}
		if len(values) > 1 {
			return nil, &RequestError{http.StatusBadRequest, name, name + " must not be repeated"}
		}
	}
	return query, nil
}

// ReadNumber parses a parameter that is a number from least to most; byDefault if it is
// missing.
func ReadNumber(query url.Values, name string, least, most, byDefault int) (int, error) {
	if !query.Has(name) {
		return byDefault, nil
	}
	number, err := strconv.Atoi(query.Get(name))
	if err != nil || number < least || number > most {
		return 0, &RequestError{http.StatusBadRequest, name, fmt.Sprintf("%s must be an integer from %d to %d", name, least, most)}
	}
	return number, nil
}

// ReadMembers parses a body that is a JSON object. It rejects unknown members.
func ReadMembers(r *http.Request, known ...string) (*Object, error) {
	body, err := ReadObject(r)
	switch {
	case errors.Is(err, ErrNotJSON):
		return nil, &RequestError{http.StatusUnsupportedMediaType, "", "Content-Type must be application/json"}
	case errors.Is(err, ErrTooLarge):
		return nil, &RequestError{http.StatusRequestEntityTooLarge, "", "The body is too large"}
	case err != nil:
		return nil, &RequestError{http.StatusBadRequest, "", err.Error()}
	}
	if unknown := body.Unknown(known...); len(unknown) > 0 {
		return nil, &RequestError{http.StatusBadRequest, unknown[0], "Unknown field: " + unknown[0]}
	}
	return body, nil
}

// ReadNothing rejects a request with a body.
func ReadNothing(r *http.Request) error {
	if body, err := ReadBody(r); err != nil || len(body) > 0 {
		return &RequestError{http.StatusBadRequest, "", "This route takes no body"}
	}
	return nil
}
