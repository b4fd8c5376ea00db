package gateway

import "context"

type readHookKey struct{}

// WithReadHook calls hook before each read in the context is sent, but not before its
// retries or a login, which other calls may share. If hook returns an error, the read
// is not sent and returns that error. The reader of a list can use it to decide page by
// page.
func WithReadHook(ctx context.Context, hook func() error) context.Context {
	return context.WithValue(ctx, readHookKey{}, hook)
}

// RunReadHook runs the context's hook, if there is one.
func RunReadHook(ctx context.Context) error {
	hook, ok := ctx.Value(readHookKey{}).(func() error)
	if !ok {
		return nil
	}
	return hook()
}
