resource "payinvoice_meum_invoice" "order" {
  amount            = "19.90"
  external_order_id = "order-1001"
}

action "payinvoice_meum_wait_for_invoice" "order" {
  config {
    id      = payinvoice_meum_invoice.order.id
    timeout = "15m"
  }
}

output "checkout_url" {
  value = payinvoice_meum_invoice.order.checkout_url
}
