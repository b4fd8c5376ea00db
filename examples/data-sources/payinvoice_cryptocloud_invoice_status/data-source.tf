data "payinvoice_cryptocloud_invoice_status" "order" {
  id = "INV-7QK2M9XD"
}

output "phase" {
  value = data.payinvoice_cryptocloud_invoice_status.order.phase
}
