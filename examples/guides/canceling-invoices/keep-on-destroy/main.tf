terraform {
  required_providers {
    payinvoice = {
      source = "payinvoice/payinvoice"
    }
  }
}

resource "payinvoice_cryptocloud_invoice" "order" {
  amount = "149.90"

  lifecycle {
    destroy = false
  }
}
