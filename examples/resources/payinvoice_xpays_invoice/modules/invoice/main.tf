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

resource "payinvoice_xpays_invoice" "this" {
  amount             = var.amount
  from_fiat_currency = "USD"
  to_crypto_currency = "USDT"
  chain              = "tron"
  order_id           = var.reference
}

output "checkout_url" {
  value = payinvoice_xpays_invoice.this.checkout_url
}
