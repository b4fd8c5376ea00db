terraform {
  required_providers {
    payinvoice = {
      source = "payinvoice/payinvoice"
    }
  }
}

# XPAYS_API_KEY and XPAYS_SECRET_KEY hold the secrets.
provider "payinvoice" {
  xpays = {
    endpoint = "https://pay.xpays.example" # the address that the XPays team gives you
  }
}

resource "payinvoice_xpays_invoice" "first" {
  order_id           = "first-invoice"
  amount             = "1.00"
  from_fiat_currency = "USD"
  to_crypto_currency = "USDT"
  chain              = "tron"
}
