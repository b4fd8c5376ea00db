resource "payinvoice_hesabe_invoice" "order" {
  amount           = "20.250"
  reference_number = "1001"
}

output "checkout_url" {
  value = payinvoice_hesabe_invoice.order.checkout_url
}
