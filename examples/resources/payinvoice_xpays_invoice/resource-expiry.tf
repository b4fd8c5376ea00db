resource "payinvoice_xpays_invoice" "order" {
  order_id           = "order-1001"
  amount             = "40.00"
  from_fiat_currency = "USD"
  to_crypto_currency = "USDT"
  chain              = "tron"

  replace_when = ["expired"]
}

output "payable_until" {
  value = payinvoice_xpays_invoice.order.expires_at
}
