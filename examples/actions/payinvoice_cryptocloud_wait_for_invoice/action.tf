resource "payinvoice_cryptocloud_invoice" "order" {
  amount   = "25.00"
  currency = "USD"
  order_id = "order-1001"
}

action "payinvoice_cryptocloud_wait_for_invoice" "order" {
  config {
    id      = payinvoice_cryptocloud_invoice.order.id
    timeout = "15m"
  }
}

output "checkout_url" {
  value = payinvoice_cryptocloud_invoice.order.checkout_url
}
