terraform {
  required_providers {
    payinvoice = {
      source = "payinvoice/payinvoice"
    }
  }
}

resource "payinvoice_meum_invoice" "order" {
  amount            = "19.90"
  external_order_id = "order-1001"
}
