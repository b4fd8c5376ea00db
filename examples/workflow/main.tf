terraform {
  required_version = ">= 1.14"

  required_providers {
    payinvoice = {
      source = "payinvoice/payinvoice"
    }
  }
}

resource "payinvoice_meum_invoice" "order" {
  amount = "19.90"
}

output "checkout_url" {
  value = payinvoice_meum_invoice.order.checkout_url
}

action "payinvoice_meum_wait_for_invoice" "paid" {
  config {
    id      = payinvoice_meum_invoice.order.id
    timeout = "2m"
  }
}
