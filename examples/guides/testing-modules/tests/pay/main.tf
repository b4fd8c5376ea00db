terraform {
  required_providers {
    payinvoice = {
      source = "payinvoice/payinvoice"
    }
  }
}

variable "invoice_id" {
  type = string
}

resource "payinvoice_sandbox_event" "payment" {
  gateway    = "meum"
  invoice_id = var.invoice_id
  event      = "pay"
}
