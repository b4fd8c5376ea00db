terraform {
  required_providers {
    payinvoice = {
      source = "payinvoice/payinvoice"
    }
  }
}

variable "reference" {
  type = string
}

variable "amount" {
  type = string
}

resource "payinvoice_meum_invoice" "this" {
  amount            = var.amount
  currency          = "USD"
  external_order_id = var.reference
}

output "checkout_url" {
  value = payinvoice_meum_invoice.this.checkout_url
}
