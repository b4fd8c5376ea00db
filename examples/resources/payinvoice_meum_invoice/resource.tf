resource "payinvoice_meum_invoice" "order" {
  amount            = "19.90"
  currency          = "USD"
  external_order_id = "order-1001"
}

output "checkout_url" {
  value = payinvoice_meum_invoice.order.checkout_url
}
