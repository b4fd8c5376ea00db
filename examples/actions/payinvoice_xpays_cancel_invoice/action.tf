variable "invoice_id" {
  description = "The id of the invoice to cancel, such as 0d6f1f0e-6a3b-4a7e-9d52-3b7c9a1e4f20."
  type        = string
}

action "payinvoice_xpays_cancel_invoice" "order" {
  config {
    id = var.invoice_id
  }
}
