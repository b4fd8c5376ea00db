variable "invoice_id" {
  description = "The id of an invoice at Meum, such as inv_cb1e73f508a2abf4ea639f100de14cef."
  type        = string
}

data "payinvoice_meum_invoice" "order" {
  id = var.invoice_id
}

output "phase" {
  value = data.payinvoice_meum_invoice.order.phase
}
