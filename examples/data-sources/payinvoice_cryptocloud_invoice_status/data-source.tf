variable "invoice_id" {
  description = "The id of an invoice at CryptoCloud, such as INV-7QK2M9XD."
  type        = string
}

data "payinvoice_cryptocloud_invoice_status" "order" {
  id = var.invoice_id
}

output "paid" {
  value = data.payinvoice_cryptocloud_invoice_status.order.phase == "paid"
}
