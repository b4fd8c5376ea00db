import {
  to = payinvoice_hesabe_invoice.order
  id = "14696"
}

resource "payinvoice_hesabe_invoice" "order" {
  amount           = "20.250"
  reference_number = "1001"
}
