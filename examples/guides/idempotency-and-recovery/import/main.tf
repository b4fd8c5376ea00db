terraform {
  required_providers {
    payinvoice = {
      source = "payinvoice/payinvoice"
    }
  }
}

import {
  to = payinvoice_cryptocloud_invoice.order
  id = "INV-7QK2M9XD"
}

resource "payinvoice_cryptocloud_invoice" "order" {
  amount   = "149.90"
  currency = "EUR"
  order_id = "order-1001"
}
