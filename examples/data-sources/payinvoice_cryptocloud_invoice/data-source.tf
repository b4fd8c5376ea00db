data "payinvoice_cryptocloud_invoice" "order" {
  id = "INV-7QK2M9XD"
}

output "phase" {
  value = data.payinvoice_cryptocloud_invoice.order.phase
}
