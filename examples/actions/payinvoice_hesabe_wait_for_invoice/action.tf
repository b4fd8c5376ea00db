resource "payinvoice_hesabe_invoice" "order" {
  amount           = "7.500"
  customer_name    = "Noura"
  reference_number = "1001"
}

action "payinvoice_hesabe_wait_for_invoice" "order" {
  config {
    id      = payinvoice_hesabe_invoice.order.id
    timeout = "15m"
  }
}

output "checkout_url" {
  value = payinvoice_hesabe_invoice.order.checkout_url
}
