import {
  to = payinvoice_hesabe_invoice.order
  id = "14696"
}
