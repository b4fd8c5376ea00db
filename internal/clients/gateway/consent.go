package gateway

import "context"

type consentKey struct{}

// WithConsent makes every request of a context, retries apart, ask before it is
// sent. What ask answers is the request's error, and nothing is sent. It lets
// the reader of a list decide page by page.
func WithConsent(ctx context.Context, ask func() error) context.Context {
	return context.WithValue(ctx, consentKey{}, ask)
}

// Consent asks whether a request of the context may be sent.
func Consent(ctx context.Context) error {
	ask, ok := ctx.Value(consentKey{}).(func() error)
	if !ok {
		return nil
	}
	return ask()
}
