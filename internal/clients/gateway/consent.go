package gateway

import "context"

type consentKey struct{}

// WithConsent makes every read of a context, retries apart, ask before it is
// sent. What ask answers is the read's error, and nothing is sent. It lets the
// reader of a list decide page by page. A login on the way does not ask: others
// may be waiting for the same one.
func WithConsent(ctx context.Context, ask func() error) context.Context {
	return context.WithValue(ctx, consentKey{}, ask)
}

// Consent asks whether a read of the context may be sent.
func Consent(ctx context.Context) error {
	ask, ok := ctx.Value(consentKey{}).(func() error)
	if !ok {
		return nil
	}
	return ask()
}
