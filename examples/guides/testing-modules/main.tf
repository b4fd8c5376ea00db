terraform {
  required_version = ">= 1.5"

  required_providers {
    payinvoice = {
      source = "payinvoice/payinvoice"
    }
  }
}

variable "order_id" {
  type = string
}

variable "amount" {
  type = string
}

# Only for tests: the invoice that an earlier run created.
variable "known_invoice_id" {
  type    = string
  default = null
}

resource "payinvoice_meum_invoice" "order" {
  external_order_id = var.order_id
  amount            = var.amount
}

output "invoice_id" {
  value = payinvoice_meum_invoice.order.id
}

output "checkout_url" {
  value = payinvoice_meum_invoice.order.checkout_url
}

output "settled" {
  description = "Whether the order can be shipped."
  value       = contains(["paid", "overpaid"], payinvoice_meum_invoice.order.phase)
}
