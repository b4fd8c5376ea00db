resource "payinvoice_cryptocloud_invoice" "order" {
  amount   = "149.90"
  currency = "EUR"
  order_id = "order-1001"
}

output "checkout_url" {
  value = payinvoice_cryptocloud_invoice.order.checkout_url
}
