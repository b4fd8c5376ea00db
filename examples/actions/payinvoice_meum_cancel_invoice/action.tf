variable "invoice_id" {
  description = "The id of the invoice to cancel, such as inv_cb1e73f508a2abf4ea639f100de14cef."
  type        = string
}

action "payinvoice_meum_cancel_invoice" "order" {
  config {
    id = var.invoice_id
  }
}
