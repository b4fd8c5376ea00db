package command

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/server"
)

type serveFlags struct {
	listen, dataDir, publicURL string
	urls, secrets, formats     []string // GATEWAY=VALUE
}

func newServe(version string) *cobra.Command {
	var flags serveFlags
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Serve the gateways' APIs, payment pages and webhooks",
		Long: "Serves the simulated gateways (at /" + strings.Join(sandbox.Gateways(), ", /") + "), their payment pages, a start page at / " +
			"and a control API at /_sandbox. Providers with data_dir can use the same folder at the same time.\n\n" +
			"Webhooks are listed at /_sandbox/deliveries. POST /_sandbox/deliveries/<id>/resend sends one again, any number of times and " +
			"in any order, to test a receiver with duplicate or late webhooks.",
		Example: "  terraform-provider-payinvoice sandbox serve --webhook meum=http://127.0.0.1:3000/webhooks/meum",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx, stop := signal.NotifyContext(cmd.Context(), syscall.SIGINT, syscall.SIGTERM)
			defer stop()
			return serve(ctx, cmd, version, flags)
		},
	}
	cmd.Flags().StringVar(&flags.listen, "listen", "127.0.0.1:4480", "the `address` to listen on; port 0 picks a free port")
	cmd.Flags().StringVar(&flags.dataDir, "data-dir", ".payinvoice", "the `folder` in which invoices are kept")
	cmd.Flags().StringVar(&flags.publicURL, "public-url", "", "the `URL` of this server for browsers and applications (default: the address it listens on)")
	cmd.Flags().StringArrayVar(&flags.urls, "webhook", nil, "send a gateway's webhooks to an address: `GATEWAY=URL`; repeatable")
	cmd.Flags().StringArrayVar(&flags.secrets, "webhook-secret", nil, "sign a gateway's webhooks with a secret: `GATEWAY=SECRET`; repeatable")
	cmd.Flags().StringArrayVar(&flags.formats, "webhook-format", nil, "send a gateway's webhooks in another form, cryptocloud=form or meum=meum: `GATEWAY=FORMAT`; repeatable")
	return cmd
}

func serve(ctx context.Context, cmd *cobra.Command, version string, flags serveFlags) (err error) {
	s, err := sandbox.Open(flags.dataDir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	if err := flags.setWebhooks(ctx, s); err != nil {
		return err
	}
	running, err := server.Start(ctx, server.Config{
		Sandbox: s, Listen: flags.listen, PublicURL: flags.publicURL, Version: version,
		Log: slog.New(slog.NewTextHandler(cmd.ErrOrStderr(), nil)),
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(cmd.OutOrStdout(), "listening on %s\n", running.URL())
	select {
	case <-ctx.Done():
		return running.Close()
	case err := <-running.Done():
		return errors.Join(err, running.Close())
	}
}

// setWebhooks changes what the flags set, and keeps the folder's other settings.
func (f serveFlags) setWebhooks(ctx context.Context, s *sandbox.Sandbox) error {
	if len(f.urls)+len(f.secrets)+len(f.formats) == 0 {
		return nil
	}
	stored, err := s.Webhooks(ctx)
	if err != nil {
		return err
	}
	webhooks := map[string]sandbox.Webhook{}
	maps.Copy(webhooks, stored)
	for _, flag := range []struct {
		name   string
		values []string
		set    func(*sandbox.Webhook, string)
	}{
		{"webhook", f.urls, func(w *sandbox.Webhook, url string) { w.URL = url }},
		{"webhook-secret", f.secrets, func(w *sandbox.Webhook, secret string) { w.Secret = secret }},
		{"webhook-format", f.formats, func(w *sandbox.Webhook, format string) { w.Format = format }},
	} {
		for _, pair := range flag.values {
			gateway, value, ok := strings.Cut(pair, "=")
			if !ok {
				return fmt.Errorf("--%s: %q does not have the form GATEWAY=VALUE, such as meum=VALUE", flag.name, pair)
			}
			webhook := webhooks[gateway]
			flag.set(&webhook, value)
			webhooks[gateway] = webhook
		}
	}
	if err := s.SetWebhooks(ctx, webhooks); err != nil {
		return fmt.Errorf("--webhook: %s", strings.TrimPrefix(err.Error(), "sandbox: "))
	}
	return nil
}
