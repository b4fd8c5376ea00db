variable "invoice_id" {
  description = "The id of the invoice to cancel, such as 14696."
  type        = string
}

action "payinvoice_hesabe_cancel_invoice" "order" {
  config {
    id = var.invoice_id
  }
}
