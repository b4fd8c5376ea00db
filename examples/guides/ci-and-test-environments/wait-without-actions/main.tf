terraform {
  required_providers {
    payinvoice = {
      source = "payinvoice/payinvoice"
    }
  }
}

resource "payinvoice_meum_invoice" "checkout_test" {
  amount = "5.00"
}

output "checkout_url" {
  value = payinvoice_meum_invoice.checkout_test.checkout_url
}

output "phase" {
  value = payinvoice_meum_invoice.checkout_test.phase
}
