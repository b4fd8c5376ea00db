variable "invoice_id" {
  description = "The id of an invoice at Hesabe, such as 14696."
  type        = string
}

data "payinvoice_hesabe_invoice" "order" {
  id = var.invoice_id
}

output "phase" {
  value = data.payinvoice_hesabe_invoice.order.phase
}
