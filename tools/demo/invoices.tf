resource "payinvoice_cryptocloud_invoice" "demo" {
  amount   = "25.00"
  currency = "USD"
  order_id = "demo-cryptocloud"
}

resource "payinvoice_hesabe_invoice" "demo" {
  amount           = "7.500"
  customer_name    = "Demo Customer"
  reference_number = "20261001"
  description      = "Demo invoice"
}

resource "payinvoice_xpays_invoice" "demo" {
  order_id           = "demo-xpays"
  amount             = "40.00"
  from_fiat_currency = "USD"
  to_crypto_currency = "USDT"
  chain              = "tron"
}

resource "payinvoice_meum_invoice" "demo" {
  amount            = "19.90"
  currency          = "USD"
  external_order_id = "demo-meum"
}

output "invoices" {
  value = {
    for gateway, invoice in {
      cryptocloud = payinvoice_cryptocloud_invoice.demo
      hesabe      = payinvoice_hesabe_invoice.demo
      xpays       = payinvoice_xpays_invoice.demo
      meum        = payinvoice_meum_invoice.demo
      } : gateway => {
      id           = invoice.id
      amount       = invoice.amount
      status       = invoice.status
      phase        = invoice.phase
      checkout_url = invoice.checkout_url
    }
  }
}
