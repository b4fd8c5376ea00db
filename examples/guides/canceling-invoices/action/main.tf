terraform {
  required_providers {
    payinvoice = {
      source = "payinvoice/payinvoice"
    }
  }
}

variable "invoice_id" {
  description = "The id of the invoice to cancel."
  type        = string
}

action "payinvoice_cryptocloud_cancel_invoice" "one" {
  config {
    id = var.invoice_id
  }
}
