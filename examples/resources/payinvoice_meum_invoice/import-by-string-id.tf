import {
  to = payinvoice_meum_invoice.order
  id = "inv_cb1e73f508a2abf4ea639f100de14cef"
}

resource "payinvoice_meum_invoice" "order" {
  amount            = "19.90"
  currency          = "USD"
  external_order_id = "order-1001"
}
