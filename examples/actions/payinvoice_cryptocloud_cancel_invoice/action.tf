variable "invoice_id" {
  description = "The id of the invoice to cancel, such as INV-7QK2M9XD."
  type        = string
}

action "payinvoice_cryptocloud_cancel_invoice" "order" {
  config {
    id = var.invoice_id
  }
}
