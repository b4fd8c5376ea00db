package main

import (
	"strings"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/cryptocloud"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/hesabe"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/meum"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/xpays"
)

// credentials are what the simulated gateways accept.
var credentials = map[string]map[string]string{
	"cryptocloud": {"api_key": cryptocloud.APIKey, "shop_id": cryptocloud.ShopID},
	"hesabe": {
		"username": hesabe.Username, "password": hesabe.Password, "merchant_code": hesabe.MerchantCode,
		"access_code": hesabe.AccessCode, "secret_key": hesabe.SecretKey, "iv_key": hesabe.IVKey,
	},
	"meum":  {"api_key": meum.APIKey},
	"xpays": {"api_key": xpays.APIKey, "secret_key": xpays.SecretKey},
}

// settings are the environment variables that lead the provider to a gateway.
func settings(gateway, address string) []string {
	prefix := strings.ToUpper(gateway) + "_"
	variables := []string{prefix + "ENDPOINT=" + address}
	for name, value := range credentials[gateway] {
		variables = append(variables, prefix+strings.ToUpper(name)+"="+value)
	}
	return variables
}
