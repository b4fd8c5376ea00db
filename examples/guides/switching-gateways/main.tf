terraform {
  required_providers {
    payinvoice = {
      source = "payinvoice/payinvoice"
    }
  }
}

variable "gateway" {
  type    = string
  default = "meum"

  validation {
    condition     = contains(["cryptocloud", "meum"], var.gateway)
    error_message = "The gateway must be cryptocloud or meum."
  }
}

locals {
  order = {
    reference = "order-1001"
    amount    = "149.90"
    currency  = "EUR"
  }

  # Invoices of all gateways have a phase and a checkout_url.
  invoice = one(concat(
    payinvoice_cryptocloud_invoice.order,
    payinvoice_meum_invoice.order,
  ))
}

resource "payinvoice_cryptocloud_invoice" "order" {
  count = var.gateway == "cryptocloud" ? 1 : 0

  order_id = local.order.reference
  amount   = local.order.amount
  currency = local.order.currency
}

resource "payinvoice_meum_invoice" "order" {
  count = var.gateway == "meum" ? 1 : 0

  external_order_id = local.order.reference
  amount            = local.order.amount
  currency          = local.order.currency
}

output "phase" {
  value = local.invoice.phase
}

output "checkout_url" {
  value = local.invoice.checkout_url
}
