package invoice

import (
	"fmt"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider/attribute"
)

// Days parses two arguments of a listing, the first and the last day in UTC. An unset
// one is the zero time.
func Days(arguments map[string]string, first, last string) (from, to time.Time, err error) {
	if from, err = day(arguments, first); err == nil {
		to, err = day(arguments, last)
	}
	if err == nil && !from.IsZero() && !to.IsZero() && to.Before(from) {
		err = &ArgumentError{Name: last, Message: fmt.Sprintf("%s is before %s, %s: swap them", arguments[last], first, arguments[first])}
	}
	return from, to, err
}

func day(arguments map[string]string, name string) (time.Time, error) {
	if arguments[name] == "" {
		return time.Time{}, nil
	}
	at, err := time.Parse(attribute.DateLayout, arguments[name])
	if err != nil {
		err = &ArgumentError{Name: name, Message: err.Error()}
	}
	return at, err
}
