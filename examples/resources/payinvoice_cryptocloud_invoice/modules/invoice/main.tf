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

resource "payinvoice_cryptocloud_invoice" "this" {
  amount   = var.amount
  currency = "EUR"
  order_id = var.reference
}

output "checkout_url" {
  value = payinvoice_cryptocloud_invoice.this.checkout_url
}
