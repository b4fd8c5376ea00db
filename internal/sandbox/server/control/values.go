package control

import (
	"errors"
	"fmt"
	"net/url"
	"time"
)

// maxAdvance limits one step of the clock to a hundred years.
const maxAdvance = 100 * 365 * 24 * time.Hour

// ParseAdvance parses how far to move the clock. The error completes a sentence that
// starts with the name of the value.
func ParseAdvance(text string) (time.Duration, error) {
	by, err := time.ParseDuration(text)
	if err != nil || by <= 0 || by > maxAdvance {
		return 0, fmt.Errorf("must be a duration above zero such as 90m or 48h, at most %.0fh, not %q", maxAdvance.Hours(), text)
	}
	return by, nil
}

// CheckURL rejects what cannot be the address of a webhook.
func CheckURL(text string) error {
	address, err := url.Parse(text)
	switch {
	case err != nil:
		return fmt.Errorf("%q is not a URL", text)
	case address.Scheme != "http" && address.Scheme != "https", address.Host == "":
		return fmt.Errorf("%q is not an http or https URL with a host", text)
	case address.Fragment != "":
		return errors.New("a webhook URL must not have a fragment")
	}
	return nil
}
