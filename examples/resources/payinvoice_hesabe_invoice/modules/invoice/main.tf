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

resource "payinvoice_hesabe_invoice" "this" {
  amount           = var.amount
  reference_number = var.reference
}

output "checkout_url" {
  value = payinvoice_hesabe_invoice.this.checkout_url
}
