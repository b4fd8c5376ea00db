package main

import (
	"context"
	"net/http"
	"net/url"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/cryptocloud"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/hesabe"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/meum"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/transport"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox"
)

// creator makes one invoice that is in no state.
type creator func(context.Context) error

// creators make the invoices of others at the same account. XPays has no list,
// so nobody notices them there.
var creators = map[string]func(settings map[string]string, cfg transport.Config) (creator, error){
	"cryptocloud": func(c map[string]string, cfg transport.Config) (creator, error) {
		client := cryptocloud.New(cryptocloud.Credentials{APIKey: c["api_key"]}, cfg)
		return create(client, func(amount gateway.Money) cryptocloud.Spec {
			return cryptocloud.Spec{Amount: amount, ShopID: c["shop_id"]}
		})
	},
	"hesabe": func(c map[string]string, cfg transport.Config) (creator, error) {
		client, err := hesabe.New(hesabe.Credentials{
			Username: c["username"], Password: c["password"], MerchantCode: c["merchant_code"],
			AccessCode: c["access_code"], SecretKey: c["secret_key"], IVKey: c["iv_key"],
		}, cfg)
		if err != nil {
			return nil, err
		}
		return create(client, func(amount gateway.Money) hesabe.Spec { return hesabe.Spec{Amount: amount} })
	},
	"meum": func(c map[string]string, cfg transport.Config) (creator, error) {
		return create(meum.New(meum.Credentials{APIKey: c["api_key"]}, cfg),
			func(amount gateway.Money) meum.Spec { return meum.Spec{Amount: amount, Currency: "USD"} })
	},
}

func create[Spec any, Inv gateway.Invoice](client gateway.Gateway[Spec, Inv], spec func(gateway.Money) Spec) (creator, error) {
	amount, err := gateway.ParseAmount("10.50")
	return func(ctx context.Context) error {
		_, err := client.Create(ctx, spec(amount))
		return err
	}, err
}

// crowd makes a gateway's account busy: each create is followed by some of others.
func crowd(name string, next http.Handler, network http.RoundTripper, others int) (http.Handler, error) {
	if creators[name] == nil || others == 0 {
		return next, nil
	}
	endpoint, err := url.Parse(sandbox.Endpoint(name))
	if err != nil {
		return nil, err
	}
	another, err := creators[name](credentials[name], transport.Config{Endpoint: endpoint, RoundTripper: network})
	if err != nil {
		return nil, err
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r)
		if operationOf(r) != "create" {
			return
		}
		for range others {
			if err := another(r.Context()); err != nil {
				panic(err) // the measurement would be of a quiet account
			}
		}
	}), nil
}
