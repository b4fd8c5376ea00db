terraform {
  required_version = ">= 1.5"

  required_providers {
    payinvoice = {
      source = "payinvoice/payinvoice"
    }
  }
}

provider "payinvoice" {
  sandbox = {
    data_dir = "${path.root}/.payinvoice"
  }
}

variable "amount" {
  type    = string
  default = "25.00"
}

resource "payinvoice_cryptocloud_invoice" "order" {
  amount   = var.amount
  currency = "USD"
  order_id = "order-1001"
}

output "phase" {
  value = payinvoice_cryptocloud_invoice.order.phase
}

output "checkout_url" {
  value = payinvoice_cryptocloud_invoice.order.checkout_url
}
