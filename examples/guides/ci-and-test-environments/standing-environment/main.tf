terraform {
  required_providers {
    payinvoice = {
      source = "payinvoice/payinvoice"
    }
  }
}

resource "payinvoice_hesabe_invoice" "staging" {
  amount      = "5.000"
  description = "Staging: pay me"

  # The next apply replaces an invoice that can no longer be paid.
  replace_when = ["expired", "canceled", "paid"]
}

output "phase" {
  value = payinvoice_hesabe_invoice.staging.phase
}

output "checkout_url" {
  value = payinvoice_hesabe_invoice.staging.checkout_url
}
