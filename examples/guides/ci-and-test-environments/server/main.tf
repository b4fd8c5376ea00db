terraform {
  required_providers {
    payinvoice = {
      source = "payinvoice/payinvoice"
    }
  }
}

provider "payinvoice" {
  sandbox = {
    url = "http://127.0.0.1:4480"
  }
}

resource "payinvoice_cryptocloud_invoice" "order" {
  amount = "149.90"
}

output "id" {
  value = payinvoice_cryptocloud_invoice.order.id
}

output "phase" {
  value = payinvoice_cryptocloud_invoice.order.phase
}

output "checkout_url" {
  value = payinvoice_cryptocloud_invoice.order.checkout_url
}
