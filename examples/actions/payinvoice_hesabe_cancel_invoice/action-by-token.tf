variable "invoice_token" {
  description = "The token of the invoice to cancel, such as 841759657093983406."
  type        = string
}

action "payinvoice_hesabe_cancel_invoice" "by_token" {
  config {
    token = var.invoice_token
  }
}
