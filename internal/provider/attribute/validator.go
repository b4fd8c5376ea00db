package attribute

import (
	"context"
	"fmt"
	"net/url"
	"regexp"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

// DateLayout is the form of a date in a configuration.
const DateLayout = time.DateOnly

// check is a text validator with a description.
type check struct {
	description string
	test        func(text string) error
}

func (c check) Description(context.Context) string { return c.description }

func (c check) MarkdownDescription(context.Context) string { return c.description }

func (c check) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if !known(req.ConfigValue) {
		return
	}
	if err := c.test(req.ConfigValue.ValueString()); err != nil {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid "+req.Path.String(),
			fmt.Sprintf("%s must be %s: %v.", req.Path, c.description, err))
	}
}

// Date accepts a date such as 2026-03-01.
func Date() validator.String {
	return check{"a date in the form YYYY-MM-DD, such as 2026-03-01", func(text string) error {
		if _, err := time.Parse(DateLayout, text); err != nil {
			return fmt.Errorf("%q is not one", text)
		}
		return nil
	}}
}

// Duration accepts a positive duration such as 30s.
func Duration() validator.String {
	return check{"a positive duration, such as 30s or 2m", func(text string) error {
		if d, err := time.ParseDuration(text); err != nil || d <= 0 {
			return fmt.Errorf("%q is not one", text)
		}
		return nil
	}}
}

// DurationAtLeast accepts a duration of at least this length.
func DurationAtLeast(least time.Duration) validator.String {
	return check{fmt.Sprintf("a duration of at least %s, such as 5s", least), func(text string) error {
		if d, err := time.ParseDuration(text); err != nil || d < least {
			return fmt.Errorf("%q is not one", text)
		}
		return nil
	}}
}

// HTTP accepts an http or https URL.
func HTTP() validator.String {
	return check{"an http or https URL, such as https://shop.example/hook", func(text string) error {
		if u, err := url.Parse(text); err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "" {
			return fmt.Errorf("%q is not one", text)
		}
		return nil
	}}
}

// Decimals accepts an amount with at most this many decimals.
func Decimals(most int) validator.String {
	form := regexp.MustCompile(fmt.Sprintf(`^[0-9]+(\.[0-9]{1,%d}0*)?$`, most))
	return stringvalidator.RegexMatches(form, fmt.Sprintf("must have at most %d decimals", most))
}

// CurrencyCode accepts three capital letters.
func CurrencyCode() validator.String {
	return stringvalidator.RegexMatches(regexp.MustCompile(`^[A-Z]{3}$`), "must be an ISO 4217 code of three capital letters, such as USD")
}
