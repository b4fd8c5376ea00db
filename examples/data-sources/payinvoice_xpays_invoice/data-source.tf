variable "invoice_id" {
  description = "The id of an invoice at XPays, such as 0d6f1f0e-6a3b-4a7e-9d52-3b7c9a1e4f20."
  type        = string
}

data "payinvoice_xpays_invoice" "order" {
  id = var.invoice_id
}

output "phase" {
  value = data.payinvoice_xpays_invoice.order.phase
}
