variable "invoice_id" {
  description = "The invoice to cancel, whoever made it."
  type        = string
}

action "payinvoice_cryptocloud_cancel_invoice" "one" {
  config {
    id = var.invoice_id
  }
}
