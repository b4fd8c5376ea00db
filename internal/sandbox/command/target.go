package command

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/server/control"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
)

const defaultURL = "http://127.0.0.1:4480"

// target is the sandbox of a server or in a folder.
type target interface {
	Invoices(ctx context.Context, gateway string) ([]control.Invoice, error)
	Trigger(ctx context.Context, gateway, id, event, amount string) (control.Invoice, error)
	Clock(ctx context.Context) (control.Clock, error)
	Advance(ctx context.Context, by time.Duration) (control.Clock, error)
	Reset(ctx context.Context) error
	Environment(ctx context.Context) (environment, error)
	Close() error
}

// targetFlags select a target.
type targetFlags struct{ url, dataDir string }

func (f *targetFlags) add(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.url, "url", defaultURL, "the address of a running sandbox `server`")
	cmd.Flags().StringVar(&f.dataDir, "data-dir", "", "the `folder` of a sandbox, instead of a server")
	cmd.MarkFlagsMutuallyExclusive("url", "data-dir")
}

// with calls fn with the selected target.
func (f *targetFlags) with(cmd *cobra.Command, fn func(target) error) error {
	chosen, err := f.open(cmd)
	if err != nil {
		return err
	}
	return errors.Join(fn(chosen), chosen.Close())
}

func (f *targetFlags) open(cmd *cobra.Command) (target, error) {
	if cmd.Flags().Changed("data-dir") {
		opened, err := sandbox.Open(f.dataDir)
		if err != nil {
			return nil, err
		}
		return &folder{Sandbox: opened, dir: f.dataDir}, nil
	}
	client, err := control.NewClient(f.url)
	if err != nil {
		return nil, fmt.Errorf("--url: %w", err)
	}
	return &remote{client}, client.Check(cmd.Context())
}

// remote is a server's sandbox.
type remote struct{ *control.Client }

func (r *remote) Close() error { return nil }

func (r *remote) Environment(ctx context.Context) (environment, error) {
	webhooks, err := r.Webhooks(ctx)
	env := environment{sandbox: r.URL(), endpoints: r.URL(), secrets: map[string]string{}}
	for gateway, account := range sandbox.Accounts() {
		if webhooks[gateway].SecretSet {
			env.hidden = append(env.hidden, gateway) // a server does not disclose secrets
		} else {
			env.secrets[gateway] = account.WebhookSecret
		}
	}
	return env, err
}

// folder is a sandbox in a folder, with or without a server.
type folder struct {
	*sandbox.Sandbox
	dir string
}

func (f *folder) Invoices(ctx context.Context, gateway string) ([]control.Invoice, error) {
	found, err := f.Sandbox.Invoices(ctx, gateway, "")
	shown := make([]control.Invoice, 0, len(found))
	for _, inv := range found {
		shown = append(shown, control.NewInvoice(inv))
	}
	return shown, err
}

func (f *folder) Trigger(ctx context.Context, gateway, id, event, amount string) (control.Invoice, error) {
	inv, err := f.Sandbox.Trigger(ctx, gateway, id, simulator.Event(event), amount)
	return control.NewInvoice(inv), err
}

func (f *folder) Clock(ctx context.Context) (control.Clock, error) {
	ahead, err := f.Ahead(ctx)
	return control.Clock{Now: f.Now(), Ahead: ahead.String()}, err
}

func (f *folder) Advance(ctx context.Context, by time.Duration) (control.Clock, error) {
	if err := f.Sandbox.Advance(ctx, by); err != nil {
		return control.Clock{}, err
	}
	return f.Clock(ctx)
}

func (f *folder) Environment(ctx context.Context) (environment, error) {
	dir, err := filepath.Abs(f.dir)
	if err != nil {
		return environment{}, err
	}
	env := environment{sandbox: dir, secrets: map[string]string{}}
	if env.endpoints, err = f.runningServer(ctx); err != nil {
		return env, err
	}
	for gateway := range sandbox.Accounts() {
		if env.secrets[gateway], err = f.WebhookSecret(ctx, gateway); err != nil {
			return env, err
		}
	}
	return env, nil
}

// runningServer returns the public URL of a server that responds; otherwise "".
func (f *folder) runningServer(ctx context.Context) (string, error) {
	public, err := f.PublicURL(ctx)
	if err != nil || public == "" {
		return "", err
	}
	client, err := control.NewClient(public)
	if err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	if client.Check(ctx) != nil {
		return "", nil // it is no longer running
	}
	return public, nil
}
