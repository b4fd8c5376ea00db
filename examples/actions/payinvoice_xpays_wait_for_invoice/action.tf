resource "payinvoice_xpays_invoice" "order" {
  order_id           = "order-1001"
  amount             = "40.00"
  from_fiat_currency = "USD"
  to_crypto_currency = "USDT"
  chain              = "tron"
}

action "payinvoice_xpays_wait_for_invoice" "order" {
  config {
    id      = payinvoice_xpays_invoice.order.id
    timeout = "15m"
  }
}

output "checkout_url" {
  value = payinvoice_xpays_invoice.order.checkout_url
}
