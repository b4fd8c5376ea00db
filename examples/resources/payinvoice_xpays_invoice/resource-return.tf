resource "payinvoice_xpays_invoice" "order" {
  order_id           = "order-1001"
  amount             = "40.00"
  from_fiat_currency = "USD"
  to_crypto_currency = "USDT"
  chain              = "tron"

  url_success = "https://shop.example/paid"
  url_failed  = "https://shop.example/failed"

  additional_data = jsonencode({
    cart = "c-7731"
  })
}
