import {
  to = payinvoice_xpays_invoice.order
  identity = {
    id = "0d6f1f0e-6a3b-4a7e-9d52-3b7c9a1e4f20"
  }
}

resource "payinvoice_xpays_invoice" "order" {
  amount             = "40.00"
  from_fiat_currency = "USD"
  to_crypto_currency = "USDT"
  chain              = "tron"
  order_id           = "order-1001"
}
