resource "payinvoice_xpays_invoice" "order" {
  amount             = "40.00"
  from_fiat_currency = "USD"
  to_crypto_currency = "USDT"
  chain              = "tron"
  order_id           = "order-1001"
}

output "checkout_url" {
  value = payinvoice_xpays_invoice.order.checkout_url
}
