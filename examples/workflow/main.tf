terraform {
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

output "phase" {
  value = payinvoice_meum_invoice.order.phase
}
