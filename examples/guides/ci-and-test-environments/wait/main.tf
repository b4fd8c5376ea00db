terraform {
  required_version = ">= 1.14"

  required_providers {
    payinvoice = {
      source = "payinvoice/payinvoice"
    }
  }
}

resource "payinvoice_meum_invoice" "checkout_test" {
  amount = "5.00"
}

action "payinvoice_meum_wait_for_invoice" "paid" {
  config {
    id      = payinvoice_meum_invoice.checkout_test.id
    timeout = "5m"
  }
}

output "checkout_url" {
  value = payinvoice_meum_invoice.checkout_test.checkout_url
}
