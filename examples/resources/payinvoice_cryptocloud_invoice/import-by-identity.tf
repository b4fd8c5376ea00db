import {
  to = payinvoice_cryptocloud_invoice.order
  identity = {
    id = "INV-7QK2M9XD"
  }
}

resource "payinvoice_cryptocloud_invoice" "order" {
  amount   = "149.90"
  currency = "EUR"
  order_id = "order-1001"
}
