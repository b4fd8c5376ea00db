terraform {
  required_providers {
    payinvoice = {
      source = "payinvoice/payinvoice"
    }
  }
}

resource "payinvoice_cryptocloud_invoice" "order" {
  amount         = "149.90"
  currency       = "EUR"
  order_id       = "order-1001"
  adopt_existing = true
}
